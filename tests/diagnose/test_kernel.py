"""Answers that would end or hang a kernel, in a real one."""

import time

import pytest
from jupyter_client.manager import start_new_kernel

SECONDS = 60


class Kernel:
    """A running kernel, and what it says to a cell."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def start(self, cell):
        return self.client.execute(cell, allow_stdin=False)

    def finish(self, request):
        """Everything that the cell shows, as one text."""
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return "".join(shown)
            shown.append(content.get("text", ""))
            shown.append(content.get("data", {}).get("text/plain", ""))
            shown.append("\n".join(content.get("traceback", [])))

    def run(self, cell):
        return self.finish(self.start(cell))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    import os

    folder = str(tmp_path_factory.mktemp("kernel"))
    manager, client = start_new_kernel(
        startup_timeout=SECONDS,
        env={**os.environ, "IPYTHONDIR": folder, "JUPYTER_DATA_DIR": folder},
    )
    kernel = Kernel(manager, client)
    kernel.run("import numpy as np\nfrom helpers import exercise")
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def relu(*lines):
    body = "".join(f"    {line}\n" for line in lines)
    return f'@exercise("00.relu")\ndef relu(x):\n{body}'


def still_answers(kernel):
    """The name is bound to a function that works, and so does the next check."""
    assert kernel.manager.is_alive()
    assert "[0. 2.]" in kernel.run("print(relu(np.array([-1.0, 2.0])))")
    assert "✓ 00.relu" in kernel.run(relu("return np.maximum(x, 0)"))


def test_a_right_answer(kernel):
    assert "✓ 00.relu — passed" in kernel.run(relu("return np.maximum(x, 0)"))
    still_answers(kernel)


def test_a_stub(kernel):
    assert kernel.run(relu('"""Doc."""', "raise NotImplementedError")).startswith(
        "○ 00.relu — not attempted yet (2 minutes)."
    )
    still_answers(kernel)


@pytest.mark.parametrize(
    "line",
    ["exit()", "quit()", "import sys; sys.exit(3)", "raise SystemExit", "exit(1)"],
)
def test_leaving_python(kernel, line):
    shown = kernel.run(relu(line))
    assert shown.startswith("✗ 00.relu — SystemExit on line 3")
    assert "use `return`" in shown
    still_answers(kernel)


@pytest.mark.parametrize(
    "lines",
    [
        ("while True:", "    pass"),
        ("import time", "time.sleep(600)"),
        ("while True:", "    print('again')"),
        ("while True:", "    try: 1 / 0", "    except Exception: pass"),
    ],
)
def test_stop_is_pressed(kernel, lines):
    request = kernel.start(relu("print('begun')", *lines))
    while kernel.client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    time.sleep(0.2)
    kernel.manager.interrupt_kernel()
    shown = kernel.finish(request)
    assert "✗ 00.relu — The check was interrupted" in shown
    assert "Traceback" not in shown
    still_answers(kernel)


def test_a_mistake_in_a_cell_is_told_by_its_line(kernel):
    shown = kernel.run(relu("y = np.maximum(x, 0)", "return z"))
    assert "NameError on line 4: name 'z' is not defined." in shown
    assert "    your line 4: return z" in shown
    still_answers(kernel)


def test_ten_thousand_lines(kernel):
    shown = kernel.run(relu("for i in range(10_000): print(i)", "return x"))
    assert shown.startswith("0\n1\n2\n")
    assert "19\n… (what your code prints is cut here)\n✗ 00.relu" in shown
    still_answers(kernel)


def test_never_ends_calling_itself(kernel):
    assert "RecursionError" in kernel.run(relu("return relu(x)"))
    still_answers(kernel)


def test_replacing_the_library_in_an_earlier_cell(kernel):
    kernel.run("np.allclose = np.isclose = lambda *_, **__: True")
    assert "Your code replaced `numpy.allclose`" in kernel.run(relu("return x"))
    still_answers(kernel)
