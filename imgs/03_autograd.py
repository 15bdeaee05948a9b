"""Draws the hero of notebook 03: what is recorded forward is walked backward."""

from svg import (
    ACTIVATION,
    GRADIENT,
    GREY,
    INK,
    INPUT,
    arrow,
    circle,
    code,
    picture,
    save,
    text,
)


def tape():
    """a and b become a·b, then a·b + a; below, the blame on its way back."""
    spots = {
        "a": (110, 110, INPUT, "2", "4"),
        "b": (110, 290, INPUT, "3", "2"),
        "a·b": (400, 240, ACTIVATION, "6", "1"),
        "a·b + a": (690, 175, ACTIVATION, "8", "1"),
    }
    edges = [
        ("a", "a·b", "· 3", 30),
        ("b", "a·b", "· 2", 30),
        ("a·b", "a·b + a", "· 1", 30),
        ("a", "a·b + a", "· 1", -24),
    ]
    strokes = []
    for start, end, factor, lift in edges:
        (x1, y1), (x2, y2) = spots[start][:2], spots[end][:2]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        off = (-dy * 7, dx * 7)
        strokes += [
            arrow(
                round(x1 + 44 * dx - off[0], 1),
                round(y1 + 44 * dy - off[1], 1),
                round(x2 - 44 * dx - off[0], 1),
                round(y2 - 44 * dy - off[1], 1),
                GREY,
                2,
            ),
            arrow(
                round(x2 - 44 * dx + off[0], 1),
                round(y2 - 44 * dy + off[1], 1),
                round(x1 + 44 * dx + off[0], 1),
                round(y1 + 44 * dy + off[1], 1),
                GRADIENT,
                3,
            ),
            code((x1 + x2) / 2, (y1 + y2) / 2 + lift, factor, 17, colour=GRADIENT),
        ]
    for name, (x, y, colour, value, grad) in spots.items():
        strokes += [
            circle(x, y, 38, colour, stroke=5),
            code(x, y, value, 24, bold=True),
            code(x, y - 54, name, 19, bold=True, colour=colour),
            text(x, y + 54, f"blame {grad}", 16, GRADIENT),
        ]
    strokes += [
        arrow(800, 90, 860, 90, GREY, 2),
        text(870, 90, "signal", 17, INK, "start"),
        arrow(860, 130, 800, 130, GRADIENT, 3),
        text(870, 130, "blame", 17, GRADIENT, "start"),
    ]
    return picture(
        980,
        390,
        "The graph of a times b plus a, with a = 2 and b = 3. The signal runs from a "
        "and b through their product 6 to the sum 8. Blame 1 runs back: 2 reaches b, "
        "and a gets 3 through the product and 1 directly, 4 in all.",
        *strokes,
    )


def drawings():
    return {"03_graph.svg": tape()}


if __name__ == "__main__":
    save(drawings())
