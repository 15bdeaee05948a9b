"""Draws the pictures of notebook 02: one memory and its views, broadcasting."""

from svg import (
    ACTIVATION,
    GRADIENT,
    GREY,
    INK,
    INPUT,
    arrow,
    box,
    code,
    picture,
    save,
    text,
)


def views():
    """Six numbers in memory, read as (2, 3) along the rows and as (3, 2) across."""
    strokes = [text(490, 40, "one memory", 20, bold=True)]
    for i in range(6):
        strokes += [
            box(310 + 60 * i, 62, 60, 46, INK, stroke=2, rx=0),
            code(340 + 60 * i, 85, i + 1, 20),
        ]
    strokes += [
        arrow(400, 116, 250, 176, INPUT),
        arrow(580, 116, 730, 176, ACTIVATION),
        code(230, 196, "t   (2, 3)", 19, bold=True, colour=INPUT),
        code(750, 196, "t.T   (3, 2)", 19, bold=True, colour=ACTIVATION),
    ]
    for row in range(2):
        for column in range(3):
            x, y = 140 + 60 * column, 220 + 44 * row
            strokes += [
                box(x, y, 60, 44, INPUT, stroke=2, rx=0),
                code(x + 30, y + 22, 3 * row + column + 1, 20),
            ]
    for row in range(3):
        for column in range(2):
            x, y = 690 + 60 * column, 220 + 44 * row
            strokes += [
                box(x, y, 60, 44, ACTIVATION, stroke=2, rx=0),
                code(x + 30, y + 22, row + 3 * column + 1, 20),
            ]
    strokes += [
        text(230, 340, "a row is 3 steps on,", 16),
        text(230, 362, "a column 1 step", 16),
        text(910, 252, "a row is", 16),
        text(910, 274, "1 step on,", 16),
        text(910, 296, "a column", 16),
        text(910, 318, "3 steps", 16),
    ]
    return picture(
        980,
        385,
        "The numbers 1 to 6 lie in a row in memory. The tensor t of shape (2, 3) reads "
        "them row by row; its transpose of shape (3, 2) reads the same six numbers "
        "with other steps.",
        *strokes,
    )


def broadcast():
    """Three pairs of shapes, flush right: two that fit and one that doesn't."""
    rows = [
        ("(5, 1, 4)", ["5", "1", "4"], ["", "3", "1"], ["5", "3", "4"]),
        ("(2, 3)", ["", "2", "3"], ["", "", "3"], ["", "2", "3"]),
        ("(2, 3)", ["", "2", "3"], ["", "", "2"], ["", "2", "✗"]),
    ]
    strokes = []
    for i, (_, upper, lower, result) in enumerate(rows):
        left = 50 + 315 * i
        for column in range(3):
            x = left + 84 * column
            for y, sizes, colour in ((66, upper, INPUT), (122, lower, ACTIVATION)):
                missing = not sizes[column]
                shade = GREY if missing else colour
                strokes += [
                    box(x, y, 74, 46, shade, stroke=2, dashed=missing),
                    code(x + 37, y + 23, sizes[column] or "1", 22, colour=shade),
                ]
            if result[column]:
                bad = result[column] == "✗"
                strokes.append(
                    code(
                        x + 37,
                        208,
                        result[column],
                        24,
                        bold=True,
                        colour=GRADIENT if bad else INK,
                    )
                )
        strokes.append(arrow(left + 250, 46, left + 30, 46, GREY))
    strokes += [
        text(166, 250, "1 stretches to 3, and 1 to 4", 17),
        text(481, 250, "a missing axis counts as 1", 17),
        text(796, 250, "3 meets 2: fails", 17, GRADIENT),
        text(490, 22, "read from the right", 17, bold=True),
    ]
    return picture(
        980,
        275,
        "Shapes written below each other, flush right. (5, 1, 4) and (3, 1) give "
        "(5, 3, 4); (2, 3) and (3,) give (2, 3); (2, 3) and (2,) fail, because 3 "
        "meets 2.",
        *strokes,
    )


def drawings():
    return {"02_views.svg": views(), "02_broadcast.svg": broadcast()}


if __name__ == "__main__":
    save(drawings())
