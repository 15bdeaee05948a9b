"""Draws notebook 04's pictures: a network's shapes, windows on a row, norms."""

from svg import (
    ACTIVATION,
    GREY,
    INK,
    INPUT,
    WEIGHT,
    arrow,
    box,
    code,
    line,
    picture,
    save,
    text,
)


def block(x, y, width, height, depth, colour):
    """A cuboid: channels go into the depth, rows and columns face us."""
    d = depth * 0.6
    edges = f'fill="white" stroke="{colour}" stroke-width="3" stroke-linejoin="round"'
    top = f"{x},{y} {x + d},{y - d} {x + width + d},{y - d} {x + width},{y}"
    side = (
        f"{x + width},{y} {x + width + d},{y - d} "
        f"{x + width + d},{y + height - d} {x + width},{y + height}"
    )
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {edges}/>'
        f'<polygon points="{top}" {edges}/><polygon points="{side}" {edges}/>'
    )


def layers():
    """A picture of 3 channels grows deeper and smaller, and ends in ten scores."""
    stages = [
        (40, 84, 150, 150, 8, INPUT, "3 × 32 × 32"),
        (262, 108, 102, 102, 26, ACTIVATION, "8 × 16 × 16"),
        (448, 130, 58, 58, 52, ACTIVATION, "16 × 8 × 8"),
        (604, 152, 14, 14, 52, ACTIVATION, "16"),
    ]
    strokes = [block(*stage[:6]) for stage in stages]
    strokes += [
        code(stage[0] + (stage[2] + stage[4] * 0.6) / 2, 262, stage[6])
        for stage in stages
    ]
    for x, first, second in (
        (228, "Conv2d", "ReLU, MaxPool2d"),
        (414, "Conv2d", "ReLU, MaxPool2d"),
        (568, "mean", ""),
        (678, "Linear", ""),
    ):
        strokes.append(arrow(x - 20, 159, x + 18, 159))
        strokes.append(code(x, 300 if second else 310, first, 16, bold=True))
        strokes.append(text(x, 322, second, 14, GREY))
    heights = (8, 14, 52, 10, 5, 18, 9, 12, 6, 10)
    for i, height in enumerate(heights):
        strokes.append(
            box(716 + i * 15, 180 - height, 10, height, INPUT, INPUT, 1, rx=2)
        )
    strokes += [line(712, 182, 866, 182, INK), code(790, 262, "10 scores")]
    return picture(
        890,
        350,
        "A picture of 3 × 32 × 32 becomes 8 × 16 × 16, then 16 × 8 × 8, then 16 "
        "numbers, then 10 scores.",
        *strokes,
    )


def row_of_windows(left, title, cells, padding, kernel, stride, dilation):
    top, size = 80, 36
    strokes = [text(left, top - 34, title, 17, anchor="start", bold=True)]
    for i in range(-padding, cells + padding):
        x = left + (i + padding) * size
        inside = 0 <= i < cells
        strokes.append(
            box(x + 2, top, size - 4, size - 4, INPUT if inside else GREY,
                dashed=not inside, rx=6)
        )  # fmt: skip
        if inside:
            strokes.append(code(x + size / 2, top + size / 2 - 2, i, 16))
    reach = dilation * (kernel - 1) + 1
    places = (cells + 2 * padding - reach) // stride + 1
    for place in range(places + 1):
        y = top + 60 + place * 34
        taps = [place * stride + dilation * k for k in range(kernel)]
        fits = taps[-1] < cells + 2 * padding
        colour = WEIGHT if fits else GREY
        xs = [left + tap * size + size / 2 for tap in taps]
        strokes.append(line(xs[0], y, xs[-1], y, colour, 3, dashed=not fits))
        strokes += [
            box(x - 9, y - 9, 18, 18, colour, colour if fits else "white", 2, rx=4)
            for x in xs
        ]
        label = f"place {place}" if fits else "no room"
        end = left + (cells + 2 * padding + 1.1) * size
        strokes.append(text(end, y, label, 16, INK if fits else GREY, anchor="start"))
    return strokes


def windows():
    """A kernel of 3 on rows of cells: with stride and padding, and with dilation."""
    return picture(
        890,
        310,
        "Three taps slide over 6 cells with one cell of padding, in steps of 2: they "
        "fit at 3 places, and a fourth hangs over the edge. With dilation 2 the taps "
        "reach over 5 of 8 cells and fit at 4 places.",
        *row_of_windows(40, "6 cells, kernel 3, padding 1, stride 2", 6, 1, 3, 2, 1),
        *row_of_windows(474, "8 cells, kernel 3, dilation 2, stride 1", 8, 0, 3, 1, 2),
    )


def norms():
    """Which entries share a mean: three grids of pictures by channels."""
    strokes = []
    kinds = (
        ("BatchNorm2d", lambda n, c: c, "a channel, all pictures"),
        ("LayerNorm", lambda n, c: n, "a picture, all channels"),
        ("InstanceNorm2d", lambda n, c: 3 * n + c, "each picture and channel"),
    )
    for k, (name, group, words) in enumerate(kinds):
        left, top = 90 + 275 * k, 96
        strokes.append(code(left + 88, 36, name, 19, bold=True))
        strokes.append(text(left + 88, 64, words, 15))
        for n in range(3):
            for c in range(3):
                x, y = left + 62 * c, top + 62 * n
                lit = group(n, c) == group(1, 1)
                strokes.append(
                    box(x, y, 52, 52, WEIGHT if lit else GREY,
                        WEIGHT if lit else "white", 2, rx=6)
                )  # fmt: skip
                ink = "white" if lit else GREY
                for i in (1, 2):
                    strokes.append(
                        line(x + 17.3 * i, y + 4, x + 17.3 * i, y + 48, ink, 1)
                    )
                    strokes.append(
                        line(x + 4, y + 17.3 * i, x + 48, y + 17.3 * i, ink, 1)
                    )
                if lit:
                    strokes.append(box(x + 6, y + 6, 40, 40, INK, "none", 3, rx=4))
        strokes.append(text(left + 88, 300, "channels →", 15, GREY))
        if k == 0:
            strokes.append(text(46, 120, "pictures", 15, GREY))
            strokes.append(text(46, 142, "↓", 15, GREY))
    return picture(
        890,
        326,
        "BatchNorm averages one channel over all pictures; LayerNorm one picture over "
        "all channels; InstanceNorm one channel of one picture.",
        *strokes,
    )


def drawings():
    return {
        "04_layers.svg": layers(),
        "04_windows.svg": windows(),
        "04_norms.svg": norms(),
    }


if __name__ == "__main__":
    save(drawings())
