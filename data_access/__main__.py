"""Data from the command line: draft a semantic model for a source, or check one against it.

    python -m data_access draft SOURCE [--table NAME] [--score COLUMN --scale 1-5 --worst 5] > semantic.toml
    python -m data_access check --source SOURCE --model semantic.toml

SOURCE is a SQLAlchemy URL or the path of a workbook, CSV, JSON, SPSS, Parquet, DuckDB or SQLite file. Exit 0 done,
2 usage or bad input, 3 the source cannot be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

from data_access.addresses import is_database
from data_access.arguments import as_text
from data_access.files.load import load_file
from data_access.files.options import REPEATED, LoadedFile, ReadOptions, options_from, options_said
from data_access.files.sniff import NAMED, Kind
from data_access.model_file import read_model
from data_access.passwords import hidden
from data_access.settings import Settings
from data_access.statement import Problem, Unreachable
from pages.words.catalogue import LANGUAGES, Catalogue

if TYPE_CHECKING:
    from data_access.files.draft import Draft
    from data_access.files.profile import TableProfile


class _Parser(argparse.ArgumentParser):
    """A mistake on the command line is one line on standard error."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {hidden(message)}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the draft is a TOML file, whatever the console's encoding is
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    asked = _parser().parse_args(as_text(argv))
    say = Catalogue.load(asked.lang).say
    try:
        return _draft(asked) if asked.command == "draft" else _check(asked)
    except Problem as problem:
        print(_one_line(say(problem.statement)), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    except BrokenPipeError:  # the reader of a pipe has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m data_access", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    draft = commands.add_parser("draft", help="print a drafted semantic model")
    draft.add_argument("source", metavar="SOURCE")
    draft.add_argument("--score", metavar="COLUMN", help="the column that is the score, by its name or its label")
    draft.add_argument("--scale", type=_scale, metavar="LOW-HIGH", help="ends of the score's scale, such as 1-5")
    draft.add_argument("--worst", type=_whole, metavar="N", help="the end of the scale that is the worst answer")
    draft.add_argument("--blank-zero", action="append", default=[], metavar="COLUMN",
                       help="a column of which a blank means 0; give it again for others")  # fmt: skip
    draft.add_argument("--time", metavar="COLUMN", help="the column of when the contact or the answer was")
    check = commands.add_parser("check", help="check a semantic model against its source")
    check.add_argument("--source", required=True)
    check.add_argument("--model", required=True, type=Path, metavar="FILE.toml")
    for command in (draft, check):
        command.add_argument("--table", help="table to read; name for the table of a file")
        command.add_argument("--lang", choices=LANGUAGES, default="en", help="language of comments and messages")
        command.add_argument("--encoding", help="encoding of a text file, such as utf-8 or gb18030")
        command.add_argument("--delimiter", help="sign between the columns of a text file")
        command.add_argument("--dates", choices=("day-first", "month-first"), help="how to read 3/4/2026")
        command.add_argument("--sheet", action="append", help="sheet of a workbook; give it again to read several")
        command.add_argument("--header", type=_rows, metavar="ROWS", help="rows of the names, as 3 or 3-4, or none")
        command.add_argument("--skip-last", type=_count, metavar="N", help="rows at the end that are no data")
        command.add_argument("--repeated", choices=REPEATED, help="which rows of one id count; the last by default")
    return parser


def _draft(asked: argparse.Namespace) -> int:
    catalogue = Catalogue.load(asked.lang)
    draft = _drafted(asked)
    print(draft.commented(catalogue.say), end="")
    return 0


def _loaded(asked: argparse.Namespace) -> LoadedFile:
    """A large file is read by a process of its own; what is slowest to import of all that drafts comes meanwhile.

    Only that: two threads within the circles of our own imports would see half of a module.
    """
    meanwhile = Thread(target=import_module, args=("pandas",))
    meanwhile.start()
    try:
        return load_file(
            Path(asked.source), cache=_cache(), table=asked.table, options=_options(asked), progress=_progress()
        )
    finally:
        meanwhile.join()


def _drafted(asked: argparse.Namespace) -> Draft:
    loaded = None if is_database(asked.source) else _loaded(asked)
    from data_access.files.draft import draft_model
    from data_access.files.score import DraftOptions

    options = DraftOptions(asked.score, asked.scale, asked.worst, tuple(asked.blank_zero), asked.time)
    draft = draft_model(loaded or _served(asked), options)
    return replace(draft, doubts=(*draft.doubts, *loaded.report)) if loaded else draft


def _served(asked: argparse.Namespace) -> TableProfile:
    """The profile of a table of a database."""
    from data_access.files.profile import profile_table
    from data_access.warehouse.connection import Limits
    from data_access.warehouse.source import make_engine

    return profile_table(make_engine(asked.source, Limits()), asked.table)


def _check(asked: argparse.Namespace) -> int:
    model = read_model(asked.model)
    source: str | Path = asked.source
    if not is_database(asked.source):
        name = asked.table or (None if NAMED.get(Path(asked.source).suffix) is Kind.DUCKDB else model.table)
        said = {**model.reading, **options_said(_options(asked))}
        source = load_file(Path(asked.source), cache=_cache(), table=name, options=options_from(said)).database
    from data_access.files.fit import check_fit
    from data_access.warehouse.connection import Limits
    from data_access.warehouse.source import make_engine

    findings = check_fit(make_engine(source, Limits()), model)
    lines = [(finding.fatal, _one_line(Catalogue.load(asked.lang).say(finding.statement))) for finding in findings]
    for _, line in lines:
        print(line)
    fatal = next((line for is_fatal, line in lines if is_fatal), None)
    if fatal is not None:  # the report is whole without it
        print(fatal, file=sys.stderr)
    return 0 if fatal is None else 2


def _progress() -> Callable[[float], None] | None:
    """A percentage on the terminal; nothing where the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None
    return lambda share: print(f"\r{share:4.0%}" if share < 1 else "\r    \r", end="", file=sys.stderr, flush=True)


def _cache() -> Path:
    return Settings.from_environment().data_folder / "files"


def _options(asked: argparse.Namespace) -> ReadOptions:
    day_first = None if asked.dates is None else asked.dates == "day-first"
    delimiter = "\t" if asked.delimiter in ("\\t", "TAB", "tab") else asked.delimiter
    sheet = tuple(asked.sheet) if asked.sheet else None
    return ReadOptions(asked.encoding, delimiter, day_first, sheet, asked.header, asked.skip_last, asked.repeated)


def _rows(text: str) -> tuple[int, int]:
    """The header's first and last row from `3`, `3-4` or `none`."""
    if text == "none":
        return 0, 0
    found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text.strip())
    rows = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= rows[0] <= rows[1] <= rows[0] + 9:
        raise argparse.ArgumentTypeError("give the header's row as 3, its rows as 3-4, or none")
    return rows


def _scale(text: str) -> tuple[int, int]:
    """The ends of a scale from `1-5` or `-2-2`."""
    found = re.fullmatch(r"(-?\d+)\s*(?:-|:|\.\.)\s*(-?\d+)", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise argparse.ArgumentTypeError("give the lowest and the highest number as 1-5")
    return int(found[1]), int(found[2])


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text.strip()):
        raise argparse.ArgumentTypeError("give a whole number")
    return int(text)


def _count(text: str) -> int:
    if _whole(text) < 0:
        raise argparse.ArgumentTypeError("give a number of rows")
    return int(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
