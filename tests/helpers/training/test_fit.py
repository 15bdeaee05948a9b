"""fit and evaluate: seeded, counted rightly, stopped whenever, and nobody disturbed."""

import itertools
import random
import signal

import numpy as np
import pytest
import torch
import toy_run
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from torch import nn

from helpers.pictures.splits import Pictures
from helpers.training import CHECKPOINT, Evaluation, decide, evaluate, fit, pick_device


class Spied:
    """Pictures that remember what was asked for."""

    def __init__(self, pictures):
        self.pictures, self.labels, self.asked = pictures, pictures.labels, []

    def __len__(self):
        return len(self.labels)

    def batch(self, indices):
        self.asked.append(indices.tolist())
        return self.pictures.batch(indices)


# --- learning ---


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_it_learns(classes):
    model = toy_run.network(classes)
    train = toy_run.pictures(120, classes=classes)
    test = toy_run.pictures(60, seed=1, classes=classes)
    fast = {"optimizer": lambda parameters: torch.optim.Adam(parameters, lr=0.01)}
    history = fit(model, train, test, epochs=9, batch_size=16, progress=False, **fast)
    assert [row["epoch"] for row in history] == list(range(1, 10))
    assert history[-1]["test_accuracy"] > 0.9
    assert history[-1]["train_loss"] < history[0]["train_loss"]
    assert history[-1]["test_accuracy"] == evaluate(model, test).accuracy
    assert not model.training


def test_every_picture_once_an_epoch_and_in_a_new_order():
    spied = Spied(toy_run.pictures(50))
    fit(toy_run.network(), spied, spied.pictures, **(toy_run.HOW | {"epochs": 3}))
    batches = spied.asked[1:]  # the first is to know them again
    asked = list(itertools.chain.from_iterable(batches))
    assert [len(batch) for batch in batches] == [8, 8, 8, 8, 8, 8, 2] * 3
    orders = [asked[i : i + 50] for i in (0, 50, 100)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len(set(map(tuple, orders))) == 3


def test_what_an_epoch_tells_is_of_every_picture_alike():
    """Without learning, training's figures are those of an evaluation."""
    model, pictures = toy_run.network(), toy_run.pictures(37)
    model[1], model[3] = nn.Identity(), nn.Identity()
    still = {"optimizer": lambda p: torch.optim.SGD(p, lr=0.0), "batch_size": 10}
    row = fit(model, pictures, pictures, epochs=1, progress=False, **still)[0]
    assert row["train_loss"] == pytest.approx(row["test_loss"])
    assert row["train_accuracy"] == pytest.approx(row["test_accuracy"])


# --- random numbers ---


def test_the_seed_decides_and_nothing_else():
    first = toy_run.train()
    random.random(), np.random.random(7), torch.rand(5)  # noqa: NPY002
    assert toy_run.same(toy_run.train(), first)
    assert not toy_run.same(toy_run.train(seed=4), first)


def test_nobody_elses_random_numbers_are_disturbed():
    def draw():
        return random.random(), np.random.random(), torch.rand(()).item()  # noqa: NPY002

    def seed():
        random.seed(1), np.random.seed(1), torch.manual_seed(1)  # noqa: NPY002

    seed()
    expected = draw()
    seed()
    toy_run.train()
    assert draw() == expected


# --- evaluating ---


@pytest.mark.parametrize("classes", [2, 3])
def test_evaluation_agrees_with_sklearn(classes):
    model, pictures = toy_run.network(classes), toy_run.pictures(31, classes=classes)
    result = evaluate(model, pictures, batch_size=7)
    said = result.predictions.numpy()
    assert result.accuracy == pytest.approx(accuracy_score(pictures.labels, said))
    shares = result.probabilities.double()
    if classes > 2:
        shares /= shares.sum(dim=1, keepdim=True)  # to more digits than float32 has
    loss = log_loss(pictures.labels, shares.numpy())
    assert result.loss == pytest.approx(loss, rel=1e-4)
    assert np.array_equal(result.confusion(), confusion_matrix(pictures.labels, said))
    assert len(result.logits) == 31
    assert not result.logits.requires_grad


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_evaluation_doesnt_depend_on_the_batches(batch_size):
    model, pictures = toy_run.network(), toy_run.pictures(31)
    one = evaluate(model, pictures)
    other = evaluate(model, pictures, batch_size=batch_size)
    assert torch.allclose(one.logits, other.logits, atol=1e-6)
    assert one.loss == pytest.approx(other.loss)
    assert one.accuracy == other.accuracy


def test_evaluation_changes_nothing():
    model = toy_run.network().train()
    model[1].eval()  # frozen, as somebody may have wished
    before = {name: value.clone() for name, value in model.state_dict().items()}
    evaluate(model, toy_run.pictures())
    assert all(torch.equal(before[n], v) for n, v in model.state_dict().items())
    assert [module.training for module in model[:4]] == [True, False, True, True]
    assert all(parameter.grad is None for parameter in model.parameters())
    assert torch.is_grad_enabled()


def test_confusion_has_the_true_classes_in_rows():
    result = Evaluation(
        0.0, 0.0, torch.tensor([1.0, 1.0, -1.0]), torch.tensor([0, 0, 1])
    )
    assert result.confusion().tolist() == [[0, 2], [1, 0]]
    assert result.confusion(3).tolist() == [[0, 2, 0], [1, 0, 0], [0, 0, 0]]


def test_one_logit_is_decided_at_0():
    assert decide(torch.tensor([-3.0, 0.3, 0.7])).tolist() == [0, 1, 1]


# --- stopping ---


@pytest.mark.parametrize("at", [1, 3, 10, 11, 40])
def test_ctrl_c_keeps_what_was_learnt(tmp_path, at):
    augment = toy_run.interrupting([at])
    weights, history = toy_run.train(tmp_path, augment=augment)
    assert len(history) == (at - 1) // 10
    stored = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    assert all(torch.equal(stored["model"][n], v) for n, v in weights.items())
    resumed = toy_run.train(tmp_path, resume=True)
    assert toy_run.same(resumed, toy_run.train())


def test_why_it_stopped_is_told():
    model, pictures = toy_run.network(), toy_run.pictures()
    how = toy_run.HOW | {"augment": toy_run.interrupting([13])}
    history = fit(model, pictures, pictures, **how)
    told = "Stopped in epoch 2 of 4, after 24 of 76 pictures; what it learnt stays."
    assert history.stopped == told
    assert history.table().endswith(told)
    assert not model.training


def test_a_second_ctrl_c_ends_it_at_once():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        toy_run.train(augment=toy_run.interrupting([2, 2]))
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_is_what_it_was_afterwards():
    before = signal.getsignal(signal.SIGINT)
    toy_run.train()
    assert signal.getsignal(signal.SIGINT) is before


def test_patience_keeps_the_best_epoch(tmp_path):
    """A learning rate that grows wild makes the later epochs worse."""

    def wilder(optimizer, steps):
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, 1.25)

    model, train, test = toy_run.network(), toy_run.pictures(), toy_run.pictures(seed=1)
    how = toy_run.HOW | {"schedule": wilder, "epochs": 30, "patience": 3}
    history = fit(model, train, test, run=tmp_path, **how)
    losses = history.column("test_loss")
    best = losses.index(min(losses)) + 1
    assert len(losses) == best + 3 < 30
    assert f"The weights are those of epoch {best}." in history.stopped
    assert evaluate(model, test).loss == pytest.approx(min(losses))
    again = toy_run.network()
    assert fit(again, train, test, run=tmp_path, resume=True, **how).stopped
    assert evaluate(again, test).loss == pytest.approx(min(losses))


def test_a_loss_that_isnt_finite_ends_it_and_spares_the_checkpoint(tmp_path):
    model, pictures = toy_run.network(), toy_run.pictures()
    batches = 0

    def poison(batch, generator):
        nonlocal batches
        batches += 1
        return batch * (np.nan if batches == 15 else 1)

    history = fit(
        model, pictures, pictures, run=tmp_path, **(toy_run.HOW | {"augment": poison})
    )
    assert history.stopped.startswith("The loss became nan in epoch 2:")
    assert all(parameter.isfinite().all() for parameter in model.parameters())
    stored = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    assert len(stored["history"]) == 1


# --- telling ---


def test_table_and_figure():
    model, pictures = toy_run.network(), toy_run.pictures()
    history = fit(model, pictures, pictures, **toy_run.HOW)
    lines = history.table(seconds=False).splitlines()
    assert lines[0].split()[-2:] == ["test", "acc."]
    assert len(lines) == 1 + toy_run.EPOCHS
    assert len(set(map(len, lines))) == 1
    assert "seconds" in str(history)
    left, right = history.figure().axes
    assert left.get_ylabel() == "loss"
    assert right.get_ylabel() == "accuracy"
    assert len(left.lines) == 2


def test_a_bar_on_the_terminal(capsys):
    toy_run.train(progress=True)
    told = capsys.readouterr()
    assert "epoch 4 of 4" in told.err
    assert "test accuracy" in told.err
    assert told.out == ""


def test_silent_without_it(capsys):
    toy_run.train()
    assert capsys.readouterr() == ("", "")


# --- what can't be ---


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"epochs": 0}, "epochs is a whole number"),
        ({"batch_size": 2.5}, "batch_size is a whole number"),
        ({"resume": True}, "has to be told where"),
        ({"device": "cuda:99"}, "no device called cuda:99; "),
        ({"device": "toaster"}, "no device called toaster; "),
    ],
)
def test_one_sentence_on_what_cant_be(how, said):
    with pytest.raises(ValueError, match=said):
        toy_run.train(**how)


def test_no_pictures():
    none = Pictures(np.zeros((0, 12, 12, 3), np.uint8), np.zeros(0, np.int64), ())
    some, model = toy_run.pictures(), toy_run.network()
    with pytest.raises(ValueError, match="no pictures to train on"):
        fit(model, none, some, epochs=1)
    with pytest.raises(ValueError, match="no pictures to test with"):
        fit(model, some, none, epochs=1)
    with pytest.raises(ValueError, match="no pictures to evaluate on"):
        evaluate(model, none)
    with pytest.raises(ValueError, match="no parameters"):
        fit(nn.Flatten(), some, some, epochs=1)


def test_a_device_is_found():
    assert pick_device("cpu") == torch.device("cpu")
    assert isinstance(pick_device(), torch.device)
