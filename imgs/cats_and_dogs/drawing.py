"""Cats and dogs drawn by the course, each from its own seed, in a scene of its own."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from helpers.pictures.drawn import CLASSES, SIDE, TEST, TRAIN
from imgs.cats_and_dogs.animals import Looks, animal
from imgs.cats_and_dogs.scenery import background, foreground

WRONG, COPIED = 100, 100  # one label in so many to train with, one picture to test with
FINER = 2  # drawn so many times as large, then shrunk: smooth edges


@dataclass(frozen=True)
class Drawing:
    """What is drawn, what it is called, and the seed of everything else."""

    name: str
    label: int
    kind: int
    seed: tuple


def plan(train, test, seed):
    """What is to be drawn for each class: lists to train with and to test with.

    As in real sets, a few labels are wrong and a few pictures turn up twice.
    """
    rng = np.random.default_rng([seed, 2])
    to_train, to_test = [], []
    for label, name in enumerate(CLASSES):
        wrong = set(rng.permutation(train)[: train // WRONG].tolist())
        for i in range(train):
            kind = 1 - label if i in wrong else label
            drawn = Drawing(f"train/{name}/{i:04}", label, kind, (seed, 0, label, i))
            to_train.append(drawn)
        mine = [drawn for drawn in to_train[-train:] if drawn.kind == label]
        copies = rng.permutation(test)[: test // COPIED].tolist()
        originals = rng.permutation(len(mine))[: len(copies)].tolist()
        seeds = {i: mine[k].seed for i, k in zip(copies, originals, strict=True)}
        for i in range(test):
            of_its_own = (seed, 1, label, i)
            where = seeds.get(i, of_its_own)
            to_test.append(Drawing(f"test/{name}/{i:04}", label, label, where))
    return to_train, to_test


def course_drawings():
    """What comes with the course, in the order of its tiles."""
    to_train, to_test = plan(TRAIN, TEST, seed=0)
    return to_train + to_test


def tile(drawing):
    """One picture as it comes with the course, before it is stored."""
    return draw(drawing, SIDE)


@dataclass
class Scene:
    """Where the animal is in the picture, in which light: of cats and dogs alike."""

    portrait: bool
    area: float  # the animal's part of the picture, before its edges cut it
    x: float
    y: float
    turn: float
    mirror: bool
    brightness: float
    contrast: float
    haze: float  # black is no blacker than this
    tint: np.ndarray
    shade: np.ndarray  # a slope of light over the picture
    noise: float
    blur: float

    @classmethod
    def random(cls, rng):
        return cls(
            portrait=bool(rng.random() < 0.35),
            area=rng.uniform(0.22, 0.46),
            x=rng.uniform(0.38, 0.62),
            y=rng.uniform(0.42, 0.62),
            turn=rng.normal(0, 0.14),
            mirror=bool(rng.random() < 0.5),
            brightness=rng.uniform(0.72, 1.16),
            contrast=rng.uniform(0.85, 1.2),
            haze=rng.uniform(0, 60),
            tint=rng.normal(1, 0.05, 3),
            shade=rng.uniform(-0.22, 0.22, 2),
            noise=rng.uniform(1, 6),
            blur=max(0, rng.uniform(-0.8, 0.5)),
        )


def draw(drawing, size):
    """One picture, an array (size, size, 3) of bytes."""
    image, _ = draw_with_shape(drawing, size)
    return image


def draw_with_shape(drawing, size):
    """The picture, and how much of each pixel is the animal (size, size), 0 to 1."""
    rng = np.random.default_rng(drawing.seed)
    scene, looks = Scene.random(rng), Looks.random(rng)
    behind, before, on_animal, grain = rng.spawn(4)
    pixels = FINER * size
    image = background(pixels, behind)
    placed = _placed(*animal(drawing.kind, looks, pixels, on_animal), scene)
    shape = np.asarray(placed.getchannel("A").resize((size, size)), np.float32) / 255
    _cast_shadow(image, placed)
    image.paste(placed, mask=placed)
    foreground(image, before)
    return _developed(
        image.resize((size, size), Image.Resampling.BOX), scene, grain
    ), shape


def _placed(layer, neck, scene):
    """The animal moved, turned and scaled so that its area and centre are the scene's.

    Its own outline decides by how much: a cat and a dog fill the same space. In a
    portrait it is the head that does.
    """
    pixels = layer.width
    alpha = np.asarray(layer.getchannel("A").resize((32, 32)), float) / 255
    if scene.portrait:
        alpha[max(1, round(neck / pixels * 32)) :] = 0
    rows, columns = np.mgrid[:32, :32] + 0.5
    part = alpha.mean()
    x, y = (
        (alpha * along).sum() / alpha.sum() / 32 * pixels for along in (columns, rows)
    )
    scale = np.sqrt(part / scene.area)  # of steps in the layer per step in the picture
    flip = -1 if scene.mirror else 1
    c, s = scale * np.cos(scene.turn), scale * np.sin(scene.turn)
    a, b, d, e = flip * c, flip * s, -s, c
    to_x, to_y = scene.x * pixels, scene.y * pixels
    return layer.transform(
        layer.size,
        Image.Transform.AFFINE,
        (a, b, x - a * to_x - b * to_y, d, e, y - d * to_x - e * to_y),
        Image.Resampling.BILINEAR,
    )


def _cast_shadow(image, placed):
    radius = image.width * 0.03
    shadow = placed.getchannel("A").filter(ImageFilter.GaussianBlur(radius))
    shadow = shadow.point(lambda a: 0.45 * a)
    image.paste((24, 20, 24), (0, round(radius)), mask=shadow)


def _developed(image, scene, rng):
    """As the camera sees it: light, contrast, colour cast, blur, noise."""
    if scene.blur > 0.05:
        image = image.filter(ImageFilter.GaussianBlur(scene.blur * image.width / 64))
    light = np.asarray(image, np.float32)
    steps = np.linspace(-1, 1, image.width, dtype=np.float32)
    slope = 1 + scene.shade[0] * steps[:, None] + scene.shade[1] * steps
    light = (light - 128) * scene.contrast + 128
    light = light * (slope[..., None] * scene.brightness * scene.tint)
    light = scene.haze + light * (1 - scene.haze / 255)
    light += rng.normal(0, scene.noise, light.shape)
    return np.clip(light, 0, 255).astype(np.uint8)
