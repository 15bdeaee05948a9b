"""From logits to an accuracy."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l08_cnn_classifier import solutions


def by_probabilities(logits, labels):
    """The oracle: one picture after another. logits (N, 1), labels (N,); a float."""
    probabilities = 1 / (1 + np.exp(-logits.numpy().astype(float)[:, 0]))
    right = [(p > 0.5) == (y == 1) for p, y in zip(probabilities, labels, strict=True)]
    return sum(map(bool, right)) / len(right)


def cases(rng):
    """logits (N, 1) and labels (N,).

    Some logits lie between 0 and 0.5, where thresholds differ.
    """
    yield torch.tensor([[2.0], [0.3], [-0.2]]), torch.tensor([1, 1, 1])
    for n in (7, 12):
        labels = torch.tensor((rng.permutation(n) % 3 > 0).astype(int))
        towards = (2.0 * labels - 1) * torch.tensor(rng.choice([1, 1, 1, -1], n))
        sizes = torch.tensor(rng.uniform(0.1, 3, n))
        logits = (towards * sizes)[:, None].float()
        logits[:3, 0] = torch.tensor(rng.uniform(0.1, 0.4, 3))
        logits[3:5, 0] = torch.tensor(rng.uniform(-0.4, -0.1, 2))
        labels[:5] = torch.tensor([1, 1, 0, 0, 0])
        yield logits, labels


MISTAKES = (
    Mistake(
        "threshold 0.5 on logits",
        did="You asked whether the logit is above 0.5; that is a probability above 0.62.",
        look="sigmoid(0) is one half: the logit's threshold is 0.",
        swap={"> 0": "> 0.5"},
    ),
    Mistake(
        "logits rounded",
        did="You rounded the logits, as if they were probabilities: 2.4 becomes 2, which is no label.",
        look="Take the sigmoid first, or ask whether the logit is above 0.",
        swap={
            "logits.squeeze(1) > 0": "logits.squeeze(1).round()",
            "labels.bool()": "labels",
        },
    ),
    Mistake(
        "threshold 0 on probabilities",
        did="Every picture became a 1, as it does where a sigmoid is compared with 0, or a softmax has a single column.",
        look="A probability is compared with 0.5, a logit with 0.",
        swap=[
            {"logits.squeeze(1) > 0": "logits.squeeze(1).sigmoid() > 0"},
            {"logits.squeeze(1) > 0": "logits.softmax(1).squeeze(1) > 0.5"},
        ],
    ),
    Mistake(
        "every picture against every label",
        did="You compared a column (N, 1) with a row (N,): that is N · N comparisons.",
        look="`logits.squeeze(1)` is (N,), as the labels are.",
        swap={".squeeze(1)": ""},
    ),
    Mistake(
        "argmax of one column",
        did="You took the argmax along a single column, which is 0 for every picture.",
        look="One logit for two classes: its sign tells.",
        swap={"logits.squeeze(1) > 0": "logits.argmax(1)", "labels.bool()": "labels"},
    ),
    Mistake(
        "the count for the share",
        did="You counted the pictures on the right side.",
        look="Divide by how many there are: `.mean()`.",
        swap=[{".mean()": ".sum()"}, {".float().mean()": ".sum()"}],
    ),
    Mistake(
        "in percent",
        did="You handed back percent.",
        look="A share between 0 and 1, please: without the factor 100.",
        swap={"return (": "return 100 * ("},
    ),
    Mistake(
        "the share of ones",
        did="You handed back how often the model says 1, and never looked at the labels.",
        look="Compare with the labels first.",
        swap={"(predicted == labels.bool())": "predicted"},
    ),
    Mistake(
        "the error for the accuracy",
        did="You handed back the share of pictures on the other side: a negative logit became a 1, or you counted where prediction and label differ.",
        look="The higher the logit, the more it means 1. Count where prediction and label are equal.",
        swap=[
            {"> 0": "< 0"},
            {"==": "!="},
            {"return (": "return 1 - ("},
        ],
    ),
    Mistake(
        "recall for accuracy",
        did="You looked at the pictures of label 1 only.",
        look="Both classes count: compare all predictions with all labels.",
        swap={"(predicted == labels.bool())": "predicted[labels == 1]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.accuracy_from_logits,
    oracle=by_probabilities,
    cases=cases,
    hints=(
        "Sigmoid turns a logit into a probability. Which logit becomes one half?",
        "A logit above 0 is a 1. Compare (N,) with (N,), and take the mean of what is true.",
    ),
    mistakes=MISTAKES,
)
