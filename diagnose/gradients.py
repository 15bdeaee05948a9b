"""The gradients that flow back through a function of tensors, by autograd."""

from collections.abc import Callable, Sequence
from typing import Any

from diagnose.compare import parts
from diagnose.kinds import is_tensor, torch_or_none


def gradients(
    function: Callable[..., Any], names: Sequence[str], inputs: tuple
) -> dict[str, Any]:
    """{"the gradient of x": tensor} for every floating-point tensor in ``inputs``.

    The output (a tensor, or a tuple or dict of them) is weighted entry by entry with
    fixed, unequal weights and summed, so that no gradient can hide behind a symmetry.
    An input that the output doesn't depend on has a gradient of zeros.
    """
    torch = torch_or_none()
    copies = [
        value.detach().clone().requires_grad_(value.is_floating_point())
        if is_tensor(value)
        else value
        for value in inputs
    ]
    watched = {
        name: value
        for name, value in zip(names, copies, strict=True)
        if is_tensor(value) and value.requires_grad
    }
    with torch.enable_grad():
        outputs = [
            output
            for output in parts(function(*copies)).values()
            if is_tensor(output) and output.requires_grad
        ]
        total = sum((output * _unequal_weights(output)).sum() for output in outputs)
        found = (
            torch.autograd.grad(total, list(watched.values()), allow_unused=True)
            if outputs
            else [None] * len(watched)
        )
    return {
        f"the gradient of {name}": torch.zeros_like(value) if grad is None else grad
        for (name, value), grad in zip(watched.items(), found, strict=True)
    }


def _unequal_weights(output: Any) -> Any:
    torch = torch_or_none()
    places = torch.arange(1.0, output.numel() + 1, device=output.device)
    return places.cos().view(output.shape)


def flows_back(found: dict[str, Any]) -> bool:
    """Whether any of the gradients found is other than zero."""
    return any(bool(gradient.any()) for gradient in found.values())
