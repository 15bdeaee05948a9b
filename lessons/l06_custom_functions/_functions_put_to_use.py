"""How a Function is put to a case: forward, backward, and what it holds on to."""

import torch

CHANGE = "in-place changes"
INPUTS = "inputs"
SECOND = "second derivative"


def put_to_use(answer, given, blame, wanted=None):
    """A report on what a Function makes of its inputs, and the blame it passes back.

    ``given`` holds the inputs by name, ``wanted`` the names of those that ask for a
    gradient (by default all tensors). Gradients are what ``backward`` returns, before
    autograd sums away an axis too many. Raises what the Function raises, and TypeError
    where ``backward`` returns nothing, or a list.
    """
    tensors = [name for name, value in given.items() if torch.is_tensor(value)]
    wanted = tensors if wanted is None else wanted
    inputs = {
        name: value.clone().requires_grad_(name in wanted) if name in tensors else value
        for name, value in given.items()
    }
    out = answer.apply(*inputs.values())
    report = report_on(out, dict.fromkeys(given), given, inputs)
    if not torch.is_tensor(out):
        return report | {f"gradient of {name}": "not asked for" for name in wanted}
    if out.grad_fn is None:
        return report
    if out.shape != blame.shape:
        blame = torch.ones_like(out)
    with torch.no_grad():
        raw = out.grad_fn.apply(blame)
    if raw is None:
        raise TypeError("backward returned nothing; does it end with a `return`?")
    if type(raw) is list:
        raise TypeError(
            "backward returned a list, which autograd takes for a single gradient; "
            "return a tuple: commas, and no square brackets"
        )
    raw = raw if type(raw) is tuple else (raw,)
    returned = dict(zip(given, raw, strict=False))
    for name in given:
        if name in wanted or name not in tensors:
            report[f"gradient of {name}"] = returned.get(name)
    leaves = [inputs[name] for name in wanted]
    if len(raw) < len(given) or all_fit(returned, given, wanted):
        grads = torch.autograd.grad(out, leaves, blame, allow_unused=True)
        if change_spoils(answer, inputs, tensors, leaves, blame, grads):
            report[CHANGE] = "spoil a gradient"
    report["dtypes"] = dtypes(out, *returned.values())
    return report


def by_autograd(function, given, blame, wanted=None):
    """The report that is right: ``function`` is made of torch's own operations."""
    leaves = {
        name: value.clone().requires_grad_()
        for name, value in given.items()
        if torch.is_tensor(value)
    }
    out = function(**{**given, **leaves})
    grads = torch.autograd.grad(out, list(leaves.values()), blame)
    grads = dict(zip(leaves, grads, strict=True))
    wanted = leaves if wanted is None else wanted
    grads = {name: grads[name] if name in wanted else None for name in given}
    return report_on(out, grads, given, given)


def report_on(out, grads, given, inputs):
    """The report on a Function, as far as its output and its gradients show.

    ``inputs`` are the tensors that were handed over, which should still equal ``given``.
    """
    is_tensor = torch.is_tensor(out)
    kept = all(
        torch.equal(value, inputs[name])
        for name, value in given.items()
        if torch.is_tensor(value)
    )
    return {
        "output": out.detach().clone() if is_tensor else out,
        **{f"gradient of {name}": grad for name, grad in grads.items()},
        CHANGE: "do no harm",
        INPUTS: "as they were" if kept else "changed",
        "dtypes": dtypes(out, *grads.values()),
    }


def dtypes(out, *grads):
    """The dtypes of an output and of its gradients, in words: float64 back float64."""
    names = [str(out.dtype) if torch.is_tensor(out) else "nothing", "back"]
    names += sorted({str(grad.dtype) for grad in grads if torch.is_tensor(grad)})
    return " ".join(names).replace("torch.", "")


def all_fit(returned, given, wanted):
    """Whether gradients are there for tensors alone, and in their shapes."""
    return all(
        returned[name] is None
        if not torch.is_tensor(value)
        else name not in wanted
        or not torch.is_tensor(returned[name])
        or returned[name].shape == value.shape
        for name, value in given.items()
    )


def change_spoils(answer, inputs, tensors, leaves, blame, grads):
    """Whether changing an input before backward makes a gradient wrong unnoticed."""
    for changed in tensors:
        fresh = {n: inputs[n] * 1 if n in tensors else inputs[n] for n in inputs}
        out = answer.apply(*fresh.values())
        with torch.no_grad():
            fresh[changed].mul_(3).add_(1)
        try:
            again = torch.autograd.grad(out, leaves, blame, allow_unused=True)
        except RuntimeError:
            continue  # autograd has noticed
        if any(
            a is not None and b is not None and not torch.allclose(a, b)
            for a, b in zip(grads, again, strict=True)
        ):
            return True
    return False


def second_derivative(answer, *inputs):
    """In words, whether the gradient's own gradient is cut off unnoticed."""
    leaves = [value.clone().requires_grad_() for value in inputs]
    out = answer.apply(*leaves)
    if not torch.is_tensor(out) or out.grad_fn is None:
        return "isn't lost silently"
    try:
        (grad,) = torch.autograd.grad((out**2).sum(), leaves[:1], create_graph=True)
    except RuntimeError:
        return "isn't lost silently"
    return "isn't lost silently" if grad.requires_grad else "is lost silently"
