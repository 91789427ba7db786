"""Strokes as hands would write them: taught forms, moved, stretched, slanted, shaken, joined or out of order."""

import json
import math
import random
from functools import cache
from itertools import pairwise
from pathlib import Path

from ui.keyboard.zinnia import Point, Stroke

FILE = Path(__file__).with_name("strokes") / "strokes.json"
OTHERS_HAND, TAUGHT = "kanjivg", "makemeahanzi"
SIZE = 250
STEP = 8  # between two points of the finger


@cache
def known(source: str) -> dict[str, list[Stroke]]:
    """Character -> its strokes as they are taught."""
    data = json.loads(FILE.read_text("utf-8"))[source]
    return {text: [list(zip(flat[::2], flat[1::2], strict=True)) for flat in strokes] for text, strokes in data.items()}


def taught(text: str) -> list[Stroke]:
    """From whichever source has it."""
    return known(OTHERS_HAND).get(text) or known(TAUGHT)[text]


def by_hand(text: str, hand: int) -> list[Stroke]:
    """As the hand of this number writes it: always the same."""
    chance = random.Random(f"{text}{hand}")
    stretch_x, stretch_y = chance.uniform(0.6, 1.0), chance.uniform(0.6, 1.0)
    slant = chance.uniform(-0.12, 0.12)
    at_x, at_y = chance.uniform(0, SIZE / 4), chance.uniform(0, SIZE / 4)
    written: list[Stroke] = []
    for stroke in taught(text):
        off_x, off_y = chance.gauss(0, SIZE / 65), chance.gauss(0, SIZE / 65)
        size = chance.uniform(0.93, 1.07)
        middle_x = sum(x for x, _ in stroke) / len(stroke)
        middle_y = sum(y for _, y in stroke) / len(stroke)
        points = []
        for x, y in finely(stroke):
            x, y = middle_x + (x - middle_x) * size + off_x, middle_y + (y - middle_y) * size + off_y
            points.append(
                (
                    (x + slant * (SIZE / 2 - y)) * stretch_x + at_x + chance.gauss(0, 1),
                    y * stretch_y + at_y + chance.gauss(0, 1),
                )
            )
        written.append(points)
    return written


def finely(stroke: Stroke) -> list[Point]:
    """With points as near as a finger leaves them."""
    out = [stroke[0]]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        count = max(1, int(math.dist((x0, y0), (x1, y1)) / STEP))
        out += [(x0 + (x1 - x0) * n / count, y0 + (y1 - y0) * n / count) for n in range(1, count + 1)]
    return out


def out_of_turn(strokes: list[Stroke], hand: int) -> list[Stroke]:
    """One stroke is written earlier or later than it is taught."""
    chance = random.Random(hand * 1000 + len(strokes))
    left = list(strokes)
    one = left.pop(chance.randrange(len(left)))
    left.insert(chance.randrange(len(left) + 1), one)
    return left


def joined(strokes: list[Stroke], hand: int) -> list[Stroke]:
    """Some strokes run into the next."""
    chance = random.Random(hand * 1000 + len(strokes))
    out = [list(strokes[0])]
    for stroke in strokes[1:]:
        if chance.random() < 0.12:
            out[-1] += stroke
        else:
            out.append(list(stroke))
    return list(out)
