"""What a student ends with in lesson 06."""

import torch
from scipy import fft
from scipy.signal import convolve2d, correlate2d
from torch import nn
from torch.autograd import Function, gradcheck
from torch.autograd.function import once_differentiable


class MulConstant(Function):
    """x times constant; x is a tensor, constant a plain number."""

    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        return blame * ctx.constant, None


class LinearFunction(Function):
    """x (N, D_in) times weight (D_out, D_in), transposed, plus bias (D_out,), if any.

    Called as LinearFunction.apply(x, weight, bias), where bias may be None.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        ctx.has_bias = bias is not None
        out = x @ weight.T  # (N, D_out)
        return out + bias if ctx.has_bias else out

    @staticmethod
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        dx = blame @ weight  # (N, D_in)
        dweight = blame.T @ x  # (D_out, D_in)
        dbias = blame.sum(0) if ctx.has_bias else None  # (D_out,)
        return dx, dweight, dbias


def function_or_module():
    """For each sentence, which of the two it is about: "Function" or "Module"."""
    return {
        "keeps the weights from one call to the next": "Module",
        "comes with a backward that you write": "Function",
        "is called through apply": "Function",
        "fills the state_dict": "Module",
        "calls the other one in its forward": "Module",
        "is one single node in autograd's graph": "Function",
    }


class Linear(nn.Module):
    """x (N, in_features) to (N, out_features), computed by LinearFunction.

    weight (out_features, in_features) and bias (out_features,) start uniformly
    between -b and b, with b = 1/√in_features. Prints itself as torch's own does.
    """

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        weight = torch.empty(out_features, in_features).uniform_(-b, b)
        self.weight = nn.Parameter(weight)
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"


def check_module_gradients(module, x):
    """Whether gradcheck accepts the gradients of x and of every parameter of module.

    Works in float64 on copies: the module stays as it is.
    """
    names = [name for name, _ in module.named_parameters()]
    copies = (tensor.detach().clone().double() for tensor in (x, *module.parameters()))

    def run(x, *values):
        given = dict(zip(names, values, strict=True))
        return torch.func.functional_call(module, given, (x,))

    inputs = tuple(copied.requires_grad_() for copied in copies)
    return gradcheck(run, inputs, raise_exception=False)


class FFTMagnitude(Function):
    """abs(rfft2(x)): x (H, W) real, the result (H, W // 2 + 1)."""

    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        # s=… fills up with zeros: each frequency that was kept counts once.
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


class ScipyConv2d(Function):
    """x (H, W) correlated with weight (kH, kW), where it fits whole, plus bias (1,)."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="full")  # (H, W)
        dweight = correlate2d(x, blame.numpy(), mode="valid")  # (kH, kW)
        dbias = blame.sum().reshape(1)  # (1,)
        return torch.from_numpy(dx), torch.from_numpy(dweight), dbias


class StraightThroughRound(Function):
    """x rounded, and clamped to low … high; backward as if it were clamped only."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (inside,) = ctx.saved_tensors
        return blame * inside, None, None
