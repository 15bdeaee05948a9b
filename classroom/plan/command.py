"""A lesson plan from the notebook itself: how it fits into the minutes there are.

Times come from the notebook: words and code at the pace of reading aloud, its
exercises' own minutes, and how long its cells ran here, measured once.
"""

import argparse
import inspect
import sys
from pathlib import Path

from classroom.plan import pages
from classroom.plan.run_times import run_times
from classroom.plan.schedule import schedule
from classroom.plan.sections import Lesson, PlanError, read_lesson

STDOUT = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to its parser."""
    parser.add_argument("lesson", metavar="NN", help="the lesson's number, like 04")
    parser.add_argument(
        "--minutes",
        type=int,
        help="how long the evening is; by default what the notebook promises",
    )
    parser.add_argument(
        "--from",
        dest="first",
        type=int,
        default=1,
        metavar="SECTION",
        help="the number of the section to begin with, where last time ended",
    )
    parser.add_argument(
        "--markdown",
        nargs="?",
        const=STDOUT,
        metavar="FILE",
        help="write the plan as Markdown, to edit: to FILE, or without one to the "
        "terminal",
    )
    parser.add_argument(
        "--no-run",
        action="store_true",
        help="don't measure how long cells take; they then count as nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Print or write the plan; returns the exit status."""
    try:
        page = make_plan(args)
        if args.markdown and args.markdown != STDOUT:
            write(Path(args.markdown), page)
        else:
            # What a terminal can't show must not end the run.
            sys.stdout.reconfigure(errors="backslashreplace")
            print(page, end="")
    except PlanError as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; nothing is kept of this run.", file=sys.stderr)
        return 130
    return 0


def make_plan(args: argparse.Namespace) -> str:
    """The plan as text; raises PlanError."""
    lesson = read_lesson(args.lesson)
    minutes = args.minutes if args.minutes is not None else lesson.stated_minutes
    if minutes is None:
        raise PlanError(f"{lesson.name} promises no minutes: give --minutes.")
    schedule(lesson, minutes, args.first)  # before the notebook runs, for nothing
    about_times = measure(lesson, args.no_run)
    style = pages.MARKDOWN if args.markdown else pages.TEXT
    return pages.page(
        lesson, schedule(lesson, minutes, args.first), about_times, data(lesson), style
    )


def measure(lesson: Lesson, leave_out: bool) -> str:
    """Give sections their seconds of waiting; returns a sentence about them."""
    if leave_out:
        return "Cells count as nothing: --no-run leaves out how long they take."
    from tools.notebook_runs import NotebookError

    try:
        seconds = run_times(lesson)
    except NotebookError as reason:
        return f"Cells count as nothing: the notebook can't be run, {reason}"
    for section in lesson.sections:
        section.seconds = sum(seconds.get(position, 0) for position in section.cells)
    return ""


def data(lesson: Lesson) -> list[tuple[str, str]]:
    """[(name, the first line on it)] of what the lesson takes from helpers.data."""
    import helpers.data

    found = ((name, getattr(helpers.data, name, None)) for name in lesson.data())
    lines = [(name, inspect.getdoc(f).splitlines()[0]) for name, f in found if f]
    return [(name, line.replace("``", "`")) for name, line in lines]


def write(path: Path, page: str) -> None:
    """Write a plan to a new file. Raises PlanError if it exists: it may be edited."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(page)
    except FileExistsError:
        raise PlanError(
            f"{path} is there already, perhaps with your notes: name another file."
        ) from None
    except OSError as error:
        raise PlanError(
            f"{path} can't be written ({error.strerror}): name another file."
        ) from error
    print(f"Written to {path}.")
