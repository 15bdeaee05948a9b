"""Whatever a student's code does, the report says so, and nobody waits for it."""

import re
import socket
import sys
import time

import nbformat
import psutil
import pytest
from handed_in import QUICK, SLOW, judged, opener, relu
from hostile_code import BEYOND_PYTHON, HOSTILE

from classroom.report import sandbox
from lessons import find_exercise

# Each starts a sandbox, and many wait for a limit.
pytestmark = [
    pytest.mark.everything,
    pytest.mark.skipif(
        sys.platform == "win32", reason="Windows has none of these limits"
    ),
]
needs_bubblewrap = pytest.mark.skipif(
    not sandbox.bubblewrap(), reason="bubblewrap isn't here, or may not be used"
)
PATIENCE = 90  # seconds, on a busy machine; a loop ends after two


@pytest.fixture(params=["contained", "without bubblewrap"])
def containment(request, monkeypatch):
    if request.param == "contained":
        if not sandbox.bubblewrap():
            pytest.skip("bubblewrap isn't here, or may not be used")
    else:
        monkeypatch.setattr(sandbox, "bubblewrap", list)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_it_did_is_said_and_delays_nobody(what, containment):
    refuse(*HOSTILE[what], limits=QUICK if what == "loops" else SLOW)


@needs_bubblewrap
@pytest.mark.parametrize("what", BEYOND_PYTHON)
def test_system_holds_what_python_cannot(what, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("for the instructor")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        body, *expected = BEYOND_PYTHON[what]
        body = f"PORT = {server.getsockname()[1]}\nSECRET = {str(secret)!r}\n{body}"
        refuse(body, *expected)
        with pytest.raises(TimeoutError):
            server.accept()
    assert secret.read_text() == "for the instructor"


def refuse(body, status, words, limits=QUICK):
    """The answer is judged as expected, and the next one as if nothing had been."""
    answer = find_exercise("00.predict_axis").solution
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    start = time.monotonic()
    exercises, notes = judged(opener(relu=relu(body), predict_axis=answer), limits)
    assert time.monotonic() - start < PATIENCE
    left = {process.pid for process in psutil.Process().children(recursive=True)}
    assert left <= before
    mine = exercises["00.relu"]
    assert re.fullmatch(status, mine.status), (mine, notes)
    sentences = mine.verdict.sentences if mine.verdict else ()
    assert re.search(words, " ".join([mine.reason, *sentences, *notes])), (mine, notes)
    assert exercises["00.predict_axis"].status == "passed"


def test_code_above_an_answer_is_held_too():
    notebook = opener(relu=relu("return np.maximum(x, limit)"))
    above = "limit = 0\nfor _ in iter(int, 1): limit = 0"
    notebook.cells.insert(2, nbformat.v4.new_code_cell(above))
    exercises, _ = judged(notebook)
    assert exercises["00.relu"].status == "stopped"
    assert re.search(
        r"needs cell 3, and that hadn't come to an end", exercises["00.relu"].reason
    )
