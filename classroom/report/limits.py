"""How much a student's notebook may use, and what it may not do."""

import os
import sys
from dataclasses import dataclass

import psutil

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    step       seconds for one step: a statement, or an answer on one case
    notebook   seconds for all of it
    memory     bytes that its process holds, on top of Python and the course
    processes  how many it may have, threads among them
    file       bytes that one file may have
    scratch    bytes that all of its files may have
    output     bytes that it may print
    """

    step: float = 10
    notebook: float = 60
    memory: int = 2048 * MEGABYTE
    processes: int = 64
    file: int = 16 * MEGABYTE
    scratch: int = 64 * MEGABYTE
    output: int = MEGABYTE


def set_limits(seconds: float, memory: int, processes: int, file: int) -> None:
    """Have the system hold this process to these limits, for good.

    ``seconds`` are of processor time, ``memory`` bytes beyond what is held already,
    ``processes`` a number, ``file`` bytes. Does nothing on Windows.
    """
    if resource is None:
        return
    held = psutil.Process().memory_info()
    for name, most in (
        ("RLIMIT_CPU", int(seconds) + 1),
        ("RLIMIT_DATA", getattr(held, "data", held.vms) + memory),
        ("RLIMIT_NPROC", processes),
        ("RLIMIT_FSIZE", file),
        ("RLIMIT_CORE", 0),
    ):
        if hasattr(resource, name):
            resource.setrlimit(getattr(resource, name), (most, most))


def give_up_root(user: int) -> None:
    """Go on as the user with this id, which no account has.

    Limits on the number of processes don't hold for root.
    """
    os.chmod(".", 0o777)  # the scratch folder was root's
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


# What no answer needs to do, by the names of Python's audit events.
REFUSED = {
    "socket.__new__": "open a socket",
    "socket.connect": "open a socket",
    "socket.getaddrinfo": "open a socket",
    "os.fork": "start a process",
    "os.forkpty": "start a process",
    "os.exec": "start a process",
    "os.spawn": "start a process",
    "os.posix_spawn": "start a process",
    "os.startfile": "start a process",
    "os.system": "start a process",
    "subprocess.Popen": "start a process",
    "os.kill": "end a process",
    "os.killpg": "end a process",
}
# Those that change files; outside of the scratch folder they are refused too.
CHANGING = {
    "os.chmod": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "shutil.rmtree": 1,
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """Refuses what no answer needs to do, and remembers what was tried.

    Python code can't take an audit hook out, but other code gets around it. So this
    explains what a student's code did, and the sandbox is what contains it.
    """

    def __init__(self, scratch: str) -> None:
        self.scratch = os.path.join(os.path.realpath(scratch), "")
        self.tried = {}  # as an ordered set
        sys.addaudithook(self._hook)

    def _hook(self, event, details):
        if event in REFUSED:
            self._refuse(REFUSED[event])
        elif event in CHANGING:
            for path in details[: CHANGING[event]]:
                self._keep_inside(path, "change files elsewhere")
            if event in ("shutil.rmtree", "os.rmdir"):
                self.tried["delete a folder"] = None
        elif event == "open":
            path, _, flags = details
            if isinstance(flags, int) and flags & WRITING:
                self._keep_inside(path, "write files elsewhere")

    def _keep_inside(self, path, what):
        if isinstance(path, int):  # a file that is open already
            return
        real = os.path.realpath(os.fsdecode(path))
        if real != os.devnull and not os.path.join(real, "").startswith(self.scratch):
            self._refuse(what)

    def _refuse(self, what):
        self.tried[what] = None
        raise PermissionError(f"an answer may not {what}")
