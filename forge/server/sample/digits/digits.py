"""Draws images of digits: 8 by 8 grey values from 0 to 1."""

import random

SIZE = 8

# The strokes of each digit, as lines between points of a square whose corners are (0, 0) and (1, 1).
STROKES = {
    0: [(0.3, 0.1, 0.7, 0.1), (0.7, 0.1, 0.8, 0.5), (0.8, 0.5, 0.7, 0.9), (0.7, 0.9, 0.3, 0.9), (0.3, 0.9, 0.2, 0.5), (0.2, 0.5, 0.3, 0.1)],
    1: [(0.35, 0.25, 0.55, 0.1), (0.55, 0.1, 0.55, 0.9)],
    2: [(0.25, 0.2, 0.7, 0.1), (0.7, 0.1, 0.7, 0.4), (0.7, 0.4, 0.25, 0.9), (0.25, 0.9, 0.8, 0.9)],
    3: [(0.25, 0.1, 0.75, 0.1), (0.75, 0.1, 0.5, 0.45), (0.5, 0.45, 0.75, 0.7), (0.75, 0.7, 0.6, 0.9), (0.6, 0.9, 0.25, 0.9)],
    4: [(0.6, 0.1, 0.2, 0.6), (0.2, 0.6, 0.85, 0.6), (0.6, 0.1, 0.6, 0.9)],
    5: [(0.75, 0.1, 0.3, 0.1), (0.3, 0.1, 0.3, 0.45), (0.3, 0.45, 0.7, 0.5), (0.7, 0.5, 0.7, 0.85), (0.7, 0.85, 0.25, 0.9)],
    6: [(0.7, 0.1, 0.3, 0.4), (0.3, 0.4, 0.25, 0.8), (0.25, 0.8, 0.6, 0.9), (0.6, 0.9, 0.75, 0.65), (0.75, 0.65, 0.3, 0.55)],
    7: [(0.2, 0.1, 0.8, 0.1), (0.8, 0.1, 0.4, 0.9)],
    8: [(0.5, 0.1, 0.25, 0.28), (0.25, 0.28, 0.75, 0.65), (0.75, 0.65, 0.5, 0.9), (0.5, 0.9, 0.25, 0.65), (0.25, 0.65, 0.75, 0.28), (0.75, 0.28, 0.5, 0.1)],
    9: [(0.75, 0.35, 0.4, 0.45), (0.4, 0.45, 0.3, 0.2), (0.3, 0.2, 0.6, 0.1), (0.6, 0.1, 0.75, 0.35), (0.75, 0.35, 0.6, 0.9)],
}


def _distance(px, py, line):
    """From a point to a line's nearest point."""
    ax, ay, bx, by = line
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    return ((px - ax - t * (bx - ax)) ** 2 + (py - ay - t * (by - ay)) ** 2) ** 0.5


def draw(digit, chance):
    """One image of `digit`, 64 values row by row: every one drawn a little differently."""
    slant, shift_x, shift_y = chance.uniform(-0.25, 0.25), chance.uniform(-0.12, 0.12), chance.uniform(-0.1, 0.1)
    scale, width = chance.uniform(0.8, 1.1), chance.uniform(0.06, 0.12)
    image = []
    for row in range(SIZE):
        for column in range(SIZE):
            y = ((row + 0.5) / SIZE - 0.5 - shift_y) / scale + 0.5
            x = ((column + 0.5) / SIZE - 0.5 - shift_x - slant * (0.5 - y)) / scale + 0.5
            nearest = min(_distance(x, y, line) for line in STROKES[digit])
            ink = max(0.0, min(1.0, 1.0 - (nearest - width) / 0.1))
            image.append(max(0.0, min(1.0, ink + chance.gauss(0.0, 0.15))))
    return image


def make(count, seed):
    """`count` pairs of image and digit, every digit equally often."""
    chance = random.Random(seed)
    pairs = [(draw(place % 10, chance), place % 10) for place in range(count)]
    chance.shuffle(pairs)
    return pairs


def show(image):
    """The image as lines of characters."""
    shades = " .:-=+*#%@"
    rows = [image[row * SIZE:(row + 1) * SIZE] for row in range(SIZE)]
    return "\n".join("".join(shades[int(value * 9)] * 2 for value in row) for row in rows)
