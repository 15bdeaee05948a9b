"""No network for the Python that starts with this folder on PYTHONPATH.

Python runs a module of this name before anything else. What speaks to this machine
itself is let through; a kernel's own sockets are made in C, by ZeroMQ, and not seen
here. Whatever else asks for the network hears what it would hear on a train.
"""

import errno
import sys

CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
ASKING = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
HERE = {"localhost", "127.0.0.1", "::1", "", None}


def refuse(event, arguments):
    if event in CONNECTING:
        address = arguments[1]
        # Other addresses than (host, port, …) are of sockets within this machine.
        host = address[0] if isinstance(address, tuple) else None
    elif event in ASKING:
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host not in HERE:
        raise OSError(errno.ENETUNREACH, f"there is no network in this test: {host}")


sys.addaudithook(refuse)
