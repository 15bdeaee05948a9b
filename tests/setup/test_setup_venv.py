"""Set-up makes .venv, leaves a good one alone, mends a bad one, says what is wrong."""

import ast
import errno
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

SCRIPT = toy_course.TOOLS / "setup_venv.py"


@pytest.fixture
def tool():
    return toy_course.setup_venv_with_fake_pip()


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.delenv("FAKE_PIP", raising=False)
    root = tmp_path / "my cours é"
    toy_course.make(root)
    return root


@pytest.fixture
def ready(root, tool):
    """A finished .venv, and a witness in it that making it afresh would remove."""
    tool.main(str(root))
    (root / ".venv" / "witness").touch()
    (root / "pip-calls.txt").unlink()
    return root


def failure(tool, root):
    """The sentence that set-up ends in."""
    with pytest.raises(SystemExit) as stopped:
        tool.main(str(root))
    sentence = stopped.value.code
    assert isinstance(sentence, str) and "\n" not in sentence and "%" not in sentence
    assert "Traceback" not in sentence
    return sentence


def made_afresh(root):
    return not (root / ".venv" / "witness").exists()


def pip_ran(root):
    return (root / "pip-calls.txt").exists()


def is_ready(tool, root):
    return tool.is_ready(tool.Place(str(root)))


# All is well --------------------------------------------------------------------


def test_the_first_call_sets_up(tool, root, capsys):
    tool.main(str(root))
    assert is_ready(tool, root)
    assert "some minutes" in capsys.readouterr().out
    calls = (root / "pip-calls.txt").read_text()
    assert "--constraint constraints.txt" in calls and "--editable .[test]" in calls
    assert not (root / ".venv" / "tmp").exists()


def test_the_second_call_is_silent_quick_and_runs_no_pip(tool, ready, capsys):
    capsys.readouterr()
    started = time.perf_counter()
    tool.main(str(ready))
    assert time.perf_counter() - started < 1
    assert capsys.readouterr().out == ""
    assert not pip_ran(ready)


def test_an_old_python_may_use_what_a_newer_one_set_up(tool, ready, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    tool.main(str(ready))


def test_a_venv_made_by_hand_is_completed_not_removed(tool, root):
    venv = root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    toy_course.give_fake_pip(venv)
    (venv / "witness").touch()
    tool.main(str(root))
    assert is_ready(tool, root) and not made_afresh(root)


def test_a_link_to_a_folder_elsewhere_stays_one(tool, root, tmp_path):
    (tmp_path / "big disk").mkdir()
    (root / ".venv").symlink_to(tmp_path / "big disk")
    tool.main(str(root))
    (root / ".venv" / "course-unfinished").touch()
    tool.main(str(root))  # afresh
    assert is_ready(tool, root) and (root / ".venv").is_symlink()


def forget_pip_settings(monkeypatch):
    """Those of whoever runs the tests: variables and files alike."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def test_real_pip_sets_up_without_a_network(root, monkeypatch, tmp_path, capsys):
    """Everything real, with two small packages made here."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    toy_course.write_wheel(wheels, "setuptools", "99.0")
    toy_course.write_wheel(wheels, "toydep", "1.0")
    (root / "constraints.txt").write_text("setuptools==99.0\ntoydep==1.0\n")
    (root / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['setuptools']\n"
        "build-backend = 'backend'\nbackend-path = ['.']\n"
    )
    (root / "backend.py").write_text(toy_course.BACKEND)
    forget_pip_settings(monkeypatch)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_USER", "1")  # a user's own setting, of no use here
    tool = toy_course.load_tool("setup_venv")
    tool.NEEDED_GB = 0
    tool.main(str(root))
    assert "installing 2 packages" in capsys.readouterr().out
    assert is_ready(tool, root)

    moved = root.rename(tmp_path / "moved")
    shutil.rmtree(wheels)  # mending needs no network
    tool.main(str(moved))
    assert is_ready(tool, moved)
    pip = subprocess.run([moved / ".venv" / "bin" / "pip", "--version"])
    assert pip.returncode == 0


# Mended in place ----------------------------------------------------------------


def test_new_pins_are_installed_in_place(tool, ready):
    (ready / "constraints.txt").write_text("numpy==2.0.1\n")
    tool.main(str(ready))
    assert pip_ran(ready) and is_ready(tool, ready) and not made_afresh(ready)


def test_a_removed_package_comes_back(tool, ready):
    (package,) = ready.glob(".venv/lib/*/site-packages/numpy-*.dist-info")
    package.rmdir()
    tool.main(str(ready))
    assert package.is_dir() and not made_afresh(ready)


def test_another_version_of_a_package_is_noticed(tool, ready):
    (package,) = ready.glob(".venv/lib/*/site-packages/numpy-*.dist-info")
    package.rename(package.with_name("numpy-1.26.0.dist-info"))
    assert not is_ready(tool, ready)


def test_a_damaged_stamp_costs_a_look_by_pip(tool, ready):
    (ready / ".venv" / "course.json").write_text('{"made_from": ')
    tool.main(str(ready))
    assert pip_ran(ready) and is_ready(tool, ready) and not made_afresh(ready)


def test_a_moved_checkout_follows(tool, ready, tmp_path):
    script = ready / ".venv" / "bin" / "some-command"
    script.write_text(f"#!{ready}/.venv/bin/python\n")
    moved = ready.rename(tmp_path / "moved")
    tool.main(str(moved))
    assert is_ready(tool, moved) and not made_afresh(moved)
    script = moved / ".venv" / "bin" / "some-command"
    assert script.read_text() == f"#!{moved}/.venv/bin/python\n"


def test_a_copied_checkout_uses_its_own_helpers(tool, ready, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ready, copy, symlinks=True)
    assert not is_ready(tool, copy)
    tool.main(str(copy))
    assert is_ready(tool, copy) and is_ready(tool, ready)


# Made afresh --------------------------------------------------------------------


def lose_interpreter(venv):
    for python in venv.glob("bin/python*"):
        python.unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3")


def lose_pip(venv):
    (pip,) = venv.glob("lib/*/site-packages/pip")
    shutil.rmtree(pip)
    (venv / "course.json").unlink()


def lose_everything_installed(venv):
    shutil.rmtree(venv / "lib")


def be_half_made(venv):
    (venv / "course-unfinished").touch()


def lose_config_and_programs(venv):
    (venv / "pyvenv.cfg").unlink()
    shutil.rmtree(venv / "bin")


@pytest.mark.parametrize(
    "damage",
    [
        lose_interpreter,
        lose_pip,
        lose_everything_installed,
        be_half_made,
        lose_config_and_programs,
    ],
)
def test_a_broken_venv_is_made_afresh(tool, ready, capsys, damage):
    damage(ready / ".venv")
    tool.main(str(ready))
    assert "broken or unfinished" in capsys.readouterr().out
    assert made_afresh(ready) and is_ready(tool, ready)


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


def wait_for(path):
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)


@pytest.mark.parametrize("whom", ["everybody, as a terminal does", "only set-up"])
def test_ctrl_c_then_again(tool, root, interruptible, whom):
    first = start(root, FAKE_PIP="hang")
    wait_for(root / "pip-hangs")
    (os.kill if whom == "only set-up" else os.killpg)(first.pid, signal.SIGINT)
    output = first.communicate(timeout=30)[0]
    assert first.returncode == 130
    assert output.endswith("Stopped: the next call mends what is half-made.\n")
    assert "Traceback" not in output
    with pytest.raises(ProcessLookupError):  # nobody of the group is left
        os.killpg(first.pid, 0)
    assert not is_ready(tool, root)
    tool.main(str(root))
    assert is_ready(tool, root)


def test_interrupted_amid_new_pins_nothing_half_installed_stays(tool, ready):
    (ready / "constraints.txt").write_text("numpy==2.0.1\n")
    first = start(ready, FAKE_PIP="hang")
    wait_for(ready / "pip-hangs")
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=30)
    tool.main(str(ready))
    assert made_afresh(ready) and is_ready(tool, ready)


def test_without_a_network_new_pins_leave_the_venv_as_it_was(tool, ready, monkeypatch):
    (ready / "constraints.txt").write_text("numpy==2.0.1\n")
    monkeypatch.setenv("FAKE_PIP", "NewConnectionError")
    failure(tool, ready)
    monkeypatch.delenv("FAKE_PIP")
    tool.main(str(ready))
    assert is_ready(tool, ready) and not made_afresh(ready)


def test_a_second_set_up_waits_for_the_first(root):
    first = start(root, FAKE_PIP="hang")
    wait_for(root / "pip-hangs")
    second = start(root)
    assert "Another set-up is at work" in second.stdout.readline()
    (root / "let-go").touch()
    assert "Set up in" in first.communicate(timeout=30)[0]
    assert second.communicate(timeout=30)[0] == ""  # nothing was left to do
    assert first.returncode == second.returncode == 0


def test_a_pip_that_outlived_its_set_up_is_waited_for(tool, root):
    first = start(root, FAKE_PIP="hang")
    wait_for(root / "pip-hangs")
    first.kill()
    first.wait()
    second = start(root)
    assert "Another set-up is at work" in second.stdout.readline()
    (root / "let-go").touch()
    second.communicate(timeout=30)
    first.communicate(timeout=30)
    assert is_ready(tool, root)


# One sentence for each trouble --------------------------------------------------


def test_an_old_python_is_told_so(tool, root, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(tool.platform, "python_version", lambda: "3.9.18")
    sentence = failure(tool, root)
    assert sentence.startswith("The course needs Python 3.11 or newer, and ")
    assert "3.9.18" in sentence and "PYTHON=" in sentence
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("name", ["2.7", "3.6", "3.8", "3.9", "3.10"])
def test_real_old_pythons_can_read_the_script(root, name):
    python = find_python(name)
    if python is None:
        pytest.skip(f"no Python {name} here")
    (root / "tools").mkdir()
    script = shutil.copy(SCRIPT, root / "tools")
    told = subprocess.run([python, script], capture_output=True, text=True)
    assert told.returncode == 1 and told.stdout == ""
    assert told.stderr.startswith("The course needs Python 3.11 or newer")
    assert told.stderr.count("\n") == 1


def find_python(version):
    """On PATH, or where pyenv keeps its own."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    candidates = [*pyenv.glob(f"{version}.*/bin/python"), *filter(None, [on_path])]
    for python in candidates:
        asked = subprocess.run([python, "--version"], capture_output=True, text=True)
        if f"Python {version}." in asked.stdout + asked.stderr:
            return python
    return None


def test_the_script_keeps_to_old_syntax():
    """Where no old Python is at hand to ask, this at least holds."""
    text = SCRIPT.read_text(encoding="ascii")
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Await)
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, new), ast.unparse(node)
        if isinstance(node, ast.arguments):
            assert not node.kwonlyargs and not node.posonlyargs
            assert not any(argument.annotation for argument in node.args)
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            assert not any(isinstance(item, ast.Starred) for item in node.elts)


def test_windows_is_sent_to_conda(tool, monkeypatch):
    monkeypatch.setattr(tool, "os", namedtuple("os", "name")("nt"))
    with pytest.raises(tool.SetupError, match="conda env create"):
        tool.check_python()


def test_debian_without_python3_venv(tool, root, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == "ensurepip" else find(name),
    )
    version = "{}.{}".format(*sys.version_info)
    assert f"sudo apt install python{version}-venv" in failure(tool, root)
    assert not (root / ".venv").exists()


def test_a_file_in_the_way(tool, root):
    (root / ".venv").write_text("mine")
    assert f"{root}/.venv is no folder" in failure(tool, root)
    assert (root / ".venv").read_text() == "mine"


def test_a_link_to_nowhere_in_the_way(tool, root):
    (root / ".venv").symlink_to(root / "nowhere")
    assert f"{root}/.venv is no folder" in failure(tool, root)


def test_a_strangers_folder_is_left_alone(tool, root):
    (root / ".venv").mkdir()
    (root / ".venv" / "thesis.tex").touch()
    assert "no virtual environment, so set-up leaves it alone" in failure(tool, root)
    assert os.listdir(root / ".venv") == ["thesis.tex"]


def test_too_little_disk(tool, root, monkeypatch):
    usage = namedtuple("usage", "total used free")(10e9, 7e9, 3e9)
    monkeypatch.setattr(tool.shutil, "disk_usage", lambda path: usage)
    tool.NEEDED_GB = 9
    sentence = failure(tool, root)
    assert sentence.startswith(f"Setting up needs 9 GB on the disk of {root}/.venv, ")
    assert "3.0 GB are free" in sentence


@pytest.mark.parametrize("free, caches", [(9.5e9, False), (15e9, True)])
def test_pips_cache_is_not_filled_where_it_might_not_fit(
    tool, root, monkeypatch, free, caches
):
    usage = namedtuple("usage", "total used free")(99e9, 0, free)
    monkeypatch.setattr(tool.shutil, "disk_usage", lambda path: usage)
    tool.NEEDED_GB = 9
    tool.main(str(root))
    assert ("--no-cache-dir" not in (root / "pip-calls.txt").read_text()) == caches


def test_a_full_temporary_folder_does_not_matter(tool, root, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/somewhere/full")
    tool.main(str(root))
    for call in (root / "pip-calls.txt").read_text().splitlines():
        assert call.startswith(f"{root}/.venv/tmp 0 install ")


def test_the_disk_fills_under_set_ups_own_hands(tool, root, monkeypatch):
    def write_stamp(place):
        raise OSError(errno.ENOSPC, "No space left on device", place.stamp)

    monkeypatch.setattr(tool, "write_stamp", write_stamp)
    assert f"The disk of {root}/.venv is full" in failure(tool, root)
    assert not is_ready(tool, root)


def test_a_read_only_checkout(tool, root, monkeypatch):
    def make_folder(path):
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(tool, "make_folder", make_folder)
    sentence = failure(tool, root)
    assert sentence.startswith(f"Set-up can't write {root}/build (Read-only file sys")
    assert f"make {root} writable" in sentence


def test_a_read_only_checkout_that_is_ready_is_used(tool, ready, monkeypatch):
    monkeypatch.setattr(tool, "make_folder", None)
    monkeypatch.setattr(tool, "open", only_reading, raising=False)
    tool.main(str(ready))


def only_reading(path, mode="r", **options):
    assert mode in ("r", "rb")
    return open(path, mode, **options)


# What pip really printed in each case, shortened.
PIP_FAILURES = {
    "disk": (
        "ERROR: Could not install packages due to an OSError: "
        "[Errno 28] No space left on device\n",
        "is full: make room",
    ),
    "quota": ("OSError: [Errno 122] Disk quota exceeded: '/x'", "is full: make room"),
    "read-only": (
        "Error: [Errno 30] Read-only file system: '/x/.venv'",
        "can't be written to",
    ),
    "no network": (
        "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by "
        "'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection>: "
        "Failed to establish a new connection: [Errno -3] Temporary failure in name "
        "resolution')': /simple/setuptools/\n"
        "ERROR: Could not find a version that satisfies the requirement setuptools\n"
        "ERROR: No matching distribution found for setuptools\n",
        "pip can't reach the package index: check the network",
    ),
    "network lost": (
        "pip._vendor.urllib3.exceptions.ReadTimeoutError: "
        "HTTPSConnectionPool(host='x', port=443): Read timed out.\n",
        "pip can't reach the package index",
    ),
    "proxy": (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError("
        "'Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy "
        "Authentication Required'))': /simple/numpy/\n"
        "ERROR: No matching distribution found for numpy==2.4.6\n",
        "The proxy that HTTPS_PROXY names doesn't let pip through",
    ),
    "certificate": (
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))",
        "certificate can't be verified",
    ),
    "no such wheel": (
        "ERROR: Could not find a version that satisfies the requirement torch==2.15.0\n"
        "ERROR: No matching distribution found for torch==2.15.0\n",
        "torch==2.15.0 isn't offered for Python ",
    ),
    "something else": (
        "Traceback (most recent call last):\n"
        "ERROR: Cannot install toy because these versions have conflicts.\n"
        "for more, see elsewhere\n",
        "failed with 'Cannot install toy because these versions have conflicts.'",
    ),
}


@pytest.mark.parametrize("trouble", PIP_FAILURES)
def test_pip_fails(tool, root, monkeypatch, trouble):
    output, expected = PIP_FAILURES[trouble]
    monkeypatch.setenv("FAKE_PIP", output)
    assert expected in failure(tool, root)
    assert output.strip() in (root / "build" / "setup.log").read_text()
    monkeypatch.delenv("FAKE_PIP")
    tool.main(str(root))
    assert is_ready(tool, root)


def test_pip_is_killed(tool, root, monkeypatch):
    monkeypatch.setenv("FAKE_PIP", "die")
    assert "stopped by signal 9, as happens where memory runs out" in failure(
        tool, root
    )


def test_pip_fails_strangely_and_is_replaced(tool, ready, monkeypatch):
    (ready / "constraints.txt").write_text("numpy==2.0.1\n")
    monkeypatch.setenv("FAKE_PIP", "ImportError: a piece of pip is missing")
    assert str(ready / "build" / "setup.log") in failure(tool, ready)
    monkeypatch.delenv("FAKE_PIP")
    tool.main(str(ready))
    assert made_afresh(ready) and is_ready(tool, ready)


def test_the_venv_cannot_be_made(tool, root, monkeypatch):
    monkeypatch.setattr(sys, "_base_executable", shutil.which("false"))
    assert "Installing failed with 'exit status 1'" in failure(tool, root)


def test_something_unforeseen(tool, root):
    (root / "constraints.txt").unlink()
    (root / "pyproject.toml").unlink()
    assert "constraints.txt" in failure(tool, root)


def test_helpers_are_not_found_after_all(tool, root):
    (root / "helpers" / "__init__.py").unlink()
    assert "doesn't find this course's helpers" in failure(tool, root)


@pytest.mark.parametrize(
    "variable, expected",
    [("http_proxy", "HTTPS_PROXY names"), (None, "can't reach the package index")],
)
def test_real_pip_without_a_network(root, monkeypatch, variable, expected):
    """Nobody listens on port 9: neither an index nor a proxy."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    forget_pip_settings(monkeypatch)
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    (root / "constraints.txt").write_text("setuptools==999\n")
    tool = toy_course.load_tool("setup_venv")
    tool.NEEDED_GB = 0
    assert expected in failure(tool, root)


# What is shown meanwhile --------------------------------------------------------


@pytest.mark.parametrize(
    "line, shown",
    [
        (
            "Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl (539.1 MB)",
            "  downloading torch 2.15.0, 539.1 MB",
        ),
        (
            "Using cached https://host/a/jupyterlab-4.6.6-py3-none-any.whl (17.3 MB)",
            "  using cached jupyterlab 4.6.6, 17.3 MB",
        ),
        ("Downloading torch-2.15.0-cp311.whl.metadata (62 kB)", None),
        ("Installing collected packages: a, b, c", "  installing 3 packages"),
        ("Installing collected packages: setuptools", None),
        ("Requirement already satisfied: numpy==2.4.6 in ./.venv", None),
        ("", None),
    ],
)
def test_milestones(tool, line, shown):
    assert tool.milestone(line) == shown
