"""Draws the README's picture: a cat, half numbers and half pixels, and a verdict."""

from svg import (
    ACTIVATION,
    GRADIENT,
    GREY,
    INK,
    INPUT,
    TARGET,
    WEIGHT,
    box,
    code,
    line,
    picture,
    save,
    text,
)

ROWS, COLUMNS = 20, 28
SIDE = 17  # of a cell, in the drawing's units
LEFT, TOP = 478, 34
BORDER = 14  # the column at which numbers turn into pixels
FAINT = "#C4C4BE"  # for zeros: the ground
FINE = 4  # each cell is looked at in FINE × FINE places


def ellipse(x, y, across, down):
    return lambda a, b: ((a - x) / across) ** 2 + ((b - y) / down) ** 2 <= 1


def polygon(*corners):
    """Whether a place is inside, for convex corners given clockwise."""
    sides = list(zip(corners, corners[1:] + corners[:1], strict=True))

    def inside(a, b):
        return all(
            (x2 - x1) * (b - y1) - (y2 - y1) * (a - x1) >= 0
            for (x1, y1), (x2, y2) in sides
        )

    return inside


# A cat's head in cells, from the upper left corner; later parts lie on earlier ones.
# Each has a darkness from 0 to 9, which is the number that is written, and a colour.
PARTS = [
    (polygon((4.8, 0.6), (12.0, 7.2), (4.4, 11.5)), 6, TARGET),
    (polygon((23.2, 0.6), (23.6, 11.5), (16.0, 7.2)), 6, TARGET),
    (ellipse(14, 12.8, 10.3, 6.7), 6, TARGET),
    (polygon((5.9, 3.4), (9.4, 6.6), (5.9, 9.0)), 3, GRADIENT),
    (polygon((22.1, 3.4), (22.1, 9.0), (18.6, 6.6)), 3, GRADIENT),
    (polygon((13.1, 6.0), (14.9, 6.0), (14.4, 9.0), (13.6, 9.0)), 8, TARGET),
    (polygon((10.2, 6.4), (11.6, 6.2), (12.2, 8.4), (11.4, 8.6)), 8, TARGET),
    (polygon((16.4, 6.2), (17.8, 6.4), (16.6, 8.6), (15.8, 8.4)), 8, TARGET),
    (ellipse(14, 16.2, 4.6, 2.8), 2, TARGET),
    (ellipse(9.5, 11.5, 2.3, 2.2), 1, ACTIVATION),
    (ellipse(18.5, 11.5, 2.3, 2.2), 1, ACTIVATION),
    (ellipse(9.5, 11.5, 0.8, 2.1), 9, INK),
    (ellipse(18.5, 11.5, 0.8, 2.1), 9, INK),
    (ellipse(14, 14.5, 1.5, 0.95), 9, GRADIENT),
    (polygon((13.6, 15), (14.4, 15), (14.4, 17), (13.6, 17)), 8, INK),
    (polygon((11.4, 16.8), (16.6, 16.8), (15.8, 17.7), (12.2, 17.7)), 8, INK),
    (polygon((0, 14), (7, 15), (7, 15.6), (0, 14.8)), 8, INK),
    (polygon((28, 14), (28, 14.8), (21, 15.6), (21, 15)), 8, INK),
    (polygon((0, 18), (7, 17), (7, 17.6), (0, 18.8)), 8, INK),
    (polygon((28, 18), (28, 18.8), (21, 17.6), (21, 17)), 8, INK),
]


def cell(row, column):
    """(darkness, colour) of a cell: the mean over its places, and the commonest."""
    darkness, colours = 0, []
    for i in range(FINE * FINE):
        a = column + (i % FINE + 0.5) / FINE
        b = row + (i // FINE + 0.5) / FINE
        covering = [part for part in PARTS if part[0](a, b)]
        if covering:
            darkness += covering[-1][1]
            colours.append(covering[-1][2])
    if not colours:
        return 0, GREY
    return round(darkness / FINE**2), max(sorted(set(colours)), key=colours.count)


def cat():
    """Left of the border a cell is its number, right of it the number's pixel."""
    strokes = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            darkness, colour = cell(row, column)
            x, y = LEFT + SIDE * column, TOP + SIDE * row
            if column < BORDER:
                how = (
                    {"colour": colour, "bold": True} if darkness else {"colour": FAINT}
                )
                strokes.append(code(x + SIDE / 2, y + SIDE / 2, darkness, 14, **how))
            elif darkness:
                opacity = min(darkness + 2, 10) / 10
                strokes.append(
                    f'<rect x="{x}" y="{y}" width="{SIDE - 1}" height="{SIDE - 1}" '
                    f'rx="2" fill="{colour}" fill-opacity="{opacity}"/>'
                )
    return strokes


def window():
    """The kernel that slides over the picture, where numbers become pixels."""
    x, y = LEFT + SIDE * (BORDER - 2), TOP + SIDE * 9
    return [
        box(x - 1, y - 1, 5 * SIDE + 1, 5 * SIDE + 1, WEIGHT, "none", 4, rx=4),
        text(
            LEFT + SIDE * BORDER,
            392,
            "pixels are numbers; you write what reads them",
            16,
        ),
    ]


def verdict():
    """An answer that forgot something, and what the course says to it."""
    left = 36
    return [
        box(left, 212, 400, 58, GREY, stroke=1.5, rx=6),
        code(left + 16, 230, "dh = dy_pred @ w2.T", 16, anchor="start"),
        code(left + 16, 252, "dw1 = x.T @ dh", 16, anchor="start"),
        f'<rect x="{left}" y="280" width="7" height="94" fill="{GRADIENT}"/>',
        box(left + 7, 280, 393, 94, GREY, stroke=1, rx=0),
        text(left + 22, 301, "✗ Not yet", 17, anchor="start", bold=True),
        text(
            left + 22, 327, "dw1 is right except that switched-off", 17, anchor="start"
        ),
        text(left + 22, 351, "units still pass gradient back.", 17, anchor="start"),
    ]


def hero():
    return picture(
        980,
        416,
        "From NumPy to CNN. A cat's head on a grid: its left half is in digits, "
        "its right half is coloured pixels, and a convolution's window lies where the "
        "one turns into the other. Beside it, two lines of code that forget ReLU's "
        "mask, and a verdict that says so.",
        text(36, 62, "From NumPy", 44, bold=True, anchor="start"),
        text(36, 112, "to CNN", 44, bold=True, anchor="start", colour=INPUT),
        text(36, 158, "Every layer built by hand.", 19, anchor="start"),
        text(36, 184, "Every mistake called by its name.", 19, anchor="start"),
        line(LEFT + SIDE * BORDER, TOP - 12, LEFT + SIDE * BORDER, TOP + 346, GREY, 1),
        *cat(),
        *window(),
        *verdict(),
    )


def drawings():
    return {"README_hero.svg": hero()}


if __name__ == "__main__":
    save(drawings())
