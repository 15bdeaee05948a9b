"""The class report on a class of 200: seconds a notebook, and memory by class size."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.class_of import write_class
from benchmarks.table import Table
from lessons.places import PROJECT

LESSON = "l01_numpy_two_layer_net"
CLASSES = (50, 200)
CORES = (1, 2)
SECONDS = 3  # a notebook, on one core
MEGABYTE = 2**20
LOOK = 0.2  # seconds between two looks at the memory


def measure():
    table = Table(
        f"The class report on lesson 01: under {SECONDS} s a notebook on one core, "
        "memory flat in the size of the class",
        *("students", "cores", "seconds a notebook", "peak MB"),
    )
    for cores in CORES:
        for students in CLASSES:
            seconds, peak = time_report(students, cores)
            over = cores == 1 and seconds > SECONDS
            megabytes = f"{peak / MEGABYTE:.0f}"
            table.add(students, cores, f"{seconds:.2f}", megabytes, over=over)
    return table


def time_report(students, cores):
    """(seconds a notebook, most bytes at any time) of a report with so many cores."""
    with tempfile.TemporaryDirectory() as folder:
        submissions = Path(folder, "class")
        write_class(submissions, LESSON, students)
        command = [sys.executable, "-m", "classroom", "report", submissions,
                   "--out", Path(folder, "out"), "--jobs", str(cores)]  # fmt: skip
        start, peak = time.perf_counter(), 0
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: hold_to(cores),
        )
        while process.poll() is None:
            peak = max(peak, memory_of(psutil.Process(process.pid)))
            time.sleep(LOOK)
        seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"the report ended with {process.returncode}")
    return seconds / students, peak


def hold_to(cores):
    """Keep this process, and all that it starts, to so many cores; Linux only."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def memory_of(process):
    """Bytes that a process and all it has started hold."""
    total = 0
    try:
        for each in [process, *process.children(recursive=True)]:
            total += each.memory_info().rss
    except psutil.Error:  # it ended while it was looked at
        pass
    return total
