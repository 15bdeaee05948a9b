"""Downloads, with the network played by a stand-in."""

import sys
import types
import urllib.error

import pytest
import torchvision.datasets
from picture_files import photo, splits, write

from helpers.data import cats_and_dogs
from helpers.pictures.download import DownloadError

TRAIN = [("Abyssinian_1", 1), ("Bengal_2", 1), ("beagle_1", 2), ("pug_3", 2)]
TEST = [("Abyssinian_9", 1), ("pug_9", 2)]


def read(name, **options):
    return cats_and_dogs(download=name, size=8, progress=False, **options)


def unpack(root):
    home = root / "oxford-iiit-pet"
    for split, pets in (("trainval", TRAIN), ("test", TEST)):
        for i, (name, _) in enumerate(pets):
            write(home / "images" / f"{name}.jpg", photo(i))
        lines = [f"{name} 1 {species} 1" for name, species in pets]
        (home / "annotations").mkdir(exist_ok=True)
        text = "\n".join(["# Image CLASS-ID SPECIES BREED ID", *lines, ""])
        (home / "annotations" / f"{split}.txt").write_text(text)


def torchvision_that(monkeypatch, work):
    calls = []

    def pet(root, *, target_types, download):
        calls.append(target_types)
        assert download
        work(root)

    monkeypatch.setattr(torchvision.datasets, "OxfordIIITPet", pet)
    return calls


def test_pets(monkeypatch):
    calls = torchvision_that(monkeypatch, unpack)
    for _ in range(2):
        result = read("pets")
        assert result.classes == ("cats", "dogs")
        assert result.train.labels.tolist() == [0, 0, 1, 1]
        assert result.test.labels.tolist() == [0, 1]
        assert result.train.names[2] == "images/beagle_1.jpg"
        assert result.source.startswith(
            "Photographs of the Oxford-IIIT pets: 2 + 1 cats"
        )
    assert calls == ["binary-category"], "once"
    assert len(read("pets", per_class=1).train) == 2


def offline(root):
    raise urllib.error.URLError(OSError(-2, "Name or service not known"))


def test_pets_offline_says_what_to_do_instead(monkeypatch, capfd):
    torchvision_that(monkeypatch, offline)
    with pytest.raises(DownloadError) as raised:
        read("pets")
    said = str(raised.value)
    assert "cats_and_dogs()" in said and "cats_and_dogs(folder)" in said
    assert "Name or service not known" in said and said.endswith(".")
    assert capfd.readouterr().out == ""


def test_half_an_archive_unpacked_is_unpacked_again(monkeypatch):
    def cut(root):
        write(root / "oxford-iiit-pet" / "images" / "Abyssinian_1.jpg", photo())
        (root / "oxford-iiit-pet" / "annotations").mkdir()
        (root / "oxford-iiit-pet" / "images.tar.gz").write_text("whole")
        raise ConnectionResetError("the line was cut")

    def again(root):
        home = root / "oxford-iiit-pet"
        # torchvision takes folders that are there for the whole set.
        assert not (home / "images").exists() and not (home / "annotations").exists()
        assert (home / "images.tar.gz").read_text() == "whole", "not fetched twice"
        unpack(root)

    torchvision_that(monkeypatch, cut)
    with pytest.raises(DownloadError, match="the line was cut"):
        read("pets")
    torchvision_that(monkeypatch, again)
    assert len(read("pets").train) == 4


def test_kaggle(monkeypatch, tmp_path):
    archive = splits(tmp_path / "downloaded" / "dataset").parent
    asked = []
    stand_in = types.ModuleType("kagglehub")
    stand_in.dataset_download = lambda name: asked.append(name) or str(archive)
    monkeypatch.setitem(sys.modules, "kagglehub", stand_in)
    result = read("kaggle")
    assert asked == ["fusicfenta/cat-and-dog"]
    assert result.source.startswith("Photographs of the Kaggle set: 6 + 2 cats")


def test_kaggle_without_its_package_or_network(monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(DownloadError, match="pip install kagglehub"):
        read("kaggle")
    stand_in = types.ModuleType("kagglehub")

    def dataset_download(name):
        raise ConnectionError("no route to host")

    stand_in.dataset_download = dataset_download
    monkeypatch.setitem(sys.modules, "kagglehub", stand_in)
    with pytest.raises(DownloadError, match=r"no route to host.*cats_and_dogs\(\)"):
        read("kaggle")
