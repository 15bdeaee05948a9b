"""The command that judges a file of answers, for whichever course."""

import argparse
import io
import json
import sys
from collections import Counter
from typing import Any

from diagnose import answers_file
from diagnose.card import evidence_lines, headline
from diagnose.course import Course
from diagnose.html import printable
from diagnose.rungs import Rung


def main(course: Course, prog: str, argv: list[str] | None = None) -> int:
    """Judge a file; returns 0 once that is done, 2 if it can't be, 130 at Ctrl+C."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description=answers_file.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a Python file of answers")
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    args = parser.parse_args(argv)
    # What a terminal can't show must not end the run.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    judged, status = [], 0
    try:
        for one in answers_file.AnswersFile(args.file, course).judged():
            judged.append(one)
            if not args.json:
                print(f"{as_text(one, args.file)}\n", flush=True)
    except answers_file.FileError as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the other answers were not judged.", file=sys.stderr)
        status = 130
    if args.json:
        print(json.dumps([as_record(one) for one in judged], indent=1))
    else:
        print(summary(judged))
    return status


def as_text(judged: answers_file.JudgedAnswer, file: str) -> str:
    """An answer's place, its verdict, and the case that shows it."""
    symbol, _, sentence = headline(judged.verdict)
    named = f" [{', '.join(judged.verdict.mistakes)}]" * bool(judged.verdict.mistakes)
    lines = [
        f"{file}, line {judged.answer.line}",
        f"{symbol} {judged.answer.exercise.id} — {sentence}{named}",
        *evidence_lines(judged.verdict),
    ]
    return printable("\n".join(lines))


def as_record(judged: answers_file.JudgedAnswer) -> dict[str, Any]:
    """The same as plain values, for JSON."""
    return {
        "id": judged.answer.exercise.id,
        "line": judged.answer.line,
        "rung": judged.verdict.rung.name.lower(),
        "mistakes": list(judged.verdict.mistakes),
        "sentences": [printable(text) for text in judged.verdict.sentences],
        "passed": judged.verdict.passed,
        "seconds": round(judged.seconds, 3),
    }


def summary(judged: list[answers_file.JudgedAnswer]) -> str:
    """How many answers ended on which rung, as a sentence."""
    count = Counter(one.verdict.rung for one in judged)
    counted = ", ".join(
        f"{count[rung]} {rung.name.lower().replace('_', ' ')}"
        for rung in reversed(Rung)
        if count[rung]
    )
    answers_judged = f"{len(judged)} answer{'s' * (len(judged) != 1)} judged"
    return f"{answers_judged}: {counted}." if counted else f"{answers_judged}."
