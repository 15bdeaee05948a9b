"""Set-up makes .venv, leaves a good one alone, mends a bad one, says what is wrong."""

import ast
import errno
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest
import toy_course

pytestmark = pytest.mark.skipif(os.name != "posix", reason="conda serves Windows")

SCRIPTS = [toy_course.TOOLS / f"{n}.py" for n in ("setup_venv", "get_uv", "explained")]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout with a name as bad as real ones are, and uv on PATH, offline."""
    uv = shutil.which("uv") or shutil.which(toy_course.TOOLS.parent / "build/uv/bin/uv")
    if uv is None and os.environ.get("CI") != "true":
        pytest.skip("there is no uv here: `make setup` fetches one")
    toy_course.put_program(tmp_path / "bin" / "uv", toy_course.UV.format(real=uv))
    toy_course.forget_settings(monkeypatch)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.chdir(tmp_path)  # set-up goes where it needs to be
    root = tmp_path / "my cours é"
    toy_course.make(root)
    return root


@pytest.fixture
def tool(root):
    return toy_course.setup_venv(root)


@pytest.fixture
def ready(root, tool):
    """A finished .venv, and a witness in it that making it afresh would remove."""
    tool.main()
    (root / ".venv" / "witness").touch()
    (root / "uv-calls.txt").unlink()
    return root


def failure(tool):
    """The sentence that set-up ends in."""
    with pytest.raises(SystemExit) as stopped:
        tool.main()
    sentence = stopped.value.code
    assert isinstance(sentence, str) and "\n" not in sentence and "%" not in sentence
    return sentence


def made_afresh(root):
    return not (root / ".venv" / "witness").exists()


def packages(root):
    return {path.stem for path in root.glob(".venv/lib/*/site-packages/*.dist-info")}


def is_ready(root):
    os.chdir(root)
    return toy_course.setup_venv(root).is_ready()


# All is well --------------------------------------------------------------------


def test_from_nothing_pip_fetches_uv(tool, root, tmp_path, monkeypatch, capsys):
    """Everything real, on a computer without uv; then the folder moves."""
    uv = tmp_path / "bin" / "uv"
    script = {"uv-0.9.0.data/scripts/uv": uv.read_text()}
    toy_course.write_wheel(tmp_path / "wheels", "uv", "0.9.0", script)
    uv.unlink()
    monkeypatch.setenv("PIP_USER", "1")  # a user's own setting, of no use here
    monkeypatch.setenv("TMPDIR", "/somewhere/full")
    tool.main()
    assert packages(root) == {"toy-1.0", "toydep-1.0", "pip-99.0"}
    assert is_ready(root)
    assert "some minutes" in capsys.readouterr().out
    assert "+ toydep==1.0" in (root / "build" / "setup.log").read_text()
    assert not (root / ".venv" / "uv-cache").exists()
    assert not (tmp_path / "home").exists()

    moved = root.rename(tmp_path / "moved")
    shutil.rmtree(tmp_path / "wheels")  # mending needs no network
    (moved / ".venv" / "witness").touch()
    toy_course.setup_venv(moved).main()
    assert is_ready(moved) and not made_afresh(moved)


def test_the_second_call_is_silent_quick_and_runs_no_uv(tool, ready, capsys):
    capsys.readouterr()
    started = time.perf_counter()
    tool.main()
    assert time.perf_counter() - started < 1
    assert capsys.readouterr().out == ""
    assert not (ready / "uv-calls.txt").exists()


def test_a_ready_one_may_be_read_only_and_called_by_an_old_python(
    tool, ready, monkeypatch
):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(tool, "only_one", None)
    tool.main()


def test_a_venv_made_by_hand_is_completed_not_removed(tool, root):
    venv = root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "witness").touch()
    tool.main()
    assert is_ready(root) and not made_afresh(root)


def test_a_link_to_a_folder_elsewhere_stays_one(tool, root, tmp_path):
    (tmp_path / "big disk").mkdir()
    (root / ".venv").symlink_to(tmp_path / "big disk")
    tool.main()
    (root / ".venv" / "course-unfinished").touch()
    tool.main()  # afresh
    assert is_ready(root) and (root / ".venv").is_symlink()


# Mended in place, or made afresh ------------------------------------------------


def test_new_pins_are_installed_in_place(tool, ready):
    (ready / "constraints.txt").write_text("toydep==2.0\n")
    tool.main()
    assert "toydep-2.0" in packages(ready)
    assert is_ready(ready) and not made_afresh(ready)


def test_a_package_of_the_users_own_stays(tool, ready, tmp_path):
    (dependency,) = ready.glob(".venv/lib/*/site-packages/toydep-1.0.dist-info")
    shutil.copytree(dependency, dependency.with_name("theirs-1.0.dist-info"))
    shutil.rmtree(tmp_path / "wheels")  # nothing is missing, so no network is needed
    tool.main()
    assert is_ready(ready) and "theirs-1.0" in packages(ready)


def test_a_copied_checkout_uses_its_own_helpers(ready, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ready, copy, symlinks=True)
    assert not is_ready(copy)
    toy_course.setup_venv(copy).main()
    assert is_ready(copy) and is_ready(ready)


@pytest.mark.parametrize(
    "damage, afresh",
    [
        ("ln -sf /nowhere/python3 .venv/bin/python", True),
        ("rm -r .venv/pyvenv.cfg .venv/bin", True),
        ("touch .venv/course-unfinished", True),
        ("echo > .venv/course-finished", False),
        ("rm -r .venv/lib", False),
        ("rm -r .venv/lib/*/site-packages/toydep-1.0.dist-info", False),
    ],
)
def test_a_broken_venv_is_mended_or_made_afresh(tool, ready, capsys, damage, afresh):
    subprocess.run(damage, shell=True, cwd=ready, check=True)
    tool.main()
    assert is_ready(ready) and "toydep-1.0" in packages(ready)
    assert made_afresh(ready) == afresh
    assert ("broken or unfinished" in capsys.readouterr().out) == afresh


# Interrupted, and two at once ---------------------------------------------------


def start(root, **more):
    return subprocess.Popen(
        [sys.executable, toy_course.__file__, root],
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start_hanging(root):
    """A set-up whose uv hangs while it installs."""
    started = start(root, FAKE_UV="hang")
    deadline = time.monotonic() + 30
    while not (root / "uv-hangs").exists():
        assert time.monotonic() < deadline, "uv was not called"
        time.sleep(0.02)
    return started


@pytest.mark.parametrize("whom", ["everybody, as a terminal does", "only set-up"])
def test_ctrl_c_then_again(tool, root, interruptible, whom):
    first = start_hanging(root)
    (os.kill if whom == "only set-up" else os.killpg)(first.pid, signal.SIGINT)
    output = first.communicate(timeout=30)[0]
    assert first.returncode == 130 and "Traceback" not in output
    assert output.endswith("Stopped: the next call mends what is half-made.\n")
    with pytest.raises(ProcessLookupError):  # nobody of the group is left
        os.killpg(first.pid, 0)
    assert not is_ready(root)
    tool.main()
    assert is_ready(root)


def test_killed_amid_new_pins_nothing_half_installed_stays(tool, ready):
    (ready / "constraints.txt").write_text("toydep==2.0\n")
    first = start_hanging(ready)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=30)
    tool.main()
    assert made_afresh(ready) and is_ready(ready)


@pytest.mark.parametrize("killed", [False, True])
def test_a_second_set_up_waits_for_the_first_ones_uv(root, killed):
    first = start_hanging(root)
    if killed:
        first.kill()
        first.wait()
    second = start(root)
    assert "Another set-up is at work" in second.stdout.readline()
    (root / "let-go").write_text("go\n")
    assert ("Set up in" in first.communicate(timeout=30)[0]) != killed
    assert ("Set up in" in second.communicate(timeout=30)[0]) == killed
    assert second.returncode == 0 and is_ready(root)


# One sentence for each trouble --------------------------------------------------


def test_an_old_python_is_told_so(tool, root, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert failure(tool).startswith("The course needs Python 3.11 or newer, and ")
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_real_old_pythons_can_read_the_scripts(tmp_path, version):
    (tmp_path / "tools").mkdir()
    script, *_ = [shutil.copy(script, tmp_path / "tools") for script in SCRIPTS]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    pythons = [*pyenv.glob(f"{version}.*/bin/python"), shutil.which(f"python{version}")]
    for python in filter(None, pythons):
        told = subprocess.run([python, script], capture_output=True, text=True)
        assert told.returncode == 1 and told.stdout == ""
        assert told.stderr.startswith("The course needs Python 3.11 or newer")
        assert f"is Python {version}" in told.stderr and told.stderr.count("\n") == 1
        return
    pytest.skip(f"no Python {version} here")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_keep_to_old_syntax(script):
    """Where no old Python is at hand to ask, this at least holds."""
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Starred)
    for node in ast.walk(ast.parse(script.read_text(encoding="ascii"))):
        assert not isinstance(node, new), ast.unparse(node)
        if isinstance(node, ast.arguments):
            assert not node.kwonlyargs and not node.posonlyargs
            assert not any(argument.annotation for argument in node.args)


def test_windows_is_sent_to_conda(monkeypatch):
    tool = toy_course.load_tool("setup_venv")
    monkeypatch.setattr(tool, "os", namedtuple("os", "name")("nt"))
    with pytest.raises(tool.SetupError, match="conda env create"):
        tool.check_python()


def test_debian_without_python3_venv(tool, root, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (tmp_path / "bin" / "uv").unlink()
    version = "{}.{}".format(*sys.version_info)
    assert f"sudo apt install python{version}-venv" in failure(tool)
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    "theirs", ["touch .venv", "ln -s nowhere .venv", "mkdir .venv; touch .venv/thesis"]
)
def test_what_a_stranger_put_there_is_left_alone(tool, root, theirs):
    subprocess.run(theirs, shell=True, cwd=root, check=True)
    before = os.lstat(root / ".venv")
    assert f"{root}/.venv is no virtual environment" in failure(tool)
    assert os.lstat(root / ".venv") == before


def test_too_little_disk(tool, root, monkeypatch):
    usage = namedtuple("usage", "total used free")(10e9, 7e9, 3e9)
    monkeypatch.setattr(tool.shutil, "disk_usage", lambda path: usage)
    tool.NEEDED_GB = 9
    sentence = failure(tool)
    assert sentence.startswith(f"Setting up needs 9 GB on the disk of {root}/.venv, ")
    assert "3.0 GB are free" in sentence


def test_a_read_only_checkout(tool, monkeypatch):
    def makedirs(path, exist_ok):
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(tool.os, "makedirs", makedirs)
    assert "may not write everywhere it must ([Errno 30] Read-only" in failure(tool)


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "HTTPS_PROXY"])
def test_without_a_network_new_pins_leave_the_venv_as_it_was(
    tool, ready, monkeypatch, variable
):
    """Nobody listens on port 9: neither an index nor a proxy."""
    (ready / "constraints.txt").write_text("toydep==3.0\n")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://127.0.0.1:9/simple")
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert "HTTPS_PROXY" in failure(tool)
    (ready / "constraints.txt").write_text("toydep==1.0\n")
    assert is_ready(ready)


@pytest.mark.parametrize(
    "behaviour, expected",
    [("die", "stopped by signal 9"), ("error: A\n  cause: B", "failed with 'A: B'")],
)
def test_where_uv_fails_strangely_the_venv_is_replaced(
    tool, ready, monkeypatch, behaviour, expected
):
    (ready / "constraints.txt").write_text("toydep==2.0\n")
    monkeypatch.setenv("FAKE_UV", behaviour)
    assert expected in failure(tool)
    monkeypatch.delenv("FAKE_UV")
    tool.main()
    assert made_afresh(ready) and is_ready(ready)


def test_helpers_are_not_found_after_all(tool, root):
    (root / "helpers" / "__init__.py").unlink()
    assert "doesn't find this course's helpers" in failure(tool)
    assert not is_ready(root)
