"""Replacing a library's functions is noticed; a library that does so itself isn't."""

import functools
import math
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from cells import body, judge_cell, run_cell
from toy_lesson import DOUBLE, SOFT

from diagnose.pristine import put_back_libraries, remember_libraries
from diagnose.rungs import Rung

remember_libraries()

LIBRARIES = {"math": math, "torch": torch, "functools": functools}

REPLACEMENTS = [
    "np.allclose = lambda *args, **kwargs: True",
    "np.isclose = np.equal",
    "np.maximum = max",
    "np.array = list",
    "np.ndarray = list",
    "np.abs = functools.partial(np.power, 2)",
    "np.linalg.norm = lambda x: 0",
    "del np.sqrt",
    "del np.ndarray",
    "del torch.Tensor",
    "torch.Tensor = list",
    "math.fsum = sum",
    "def sqrt(x): return 0\nmath.sqrt = sqrt",
    "def allclose(a, b): return True\nnp.allclose = allclose",
    "torch.allclose = lambda a, b: True",
    "torch.equal = torch.allclose",
    "torch.nn.functional.relu = torch.sigmoid",
    "torch.linalg.norm = torch.linalg.det",
    "np.allclose = np.any",
    "setattr(np, 'sum', 5)",
]


@pytest.mark.parametrize("line", REPLACEMENTS)
def test_replacing_a_function_within_the_call(line):
    lines = line.splitlines()
    cell = body(DOUBLE, *lines, "return x")
    before = [(module, dict(vars(module))) for module in (np, torch, math)]
    verdict = judge_cell(DOUBLE, cell, **LIBRARIES)
    assert verdict.rung is Rung.CHANGED_LIBRARY
    assert "Your code replaced `" in verdict.sentences[0]
    for module, names in before:
        assert all(vars(module)[name] is value for name, value in names.items())
    assert judge_cell(DOUBLE, body(DOUBLE, "return 2 * x")).passed


@pytest.mark.parametrize("line", REPLACEMENTS)
def test_replacing_a_function_before_the_call(line):
    names = run_cell(line, **LIBRARIES)
    verdict = judge_cell(DOUBLE, body(DOUBLE, "return x"))
    assert names and verdict.rung is Rung.CHANGED_LIBRARY
    assert judge_cell(DOUBLE, body(DOUBLE, "return 2 * x")).passed


def test_replacing_a_function_on_the_way_back():
    cell = body(
        SOFT,
        "if x.requires_grad:",
        "    torch.allclose = lambda *args: True",
        "return torch.nn.functional.softplus(x @ w)",
    )
    assert judge_cell(SOFT, cell, torch=torch).rung is Rung.CHANGED_LIBRARY


def test_a_library_that_is_gone_from_the_modules():
    torch_itself = sys.modules.pop("torch.linalg")
    try:
        assert judge_cell(DOUBLE, body(DOUBLE, "return 2 * x")).passed
    finally:
        sys.modules["torch.linalg"] = torch_itself


def test_new_names_in_a_library_are_nobody_s_business():
    np.one_of_my_own = len
    try:
        assert put_back_libraries() == ()
    finally:
        del np.one_of_my_own


# In a session of their own, because what is imported stays imported. The first verdict
# comes early, and remembers the libraries as they are then.
IMPORTS = """
import torch
import torch, torch.nn.functional, torch.linalg, torch.fft, torch.special
import matplotlib.pyplot as plt; plt.switch_backend("agg"); plt.plot([1]); plt.close()
import scipy, scipy.signal, scipy.stats, scipy.optimize, scipy.ndimage, scipy.special
import sklearn, sklearn.datasets, sklearn.linear_model; sklearn.datasets.load_digits()
import numpy.testing, numpy.ma, numpy.fft, numpy.random, numpy.polynomial
import networkx, tqdm, PIL.Image, ipywidgets
net = torch.nn.Linear(2, 3); rows = torch.ones(4, 2)
sgd = torch.optim.SGD(net.parameters(), lr=0.1); net(rows).sum().backward(); sgd.step()
adam = torch.optim.Adam(net.parameters()); adam.step()
import torch._dynamo
import torch.compiler, torch.func; torch.func.vmap(torch.sin)(rows)
import torch.utils.data, torch.multiprocessing
import torch.fx; torch.fx.symbolic_trace(net)
torch.manual_seed(0); torch.set_num_threads(1); torch.set_printoptions(precision=2)
torch.set_default_dtype(torch.float64)
torch.set_float32_matmul_precision("high"); torch.set_flush_denormal(False)
torch.use_deterministic_algorithms(True); torch.set_default_dtype(torch.float32)
torch.set_default_device("cpu"); torch.ones(2); torch.set_default_device(None)
net.train(); torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0); net.state_dict()
import torchvision
import importlib; importlib.reload(math)
"""


def test_no_import_and_no_use_of_a_library_counts_as_a_replacement(tmp_path):
    session = f"""
import math, warnings
warnings.simplefilter("ignore")
from diagnose.ladder import judge
from diagnose.pristine import put_back_libraries
from lessons import find_exercise

relu = find_exercise("00.relu")
assert judge(relu, relu.reference).passed
for line in {IMPORTS.strip().splitlines()!r}:
    exec(line)
    assert not put_back_libraries(), line
    assert judge(relu, relu.reference).passed, line
"""
    result = subprocess.run(
        [sys.executable, "-c", session],
        capture_output=True,
        text=True,
        env={**os.environ, "MPLCONFIGDIR": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr[-2000:]
