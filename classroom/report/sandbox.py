"""A process for a student's code, which the operating system contains where it can.

With bubblewrap (Linux), the process sees Python, its packages and this course, all
read-only, an empty folder of its own, no network and no other process. Without it
there are limits and refusals alone, which code that means harm can get around.
"""

import contextlib
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from classroom.report.limits import MEGABYTE, Limits
from lessons.places import PROJECT

# What a process in a sandbox can import, besides Python and its packages.
PACKAGES = ("classroom", "diagnose", "helpers", "lessons")
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix",
    "/etc/ld.so.cache",
)
SCRATCH = "/answers"  # not in /tmp, where the course itself may lie
LONGEST_REPLY = 64 * MEGABYTE
STARTING = 60  # seconds until the worker is ready; on a busy machine torch takes long
OFTEN = 0.1  # seconds between two looks at what the process uses
USERS = 60_000  # the first of 5,000 user ids that no account is expected to have


class SandboxEnded(Exception):
    """The process had to be ended, or ended itself: why, as the rest of a sentence that
    begins with "it".
    """


class Sandbox:
    """A worker process: ``ask`` it for one thing after another, and ``close`` it."""

    def __init__(self, lesson: str, limits: Limits) -> None:
        """A process in which the exercises of a lesson are loaded.

        Raises RuntimeError if the process doesn't come up.
        """
        self.limits = limits
        self.printed = b""
        self._folder = tempfile.TemporaryDirectory(prefix="answers-")
        self._requests = queue.Queue()
        self._replies = queue.Queue(
            maxsize=2
        )  # a process that replies unasked is held up
        self._ended = threading.Event()
        # Bytes of memory, and processes, before any of the student's code is run.
        self._held = self._alone = 0
        user = USERS + os.getpid() % 5000 if _is_root() and bubblewrap() else None
        settings = {
            "lesson": lesson,
            "user": user,
            "limits": {
                # Should the judge be killed, an endless loop ends by itself.
                "seconds": self.limits.notebook + STARTING,
                "memory": self.limits.memory,
                "processes": self.limits.processes + _tasks_of(user),
                "file": self.limits.file,
            },
        }
        python = [sys.executable, "-P", "-m", "classroom.report.worker"]
        self._process = subprocess.Popen(
            [*bubblewrap(), *python, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(self._folder.name),
            cwd=self._folder.name,
            start_new_session=True,
        )
        # In threads of their own, since the process may never read, write or end.
        for target in (self._write_requests, self._read_replies, self._read_output):
            threading.Thread(target=target, daemon=True).start()
        try:
            self._wait(STARTING)
        except SandboxEnded as ended:
            printed = self.printed.decode("utf-8", "replace").strip()
            raise RuntimeError(
                f"The sandbox didn't start: it {ended}. {printed}"
            ) from None
        self._held, self._alone = _usage(self._process)

    def ask(self, seconds: float, **request: object) -> dict:
        """The reply to a request.

        Raises SandboxEnded if it takes longer than this, or the process breaks a limit.
        """
        self._requests.put(json.dumps(request).encode() + b"\n")
        return self._wait(seconds)

    def has_company(self) -> bool:
        """Whether the student's code has started processes, which could reply, too."""
        _, count = _usage(self._process)
        return count > self._alone

    def close(self) -> None:
        """End the process and all it has started, and delete its folder."""
        self._ended.set()
        self._requests.put(None)
        _kill(self._process)
        with contextlib.suppress(OSError):
            self._folder.cleanup()

    def _wait(self, seconds):
        end = time.monotonic() + seconds
        while True:
            try:
                line = self._replies.get(timeout=OFTEN)
            except queue.Empty:
                self._look()
                if time.monotonic() > end:
                    raise self._stop(_without_end(seconds)) from None
                continue
            if line is None:
                raise self._stop(self._how_it_ended())
            try:
                reply = json.loads(line)
            except (ValueError, RecursionError):
                raise self._stop("wrote to the judge itself") from None
            if type(reply) is not dict:
                raise self._stop("wrote to the judge itself")
            return reply

    def _look(self):
        """End a process that uses more than it may."""
        if len(self.printed) > self.limits.output:
            raise self._stop("printed without end")
        memory, count = _usage(self._process)
        if memory > self._held + self.limits.memory:
            megabytes = self.limits.memory // MEGABYTE
            raise self._stop(f"used more than {megabytes:,} MB of memory")
        if count > self.limits.processes:
            raise self._stop(f"started more than {self.limits.processes} processes")

    def _how_it_ended(self):
        if len(self.printed) > self.limits.output:
            return "printed without end"
        return "ended its process"

    def _stop(self, why):
        self.close()
        return SandboxEnded(why)

    # Each of the three runs in a thread of its own, which closes its pipe.

    def _write_requests(self):
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while line := self._requests.get():
                pipe.write(line)
                pipe.flush()

    def _read_replies(self):
        with self._process.stdout as pipe:
            line = b"until the first"
            while line and not self._ended.is_set():
                line = pipe.readline(LONGEST_REPLY)
                self._hand_over(line or None)

    def _hand_over(self, line):
        waiting = True
        while waiting and not self._ended.is_set():
            with contextlib.suppress(queue.Full):
                self._replies.put(line, timeout=OFTEN)
                waiting = False

    def _read_output(self):
        with self._process.stderr as pipe:
            while some := os.read(pipe.fileno(), 65536):
                if len(self.printed) <= self.limits.output:
                    self.printed += some


def _without_end(seconds):
    return f"hadn't come to an end after {max(seconds, 1):.0f} seconds"


def containment() -> str:
    """A sentence on what isn't contained, or "" where bubblewrap contains it all."""
    if bubblewrap():
        return ""
    return (
        "bubblewrap wasn't found, or may not be used here: students' code runs with "
        "limits on time, memory and output, and Python's own ways to the network, to "
        "other processes and to files elsewhere are refused, but code that means harm "
        "could get around that, read your files and send them away. Install bubblewrap "
        "(Debian, Ubuntu: apt install bubblewrap), or run the report in a container."
        f"{' And you are root: run it as another user.' if _is_root() else ''}"
    )


@functools.cache
def bubblewrap() -> list[str]:
    """The command that starts bubblewrap on this machine; empty if it can't be used."""
    found = shutil.which("bwrap")
    if not found:
        return []
    for proc in (["--proc", "/proc"], ["--dir", "/proc"]):  # containers may refuse one
        command = [found, *map(str, _options(Limits())), *proc]
        tried = [*command, sys.executable, "-c", ""]
        if subprocess.run(tried, capture_output=True, check=False).returncode == 0:
            return command
    return []


def _options(limits):
    """What bubblewrap lets a process see and do."""
    if _is_root():  # the worker becomes another user itself: see give_up_root
        apart = ["--unshare-ipc", "--unshare-net", "--unshare-pid", "--unshare-uts"]
        apart += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        apart = ["--unshare-all"]
    system = [path for path in map(Path, SYSTEM) if path.exists()]
    links = [path for path in system if path.is_symlink()]
    pythons = [Path(sys.prefix), Path(sys.base_prefix)]
    packages = {*pythons, *(path.resolve() for path in pythons)}
    course = [PROJECT / package for package in PACKAGES]
    binds = [path for path in system if path not in links]
    binds += [*sorted(packages), *course]
    parents = sorted({parent for path in binds for parent in path.parents})
    return [
        *apart,
        "--die-with-parent",
        "--new-session",
        # If bubblewrap made these itself, only root could look into them.
        *(part for path in parents for part in ("--perms", "0755", "--dir", path)),
        *(part for path in links for part in ("--symlink", os.readlink(path), path)),
        *(part for path in binds for part in ("--ro-bind", path, path)),
        *("--dev", "/dev"),
        *("--size", str(limits.scratch), "--tmpfs", SCRATCH, "--chdir", SCRATCH),
    ]


def _environment(folder):
    """The variables for the process: without the instructor's tokens and folders."""
    home = SCRATCH if bubblewrap() else folder
    kept = ("PATH", "SYSTEMROOT", "LANG")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "COURSE_CACHE": home,
        "COURSE_DATA": home,
        "HOME": home,
        "MPLCONFIGDIR": home,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": home,
    }


def _is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _tasks_of(user):
    """How many threads this user runs already, since the limit counts them all; none
    for a user of the sandbox's own.
    """
    if user or not hasattr(os, "getuid"):
        return 0
    mine = os.getuid()
    count = 0
    for process in psutil.process_iter(["uids", "num_threads"]):
        uids = process.info["uids"]
        count += process.info["num_threads"] if uids and uids.real == mine else 0
    return count


def _usage(process):
    """(bytes of memory, number of processes) of a process and all it has started."""
    memory = count = 0
    for each in _family(process):
        with contextlib.suppress(psutil.Error):
            memory += each.memory_info().rss
            count += 1
    return memory, count


def _family(process):
    with contextlib.suppress(psutil.Error):
        first = psutil.Process(process.pid)
        return [first, *first.children(recursive=True)]
    return []


def _kill(process):
    for each in [*_family(process), process]:
        with contextlib.suppress(psutil.Error, OSError):
            each.kill()
    if hasattr(os, "killpg"):  # those whose parent has ended before them
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
