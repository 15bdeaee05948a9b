"""Set the course up: a virtual environment in .venv, as constraints.txt pins it.

`make` runs this before anything else. When all is in place it needs no network
and a fraction of a second; otherwise it makes or mends .venv. Whatever goes
wrong ends in one sentence. The syntax is kept old on purpose, so that an old
Python can read this file far enough to say that it is too old.
"""

import contextlib
import errno
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)

# On Linux, torch brings CUDA's libraries along.
VENV_GB = 6 if sys.platform.startswith("linux") else 2
NEEDED_GB = 9 if sys.platform.startswith("linux") else 3  # with what is downloaded
CACHE_GB = 3  # what pip keeps of that elsewhere, often on the same disk

AGAIN = ", then run the same command again."


class SetupError(Exception):
    """One sentence for the reader: what is wrong, where, and what to do."""


class Place:
    """Where things are in one checkout."""

    def __init__(self, root):
        self.root = root
        self.venv = os.path.join(root, ".venv")
        self.python = os.path.join(self.venv, "bin", "python")
        # Written when everything is installed: what from, where, which packages.
        self.stamp = os.path.join(self.venv, "course.json")
        # There from the first change to the last, so that after an
        # interruption nobody takes a half-made .venv for a whole one.
        self.unfinished = os.path.join(self.venv, "course-unfinished")
        self.temporary = os.path.join(self.venv, "tmp")
        self.log = os.path.join(root, "build", "setup.log")
        self.lock = os.path.join(root, "build", "setup.lock")


def set_up(place):
    if is_ready(place):
        return
    check_python()
    with only_one(place):
        if is_ready(place):  # whoever held the lock has done it
            return
        refuse_strangers(place)
        started = time.time()
        open(place.log, "w").close()  # the log tells of this set-up alone
        if is_mendable(place):
            say("Bringing %s up to date." % place.venv)
        else:
            make_venv(place)
        install(place)
        if not is_ready(place):
            mark_unfinished(place)
            raise SetupError(
                "pip reports success, but %s doesn't find this course's helpers: "
                "see %s%s" % (place.python, place.log, AGAIN)
            )
        say("Set up in %.0f s." % (time.time() - started))


# Looking ------------------------------------------------------------------------


def is_ready(place):
    """Whether .venv is whole, up to date and this checkout's own. No network."""
    stamp = read_stamp(place)
    return (
        bool(stamp)
        and not os.path.exists(place.unfinished)
        and stamp["made_from"] == fingerprint(place)
        and all(os.path.isdir(os.path.join(place.venv, p)) for p in stamp["packages"])
        and finds_our_helpers(place)
    )


def read_stamp(place):
    try:
        with open(place.stamp, encoding="utf-8") as file:
            stamp = json.load(file)
        return {key: stamp[key] for key in ("made_from", "home", "packages")}
    except Exception:  # none there, or damaged
        return None


def write_stamp(place):
    stamp = {
        "made_from": fingerprint(place),
        "home": place.venv,
        "packages": installed(place),
    }
    with open(place.stamp, "w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1)


def fingerprint(place):
    """Changes when what should be installed changes."""
    digest = hashlib.sha256()
    for name in ("constraints.txt", "pyproject.toml"):
        with open(os.path.join(place.root, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed(place):
    """Every package by its metadata folder: lib/python3.11/site-packages/NAME-VERSION.

    So a package that was removed or replaced is missed, and so is everything
    after the system's Python under .venv became a newer one.
    """
    for folder, inside, _ in os.walk(os.path.join(place.venv, "lib")):
        if os.path.basename(folder) == "site-packages":
            paths = [os.path.join(folder, name) for name in sorted(inside)]
            return [
                os.path.relpath(path, place.venv)
                for path in paths
                if path.endswith(".dist-info")
            ]
    return []


def finds_our_helpers(place):
    """Whether .venv's Python starts, and `import helpers` would be this checkout's."""
    look = (
        "import os, sys, importlib.util\n"
        "found = importlib.util.find_spec('helpers')\n"
        "sys.exit(not (found and os.path.samefile(found.origin, sys.argv[1])))"
    )
    ours = os.path.join(place.root, "helpers", "__init__.py")
    return succeeds([place.python, "-I", "-c", look, ours])


def is_mendable(place):
    """Whether pip can bring this .venv up to date; if not, it is made afresh."""
    return not os.path.exists(place.unfinished) and succeeds(
        [place.python, "-I", "-m", "pip", "--version"]
    )


def succeeds(command):
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except OSError:  # no such program, or it can't be started
        return False


# Refusing -----------------------------------------------------------------------


def check_python():
    if os.name != "posix":
        raise SetupError(
            "On Windows, conda sets the course up: conda env create -f environment.yml"
        )
    if sys.version_info < OLDEST:
        raise SetupError(
            "The course needs Python %s or newer, and %s is Python %s: install a newer "
            "one and name it, as in: make lab PYTHON=python3.12"
            % (dotted(OLDEST), sys.executable, platform.python_version())
        )


def check_ensurepip():
    import importlib.util

    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise SetupError(
            "%s lacks its venv module, which Debian and Ubuntu package separately: "
            "sudo apt install python%s-venv%s"
            % (sys.executable, dotted(sys.version_info[:2]), AGAIN)
        )


def check_disk(place):
    if free_gb(place) < NEEDED_GB:
        raise SetupError(
            "Setting up needs %d GB on the disk of %s, and %.1f GB are free: "
            "make room%s" % (NEEDED_GB, place.venv, free_gb(place), AGAIN)
        )


def refuse_strangers(place):
    """Never remove what set-up didn't make."""
    if not os.path.lexists(place.venv):
        return
    if not os.path.isdir(place.venv):
        raise SetupError(
            "%s is no folder, and set-up makes one of that name: move it away%s"
            % (place.venv, AGAIN)
        )
    signs = (os.path.join(place.venv, "pyvenv.cfg"), place.stamp, place.unfinished)
    if os.listdir(place.venv) and not any(os.path.exists(sign) for sign in signs):
        raise SetupError(
            "%s holds files but is no virtual environment, so set-up leaves it alone: "
            "move it away%s" % (place.venv, AGAIN)
        )


@contextlib.contextmanager
def only_one(place):
    """Two set-ups at once would spoil each other's work: the second one waits."""
    import fcntl

    make_folder(os.path.dirname(place.lock))
    with open(place.lock, "w") as lock:
        # pip inherits the lock, so that one that outlives a killed set-up is
        # waited for as well.
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in %s: waiting for it." % place.root)
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # some network file systems know no locks
        yield


# Doing --------------------------------------------------------------------------


def make_venv(place):
    check_ensurepip()
    make_folder(place.venv)
    if set(os.listdir(place.venv)) - {os.path.basename(place.unfinished)}:
        say("%s is broken or unfinished: making it afresh." % place.venv)
    mark_unfinished(place)
    empty(place.venv, keep=place.unfinished)
    check_disk(place)
    say(
        "Setting up %s with Python %s: the first time takes some minutes "
        "and about %d GB." % (place.venv, platform.python_version(), VENV_GB)
    )
    # With .venv activated, sys.executable is a file that has just been removed.
    python = getattr(sys, "_base_executable", None) or sys.executable
    # venv takes no link to a folder for a folder.
    run([python, "-m", "venv", os.path.realpath(place.venv)], place)


def install(place):
    stamp = read_stamp(place)
    if stamp and stamp["home"] != place.venv:
        follow_move(place, stamp["home"])
    pip = [place.python, "-I", "-m", "pip", "install", "--no-input"]
    pip += ["--progress-bar", "off", "--disable-pip-version-check"]
    pip += ["--constraint", "constraints.txt"]
    if free_gb(place) < NEEDED_GB + CACHE_GB:
        pip.append("--no-cache-dir")
    # What builds `helpers` comes first, at its pinned version: pip needs no other
    # then, and mends a moved checkout without a network.
    for wanted in (["setuptools"], ["--no-build-isolation", "--editable", ".[test]"]):
        run(pip + wanted, place)
    write_stamp(place)
    if os.path.exists(place.unfinished):
        os.remove(place.unfinished)


def follow_move(place, old_home):
    """Scripts in bin name the place that .venv was made in: name the new one."""
    old, new = os.fsencode(old_home), os.fsencode(place.venv)
    scripts = os.path.join(place.venv, "bin")
    for name in os.listdir(scripts):
        path = os.path.join(scripts, name)
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            content = file.read()
        if old in content and b"\0" not in content:  # text, not a program
            with open(path, "wb") as file:
                file.write(content.replace(old, new))


def run(command, place):
    """Run `command`: all it says goes to the log, and its milestones to the screen."""
    make_folder(place.temporary)
    # Unpacking next to where things end up, only one disk must have room. A user's
    # own settings must not send packages elsewhere.
    environment = dict(os.environ, TMPDIR=place.temporary, PIP_USER="0")
    output = []
    with open(place.log, "ab") as log:
        process = subprocess.Popen(
            command,
            cwd=place.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            close_fds=False,  # hands on the lock
        )
        try:
            for raw in process.stdout:
                log.write(raw)
                log.flush()
                line = raw.decode("utf-8", "replace").strip()
                output.append(line)
                if line.startswith("Installing collected packages"):
                    mark_unfinished(place)
                if milestone(line):
                    say(milestone(line))
            code = process.wait()
        except BaseException:  # Ctrl+C or a full disk: leave no pip behind
            process.terminate()
            process.wait()
            raise
        finally:
            process.stdout.close()
            shutil.rmtree(place.temporary, ignore_errors=True)
    if code:
        raise SetupError(explain("\n".join(output), code, place))


DOWNLOAD = re.compile(
    r"(Downloading|Using cached) (?:\S*/)?([^-/]+)-([^-]+)\S* \(([\d.]+ [MG]B)\)"
)


def milestone(line):
    """What a line of pip's says that a person waiting would like to know, or None."""
    download = DOWNLOAD.match(line)
    if download:
        verb, name, version, size = download.groups()
        return "  %s %s %s, %s" % (verb.lower(), name, version, size)
    if line.startswith("Installing collected packages") and "," in line:
        return "  installing %d packages" % (line.count(",") + 1)
    return None


# Explaining ---------------------------------------------------------------------

# Tried in this order, since one trouble leads to the next: without a network, pip
# ends in saying that nothing matches.
REASONS = (
    (
        "No space left on device|Disk quota exceeded",
        "The disk of {venv} is full: make room for {gb} GB" + AGAIN,
    ),
    (
        "Read-only file system|Permission denied",
        "{venv} can't be written to: make it writable" + AGAIN,
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "The package index's certificate can't be verified, as a proxy or a virus "
        "scanner can cause: name theirs in PIP_CERT" + AGAIN,
    ),
    (
        "ProxyError|Proxy Authentication Required",
        "The proxy that HTTPS_PROXY names doesn't let pip through: mend or unset it"
        + AGAIN,
    ),
    (
        "ConnectionError|NameResolutionError|name resolution|TimeoutError|timed out"
        "|Connection (broken|reset|refused|aborted)|SSLError|IncompleteRead|HTTP error",
        "pip can't reach the package index: check the network (and, behind a proxy, "
        "HTTPS_PROXY)" + AGAIN,
    ),
    (
        r"No matching distribution found for (?P<package>\S+)",
        "{package} isn't offered for Python {python} on {machine}: "
        "try another Python, as in: make lab PYTHON=python3.12",
    ),
)


def explain(output, code, place):
    """One sentence on why pip, or making .venv, failed."""
    for pattern, sentence in REASONS:
        found = re.search(pattern, output)
        if found:
            words = {
                "venv": place.venv,
                "gb": NEEDED_GB,
                "python": dotted(sys.version_info[:2]),
                "machine": "%s %s" % (platform.system(), platform.machine()),
            }
            words.update(found.groupdict())
            return sentence.format(**words)
    # Not understood, so not trusted: the next call makes .venv afresh.
    mark_unfinished(place)
    if code < 0:
        return (
            "Installing was stopped by signal %d, as happens where memory runs out: "
            "close other programs%s" % (-code, AGAIN)
        )
    errors = re.findall("(?im)^error: *(.+)$", output) or output.splitlines()[-1:]
    message = errors[0] if errors else "exit status %d" % code
    return "Installing failed with '%s': see %s%s" % (message, place.log, AGAIN)


def explain_os(error, place):
    """The same for what the operating system refuses to this script itself."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return explain("No space left on device", 1, place)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "Set-up can't write %s (%s): make %s writable%s" % (
            (error.filename or place.venv),
            error.strerror,
            place.root,
            AGAIN,
        )
    return "Set-up failed (%s): mend that%s" % (error, AGAIN)


# Small things -------------------------------------------------------------------


def dotted(version):
    return ".".join(str(number) for number in version)


def empty(folder, keep):
    """Remove all in `folder` but not itself: it may be a link, or a mounted volume."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif path != keep:
            os.remove(path)


def free_gb(place):
    return shutil.disk_usage(place.venv).free / 1e9


def make_folder(path):
    if not os.path.isdir(path):
        os.makedirs(path)


def mark_unfinished(place):
    open(place.unfinished, "w").close()


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(root=ROOT):
    place = Place(root)
    try:
        set_up(place)
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(explain_os(error, place))
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped: the next call mends what is half-made.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
