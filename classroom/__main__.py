"""python -m classroom report SUBMISSIONS --out REPORT, and … plan 04."""

import argparse
import importlib
import sys

# Each is a module here, with `arguments(parser)` and `run(args)`.
COMMANDS = {
    "report": "which exercises and mistakes a class had trouble with",
    "plan": "how a lesson fits into the minutes there are",
}


def main(argv=None):
    parser = argparse.ArgumentParser(
        prog="python -m classroom", description="Help for instructors."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        module = importlib.import_module(f"classroom.{name}")
        command = commands.add_parser(
            name, help=purpose, description=module.__doc__.splitlines()[0]
        )
        module.arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
