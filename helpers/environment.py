"""doctor(): is this computer ready for the course, and if not, what helps?"""

import html
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from helpers.progress_file import data_directory
from lessons.places import PROJECT

PACKAGE = "from-numpy-to-cnn"
GIGABYTE = 2**30
DISK_NEEDED, MEMORY_NEEDED = 1, 1  # gigabytes, for what a notebook writes and holds
SET_UP_AGAIN = "Close JupyterLab and run `make lab` again; it repairs the set-up."


@dataclass(frozen=True)
class Check:
    """One line of the table; ``remedy`` says what to do where something is amiss."""

    what: str
    found: str
    remedy: str = ""


class Report:
    """What ``doctor()`` displays: a table of Checks, as text and as HTML."""

    def __init__(self, findings: Sequence[Check]) -> None:
        self.findings = findings

    @property
    def complaints(self) -> list[Check]:
        """The Checks with a remedy, those that need a look."""
        return [finding for finding in self.findings if finding.remedy]

    def _summary(self):
        count = len(self.complaints)
        if not count:
            return "✓ Everything is ready."
        return f"✗ {count} thing{'s' * (count != 1)} to look at."

    def __repr__(self):
        lines = [self._summary()]
        for finding in self.findings:
            mark = "✗" if finding.remedy else "✓"
            lines.append(f"{mark} {finding.what:<20} {finding.found}")
            if finding.remedy:
                lines.append(f"    → {finding.remedy}")
        return "\n".join(lines)

    def _repr_html_(self):
        rows = "".join(
            f"<tr><td>{'✗ look' if finding.remedy else '✓ fine'}</td>"
            f'<td style="text-align:left">{html.escape(finding.what)}</td>'
            f'<td style="text-align:left">{html.escape(finding.found)}</td>'
            f'<td style="text-align:left">{html.escape(finding.remedy)}</td></tr>'
            for finding in self.findings
        )
        heads = "".join(
            f'<th scope="col" style="text-align:left">{head}</th>'
            for head in ("State", "What", "Found", "What to do")
        )
        return (
            f'<div role="status"><p><strong>{self._summary()}</strong></p><table>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def doctor() -> Report:
    """A Report: versions, device, threads, disk, memory, widgets and progress file."""
    return Report(
        [
            _python(),
            *_packages(),
            _device(),
            _threads(),
            _disk(),
            _memory(),
            _widgets(),
            _progress(),
        ]
    )


def _python():
    found = platform.python_version()
    old = sys.version_info < (3, 11)
    return Check("Python", found, "Install Python 3.11 or newer." if old else "")


def pinned_versions() -> dict[str, str]:
    """{name: version} from constraints.txt; empty where there is no such file."""
    try:
        lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pins = (line.split(";")[0].strip() for line in lines if "==" in line)
    return {_key(name): pin for name, pin in (line.split("==") for line in pins)}


def direct_dependencies() -> list[str]:
    """The packages that the course itself asks for, without extras."""
    try:
        asked = requires(PACKAGE) or []
    except PackageNotFoundError:
        return []
    plain = (line for line in asked if "extra ==" not in line)
    return [line.split(">")[0].split(";")[0].strip() for line in plain]


def _key(name):
    return name.strip().lower().replace("_", "-")


def _packages():
    pins, names = pinned_versions(), direct_dependencies()
    if not names:
        return [Check("course", "helpers is not installed", SET_UP_AGAIN)]
    if not pins:
        return [Check("versions", "constraints.txt was not found", SET_UP_AGAIN)]
    return [_package(name, pins.get(_key(name), "")) for name in names]


def _package(name, pin):
    try:
        found = version(name)
    except PackageNotFoundError:
        return Check(name, "missing", SET_UP_AGAIN)
    if pin and found.split("+")[0] != pin:
        return Check(name, f"{found} (tested with {pin})", SET_UP_AGAIN)
    return Check(name, found)


def _device():
    """What torch can compute on. Every lesson runs on a CPU; more is a bonus."""
    try:
        import torch
    except Exception as error:
        return Check("device", f"torch fails to load: {error}"[:120], SET_UP_AGAIN)
    if torch.cuda.is_available():
        return Check("device", f"GPU: {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Check("device", "GPU: Apple's")
    return Check("device", "CPU, which is all that the course needs")


def _threads():
    cores = os.cpu_count() or 1
    torch = sys.modules.get("torch")
    used = f", torch uses {torch.get_num_threads()}" if torch else ""
    return Check("processor", f"{cores} core{'s' * (cores != 1)}{used}")


def _disk():
    free = shutil.disk_usage(Path.home()).free / GIGABYTE
    remedy = f"Free at least {DISK_NEEDED} GB." if free < DISK_NEEDED else ""
    return Check("free disk", f"{free:.1f} GB", remedy)


def _memory():
    import psutil

    free = psutil.virtual_memory().available / GIGABYTE
    few = "Close other programs or notebooks (menu Kernel, Shut Down All Kernels)."
    return Check("free memory", f"{free:.1f} GB", few if free < MEMORY_NEEDED else "")


def _widgets():
    """Explorers need ipywidgets 8 here and its counterpart in JupyterLab's folder."""
    from jupyter_core.paths import jupyter_path

    counterpart = "@jupyter-widgets/jupyterlab-manager"
    folders = [Path(p) / counterpart for p in jupyter_path("labextensions")]
    if any((folder / "package.json").exists() for folder in folders):
        return Check("explorers", "JupyterLab's widgets are installed")
    return Check("explorers", "JupyterLab's widgets are missing", SET_UP_AGAIN)


def _progress():
    folder = data_directory()
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return Check("progress", "can be saved")
    return Check(
        "progress",
        "its folder can't be written to",
        "Set the environment variable COURSE_DATA to a folder that can.",
    )
