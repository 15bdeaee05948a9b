"""Runs a notebook from its first cell to its last, in a new kernel of this Python."""

import asyncio
import contextlib
import logging
import os
import re
import subprocess
import tempfile

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

CELL_SECONDS = 300
KERNEL = "python3"


class NotebookError(Exception):
    """The rest of a sentence that names a notebook: what is wrong with it, or where it
    failed.
    """


@contextlib.contextmanager
def fresh_environment():
    """The environment for a kernel, with a folder that is removed afterwards.

    Neither the user's progress, photographs nor IPython settings may show in an output,
    and checks aren't strict.
    """
    unwanted = ("COURSE_PHOTOS", "COURSE_STRICT", "MPLBACKEND", "PYTHONSTARTUP")
    kept = {name: os.environ[name] for name in os.environ if name not in unwanted}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield kept | {
            "COURSE_DATA": os.path.join(folder, "course"),
            "IPYTHONDIR": os.path.join(folder, "ipython"),
        }


def execute(notebook, folder, environment, **hooks):
    """Run every cell of a notebook in a new kernel that works in ``folder``.

    Outputs are put in place. ``hooks`` are nbclient's, as ``on_cell_start``. Raises
    NotebookError where a cell fails, takes longer than CELL_SECONDS or ends the kernel,
    and KeyboardInterrupt at Ctrl+C.
    """
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    begun = []
    client = NotebookClient(
        notebook,
        # No folder of kernels to search: the kernel is this Python's own, even where
        # the user has installed another one under the same name.
        km=AsyncKernelManager(
            kernel_name=KERNEL,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        ),
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=lambda cell, cell_index: begun.append(cell),
        **hooks,
    )
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)
    except CellExecutionError as error:
        raise NotebookError(_what_failed(begun[-1], error)) from None
    except CellTimeoutError:
        name = begun[-1].id
        raise NotebookError(
            f'cell "{name}" ran longer than {CELL_SECONDS} s.'
        ) from None
    except (AssertionError, asyncio.CancelledError, DeadKernelError) as error:
        # Ctrl+C makes nbclient stop the kernel, and then fail because it is gone.
        if hasattr(client, "_async_cleanup_kernel_future"):
            # The task that watches the kernel fails, too, and asyncio would say so.
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)
            raise KeyboardInterrupt from None
        if not isinstance(error, DeadKernelError):
            raise
        where = f'in cell "{begun[-1].id}"' if begun else "before the first cell"
        raise NotebookError(f"its kernel died {where}.") from None


def _what_failed(cell, error):
    """The failing cell, its line and the error, as a sentence."""
    trace = re.sub(r"\x1b\[[\d;]*m", "", error.traceback)
    # The first frame is in the cell itself, the others in what it called. IPython
    # doesn't count blank lines at the top.
    found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    place = f'cell "{cell.id}"'
    if found:
        line = cell.source.lstrip().splitlines()[int(found[1]) - 1]
        place += f", line {found[1]} (`{line.strip()}`)"
    message = (error.evalue.strip() or "no message").splitlines()[0]
    # A cell's file has a made-up name, which says nothing.
    message = re.sub(r" \(\d+\.py, line \d+\)$", "", message)
    return f"{place}, raised {error.ename}: {message}"


def code_cells(notebook):
    """The code cells of a notebook, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
