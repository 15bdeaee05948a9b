"""JupyterLab started by one of the course's scripts, and asked over HTTP."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

import psutil
import pytest

from lessons.places import PROJECT


@contextmanager
def running_lab(home, *arguments, course=PROJECT, script="lab", **variables):
    """JupyterLab as somebody with that home folder starts it, until the block ends.

    ``course`` is the checkout whose ``tools`` and notebooks are used.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "BROWSER": "false"}
    environment |= {"JUPYTER_CONFIG_DIR": str(home / "config")}
    environment |= {"JUPYTER_DATA_DIR": str(home / "data")}
    environment |= variables
    log = home / "log.txt"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tools.{script}", *arguments, "--no-browser"],
            cwd=course,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield SimpleNamespace(
            process=psutil.Process(process.pid),
            link=wait_for_link(process, log),
            log=log,
        )
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for_link(process, log):
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        found = re.search(r"(http://127\.\S+)\n", log.read_text())
        if found:
            return found[1]
        time.sleep(0.1)
    process.kill()
    return pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def get(url, token=""):
    request = urllib.request.Request(url)
    if token:
        request.add_header("Authorization", f"token {token}")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=30) as answer:
        return json.load(answer)
