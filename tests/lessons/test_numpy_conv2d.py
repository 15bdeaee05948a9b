"""Lesson 07's layers in NumPy do what torch's do, in every setting, forward and back.

The solutions and what the notebook's own cells define; where it's both, they are the
same.
"""

import ast
import inspect
import json
import tracemalloc
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from diagnose.define import define
from lessons.l07_numpy_conv2d import solutions
from lessons.places import notebook_of

STRIDES = 1, 2, (2, 1)
PADDINGS = 0, 1, (1, 2)
DILATIONS = 1, 2, (1, 3)
GROUPS = 1, 2, 4
GRID = list(product(STRIDES, PADDINGS, DILATIONS, GROUPS))
N, C_IN, C_OUT, SIZE, KERNEL = 2, 4, 8, (6, 7), (3, 2)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def tensors(*arrays):
    """Leaves of autograd with the same numbers; None stays None."""
    return [
        None if array is None else torch.tensor(array, requires_grad=True)
        for array in arrays
    ]


def torch_gradients(y, dy, leaves):
    return torch.autograd.grad((y * torch.tensor(dy)).sum(), leaves)


def assert_equal(mine, its):
    its = its.detach().numpy()
    assert mine.shape == its.shape
    assert mine.dtype == its.dtype
    np.testing.assert_allclose(mine, its, rtol=1e-10, atol=1e-12)


def drawn(rng, groups, with_bias=True, dtype="float64"):
    """x, weight, bias for a convolution in which all sizes differ."""
    x = rng.normal(size=(N, C_IN, *SIZE))
    weight = rng.normal(size=(C_OUT, C_IN // groups, *KERNEL))
    bias = rng.normal(size=C_OUT) if with_bias else None
    return [None if a is None else a.astype(dtype) for a in (x, weight, bias)]


# Convolution, over the whole grid


@pytest.mark.parametrize("conv", [solutions.conv2d_loops, solutions.conv2d])
@pytest.mark.parametrize("with_bias", [True, False])
def test_forward_agrees_with_torch(conv, with_bias, rng):
    for stride, padding, dilation, groups in GRID:
        arrays = drawn(rng, groups, with_bias)
        how = stride, padding, dilation, groups
        assert_equal(conv(*arrays, *how), F.conv2d(*tensors(*arrays), *how))


@pytest.mark.parametrize(
    "backward", [solutions.conv2d_backward_loops, solutions.conv2d_backward]
)
def test_backward_agrees_with_autograd(backward, rng):
    for stride, padding, dilation, groups in GRID:
        arrays, how = drawn(rng, groups), (stride, padding, dilation, groups)
        leaves = tensors(*arrays)
        y = F.conv2d(*leaves, *how)
        dy = rng.normal(size=tuple(y.shape))
        mine = backward(dy, *arrays[:2], *how)
        for grad, its in zip(mine, torch_gradients(y, dy, leaves), strict=True):
            assert_equal(grad, its)


@given(
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from([1, 2, 3, 6]),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
)
@settings(max_examples=60, deadline=None)
def test_any_settings_agree_with_torch(stride, padding, dilation, groups, kernel):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 6, 10, 13))
    weight = rng.normal(size=(6, 6 // groups, *kernel))
    how = stride, padding, dilation, groups
    leaves = tensors(x, weight)
    y = F.conv2d(*leaves, None, *how)
    assert solutions.output_size((10, 13), kernel, *how[:3]) == tuple(y.shape[2:])
    assert_equal(solutions.conv2d(x, weight, None, *how), y)
    dy = rng.normal(size=tuple(y.shape))
    mine = solutions.conv2d_backward(dy, x, weight, *how)
    for grad, its in zip(mine, torch_gradients(y, dy, leaves), strict=False):
        assert_equal(grad, its)


def test_float32_stays_float32(rng):
    x, weight, bias = drawn(rng, 2, dtype="float32")
    y = solutions.conv2d(x, weight, bias, groups=2)
    grads = solutions.conv2d_backward(y, x, weight, groups=2)
    assert {array.dtype for array in (y, *grads)} == {np.dtype("float32")}


def test_arguments_are_left_alone(rng):
    arrays = drawn(rng, 1)
    before = [array.copy() for array in arrays]
    y = solutions.conv2d(*arrays, padding=1)
    dy = y.copy()
    solutions.conv2d_backward(dy, *arrays[:2], padding=1)
    for array, old in zip((*arrays, dy), (*before, y), strict=True):
        np.testing.assert_array_equal(array, old)


def test_arrays_that_are_not_contiguous(rng):
    x, weight, bias = drawn(rng, 1)
    turned = np.asfortranarray(x), np.asfortranarray(weight), bias
    expected = solutions.conv2d(x, weight, bias)
    np.testing.assert_allclose(solutions.conv2d(*turned), expected)
    dy = np.asfortranarray(expected)
    for mine, its in zip(
        solutions.conv2d_backward(dy, *turned[:2]),
        solutions.conv2d_backward(expected, x, weight),
        strict=True,
    ):
        np.testing.assert_allclose(mine, its)


@pytest.mark.parametrize("most", [1, 500, 2_000, 10**9])
def test_blocks_of_any_size_give_the_same(most, rng, monkeypatch):
    x, weight = rng.normal(size=(7, 2, 6, 5)), rng.normal(size=(3, 2, 2, 3))
    expected = solutions.conv2d(x, weight)
    grads = solutions.conv2d_backward(expected, x, weight)
    monkeypatch.setattr(solutions, "MOST", most)
    np.testing.assert_allclose(solutions.conv2d(x, weight), expected)
    for mine, its in zip(
        solutions.conv2d_backward(expected, x, weight), grads, strict=True
    ):
        np.testing.assert_allclose(mine, its)


def peak_beyond_results(action):
    tracemalloc.start()
    result = action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    results = result if isinstance(result, tuple) else (result,)
    return peak - sum(array.nbytes for array in results)


def test_memory_is_bounded_whatever_the_batch():
    weight = np.ones((16, 8, 5, 5), "float32")
    peaks = {}
    for batch in (16, 128):
        x = np.ones((batch, 8, 24, 24), "float32")
        dy = np.ones((batch, 16, 24, 24), "float32")
        peaks[batch] = [
            peak_beyond_results(lambda x=x: solutions.conv2d(x, weight, padding=2)),
            peak_beyond_results(
                lambda x=x, dy=dy: solutions.conv2d_backward(dy, x, weight, padding=2)
            ),
        ]
    np.testing.assert_allclose(peaks[16], peaks[128], rtol=0.05)
    assert max(peaks[128]) < 1.5 * 4 * solutions.MOST


# The other layers, whose way forward is the notebook's own


def functions_of_notebook():
    """{name: its source} of the functions that cells of lesson 07 define themselves."""
    path = notebook_of("l07_numpy_conv2d")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return {
        node.name: ast.get_source_segment(source, node)
        for source in sources
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not node.decorator_list
    }


def from_notebook(name):
    """A function as a cell of the notebook defines it."""
    return define(functions_of_notebook()[name], vars(solutions))[name]


@pytest.mark.parametrize(
    ("kernel", "stride"), [(2, None), (3, 2), ((2, 3), None), ((3, 2), (1, 3)), (2, 3)]
)
def test_max_pool_agrees_with_torch(kernel, stride, rng):
    x = np.maximum(rng.normal(size=(3, 2, 8, 9)), 0)  # with many ties
    (leaf,) = tensors(x)
    y = F.max_pool2d(leaf, kernel, stride)
    assert_equal(from_notebook("max_pool2d")(x, kernel, stride), y)
    dy = rng.normal(size=tuple(y.shape))
    (grad,) = torch_gradients(y, dy, [leaf])
    assert_equal(solutions.max_pool2d_backward(dy, x, kernel, stride), grad)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_agrees_with_torch(training, rng):
    x, dy = rng.normal(3, 2, size=(2, 5, 3, 4, 2))
    weight, bias, mean = rng.normal(size=(3, 3))
    var = rng.uniform(1, 2, size=3)
    torch_mean, torch_var = torch.tensor(mean), torch.tensor(var)
    leaves = tensors(x, weight, bias)
    y = F.batch_norm(leaves[0], torch_mean, torch_var, *leaves[1:], training)
    grads = torch_gradients(y, dy, leaves)
    back = solutions.batch_norm_backward(dy, x, weight, mean, var, training)
    batch_norm = from_notebook("batch_norm")
    assert_equal(batch_norm(x, weight, bias, mean, var, training), y)
    pairs = zip((*back, mean, var), (*grads, torch_mean, torch_var), strict=True)
    for mine, its in pairs:
        assert_equal(mine, its)


@pytest.mark.filterwarnings("error")
def test_the_loss_never_overflows():
    logits = np.array([-1e4, -100.0, -1.0, 0.0, 1.0, 100.0, 1e4])
    for target in (0.0, 1.0):
        targets = np.full(7, target)
        loss, grad = solutions.bce_with_logits(logits, targets)
        (leaf,) = tensors(logits)
        its = F.binary_cross_entropy_with_logits(leaf, torch.tensor(targets))
        np.testing.assert_allclose(loss, its.item())
        assert_equal(grad, torch.autograd.grad(its, leaf)[0])


# The notebook


def bare(source):
    """A function's arguments and statements, without its docstring."""
    (function,) = ast.parse(source).body
    skip = 1 if ast.get_docstring(function) else 0
    return [ast.dump(function.args), *map(ast.dump, function.body[skip:])]


def test_the_notebook_s_functions_are_those_of_the_solutions():
    defined = functions_of_notebook()
    shared = defined.keys() & vars(solutions).keys()
    assert len(shared) >= 6
    for name in shared:
        source = inspect.getsource(getattr(solutions, name))
        assert bare(defined[name]) == bare(source), name
