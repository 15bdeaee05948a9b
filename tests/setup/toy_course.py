"""A course in miniature to set up: real virtual environments, and a pip that pretends.

Run as a script, `toy_course.py ROOT`, it is what `tools/setup_venv.py` is in a real
checkout; tests that interrupt or kill a set-up need it in a process of its own.
"""

import importlib.util
import os
import sys
import zipfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"

# Installs a package and the way to `helpers`, or does what the variable FAKE_PIP says.
FAKE_PIP = """
import os, pathlib, sys, sysconfig, time
if "--version" in sys.argv:
    sys.exit(0)
root = pathlib.Path.cwd()
with open(root / "pip-calls.txt", "a") as calls:
    print(os.environ["TMPDIR"], os.environ["PIP_USER"], *sys.argv[1:], file=calls)
behaviour = os.environ.get("FAKE_PIP", "")
if behaviour == "hang":
    print("Installing collected packages: numpy, torch", flush=True)
    (root / "pip-hangs").touch()
    while not (root / "let-go").exists():
        time.sleep(0.02)
elif behaviour == "die":
    os.kill(os.getpid(), 9)
elif behaviour:
    print(behaviour)
    sys.exit(1)
packages = pathlib.Path(sysconfig.get_path("purelib"))
(packages / "numpy-2.0.0.dist-info").mkdir(exist_ok=True)
(packages / "course.pth").write_text(str(root))
"""


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setup_venv_with_fake_pip():
    tool = load_tool("setup_venv")
    tool.NEEDED_GB = 0
    real_run = tool.run

    def run(command, place):
        if command[1:3] == ["-m", "venv"]:
            real_run([*command, "--without-pip"], place)
            give_fake_pip(Path(place.venv))
        else:
            real_run(command, place)

    tool.run = run
    return tool


def give_fake_pip(venv):
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "pip").mkdir()
    (packages / "pip" / "__init__.py").touch()
    (packages / "pip" / "__main__.py").write_text(FAKE_PIP)


def make(root):
    """What set-up looks at in a checkout; the name is as bad as real ones are."""
    (root / "helpers").mkdir(parents=True)
    (root / "helpers" / "__init__.py").touch()
    (root / "constraints.txt").write_text("numpy==2.0.0\n")
    (root / "pyproject.toml").write_text("[project]\nname = 'toy'\n")


def write_wheel(folder, name, version, files=(), requires=()):
    """A package for the real pip; returns its file's name."""
    info = f"{name}-{version}.dist-info"
    contents = {
        f"{info}/METADATA": "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *requires]
        ),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        **dict(files),
    }
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in contents)
    path = Path(folder) / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in contents.items():
            archive.writestr(inside, text)
    return path.name


# What the real pip calls to install the toy course itself.
BACKEND = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).resolve().parent)!r})
from toy_course import write_wheel

def build_editable(folder, config_settings=None, metadata_directory=None):
    requires = ["Provides-Extra: test", "Requires-Dist: toydep; extra == 'test'"]
    return write_wheel(folder, "toy", "1.0", [("toy.pth", os.getcwd())], requires)
"""


if __name__ == "__main__":
    setup_venv_with_fake_pip().main(os.path.abspath(sys.argv[1]))
