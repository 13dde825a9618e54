"""Data from the command line: `python -m data_access COMMAND`, each with its own --help.

    draft SOURCE        print a drafted semantic model for a source
    check               check a semantic model against its source
    audit               who was shown which contacts, and who took along which files
    rollup              propose or build sums that answer in the place of very many contacts
    backup FILE.zip     write the store and the data folder as one file
    restore FILE.zip    read it back, onto a store of either kind
    rehearse            try the upgrade of the store on a copy
    purge               forget what lets persons be known and is older than a day

Exit 0 done, 2 usage or bad input, 3 what was asked for cannot be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from data_access.arguments import as_text
from data_access.commands import COMMANDS, one_line
from data_access.passwords import hidden
from data_access.statement import Problem, Unreachable
from pages.words.catalogue import LANGUAGES, Catalogue

PROGRAM = "python -m data_access"


class _Parser(argparse.ArgumentParser):
    """A mistake on the command line is one line on standard error."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {hidden(message)}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a draft is a TOML file, whatever the console's encoding is
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = as_text(argv)
    name = _parser().parse_args(given[:1]).command
    module = import_module(COMMANDS[name])
    asked = _parser_of(name, module).parse_args(given[1:])
    catalogue = Catalogue.load(asked.lang)
    try:
        return int(module.run(asked, catalogue))
    except Problem as problem:
        print(one_line(catalogue.say(problem.statement)), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    except BrokenPipeError:  # the reader of a pipe has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=", ".join(COMMANDS))
    return parser


def _parser_of(name: str, module: ModuleType) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"{PROGRAM} {name}", description=module.__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of comments and messages")
    module.arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
