"""cats_and_dogs: folders as they really are, and whatever lies in them."""

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from picture_files import as_bytes, claiming, fill, photo, splits, write
from PIL import Image

from helpers.data import cats_and_dogs
from helpers.pictures.decode import open_picture
from helpers.pictures.folders import BadFolder


def read(root, **options):
    return cats_and_dogs(root, **{"size": 8, "progress": False} | options)


def reasons(result):
    return {skipped.path: skipped.reason for skipped in result.skipped}


def names(pictures):
    return list(pictures.names)


def test_kaggles_layout(tmp_path):
    result = read(splits(tmp_path))
    assert result.classes == ("cats", "dogs")
    assert result.skipped == ()
    assert result.train.labels.tolist() == [0] * 6 + [1] * 6
    assert result.test.labels.tolist() == [0] * 2 + [1] * 2
    assert names(result.train)[0] == "training_set/cats/0.png"
    assert names(result.test)[-1] == "test_set/dogs/1.png"
    assert result.source == (
        f"Photographs in {tmp_path.name}: 6 + 2 cats, 6 + 2 dogs (to train + to test)."
    )
    assert repr(result) == result.source
    assert repr(result.train) == "12 pictures, 8 × 8"


def test_every_picture_is_under_its_own_name(tmp_path):
    result = read(splits(tmp_path))
    for pictures in (result.train, result.test):
        for image, name in zip(pictures.images, pictures.names, strict=True):
            np.testing.assert_array_equal(image, open_picture(tmp_path / name, 8))


@pytest.mark.parametrize(
    "train, test",
    [
        ("train", "val"),
        ("train", "test"),
        ("Training", "Validation"),
        ("TRAIN", "valid"),
    ],
)
def test_other_names_of_splits(tmp_path, train, test):
    fill(tmp_path / train, count=4)
    fill(tmp_path / test, count=3, first=100)
    result = read(tmp_path)
    assert (len(result.train), len(result.test)) == (8, 6)


@pytest.mark.parametrize(
    "inside", ["archive", "archive/dataset", "training_set twice", "as classes"]
)
def test_folders_within_folders(tmp_path, inside):
    if inside == "training_set twice":
        for split, first in (("training_set", 0), ("test_set", 100)):
            fill(tmp_path / split / split, count=3, first=first)
    elif inside == "as classes":
        fill(tmp_path / "dataset", count=6)
    else:
        splits(tmp_path / inside, train=3, test=1)
        (tmp_path / inside / "single_prediction").mkdir()
    result = read(tmp_path)
    assert result.classes == ("cats", "dogs")
    assert len(result.train) >= len(result.test) > 0


def test_any_number_of_classes_and_any_name(tmp_path):
    kinds = ("bus stop", "train", "Äpfel", "犬")
    result = read(splits(tmp_path, names=kinds))
    assert result.classes == kinds
    assert np.bincount(result.train.labels).tolist() == [6] * 4
    shutil.rmtree(tmp_path / "test_set")
    (tmp_path / "training_set").rename(tmp_path / "other")
    assert read(tmp_path / "other").classes == kinds


def test_without_a_split_a_fifth_is_held_out(tmp_path):
    fill(tmp_path, count=10)
    result = read(tmp_path)
    assert np.bincount(result.train.labels).tolist() == [8, 8]
    assert np.bincount(result.test.labels).tolist() == [2, 2]
    assert not set(names(result.train)) & set(names(result.test))
    assert "held out" in result.source
    assert names(read(tmp_path).test) == names(result.test)
    others = [names(read(tmp_path, seed=seed).test) for seed in range(1, 4)]
    assert any(other != names(result.test) for other in others)


@pytest.mark.parametrize("missing", ["training_set", "test_set"])
@pytest.mark.parametrize("empty", [False, True])
def test_a_split_that_is_missing(tmp_path, missing, empty):
    shutil.rmtree(splits(tmp_path, train=10, test=10) / missing)
    if empty:
        for name in ("cats", "dogs"):
            (tmp_path / missing / name).mkdir(parents=True)
    result = read(tmp_path)
    assert (len(result.train), len(result.test)) == (16, 4)
    assert "held out" in result.source


def test_a_second_test_split_is_named(tmp_path):
    fill(splits(tmp_path) / "val")
    result = read(tmp_path)
    assert len(result.test) == 4
    assert "test_set" in reasons(result)["val"]


def test_an_empty_class(tmp_path):
    (splits(tmp_path) / "training_set" / "birds").mkdir()
    result = read(tmp_path)
    assert result.classes == ("cats", "dogs")
    assert reasons(result) == {"training_set/birds": "A class without pictures."}


def test_a_class_of_nothing_but_damaged_pictures(tmp_path):
    birds = splits(tmp_path) / "training_set" / "birds"
    write(tmp_path / "test_set" / "birds" / "good.png", photo(77))
    birds.mkdir()
    for i in range(3):
        (birds / f"{i}.jpg").write_bytes(b"text")
    result = read(tmp_path)
    assert result.classes == ("cats", "dogs")
    assert result.train.labels.tolist() == [0] * 6 + [1] * 6
    assert result.test.labels.tolist() == [0] * 2 + [1] * 2
    assert "training_set/birds/0.jpg" in reasons(result)
    assert "birds" in reasons(result)


def test_a_class_that_is_only_tested(tmp_path):
    fill(splits(tmp_path) / "test_set", ("birds",))
    result = read(tmp_path)
    assert result.classes == ("cats", "dogs")
    assert "birds" in reasons(result)


@pytest.mark.parametrize("damaged", [False, True])
def test_one_class_only(tmp_path, damaged):
    splits(tmp_path, names=("cats",))
    if damaged:
        (tmp_path / "training_set" / "dogs").mkdir()
        (tmp_path / "training_set" / "dogs" / "0.jpg").touch()
    with pytest.raises(BadFolder, match=r"one class only, 'cats'.*own\.$"):
        read(tmp_path)


def test_folders_that_cannot_be_worked_with(tmp_path):
    with pytest.raises(BadFolder, match="doesn't exist"):
        read(tmp_path / "nowhere")
    with pytest.raises(BadFolder, match="no pictures"):
        read(tmp_path)
    write(tmp_path / "lonely.png", photo())
    with pytest.raises(BadFolder, match="no pictures"):
        read(tmp_path)
    with pytest.raises(BadFolder, match="not a folder"):
        read(tmp_path / "lonely.png")
    for name in ("cats", "dogs"):
        write(tmp_path / name / "only.png", photo())
    with pytest.raises(BadFolder, match="to test with"):
        read(tmp_path)


@pytest.mark.usefixtures("links")
def test_all_that_may_lie_in_a_folder(tmp_path):
    cats = splits(tmp_path) / "training_set" / "cats"
    good = {
        "a name with spaces.png": as_bytes(photo(1)),
        "żółw 猫 é.jpg": as_bytes(photo(2), "JPEG"),
        "UPPER.JPG": as_bytes(photo(3), "JPEG"),
        "Mixed.JpEg": as_bytes(photo(4), "JPEG"),
        "moving.gif": as_bytes(photo(5), "GIF"),
        "palette.png": as_bytes(photo(6).quantize()),
        "alpha.png": as_bytes(photo(7).convert("RGBA")),
        "grey.png": as_bytes(photo(8).convert("L")),
        "deep.png": as_bytes(Image.new("I;16", (9, 9), 30_000)),
        "print.jpg": as_bytes(photo(9).convert("CMYK"), "JPEG"),
        "dot.png": as_bytes(photo(10, 1, 1)),
        "thread.png": as_bytes(photo(11, 1, 5000)),
        "inner/deeper/one.png": as_bytes(photo(12)),
    }
    bad = {
        "empty.jpg": b"",
        "cut.jpg": as_bytes(photo(13, 300, 300), "JPEG")[:3000],
        "text.jpg": b"This is no picture.",
        "bomb.png": claiming(30_000, 30_000),
        ".DS_Store": b"\0\0\0\1Bud1",
        "._resource.jpg": b"\0\5\x16\7",
        "Thumbs.db": b"thumbs",
        "notes.txt": b"Remember the milk.",
        "no ending": b"",
    }
    for name, content in (good | bad).items():
        (cats / name).parent.mkdir(parents=True, exist_ok=True)
        (cats / name).write_bytes(content)
    (cats / "folder.jpg").mkdir()
    (cats / "gone.jpg").symlink_to(cats / "nowhere.jpg")
    (cats / "linked.png").symlink_to(cats / "grey.png")
    (cats / "circle").symlink_to(cats)
    (tmp_path / "training_set" / "readme.md").write_text("Beside the classes.")
    (tmp_path / "training_set" / ".ipynb_checkpoints").mkdir()

    result = read(tmp_path)
    found = {name.removeprefix("training_set/cats/") for name in names(result.train)}
    own = {f"{i}.png" for i in range(6)} | {
        f"training_set/dogs/{i}.png" for i in range(6)
    }
    assert found - own == {*good, "linked.png"}
    beside = {"training_set/readme.md", "training_set/.ipynb_checkpoints"}
    expected = {
        f"training_set/cats/{name}" for name in (*bad, "folder.jpg", "gone.jpg")
    }
    assert set(reasons(result)) == expected | beside
    assert all(reason.endswith(".") for reason in reasons(result).values())
    assert f"; {len(expected | beside)} skipped" in result.source
    assert str(result.skipped[0]).count(": ") == 1
    assert reasons(read(tmp_path)) == reasons(result), "remembered with the pixels"


def test_a_name_in_no_encoding(tmp_path):
    cats = splits(tmp_path) / "training_set" / "cats"
    try:
        (Path(os.fsdecode(os.fsencode(cats) + b"/\xff\xfe.png"))).write_bytes(
            as_bytes(photo(99))
        )
    except OSError:
        pytest.skip("not possible on this file system")
    assert len(read(tmp_path).train) == 13


def test_an_unreadable_class(tmp_path, monkeypatch):
    splits(tmp_path, names=("birds", "cats", "dogs"))
    listed = os.scandir

    def forbidden(path):
        if str(path).endswith("training_set/birds"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", forbidden)  # root may read everything
    result = read(tmp_path)
    assert result.classes == ("cats", "dogs")
    assert any("Permission denied" in skipped.reason for skipped in result.skipped)


def test_the_same_picture_in_both_splits(tmp_path):
    splits(tmp_path)
    shutil.copy(
        tmp_path / "training_set" / "cats" / "3.png", tmp_path / "test_set" / "dogs"
    )
    result = read(tmp_path)
    (pair,) = result.duplicates()
    assert pair == (3, 4)
    np.testing.assert_array_equal(result.train.images[3], result.test.images[4])
    assert result.train.labels[3] != result.test.labels[4]


def test_no_more_than_asked_for(tmp_path):
    result = read(splits(tmp_path, train=12, test=4), per_class=10)
    assert (len(result.train), len(result.test)) == (20, 4)
    assert names(result.train)[:2] == [
        "training_set/cats/0.png",
        "training_set/cats/1.png",
    ]
    result = read(tmp_path, per_class=2)
    assert (len(result.train), len(result.test)) == (4, 2)


def test_a_changed_file_is_read_anew(tmp_path):
    path = splits(tmp_path) / "training_set" / "cats" / "0.png"
    before = read(tmp_path).train.images[0].copy()
    photo(123).save(path)
    os.utime(path, (time.time() + 5,) * 2)
    assert (read(tmp_path).train.images[0] != before).any()


def test_a_second_start_decodes_nothing(tmp_path, monkeypatch):
    first = read(splits(tmp_path)).train.images.copy()
    monkeypatch.setattr(Image, "open", None)
    np.testing.assert_array_equal(read(tmp_path).train.images, first)


def test_a_folder_named_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PHOTOS", str(splits(tmp_path)))
    assert cats_and_dogs(size=8, progress=False).source.startswith("Photographs")
    monkeypatch.setenv("COURSE_PHOTOS", "")
    drawn = cats_and_dogs(size=8, per_class=2, progress=False)
    assert drawn.source.startswith("Drawn")


# What comes out of them


def test_tensors_as_torch_wants_them(tmp_path):
    train = read(splits(tmp_path)).train
    picture, label = train[7]
    assert picture.shape == (3, 8, 8) and picture.dtype == torch.float32
    assert label == 1 and type(label) is int
    assert torch.equal(
        (picture * 255).round().byte(), torch.tensor(train.images[7]).permute(2, 0, 1)
    )
    for indices in ([7, 0], np.array([7, 0]), torch.tensor([7, 0])):
        batch, labels = train.batch(indices)
        assert batch.shape == (2, 3, 8, 8) and batch.is_contiguous()
        assert torch.equal(batch[0], picture) and torch.equal(batch[1], train[0][0])
        assert labels.dtype == torch.int64 and labels.tolist() == [1, 0]
    batch[:] = 0
    labels[:] = 0
    assert train[7][0].max() > 0 and train[7][1] == 1


def test_pictures_are_a_sequence(tmp_path):
    train = read(splits(tmp_path)).train
    assert len(list(train)) == len(train) == 12
    assert torch.equal(train[-1][0], train[11][0])
    with pytest.raises(IndexError):
        train[12]
    empty, none = train.batch([])
    assert empty.shape == (0, 3, 8, 8) and none.shape == (0,)


@pytest.mark.parametrize("workers", [0, 2])
def test_torchs_own_loader(tmp_path, workers):
    train = read(splits(tmp_path)).train
    loader = torch.utils.data.DataLoader(train, batch_size=5, num_workers=workers)
    batches = list(loader)
    assert [len(labels) for _, labels in batches] == [5, 5, 2]
    assert torch.equal(torch.cat([b for b, _ in batches]), train.batch(range(12))[0])


def test_pictures_can_be_sent_to_another_process(tmp_path):
    import pickle

    train = read(splits(tmp_path)).train
    copy = pickle.loads(pickle.dumps(train))
    assert torch.equal(copy.batch([1, 2])[0], train.batch([1, 2])[0])
    assert copy.names == train.names


@pytest.mark.parametrize(
    "options, said",
    [
        ({"size": 0}, "size is a whole number"),
        ({"size": 8.5}, "size is a whole number"),
        ({"size": None}, "size is a whole number"),
        ({"per_class": 0}, "per_class is"),
        ({"workers": -1}, "workers is"),
        ({"seed": -1}, "seed is"),
        ({"download": "birds"}, '"pets" or "kaggle"'),
        ({"root": ".", "download": "pets"}, "not both"),
    ],
)
def test_arguments_that_make_no_sense(options, said):
    with pytest.raises(ValueError, match=said):
        cats_and_dogs(**options)
