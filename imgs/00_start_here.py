"""Draws the pictures of notebook 00: the course's walk, an exercise, two axes."""

from svg import (
    ACTIVATION,
    GRADIENT,
    GREY,
    INK,
    INPUT,
    TARGET,
    WEIGHT,
    arrow,
    box,
    circle,
    code,
    curve,
    line,
    picture,
    save,
    text,
)

STATIONS = [
    ("01", "a net in", "bare NumPy", INPUT),
    ("02", "the same", "in tensors", INPUT),
    ("03", "autograd,", "built by you", GRADIENT),
    ("04", "layers that", "see pictures", ACTIVATION),
    ("05", "memory:", "RNN, LSTM", ACTIVATION),
    ("06", "your own", "Functions", GRADIENT),
    ("07", "convolution", "by hand", WEIGHT),
    ("08", "cats", "and dogs", TARGET),
]


def course():
    """Eight stations on a path that climbs from left to right."""
    spots = [(90 + 113 * i, 300 - 26 * i) for i in range(8)]
    strokes = [
        text(40, 46, "From NumPy to CNN", 30, bold=True, anchor="start"),
        text(
            40, 84, "Eight steps. Every layer built by hand, and checked.", 19,
            anchor="start",
        ),
        curve([(30, 314), *spots, (950, 100)], GREY, 5),
    ]  # fmt: skip
    for (number, first, second, colour), (x, y) in zip(STATIONS, spots, strict=True):
        strokes += [
            circle(x, y, 27, colour, stroke=6),
            text(x, y, number, 20, bold=True),
            text(x, y + 48, first, 16),
            text(x, y + 69, second, 16),
        ]
    strokes += cat(866, 52)
    return picture(
        980,
        410,
        "A path with eight stations: 01 a net in bare NumPy, 02 the same in tensors, "
        "03 autograd, built by you, 04 layers that see pictures, 05 memory with RNN "
        "and LSTM, 06 your own Functions, 07 convolution by hand, 08 cats and dogs.",
        *strokes,
    )


def cat(x, y):
    """A cat's head, drawn with seven strokes, about 44 wide."""
    ear_left = [(x - 20, y - 4), (x - 22, y - 30), (x - 4, y - 17)]
    ear_right = [(x + 20, y - 4), (x + 22, y - 30), (x + 4, y - 17)]
    return [
        curve(ear_left, TARGET, 4),
        curve(ear_right, TARGET, 4),
        circle(x, y, 20, TARGET, stroke=4),
        circle(x - 8, y - 4, 2.5, INK, INK, 1),
        circle(x + 8, y - 4, 2.5, INK, INK, 1),
        line(x - 5, y + 7, x, y + 10, INK),
        line(x, y + 10, x + 5, y + 7, INK),
    ]


def exercise():
    """The three parts of an exercise cell, and what Shift+Enter brings."""
    return picture(
        980,
        330,
        "An exercise cell. The first line, @exercise, stays. The line raise "
        "NotImplementedError is what you replace. Below the cell, after Shift+Enter, "
        "the verdict appears, with folded hints and a folded solution.",
        box(40, 40, 540, 118, GREY),
        code(62, 66, '@exercise("00.relu")', anchor="start"),
        code(62, 92, "def relu(x):", anchor="start"),
        code(62, 118, "    return ...", anchor="start", colour=INPUT, bold=True),
        code(62, 142, " ", anchor="start"),
        text(610, 66, "asks for the check: leave it", 18, anchor="start"),
        text(610, 118, "yours to write", 18, anchor="start", bold=True, colour=INPUT),
        line(330, 66, 600, 66),
        line(260, 118, 600, 118, INPUT),
        arrow(310, 164, 310, 208, INK),
        text(330, 184, "Shift + Enter", 18, anchor="start"),
        f'<rect x="40" y="214" width="8" height="92" fill="{GRADIENT}"/>',
        box(48, 214, 532, 92, GREY, stroke=1, rx=0),
        text(66, 238, "✗ Not yet", 18, anchor="start", bold=True),
        text(66, 264, "what your answer did, and where to look", 18, anchor="start"),
        text(66, 289, "▸ Hint   ▸ Solution", 18, anchor="start", colour=INPUT),
        text(610, 250, "the verdict: fix, run again,", 18, anchor="start"),
        text(610, 274, "as often as you like", 18, anchor="start"),
        line(584, 260, 602, 260),
    )


def axes():
    """The 3 × 3 array of the prediction, with both of its axes."""
    strokes = []
    for row in range(3):
        for column in range(3):
            x, y = 260 + 110 * column, 86 + 62 * row
            strokes += [
                box(x, y, 104, 56, GREY, stroke=2, rx=6),
                code(x + 52, y + 28, 10**row * (column + 1), 22),
            ]
    return picture(
        760,
        300,
        "A 3 by 3 array with rows 1 2 3, 10 20 30 and 100 200 300. An arrow for "
        "axis 0 points down, over the rows; an arrow for axis 1 points right, over "
        "the columns.",
        *strokes,
        arrow(225, 90, 225, 262, INPUT, 4),
        text(210, 162, "axis 0", 20, INPUT, "end", bold=True),
        text(210, 188, "over the rows", 16, INPUT, "end"),
        arrow(264, 58, 584, 58, GRADIENT, 4),
        text(424, 32, "axis 1, over the columns", 18, GRADIENT, bold=True),
    )


def drawings():
    return {
        "00_course.svg": course(),
        "00_exercise.svg": exercise(),
        "00_axes.svg": axes(),
    }


if __name__ == "__main__":
    save(drawings())
