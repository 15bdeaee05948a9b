"""Set the course up: a virtual environment in .venv, as constraints.txt pins it.

`make` runs this before anything else. When all is in place it needs no network
and a fraction of a second; otherwise uv makes or mends .venv. Whatever goes
wrong ends in one sentence. The syntax is kept old on purpose, so that an old
Python can read this file far enough to say that it is too old.
"""

import contextlib
import glob
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time

from explained import AGAIN, LOG, NothingChanged, SetupError, explain, run, say
from get_uv import FETCHED_UV, base_python, get_uv, uv_environment

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)

# On Linux, torch brings CUDA's libraries along.
VENV_GB = 6 if sys.platform.startswith("linux") else 2
NEEDED_GB = 7 if sys.platform.startswith("linux") else 3

# All in the course's folder, where set-up runs.
VENV = ".venv"
PYTHON = ".venv/bin/python"
# Written when everything is installed: from what, and what is there now.
STAMP = ".venv/course-finished"
# There from the first change to the last, so that after an interruption a half-made
# .venv isn't taken for a whole one.
UNFINISHED = ".venv/course-unfinished"
# What a fetched uv has downloaded, for as long as set-up may need it again.
DOWNLOADS = ".venv/uv-cache"


def set_up():
    """Make or mend .venv unless it is ready. Raises SetupError."""
    if is_ready():
        return
    check_python()
    with only_one():
        if is_ready():  # another set-up has done it meanwhile
            return
        refuse_strangers()
        started = time.time()
        open(LOG, "w").close()  # the log tells of this set-up alone
        uv = get_uv()
        environment = uv_environment()
        if uv == FETCHED_UV:  # leave no cache of uv's in the user's home
            environment.setdefault("UV_CACHE_DIR", os.path.abspath(DOWNLOADS))
        if os.path.exists(UNFINISHED) or not starts(PYTHON):
            make_venv(uv, environment)
        else:
            say("Bringing .venv up to date.")
        install(uv, environment)
        say("Set up in %.0f s." % (time.time() - started))


def is_ready():
    """Whether .venv is whole, up to date and this checkout's own. No network."""
    try:
        with open(STAMP) as file:
            whole = file.read() == fingerprint()
    except EnvironmentError:  # what Python 2 raises, too
        return False
    return whole and not os.path.exists(UNFINISHED) and finds_helpers()


def fingerprint():
    """Changes when what should be installed changes, and when what is installed does.

    Every package has a folder with its name and version, below one with Python's.
    """
    digest = hashlib.sha256()
    for name in ("constraints.txt", "pyproject.toml"):
        with open(name, "rb") as file:
            digest.update(file.read())
    packages = sorted(glob.glob(".venv/lib/python*/site-packages/*.dist-info"))
    digest.update("\n".join(packages).encode("utf-8"))
    return digest.hexdigest()


def finds_helpers():
    """Whether `import helpers` in .venv would be this checkout's, not a copy's."""
    look = (
        "import os, sys, importlib.util\n"
        "found = importlib.util.find_spec('helpers')\n"
        "sys.exit(not (found and os.path.samefile(found.origin, sys.argv[1])))"
    )
    return starts(PYTHON, "-c", look, "helpers/__init__.py")


def starts(python, *arguments):
    """Whether this Python runs, and with these arguments succeeds."""
    nowhere = subprocess.DEVNULL
    command = [python, "-I"] + list(arguments or ["-c", ""])
    try:
        return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except OSError:  # no such program, or it can't be started
        return False


def check_python():
    """Raise SetupError where the system or this Python can't run the course."""
    if os.name != "posix":
        raise SetupError(
            "On Windows, conda sets the course up: conda env create -f environment.yml"
        )
    if sys.version_info < OLDEST:
        raise SetupError(
            "The course needs Python %d.%d or newer, and %s is Python %s: install a "
            "newer one and name it, as in: make lab PYTHON=python3.12"
            % (OLDEST + (sys.executable, platform.python_version()))
        )


def refuse_strangers():
    """Raise SetupError if .venv is something else than a virtual environment."""
    signs = (".venv/pyvenv.cfg", STAMP, UNFINISHED)
    empty = os.path.isdir(VENV) and not os.listdir(VENV)
    if os.path.lexists(VENV) and not empty and not any(map(os.path.exists, signs)):
        raise SetupError(
            "%s is no virtual environment, so set-up leaves it alone: move it away%s"
            % (os.path.abspath(VENV), AGAIN)
        )


@contextlib.contextmanager
def only_one():
    """Hold set-up's lock: a second set-up at the same time waits for the first."""
    import fcntl

    os.makedirs("build", exist_ok=True)
    with open("build/setup.lock", "w") as lock:
        # uv inherits the lock, so that one that outlives a killed set-up is
        # waited for as well.
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in %s: waiting for it." % os.getcwd())
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # some network file systems know no locks
        yield


def make_venv(uv, environment):
    """Empty .venv and have uv make it anew. Raises SetupError, also for a full disk."""
    os.makedirs(VENV, exist_ok=True)
    if set(os.listdir(VENV)) - {os.path.basename(UNFINISHED)}:
        say(".venv is broken or unfinished: making it afresh.")
    open(UNFINISHED, "w").close()
    for name in os.listdir(VENV):  # not the folder: it may be a link, or a volume
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            if path != DOWNLOADS:
                shutil.rmtree(path)
        elif path != UNFINISHED:
            os.remove(path)
    free = shutil.disk_usage(VENV).free / 1e9
    if free < NEEDED_GB and not os.path.exists(DOWNLOADS):  # they took some
        raise SetupError(
            "Setting up needs %d GB on the disk of %s, and %.1f GB are free: "
            "make room%s" % (NEEDED_GB, os.path.abspath(VENV), free, AGAIN)
        )
    say(
        "Setting up .venv with Python %s: the first time takes some minutes and about "
        "%d GB." % (platform.python_version(), VENV_GB)
    )
    make = [uv, "venv", "--no-project", "--allow-existing", "--relocatable"]
    run(make + ["--python", base_python(), VENV], environment)


def install(uv, environment):
    """Have uv install the pinned packages and the course. Raises SetupError."""
    was_whole = not os.path.exists(UNFINISHED)
    open(UNFINISHED, "w").close()
    command = [uv, "pip", "install", "--python", PYTHON, "--color", "never"]
    try:
        # pip for students, who may want a package more.
        run(command + ["-r", "constraints.txt", "pip"], environment)
        # By what has just been installed: a moved checkout needs no network for it.
        ours = ["--no-deps", "--no-build-isolation", "--reinstall", "-e", "."]
        run(command + ours, environment)
    except NothingChanged:
        if was_whole:
            os.remove(UNFINISHED)
        raise
    if not finds_helpers():
        raise SetupError(
            "uv reports success, but %s doesn't find this course's helpers: see %s%s"
            % (PYTHON, LOG, AGAIN)
        )
    with open(STAMP, "w") as file:
        file.write(fingerprint())
    os.remove(UNFINISHED)
    shutil.rmtree(DOWNLOADS, ignore_errors=True)


def main():
    """Set up; what goes wrong ends the program with one sentence."""
    os.chdir(ROOT)
    try:
        set_up()
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(str(explain(str(error))))
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped: the next call mends what is half-made.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
