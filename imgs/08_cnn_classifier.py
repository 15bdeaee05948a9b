"""Draws notebook 08's pictures: from photograph to verdict, a shortcut, Grad-CAM."""

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


def cat(x, y, size, colour=INK, fill="white"):
    """A cat's head in strokes, in a square from (x, y)."""
    s = size / 100

    def at(a, b):
        return round(x + a * s, 1), round(y + b * s, 1)

    head = [(20, 45), (22, 12), (40, 28), (60, 28), (78, 12), (80, 45), (76, 68),
            (50, 86), (24, 68)]  # fmt: skip
    corners = " ".join(f"{a},{b}" for a, b in (at(*p) for p in head))
    strokes = [
        f'<polygon points="{corners}" fill="{fill}" stroke="{colour}" '
        f'stroke-width="{max(2, 4 * s):.1f}" stroke-linejoin="round"/>',
        circle(*at(38, 48), round(5 * s, 1), colour, colour, 1),
        circle(*at(62, 48), round(5 * s, 1), colour, colour, 1),
        curve([at(50, 62), at(50, 68), at(43, 73)], colour, max(1.5, 2.5 * s)),
        curve([at(50, 68), at(57, 73)], colour, max(1.5, 2.5 * s)),
    ]
    for side in (-1, 1):
        for lift in (-4, 3):
            strokes.append(
                line(*at(50 + side * 14, 64), *at(50 + side * 46, 62 + lift), colour,
                     max(1, 1.6 * s))
            )  # fmt: skip
    return "".join(strokes)


def block(x, y, side, depth, colour):
    """A cuboid: rows and columns face us, channels go into the depth."""
    d = depth * 0.6
    edges = f'fill="white" stroke="{colour}" stroke-width="3" stroke-linejoin="round"'
    top = f"{x},{y} {x + d},{y - d} {x + side + d},{y - d} {x + side},{y}"
    flank = (
        f"{x + side},{y} {x + side + d},{y - d} "
        f"{x + side + d},{y + side - d} {x + side},{y + side}"
    )
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" {edges}/>'
        f'<polygon points="{top}" {edges}/><polygon points="{flank}" {edges}/>'
    )


def verdict():
    """A picture, four convolutions, a row, one logit; the sizes are an exercise."""
    strokes = [
        block(30, 92, 150, 6, INPUT),
        cat(42, 104, 126),
        text(108, 276, "3 colours", 17),
    ]
    places = [(226, 78, 16), (352, 52, 26), (462, 34, 44), (574, 24, 44)]
    for (x, side, depth), channels in zip(places, (16, 32, 64, 64), strict=True):
        strokes.append(block(x, 167 - side / 2, side, depth, ACTIVATION))
        middle = x + (side + depth * 0.6) / 2
        strokes.append(text(round(middle, 1), 276, f"{channels} kinds", 17))
    for x in (198, 324, 434, 536, 636):
        strokes.append(arrow(x - 6, 167, x + 14, 167, WEIGHT))
    for i in range(13):
        strokes.append(box(664, 76 + i * 14, 12, 11, ACTIVATION, "white", 2, rx=2))
    strokes += [
        text(670, 276, "a row", 17),
        arrow(686, 167, 716, 167, WEIGHT),
        circle(744, 167, 22, ACTIVATION),
        code(744, 167, "-2", 18, bold=True),
        text(744, 276, "a logit", 17),
        arrow(774, 167, 806, 167),
        text(850, 130, "cat 88%", 19, bold=True),
        box(812, 148, 96, 16, INPUT, "white", 2, rx=4),
        box(812, 148, 84, 16, INPUT, INPUT, 2, rx=4),
        text(850, 188, "dog 12%", 19, GREY),
        box(812, 204, 96, 16, GRADIENT, "white", 2, rx=4),
        box(812, 204, 12, 16, GRADIENT, GRADIENT, 2, rx=4),
        text(410, 40, "fewer places, more kinds of answers", 19, GREY),
    ]
    return picture(
        930,
        310,
        "A picture of a cat with 3 colours goes through four convolutions that make "
        "16, 32, 64 and 64 channels, each smaller than the one before; they are laid "
        "in a row, which gives a logit of -2: cat 88 percent, dog 12 percent.",
        *strokes,
    )


def shortcut():
    """A plain block and a residual one."""
    strokes = []
    for left, title, residual in ((30, "plain", False), (475, "residual", True)):
        strokes.append(text(left + 200, 34, title, 20, bold=True))
        strokes += [
            circle(left + 22, 150, 20, ACTIVATION),
            code(left + 22, 150, "x", 20, bold=True),
            arrow(left + 44, 150, left + 84, 150),
            box(left + 88, 122, 84, 56, WEIGHT),
            code(left + 130, 150, "conv", 18),
            arrow(left + 174, 150, left + 204, 150),
            box(left + 208, 122, 84, 56, WEIGHT),
            code(left + 250, 150, "conv", 18),
        ]
        if residual:
            strokes += [
                arrow(left + 294, 150, left + 322, 150),
                circle(left + 342, 150, 18, GRADIENT),
                code(left + 342, 150, "+", 22, bold=True),
                curve(
                    [(left + 22, 128), (left + 22, 78), (left + 342, 78)],
                    GRADIENT,
                    4,
                ),
                arrow(left + 342, 78, left + 342, 128, GRADIENT, 4),
                arrow(left + 362, 150, left + 402, 150),
                text(left + 182, 98, "x goes on as it is", 16, GRADIENT),
                text(left + 200, 216, "the block says what to change", 17, GREY),
            ]
        else:
            strokes += [
                arrow(left + 294, 150, left + 402, 150),
                text(left + 200, 216, "the block says it all anew", 17, GREY),
            ]
    return picture(
        920,
        244,
        "Left, a plain block: x goes through two convolutions. Right, a residual "
        "block: x also goes around both and is added to what comes out.",
        *strokes,
    )


def cam():
    """Three maps, each times its weight, added up and cut off below zero."""
    strokes, size = [], 26
    maps = [
        ("ears", {(0, 0): 1.0, (0, 3): 1.0, (1, 0): 0.4, (1, 3): 0.4}, "· 2"),
        ("grass", {(3, c): 0.9 for c in range(4)}, "· -1"),
        ("eyes", {(1, 1): 0.9, (1, 2): 0.9}, "· 1"),
    ]
    total = {}
    for k, (name, lit, factor) in enumerate(maps):
        weight = float(factor[2:])
        for place, value in lit.items():
            total[place] = total.get(place, 0) + weight * value
        left = 40 + 196 * k
        strokes += grid(left, 80, size, lit, ACTIVATION)
        strokes.append(text(left + 2 * size, 54, name, 18, bold=True))
        colour = GRADIENT if weight > 0 else GREY
        strokes.append(code(left + 2 * size, 210, factor, 20, bold=True, colour=colour))
        if k:
            strokes.append(code(left - 46, 80 + 2 * size, "+", 26, bold=True))
    kept = {place: max(value, 0) / 2 for place, value in total.items()}
    strokes += [
        arrow(566, 132, 640, 132),
        code(602, 108, "ReLU", 17),
        *grid(672, 80, size, kept, TARGET),
        text(672 + 2 * size, 54, "speaks for cat", 18, bold=True),
        text(300, 248, "weight: how much the score rises with this map", 17, GREY),
    ]
    return picture(
        860,
        276,
        "Three maps of four by four places: ears with weight 2, grass with weight "
        "minus 1, eyes with weight 1. Added up and cut off below zero, the places of "
        "ears and eyes are left.",
        *strokes,
    )


def grid(left, top, size, lit, colour):
    cells = []
    for row in range(4):
        for column in range(4):
            value = min(lit.get((row, column), 0), 1)
            x, y = left + column * size, top + row * size
            cells.append(box(x, y, size, size, GREY, "white", 1, rx=0))
            if value > 0:
                inset = round(size * (1 - value**0.5) / 2 + 1.5, 1)
                side = round(size - 2 * inset, 1)
                cells.append(
                    box(x + inset, y + inset, side, side, colour, colour, 1, rx=3)
                )
    return cells


def drawings():
    return {
        "08_verdict.svg": verdict(),
        "08_shortcut.svg": shortcut(),
        "08_cam.svg": cam(),
    }


if __name__ == "__main__":
    save(drawings())
