"""A course in miniature to set up: real environments and a real uv, without a network.

Run as a script, `toy_course.py ROOT`, it is what `tools/setup_venv.py` is in a real
checkout; tests that interrupt or kill a set-up need it in a process of its own.
"""

import importlib.util
import os
import sys
import zipfile
from pathlib import Path
from unittest import mock

TOOLS = Path(__file__).resolve().parents[2] / "tools"
WINDOWS = os.name == "nt"


def load_tool(name):
    """A script of `tools`, as a module of its own; it may import its neighbours."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    with mock.patch.object(sys, "path", [str(TOOLS), *sys.path]):
        spec.loader.exec_module(module)
    return module


def setup_venv(root):
    """The script that sets up, for the toy course in ``root``, which needs no room."""
    tool = load_tool("setup_venv")
    tool.ROOT, tool.NEEDED_GB = str(root), 0
    return tool


def forget_settings(monkeypatch):
    """Those of whoever runs the tests: pip's, uv's, the network's."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "SSL_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "XDG_CACHE_HOME", "FAKE_UV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")


def put_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# What uv calls to install the toy course itself.
BACKEND = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).resolve().parent)!r})
from toy_course import write_wheel

def build_editable(folder, config_settings=None, metadata_directory=None):
    return write_wheel(folder, "toy", "1.0", {{"toy.pth": os.getcwd()}})
"""


def make(root):
    """What set-up looks at in a checkout, and packages beside it."""
    (root / "helpers").mkdir(parents=True)
    (root / "helpers" / "__init__.py").touch()
    (root / "constraints.txt").write_text("toydep==1.0\n")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    wheels = root.parent / "wheels"
    wheels.mkdir()
    for name, version in [("toydep", "1.0"), ("toydep", "2.0"), ("pip", "99.0")]:
        write_wheel(wheels, name, version)


def write_wheel(folder, name, version, files=()):
    """A package to install; returns its file's name."""
    info = f"{name}-{version}.dist-info"
    contents = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        **dict(files),
    }
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in contents)
    path = Path(folder) / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in contents.items():
            entry = zipfile.ZipInfo(inside)
            entry.external_attr = 0o100755 << 16  # one of them may be a program
            archive.writestr(entry, text)
    return path.name


# Notes that it was called. When it is to install, it does what FAKE_UV says, if that
# says anything; then the real uv does its work.
UV = """#!/bin/sh
echo "$@" >> uv-calls.txt
if [ "$1 $2" = "pip install" ]; then
    case "$FAKE_UV" in
        "") ;;
        hang) mkfifo let-go && touch uv-hangs && read go < let-go ;;
        die) kill -9 $$ ;;
        *) printf '%s\\n' "$FAKE_UV"; exit 1 ;;
    esac
fi
exec "{real}" "$@"
"""


if __name__ == "__main__":
    setup_venv(os.path.abspath(sys.argv[1])).main()
