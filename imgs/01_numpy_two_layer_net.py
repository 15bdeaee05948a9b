"""Draws the pictures of notebook 01: the net, its way back, a difference, a digit."""

import itertools

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


def network():
    """Three columns of units, the weights between them, and the sizes below."""
    columns = [
        (130, 5, INPUT, "x", "inputs", "(N, D_in)"),
        (430, 4, ACTIVATION, "h_relu", "hidden units", "(N, D_hidden)"),
        (730, 3, ACTIVATION, "y_pred", "outputs", "(N, D_out)"),
    ]
    spots = [
        [(x, 175 + (i - (count - 1) / 2) * 58) for i in range(count)]
        for x, count, *_ in columns
    ]
    strokes = [
        line(*start, *end, WEIGHT, 1.6)
        for left, right in itertools.pairwise(spots)
        for start in left
        for end in right
    ]
    for (x, _, colour, name, role, shape), places in zip(columns, spots, strict=True):
        strokes += [circle(*place, 20, colour, stroke=5) for place in places]
        strokes += [
            code(x, 345, name, 20, bold=True, colour=colour),
            text(x, 371, role, 17),
            code(x, 396, shape, 16),
        ]
    strokes += [
        code(280, 345, "w1", 20, bold=True, colour="#9A6A00"),
        code(280, 396, "(D_in, D_hidden)", 15),
        code(580, 345, "w2", 20, bold=True, colour="#9A6A00"),
        code(580, 396, "(D_hidden, D_out)", 15),
        box(842, 145, 100, 60, TARGET),
        text(892, 175, "loss", 20, bold=True),
        arrow(762, 175, 836, 175, INK),
    ]
    return picture(
        980,
        425,
        "A two-layer network: inputs x are joined by the weights w1 to the hidden "
        "units, these by the weights w2 to the outputs y_pred, and a loss compares "
        "those with the target.",
        *strokes,
    )


def backward():
    """Forward above, from left to right; blame below, from right to left."""
    steps = [
        (110, "x", INPUT),
        (310, "h", ACTIVATION),
        (510, "h_relu", ACTIVATION),
        (710, "y_pred", ACTIVATION),
        (890, "loss", TARGET),
    ]
    forward = ["@ w1", "ReLU", "@ w2", "squares"]
    strokes = [text(30, 30, "forward: signal", 17, anchor="start", bold=True)]
    for x, name, colour in steps:
        strokes += [box(x - 52, 62, 104, 50, colour), code(x, 87, name, 19, bold=True)]
    for (x1, _, _), (x2, _, _), label in zip(steps, steps[1:], forward, strict=False):
        strokes += [
            arrow(x1 + 55, 87, x2 - 56, 87, INK),
            code((x1 + x2) / 2, 66, label, 15),
        ]
    strokes.append(
        text(30, 160, "backward: blame", 17, GRADIENT, anchor="start", bold=True)
    )
    back = [
        (310, "dh", "only where h > 0"),
        (510, "dh_relu", "dy_pred @ w2.T"),
        (710, "dy_pred", "2 (y_pred − y)"),
    ]
    for x, name, how in back:
        strokes += [
            box(x - 56, 186, 112, 48, GRADIENT),
            code(x, 210, name, 18, bold=True),
            code(x, 252, how, 14),
        ]
    strokes += [
        arrow(890, 116, 774, 200, GRADIENT),
        arrow(650, 210, 572, 210, GRADIENT),
        arrow(450, 210, 372, 210, GRADIENT),
        arrow(250, 224, 204, 296, GRADIENT),
        arrow(650, 224, 610, 296, GRADIENT),
        box(60, 300, 270, 48, "#9A6A00"),
        code(195, 324, "dw1 = x.T @ dh", 18, bold=True),
        box(450, 300, 340, 48, "#9A6A00"),
        code(620, 324, "dw2 = h_relu.T @ dy_pred", 18, bold=True),
    ]
    return picture(
        980,
        370,
        "Above, the signal runs forward from x through h, h_relu and y_pred to the "
        "loss. Below, the blame runs backward: dy_pred is 2 times y_pred minus y, "
        "dh_relu is dy_pred @ w2.T, dh is that where h is positive. Two branches give "
        "dw1 = x.T @ dh and dw2 = h_relu.T @ dy_pred.",
        *strokes,
    )


def difference():
    """A curve, its slope at w, and the line through w − eps and w + eps."""

    def height(x):
        return 285 - 0.00112 * (x - 60) ** 2

    points = [(x, height(x)) for x in range(70, 520, 10)]
    left, middle, right = 200, 320, 440

    def beyond(x1, x2, at):
        slope = (height(x2) - height(x1)) / (x2 - x1)
        return height(x1) + slope * (at - x1)

    strokes = [
        curve(points, INK, 4),
        line(170, beyond(left, right, 170), 500, beyond(left, right, 500), INPUT, 3),
        line(
            280, beyond(middle, right, 280), 500, beyond(middle, right, 500),
            GRADIENT, 3, dashed=True,
        ),
        line(60, 300, 540, 300, GREY),
    ]  # fmt: skip
    for x, label in [(left, "w − eps"), (middle, "w"), (right, "w + eps")]:
        strokes += [
            line(x, 300, x, height(x), GREY, 1.5, dashed=True),
            circle(x, height(x), 6, INK, INK),
            code(x, 322, label, 16),
        ]
    strokes += [
        line(590, 110, 640, 110, INPUT, 4),
        text(655, 102, "both sides: as steep as", 17, anchor="start"),
        text(655, 124, "the curve is at w", 17, anchor="start"),
        line(590, 180, 640, 180, GRADIENT, 4, dashed=True),
        text(655, 172, "one side only:", 17, anchor="start"),
        text(655, 194, "steeper than the curve", 17, anchor="start"),
        code(90, 60, "f", 20, bold=True),
    ]
    return picture(
        900,
        350,
        "A curve f that bends upward. The line through the points at w minus eps and "
        "w plus eps is as steep as the curve at w. The line through w and w plus eps "
        "is steeper.",
        *strokes,
    )


def flattened():
    """An 8 × 8 picture unrolled into a row of 64 numbers, and its target."""
    strokes = []
    for row in range(8):
        for column in range(8):
            distance = ((row - 3.5) ** 2 + (column - 3.5) ** 2) ** 0.5
            shade = "#333333" if 2 < distance < 3.4 else "white"
            strokes.append(
                box(40 + 20 * column, 60 + 20 * row, 20, 20, GREY, shade, 1, 0)
            )
    for i in range(16):
        shade = "#333333" if i in (10, 11, 12, 13) else "white"
        strokes.append(box(290 + 20 * i, 130, 20, 20, GREY, shade, 1, 0))
    strokes += [
        text(120, 245, "a picture, (8, 8)", 17),
        arrow(215, 140, 275, 140, INK),
        text(620, 140, "…", 22, anchor="start"),
        text(450, 170, "its rows one after the other, (64,)", 17),
        arrow(650, 140, 706, 140, INK),
        text(830, 170, "its target, (10,)", 17),
        text(810, 100, "label 0", 17, TARGET, bold=True),
    ]
    for i in range(10):
        x = 720 + 22 * i
        strokes += [
            box(x, 128, 22, 24, TARGET, "white", 1.5, 0),
            code(x + 11, 140, int(i == 0), 14, bold=i == 0),
        ]
    return picture(
        980,
        275,
        "An 8 by 8 picture of a zero is laid out as a row of 64 numbers. Its target "
        "is a row of ten numbers, a one in column 0 and zeros elsewhere.",
        *strokes,
    )


def drawings():
    return {
        "01_network.svg": network(),
        "01_backward.svg": backward(),
        "01_difference.svg": difference(),
        "01_digit.svg": flattened(),
    }


if __name__ == "__main__":
    save(drawings())
