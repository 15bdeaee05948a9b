"""A cat or a dog, in clay and fur: soft shapes, lit from one side, laid on each other.

A head looks somewhere: its parts have a depth, and turn with it. Coat, pattern, eyes,
pose and size are drawn from the same lots for both; what tells them apart is their
shape: ears, muzzle, nose, eyes, whiskers, build and tail.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

REACH = 2.0  # a canvas shows −2 to 2, both ways, y down; a head's radius is about 0.8
COATS = np.array(
    [
        (206, 128, 62),  # ginger
        (228, 190, 134),  # cream
        (150, 104, 66),  # brown
        (98, 66, 48),  # chocolate
        (126, 126, 130),  # grey
        (84, 90, 102),  # slate
        (52, 50, 54),  # black
        (236, 228, 216),  # white
        (190, 154, 108),  # fawn
        (176, 172, 168),  # silver
    ],
    float,
)
EYES = np.array(
    [(126, 168, 74), (214, 168, 52), (92, 150, 196), (128, 82, 44), (88, 60, 40)], float
)
NOSES = np.array([(44, 38, 40), (60, 46, 44), (196, 120, 116), (120, 76, 66)], float)
PATTERNS = ("plain", "bicolour", "striped", "patches", "points", "spots")
PINK = np.array([206, 130, 124], float)
DARK = np.array([38, 30, 30], float)
WHITE = np.array([240, 234, 226], float)


@dataclass
class Looks:
    """What a picture's animal looks like, cat or dog alike."""

    coat: np.ndarray
    second: np.ndarray
    pattern: str
    eyes: np.ndarray
    nose: np.ndarray
    inner_ear: np.ndarray
    yaw: float
    pitch: float
    pose: str
    collar: np.ndarray | None
    light: float  # the direction it comes from, an angle

    @classmethod
    def random(cls, rng):
        coat = COATS[rng.integers(len(COATS))] * rng.uniform(0.85, 1.12)
        pattern = PATTERNS[rng.integers(len(PATTERNS))]
        other = COATS[rng.integers(len(COATS))]
        second = WHITE if pattern == "bicolour" else other
        if pattern in ("striped", "points"):
            second = coat * rng.uniform(0.4, 0.65)
        return cls(
            coat=np.clip(coat + rng.normal(0, 6, 3), 25, 245),
            second=np.clip(second, 20, 245),
            pattern=pattern,
            eyes=np.clip(EYES[rng.integers(len(EYES))] + rng.normal(0, 12, 3), 0, 255),
            nose=NOSES[rng.integers(len(NOSES))],
            inner_ear=PINK * rng.uniform(0.6, 1.05),
            yaw=rng.uniform(-0.6, 0.6),
            pitch=rng.uniform(-0.2, 0.28),
            pose="lying" if rng.random() < 0.35 else "sitting",
            collar=rng.uniform(40, 230, 3) if rng.random() < 0.3 else None,
            light=rng.uniform(-2.6, -0.5),
        )


class Clay:
    """Layers of soft shapes, each lit, furry at its rim, and casting a shadow."""

    def __init__(self, pixels, light, rng):
        self.pixels, self.rng = pixels, rng
        self.toward_light = np.cos(light), np.sin(light)
        self.colour = np.zeros((pixels, pixels, 3), np.float32)
        self.alpha = np.zeros((pixels, pixels), np.float32)
        self.fur = fur(pixels, rng)

    def layer(self, coat):
        self.base = coat
        self.paint = Image.new("RGB", (self.pixels, self.pixels), rgb(coat))
        self.shape = Image.new("L", (self.pixels, self.pixels))
        self.on_paint = ImageDraw.Draw(self.paint)
        self.on_shape = ImageDraw.Draw(self.shape)

    def part(self, points, colour=None):
        """A piece of the layer's shape."""
        corners = self.place(points)
        self.on_shape.polygon(corners, fill=255)
        if colour is not None:
            self.on_paint.polygon(corners, fill=rgb(colour))

    def mark(self, points, colour):
        """Paint on the layer: seen only where its shape is."""
        self.on_paint.polygon(self.place(points), fill=rgb(colour))

    def stripe(self, points, colour, width):
        self.on_paint.line(
            self.place(points), fill=rgb(colour), width=self.width(width), joint="curve"
        )

    def limb(self, points, start, end):
        """A round piece along a line, from one radius to another."""
        points = along(points, 14)
        radii = np.linspace(start, end, len(points))
        for (x, y), radius in zip(points, radii, strict=True):
            self.part(ellipse(x, y, radius, radius, corners=14))

    def place(self, points):
        return ((np.asarray(points) + REACH) * self.scale).ravel().tolist()

    def lines(self, lines, colour, width):
        """Drawn on all that is there, and beyond."""
        shape = Image.new("L", (self.pixels, self.pixels))
        pen, width = ImageDraw.Draw(shape), self.width(width)
        for line in lines:
            pen.line(self.place(line), fill=255, width=width, joint="curve")
        box = shape.getbbox()
        if box is None:
            return
        here = np.s_[box[1] : box[3], box[0] : box[2]]
        shape = np.asarray(shape.crop(box), np.float32) / 255
        colour = np.asarray(colour, np.float32)
        self.colour[here] += shape[..., None] * (colour - self.colour[here])
        np.maximum(self.alpha[here], shape, out=self.alpha[here])

    @property
    def scale(self):
        return self.pixels / (2 * REACH)

    def width(self, width):
        return max(1, round(width * self.scale))

    def press(self, fuzz=1.0, depth=1.0):
        """Light the layer and lay it on those below."""
        margin = round((0.03 + 0.1 * (depth > 0.4)) * self.pixels)
        box = self.shape.getbbox()
        if box is None:  # all of it is outside the canvas
            return
        left, top = (max(0, edge - margin) for edge in box[:2])
        right, bottom = (min(self.pixels, edge + margin) for edge in box[2:])
        box, here = (left, top, right, bottom), np.s_[top:bottom, left:right]
        shape, paint = self.shape.crop(box), self.paint.crop(box)
        near = blurred(shape, 0.012 * self.pixels * (1 + (fuzz > 0)))
        paint = np.asarray(paint.filter(ImageFilter.BoxBlur(0.6)), np.float32)
        covered = near
        if fuzz:  # hairs stand out at the rim
            hairs = self.fur[here]
            rim = 4 * near * (1 - near)
            covered = (near - 0.5 + 0.16 * fuzz * hairs * rim) * 3.2 + 0.5
            covered = np.clip(covered, 0, 1)
        if depth or fuzz:
            far = blurred(shape, 0.075 * self.pixels)
            light = 0.78 + 0.32 * np.clip(2 * far - 0.9, 0, 1)
            dy, dx = np.gradient(far * self.pixels)
            light -= (
                0.055 * depth * (self.toward_light[0] * dx + self.toward_light[1] * dy)
            )
            if fuzz:
                light += 0.06 * fuzz * hairs
            paint = paint * light[..., None]
            below = np.roll(far, round(0.02 * self.pixels), 0)
            self.colour[here] *= (1 - 0.4 * depth * below)[..., None]
        self.colour[here] += covered[..., None] * (paint - self.colour[here])
        np.maximum(self.alpha[here], covered, out=self.alpha[here])

    def picture(self):
        image = np.dstack([np.clip(self.colour, 0, 255), self.alpha * 255])
        return Image.fromarray(image.astype(np.uint8))


def rgb(colour):
    return tuple(min(255, max(0, int(c))) for c in colour)


def blurred(shape, radius):
    soft = shape.filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(soft, np.float32) / 255


def fur(pixels, rng):
    """Noise, longer than wide, of variance about 1."""
    grain = rng.standard_normal((pixels + 4, pixels), np.float32)
    return (grain[:-4] + grain[1:-3] + grain[2:-2] + grain[3:-1] + grain[4:]) / 2.24


@cache
def circle(corners):
    t = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.cos(t), np.sin(t)


def ellipse(x, y, rx, ry, turn=0.0, corners=28):
    along_x, along_y = circle(corners)
    c, s = math.cos(turn), math.sin(turn)
    outline = np.empty((corners, 2))
    outline[:, 0] = x + c * rx * along_x - s * ry * along_y
    outline[:, 1] = y + s * rx * along_x + c * ry * along_y
    return outline


def blob(points, steps=6):
    """A smooth closed line through the points (Catmull and Rom's spline)."""
    p = np.asarray(points, float)
    before, after, later = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * p
        + (after - before) * t
        + (2 * before - 5 * p + 4 * after - later) * t**2
        + (3 * p - before - 3 * after + later) * t**3
    )
    return curve.transpose(1, 0, 2).reshape(-1, 2)


def along(points, steps):
    """A smooth open line through the points."""
    p = np.asarray(points, float)
    ends = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, len(p) - 1 - 1e-9, steps)
    i = t.astype(int)
    t = (t - i)[:, None]
    a, b, c, d = (ends[i + k] for k in range(4))
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t**2
        + (3 * b - a - 3 * c + d) * t**3
    )


def mirrored(points):
    """The right half of an outline, from top to bottom, and its mirror image."""
    p = np.asarray(points, float)
    left = p[::-1] * (-1, 1)
    return np.vstack([p, left[np.abs(left[:, 0]) > 1e-9]])


def shifted(points, x):
    return points + np.array([x, 0.0])


class Head:
    """Where points of a head are seen, as it turns by yaw and nods by pitch."""

    def __init__(self, x, y, yaw, pitch, size=1.0):
        self.x, self.y, self.size = x, y, size
        self.cos, self.sin = np.cos(yaw), np.sin(yaw)
        self.nod_cos, self.nod_sin = np.cos(pitch), np.sin(pitch)

    def at(self, x, y, z):
        across = x * self.cos + z * self.sin
        towards = z * self.cos - x * self.sin
        down = y * self.nod_cos + towards * self.nod_sin
        return self.x + self.size * across, self.y + self.size * down

    def points(self, points, z=0.0):
        return np.stack(self.at(*np.asarray(points, float).T, z), axis=1)

    def narrow(self, x):
        """How much narrower something at x on the face looks, seen from the side."""
        side = np.arcsin(np.clip(x, -0.9, 0.9))
        return max(0.3, np.cos(side) * self.cos - np.sin(side) * self.sin)

    def oval(self, x, y, z, rx, ry, turn=0.0):
        cx, cy = self.at(x, y, z)
        return ellipse(
            cx, cy, self.size * rx * self.narrow(x), self.size * ry, turn=turn
        )


def animal(kind, looks, pixels, rng):
    """The animal on nothing, as RGBA, and the row where its head ends."""
    clay = Clay(pixels, looks.light, rng.spawn(1)[0])
    lean = rng.uniform(-0.25, 0.25)
    sitting = looks.pose == "sitting"
    head = Head(
        lean if sitting else math.copysign(0.6, lean),
        -0.62 if sitting else -0.15,
        looks.yaw,
        looks.pitch,
        rng.uniform(0.86, 1.0),
    )
    draw_body, draw_head = ANIMALS[kind]
    draw_body(clay, looks, head, rng)
    draw_head(clay, looks, head, rng)
    neck = clay.place([head.at(0, 0.75, 0)])[1]
    return clay.picture(), neck


# Bodies


def body(clay, looks, head, rng, chest, hips, leg):
    """Sitting or lying, with its pattern, perhaps with a collar."""
    x, y = head.x, head.y
    clay.layer(looks.coat)
    if looks.pose == "lying":
        away = -np.sign(x)
        clay.part(ellipse(x + away * 0.75, 0.72, 1.15, 0.62 * hips))
        clay.part(ellipse(x, 0.72, 0.72 * chest, 0.6))
        markings(clay, looks, rng, x, 0.7, 1.3)
        clay.press()
        clay.layer(paws(looks))
        for side in (-0.3, 0.3):
            foot = x + side * chest, 1.18
            clay.limb([foot, (foot[0] + side * 0.2, 1.24)], leg, leg * 1.05)
        clay.press(0.7)
    else:
        bottom = 1.62
        right = [
            (0, y + 0.35),
            (0.5 * chest, y + 0.62),
            (0.62 * chest, 0.55),
            (0.86 * hips, 1.15),
            (0.8 * hips, bottom),
            (0, bottom + 0.05),
        ]
        centre = x * 0.5
        clay.part(blob(shifted(mirrored(right), centre)))
        markings(clay, looks, rng, centre, 0.8, 1.0)
        clay.press()
        clay.layer(looks.coat)
        for side in (-1, 1):
            clay.part(ellipse(centre + side * 0.62 * hips, 1.45, 0.34, 0.3))
        clay.press(0.8)
        clay.layer(looks.coat)
        for side in (-0.3, 0.3):
            foot = centre + side * chest
            clay.limb([(foot * 0.9, 0.75), (foot, 1.6)], leg, leg * 0.95)
            clay.part(ellipse(foot, 1.66, leg * 1.25, leg * 0.8), paws(looks))
        clay.press(0.8)
    if looks.collar is not None:
        clay.layer(looks.collar)
        neck = y + 0.7 * head.size
        clay.part(ellipse(x, neck, 0.52 * chest, 0.17))
        clay.press(0)


def paws(looks):
    return looks.second if looks.pattern in ("bicolour", "points") else looks.coat


def markings(clay, looks, rng, x, y, spread):
    """The body's pattern."""
    if looks.pattern == "bicolour":
        clay.mark(ellipse(x, y - 0.1, 0.32, 0.6), looks.second)
    elif looks.pattern == "striped":
        for height in np.arange(y - 0.7, y + 0.9, 0.26):
            for side in (-1, 1):
                start = x + side * rng.uniform(0.25, 0.45)
                line = [
                    (start, height + 0.12),
                    (start + side * 0.4, height),
                    (start + side * 1.4, height + rng.uniform(0.1, 0.3)),
                ]
                clay.stripe(along(line, 8), looks.second, 0.09)
    elif looks.pattern == "patches":
        for _ in range(4):
            cx, cy = x + rng.normal(0, 0.6 * spread), y + rng.normal(0, 0.5)
            clay.mark(ragged(cx, cy, rng.uniform(0.25, 0.5), rng), looks.second)
    elif looks.pattern == "spots":
        for _ in range(22):
            cx, cy = x + rng.normal(0, 0.7 * spread), y + rng.normal(0, 0.6)
            clay.mark(ragged(cx, cy, rng.uniform(0.05, 0.12), rng), looks.second)


def ragged(x, y, radius, rng):
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    radii = radius * rng.uniform(0.7, 1.3, 8)
    return blob(np.stack([x + radii * np.cos(turns), y + radii * np.sin(turns)], 1), 3)


def cat_body(clay, looks, head, rng):
    side, curl = rng.choice([-1, 1]), rng.uniform(-0.35, 0.35)
    lying = looks.pose == "lying"
    if not lying:
        tail = [(0.6, 1.3), (1.15, 1.25), (1.4, 0.6), (1.15, 0.05), (1.35, -0.3)]
        tail = np.array(tail) + np.outer([0, 0, 1, 1, 1], [0, curl])
        clay.layer(looks.coat)
        clay.limb(tail * (side, 1), 0.16, 0.11)
        clay.press()
    body(clay, looks, head, rng, rng.uniform(0.75, 0.95), rng.uniform(0.85, 1.0), 0.15)
    if lying:  # round its feet
        side = -math.copysign(1, head.x)
        tail = [(1.12, 0.8), (1.3, 1.2), (0.8, 1.34), (0.2 - curl, 1.3)]
        clay.layer(ear_colour(looks))
        clay.limb(np.array(tail) * (side, 1), 0.15, 0.11)
        clay.press(1, 0.8)


def dog_body(clay, looks, head, rng):
    side, up = rng.choice([-1, 1]), rng.uniform(0, 0.3)
    tail = [(0.7, 1.2), (1.1, 0.85), (1.2 + up, 0.45 - up)]
    if looks.pose == "lying":
        side = -math.copysign(1, head.x)
        tail = [(0.9, 0.8), (1.4, 0.5), (1.55 + up / 2, 0.1 - up)]
    clay.layer(looks.coat)
    clay.limb(np.array(tail) * (side, 1), 0.2, rng.uniform(0.06, 0.16))
    clay.press(1.4)
    body(clay, looks, head, rng, rng.uniform(0.95, 1.2), rng.uniform(0.85, 1.05), 0.19)


# Heads


def face(clay, looks, head, rng):
    """The head's pattern, before it is lit."""
    if looks.pattern == "bicolour":
        blaze = [(0, -0.75), (0.1, -0.3), (0.3, 0.1), (0.42, 0.7)]
        clay.mark(blob(head.points(mirrored([*blaze, (0, 0.8)]), 0.6)), looks.second)
    elif looks.pattern == "striped":
        for x in (-0.26, 0, 0.26):
            line = head.points([(x, -0.8), (x * 0.9, -0.52), (x * 0.7, -0.34)], 0.5)
            clay.stripe(line, looks.second, 0.085)
        for side in (-1, 1):
            for y in (0.08, 0.28):
                line = head.points([(side * 0.5, y), (side * 0.95, y - 0.06)], 0.3)
                clay.stripe(line, looks.second, 0.075)
    elif looks.pattern == "points":
        clay.mark(head.oval(0, 0.3, 0.6, 0.48, 0.5), looks.second)
    elif looks.pattern == "patches":
        side = rng.choice([-1, 1])
        clay.mark(head.oval(side * 0.36, -0.2, 0.5, 0.4, 0.45), looks.second)
    elif looks.pattern == "spots":
        for _ in range(7):
            x, y = rng.normal(0, 0.45), rng.normal(-0.25, 0.3)
            clay.mark(head.oval(x, y, 0.4, 0.06, 0.06), looks.second)


def ear_colour(looks):
    return looks.second if looks.pattern in ("points", "patches") else looks.coat * 0.93


def cat_head(clay, looks, head, rng):
    spread, tall = rng.uniform(-0.12, 0.2), rng.uniform(0.92, 1.12)
    ear = np.array(
        [
            (0.12, -0.52),
            (0.36, -0.94),
            (0.62 + spread, -1.3 * tall),
            (0.8 + spread / 2, -0.85),
            (0.84, -0.2),
            (0.4, -0.2),
        ]
    )
    inner = np.array([(0.34, -0.6), (0.6 + spread, -1.12 * tall), (0.74, -0.45)])
    clay.layer(ear_colour(looks))
    for side in (-1, 1):
        clay.part(sharp(head.points(ear * (side, 1), -0.05), 2))
        clay.mark(head.points(inner * (side, 1), 0.08), looks.inner_ear)
    clay.press(0.7)
    wide = rng.uniform(0.95, 1.08)
    right = [
        (0, -0.64),
        (0.42 * wide, -0.58),
        (0.76 * wide, -0.2),
        (0.87 * wide, 0.2),
        (0.62, 0.52),
        (0.26, 0.66),
        (0, 0.68),
    ]
    clay.layer(looks.coat)
    outline = blob(mirrored(right))
    clay.part(outline * (head.size, head.size) + head.at(0, 0, 0.05))
    for side in (-1, 1):  # tufts on the cheeks
        tuft = np.array(
            [(0.6, 0.1), (1.0 * wide, 0.3), (0.78, 0.36), (0.86, 0.5), (0.4, 0.55)]
        )
        clay.part(head.points(tuft * (side, 1), 0.05))
    face(clay, looks, head, rng)
    clay.press()
    pale = muzzle_colour(looks, rng)
    clay.layer(pale)
    for side in (-1, 1):
        clay.part(head.oval(side * 0.15, 0.31, 0.78, 0.2, 0.16))
    clay.part(head.oval(0, 0.45, 0.7, 0.14, 0.13))
    clay.press(0.3, 0.5)
    rx, ry = rng.uniform(0.17, 0.21), rng.uniform(0.15, 0.19)
    pupil = rng.uniform(0.2, 0.62)
    eyes(clay, looks, head, 0.35, -0.1, rx, ry, pupil, 0.92, 0.25)
    clay.layer(looks.nose)
    clay.part(head.points([(-0.11, 0.13), (0.11, 0.13), (0, 0.24)], 0.9))
    clay.press(0, 0.5)
    mouth = np.array([(0, 0.23), (0.01, 0.31), (0.1, 0.37), (0.2, 0.33)])
    halves = (along(head.points(mouth * (side, 1), 0.9), 9) for side in (-1, 1))
    clay.lines(halves, DARK, 0.035)
    whiskers = []
    for side in (-1, 1):
        for y, drop in ((0.24, -0.14), (0.3, 0.02), (0.36, 0.18)):
            start = head.at(side * 0.24, y, 0.8)
            end = head.at(side * 1.15, y + drop, 0.35)
            middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 0.05
            whiskers.append(along([start, middle, end], 8))
    clay.lines(whiskers, WHITE * 0.92 if rng.random() < 0.7 else DARK + 40, 0.02)


def sharp(points, keep):
    """A smooth outline, but for one corner."""
    return np.vstack([along(points[: keep + 1], 10), along(points[keep:], 14)])


def muzzle_colour(looks, rng):
    if looks.pattern in ("bicolour", "points"):
        return looks.second
    return np.clip(looks.coat * 0.6 + WHITE * 0.4, 0, 245)


def eyes(clay, looks, head, x, y, rx, ry, pupil, tall, tilt):
    """Both, with pupils as wide and tall as given, and the light in them."""
    clay.layer(DARK)
    for side in (-1, 1):
        at, turn = side * x, -side * tilt
        clay.part(head.oval(at, y, 0.68, rx * 1.16, ry * 1.16, turn))
        clay.mark(head.oval(at, y, 0.68, rx, ry, turn), looks.eyes)
        clay.mark(head.oval(at, y, 0.7, rx * pupil, ry * tall), (14, 12, 14))
        cx, cy = head.at(at, y, 0.7)
        glint = ellipse(cx + rx * 0.3, cy - ry * 0.35, rx * 0.24, rx * 0.24)
        clay.mark(glint, (255, 255, 255))
    clay.press(0, 0)


EARS = {  # the right one; the first is where it sits on the head
    "hanging": [
        (0.34, -0.62),
        (0.72, -0.58),
        (1.0, -0.15),
        (1.06, 0.3),
        (0.9, 0.56),
        (0.7, 0.4),
        (0.6, 0.0),
        (0.5, -0.35),
    ],
    "folded": [
        (0.24, -0.56),
        (0.46, -0.98),
        (0.78, -0.94),
        (1.0, -0.46),
        (0.92, -0.36),
        (0.74, -0.5),
        (0.6, -0.3),
    ],
    "pricked": [
        (0.16, -0.5),
        (0.34, -0.96),
        (0.5, -1.3),
        (0.64, -1.3),
        (0.76, -0.9),
        (0.74, -0.3),
        (0.4, -0.2),
    ],
}


def dog_head(clay, looks, head, rng):
    ears = str(rng.choice(list(EARS), p=[0.5, 0.25, 0.25]))
    shape = np.array(EARS[ears])
    if ears == "hanging":
        shape = (shape - shape[0]) * (rng.uniform(0.85, 1.1), rng.uniform(0.75, 1.25))
        shape += EARS[ears][0]
    if ears == "pricked":
        dog_ears(clay, looks, head, shape, inner=True)
    wide = rng.uniform(0.92, 1.08)
    right = [
        (0, -0.7),
        (0.42 * wide, -0.64),
        (0.69 * wide, -0.3),
        (0.68 * wide, 0.1),
        (0.52, 0.42),
        (0.28, 0.6),
        (0, 0.64),
    ]
    clay.layer(looks.coat)
    clay.part(blob(mirrored(right)) * (head.size, head.size) + head.at(0, 0, 0.05))
    face(clay, looks, head, rng)
    clay.press()
    if ears != "pricked":
        dog_ears(clay, looks, head, shape)
    rx = rng.uniform(0.115, 0.145)
    eyes(clay, looks, head, 0.3, -0.16, rx, rx * 0.95, 0.72, 0.7, 0)
    open_mouth = rng.random() < 0.5
    if open_mouth:
        clay.layer((78, 40, 44))
        clay.part(head.oval(0, 0.56, 0.85, 0.22, 0.2))
        clay.press(0, 0.3)
        clay.layer((220, 110, 116))
        clay.part(head.oval(0, 0.66, 0.95, 0.14, rng.uniform(0.16, 0.26)))
        clay.press(0, 0.6)
    clay.layer(muzzle_colour(looks, rng))
    length, thick = rng.uniform(0.9, 1.25), rng.uniform(0.9, 1.12)
    for depth in np.linspace(0.5, length, 6):
        narrow = 1 - 0.28 * (depth - 0.5) / 0.7
        y = 0.26 + 0.05 * depth
        clay.part(head.oval(0, y, depth, 0.4 * narrow * thick, 0.3 * narrow * thick))
    clay.press(0.6, 0.8)
    mouth = np.array([(0, 0.46), (0.14, 0.53), (0.3, 0.46)])
    halves = (
        along(head.points(mouth * (side, 1), length - 0.1), 7) for side in (-1, 1)
    )
    below_nose = along(head.points([(0, 0.2), (0, 0.34), (0, 0.46)], length), 5)
    clay.lines([below_nose, *halves], DARK, 0.035)
    clay.layer(looks.nose)
    nose = [(0, 0.06), (0.15, 0.07), (0.19, 0.15), (0.1, 0.24), (0, 0.27)]
    clay.part(blob(head.points(mirrored(nose), length + 0.08)))
    clay.press(0, 0.9)
    x, y = head.at(0.04, 0.1, length + 0.12)
    clay.lines([[(x - 0.04, y), (x + 0.03, y)]], WHITE, 0.03)


def dog_ears(clay, looks, head, shape, inner=False):
    clay.layer(ear_colour(looks) * (1 if inner else 0.88))
    for side in (-1, 1):
        clay.part(blob(head.points(shape * (side, 1), -0.05 if inner else 0.1)))
        if inner:
            hollow = np.array([(0.36, -0.55), (0.55, -1.12), (0.68, -0.5)])
            clay.mark(head.points(hollow * (side, 1), 0.05), looks.inner_ear)
    clay.press()


ANIMALS = (cat_body, cat_head), (dog_body, dog_head)
