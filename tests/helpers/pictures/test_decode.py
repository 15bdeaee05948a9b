import builtins
import io
import os
import warnings

import numpy as np
import pytest
from picture_files import as_bytes, claiming, photo
from PIL import Image, ImageOps

from helpers.pictures import decode
from helpers.pictures.decode import BadPicture, open_picture

# Red above, green on the left below, blue on the right below.
CORNERS = np.zeros((64, 64, 3), np.uint8)
CORNERS[:32] = 255, 0, 0
CORNERS[32:, :32] = 0, 255, 0
CORNERS[32:, 32:] = 0, 0, 255


def reason(source):
    with pytest.raises(BadPicture) as raised:
        open_picture(source, 8)
    said = str(raised.value)
    assert said.endswith(".") and said.count(". ") == 0, "one sentence"
    return said


def assert_flat(image, colour, near=1):
    assert image.shape == (8, 8, 3) and image.dtype == np.uint8
    np.testing.assert_allclose(
        image.astype(int), np.broadcast_to(colour, (8, 8, 3)), atol=near
    )


def test_a_picture_of_the_right_size_stays_as_it_is(tmp_path):
    path = tmp_path / "a name with spaces, é and 猫.PNG"
    image = photo(width=8, height=8)
    image.save(path)
    np.testing.assert_array_equal(open_picture(path, 8), np.asarray(image))
    np.testing.assert_array_equal(open_picture(str(path), 8), np.asarray(image))
    np.testing.assert_array_equal(open_picture(path.read_bytes(), 8), np.asarray(image))


@pytest.mark.parametrize("turned", [False, True])
def test_the_middle_is_taken(turned):
    wide = np.zeros((8, 24, 3), np.uint8)
    wide[:, 8:16] = photo(width=8, height=8)
    given = wide.transpose(1, 0, 2) if turned else wide
    middle = open_picture(as_bytes(Image.fromarray(given)), 8)
    expected = given[8:16] if turned else given[:, 8:16]
    np.testing.assert_array_equal(middle, expected)


def test_shrinking_averages():
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    assert_flat(open_picture(as_bytes(Image.fromarray(stripes)), 8), 128, near=3)


def test_a_jpeg_decoded_at_a_fraction_of_its_size_is_the_same_picture():
    large = Image.fromarray(CORNERS).resize((1024, 1024), Image.Resampling.NEAREST)
    image = open_picture(as_bytes(large, "JPEG", quality=95, subsampling=0), 64)
    assert np.abs(image.astype(int) - CORNERS).mean() < 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_lying_on_its_side_is_put_upright(orientation):
    stored = Image.fromarray(CORNERS[:, :48])
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = as_bytes(stored, "JPEG", exif=exif, quality=95, subsampling=0)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    expected = ImageOps.fit(upright.convert("RGB"), (24, 24), Image.Resampling.BICUBIC)
    difference = open_picture(content, 24).astype(int) - np.asarray(expected)
    assert np.abs(difference).mean() < 6


def test_damaged_exif_does_not_spoil_the_picture():
    content = as_bytes(
        Image.new("RGB", (8, 8), "red"), "JPEG", exif=b"Exif\0\0MM\0*bad"
    )
    assert_flat(open_picture(content, 8), (255, 0, 0), near=3)


@pytest.mark.parametrize(
    "image, colour",
    [
        (Image.new("L", (9, 9), 77), 77),
        (Image.new("1", (9, 9), 1), 255),
        (Image.new("I;16", (9, 9), 77 * 257), 77),
        (Image.new("RGBA", (9, 9), (255, 0, 0, 255)), (255, 0, 0)),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), 255),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 128)), 127),
        (Image.new("LA", (9, 9), (0, 0)), 255),
        (Image.new("P", (9, 9)), 0),
        (Image.new("RGB", (1, 1), (1, 2, 3)), (1, 2, 3)),
        (Image.new("RGB", (1, 5000), (9, 8, 7)), (9, 8, 7)),
        (Image.new("RGB", (5000, 1), (9, 8, 7)), (9, 8, 7)),
    ],
    ids=lambda value: f"{value.mode}-{value.size}" if hasattr(value, "mode") else "",
)
def test_odd_pngs(image, colour):
    assert_flat(open_picture(as_bytes(image), 8), colour)


def test_a_palette_with_a_see_through_colour():
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    image.paste(0, (0, 0, 8, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        half = open_picture(as_bytes(image, transparency=0), 8)
        bytewise = open_picture(as_bytes(image, transparency=b"\0\xff"), 8)
    for result in (half, bytewise):
        assert (result[:4] == 255).all()
        assert (result[4:] == (10, 20, 30)).all()


def test_sixteen_bits_keep_their_shades():
    ramp = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    image = open_picture(as_bytes(Image.fromarray(ramp)), 8)
    np.testing.assert_allclose(image[..., 0], ramp / 257, atol=1)
    assert (image[..., 0] == image[..., 2]).all()


def test_floating_point_tiff():
    for white in (1, 255, 65535, 1e6):
        ramp = np.linspace(0, white, 64, dtype=np.float32).reshape(8, 8)
        image = open_picture(as_bytes(Image.fromarray(ramp), "TIFF"), 8)
        np.testing.assert_allclose(image[..., 0], ramp * 255 / white, atol=1)


def test_cmyk_jpeg():
    image = Image.new("CMYK", (64, 64), (0, 255, 255, 0))
    assert_flat(open_picture(as_bytes(image, "JPEG", quality=95), 8), (255, 0, 0), 4)


def test_a_gif_gives_its_first_frame():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    content = as_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert_flat(open_picture(content, 8), (255, 0, 0))


@pytest.mark.parametrize("form", ["WEBP", "BMP", "TIFF", "GIF", "JPEG"])
def test_other_formats(form):
    assert_flat(
        open_picture(as_bytes(Image.new("RGB", (9, 9), "blue"), form), 8),
        (0, 0, 255),
        3,
    )


def test_nothing_at_all(tmp_path):
    (tmp_path / "x.jpg").touch()
    assert reason(tmp_path / "x.jpg") == reason(b"") == "The file is empty."


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("left", [0.4, 0.9])
def test_a_file_that_breaks_off(form, left):
    content = as_bytes(photo(width=300, height=300), form)
    said = reason(content[: int(left * len(content))])
    assert "missing" in said or "damaged" in said


def test_every_single_cut_of_a_file_is_a_picture_or_a_sentence():
    content = as_bytes(photo(width=12, height=12), "JPEG")
    for length in range(len(content)):
        try:
            assert open_picture(content[:length], 8).shape == (8, 8, 3)
        except BadPicture as said:
            assert str(said).endswith(".")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP"])
def test_flipped_bits_are_a_picture_or_a_sentence(form):
    content = np.frombuffer(as_bytes(photo(width=12, height=12), form), np.uint8)
    rng = np.random.default_rng(0)
    for _ in range(150):
        damaged = content.copy()
        damaged[rng.integers(0, len(content), 6)] ^= rng.integers(1, 256, 6, np.uint8)
        try:
            assert open_picture(damaged.tobytes(), 8).shape == (8, 8, 3)
        except BadPicture as said:
            assert str(said).endswith(".")


@pytest.mark.parametrize(
    "content",
    [b"not a picture at all", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"GIF89a", b"\xff\xd8\xff"],
)
def test_something_else_called_jpg(tmp_path, content):
    path = tmp_path / "x.jpg"
    path.write_bytes(content)
    assert "known" in reason(path) or "missing" in reason(path)


def test_decompression_bombs():
    assert "20,000 × 20,000" in reason(
        claiming(20_000, 20_000)
    ) or "far more" in reason(claiming(20_000, 20_000))
    assert "10,000 × 10,000 pixels" in reason(claiming(10_000, 10_000))


def test_bombs_are_refused_even_where_pillow_allows_them(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert "60,000 × 60,000" in reason(claiming(60_000, 60_000))


def test_no_warning_is_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "10,000 × 10,000 pixels" in reason(claiming(10_000, 10_000))


def test_a_folder_with_the_name_of_a_picture(tmp_path):
    (tmp_path / "x.jpg").mkdir()
    assert "folder" in reason(tmp_path / "x.jpg")


@pytest.mark.usefixtures("links")
def test_a_link_to_nothing(tmp_path):
    (tmp_path / "x.jpg").symlink_to(tmp_path / "gone.jpg")
    assert "link to nothing" in reason(tmp_path / "x.jpg")
    assert "no such file" in reason(tmp_path / "never.jpg")


@pytest.mark.usefixtures("links")
def test_links_in_a_circle(tmp_path):
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    assert reason(tmp_path / "a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_keep_anyone_waiting(tmp_path):
    os.mkfifo(tmp_path / "x.jpg")
    assert "regular" in reason(tmp_path / "x.jpg")


def test_an_unreadable_file(tmp_path, monkeypatch):
    path = tmp_path / "x.jpg"
    photo().save(path)

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(builtins, "open", forbidden)  # root may read everything
    said = reason(path)
    assert "permission denied" in said and str(tmp_path) not in said


def test_memory_that_runs_out(monkeypatch):
    def enormous(*_):
        raise MemoryError

    monkeypatch.setattr(decode, "_colours", enormous)
    assert "memory" in reason(as_bytes(photo()))
