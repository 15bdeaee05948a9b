"""The same without a notebook: train, go on, and ask, on the command line."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.pictures.decode import BadPicture
from helpers.training import CHECKPOINT
from helpers.training.checkpoints import CheckpointError
from tools import predict, train

QUICK = ["--epochs", "3", "--size", "32", "--width", "4", "--device", "cpu"]


def write_pictures(root, classes=("light", "dark"), train=24, test=8):
    """A folder of pictures, each class of another brightness."""
    rng = np.random.default_rng(0)
    for split, count in (("training_set", train), ("test_set", test)):
        for shade, name in zip((200, 30, 110), classes, strict=False):
            folder = root / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 40, (40, 50, 3)) + shade
                Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    return root


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    root = write_pictures(tmp_path_factory.mktemp("photos"))
    (root / "training_set" / "dark" / "broken.jpg").write_bytes(b"no picture")
    return root


@pytest.fixture(scope="module")
def finished(photos, tmp_path_factory):
    run = tmp_path_factory.mktemp("run") / "a"
    assert train.main([str(photos), "--out", str(run), *QUICK]) == 0
    return run


def command(module, *arguments):
    return [sys.executable, "-m", f"tools.{module}", *map(str, arguments)]


# --- training ---


def test_it_trains_and_reports(photos, tmp_path):
    run = tmp_path / "run"
    done = subprocess.run(
        command("train", photos, "--out", run, *QUICK),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "skipped training_set/dark/broken.jpg: " in done.stdout
    assert "SmallResNet with " in done.stdout
    assert "Test accuracy" in done.stdout
    assert "said dark  said light" in done.stdout
    assert "epoch 3 of 3" in done.stderr
    assert "Traceback" not in done.stderr
    for name in ("curves.png", "confusion.png"):
        with Image.open(run / name) as image:
            assert image.size[0] > 200
    report = (run / "report.txt").read_text(encoding="utf-8")
    assert report.splitlines()[-1] in done.stdout
    assert not list(run.glob("*.part"))


def test_help_names_everything():
    done = subprocess.run(
        command("train", "--help"), capture_output=True, text=True, check=True
    )
    for option in ("PHOTOS", "--out", "--resume", "--device", "--epochs", "--seed"):
        assert option in done.stdout


def test_a_run_isnt_overwritten(photos, finished, capsys):
    before = (finished / CHECKPOINT).read_bytes()
    assert train.main([str(photos), "--out", str(finished), *QUICK]) == 1
    assert "add --resume to go on with it" in capsys.readouterr().err
    assert (finished / CHECKPOINT).read_bytes() == before


def test_a_run_is_resumed_with_its_own_settings(finished, capsys):
    assert train.main(["--out", str(finished), "--resume"]) == 0
    assert "after 3 epochs" in capsys.readouterr().out
    other = ["--out", str(finished), "--resume", "--size", "48"]
    assert train.main(other) == 1
    assert "was begun with --size 32, not 48" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent otherwise there")
def test_ctrl_c_then_resume_is_the_same_run(photos, finished, tmp_path, interruptible):
    run = tmp_path / "run"
    process = subprocess.Popen(
        command("train", photos, "--out", run, *QUICK),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        time.sleep(0.05)
        if (run / "lock").exists():
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    if process.returncode == train.STOPPED and (run / CHECKPOINT).exists():
        assert "To go on: " in output
    assert train.main(["--out", str(run), "--resume", str(photos), *QUICK]) == 0
    one, other = (
        torch.load(path / CHECKPOINT, weights_only=True)["model"]
        for path in (run, finished)
    )
    # Not bit for bit: the other process may use another number of threads.
    for name, value in one.items():
        assert torch.allclose(value, other[name], rtol=1e-2, atol=1e-3), name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "doesn't exist"),
        (["{photos}", "--device", "toaster"], "no device called toaster"),
    ],
)
def test_one_sentence_on_what_cant_be(photos, tmp_path, capsys, arguments, said):
    filled = [argument.format(photos=photos) for argument in arguments]
    assert train.main([*filled, "--out", str(tmp_path / "run"), *QUICK[:6]]) == 1
    printed = capsys.readouterr().err.strip()
    assert said in printed
    assert "\n" not in printed


@pytest.mark.parametrize("value", ["0", "-3", "many", "1.5"])
def test_numbers_are_from_1_up(tmp_path, capsys, value):
    with pytest.raises(SystemExit):
        train.main(["--out", str(tmp_path), "--epochs", value])
    assert "--epochs" in capsys.readouterr().err


def test_any_number_of_classes(tmp_path, capsys):
    photos = write_pictures(tmp_path / "photos", ("a", "b", "c"), train=6, test=3)
    run = tmp_path / "run"
    assert train.main([str(photos), "--out", str(run), *QUICK]) == 0
    assert "said a  said b  said c" in capsys.readouterr().out
    verdict = predict.load_run(run)(photos / "test_set" / "a" / "0.png")
    assert verdict.name in "abc"
    assert 1 / 3 <= verdict.confidence <= 1


# --- asking ---


def test_each_picture_gets_its_line(photos, finished, tmp_path, capsys):
    light = photos / "test_set" / "light" / "0.png"
    dark = photos / "test_set" / "dark" / "1.png"
    odd = tmp_path / "ein Wölfchen.PNG"
    shutil.copy(light, odd)
    assert predict.main([str(finished), str(light), str(dark), str(odd)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[0] for line in lines] == list(
        map(str, (light, dark, odd))
    )
    for line in lines:
        name, share = line.rpartition(": ")[2].split()
        assert name in ("light", "dark")
        assert 50 <= float(share.rstrip("%")) <= 100
    assert lines[0].split()[-2:] == lines[2].split()[-2:]


def test_bad_pictures_dont_stop_the_others(photos, finished, tmp_path):
    good = photos / "test_set" / "dark" / "0.png"
    empty, text = tmp_path / "empty.jpg", tmp_path / "text.jpg"
    empty.write_bytes(b"")
    text.write_text("no picture")
    bad = [empty, text, tmp_path / "missing.jpg", tmp_path]
    done = subprocess.run(
        command("predict", finished, bad[0], bad[1], good, bad[2], bad[3], good),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    reasons = done.stderr.splitlines()
    assert [line.partition(": ")[0] for line in reasons] == list(map(str, bad))
    assert all(line.endswith(".") for line in reasons)


def test_it_answers_as_the_model_does(photos, finished):
    trained = predict.load_run(finished)
    assert not trained.model.training
    path = photos / "test_set" / "light" / "2.png"
    assert trained(path) == trained(path.read_bytes())
    pixels = torch.from_numpy(predict.open_picture(path, 32).copy()).permute(2, 0, 1)
    share = trained.model(pixels[None] / 255).sigmoid().item()
    verdict = trained(path)
    expected = share if verdict.name == trained.classes[1] else 1 - share
    assert verdict.confidence == pytest.approx(expected, abs=1e-6)
    with pytest.raises(BadPicture):
        trained(b"no picture")


def test_no_run_is_said_so(tmp_path, finished, capsys):
    assert predict.main([str(tmp_path), "cat.jpg"]) == 1
    assert "holds no run of tools.train" in capsys.readouterr().err
    shutil.copy(finished / train.RUN, tmp_path)
    assert predict.main([str(tmp_path), "cat.jpg"]) == 1
    assert "There is no checkpoint at" in capsys.readouterr().err
    (tmp_path / CHECKPOINT).write_bytes(b"damaged")
    assert predict.main([str(tmp_path), "cat.jpg"]) == 1
    assert "is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": 1}'])
def test_a_damaged_description_is_said_so(tmp_path, content):
    (tmp_path / train.RUN).write_text(content)
    with pytest.raises(CheckpointError, match="is damaged; it has been left"):
        train.read_run(tmp_path)


def test_another_runs_checkpoint_is_refused(finished, tmp_path):
    about = json.loads((finished / train.RUN).read_text())
    about["model"]["width"] = 5
    (tmp_path / train.RUN).write_text(json.dumps(about))
    shutil.copy(finished / CHECKPOINT, tmp_path)
    with pytest.raises(CheckpointError, match="belongs to another model"):
        predict.load_run(tmp_path)


def test_photographs_may_be_named_by_the_environment(photos, tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "COURSE_PHOTOS", str(photos))
    run = tmp_path / "run"
    assert train.main(["--out", str(run), *QUICK]) == 0
    assert train.read_run(run)["options"]["photos"] == str(photos)
