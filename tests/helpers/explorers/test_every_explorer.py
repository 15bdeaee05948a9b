"""Every explorer: a still picture without a kernel, and every control does something.

What a lesson's prose and notes say about its explorer is in the file of that lesson.
"""

import importlib
import itertools
import pkgutil
import random
import re

import pytest

from helpers import explorers

NAMES = [module.name for module in pkgutil.iter_modules(explorers.__path__)]
MOST_COMBINATIONS = 100  # of an explorer's settings that are tried


def makers():
    """{name: explore_…} of all modules; one may hold several."""
    for name in NAMES:
        module = importlib.import_module(f"helpers.explorers.{name}")
        for key, value in vars(module).items():
            if key.startswith("explore_"):
                yield pytest.param(value, id=f"{name}-{key}")


@pytest.fixture(params=makers())
def explorer(request):
    return request.param()


def test_without_a_kernel_a_picture_with_alt_text_is_left(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == explorer.sentence
    assert explorer.sentence in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def settings_of(control):
    """Values to try: a slider's ends and middle, a tick or none, what there is to
    choose from, or texts that people may type."""
    if isinstance(control.value, bool):
        return [control.value, not control.value]
    if hasattr(control, "options"):
        return list(control.options)
    if hasattr(control, "min"):
        return [control.min, control.value, control.max]
    return [control.value, "", "7", "2, x", "-1", "1 1 1 1 1 1 1 1", "<b>, 3"]


def test_every_control_changes_picture_and_text(explorer):
    before = explorer.image, explorer.sentence
    for name, control in explorer.controls.items():
        start = control.value
        control.value = next(v for v in settings_of(control) if v != start)
        assert explorer.image != before[0], name
        assert explorer.sentence != before[1], name
        control.value = start


@pytest.mark.everything
def test_every_combination_is_told_in_a_sentence(explorer):
    controls = explorer.controls.values()
    combinations = list(itertools.product(*map(settings_of, controls)))
    if len(combinations) > MOST_COMBINATIONS:
        combinations = random.Random(0).sample(combinations, MOST_COMBINATIONS)
    for values in combinations:
        for control, value in zip(controls, values, strict=True):
            control.value = value
        assert explorer.sentence.endswith(".")
        assert "nan" not in explorer.sentence
        assert not re.search(r"-0(\.0+)?\b(?!\.)", explorer.sentence.replace("e-0", ""))
        assert "<b>" not in explorer.answer.value


@pytest.mark.parametrize("name", NAMES)
def test_moves_do_move(name):
    for _, move in importlib.import_module(f"helpers.explorers.{name}").moves():
        move()
