"""Open the course in JupyterLab: for this machine only, with a token, without news.

Run it with the Python of the course's environment: `make lab` does, and so does
`python -m tools.lab` once conda has made one. Further arguments go to JupyterLab,
which refuses those that contradict what is chosen here.
"""

import os
import secrets
import sys

from lessons.places import PROJECT

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"


def prepare(environment, *folders):
    """Set, in ``environment``, where JupyterLab looks first for kernels and settings.

    ``folders`` hold a ``labconfig`` each, whose settings come before the course's. The
    user's own settings stay as they are.
    """
    # The kernel called python3 is this environment's, whatever is installed elsewhere.
    environment["JUPYTER_PREFER_ENV_PATH"] = "1"
    # Settings in tools/labconfig come before others: no question about news.
    given = environment.get("JUPYTER_CONFIG_PATH")
    paths = [*map(str, folders), str(PROJECT / "tools"), given]
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))


def arguments(token, is_root, page):
    """JupyterLab's options; given as arguments, they overrule configuration files."""
    chosen = [
        f"--ServerApp.root_dir={PROJECT}",
        f"--FileContentsManager.preferred_dir={PROJECT}",
        f"--LabApp.default_url={page}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=50",
        f"--IdentityProvider.token={token}",
        "--ServerApp.answer_yes=True",  # Ctrl+C stops at once, without a question
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # Pictures with their alt texts.
        f"--LabApp.extra_labextensions_path={PROJECT / 'tools' / 'labextensions'}",
    ]
    if is_root:
        print(
            "You are root, as in most containers: JupyterLab refuses to run as root "
            "unless told to with --allow-root, so that is added.",
            flush=True,
        )
        chosen.append("--allow-root")
    return chosen


def jupyterlab():
    """JupyterLab's application class; without it, one sentence ends the program."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        sys.exit(
            f"JupyterLab can't be imported by {sys.executable} ({error}): run "
            "`make lab`, or with conda: conda activate from-numpy-to-cnn"
        )
    return LabApp


def start(page, further):
    """Serve JupyterLab until it is stopped.

    ``page`` is what opens first, as the path of its address; ``further`` are more of
    JupyterLab's options. Call ``prepare`` before.
    """
    given = os.environ.get("JUPYTER_TOKEN")
    token = given or secrets.token_hex(24)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    # In this process rather than in one of its own, whose command line, token
    # included, everybody on this machine could read.
    server = jupyterlab().initialize_server(
        [*arguments(token, is_root, page), *further]
    )
    # Print the link with its token, unless the user chose the token.
    server.identity_provider.token_generated = not given
    server.start()


def main():
    """Open the first notebook; the command line's arguments go to JupyterLab."""
    prepare(os.environ)
    start(f"/lab/tree/{FIRST_NOTEBOOK}", sys.argv[1:])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # before JupyterLab was ready to take it
        sys.exit(130)
