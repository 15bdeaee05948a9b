"""A test that leaves no trace."""

import numpy as np
import torch
from torch import nn

from diagnose import Exercise, Mistake
from diagnose.kinds import is_one_of
from lessons import about
from lessons.l08_cnn_classifier import solutions
from lessons.l08_cnn_classifier._nets import in_batches, small_net
from lessons.l08_cnn_classifier._numbers import numbers


def by_hand(weight, bias, head, images, labels, size):
    """The oracle: what the probe reports, {name: value}, for the inputs of a case.

    In double precision, one picture after another.
    """
    weight, bias, head = (np.asarray(t, float) for t in (weight, bias, head))
    losses, right = [], []
    for image, label in zip(images, labels.tolist(), strict=True):
        z = weight @ np.asarray(image, float).mean((1, 2)) + bias
        unit = (z - bias / 2) / np.sqrt(1 + np.abs(bias) + 1e-5)
        logit = np.maximum(unit, 0) @ head
        losses.append(np.logaddexp(0, logit) - label * logit)
        right.append((logit > 0) == (label == 1))
    return {
        "loss": float(np.mean(losses)),
        "accuracy": float(np.mean(right)),
        "graphs recorded by autograd": 0,
        "batch norm's running mean has moved": False,
    }


def cases(rng):
    """weight (hidden, C), bias and head (hidden,), images (N, C, H, W), labels (N,).

    Then the size of a batch. In full batches one picture is on the right side, in the
    last one most are.
    """
    for shape, hidden, n, size in (((1, 1, 1), 3, 6, 4), ((3, 2, 3), 5, 13, 5)):
        weight, bias = numbers(rng, hidden, shape[0]), numbers(rng, hidden)
        signs = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0])[:hidden]
        head = numbers(rng, hidden) * signs
        images = 2 * numbers(rng, n, *shape)
        with torch.no_grad():
            sides = Watched(weight, bias, head).eval()(images)[:, 0] > 0
        place = torch.arange(n)
        turned = torch.where(place < n - n % size, place % size > 0, place == n - 1)
        yield weight, bias, head, images, (sides ^ turned).long(), size


class Watched(nn.Module):
    """A small net in training, as an epoch leaves it, that notes how it is called."""

    def __init__(self, weight, bias, head):
        super().__init__()
        self.net = small_net(weight, bias, head)
        self.net[3].running_mean.copy_(bias / 2)
        self.net[3].running_var.copy_(1 + bias.abs())
        self.recorded = 0

    def forward(self, x):
        """Logits (N, 1) of x (N, C, H, W); notes whether gradients are recorded."""
        self.recorded += torch.is_grad_enabled()
        return self.net(x)


def probe(answer, weight, bias, head, images, labels, size):
    """The answer's two results, and which traces it left, {name: value}."""
    model = Watched(weight, bias, head)
    before = model.net[3].running_mean.clone()
    result = answer(model, in_batches(images, labels, size))
    # A result that isn't a pair has no second part.
    is_pair = is_one_of(result, (list, tuple)) and len(result) == 2
    loss, accuracy = result if is_pair else (result, None)
    return {
        "loss": loss,
        "accuracy": accuracy,
        "graphs recorded by autograd": model.recorded,
        "batch norm's running mean has moved": not torch.equal(
            before, model.net[3].running_mean
        ),
    }


MISTAKES = (
    Mistake(
        "eval() forgotten",
        did="The model was still training: batch norm used each test batch's own statistics, and moved its running ones towards the test pictures.",
        look="`model.eval()` before the first picture.",
        swap={"    model.eval()\n": ""},
    ),
    Mistake(
        "graphs kept",
        did="The numbers are right. Autograd recorded every operation on every test picture, for a backward that never comes: that costs memory and time.",
        look="Put the loop under `with torch.no_grad():`.",
        swap={"with torch.no_grad():\n        logits": "logits"},
    ),
    Mistake(
        "neither eval() nor no_grad",
        did="The model was still training and autograd was recording: the statistics moved towards the test pictures, and the graphs of all of them were kept.",
        look="`model.eval()`, and `with torch.no_grad():`. They do different things, and a test needs both.",
        swap={"model.eval()\n    with torch.no_grad():\n        logits": "logits"},
    ),
    Mistake(
        "means of batch means",
        did="You averaged the batches' results, so a picture in the short last batch counts more than the others.",
        look="Gather all logits and compute once, or weigh each batch with its pictures.",
        code="""
def evaluate(model, batches):
    model.eval()
    loss = accuracy = 0
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images)
            loss += F.binary_cross_entropy_with_logits(
                logits.squeeze(1), labels.float()
            ).item()
            accuracy += accuracy_from_logits(logits, labels)
    return loss / len(batches), accuracy / len(batches)
""",
    ),
    Mistake(
        "accuracies of batches averaged",
        did="The loss is right. The accuracy is the mean of the batches' accuracies, and the last batch is smaller.",
        look="Count what is right over all pictures, and divide once.",
        code="""
def evaluate(model, batches):
    model.eval()
    loss = accuracy = count = 0
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images)
            loss += F.binary_cross_entropy_with_logits(
                logits.squeeze(1), labels.float(), reduction="sum"
            ).item()
            accuracy += accuracy_from_logits(logits, labels)
            count += len(labels)
    return loss / count, accuracy / len(batches)
""",
    ),
    Mistake(
        "losses of batches averaged",
        did="The accuracy is right. The loss is the mean of the batches' losses, and the last batch is smaller.",
        look="Weigh each batch's loss with its pictures, or compute it once over all.",
        code="""
def evaluate(model, batches):
    model.eval()
    loss = right = count = 0
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images).squeeze(1)
            loss += F.binary_cross_entropy_with_logits(logits, labels.float()).item()
            right += ((logits > 0) == labels.bool()).sum().item()
            count += len(labels)
    return loss / len(batches), right / count
""",
    ),
    Mistake(
        "the last batch alone",
        did="Your results are those of the last batch.",
        look="Keep the logits of every batch; `torch.cat` joins them.",
        swap={
            "logits = torch.cat([model(images) for images, _ in batches])\n    labels = torch.cat([labels for _, labels in batches])": "for images, labels in batches:\n            logits = model(images)"
        },
    ),
    Mistake(
        "the first batch alone",
        did="Your results are those of the first batch.",
        look="Does the `return` stand inside the loop?",
        code="""
def evaluate(model, batches):
    model.eval()
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images)
            loss = F.binary_cross_entropy_with_logits(
                logits.squeeze(1), labels.float()
            )
            return loss.item(), accuracy_from_logits(logits, labels)
""",
    ),
    Mistake(
        "sigmoid twice",
        did="You took a sigmoid before the loss, which takes one itself.",
        look="`F.binary_cross_entropy_with_logits` wants the logits as they are.",
        swap={"logits.squeeze(1)": "logits.squeeze(1).sigmoid()"},
    ),
    Mistake(
        "threshold 0.5 on logits",
        did="The loss is right. For the accuracy you asked whether a logit is above 0.5.",
        look="Logits turn at 0. Your `accuracy_from_logits` knows.",
        swap={
            "return loss.item(), accuracy_from_logits(logits, labels)": """right = (logits.squeeze(1) > 0.5) == labels.bool()
    return loss.item(), right.float().mean().item()"""
        },
    ),
    Mistake(
        "every picture against every label",
        did="The loss is right. For the accuracy you compared (N, 1) with (N,), which is N · N comparisons.",
        look="`squeeze(1)` first. Your `accuracy_from_logits` knows.",
        swap={
            "return loss.item(), accuracy_from_logits(logits, labels)": """right = (logits > 0) == labels.bool()
    return loss.item(), right.float().mean().item()"""
        },
    ),
    Mistake(
        "accuracy first",
        did="Both numbers are right, in another order.",
        look="The loss comes first, then the accuracy.",
        swap={
            "loss.item(), accuracy_from_logits(logits, labels)": "accuracy_from_logits(logits, labels), loss.item()"
        },
    ),
    Mistake(
        "the count for the share",
        did="The loss is right. You counted the pictures on the right side.",
        look="Divide by how many there are.",
        swap=[
            {
                "return loss.item(), accuracy_from_logits(logits, labels)": """right = (logits.squeeze(1) > 0) == labels.bool()
    return loss.item(), right.sum().item()"""
            },
            {"(logits, labels)": "(logits, labels) * len(labels)"},
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.evaluate,
    oracle=by_hand,
    cases=cases,
    probe=probe,
    inputs=("weight", "bias", "head", "images", "labels", "size"),
    rtol=1e-3,
    hints=(
        "Two lines before the loop decide: which mode is the model in, and does autograd need to remember anything?",
        "Gather the logits of all batches and `torch.cat` them; then loss and accuracy are each one line, over all pictures at once.",
        "`model.eval()`, `with torch.no_grad():`, and your `accuracy_from_logits`.",
    ),
    mistakes=MISTAKES,
)
