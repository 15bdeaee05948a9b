"""Borrowed from SciPy: the magnitude of a spectrum."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._functions_put_to_use import (
    SECOND,
    by_autograd,
    put_to_use,
    second_derivative,
)


def by_torch(x, blame):
    """The oracle: torch's own transform. x (H, W), blame (H, W // 2 + 1)."""
    report = by_autograd(lambda x: torch.fft.rfft2(x).abs(), {"x": x}, blame)
    return report | {SECOND: "isn't lost silently"}


def cases(rng):
    """x (H, W) and blame (H, W // 2 + 1), for even and odd W."""
    yield (
        torch.tensor([[3.0, 1.0]], dtype=torch.float64),
        torch.tensor([[1.0, 10.0]], dtype=torch.float64),
    )
    for H, W in ((2, 3), (3, 4), (4, 5)):
        x, blame = rng.normal(size=(H, W)), rng.normal(size=(H, W // 2 + 1))
        yield torch.tensor(x), torch.tensor(blame)


def probe(answer, x, blame):
    """A report on the Function, and on what becomes of a second derivative."""
    return put_to_use(answer, {"x": x}, blame) | {SECOND: second_derivative(answer, x)}


MISTAKES = (
    Mistake(
        "irfft2 of the blame",
        did="You sent the blame through `irfft2`, as if to undo the transform. The phases are missing, its size is off, and an odd W comes back even.",
        look="Backward doesn't undo: it asks how each entry of x moves each magnitude. Begin with the way through `abs`.",
        code="""
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.from_numpy(abs(fft.rfft2(x.numpy())))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        return torch.from_numpy(fft.irfft2(blame.numpy()))
""",
    ),
    Mistake(
        "irfft2 of the blame, in the right shape",
        did="You sent the blame through `irfft2`, as if to undo the transform. The shape fits; the phases are missing, and its size is off.",
        look="Backward doesn't undo: it asks how each entry of x moves each magnitude. Begin with the way through `abs`.",
        code="""
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return torch.from_numpy(abs(fft.rfft2(x.numpy())))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        return torch.from_numpy(fft.irfft2(blame.numpy(), s=ctx.shape))
""",
    ),
    Mistake(
        "half the spectrum counted twice",
        did="You went back with `irfft2`, which takes each frequency in the middle for two: itself, and its mirror image that `rfft2` had left out.",
        look="Only what was kept is to blame: `ifft2` with zeros for the rest, `s=ctx.shape`.",
        swap={
            "        # s=… fills up with zeros: each frequency that was kept counts once.\n": "",
            "fft.ifft2": "fft.irfft2",
            'norm="forward").real': 'norm="forward")',
        },
    ),
    Mistake(
        "divided by the number of entries",
        did="Everything is there, and then the inverse transform has divided it by H · W.",
        look='`norm="forward"` leaves that division out.',
        swap={', norm="forward"': ""},
    ),
    Mistake(
        "phase left out",
        did="You sent the blame back through the transform alone, and not through `abs`.",
        look="A magnitude grows in the direction of its complex number: multiply the blame by `spectrum / abs(spectrum)`.",
        swap={
            "        phase = ctx.spectrum / abs(ctx.spectrum)\n": "",
            "blame.numpy() * phase": "blame.numpy()",
        },
    ),
    Mistake(
        "waves turned the other way",
        did="Your waves turn the other way: `fft2` took the blame back, or the phase was conjugated.",
        look="The phase is that of the number itself, `spectrum / abs(spectrum)`, and the way back is an inverse transform, without its division.",
        swap=[
            {"fft.ifft2": "fft.fft2", ', norm="forward"': ""},
            {"blame.numpy() * phase": "blame.numpy() * phase.conj()"},
        ],
    ),
    Mistake(
        "imaginary part kept",
        did="Your gradient is complex, and x is real: autograd refuses it.",
        look="x can move along the real line only: take the `.real` part.",
        swap={'norm="forward").real': 'norm="forward")'},
    ),
    Mistake(
        "an array handed back",
        did="`backward` returned a NumPy array.",
        look="autograd wants a tensor: `torch.from_numpy(…)`.",
        swap={"torch.from_numpy(dx)": "dx"},
    ),
    Mistake(
        "not divided by the magnitude",
        did="You multiplied the blame by the spectrum: that is the way back through half the *squared* magnitude.",
        look="Divide by `abs(spectrum)`, so that only the direction is left.",
        swap={
            "        phase = ctx.spectrum / abs(ctx.spectrum)\n": "",
            "blame.numpy() * phase": "blame.numpy() * ctx.spectrum",
        },
    ),
    Mistake(
        "result in float32",
        did="You made float32 of the result; float64 came in.",
        look="`torch.from_numpy` keeps what NumPy has. Leave out `.float()` and `torch.Tensor(…)`.",
        swap=[
            {
                "torch.from_numpy(abs(ctx.spectrum))": "torch.from_numpy(abs(ctx.spectrum)).float()"
            },
            {
                "torch.from_numpy(abs(ctx.spectrum))": "torch.Tensor(abs(ctx.spectrum))",
            },
        ],
    ),
    Mistake(
        "x kept as an attribute",
        did="You hung `x` on `ctx` as an attribute. Change it in place before `backward`, and the gradient comes out false without a word.",
        look="`ctx.save_for_backward(x)` notices; the spectrum, which is a NumPy array of your own, may be an attribute.",
        code="""
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return torch.from_numpy(abs(fft.rfft2(x.numpy())))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        spectrum = fft.rfft2(ctx.x.numpy())
        phase = spectrum / abs(spectrum)
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.x.shape, norm="forward").real
        return torch.from_numpy(dx)
""",
    ),
    Mistake(
        "the whole spectrum",
        did="You took `fft2`, all W columns of it.",
        look="`rfft2` leaves out those that mirror the others: W // 2 + 1 are left.",
        swap={"fft.rfft2": "fft.fft2"},
    ),
    Mistake(
        "spectrum for its magnitude",
        did="Your `forward` returned the spectrum itself, in complex numbers.",
        look="Its magnitude was asked for: `abs(…)`.",
        swap={"torch.from_numpy(abs(ctx.spectrum))": "torch.from_numpy(ctx.spectrum)"},
    ),
    Mistake(
        "magnitude squared",
        did="Your `forward` squares the magnitude.",
        look="`abs` of a complex number is the root of that.",
        swap={
            "torch.from_numpy(abs(ctx.spectrum))": "torch.from_numpy(abs(ctx.spectrum) ** 2)"
        },
    ),
    Mistake(
        "second derivative lost silently",
        did="Your gradient is right. But NumPy keeps no record of how it was computed, so that a second derivative would leave this part out without a word.",
        look="`@once_differentiable` right above `def backward` makes autograd refuse.",
        swap={
            "    @once_differentiable\n": "",
            "blame.numpy()": "blame.detach().numpy()",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.FFTMagnitude,
    oracle=by_torch,
    cases=cases,
    probe=probe,
    inputs=("x", "blame"),
    hints=(
        "Two steps back: first through `abs`, where blame gets the direction of each complex number, `spectrum / abs(spectrum)`; then through `rfft2`.",
        'Through `rfft2`: every frequency that was kept sends its blame back as a wave over all of x. That is an inverse transform without its division by H · W: `norm="forward"` leaves it out.',
        "`irfft2` would count the frequencies in the middle twice. `fft.ifft2(…, s=ctx.shape)` fills up with zeros instead; take its `.real`.",
    ),
    mistakes=MISTAKES,
)
