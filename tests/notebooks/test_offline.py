"""The network that the shipped notebooks are run without is really refused."""

import os
import socket
import subprocess
import sys

import pytest

from lessons.places import PROJECT

WITHOUT_NETWORK = PROJECT / "tests" / "without_network"
ATTEMPT = """
import socket, urllib.request
try:
    {attempt}
except OSError as error:
    print(error)
"""
ATTEMPTS = [
    'socket.create_connection(("192.0.2.1", 9), timeout=1)',
    "socket.socket().connect(('192.0.2.1', 9))",
    "socket.socket().connect_ex(('192.0.2.1', 9))",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
    'socket.getaddrinfo("example.org", 443)',
    'socket.gethostbyname("example.org")',
    'urllib.request.urlopen("https://example.org/")',
]


def told_by(code):
    environment = os.environ | {"PYTHONPATH": str(WITHOUT_NETWORK)}
    # Else a proxy, which may run on this machine, would be asked.
    environment |= {"no_proxy": "*"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_network_is_refused(attempt):
    assert "there is no network in this test" in told_by(
        ATTEMPT.format(attempt=attempt)
    )


def test_this_machine_itself_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('localhost', {port})).close()"
        assert told_by(code) == ""
        server.settimeout(5)
        server.accept()[0].close()
