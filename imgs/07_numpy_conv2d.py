"""Draws the pictures of notebook 07: a window, three settings, groups, columns."""

from svg import (
    ACTIVATION,
    GRADIENT,
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

BLUE, ORANGE, GREEN = "#CCE3F0", "#FAE3B8", "#C5E8DC"


def grid(x, y, rows, columns, size, fill=None, colour=GREY, words=None):
    """Cells from (x, y); ``fill`` and ``words`` map (row, column) to what is in it."""
    fill, words = fill or {}, words or {}
    strokes = []
    for i in range(rows):
        for j in range(columns):
            left, top = x + j * size, y + i * size
            shade = fill.get((i, j), "white")
            strokes.append(box(left, top, size, size, colour, shade, 1.5, 0))
            if (i, j) in words:
                middle = left + size / 2, top + size / 2
                strokes.append(code(*middle, words[i, j], max(14, round(size * 0.45))))
    return strokes


def frame(x, y, rows, columns, size, colour, stroke=4):
    return box(x, y, columns * size, rows * size, colour, "none", stroke, 2)


def cells(rows, columns, shade):
    return dict.fromkeys(((i, j) for i in rows for j in columns), shade)


def window():
    """The hero: forward on top, and back below, along the same lines."""
    digit = [
        (0, 2), (0, 3), (1, 1), (1, 4), (2, 4), (3, 2), (3, 3), (4, 4), (5, 1), (5, 4),
        (6, 2), (6, 3),
    ]  # fmt: skip
    ink = dict.fromkeys(digit, "#B9B9B9")
    x = 42
    strokes = [
        *grid(60, 60, 7, 6, x, ink),
        frame(60 + 2 * x, 60 + 2 * x, 3, 3, x, INPUT, 5),
        *grid(430, 122, 3, 3, 50, cells(range(3), range(3), ORANGE), WEIGHT),
        frame(430, 122, 3, 3, 50, WEIGHT),
        *grid(720, 102, 5, 4, x, {(2, 2): GREEN}),
        frame(720 + 2 * x, 102 + 2 * x, 1, 1, x, ACTIVATION, 5),
        text(60 + 3 * x, 32, "picture", 19, INPUT, bold=True),
        text(505, 96, "kernel", 19, WEIGHT, bold=True),
        text(720 + 2 * x, 76, "output", 19, ACTIVATION, bold=True),
        arrow(322, 186, 420, 186, INPUT, 4),
        arrow(592, 186, 710, 186, ACTIVATION, 4),
        arrow(710, 218, 592, 218, GRADIENT, 4),
        arrow(420, 218, 322, 218, GRADIENT, 4),
        code(505, 312, "y += x · w", 21, bold=True),
        code(505, 350, "dw += x · dy", 21, bold=True, colour=GRADIENT),
        code(505, 384, "dx += w · dy", 21, bold=True, colour=GRADIENT),
        text(650, 162, "signal", 16, ACTIVATION),
        text(650, 244, "blame", 16, GRADIENT),
    ]
    return picture(
        980,
        410,
        "A picture of 7 by 6 pixels with a window of 3 by 3, a kernel of 3 by 3, and "
        "an output of 5 by 4 with one pixel marked. The signal runs from the window "
        "through the kernel to the output pixel: y += x · w. Blame runs back to the "
        "kernel, dw += x · dy, and to the window, dx += w · dy.",
        *strokes,
    )


def settings():
    """Stride, padding, dilation: which pixels the first two windows read."""
    size = 32
    strokes = []
    # Stride 2
    x, y = 50, 76
    strokes += grid(x, y, 6, 7, size, cells(range(3), range(3), BLUE))
    strokes += [
        frame(x, y, 3, 3, size, INPUT),
        frame(x + 2 * size, y, 3, 3, size, ACTIVATION),
        arrow(x + 10, y - 14, x + 2 * size + 10, y - 14, INK, 3),
        text(x + 3.5 * size, 30, "stride 2", 20, bold=True),
        text(x + 3.5 * size, 296, "the next place is 2 on", 17),
    ]
    # Padding 1
    x = 344
    ring = {
        (i, j): "#E4E4E4"
        for i in range(8)
        for j in range(8)
        if i in (0, 7) or j in (0, 7)
    }
    smaller = 27
    words = dict.fromkeys(ring, "0")
    strokes += grid(x, y - 16, 8, 8, smaller, ring, words=words)
    strokes += [
        frame(x + smaller, y - 16 + smaller, 6, 6, smaller, INK, 3),
        frame(x, y - 16, 3, 3, smaller, INPUT),
        text(x + 4 * smaller, 30, "padding 1", 20, bold=True),
        text(x + 4 * smaller, 296, "a ring of zeros", 17),
    ]
    # Dilation 2
    x = 654
    read = {(2 * a, 2 * b): BLUE for a in range(3) for b in range(3)}
    strokes += grid(x, y, 6, 8, size, read)
    strokes += [
        frame(x, y, 5, 5, size, INPUT),
        text(x + 4 * size, 30, "dilation 2", 20, bold=True),
        text(x + 4 * size, 296, "3 weights reach over 5", 17),
    ]
    return picture(
        980,
        325,
        "Three grids. Stride 2: the second window begins two columns after the first. "
        "Padding 1: a ring of zeros around the picture, and the first window begins in "
        "it. Dilation 2: three by three pixels are read with one left out between two, "
        "so that the window reaches over five by five.",
        *strokes,
    )


def groups():
    """Four input channels, six kernels of two channels, six outputs, two groups."""
    strokes = [
        text(150, 34, "x: 4 channels", 18, INPUT, bold=True),
        text(490, 34, "weight: 6 kernels of 2 channels", 18, WEIGHT, bold=True),
        text(840, 34, "y: 6 channels", 18, ACTIVATION, bold=True),
        line(40, 214, 940, 214, GREY, 2, dashed=True),
    ]
    for group in range(2):
        top = 64 + 166 * group
        middle = top + 62
        for channel in range(2):
            y = top + 8 + 62 * channel
            strokes += [
                box(100, y, 100, 46, INPUT, BLUE),
                code(150, y + 23, f"x[{2 * group + channel}]", 18),
            ]
        strokes.append(arrow(222, middle, 330, middle, INPUT, 4))
        for kernel in range(3):
            y = top + 44 * kernel
            number = 3 * group + kernel
            strokes += [
                box(352, y, 132, 36, WEIGHT, ORANGE),
                box(492, y, 132, 36, WEIGHT, ORANGE),
                code(418, y + 18, f"w[{number}, 0]", 17),
                code(558, y + 18, f"w[{number}, 1]", 17),
                arrow(636, y + 18, 760, y + 18, ACTIVATION, 3),
                box(780, y, 120, 36, ACTIVATION, GREEN),
                code(840, y + 18, f"y[{number}]", 17),
            ]
    return picture(
        980,
        375,
        "With two groups, four input channels and six kernels: kernels 0 to 2 have two "
        "channels each and read x[0] and x[1], to make y[0] to y[2]; kernels 3 to 5 "
        "read x[2] and x[3], to make y[3] to y[5]. Nothing crosses the line between.",
        *strokes,
    )


def columns():
    """The hand-made picture: six windows as columns, the kernel as a row."""
    patch = [[1, 2, 0, 4], [0, 3, 1, 5], [2, 1, 0, 1]]
    kernel = [1, 2, 0, -1]
    size = 46
    places = [(i, j) for i in range(2) for j in range(3)]
    entries = [(a, b) for a in range(2) for b in range(2)]
    table = {
        (row, column): patch[i + a][j + b]
        for row, (a, b) in enumerate(entries)
        for column, (i, j) in enumerate(places)
    }
    results = {
        (0, column): sum(kernel[row] * table[row, column] for row in range(4))
        for column in range(6)
    }
    chosen = 4  # the window at (1, 1)
    i, j = places[chosen]
    strokes = [
        text(50 + 2 * size, 40, "picture", 18, INPUT, bold=True),
        *grid(
            50, 64, 3, 4, size, cells((i, i + 1), (j, j + 1), BLUE),
            words={(r, c): patch[r][c] for r in range(3) for c in range(4)},
        ),
        frame(50 + j * size, 64 + i * size, 2, 2, size, INPUT),
        text(640 + 3 * size, 40, "windows as columns", 18, INPUT, bold=True),
        *grid(640, 64, 4, 6, size, cells(range(4), (chosen,), BLUE), words=table),
        frame(640 + chosen * size, 64, 4, 1, size, INPUT),
        arrow(250, 150, 624, 150, INPUT, 3),
        text(436, 128, "copy each window into a column", 17),
        text(436, 176, "from the upper left to the lower right", 17),
        text(390, 240, "kernel as a row", 18, WEIGHT, bold=True),
        *grid(
            390 - 2 * size, 276, 1, 4, size, cells((0,), range(4), ORANGE), WEIGHT,
            words={(0, k): str(v).replace("-", "−") for k, v in enumerate(kernel)},
        ),
        text(562, 276 + size / 2, "· columns  =", 20),
        *grid(
            640, 276, 1, 6, size, {(0, chosen): GREEN}, ACTIVATION,
            words={at: str(v).replace("-", "−") for at, v in results.items()},
        ),
        frame(640 + chosen * size, 276, 1, 1, size, ACTIVATION),
        text(640 + 3 * size, 350, "one output pixel for each window", 17, INK),
    ]  # fmt: skip
    return picture(
        980,
        375,
        "A picture of 3 by 4 numbers. Each of its six windows of 2 by 2 is copied into "
        "a column; the one in the lower middle, 3 1 1 0, is marked. The kernel as a "
        "row, 1 2 0 −1, times the columns gives the six output pixels.",
        *strokes,
    )


def drawings():
    return {
        "07_window.svg": window(),
        "07_settings.svg": settings(),
        "07_groups.svg": groups(),
        "07_columns.svg": columns(),
    }


if __name__ == "__main__":
    save(drawings())
