"""Makes the four sounds in assets/sounds: sines with a soft beginning and a long end, nothing sampled.

python make/sounds.py            writes them anew; the same bytes every time
"""

import math
import struct
import wave
from pathlib import Path

HZ = 16_000
FOLDER = Path(__file__).resolve().parent.parent / "assets" / "sounds"

# name -> notes: (begins at s, lasts s, frequency, loudness of the full signal)
SOUNDS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "key": ((0.0, 0.07, 880.0, 0.30),),
    "done": ((0.0, 0.30, 523.25, 0.32), (0.12, 0.32, 659.26, 0.32), (0.24, 0.36, 783.99, 0.30)),
    "wrong": ((0.0, 0.22, 329.63, 0.40), (0.18, 0.32, 261.63, 0.40)),
    "hurry": ((0.0, 0.12, 698.46, 0.34), (0.20, 0.12, 698.46, 0.34), (0.40, 0.20, 698.46, 0.34)),
}
SOFT_S = 0.008
OVERTONES = ((1, 1.0), (2, 0.22), (3, 0.06))  # a wooden bar rather than a beep


def samples(notes: tuple[tuple[float, float, float, float], ...]) -> list[float]:
    """The notes laid over each other, from -1 to 1."""
    length = max(begins + lasts for begins, lasts, _, _ in notes)
    made = [0.0] * round(length * HZ)
    for begins, lasts, frequency, loudness in notes:
        count = round(lasts * HZ)
        for n in range(count):
            t = n / HZ
            envelope = min(t / SOFT_S, 1.0) * math.exp(-4.0 * t / lasts) * (1 - n / count)
            tone = sum(part * math.sin(2 * math.pi * frequency * times * t) for times, part in OVERTONES)
            made[min(round(begins * HZ) + n, len(made) - 1)] += loudness * envelope * tone
    return made


def write(path: Path, made: list[float]) -> None:
    """One channel, 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HZ)
        file.writeframes(b"".join(struct.pack("<h", round(max(-1.0, min(1.0, each)) * 32_767)) for each in made))


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        write(folder / f"{name}.wav", samples(notes))


if __name__ == "__main__":
    main()
