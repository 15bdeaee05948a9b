"""What a class got wrong: verdicts on students' notebooks, as HTML pages and a CSV.

Every student's answers are run again, in a sandbox; what their notebooks show is
ignored. The pages are written when all notebooks are judged, the CSV as they are.
"""

import argparse
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from filelock import FileLock, Timeout
from tqdm import tqdm

from classroom.report import pages, sheet
from classroom.report.judge_file import judge_file
from classroom.report.limits import MEGABYTE, Limits
from classroom.report.records import RECORDS, Key, Records, course_digest
from classroom.report.sandbox import containment
from classroom.report.submissions import (
    Submission,
    Unreadable,
    digest,
    find_submissions,
    read_bytes,
)

STOPPED = 130  # what shells expect of a program ended by Ctrl+C
UNUSABLE = 2  # what argparse ends with, too


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to its parser."""
    parser.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="a folder with a folder, or a notebook, for each student",
    )
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="REPORT",
        help="the folder to write; a report begun there goes on",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="notebooks judged at the same time (default: %(default)s, the processors)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=Limits.notebook,
        help="what one notebook's code may take in all (default: %(default)s)",
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=Limits.memory // MEGABYTE,
        help="megabytes that one notebook's code may hold (default: %(default)s)",
    )


class ReportError(Exception):
    """One sentence: why there can be no report, and what to do."""


def run(args: argparse.Namespace) -> int:
    """Write the report; returns the exit status."""
    try:
        submissions = _submissions(args)
        with _alone_in(args.out):
            return _report(args, submissions)
    except ReportError as reason:
        print(reason, file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        what = f"{error.filename or args.out}: {error.strerror or error}"
        print(f"The report can't be written: {what}.", file=sys.stderr)
        return UNUSABLE


def _submissions(args) -> list[Submission]:
    if args.jobs < 1 or args.seconds <= 0 or args.memory < 1:
        raise ReportError("--jobs, --seconds and --memory must be more than nothing.")
    if not args.submissions.is_dir():
        raise ReportError(f"There is no folder {args.submissions}.")
    if args.submissions.resolve() in [args.out.resolve(), *args.out.resolve().parents]:
        raise ReportError(
            f"The report can't lie in {args.submissions}, among the students' files: "
            "name another folder with --out."
        )
    submissions = find_submissions(args.submissions)
    if not any(submission.path for submission in submissions):
        raise ReportError(f"There are no notebooks (.ipynb) in {args.submissions}.")
    return submissions


@contextlib.contextmanager
def _alone_in(folder):
    """Context in which no other report is written to this folder."""
    if folder.exists() and not Path(folder, RECORDS).exists() and any(folder.iterdir()):
        raise ReportError(f"{folder} holds other files: name a new folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise ReportError(f"Another report is being written to {folder}.") from None


def _report(args, submissions):
    warning = containment()
    if warning:
        print(f"Not everything is contained. {warning}", file=sys.stderr)
    limits = Limits(notebook=args.seconds, memory=args.memory * MEGABYTE)
    records = Records(args.out)
    keys = _keys(submissions, args.submissions, limits)
    todo = {key: who for key, who in keys.items() if key not in records}
    if len(todo) < len(keys):
        print(f"{len(keys) - len(todo)} of {len(keys)} notebooks are judged already.")
    try:
        _judge_all(todo, records, args, limits)
    except KeyboardInterrupt:
        done = sum(key in records for key in keys)
        print(
            f"\nStopped: {done} of {len(keys)} notebooks are judged. The same command "
            "goes on from here.",
            file=sys.stderr,
        )
        return STOPPED
    sheet.write(args.out, records.read(keys))
    page = pages.write(args.out, records, submissions, keys, warning)
    print(page.resolve().as_uri())
    return 0


def _keys(submissions, folder, limits) -> dict[Key, Submission]:
    """All that there is to judge, in order, by the key that its record will have."""
    course = f"{course_digest()} {limits}".encode()
    keys = {}
    for submission in submissions:
        if submission.path is None:
            continue
        try:
            content = read_bytes(submission.path)
        except Unreadable as error:
            content = str(error).encode()
        file = submission.path.relative_to(folder).as_posix()
        keys[Key(file, digest(course + content))] = submission
    return keys


def _judge_all(todo, records, args, limits):
    """Judge what isn't judged yet; each record is written down as it comes."""
    context = multiprocessing.get_context("spawn")
    with (
        sheet.growing(args.out) as rows,
        ProcessPoolExecutor(
            min(args.jobs, len(todo)) or 1, context, initializer=_in_a_worker
        ) as pool,
        tqdm(total=len(todo), unit="notebook", disable=None) as bar,
    ):
        try:
            futures = {
                pool.submit(judge_file, submission, key, limits)
                for key, submission in todo.items()
            }
            for future in as_completed(futures):
                futures.remove(future)  # frees its record, once that is written
                record = future.result()
                records.add(record)
                rows.add(record)
                bar.update()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def _in_a_worker():
    """Ctrl+C is for the main process; without that process, a worker ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
