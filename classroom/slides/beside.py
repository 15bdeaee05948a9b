"""What decks need beside them: pinned npm packages, and this folder's own files."""

import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from lessons.places import PROJECT

HERE = Path(__file__).resolve().parent
PINS = HERE / "npm"
OWN = HERE / "beside"
DRAWINGS = PROJECT / "imgs"

# {what it is called beside the decks: where npm puts it}
FETCHED = {
    "reveal/reveal.js": "reveal.js/dist/reveal.js",
    "reveal/reveal.css": "reveal.js/dist/reveal.css",
    "reveal/notes.js": "reveal.js/dist/plugin/notes.js",
    "mathjax/startup.js": "mathjax/startup.js",
    "mathjax/core.js": "mathjax/core.js",
    "mathjax/input": "mathjax/input",
    "mathjax/output/svg.js": "mathjax/output/svg.js",
    "mathjax/a11y/assistive-mml.js": "mathjax/a11y/assistive-mml.js",
    "mathjax-font/svg.js": "@mathjax/mathjax-newcm-font/svg.js",
    "mathjax-font/svg": "@mathjax/mathjax-newcm-font/svg",
    "source-sans-3": "@fontsource/source-sans-3",
    "source-code-pro": "@fontsource/source-code-pro",
}

# Fonts come in more weights and older formats than any slide asks for.
UNUSED = shutil.ignore_patterns("*.woff", "*.scss", "[235789]00*", "*-[235789]00-*")


class Unavailable(Exception):
    """One sentence: what slides lack here, and what to do."""


def fetch(folder: Path) -> Path:
    """The pinned packages, fetched into ``folder`` unless they are there already.

    Returns the folder ``node_modules``. Raises Unavailable where there is no npm, or
    where npm can't fetch.
    """
    folder = Path(folder)
    pinned = (PINS / "package-lock.json").read_bytes()
    fetched = folder / "fetched.json"  # the lock file whose packages are all there
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):  # tests run side by side
        if not fetched.is_file() or fetched.read_bytes() != pinned:
            fetch_anew(folder)
            fetched.write_bytes(pinned)
    return folder / "node_modules"


def fetch_anew(folder: Path) -> None:
    """Have npm install the pinned packages into an empty folder. Raises Unavailable."""
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(
            "Slides need npm once, to fetch reveal.js and MathJax: install Node.js "
            "(https://nodejs.org), then run the same command again."
        )
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PINS, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [npm, "ci", *quiet], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        reason = next(iter(done.stderr.strip().splitlines()), "no message")
        raise Unavailable(
            f"npm could not fetch what slides need ({reason}): slides need the "
            "network this once; run the same command again."
        )


def lay_out(packages: Path, folder: Path) -> None:
    """Put everything that the decks in ``folder`` ask for there, anew."""
    for name in ("beside", "imgs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(OWN, folder / "beside")
    (folder / "imgs").mkdir()
    for drawing in DRAWINGS.glob("*.svg"):
        shutil.copy(drawing, folder / "imgs")
    for name, source in FETCHED.items():
        target = folder / "beside" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (packages / source).is_dir():
            shutil.copytree(packages / source, target, ignore=UNUSED)
        else:
            shutil.copy(packages / source, target)
