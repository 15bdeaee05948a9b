"""One picture, from a file or its bytes, as a square array of colours."""

import io
import math
import os
import stat
import warnings

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

# What cameras, phones and the web write. None of Pillow's others: some start programs.
# MPO, of some cameras, is opened as a JPEG; AVIF isn't known to every Pillow.
Image.init()
FORMATS = tuple(
    {"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"} & Image.OPEN.keys()
)
ENDINGS = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".gif",
        ".webp",
        ".bmp",
        ".tif",
        ".tiff",
        ".avif",
    ]
)
MOST_PIXELS = 90_000_000  # decoded, 270 MB: the most that one picture may need
UPRIGHT = {  # EXIF's orientation, and what undoes it
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Source = str | os.PathLike | bytes | bytearray | memoryview  # a path, or the content


class BadPicture(ValueError):
    """One sentence: why this file gives no picture."""


def open_picture(source: Source, size: int) -> np.ndarray:
    """The middle of a picture as an array (size, size, 3) of bytes, colour last.

    ``source`` is a file's path or its bytes. The largest square in the middle is shrunk
    (or enlarged) to ``size`` pixels a side; a photograph lying on its side is put
    upright, what is see-through becomes white. Raises BadPicture.
    """
    with warnings.catch_warnings():  # Pillow's, about what is dealt with here
        warnings.simplefilter("ignore")
        return decode(source, size)


def decode(source: Source, size: int) -> np.ndarray:
    """As open_picture, for threads, which can't silence Pillow's warnings safely."""
    try:
        with _opened(source) as file, Image.open(file, formats=FORMATS) as image:
            _refuse_too_large(image)
            # A JPEG can be decoded at a half, a quarter or an eighth of its size.
            image.draft(None, (2 * size, 2 * size))
            image.load()
            orientation = _orientation(image)
            square = _middle(_colours(image), size)
        if orientation in UPRIGHT:
            square = square.transpose(UPRIGHT[orientation])
        return np.asarray(_on_white(square))
    except BadPicture:
        raise
    except Exception as error:  # damaged files make Pillow raise nearly anything
        raise BadPicture(_reason(error)) from error


def _opened(source):
    if isinstance(source, bytes | bytearray | memoryview):
        if not source:
            raise BadPicture("The file is empty.")
        return io.BytesIO(source)
    status = os.stat(source)
    if stat.S_ISDIR(status.st_mode):
        raise BadPicture("It is a folder, not a picture.")
    if not stat.S_ISREG(status.st_mode):
        raise BadPicture("It is not a regular file.")
    if status.st_size == 0:
        raise BadPicture("The file is empty.")
    return open(source, "rb")


def _refuse_too_large(image):
    pixels = math.prod(image.size)
    if pixels > MOST_PIXELS:
        width, height = image.size
        raise BadPicture(
            f"It claims {width:,} × {height:,} pixels; more than "
            f"{MOST_PIXELS // 1_000_000} million aren't decoded."
        )


def _orientation(image):
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # without its orientation, the picture is still good
        return 1


def _colours(image):
    """The picture as RGB, or as RGBA where some of it is see-through."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(np.asarray(image))
    if image.has_transparency_data or image.mode in ("La", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_deep_grey(grey):
    """Greyscale of 16 bits; or of 32, where the largest value tells what white is."""
    sixteen = grey.dtype == np.uint16
    grey = np.nan_to_num(grey.astype(np.float32), posinf=0, neginf=0)
    most = 65535 if sixteen else grey.max()
    white = next((w for w in (1, 255, 65535) if most <= w), most)
    eight_bits = np.clip(grey * (255 / white) + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(eight_bits).convert("RGB")


def _middle(image, size):
    """The largest square in the middle, resized; antialiased where it shrinks."""
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return image.resize(
        (size, size),
        Image.Resampling.BICUBIC,
        box=(left, top, left + side, top + side),
        reducing_gap=3.0,
    )


def _on_white(image):
    if image.mode == "RGB":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _reason(error):
    if isinstance(error, FileNotFoundError):
        return "There is no such file, or it is a link to nothing."
    if isinstance(error, PermissionError):
        return "The file may not be read (permission denied)."
    if isinstance(error, Image.DecompressionBombError):
        return (
            "It claims far more pixels than a photograph has; more than "
            f"{MOST_PIXELS // 1_000_000} million aren't decoded."
        )
    if isinstance(error, UnidentifiedImageError):
        return "Its content isn't a picture in any format known here."
    if isinstance(error, MemoryError):
        return "Decoding it needs more memory than there is."
    if "truncated" in str(error).lower():
        return "The picture breaks off: part of the file is missing."
    detail = " ".join(str(error).split())[:100] or type(error).__name__
    return f"The picture is damaged ({detail})."
