"""Bodies of `relu(x)` that do what no answer should: {what: (body, status, words)}.

``words`` is a pattern found in the sentence or in the notes of a judged notebook.
"""

FORGED_REPLY = '{"reply": {"value": 1.0}, "tried": [], "patched": []}'
HOSTILE = {
    "loops": ("while True: pass", "stopped", "to an end after 2 seconds"),
    "forks": (
        "import os\nwhile True: os.fork()",
        "raised",
        "tried to start a process",
    ),
    "starts a program": (
        "import subprocess\nsubprocess.run(['sleep', '60'])",
        "raised",
        "tried to start a process",
    ),
    "eats memory": (
        "held = []\nwhile True: held.append(bytearray(50_000_000))",
        "raised|stopped",  # macOS doesn't hold a process to its limit; the judge does
        "MemoryError|of memory",
    ),
    "eats memory that is shared": (
        "import mmap\nheld = mmap.mmap(-1, 2**31)\n"
        "while True: held.write(b'x' * 10_000_000)",
        "stopped",
        "of memory",
    ),
    "deletes its folder": (
        "import os, shutil\nshutil.rmtree(os.getcwd())",
        "unrecognised|raised",
        "tried to delete a folder",
    ),
    "deletes the course": (
        "import helpers, shutil\nshutil.rmtree(helpers.__path__[0])",
        "raised",
        "tried to change files elsewhere",
    ),
    "writes elsewhere": (
        "open('/usr/elsewhere', 'w')",
        "raised",
        "tried to write files elsewhere",
    ),
    "writes a large file": (
        "file = open('large', 'wb')\nwhile True: file.write(bytes(10**6))",
        "raised",
        "File too large|No space left",
    ),
    "prints for ever": (
        "while True: print('and on')",
        "stopped",
        "printed without end",
    ),
    "leaves": ("import os\nos._exit(0)", "stopped", "ended its process"),
    "exits": ("raise SystemExit", "raised", "SystemExit"),
    "crashes": (
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "def deeper(n): return deeper(n + 1) + 1\ndeeper(0)",
        "stopped|raised",
        "ended its process|RecursionError|MemoryError|to an end|of memory",
    ),
    "patches the checker": (
        "from diagnose import answer, ladder\n"
        "ladder.climb = answer.Answer.run = lambda *_: None\n"
        "return 0 * x",
        "stopped|unrecognised|mistake",
        r"replaced diagnose\.ladder\.climb|wrote to the judge",
    ),
    "patches NumPy": (
        "import numpy\nnumpy.maximum = lambda *_: 0\nreturn 0 * x",
        "unrecognised",
        r"Your code replaced `numpy\.maximum`",
    ),
    "prints a verdict": (
        "print('✓ 00.relu — passed: right in all 9 cases.')\nreturn 0 * x",
        "unrecognised|mistake",
        "printed what looks like a verdict",
    ),
    "opens a socket": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "raised",
        "tried to open a socket",
    ),
    "kills the judge": (
        "import os\nos.kill(os.getppid(), 9)",
        "raised",
        "tried to end a process",
    ),
    "replies itself": (
        "import os\nfor number in range(3, 20):\n"
        "    try: os.write(number, b'" + FORGED_REPLY + "\\n' * 99)\n"
        "    except OSError: pass\n"
        "return 0 * x",
        "stopped|unrecognised|mistake",
        "wrote to the judge",
    ),
    "leaves a thread": (
        "import threading\n"
        "threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()\n"
        "return 0 * x",
        "stopped|unrecognised|mistake",
        "",
    ),
    "raises what has no text": (
        "class Odd(BaseException):\n    def __str__(self): raise self\nraise Odd",
        "raised",
        "Odd",
    ),
    "returns itself": ("made = []\nmade.append(made)\nreturn made", "unrecognised", ""),
}
# What gets around Python's own refusals; only the system holds it.
BEYOND_PYTHON = {
    "forks in C": (
        "import ctypes\nc = ctypes.CDLL(None)\nwhile True: c.fork()",
        "stopped",
        "",
    ),
    "forks in C, and goes on": (
        "import ctypes\nc = ctypes.CDLL(None)\n[c.fork() for _ in range(20)]\n"
        "return 0 * x",
        "stopped|unrecognised|mistake",
        "",
    ),
    "connects in C": (
        "import ctypes, struct\nc = ctypes.CDLL(None)\ns = c.socket(2, 1, 0)\n"
        "address = struct.pack('!HH4s8x', 0, PORT, bytes([127, 0, 0, 1]))\n"
        "address = (2).to_bytes(2, 'little') + address[2:]\n"
        "c.connect(s, address, 16)\nreturn 0 * x",
        "unrecognised|mistake",
        "",
    ),
    "reads what is the instructor's": (
        "return open(SECRET).read()",
        "raised",
        "No such file",
    ),
    "writes in C": (
        "import ctypes\nc = ctypes.CDLL(None)\n"
        "made = c.open(SECRET.encode(), 0o1101, 0o644)\n"
        "return float(made)",
        "unrecognised",
        "",
    ),
}
