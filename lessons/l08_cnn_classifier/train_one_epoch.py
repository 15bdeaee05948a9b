"""One epoch of training."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from diagnose.kinds import is_tensor
from lessons import about
from lessons.l08_cnn_classifier import solutions
from lessons.l08_cnn_classifier._nets import in_batches, small_net
from lessons.l08_cnn_classifier._numbers import numbers

HOLDS_GRAPHS = "the loss still holds its graphs"


def by_hand(weight, bias, head, images, labels, size, learning_rate):
    """The oracle: what the probe reports, {name: value}, for the inputs of a case.

    In double precision, with gradients written down; BatchNorm's scale included.
    """
    weight, bias, head = (np.asarray(t, float) for t in (weight, bias, head))
    scale, shift = np.ones_like(bias), np.zeros_like(bias)
    running, losses = np.zeros_like(bias), []
    batches = in_batches(images, labels, size)
    for _ in range(2):
        total = 0.0
        for pictures, targets in batches:
            x = np.asarray(pictures, float).mean((2, 3))
            y = np.asarray(targets, float)
            n = len(y)
            z = x @ weight.T + bias
            deviation = np.sqrt(z.var(0) + 1e-5)
            unit = (z - z.mean(0)) / deviation
            running = 0.9 * running + 0.1 * z.mean(0)
            a = unit * scale + shift
            h = np.maximum(a, 0)
            logit = h @ head
            total += np.sum(np.logaddexp(0, logit) - y * logit)
            d_logit = (1 / (1 + np.exp(-logit)) - y) / n
            d_a = np.outer(d_logit, head) * (a > 0)
            d_unit = d_a * scale
            d_z = d_unit - d_unit.mean(0) - unit * (d_unit * unit).mean(0)
            d_z = d_z / deviation
            head = head - learning_rate * h.T @ d_logit
            scale = scale - learning_rate * (d_a * unit).sum(0)
            shift = shift - learning_rate * d_a.sum(0)
            weight = weight - learning_rate * d_z.T @ x
            bias = bias - learning_rate * d_z.sum(0)
        losses.append(total / sum(len(y) for _, y in batches))
    return {
        "loss of the first epoch": float(losses[0]),
        "loss of the second epoch": float(losses[1]),
        HOLDS_GRAPHS: False,
        "the first layer's weight": torch.tensor(weight).float(),
        "the last layer's weight": torch.tensor(head[None]).float(),
        "running mean of the batch norm": torch.tensor(running).float(),
        "steps of the optimizer": 2 * len(batches),
        "backward passes": 2 * len(batches),
        "backward passes before the first step": 1,
    }


def cases(rng):
    """weight (hidden, C), bias and head (hidden,), images (N, C, H, W), labels (N,).

    Then the size of a batch, and the learning rate.
    """
    for shape, hidden, n, size in (((1, 1, 1), 3, 5, 3), ((3, 2, 3), 4, 7, 5)):
        weight = numbers(rng, hidden, shape[0])
        bias, head = numbers(rng, hidden), numbers(rng, hidden)
        labels = torch.tensor((rng.permutation(n) + 1) % 2)
        yield weight, bias, head, numbers(rng, n, *shape), labels, size, 0.5


class Noting(torch.optim.SGD):
    """An optimizer that notes how often it steps, and after how many backwards."""

    def __init__(self, model, learning_rate):
        super().__init__(model.parameters(), lr=learning_rate, foreach=False)
        self.steps = self.backwards = 0
        self.backwards_at_first = None
        model[5].weight.register_post_accumulate_grad_hook(self.note_backward)

    def note_backward(self, parameter):
        """Count a backward: called by torch with the parameter it reached."""
        self.backwards += 1

    def step(self):
        """Step as SGD does, and count it."""
        if self.steps == 0:
            self.backwards_at_first = self.backwards
        self.steps += 1
        super().step()


def probe(answer, weight, bias, head, images, labels, size, learning_rate):
    """What two epochs do, {name: value}; inputs as in cases.

    Before the second epoch the model is in eval, as it is when it comes from a test.
    """
    model = small_net(weight, bias, head)
    optimizer = Noting(model, learning_rate)
    batches = in_batches(images, labels, size)
    first = answer(model, batches, optimizer)
    model.eval()
    second = answer(model, batches, optimizer)
    return {
        "loss of the first epoch": first,
        "loss of the second epoch": second,
        HOLDS_GRAPHS: is_tensor(first) and first.requires_grad,
        "the first layer's weight": model[2].weight.detach(),
        "the last layer's weight": model[5].weight.detach(),
        "running mean of the batch norm": model[3].running_mean,
        "steps of the optimizer": optimizer.steps,
        "backward passes": optimizer.backwards,
        "backward passes before the first step": optimizer.backwards_at_first,
    }


MISTAKES = (
    Mistake(
        "train() never called again",
        did="The second epoch came after a test, with the model still in eval: its batch norm used the running statistics, and they stood still.",
        look="Begin with `model.train()`.",
        swap={"    model.train()\n": ""},
    ),
    Mistake(
        "set to eval",
        did="You set the model to eval, which is meant for tests.",
        look="`model.train()` before training; `model.eval()` before a test.",
        swap={"model.train()": "model.eval()"},
    ),
    Mistake(
        "gradients not zeroed",
        did="From the second batch on, the gradients of earlier batches are still there and are counted again.",
        look="`optimizer.zero_grad()` for each batch, before `backward`.",
        swap={"        optimizer.zero_grad()\n": ""},
    ),
    Mistake(
        "zeroed between backward and step",
        did="The gradients were set back after `backward` and before `step` could use them: no weight moved.",
        look="The order is `zero_grad`, `backward`, `step`.",
        swap={
            "optimizer.zero_grad()": "loss.backward()",
            "loss.backward()": "optimizer.zero_grad()",
        },
    ),
    Mistake(
        "zeroed once an epoch",
        did="You emptied the gradients once, before the loop, so within an epoch they pile up.",
        look="`optimizer.zero_grad()` belongs inside the loop.",
        swap={
            "model.train()": "model.train()\n    optimizer.zero_grad()",
            "        optimizer.zero_grad()\n": "",
        },
    ),
    Mistake(
        "one step an epoch",
        did="You gathered the gradients of all batches and took a single step.",
        look="`step` belongs inside the loop: one for each batch.",
        swap={
            "model.train()": "model.train()\n    optimizer.zero_grad()",
            "        optimizer.zero_grad()\n": "",
            "        optimizer.step()\n": "",
            "return total": "optimizer.step()\n    return total",
        },
    ),
    Mistake(
        "no step",
        did="Gradients were computed, and nothing used them.",
        look="`optimizer.step()` after `backward`.",
        swap={"        optimizer.step()\n": ""},
    ),
    Mistake(
        "two steps a batch",
        did="You stepped twice for each batch, along the same gradients.",
        look="One `optimizer.step()` after each `backward`.",
        swap={"optimizer.step()": "optimizer.step()\n        optimizer.step()"},
    ),
    Mistake(
        "graphs kept with the loss",
        did="The numbers are right. But you added up tensors, and each holds on to the whole graph of its batch, so that memory fills up.",
        look="`loss.item()` is the number alone.",
        swap={"loss.item()": "loss"},
    ),
    Mistake(
        "no backward",
        did="You stepped without `backward`, so there were no gradients to step along.",
        look="`loss.backward()` comes before `optimizer.step()`.",
        swap={"        loss.backward()\n": ""},
    ),
    Mistake(
        "step before backward",
        did="You stepped first and computed the gradients after it.",
        look="The order is `zero_grad`, `backward`, `step`.",
        swap={
            "loss.backward()": "optimizer.step()",
            "optimizer.step()": "loss.backward()",
        },
    ),
    Mistake(
        "nothing recorded",
        did="You trained under `no_grad`, where `backward` finds no graph.",
        look="`torch.no_grad()` is for the test; training needs the record.",
        swap={
            "logits = model(images)": "with torch.no_grad():\n            logits = model(images)"
        },
    ),
    Mistake(
        "logits as a column",
        did="The logits are (N, 1) and the labels (N,).",
        look="`model(images).squeeze(1)` is (N,).",
        swap={".squeeze(1)": ""},
    ),
    Mistake(
        "labels left integers",
        did="You handed integer labels to a loss that computes with them.",
        look="`labels.float()`.",
        swap={"labels.float()": "labels"},
    ),
    Mistake(
        "sigmoid twice",
        did="You took a sigmoid, and the loss takes one itself.",
        look="`F.binary_cross_entropy_with_logits` wants the logits as they are.",
        swap={"(logits, ": "(logits.sigmoid(), "},
    ),
    Mistake(
        "logits taken for probabilities",
        did="You gave logits to `binary_cross_entropy`, which wants probabilities.",
        look="`F.binary_cross_entropy_with_logits` takes them as they are.",
        swap={"_with_logits": ""},
    ),
    Mistake(
        "cross entropy of one class",
        did="`F.cross_entropy` chooses among several logits of a picture, and there is one.",
        look="One logit for two classes: `F.binary_cross_entropy_with_logits`.",
        swap=[
            {
                ".squeeze(1)": "",
                "binary_cross_entropy_with_logits(logits, labels.float())": "cross_entropy(logits, labels)",
            },
            {
                "binary_cross_entropy_with_logits(logits, labels.float())": "cross_entropy(logits, labels)"
            },
            {"binary_cross_entropy_with_logits": "cross_entropy"},
        ],
    ),
    Mistake(
        "squared error of probabilities",
        did="Your loss is the squared distance between probability and label.",
        look="Binary cross entropy on logits was asked for.",
        swap={
            "binary_cross_entropy_with_logits(logits, ": "mse_loss(logits.sigmoid(), "
        },
    ),
    Mistake(
        "mean of batch means",
        did="You averaged the losses of the batches, so a picture in the short last batch counts more than the others.",
        look="Weigh each batch's loss with `len(images)`, and divide by all pictures.",
        swap={" * len(images)": "", "count += len(images)": "count += 1"},
    ),
    Mistake(
        "sum of batch means",
        did="You added the batches' mean losses.",
        look="The mean of a picture was asked for: times `len(images)`, and divided by all of them in the end.",
        swap={
            "total = count = 0": "total = 0",
            " * len(images)\n        count += len(images)": "",
            " / count": "",
        },
    ),
    Mistake(
        "sum for mean",
        did="You handed back the loss of all pictures together.",
        look="Divide by how many pictures there were.",
        swap={" / count": ""},
    ),
    Mistake(
        "divided by the number of batches",
        did="You weighed each loss with its pictures, and divided by the number of batches.",
        look="Divide by the number of pictures.",
        swap={"total / count": "total / len(batches)"},
    ),
    Mistake(
        "the last batch's loss",
        did="You handed back the loss of the last batch.",
        look="Gather the loss of every batch, weighed with its pictures.",
        swap={"total / count": "loss.item()"},
    ),
    Mistake(
        "returned within the loop",
        did="Your `return` stands inside the loop, which ends with the first batch.",
        look="Move it to the left, under the `for`.",
        swap={"    return": "        return"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.train_one_epoch,
    oracle=by_hand,
    cases=cases,
    probe=probe,
    inputs=("weight", "bias", "head", "images", "labels", "size", "learning_rate"),
    rtol=2e-3,
    hints=(
        "`model.train()`; then for each batch: forward, loss, `zero_grad`, `backward`, `step`.",
        "`model(images)` is (N, 1), the labels are integers (N,). `F.binary_cross_entropy_with_logits` wants two (N,) of floats.",
        "Each batch's loss is a mean. Times `len(images)` it is a sum again; add the sums, and divide by all pictures.",
    ),
    mistakes=MISTAKES,
)
