"""The house: which package may import which, and how large anything may get."""

import ast
import subprocess
import sys
from collections import defaultdict

import networkx
import pytest

from lessons import lesson_names
from lessons.places import PROJECT

# From the ground up: a package imports from those before it.
FLOORS = ("diagnose", "lessons", "helpers", "tools", "classroom")
ABOVE = ("benchmarks", "imgs", "tests")
# What the engine promises to other packages; its other modules may change.
PUBLIC = {"", "answers_command", "catalogue", "cells", "html", "kinds", "remote"}


def modules(package):
    """{dotted name: path} of a package's modules, nested ones included."""
    found = {}
    for path in sorted((PROJECT / package).rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


COURSE = {name: path for package in FLOORS for name, path in modules(package).items()}


def imported(tree):
    """The dotted names that a module imports anywhere in it, also within functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "say where from"
            # `from a import b` may mean the module a.b, or a name in a.
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows():
    """(module, module it imports) within the course."""
    for name, path in COURSE.items():
        for wanted in imported(parsed(path)):
            if wanted in COURSE and wanted != name:
                yield name, wanted


def floor(name):
    return FLOORS.index(name.partition(".")[0])


def test_imports_go_downwards():
    upwards = [arrow for arrow in arrows() if floor(arrow[0]) < floor(arrow[1])]
    assert upwards == []


@pytest.mark.parametrize("package", FLOORS)
def test_nothing_of_the_course_needs_what_is_built_around_it(package):
    for name, path in modules(package).items():
        roots = {wanted.partition(".")[0] for wanted in imported(parsed(path))}
        assert not roots & set(ABOVE), name


def test_there_are_no_circles():
    graph = networkx.DiGraph()
    for importing, wanted in arrows():
        # A package's __init__ gathers its own modules; they may import one another.
        if not wanted.startswith(f"{importing}."):
            graph.add_edge(importing, wanted)
    # Going into a package runs its __init__, which must not need who went there.
    assert [
        c for c in networkx.strongly_connected_components(graph) if len(c) > 1
    ] == []


@pytest.mark.parametrize("package", [*FLOORS[1:], *ABOVE[:2]])
def test_the_engine_is_used_by_what_it_promises(package):
    private = {
        (name, wanted)
        for name, path in modules(package).items()
        for wanted in imported(parsed(path))
        if wanted.startswith("diagnose.")
        and wanted in COURSE
        and wanted.removeprefix("diagnose.") not in PUBLIC
    }
    assert private == set()


@pytest.mark.parametrize("name", lesson_names())
def test_solutions_load_no_engine(name):
    code = f"import sys, lessons.{name}.solutions; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not [module for module in loaded if module.startswith("diagnose")]
    exercises = f"lessons.{name}."
    assert {m for m in loaded if m.startswith(exercises)} == {f"{exercises}solutions"}


# Small enough to read


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_helpers_are_small():
    assert sum(map(lines, modules("helpers").values())) <= 5500


def test_no_exercise_is_too_long_to_read():
    assert [
        name for name, path in modules("lessons").items() if lines(path) > 500
    ] == []


PLAIN = ast.Tuple | ast.List | ast.Dict | ast.Constant | ast.Load


@pytest.mark.parametrize("name", lesson_names())
def test_mistakes_are_written_out(name):
    """Names, sentences and code, as text: no factory makes them, and no lambda."""
    for module, path in modules(f"lessons/{name}").items():
        calls = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.Call)]
        for call in calls:
            if getattr(call.func, "id", "") != "Mistake":
                continue
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            parts = [node for value in given for node in ast.walk(value)]
            assert all(isinstance(node, PLAIN) for node in parts), (module, call.lineno)


def test_a_class_s_name_means_one_thing():
    homes = defaultdict(set)
    for name, path in COURSE.items():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(name)
    assert {
        name: sorted(there) for name, there in homes.items() if len(there) > 1
    } == {}
