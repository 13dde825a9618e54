"""Every analysis from the command line: the same numbers as on the screen.

    python -m analysis METHOD --source SOURCE [--model FILE.toml] [--metric NAME] [--from D --to D]
           [--baseline-from D --baseline-to D] [--where DIM=VALUE ...] [--by DIM[,DIM]]
           [--lang en|zh-CN] [--format json|csv|text]

SOURCE is a SQLAlchemy URL, or the path of a CSV, XLSX, Parquet, DuckDB or SQLite file; without it the sample is used.
Without --model a draft is used. Periods are half-open [from, to); without dates: all data. Values of one dimension
are joined by OR, dimensions by AND. Rates are 0..100, shares and contributions 0..1. In CSV, text that a spreadsheet
would run as a formula has an apostrophe in front; JSON holds values as --where takes them. An entry point: it may use
the words of `pages.words`.

{methods}

Besides, `python -m analysis plans` lists the plans of the workshop and what is overdue, and `python -m analysis deck`
writes one of its issues as slides or a workbook, as `python -m analysis review` does a review; see their --help.

Exit 0 done, 2 usage or bad input, 3 the source cannot be reached, 4 signals (monitor).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from data_access.arguments import as_text
from data_access.passwords import hidden
from data_access.statement import Problem, Unreachable
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.methods import presentations
from pages.words.presentation import Presentation
from pages.words.writers import WRITERS

OF_WORKSHOP = {
    "plans": "analysis.plans_command",
    "deck": "analysis.deck_command",
    "review": "analysis.review_command",
}  # about it, not about data


class Parser(argparse.ArgumentParser):
    """A mistake on the command line is one line on standard error and exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {hidden(message)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one analysis and print its answer; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = as_text(arguments)
    if given and given[0] in OF_WORKSHOP:  # slow to import: only who asks for it waits
        command = import_module(OF_WORKSHOP[given[0]])
        return int(command.main(command.parser(Parser).parse_args(given[1:])))
    asked = _parser().parse_args(given)
    from analysis.command import answer  # slow to import: only who asks something waits

    words = Catalogue.load(asked.lang)
    try:
        sys.stdout.write(answer(asked, words))
    except Problem as problem:
        print(" ".join(words.say(problem.statement).split()), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    except BrokenPipeError:  # the reader of a pipe has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(getattr(asked, "status", 0))


def _parser() -> argparse.ArgumentParser:
    commands = [shown for shown in presentations() if shown.answers]
    names = [shown.method for shown in commands]
    parser = Parser(
        prog="python -m analysis",
        description=_description(commands),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("method", metavar="METHOD", choices=names, help=", ".join(names))
    parser.add_argument("--source", help="SQLAlchemy URL or path of a file; default: the sample")
    parser.add_argument("--model", type=Path, metavar="FILE.toml", help="semantic model of the source")
    parser.add_argument("--metric", default=None, help="default: the first metric of the model")
    for name in ("from", "to", "baseline-from", "baseline-to"):
        parser.add_argument(f"--{name}", type=_day, metavar="D", help="a date like 2026-10-01")
    parser.add_argument("--where", action="append", default=[], metavar="DIM=VALUE", help="may be repeated")
    _add_flags(parser, commands)
    parser.add_argument("--webhook", action="store_true", help="monitor: print the message of a group robot instead")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--format", choices=tuple(WRITERS), default="json")
    return parser


def _description(commands: Sequence[Presentation]) -> str:
    """What the help says, with a line or a few for each method."""
    width = max(len(shown.method) for shown in commands) + 2
    lines = [f"{'METHOD':<{width}}answers"]
    for shown in commands:
        lines += textwrap.wrap(f"{shown.method:<{width}}{shown.answers}", 118, subsequent_indent=" " * width,
                               break_on_hyphens=False, break_long_words=False)  # fmt: skip
    return str(__doc__).replace("{methods}", "\n".join(lines))


def _add_flags(parser: argparse.ArgumentParser, commands: Sequence[Presentation]) -> None:
    """Each flag once, by the first method that has it; those of a group of methods under a heading of their own."""
    places: dict[str, argparse._ActionsContainer] = {"": parser}
    known: set[str] = set()
    for shown in commands:
        if shown.group not in places:
            heading = Catalogue.load("en").show([c.method for c in commands if c.group == shown.group], "names")
            places[shown.group] = parser.add_argument_group(heading)
        for option in (option for option in shown.options if option.flag and option.flag not in known):
            known.add(option.flag)
            action = "append" if option.repeated else "store"
            places[shown.group].add_argument(
                option.flag, default=None, metavar=option.metavar, help=option.help, action=action
            )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-10-01") from None


if __name__ == "__main__":
    sys.exit(main())
