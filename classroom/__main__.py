"""python -m classroom plan 04, … slides 04, … report SUBMISSIONS --out REPORT."""

import argparse
import importlib
import sys

COMMANDS = {
    "plan": "how a lesson fits into the minutes there are",
    "slides": "the notebooks as slides that need no network",
    "report": "which exercises and mistakes a class had trouble with",
}


def main(argv: list[str] | None = None) -> int:
    """Do what is asked for; returns the exit status."""
    asked = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="python -m classroom", description="Help for instructors."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        # Only what is asked for is loaded: a plan needs nothing of what slides need.
        if asked[:1] == [name]:
            module = importlib.import_module(f"classroom.{name}.command")
            command.description = module.__doc__.splitlines()[0]
            module.arguments(command)
            command.set_defaults(run=module.run)
    args = parser.parse_args(asked)
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
