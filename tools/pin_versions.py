"""Choose the exact versions anew: constraints.txt from pyproject.toml, by uv, and
environment.yml, for conda and Binder, from constraints.txt.

`make pins` keeps a version as long as it fits; `make pins ARGS=--upgrade` takes the
newest of each.
"""

import os
import subprocess
import sys
from pathlib import Path

from explained import SetupError
from get_uv import get_uv, uv_environment

ROOT = Path(__file__).resolve().parent.parent

CONSTRAINTS_HEAD = (
    "# The exact versions the course was last tested with; `make pins` writes this.\n"
)
ENVIRONMENT_HEAD = """\
# For conda, which is the way on Windows, and for Binder. Written by `make pins`:
# the versions are those of constraints.txt.
#     conda env create -f environment.yml
#     conda activate from-numpy-to-cnn
#     python -m tools.lab
name: from-numpy-to-cnn
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - -e .
"""


def compile_pins(extra_arguments):
    """Write the pins to constraints.txt, as uv resolves them, for all platforms."""
    command = [get_uv(), "pip", "compile", "--quiet", "--universal"]
    command += ["--fork-strategy", "fewest", "--no-annotate", "--no-header"]
    command += ["--extra", "test", "pyproject.toml", "-o", "constraints.txt"]
    if subprocess.run([*command, *extra_arguments], env=uv_environment()).returncode:
        sys.exit("uv could not choose versions (see above); nothing was changed.")


def environment(constraints):
    """environment.yml's text, with the pins of constraints.txt's text."""
    lines = [line for line in constraints.splitlines() if not line.startswith("#")]
    return ENVIRONMENT_HEAD + "".join(f"      - {quoted(line)}\n" for line in lines)


def quoted(pin):
    """A pin as YAML; one with a condition holds quotes and spaces itself."""
    return f'"{pin}"' if ";" in pin else pin


def main():
    """Write constraints.txt and environment.yml; arguments go to uv."""
    os.chdir(ROOT)
    os.makedirs("build", exist_ok=True)  # for the log, where uv must be fetched
    try:
        compile_pins(sys.argv[1:])
    except SetupError as error:
        sys.exit(str(error))
    path = ROOT / "constraints.txt"
    pins = path.read_text(encoding="utf-8")
    path.write_text(CONSTRAINTS_HEAD + pins, encoding="utf-8")
    (ROOT / "environment.yml").write_text(environment(pins), encoding="utf-8")


if __name__ == "__main__":
    main()
