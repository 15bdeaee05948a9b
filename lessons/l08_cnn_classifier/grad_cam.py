"""Where a picture raised the score."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l08_cnn_classifier import solutions
from lessons.l08_cnn_classifier._numbers import numbers


def by_hand(pixels, mix, head):
    """The oracle: the gradient of tanh(f·h) + f·h is h · (2 − tanh²(f·h)).

    pixels (C, H, W), mix (D, C), head (D, H, W); returns (H, W).
    """
    pixels, mix, head = (np.asarray(t, float) for t in (pixels, mix, head))
    features = np.tanh(np.tensordot(mix, pixels, 1))
    gradients = head * (2 - np.tanh(features * head) ** 2)
    weights = gradients.reshape(len(head), -1).mean(1)
    cam = np.tensordot(weights, features, 1)
    return torch.tensor(np.where(cam > 0, cam, 0.0)).float()


def cases(rng):
    """pixels (C, H, W), mix (D, C), head (D, H, W).

    Some places speak for, some against; no channel's average is near 0.
    """
    for shape, channels in (((1, 2, 3), 2), ((2, 3, 4), 3), ((3, 5, 3), 4)):
        pixels = numbers(rng, *shape)
        pixels[0, 0, :2] = torch.tensor([1.5, -1.5])
        mix = numbers(rng, channels, shape[0]).abs() + 0.2
        signs = torch.where(torch.arange(channels) % 2 == 0, 1.0, -1.0)
        head = signs[:, None, None] * (
            0.5 + torch.tensor(rng.uniform(0, 2, (channels, *shape[1:])))
        )
        head[0] += 1
        yield pixels, mix, head.float()


def score_of(pixels, mix, head):
    """Features (1, D, H, W), and a score computed from them; shapes as in cases."""
    features = torch.tanh(torch.einsum("dc,chw->dhw", mix, pixels))[None]
    score = (torch.tanh(features[0] * head) + features[0] * head).sum()
    return features, score


def probe(answer, pixels, mix, head):
    """The answer's map (H, W) for a small net; shapes as in cases."""
    # A network's weights ask for gradients, so its features aren't leaves.
    features, score = score_of(pixels, mix.requires_grad_(), head)
    result = answer(features, score)
    mix.requires_grad_(False)
    return result.detach() if type(result) is torch.Tensor else result


MISTAKES = (
    Mistake(
        "ReLU left out",
        did="Your map also holds what spoke against the score, as negative values.",
        look="Grad-CAM shows what raised it: cut off below 0, at the end.",
        swap={"F.relu((weights * features).sum(1))": "(weights * features).sum(1)"},
    ),
    Mistake(
        "weighted by activations",
        did="Each channel weighs what its activation is on average, so the score was never asked.",
        look="The weight is the average of the *gradient*: how much the score rises with this channel.",
        swap={
            "    (gradients,) = torch.autograd.grad(score, features)\n": "",
            "gradients.mean": "features.mean",
        },
    ),
    Mistake(
        "gradients not averaged",
        did="You multiplied each feature with the gradient at its own place.",
        look="Average the gradient over rows and columns first: one weight for each channel.",
        swap={
            "    weights = gradients.mean((2, 3), keepdim=True)\n": "",
            "weights * ": "gradients * ",
        },
    ),
    Mistake(
        "gradients alone",
        did="You added up the gradients, and left the features out.",
        look="The gradient says how much a channel matters, the features where it found something: multiply.",
        swap={
            "    weights = gradients.mean((2, 3), keepdim=True)\n": "",
            "(weights * features)": "gradients",
        },
    ),
    Mistake(
        "features alone",
        did="You added up the features, each channel with weight 1.",
        look="A channel weighs what its gradient is on average.",
        swap={
            "    (gradients,) = torch.autograd.grad(score, features)\n": "",
            "    weights = gradients.mean((2, 3), keepdim=True)\n": "",
            "(weights * features)": "features",
        },
    ),
    Mistake(
        "ReLU before the sum",
        did="You cut each channel off below 0 and added up what was left: nothing could speak against.",
        look="Add up the channels first, then cut off.",
        swap={
            "F.relu((weights * features).sum(1))": "F.relu(weights * features).sum(1)"
        },
    ),
    Mistake(
        "weights without a sign",
        did="You took the size of each weight, so a channel that lowers the score counts as if it raised it.",
        look="Keep the sign; the ReLU at the end takes care of what speaks against.",
        swap={"keepdim=True)": "keepdim=True).abs()"},
    ),
    Mistake(
        "sum for mean in the weights",
        did="You added the gradient over rows and columns.",
        look="Take the mean, so that the weight doesn't grow with the picture.",
        swap={"gradients.mean": "gradients.sum"},
    ),
    Mistake(
        "channels averaged",
        did="You averaged the weighted channels.",
        look="Add them up: each brings its own share.",
        swap={".sum(1)": ".mean(1)"},
    ),
    Mistake(
        "averaged over channels",
        did="Your weights are averages over the channels, one for each place.",
        look="Average over rows and columns, axes 2 and 3: one weight for each channel.",
        swap={"(2, 3)": "1"},
    ),
    Mistake(
        "the batch axis kept",
        did="Your map is (1, H, W).",
        look="One picture went in: take `[0]`.",
        swap={"[0]": ""},
    ),
    Mistake(
        "scaled for display",
        did="You divided by the largest value, so that every map reaches 1.",
        look="Hand the map back as it is: how high it goes tells how sure the net is.",
        swap={
            "return F.relu": "cam = F.relu",
            ".detach()": ".detach()\n    return cam / cam.max()",
        },
    ),
    Mistake(
        "gradient of a non-leaf",
        did="After `backward`, `features.grad` is None: features were computed, and only leaves keep a gradient.",
        look="`torch.autograd.grad(score, features)` hands it to you.",
        swap={
            "(gradients,) = torch.autograd.grad(score, features)": "score.backward()",
            "gradients.mean": "features.grad.mean",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.grad_cam,
    oracle=by_hand,
    cases=cases,
    probe=probe,
    inputs=("pixels", "mix", "head"),
    hints=(
        "`torch.autograd.grad(score, features)` hands back a tuple with one tensor, as large as features.",
        "The mean of the gradient over rows and columns is one weight for each channel: (1, C, 1, 1).",
        "Weigh the features, add up the channels, and cut off what is below 0.",
    ),
    mistakes=MISTAKES,
)
