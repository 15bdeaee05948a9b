"""The Makefile's commands: each sets up first, and none trips over the environment."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import toy_course

ROOT = toy_course.TOOLS.parent
pytestmark = pytest.mark.skipif(
    os.name != "posix" or shutil.which("make") is None,
    reason="there is no make, or only one of Windows'",
)


def make(*arguments, cwd=ROOT, **variables):
    # Without what a `make test` that runs this hands down: its options, its ARGS.
    own = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "ARGS"))}
    own.pop("MFLAGS", None)
    return subprocess.run(
        ["make", *arguments],
        cwd=cwd,
        env=own | variables,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "target, program",
    [
        ("lab", "-m tools.lab"),
        ("present", "-m tools.present"),
        ("slides", "-m classroom slides"),
        ("test", "-m pytest"),
        ("outputs", "-m tools.outputs"),
        ("bench", "-m benchmarks"),
    ],
)
def test_set_up_comes_first(target, program):
    planned = make("--dry-run", target, "ARGS=--some option").stdout.splitlines()
    assert planned[-2].endswith("tools/setup_venv.py")
    assert planned[-1] == f".venv/bin/python {program} --some option"


def test_pins_are_made_without_set_up():
    assert "setup_venv" not in make("--dry-run", "pins").stdout


def test_updates_need_no_set_up():
    planned = make("--dry-run", "update", "ARGS=--from old").stdout
    assert planned.endswith("-m tools.update --from old\n")
    assert "setup_venv" not in planned


def test_plain_make_names_every_target():
    printed = make().stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: help (.+)$", makefile, re.MULTILINE)
    for target in targets.split():
        assert f"make {target} " in printed


def test_no_python_is_one_sentence():
    done = make("lab", "PYTHON=python-that-is-not-here")
    sentence, makes_own_line = done.stderr.splitlines()
    assert sentence == (
        "There is no 'python-that-is-not-here' here: install Python 3.11 or newer, "
        "or name yours, as in: make lab PYTHON=python3.12"
    )
    assert makes_own_line.startswith("make: ***")
    assert done.returncode and done.stdout == ""


def test_another_pythons_packages_are_kept_out(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "setup_venv.py").write_text(
        "import os\n"
        "print([os.environ.get('PYTHON' + x) for x in ('PATH', 'HOME', 'SAFEPATH')])"
    )
    foreign = {"PYTHONPATH": "/a", "PYTHONHOME": "/a", "PYTHONSAFEPATH": "1"}
    done = make("setup", f"PYTHON={sys.executable}", cwd=tmp_path, **foreign)
    assert done.stdout == "['', '', '']\n"


def test_failing_set_up_stops_there(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "setup_venv.py").write_text("import sys; sys.exit('No.')")
    done = make("test", f"PYTHON={sys.executable}", cwd=tmp_path)
    assert done.stderr.startswith("No.\nmake: ***") and done.returncode
    assert done.stdout == ""
