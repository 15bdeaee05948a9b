"""The mean of minus log the probability of the label."""

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_torch(scores, labels):
    """The oracle: torch's own in float64; one number of the dtype of scores (N, C)."""
    return F.cross_entropy(scores.double(), labels).to(scores.dtype)


def cases(rng):
    """scores (N, C) and labels (N,): one example, two drawn batches, an extreme one."""
    yield torch.tensor([[2.0, 0.0, 0.0]]), torch.tensor([0])
    for n, classes in ((3, 4), (5, 2)):
        scores = torch.tensor(rng.standard_normal((n, classes)) * 2).float()
        yield scores, torch.tensor(rng.permutation(n) % classes)
    # Far up and far down: exp would overflow in one row and vanish in the other, and
    # the first label is too unlikely for a float32.
    yield (
        torch.tensor([[1000.0, 800.0, 999.0], [-1000.0, -1003.0, -1001.0]]),
        torch.tensor([1, 2]),
    )


MISTAKES = (
    Mistake(
        "no maximum subtracted",
        did="Your exp overflows for large scores, or vanishes for very low ones, and the result is inf or nan.",
        look="Take each row's largest score off before exp: the result stays the same.",
        code=[
            """
            def cross_entropy(scores, labels):
                log_sum = scores.exp().sum(1).log()
                chosen = scores[torch.arange(len(labels)), labels]
                return (log_sum - chosen).mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.exp() / scores.exp().sum(1, keepdim=True)
                return -p[torch.arange(len(labels)), labels].log().mean()
            """,
        ],
    ),
    Mistake(
        "one maximum for all rows",
        did="You took the largest score of the whole batch off. In a row far below it, every exp is 0.",
        look="Every row has a maximum of its own: `scores.amax(1, keepdim=True)`.",
        swap={"scores.amax(1, keepdim=True)": "scores.max()"},
    ),
    Mistake(
        "shifted in one place only",
        did="You took the largest score off before the sum, and not from the label's score.",
        look="Both belong to the same shifted scores: log Σ exp(shifted) − shifted[label].",
        swap={"chosen = shifted": "chosen = scores"},
    ),
    Mistake(
        "one sum for all examples",
        did="You added the exponentials of the whole batch into one number.",
        look="Each example has a sum of its own: `.sum(1)`.",
        swap={".sum(1)": ".sum()"},
    ),
    Mistake(
        "log of a vanished softmax",
        did="You took softmax first and log after it. A probability too small for a float32 is 0, and its log is −∞.",
        look="Keep to logs: log Σ exp(s) − s_label never leaves the safe range.",
        code="""
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -p.log().mean()
        """,
    ),
    Mistake(
        "softmax over the batch",
        did="Your probabilities add up to 1 down each column, over the examples.",
        look="It is the classes of one example that share its probability: axis 1.",
        code="""
            def cross_entropy(scores, labels):
                log_p = scores.log_softmax(0)
                return -log_p[torch.arange(len(labels)), labels].mean()
        """,
    ),
    Mistake(
        "sum for mean",
        did="You added the losses of all examples.",
        look="Take the mean, so that the loss doesn't grow with the batch.",
        swap={".mean()": ".sum()"},
    ),
    Mistake(
        "divided by all entries",
        did="You divided by N · C.",
        look="There is one loss for each example: divide by N.",
        code="""
            from torch.nn import functional as F


            def cross_entropy(scores, labels):
                targets = F.one_hot(labels, scores.shape[1])
                return -(targets * scores.log_softmax(1)).mean()
        """,
    ),
    Mistake(
        "one loss for each example",
        did="You handed back the losses of the examples, not yet their mean.",
        look="`.mean()` at the end.",
        swap={"(log_sum - chosen).mean()": "log_sum - chosen"},
    ),
    Mistake(
        "minus forgotten",
        did="Your loss is negative, and would fall as the net gets worse.",
        look="A log of a probability is below 0; the loss is minus that.",
        code="""
            def cross_entropy(scores, labels):
                log_p = scores.log_softmax(1)
                return log_p[torch.arange(len(labels)), labels].mean()
        """,
    ),
    Mistake(
        "labels taken for one-hot",
        did="You multiplied by the labels themselves, as if they were ones and zeros.",
        look="A label is an index: pick that class's score from each row.",
        code=[
            """
            def cross_entropy(scores, labels):
                return -(labels[:, None] * scores.log_softmax(1)).sum(1).mean()
            """,
            """
            def cross_entropy(scores, labels):
                return -(labels * scores.log_softmax(1)).sum(1).mean()
            """,
        ],
    ),
    Mistake(
        "every label from every row",
        did="`log_p[:, labels]` picks all labels from each row, N · N numbers.",
        look="Row n goes with label n: `log_p[torch.arange(N), labels]`.",
        code="""
            def cross_entropy(scores, labels):
                log_p = scores.log_softmax(1)
                return -log_p[:, labels].mean()
        """,
    ),
    Mistake(
        "all classes averaged",
        did="You averaged over all classes, and never looked at the labels.",
        look="The loss asks one thing: how probable was the label?",
        code="""
            def cross_entropy(scores, labels):
                return -scores.log_softmax(1).mean()
        """,
    ),
    Mistake(
        "log forgotten",
        did="You averaged −p, the probability of the label itself.",
        look="Take its log: being sure and mistaken must cost dearly.",
        code="""
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -p.mean()
        """,
    ),
    Mistake(
        "softmax twice",
        did="You took a softmax of the probabilities, once more.",
        look="Scores go in as they are; one softmax is enough.",
        code="""
            from torch.nn import functional as F


            def cross_entropy(scores, labels):
                return F.cross_entropy(scores.softmax(1), labels)
        """,
    ),
    Mistake(
        "scores without their sum",
        did="You took minus the label's score, and left the log of the sum out.",
        look="The loss is log Σ exp(s) − s_label: the other classes count too.",
        swap=[
            {"chosen = shifted": "chosen = scores", "(log_sum - chosen)": "-chosen"},
            {"(log_sum - chosen)": "-chosen"},
        ],
    ),
    Mistake(
        "a small number added",
        did="You added a small number to the probabilities before the log, or let none fall below it, so that a label which is almost impossible costs no more than minus its log: 18.4 for 1e-8.",
        look="Such a loss must cost more and more. Keep to logs: log Σ exp(s) − s_label needs no such help.",
        code=[
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-12).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-10).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-9).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-8).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-7).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-6).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -(p + 1e-5).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -p.clamp(min=1e-15).log().mean()
            """,
            """
            def cross_entropy(scores, labels):
                p = scores.softmax(1)[torch.arange(len(labels)), labels]
                return -p.clamp(min=torch.finfo(torch.float32).eps).log().mean()
            """,
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.cross_entropy,
    oracle=by_torch,
    cases=cases,
    gradients=True,
    hints=(
        "−log(exp(s_label) / Σ exp(s)) is log Σ exp(s) − s_label.",
        "Taking a row's largest score off all its scores changes nothing, and then exp can't overflow.",
        "`scores[torch.arange(len(labels)), labels]` is one score for each row.",
    ),
    mistakes=MISTAKES,
)
