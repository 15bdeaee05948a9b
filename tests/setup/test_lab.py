"""`tools/lab.py` opens JupyterLab on this machine alone, whatever a user configured."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.error

import psutil
import pytest
from lab_server import get, running_lab

from lessons.places import PROJECT

NOTIFICATIONS = "@jupyterlab/apputils-extension:notification"


def listening_socket():
    return socket.create_server(("127.0.0.1", 0))


@pytest.fixture(scope="module")
def outside():
    """Stands for the world, which should hear nothing of a student's day."""
    with listening_socket() as listening:
        yield listening


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory, outside):
    """A home whose every setting speaks against what the course needs."""
    home = tmp_path_factory.mktemp("home")
    (home / "config").mkdir()
    settings = {
        "IdentityProvider": {"token": ""},
        "ServerApp": {
            "ip": "0.0.0.0",
            "port_retries": 0,
            "preferred_dir": str(home),
            "root_dir": str(home),
            "token": "",
        },
        "LabApp": {
            "default_url": "/tree",
            "news_url": "http://127.0.0.1:{1}/news".format(*outside.getsockname()),
        },
    }
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(settings))
    (home / "config" / "jupyter_lab_config.py").write_text(
        "from jupyterlab.handlers.announcements import CheckForUpdateABC\n"
        "class AlwaysNew(CheckForUpdateABC):\n"
        "    async def __call__(self):\n"
        "        return 'There is a newer version!'\n"
        "c.LabApp.check_for_updates_class = AlwaysNew\n"
    )
    kernel = home / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    specification = {"argv": ["false"], "display_name": "Foreign", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(specification))
    return home


@pytest.fixture(scope="module")
def lab(hostile_home):
    """The course's lab there, with the port it should use taken."""
    paths = [path for path in hostile_home.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in paths}
    with listening_socket() as taken:
        port = taken.getsockname()[1]
        with running_lab(
            hostile_home,
            f"--port={port}",
            JUPYTER_PREFER_ENV_PATH="0",
            JUPYTER_TOKEN="",
        ) as lab:
            lab.taken_port = port
            lab.before = before
            lab.address, lab.token = re.match(
                r"(http://[^/]+)/lab/tree/notebooks/00_start_here\.ipynb\?token=(\w+)$",
                lab.link,
            ).groups()
            yield lab


def test_it_listens_on_this_machine_alone(lab):
    (listening,) = [
        connection.laddr
        for connection in lab.process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening.ip == "127.0.0.1"
    assert lab.address == f"http://127.0.0.1:{listening.port}"


def test_a_taken_port_makes_it_choose_another(lab):
    assert not lab.address.endswith(f":{lab.taken_port}")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_it_refuses(lab, token):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(f"{lab.address}/api/contents", token)


def test_with_the_token_it_shows_the_course(lab):
    assert len(lab.token) >= 32
    contents = get(f"{lab.address}/api/contents", lab.token)["content"]
    assert "pyproject.toml" in {entry["name"] for entry in contents}


def test_nobody_reads_the_token_off_the_list_of_processes(lab):
    assert lab.token not in " ".join(lab.process.cmdline())
    assert lab.token not in " ".join(lab.process.environ().values())


def test_no_news_and_no_updates_are_asked_for(lab):
    settings = get(f"{lab.address}/lab/api/settings/{NOTIFICATIONS}", lab.token)
    properties = settings["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"
    assert properties["checkForUpdates"]["default"] is False


def test_the_server_fetches_none_even_if_asked(lab, outside):
    assert get(f"{lab.address}/lab/api/update", lab.token) == {"notification": None}
    assert get(f"{lab.address}/lab/api/news", lab.token) == {"news": []}
    knocked, _, _ = select.select([outside], [], [], 0)
    assert not knocked


def test_the_kernel_is_this_environments(lab):
    kernels = get(f"{lab.address}/api/kernelspecs", lab.token)["kernelspecs"]
    assert kernels["python3"]["spec"]["display_name"] != "Foreign"


def test_the_users_own_settings_stay_as_they_are(lab):
    assert {path: path.read_bytes() for path in lab.before} == lab.before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root here")
def test_root_reads_why_it_may(lab):
    said = "You are root, as in most containers" in lab.log.read_text()
    assert said == (os.geteuid() == 0)


def test_a_token_of_ones_own_is_used_and_not_shown(tmp_path):
    with running_lab(tmp_path, "--port=0", JUPYTER_TOKEN="my-secret") as lab:
        address = lab.link.split("/lab")[0]
        assert get(f"{address}/api/contents", "my-secret")
        assert "my-secret" not in lab.log.read_text()


@pytest.mark.skipif(os.name != "posix", reason="signals differ on Windows")
def test_ctrl_c_stops_it_without_a_traceback(tmp_path, interruptible):
    with running_lab(tmp_path, "--port=0") as lab:
        lab.process.send_signal(signal.SIGINT)
        lab.process.wait(timeout=30)
    assert "Traceback" not in lab.log.read_text()


@pytest.mark.parametrize("script", ["lab", "present"])
def test_without_jupyterlab_it_says_what_to_do(script):
    bare = [sys.executable, "-E", "-s", "-S", "-m", f"tools.{script}"]
    done = subprocess.run(bare, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("JupyterLab can't be imported by ")
    assert "make lab" in done.stderr and "conda activate" in done.stderr
    assert done.stderr.count("\n") == 1
