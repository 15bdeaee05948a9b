"""What a linear layer is made of, how its numbers start, and what it computes."""

import torch

UNREACHED = "parameters without a gradient"


def report_on(answer, x, weight, bias):
    """What a layer is made of when fresh, and what it computes with these weights.

    x (N, D_in), weight (D_out, D_in), bias (D_out,) or None. Raises what the layer
    raises.
    """
    D_out, D_in = weight.shape
    fresh = fresh_numbers(answer, 40, 30, bias is not None)
    layer = answer(D_in, D_out, bias is not None)
    taken = "taken"
    try:
        layer_of_tensor = answer(D_in, D_out, bias is not None)
        layer_of_tensor.bias = torch.zeros(D_out)
    except TypeError:
        taken = "refused"
    put_in(getattr(layer, "weight", None), weight)
    put_in(getattr(layer, "bias", None), bias)
    out = layer(x)
    return {
        "output": out.detach() if torch.is_tensor(out) else out,
        "parameters": listed(layer),
        UNREACHED: not_reached(layer, out),
        **fresh,
        "printed": printed(layer),
        "a plain tensor as bias": taken,
    }


def not_reached(layer, out):
    """The names of the parameters that no gradient reaches, in one string."""
    if not torch.is_tensor(out):
        return "none"  # what came out says more
    if out.requires_grad:
        out.sum().backward()
    missed = [name for name, p in layer.named_parameters() if p.grad is None]
    return ", ".join(missed) or "none"


def put_in(mine, value):
    """Fill a parameter with a case's numbers, transposed if need be, or with ones."""
    if not torch.is_tensor(mine):
        return
    with torch.no_grad():
        if value is not None and mine.shape == value.shape:
            mine.copy_(value)
        elif value is not None and mine.ndim == 2 and mine.shape == value.T.shape:
            mine.copy_(value.T)
        else:
            mine.fill_(1)


def fresh_numbers(answer, in_features, out_features, bias):
    """How a new layer's numbers start, in words. Torch marks fresh memory with NaN."""
    before = torch.get_deterministic_debug_mode()
    torch.set_deterministic_debug_mode("error")
    try:
        layer = answer(in_features, out_features, bias)
    finally:
        torch.set_deterministic_debug_mode(before)
    weight, bias = (getattr(layer, name, None) for name in ("weight", "bias"))
    b = in_features**-0.5
    return {"fresh weight": in_words(weight, b), "fresh bias": bias_in_words(bias, b)}


def bias_in_words(bias, bound):
    """How the few numbers of a bias lie, when they should be drawn within ±bound."""
    if not torch.is_tensor(bias):
        return "as it should be"
    if not bias.isfinite().all():
        return "left as memory had it"
    if bias.max() == bias.min():
        return "all the same"
    return "too large" if bias.abs().max() > 1.01 * bound else "as it should be"


def in_words(weight, bound):
    """How many numbers lie, when there should be about 1,000 within ±bound."""
    if not torch.is_tensor(weight):
        return "missing"
    if not weight.isfinite().all():
        return "left as memory had it"
    largest, smallest = weight.max().item() / bound, weight.min().item() / bound
    if largest == smallest:
        return "all the same"
    if smallest >= 0:
        return "never negative"
    if max(largest, -smallest) > 1.01:
        return "too large"
    return "too small" if max(largest, -smallest) < 0.9 else "as it should be"


def listed(layer):
    """A layer's parameters with their shapes: "weight (3, 2), bias (3)"."""
    return ", ".join(
        f"{name} ({', '.join(map(str, parameter.shape))})"
        for name, parameter in layer.named_parameters()
    )


def printed(layer):
    """How a layer prints itself, or that it can't."""
    try:
        return repr(layer)
    except AttributeError:
        return "AttributeError"
