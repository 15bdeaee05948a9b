"""Run a command of pip's or uv's: all that it says goes to the log, its milestones to
the screen, and a failure becomes one sentence.

Called in the course's folder. The syntax is kept old on purpose, as in setup_venv.py,
which imports this.
"""

import platform
import re
import subprocess
import sys

LOG = "build/setup.log"
AGAIN = ", then run the same command again."
MILESTONES = ("Downloading ", "Prepared ", "Installed ")


class SetupError(Exception):
    """One sentence for the reader: what is wrong, where, and what to do."""


class NothingChanged(SetupError):
    """The same, where nothing was installed or removed yet."""


# What pip and uv say, and what it means. Tried in this order, since one trouble leads
# to the next: without a network, pip ends in saying that nothing matches.
REASONS = (
    (
        "No space left on device|Disk quota exceeded",
        SetupError,
        "The disk is full ({line}): make room" + AGAIN,
    ),
    (
        "Read-only file system|Permission denied",
        SetupError,
        "Set-up may not write everywhere it must ({line}): make that writable" + AGAIN,
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|invalid peer certificate",
        NothingChanged,
        "The package index's certificate can't be verified, as a proxy or a virus "
        "scanner can cause: name theirs in PIP_CERT" + AGAIN,
    ),
    (
        "ProxyError|tunnel error",
        NothingChanged,
        "The proxy that HTTPS_PROXY names lets nothing through: mend or unset it"
        + AGAIN,
    ),
    (
        "connection broken by|Failed to (fetch|download)|the network was disabled",
        NothingChanged,
        "The package index can't be reached: check the network (and, behind a proxy, "
        "HTTPS_PROXY)" + AGAIN,
    ),
    (
        "(No matching distribution found for|Because( there is no version of)?) "
        r"(?P<package>\S+)(?!.* depends on)",
        NothingChanged,
        "{package} isn't offered for Python {python} on {machine}: "
        "try another Python, as in: make lab PYTHON=python3.12",
    ),
)


def run(command, environment):
    """Run ``command``; raises SetupError where it fails."""
    output = []
    options = {
        "env": environment,
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "close_fds": False,  # hands on set-up's lock
    }
    with open(LOG, "ab") as log, subprocess.Popen(command, **options) as process:
        try:
            for raw in process.stdout:
                log.write(raw)
                line = raw.decode("utf-8", "replace").strip()
                output.append(line)
                if line.startswith(MILESTONES):
                    say("  " + line)
        except BaseException:  # Ctrl+C or a full disk: leave no process
            process.terminate()
            raise
        code = process.wait()
    if code:
        raise explain("\n".join(output), code)


def explain(output, code=1):
    """The SetupError that says why a command failed, from its output and exit code."""
    for pattern, kind, sentence in REASONS:
        found = re.search("^.*(?:%s).*$" % pattern, output, re.MULTILINE)
        if found:
            words = {
                "line": found.group(),
                "python": "%d.%d" % sys.version_info[:2],
                "machine": "%s %s" % (platform.system(), platform.machine()),
            }
            words.update(found.groupdict())
            return kind(sentence.format(**words))
    if code < 0:
        return SetupError(
            "Installing was stopped by signal %d, as happens where memory runs out: "
            "close other programs%s" % (-code, AGAIN)
        )
    errors = re.findall("(?im)^(?:error|cause): *(.+)$", output)
    errors = errors or output.splitlines() or ["exit status %d" % code]
    message = ": ".join(errors[:1] + errors[1:][-1:])
    return SetupError("Installing failed with '%s': see %s%s" % (message, LOG, AGAIN))


def say(text):
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
