"""Characters by shape: strokes in any order, a few of them joined, compared with how each character is taught.

The data are the middle lines of the strokes of 9,565 characters (`ui/qml/keyboard/shapes.bin`, 1.6 MB unpacked, made
by `tests.ui_keyboard.make_shapes` from Make Me a Hanzi; licence and source in `ui/qml/keyboard/SHAPES.md`). First the
likeliest by where lines of which direction lie; those are then compared stroke by stroke. Some 25 ms a question.
"""

import math
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from operator import mul, sub
from pathlib import Path

from ui.keyboard.zinnia import Point, Stroke

# Beside the panel because the frozen program carries `ui/qml` as it stands.
FILE = Path(__file__).resolve().parents[1] / "qml" / "keyboard" / "shapes.bin"

FULL = 255  # a coordinate, or a share of a feature, is one byte
POINTS = 4  # of a stroke where strokes are compared
FINE_POINTS = 8  # of a stroke where its directions are counted
SLIMMEST = 0.35  # a character narrower than this is not made as wide as it is tall
GRID = 4
DIRECTIONS = 4
FEATURES = GRID * GRID * DIRECTIONS
STEPS = 12  # of a line as long as the square
NEAREST = 60  # compared stroke by stroke, fewer where there are many strokes: those are told apart by direction
COMPARED = 600  # strokes of all that are compared
ORDER = 0.03  # what a stroke out of its turn costs, at most
MISSING = 0.3  # what a stroke without its like costs
LIKENESS = 1.2
SELDOM = 0.02  # what a character costs that is not of everyday use, and again one outside GB 2312
EVERYDAY_ROWS = 0xD8  # rows of GB 2312 below this are its first level

Shape = list[bytes]  # a stroke: POINTS times x and y


class Shapes:
    """All characters with their strokes. Raises ValueError on damaged data: our bug."""

    def __init__(self, packed: bytes) -> None:
        try:
            data = zlib.decompress(packed)
            (count,) = struct.unpack_from("<I", data)
            self._texts = [chr(code) for code in struct.unpack_from(f"<{count}I", data, 4)]
            at = 4 + 4 * count
            self._counts = data[at : at + count]
            self._features = at + count
            at = self._features + FEATURES * count
            self._starts = [at]
            for strokes in self._counts:
                self._starts.append(self._starts[-1] + strokes * POINTS * 2)
        except (zlib.error, struct.error) as why:
            raise ValueError("the shapes are damaged") from why
        if self._starts[-1] != len(data):
            raise ValueError("the shapes are not whole")
        self._data = data

    @property
    def texts(self) -> Sequence[str]:
        """Every character there is, those with fewer strokes first."""
        return self._texts

    def candidates(self, strokes: Sequence[Stroke], limit: int) -> list[str]:
        """The likeliest first; strokes in any unit, y downwards."""
        square = squared(strokes)
        if not square:
            return []
        written, feature = shape(square), features(square)
        spread = max(2, len(square) // 3)
        data, at = self._data, self._features
        near = sorted(
            (
                (sum(map(mul, feature, data[at + FEATURES * number : at + FEATURES * (number + 1)])), number)
                for number, count in enumerate(self._counts)
                if abs(count - len(square)) <= spread
            ),
            reverse=True,
        )[: min(NEAREST, COMPARED // len(square) + 1)]
        found = sorted(
            (distance(written, self._shape(number)) - LIKENESS * like / FULL**2 + seldom(self._texts[number]), number)
            for like, number in near
        )
        return [self._texts[number] for _, number in found[:limit]]

    def _shape(self, number: int) -> Shape:
        begin, end = self._starts[number], self._starts[number + 1]
        return [self._data[at : at + POINTS * 2] for at in range(begin, end, POINTS * 2)]


def squared(strokes: Sequence[Stroke]) -> list[list[Point]]:
    """The strokes in a square of side 1, as wide as they are tall unless they are very slim."""
    xs = [x for stroke in strokes for x, _ in stroke]
    ys = [y for stroke in strokes for _, y in stroke]
    if not xs:
        return []
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    least = max(width, height) * SLIMMEST or 1.0
    width, height = max(width, least), max(height, least)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [
        [(0.5 + (x - middle_x) / width, 0.5 + (y - middle_y) / height) for x, y in stroke]
        for stroke in strokes
        if stroke
    ]


def spaced(stroke: Stroke, count: int) -> list[Point]:
    """`count` points at equal distances along the stroke."""
    lengths = [math.dist(one, two) for one, two in pairwise(stroke)]
    whole = sum(lengths)
    if whole == 0:
        return [stroke[0]] * count
    out, at, gone = [], 0, 0.0
    for number in range(count):
        goal = whole * number / (count - 1)
        while at < len(lengths) - 1 and gone + lengths[at] < goal:
            gone += lengths[at]
            at += 1
        share = min(1.0, (goal - gone) / lengths[at]) if lengths[at] else 0.0
        (x0, y0), (x1, y1) = stroke[at], stroke[at + 1]
        out.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return out


def shape(square: Sequence[Stroke]) -> Shape:
    """Strokes of `squared` as bytes to be compared."""
    return [
        bytes(min(FULL, max(0, round(one * FULL))) for point in spaced(stroke, POINTS) for one in point)
        for stroke in square
    ]


def features(square: Sequence[Stroke]) -> bytes:
    """How much line of each direction, either way, lies in each part of the square; of length FULL as a vector."""
    sums = [0.0] * FEATURES
    for stroke in square:
        points = spaced(stroke, FINE_POINTS)
        for (x0, y0), (x1, y1) in pairwise(points):
            length = math.dist((x0, y0), (x1, y1))
            if length == 0:
                continue
            turn = (math.atan2(y1 - y0, x1 - x0) % math.pi) / math.pi * DIRECTIONS
            first, second_share = int(turn) % DIRECTIONS, turn - int(turn)
            second = (first + 1) % DIRECTIONS
            steps = max(1, int(length * STEPS))
            for step in range(steps):
                share = (step + 0.5) / steps
                for part, weight in _parts(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share):
                    sums[part + first] += weight * length / steps * (1 - second_share)
                    sums[part + second] += weight * length / steps * second_share
    roots = [math.sqrt(one) for one in sums]
    size = math.sqrt(sum(one * one for one in roots)) or 1.0
    return bytes(round(one / size * FULL) for one in roots)


def _parts(x: float, y: float) -> list[tuple[int, float]]:
    """Where a point counts: the parts of the square around it, with their shares."""
    across, down = x * GRID - 0.5, y * GRID - 0.5
    left, top = math.floor(across), math.floor(down)
    out = []
    for column, share_x in ((left, 1 - (across - left)), (left + 1, across - left)):
        for row, share_y in ((top, 1 - (down - top)), (top + 1, down - top)):
            inside = min(GRID - 1, max(0, row)) * GRID + min(GRID - 1, max(0, column))
            out.append((inside * DIRECTIONS, share_x * share_y))
    return out


def distance(one: Shape, two: Shape) -> float:
    """How far two characters are apart: each stroke beside its nearest like, in whatever order they were written."""
    pairs = sorted(
        (sum(map(abs, map(sub, a, b))) / FULL + 4 * ORDER * abs(i / len(one) - j / len(two)), i, j)
        for i, a in enumerate(one)
        for j, b in enumerate(two)
    )
    used_one: set[int] = set()
    used_two: set[int] = set()
    total, least, most = 0.0, min(len(one), len(two)), max(len(one), len(two))
    for apart, i, j in pairs:
        if i not in used_one and j not in used_two:
            used_one.add(i)
            used_two.add(j)
            total += apart
            if len(used_one) == least:
                break
    return (total / (2 * POINTS) + MISSING * (most - least)) / most


def seldom(text: str) -> float:
    """What the character's rarity costs it."""
    try:
        return SELDOM * (text.encode("gb2312")[0] >= EVERYDAY_ROWS)
    except UnicodeEncodeError:
        return 2 * SELDOM
