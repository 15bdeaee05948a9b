"""Draws the pictures of notebook 06: a Function, three walks over a grid, a stair."""

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
    code,
    curve,
    line,
    picture,
    save,
    text,
)


def function():
    """The way there, the way back, and the bag between them."""
    strokes = [
        code(90, 95, "x", 26, bold=True, colour=INPUT),
        arrow(125, 95, 268, 95, GREY, 4),
        box(280, 50, 360, 90, ACTIVATION, stroke=5),
        code(460, 82, "forward(ctx, x)", 22, bold=True),
        text(460, 115, "any code that computes", 17),
        arrow(652, 95, 795, 95, GREY, 4),
        code(850, 95, "out", 26, bold=True, colour=ACTIVATION),
        box(330, 182, 260, 62, TARGET, stroke=4, dashed=True),
        code(460, 202, "ctx", 21, bold=True, colour=TARGET),
        text(460, 227, "what the way back will need", 16),
        arrow(400, 144, 400, 178, TARGET, 4),
        arrow(520, 248, 520, 282, TARGET, 4),
        box(280, 288, 360, 90, GRADIENT, stroke=5),
        code(460, 320, "backward(ctx, blame)", 22, bold=True),
        text(460, 353, "the rule that you derived", 17),
        code(850, 333, "blame", 24, bold=True, colour=GRADIENT),
        arrow(795, 333, 652, 333, GRADIENT, 4),
        arrow(268, 333, 130, 333, GRADIENT, 4),
        code(90, 333, "dx", 26, bold=True, colour=GRADIENT),
        line(850, 125, 850, 190, GREY, 2, dashed=True),
        text(850, 212, "the loss", 17, INK, "middle"),
        line(850, 234, 850, 300, GREY, 2, dashed=True),
    ]
    return picture(
        980,
        430,
        "A Function has two methods. forward takes x to out and packs what the way "
        "back will need into ctx. backward takes it out of ctx again, and turns the "
        "blame that comes from the loss into dx, the blame of x.",
        *strokes,
    )


def grid(x, y, rows, columns, size, colour, fill="white", marked=(), mark=WEIGHT):
    """A grid of cells; marked ones [(row, column)] are filled."""
    cells = []
    for row in range(rows):
        for column in range(columns):
            at = x + column * size, y + row * size
            inside = mark if (row, column) in marked else fill
            cells.append(box(*at, size, size, colour, inside, 2, rx=3))
    return "".join(cells)


def convolution():
    """Forward, back to x, back to the weight: three walks with three small grids."""
    size = 30
    out = [(0, 1)]
    window = [(0, 1), (0, 2), (1, 1), (1, 2)]
    light = "#F6D9A0"
    strokes = []
    for middle, name in ((165, "forward"), (490, "back to x"), (815, "back to weight")):
        strokes.append(text(middle, 40, name, 21, bold=True))
    # forward: the kernel lies on x, one entry comes out
    strokes += [
        grid(40, 90, 4, 4, size, INPUT, marked=window, mark=light),
        arrow(170, 150, 205, 150, GREY, 3),
        grid(215, 105, 3, 3, size, ACTIVATION, marked=out, mark="#A8DCC8"),
        code(100, 235, "x", 19, colour=INPUT, bold=True),
        code(260, 235, "out", 19, colour=ACTIVATION, bold=True),
        text(165, 280, "the weight lies on x", 17),
    ]
    # back to x: an entry of blame puts a copy of the kernel down
    strokes += [
        grid(360, 105, 3, 3, size, GRADIENT, marked=out, mark="#F0B79A"),
        arrow(460, 150, 495, 150, GRADIENT, 3),
        grid(505, 90, 4, 4, size, INPUT, marked=window, mark=light),
        code(405, 235, "blame", 19, colour=GRADIENT, bold=True),
        code(565, 235, "dx", 19, colour=GRADIENT, bold=True),
        text(490, 280, "each blame puts a copy down", 17),
    ]
    # back to the weight: blame lies on x, as the window of one weight
    reach = [(r, c) for r in range(3) for c in range(1, 4)]
    strokes += [
        grid(690, 90, 4, 4, size, INPUT, marked=reach, mark="#F0B79A"),
        arrow(820, 150, 855, 150, GRADIENT, 3),
        grid(865, 120, 2, 2, size, WEIGHT, marked=[(0, 1)], mark=light),
        code(750, 235, "x", 19, colour=INPUT, bold=True),
        code(895, 235, "dweight", 19, colour=GRADIENT, bold=True),
        text(815, 280, "the blame lies on x", 17),
    ]
    return picture(
        980,
        310,
        "Three walks over small grids. Forward, the 2 by 2 weight lies on the 4 by 4 x "
        "and gives one entry of the 3 by 3 output. Back to x, one entry of blame puts "
        "a copy of the weight down in dx. Back to the weight, the 3 by 3 blame lies on "
        "x and gives one entry of the weight's gradient.",
        *strokes,
    )


def stair():
    """Rounding is a staircase; the straight-through gradient is the ramp beside it."""
    left, bottom, unit = 130, 310, 72

    def at(x, y):
        return left + (x + 3) * unit, bottom - (y + 2) * 50

    stairs = []
    for step in range(-2, 3):
        low, high = max(step - 0.5, -3), min(step + 0.5, 3)
        if step == -2:
            low = -3
        if step == 2:
            high = 3
        stairs += [at(low, step), at(high, step)]
    ramp = [at(-3, -2), at(-2, -2), at(2, 2), at(3, 2)]
    strokes = [
        arrow(*at(-3.2, -2.5), *at(3.4, -2.5), GREY, 2),
        curve(ramp, GRADIENT, 5),
        curve(stairs, ACTIVATION, 5),
    ]
    for x in range(-3, 4):
        strokes.append(code(at(x, 0)[0], 355, x, 16))
    strokes += [
        code(at(3.4, 0)[0] + 18, 335, "x", 18, bold=True),
        text(640, 130, "what is computed: a staircase", 18, ACTIVATION, "start", True),
        text(640, 160, "its slope is 0 nearly everywhere", 17, INK, "start"),
        text(640, 220, "what blame sees: a ramp", 18, GRADIENT, "start", True),
        text(640, 250, "slope 1 inside, 0 beyond the ends", 17, INK, "start"),
        text(346, 45, "low = -2, high = 2", 17),
    ]
    return picture(
        1000,
        390,
        "A staircase from -2 to 2: x rounded and clamped. Beside it a ramp that runs "
        "through the middle of every step and is flat beyond both ends: what the "
        "straight-through gradient takes the staircase for.",
        *strokes,
    )


def drawings():
    return {
        "06_function.svg": function(),
        "06_convolution.svg": convolution(),
        "06_stair.svg": stair(),
    }


if __name__ == "__main__":
    save(drawings())
