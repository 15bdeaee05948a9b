"""Binary cross-entropy from logits, which never overflows."""

import numpy as np
import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l07_numpy_conv2d import solutions


def bce_by_torch(logits, targets):
    """The oracle: (mean loss, gradient of the logits). logits and targets are (N,)."""
    logits = torch.from_numpy(logits).requires_grad_()
    loss = F.binary_cross_entropy_with_logits(logits, torch.from_numpy(targets))
    loss.backward()
    return loss.item(), logits.grad.numpy()


def cases(rng):
    """logits and targets (N,): one pair has extreme logits on both sides."""
    yield np.array([0.0, 2.0]), np.array([1.0, 0.0])
    yield rng.normal(size=5), np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    extremes = np.array([100.0, -100.0, 1000.0, -1000.0, 100.0, -100.0, 0.5])
    yield extremes + rng.uniform(0, 1, size=7), np.array([1.0, 0, 1, 0, 0, 1, 1])
    yield rng.normal(size=(3,)) * 3, np.array([0.0, 1.0, 0.0])


MISTAKES = (
    Mistake(
        "logarithm of a rounded probability",
        did="At ±100 the sigmoid is rounded to 1 or as good as 0, and the logarithm of 0 is infinite.",
        look="Compute the loss from the logit: max(z, 0) - z · target + log1p(e^-|z|).",
        code="""
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
        """,
    ),
    Mistake(
        "exponential overflows",
        did="`exp` of a large logit is infinite.",
        look="Take the large part out: log(1 + e^z) = max(z, 0) + log(1 + e^-|z|).",
        swap={
            "np.maximum(logits, 0) - logits * targets + np.log1p(small)": "np.log(1 + np.exp(logits)) - logits * targets",
        },
    ),
    Mistake(
        "size left out of the exponent",
        did="You took e^-z where e^-|z| is due. For a negative z it is large, or infinite.",
        look="log(1 + e^z) = max(z, 0) + log(1 + e^-|z|): mind the bars.",
        swap=[
            {"np.exp(-np.abs(logits))": "np.exp(-logits)"},
            {"np.log1p(small)": "np.log1p(np.exp(-logits))"},
        ],
    ),
    Mistake(
        "only the ones count",
        did="Your loss counts the examples whose target is 1; the others cost nothing.",
        look="A target of 0 costs log(1 + e^z).",
        swap={
            "np.maximum(logits, 0) - logits * targets + np.log1p(small)": "targets * (np.maximum(-logits, 0) + np.log1p(small))",
        },
    ),
    Mistake(
        "probability clipped",
        did="You clipped the probability, so that no loss can be large: with 1e-7, none is above 16.2; with 1e-15, none above 34.6.",
        look="A logit of 100 on the side it shouldn't be costs 100. Compute it from the logit.",
        code=[
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-6, 1 - 1e-6)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-12, 1 - 1e-12)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-15, 1 - 1e-15)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                kept = np.clip(p, 1e-6, 1 - 1e-6)
                losses = -(targets * np.log(kept) + (1 - targets) * np.log(1 - kept))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                kept = np.clip(p, 1e-7, 1 - 1e-7)
                losses = -(targets * np.log(kept) + (1 - targets) * np.log(1 - kept))
                return losses.mean(), (p - targets) / logits.size
            """,
        ],
    ),
    Mistake(
        "probability kept from zero",
        did="You added a small number to the probability: with 1e-12, no loss is above 28.",
        look="A logit of 100 on the side it shouldn't be costs 100. Compute it from the logit.",
        code=[
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-6) + (1 - targets) * np.log(1 - p + 1e-6))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-7) + (1 - targets) * np.log(1 - p + 1e-7))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-12) + (1 - targets) * np.log(1 - p + 1e-12))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-15) + (1 - targets) * np.log(1 - p + 1e-15))
                return losses.mean(), (p - targets) / logits.size
            """,
        ],
    ),
    # Clipping at one of these numbers and adding it give the same, up to rounding.
    Mistake(
        "probability clipped or added to",
        did="You clipped the probability or added a small number to it: with 1e-8, no loss is above 19.",
        look="A logit of 100 on the side it shouldn't be costs 100. Compute it from the logit.",
        code=[
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-8, 1 - 1e-8)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-9, 1 - 1e-9)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = np.clip(1 / (1 + np.exp(-logits)), 1e-10, 1 - 1e-10)
                losses = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                kept = np.clip(p, 1e-8, 1 - 1e-8)
                losses = -(targets * np.log(kept) + (1 - targets) * np.log(1 - kept))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                kept = np.clip(p, 1e-9, 1 - 1e-9)
                losses = -(targets * np.log(kept) + (1 - targets) * np.log(1 - kept))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-8) + (1 - targets) * np.log(1 - p + 1e-8))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-9) + (1 - targets) * np.log(1 - p + 1e-9))
                return losses.mean(), (p - targets) / logits.size
            """,
            """
            def bce_with_logits(logits, targets):
                p = 1 / (1 + np.exp(-logits))
                losses = -(targets * np.log(p + 1e-10) + (1 - targets) * np.log(1 - p + 1e-10))
                return losses.mean(), (p - targets) / logits.size
            """,
        ],
    ),
    Mistake(
        "sigmoid overflows",
        did="Your sigmoid divides e^z by 1 + e^z, and for a large z both are infinite.",
        look="Use e^-|z|, which is never above 1: for z ≥ 0 the sigmoid is 1 / (1 + e^-|z|).",
        swap={
            "np.where(logits >= 0, 1.0, small) / (1 + small)": "np.exp(logits) / (1 + np.exp(logits))",
        },
    ),
    Mistake(
        "sum for mean",
        did="You summed the losses, and the gradient fits that.",
        look="torch's loss is the mean: divide both by N.",
        swap={
            "losses.mean()": "losses.sum()",
            "(probability - targets) / logits.size": "probability - targets",
        },
    ),
    Mistake(
        "gradient of the sum",
        did="The loss is a mean, and your gradient is that of the sum.",
        look="Nudging one logit moves the mean by 1/N of what its own loss moves.",
        swap={"(probability - targets) / logits.size": "probability - targets"},
    ),
    Mistake(
        "gradient turned round",
        did="Your gradient is target minus probability: it points downhill.",
        look="If the target is 1, a larger logit makes the loss smaller: the gradient is negative there.",
        swap={"probability - targets": "targets - probability"},
    ),
    Mistake(
        "gradient of the probability",
        did="You took one step back only: your gradient is that of the probability, not of the logit.",
        look="All the way to the logit, the slopes cancel: what is left is probability minus target.",
        swap=[
            {
                "    return losses.mean(), (probability - targets)": "    slope = probability * (1 - probability)\n    return losses.mean(), (probability - targets) / slope",
            },
            {
                "    return losses.mean(), (probability - targets)": "    gradient = (1 - targets) / (1 - probability) - targets / probability\n    return losses.mean(), gradient",
            },
        ],
    ),
    Mistake(
        "sigmoid's slope once more",
        did="You multiplied probability minus target by the sigmoid's slope, which is in it already.",
        look="All the way to the logit, the slopes cancel: what is left is probability minus target.",
        swap={
            "    return losses.mean(), (probability - targets)": "    slope = probability * (1 - probability)\n    return losses.mean(), (probability - targets) * slope",
        },
    ),
    Mistake(
        "classes exchanged",
        did="Your loss is small where the target is 0 and the logit is large.",
        look="A large logit says 1: log(1 + e^z) - z · target.",
        swap=[
            {
                "logits * targets": "logits * (1 - targets)",
                "probability - targets": "probability - (1 - targets)",
            },
            {"logits * targets": "logits * (1 - targets)"},
        ],
    ),
    Mistake(
        "squared error",
        did="You took the squared error of the probability for the loss.",
        look="Cross-entropy is minus the logarithm of the probability that the right class got.",
        swap=[
            {
                "    losses = np.maximum(logits, 0) - logits * targets + np.log1p(small)\n": "",
                "losses.mean()": "((probability - targets) ** 2).mean()",
            },
            {
                "    losses = np.maximum(logits, 0) - logits * targets + np.log1p(small)\n": "",
                "    return losses.mean(), (probability - targets)": "    error, slope = probability - targets, probability * (1 - probability)\n    return (error**2).mean(), 2 * error * slope",
            },
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.bce_with_logits,
    oracle=bce_by_torch,
    cases=cases,
    returns=("loss", "dlogits"),
    hints=(
        "For a target of 0 the loss is log(1 + e^z), for 1 it is log(1 + e^-z). Both are log(1 + e^z) - z · target.",
        "log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), and e^-|z| is never above 1.",
        "The gradient is sigmoid(z) - target, over N because the loss is a mean.",
    ),
    mistakes=MISTAKES,
)
