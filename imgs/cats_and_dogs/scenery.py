"""What is behind and before the animals: rooms, meadows, cloth, balls, boxes."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from imgs.cats_and_dogs.animals import blob, ellipse, rgb

PAINTS = {  # what walls, floors, skies, plants and things are like
    "wall": [
        (226, 214, 192),
        (196, 206, 208),
        (214, 188, 172),
        (178, 190, 166),
        (150, 164, 184),
        (204, 186, 204),
        (122, 132, 136),
        (232, 204, 140),
    ],
    "floor": [
        (150, 108, 72),
        (112, 80, 60),
        (188, 152, 112),
        (134, 134, 132),
        (96, 104, 120),
        (168, 118, 104),
        (92, 108, 84),
        (206, 196, 180),
    ],
    "sky": [(150, 190, 226), (196, 214, 226), (236, 200, 166), (142, 150, 170)],
    "green": [
        (96, 140, 70),
        (130, 158, 84),
        (70, 108, 74),
        (170, 156, 92),
        (214, 220, 226),
        (176, 128, 74),
    ],
    "leaf": [(70, 122, 66), (98, 142, 92), (52, 94, 78), (140, 150, 70)],
    "thing": [
        (192, 78, 66),
        (226, 170, 66),
        (70, 112, 162),
        (84, 140, 128),
        (146, 96, 146),
        (226, 216, 200),
        (74, 70, 76),
        (190, 126, 92),
        (34, 32, 36),
    ],
}


def colour(rng, what="thing"):
    paints = PAINTS[what]
    paint = np.array(paints[rng.integers(len(paints))], float)
    return np.clip(paint * rng.uniform(0.75, 1.15) + rng.normal(0, 12, 3), 10, 248)


def background(pixels, rng):
    image = Image.new("RGB", (pixels, pixels), rgb(colour(rng, "wall")))
    pen = ImageDraw.Draw(image)
    paint = PLACES[rng.integers(len(PLACES))]
    paint(pen, pixels, rng)
    for _ in range(rng.integers(0, 4)):
        thing(pen, pixels, rng, rng.uniform(0, 1), rng.uniform(0.35, 1), 0.16)
    for _ in range(rng.integers(0, 12)):  # crumbs, as dark or bright as eyes can be
        x, y = rng.uniform(0, pixels), rng.uniform(0.4, 1) * pixels
        tone = rng.uniform(5, 50, 3) if rng.random() < 0.7 else rng.uniform(225, 250, 3)
        spot(pen, x, y, rng.uniform(0.006, 0.03) * pixels, tone)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.6) * pixels / 128))


def foreground(image, rng):
    """Now and then something stands in front, at the edge."""
    if rng.random() < 0.6:
        return
    pen = ImageDraw.Draw(image)
    pixels = image.width
    if rng.random() < 0.5:
        x = rng.choice([rng.uniform(-0.05, 0.15), rng.uniform(0.85, 1.05)])
        thing(pen, pixels, rng, x, rng.uniform(0.75, 1.05), 0.2)
    else:
        grass(pen, pixels, rng, rng.uniform(0.85, 1.0))


def room(pen, p, rng):
    wall, floor = colour(rng, "wall"), colour(rng, "floor")
    horizon = rng.uniform(0.45, 0.85) * p
    pen.rectangle((0, 0, p, p), fill=rgb(wall))
    if rng.random() < 0.5:
        step = rng.uniform(0.06, 0.2) * p
        for x in np.arange(rng.uniform(0, step), p, step):
            pen.rectangle((x, 0, x + step * 0.4, horizon), fill=rgb(wall * 0.93))
    if rng.random() < 0.5:
        x, y = rng.uniform(0, 0.8) * p, rng.uniform(-0.1, 0.2) * p
        w, h = rng.uniform(0.15, 0.35, 2) * p
        pen.rectangle(
            (x, y, x + w, y + h), fill=rgb(colour(rng)), outline=rgb(wall * 0.6)
        )
    pen.rectangle((0, horizon, p, p), fill=rgb(floor))
    pen.rectangle((0, horizon, p, horizon + p * 0.025), fill=rgb(wall * 0.7))
    for x in np.linspace(-0.6, 1.6, 9):
        line = [(p * (0.5 + (x - 0.5) * 0.6), horizon), (p * x, p)]
        pen.line(line, fill=rgb(floor * 0.88), width=max(1, p // 96))


def meadow(pen, p, rng):
    sky, green = colour(rng, "sky"), colour(rng, "green")
    horizon = rng.uniform(0.25, 0.7)
    for i in range(8):
        y = horizon * p * i / 8
        pen.rectangle((0, y, p, p), fill=rgb(sky + 5 * i))
    for depth in (0.0, 0.08, 0.18):
        hills = [
            (x, horizon + depth + rng.normal(0, 0.03))
            for x in np.linspace(-0.2, 1.2, 6)
        ]
        shape = np.array([(-0.2, 1.3), *hills, (1.2, 1.3)]) * p
        pen.polygon([tuple(c) for c in shape], fill=rgb(green * (1 - depth)))
    grass(pen, p, rng, horizon + 0.2, green)


def grass(pen, p, rng, top, green=None):
    green = colour(rng, "green") if green is None else green
    for _ in range(70):
        x, y = rng.uniform(0, p), p * rng.uniform(top, 1.08)
        tip = x + rng.normal(0, 0.03 * p), y - rng.uniform(0.05, 0.13) * p
        blade = [(x - 0.008 * p, y), (x + 0.008 * p, y), tip]
        pen.polygon(blade, fill=rgb(green * rng.uniform(0.7, 1.2)))


def cloth(pen, p, rng):
    ground, other = colour(rng, "wall"), colour(rng, "floor")
    pen.rectangle((0, 0, p, p), fill=rgb(ground))
    step = rng.uniform(0.1, 0.25) * p
    if rng.random() < 0.5:
        for i, x in enumerate(np.arange(0, p + step, step)):
            for y in np.arange(step / 2 * (i % 2), p + step, step):
                spot(pen, x, y, step * 0.22, other)
    else:
        for x in np.arange(0, p, step):
            pen.rectangle((x, 0, x + step * 0.45, p), fill=rgb(other))
            pen.rectangle((0, x, p, x + step * 0.2), fill=rgb(ground * 0.85))


def lights(pen, p, rng):
    top, bottom = colour(rng, "sky"), colour(rng, "floor")
    for i in range(24):
        shade = top + (bottom - top) * i / 23
        pen.rectangle((0, p * i / 24, p, p), fill=rgb(shade))
    for _ in range(rng.integers(6, 16)):
        x, y = rng.uniform(0, p, 2)
        spot(pen, x, y, rng.uniform(0.03, 0.12) * p, colour(rng, "wall"))


def sofa(pen, p, rng):
    wall, cover = colour(rng, "wall"), colour(rng)
    pen.rectangle((0, 0, p, p), fill=rgb(wall))
    top = rng.uniform(0.2, 0.45) * p
    pen.rounded_rectangle((-0.1 * p, top, 1.1 * p, 1.2 * p), 0.1 * p, fill=rgb(cover))
    for x in (0.02, 0.51):
        box = (x * p, top + 0.06 * p, (x + 0.47) * p, 0.72 * p)
        pen.rounded_rectangle(
            box, 0.06 * p, fill=rgb(cover * 1.08), outline=rgb(cover * 0.8)
        )
    pen.rounded_rectangle(
        (-0.1 * p, 0.7 * p, 1.1 * p, 1.2 * p), 0.05 * p, fill=rgb(cover * 1.16)
    )


PLACES = (room, meadow, cloth, lights, sofa)


def spot(pen, x, y, radius, fill):
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=rgb(fill))


def thing(pen, p, rng, x, y, largest):
    """A ball, a box, a plant or a bowl, standing at (x, y)."""
    x, y = x * p, y * p
    r = rng.uniform(0.4, 1) * largest * p
    tone = colour(rng)
    what = rng.integers(4)
    if what == 0:
        spot(pen, x, y - r, r, tone)
        band = ellipse(x, y - r, r * 0.95, r * 0.3, rng.uniform(-0.6, 0.6))
        pen.polygon([tuple(c) for c in band], fill=rgb(colour(rng)))
        spot(pen, x - r * 0.35, y - r * 1.4, r * 0.2, tone * 1.3)
    elif what == 1:
        high = r * rng.uniform(0.8, 2.4)
        pen.rectangle((x - r, y - high, x + r, y), fill=rgb(tone))
        pen.rectangle((x + r * 0.6, y - high, x + r, y), fill=rgb(tone * 0.8))
        pen.rectangle((x - r, y - high, x + r, y - high * 0.8), fill=rgb(colour(rng)))
    elif what == 2:
        leaf = colour(rng, "leaf")
        for turn in rng.uniform(-1.1, 1.1, 7):
            tip = np.array([x + r * 2.4 * np.sin(turn), y - r - r * 2.4 * np.cos(turn)])
            side = np.array([np.cos(turn), np.sin(turn)]) * r * 0.28
            root = np.array([x, y - r])
            middle = (root + tip) / 2
            points = blob([root, middle + side, tip, middle - side], 4)
            fill = rgb(leaf * rng.uniform(0.75, 1.25))
            pen.polygon([tuple(c) for c in points], fill=fill)
        pot = [
            (x - r * 0.7, y - r),
            (x + r * 0.7, y - r),
            (x + r * 0.5, y),
            (x - r * 0.5, y),
        ]
        pen.polygon(pot, fill=rgb(tone))
    else:
        bowl = [
            (x - r, y - r * 0.6),
            (x + r, y - r * 0.6),
            (x + r * 0.7, y),
            (x - r * 0.7, y),
        ]
        pen.polygon(bowl, fill=rgb(tone))
        pen.ellipse((x - r, y - r * 0.8, x + r, y - r * 0.4), fill=rgb(tone * 0.6))
