"""A checkpoint is whole or refused, with a reason, and left as it is."""

import io
import pickle

import pytest
import torch
import toy_run
from torch import nn

from helpers.training import CHECKPOINT, checkpoints, fit, fitting
from helpers.training.checkpoints import CheckpointError


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    run = tmp_path_factory.mktemp("finished")
    toy_run.train(run)
    return run


@pytest.fixture
def run(finished, tmp_path):
    """A run's folder with a checkpoint that a test may damage."""
    (tmp_path / CHECKPOINT).write_bytes((finished / CHECKPOINT).read_bytes())
    return tmp_path


def refused(run, how=None, **also):
    """What is said when the run is to go on; the file stays as it is."""
    path = run / CHECKPOINT
    before = path.read_bytes()
    with pytest.raises(CheckpointError) as caught:
        toy_run.train(run, **({"resume": True} | also))
    assert path.read_bytes() == before
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


class Evil:
    def __reduce__(self):
        return print, ("This must never be run.",)


def flipped(content):
    """One bit of a weight."""
    weights = torch.load(io.BytesIO(content), weights_only=True)["model"]["0.weight"]
    at = content.index(weights.numpy().tobytes())
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-100], id="end missing"),
        pytest.param(lambda content: content[: len(content) // 2], id="half"),
        pytest.param(lambda content: content[500:], id="beginning missing"),
        pytest.param(flipped, id="one bit"),
        pytest.param(lambda content: b"no checkpoint", id="text"),
        pytest.param(lambda content: pickle.dumps(Evil()), id="pickle"),
    ],
)
def test_damaged(run, damage, capsys):
    path = run / CHECKPOINT
    path.write_bytes(damage(path.read_bytes()))
    assert "is damaged" in refused(run)
    assert capsys.readouterr().out == ""


def test_code_is_never_executed(run, capsys):
    torch.save({"version": checkpoints.VERSION, "model": Evil()}, run / CHECKPOINT)
    assert "is damaged" in refused(run)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [{}, {"version": 0}, [1], torch.zeros(2)])
def test_something_else_that_torch_saved(run, content):
    torch.save(content, run / CHECKPOINT)
    assert "isn't a checkpoint" in refused(run)


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (toy_run.network(width=5), "0.weight is (4, 3, 3, 3) there, and (5, 3, 3, 3)"),
        (nn.Sequential(nn.Flatten(), nn.Linear(432, 1)), "1.weight is (4,) there"),
        (toy_run.network(classes=3), "5.weight is (1, 100) there, and (3, 100)"),
    ],
)
def test_another_model(run, model, named):
    before = (run / CHECKPOINT).read_bytes()
    pictures = toy_run.pictures()
    with pytest.raises(CheckpointError, match="belongs to another model") as caught:
        fit(model, pictures, pictures, run=run, resume=True, **toy_run.HOW)
    assert named in str(caught.value)
    assert (run / CHECKPOINT).read_bytes() == before


def linear(optimizer, steps):
    return torch.optim.lr_scheduler.LinearLR(optimizer, total_iters=steps)


@pytest.mark.parametrize(
    ("named", "how"),
    [
        ("batch size: 8, not 9", {"batch_size": 9}),
        ("seed: 3, not 4", {"seed": 4}),
        ("epochs: 4, not 5", {"epochs": 5}),
        ("patience", {"patience": 2}),
        ("schedule: OneCycleLR, not None", {"schedule": None}),
        ("schedule: OneCycleLR, not LinearLR", {"schedule": linear}),
        ("lr: 0.01, not 0.02", {"optimizer": lambda p: torch.optim.AdamW(p, lr=0.02)}),
        ("optimizer: AdamW, not SGD", {"optimizer": torch.optim.SGD}),
    ],
)
def test_other_settings(run, named, how):
    assert f"was trained with another {named}" in refused(run, **how)


def test_other_pictures(run):
    other = toy_run.pictures(seed=5)
    with pytest.raises(
        CheckpointError, match="trained with another set of pictures: 76"
    ):
        fit(toy_run.network(), other, other, run=run, resume=True, **toy_run.HOW)


def test_not_asked_to_resume(run):
    assert "pass resume=True" in refused(run, resume=False)


def test_nothing_to_resume_from_is_a_beginning(tmp_path):
    begun = toy_run.train(tmp_path / "deep" / "run", resume=True)
    assert toy_run.same(begun, toy_run.train())


def test_a_finished_run_is_handed_back(run):
    before = (run / CHECKPOINT).read_bytes()
    assert toy_run.same(toy_run.train(run, resume=True), toy_run.train())
    assert (run / CHECKPOINT).read_bytes() == before


def test_more_epochs_can_follow_where_no_schedule_has_planned_for_fewer(tmp_path):
    toy_run.train(tmp_path, schedule=None, epochs=2)
    longer = toy_run.train(tmp_path, schedule=None, epochs=4, resume=True)
    assert toy_run.same(longer, toy_run.train(schedule=None, epochs=4))


def test_saving_costs_no_bit(tmp_path):
    assert toy_run.same(toy_run.train(tmp_path, save_every=0), toy_run.train())


@pytest.mark.parametrize("failing", ["torch.save", "os.fsync", "os.replace"])
def test_a_crash_while_saving_leaves_the_old_one(run, monkeypatch, failing):
    path = run / CHECKPOINT
    before = path.read_bytes()

    def crash(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(failing, crash)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save({"model": 1}, path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    checkpoints.save({"model": 1}, path)
    assert checkpoints.load(path)["model"] == 1
    assert [file.name for file in run.iterdir()] == [CHECKPOINT]


def test_no_checkpoint_is_said_so(tmp_path):
    with pytest.raises(CheckpointError, match="There is no checkpoint at"):
        checkpoints.load(tmp_path / CHECKPOINT)


def test_two_processes_dont_train_in_one_folder(tmp_path):
    with (
        fitting._alone_in(tmp_path),
        pytest.raises(CheckpointError, match="Another process is training in"),
    ):
        toy_run.train(tmp_path)
    toy_run.train(tmp_path)
