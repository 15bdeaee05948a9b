"""constraints.txt and environment.yml agree, and pin what pyproject.toml asks for."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import toy_course
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = toy_course.TOOLS.parent
pin_versions = toy_course.load_tool("pin_versions")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = [
    Requirement(line) for line in CONSTRAINTS.splitlines() if not line.startswith("#")
]
WANTED = [
    *PYPROJECT["project"]["dependencies"],
    *PYPROJECT["project"]["optional-dependencies"]["test"],
]


def test_every_pin_is_exact_and_there_once():
    for pin in PINS:
        assert [clause.operator for clause in pin.specifier] == ["=="], pin
        assert pin.url is None
    names = [canonicalize_name(pin.name) for pin in PINS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("line", WANTED)
def test_what_is_wanted_is_pinned_within_its_bounds(line):
    wanted = Requirement(line)
    (pin,) = [p for p in PINS if canonicalize_name(p.name) == wanted.name]
    (clause,) = pin.specifier
    assert wanted.specifier.contains(clause.version, prereleases=True)
    assert pin.marker is None, "needed everywhere, so pinned everywhere"


def test_what_builds_helpers_is_pinned_within_its_bounds():
    (wanted,) = map(Requirement, PYPROJECT["build-system"]["requires"])
    (pin,) = [pin for pin in PINS if pin.name == wanted.name]
    (clause,) = pin.specifier
    assert wanted.specifier.contains(clause.version)


def test_conda_gets_the_same_pins_and_helpers():
    environment = yaml.safe_load(ENVIRONMENT)
    assert environment["name"] == "from-numpy-to-cnn"
    python, pip, packages = environment["dependencies"]
    assert pip == "pip"
    assert packages["pip"][0] == "-e ."
    assert [Requirement(line) for line in packages["pip"][1:]] == PINS
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert python == f"python={oldest}"


def test_environment_yml_is_what_make_pins_writes():
    assert pin_versions.environment(CONSTRAINTS) == ENVIRONMENT


def test_no_pin_names_an_address():
    assert not re.search("://|--index|--find-links", CONSTRAINTS + ENVIRONMENT)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A place for pins, with a uv that writes what uv would write."""
    toy_course.forget_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pin_versions, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["pin_versions.py"])
    monkeypatch.setattr(pin_versions, "get_uv", lambda: "uv")
    return tmp_path


def test_pins_are_written_to_both(checkout, monkeypatch):
    def run(command, env):
        assert command[0] == "uv" and "PATH" in env
        Path("constraints.txt").write_text("a==1\nb==2 ; os_name == 'nt'\n")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(pin_versions.subprocess, "run", run)
    pin_versions.main()
    first, *pins = (checkout / "constraints.txt").read_text().splitlines()
    assert first.startswith("# ") and "make pins" in first
    assert pins == ["a==1", "b==2 ; os_name == 'nt'"]
    written = yaml.safe_load((checkout / "environment.yml").read_text())
    assert written["dependencies"][-1] == {"pip": ["-e .", *pins]}


def test_without_uv_it_says_why(checkout, monkeypatch):
    def get_uv():
        raise pin_versions.SetupError("It can't be fetched.")

    monkeypatch.setattr(pin_versions, "get_uv", get_uv)
    with pytest.raises(SystemExit, match="It can't be fetched"):
        pin_versions.main()


def test_where_uv_fails_nothing_is_written(checkout, monkeypatch):
    failed = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(pin_versions.subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(SystemExit, match="nothing was changed"):
        pin_versions.main()
    assert not list(checkout.glob("*.*"))
