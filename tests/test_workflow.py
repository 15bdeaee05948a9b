"""GitHub's workflow calls what there is, with few rights; it can't be run here."""

import re
import tomllib

import pytest
import yaml

from lessons.places import PROJECT

SOURCE = (PROJECT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(SOURCE)
JOBS = WORKFLOW["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
COMMANDS = [step["run"] for step in STEPS if "run" in step]
RUNNERS = {"ubuntu": "Linux", "macos": "macOS", "windows": "Windows"}


def test_it_may_only_read():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in JOBS.values())


def test_a_hanging_job_ends():
    assert all(job["timeout-minutes"] <= 60 for job in JOBS.values())


def test_actions_are_githubs_own_and_pinned_by_major_version():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@v\d+", action), action


@pytest.mark.parametrize("name", JOBS["tests"]["strategy"]["matrix"]["os"])
def test_each_system_runs_the_tests(name):
    system = RUNNERS[name.partition("-")[0]]
    commands = [
        step["run"] for step in STEPS if step.get("if") == f"runner.os == '{system}'"
    ]
    assert re.search(r"bash \.ci/run$|make test$|python -m pytest$", commands[-1])


def test_all_three_systems_are_there():
    systems = JOBS["tests"]["strategy"]["matrix"]["os"]
    assert {name.partition("-")[0] for name in systems} == set(RUNNERS)


def test_the_commands_call_what_there_is():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"\bmake (\w+)", "\n".join(COMMANDS))
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target
    words = " ".join([*COMMANDS, SOURCE.partition("cache-dependency-path:")[2]]).split()
    named = [w for w in words if re.fullmatch(r"[\w./-]+\.(py|yml|txt)|\.ci/run", w)]
    assert {".ci/run", "tools/pin_versions.py", "constraints.txt"} <= set(named)
    for path in named:
        assert (PROJECT / path).exists(), path


def test_conda_runs_in_the_environment_it_has_made():
    environment = yaml.safe_load(
        (PROJECT / "environment.yml").read_text(encoding="utf-8")
    )
    (used,) = re.findall(r" run -n (\S+)", "\n".join(COMMANDS))
    assert used == environment["name"]


def test_the_pinned_versions_run_on_the_oldest_python():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = project["project"]["requires-python"].removeprefix(">=")
    (python,) = [s["with"] for s in STEPS if "setup-python" in s.get("uses", "")]
    assert f"|| '{oldest}'" in python["python-version"]
