"""The notebooks as tests: each starts fresh, whatever else has been run and passed."""

import contextlib
import os
from unittest import mock

import pytest

from tools.outputs import fresh_environment

if "PYTEST_XDIST_WORKER" in os.environ:
    # Every core has its worker. If each kernel spread its products over all cores as
    # well, they would wait for each other, and take twice as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# Stored outputs hold solutions; the tests that are about hiding them set it themselves.
os.environ.pop("COURSE_SOLUTIONS", None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """A notebook's kernel is started while its first cell is set up."""
    if item.path.suffix != ".ipynb" or item.parent.kernel is not None:
        return (yield)
    stack = contextlib.ExitStack()
    item.config.add_cleanup(stack.close)
    environment = stack.enter_context(fresh_environment())
    with mock.patch.dict(os.environ, environment, clear=True):
        return (yield)
