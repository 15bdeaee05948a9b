"""Layers to be checked. Their classes' names say what is the matter with them."""

import torch
from torch import nn
from torch.autograd import Function


class LinearByRules(Function):
    """A linear layer whose way back follows rules that are handed to it."""

    @staticmethod
    def forward(ctx, x, weight, bias, rules):
        ctx.save_for_backward(x, weight)
        ctx.rules = rules
        return x @ weight.T + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        dx, dweight, dbias = blame @ weight, blame.T @ x, blame.sum(0)
        return *ctx.rules(blame, x, dx, dweight, dbias), None


class Honest(nn.Module):
    """x (N, D_in) to (N, D_out), and every gradient as it should be."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight, dbias

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return LinearByRules.apply(x, self.weight, self.bias, self.rules)


class GradientOfXTurned(Honest):
    """The gradient of x has its sign turned."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return -dx, dweight, dbias


class GradientOfWeightTurned(Honest):
    """The gradient of the weight has its sign turned."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, -dweight, dbias


class GradientOfBiasLost(Honest):
    """The gradient of the bias is all zeros."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight, torch.zeros_like(dbias)


class GradientOfWeightUpsideDown(Honest):
    """Right as long as all blame is the same."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight.flip(0), dbias


class TimesByRule(Function):
    """x (N, D) times gain (D,), with a gradient of gain that isn't right."""

    @staticmethod
    def forward(ctx, x, gain):
        ctx.save_for_backward(x, gain)
        return x * gain

    @staticmethod
    def backward(ctx, blame):
        _, gain = ctx.saved_tensors
        return blame * gain, blame.sum(0) * gain  # the gain, where x is due


class GradientOfGainWrong(nn.Module):
    """A layer whose only parameter is called neither weight nor bias."""

    def __init__(self, gain):
        super().__init__()
        self.gain = nn.Parameter(gain)

    def forward(self, x):
        return TimesByRule.apply(x, self.gain)
