"""Draws notebook 05: a cell that comes back to itself, unrolled, and an LSTM inside."""

from itertools import pairwise

from svg import (
    ACTIVATION,
    GREY,
    INK,
    INPUT,
    PAPER,
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


def step(x, y, given, made):
    """One use of the cell, centred on (x, y): an input from below, an output above."""
    return [
        circle(x, y + 125, 32, INPUT),
        code(x, y + 125, given, 17),
        arrow(x, y + 90, x, y + 45, GREY),
        box(x - 55, y - 42, 110, 84, WEIGHT, stroke=4),
        text(x, y, "cell", 21, bold=True),
        arrow(x, y - 45, x, y - 88, GREY),
        circle(x, y - 123, 32, ACTIVATION),
        code(x, y - 123, made, 17),
    ]


def carried(x1, x2, y):
    """The state on its way from one use of the cell to the next."""
    return arrow(x1, y, x2, y, ACTIVATION, 5, head=15)


def recurrence():
    x, y = 190, 185
    loop = [(x + 57, y - 12), (x + 118, y - 12), (x + 128, y - 2), (x + 128, y + 66)]
    loop += [(x + 118, y + 76), (x - 118, y + 76), (x - 128, y + 66), (x - 128, y - 2)]
    loop += [(x - 118, y - 12), (x - 70, y - 12)]
    return picture(
        900,
        370,
        "A box called cell. An input x enters from below, a state h leaves at the top, "
        "and the state also runs around the box and back in. Beside it, the line of "
        "code: h = cell(x, h).",
        curve(loop, ACTIVATION, 5),
        line(x, y + 66, x, y + 86, PAPER, 16),  # a bridge, where two ways cross
        *step(x, y, "x", "h"),
        arrow(x - 80, y - 12, x - 57, y - 12, ACTIVATION, 5, head=15),
        code(x + 152, y + 32, "h", 20, bold=True, colour=ACTIVATION),
        code(620, 105, "h = cell(x, h)", 30, bold=True),
        text(620, 175, "new state from the input and the old state,", 19),
        text(620, 205, "again at every step", 19),
        text(620, 262, "one cell, one set of weights:", 19, bold=True),
        text(620, 292, "the same for the first step and the last", 19, bold=True),
    )


def unrolled():
    y = 190
    spots = [230, 410, 590, 770]
    strokes = [circle(80, y, 32, ACTIVATION), code(80, y, "h", 17)]
    strokes += [text(80, y + 52, "start", 16)]
    ends = [(112, spots[0] - 57)]
    ends += [(a + 57, b - 57) for a, b in pairwise(spots)]
    strokes += [carried(*pair, y) for pair in ends]
    for t, x in enumerate(spots):
        strokes += step(x, y, f"x[{t}]", f"{t}")
    strokes += [
        carried(spots[-1] + 57, 905, y),
        circle(940, y, 32, ACTIVATION),
        code(940, y, "h", 17),
        text(940, y + 52, "last", 16),
        text(80, y - 123, "outputs", 18, ACTIVATION),
        text(80, y + 125, "inputs", 18, INPUT),
        code(910, y - 123, "(T, N, D_hidden)", 15, colour=ACTIVATION),
        code(890, y + 125, "(T, N, D_in)", 15, colour=INPUT),
    ]
    return picture(
        1010,
        375,
        "The same cell drawn four times, once for each step. A start state enters the "
        "first; each hands its state on to the next. Inputs x[0] to x[3] come from "
        "below, the outputs 0 to 3 leave above, and the last state leaves at the end.",
        *strokes,
    )


def lstm():
    """The cell state runs through on top; three gates and a candidate act on it."""
    gates = {"f": 260, "i": 410, "g": 560, "o": 710}
    bends = {"f": "sigmoid", "i": "sigmoid", "g": "tanh", "o": "sigmoid"}
    names = {"f": "keep", "i": "let in", "g": "candidate", "o": "show"}
    strokes = [
        line(70, 80, 240, 80, ACTIVATION, 7),
        line(280, 80, 470, 80, ACTIVATION, 7),
        arrow(510, 80, 905, 80, ACTIVATION, 7, head=20),
        code(45, 80, "c", 24, bold=True, colour=ACTIVATION),
        code(935, 80, "c", 24, bold=True, colour=ACTIVATION),
        text(365, 42, "f · c", 18),
        text(640, 42, "f · c + i · g", 18),
        box(160, 385, 640, 54, WEIGHT, stroke=4),
        text(480, 412, "x and h: one product, cut into four", 19),
        arrow(60, 398, 155, 398, INPUT, 4),
        code(40, 398, "x", 22, bold=True, colour=INPUT),
        arrow(60, 427, 155, 427, ACTIVATION, 4),
        code(40, 427, "h", 22, bold=True, colour=ACTIVATION),
    ]
    for name, x in gates.items():
        strokes += [
            arrow(x, 383, x, 345, GREY),
            box(x - 62, 280, 124, 62, ACTIVATION),
            code(x - 44, 311, name, 24, bold=True, colour=ACTIVATION),
            text(x + 17, 300, names[name], 14, bold=True),
            text(x + 16, 323, bends[name], 15),
        ]
    strokes += [
        arrow(260, 278, 260, 104, GREY),
        arrow(418, 278, 474, 200, GREY),
        arrow(552, 278, 506, 200, GREY),
        arrow(490, 160, 490, 104, GREY),
        line(800, 84, 800, 120, ACTIVATION, 5),
        box(758, 122, 84, 40, ACTIVATION),
        text(800, 142, "tanh", 17),
        arrow(800, 164, 800, 196, GREY),
        arrow(735, 278, 782, 234, GREY),
        arrow(822, 218, 905, 218, ACTIVATION, 5, head=15),
        code(935, 218, "h", 24, bold=True, colour=ACTIVATION),
    ]
    for x, y, sign in (
        (260, 80, "×"),
        (490, 80, "+"),
        (490, 182, "×"),
        (800, 218, "×"),
    ):
        strokes += [circle(x, y, 21, INK), text(x, y, sign, 24, bold=True)]
    return picture(
        980,
        465,
        "Inside an LSTM cell. The cell state c runs straight through on top: it is "
        "multiplied by the gate f, then i times the candidate g is added. Below, x and "
        "h make the four of them with one product. The new h is o times tanh of c.",
        *strokes,
    )


def drawings():
    return {
        "05_recurrence.svg": recurrence(),
        "05_unrolled.svg": unrolled(),
        "05_lstm.svg": lstm(),
    }


if __name__ == "__main__":
    save(drawings())
