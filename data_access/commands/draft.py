"""Print a drafted semantic model for a source, to be read and put right by whoever knows the data.

SOURCE is a SQLAlchemy URL or the path of a workbook, CSV, JSON, SPSS, Parquet, DuckDB or SQLite file.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from data_access.addresses import is_database
from data_access.commands import reading
from data_access.files.load import load_file
from data_access.files.options import LoadedFile
from pages.words.catalogue import Catalogue

if TYPE_CHECKING:
    from data_access.files.draft import Draft
    from data_access.files.profile import TableProfile


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("--score", metavar="COLUMN", help="the column that is the score, by its name or its label")
    parser.add_argument("--scale", type=_scale, metavar="LOW-HIGH", help="ends of the score's scale, such as 1-5")
    parser.add_argument(
        "--worst", type=reading.whole, metavar="N", help="the end of the scale that is the worst answer"
    )
    parser.add_argument("--blank-zero", action="append", default=[], metavar="COLUMN",
                        help="a column of which a blank means 0; give it again for others")  # fmt: skip
    parser.add_argument("--time", metavar="COLUMN", help="the column of when the contact or the answer was")
    reading.arguments(parser)


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    print(_drafted(asked).commented(catalogue.say), end="")
    return 0


def _loaded(asked: argparse.Namespace) -> LoadedFile:
    """A large file is read by a process of its own; what is slowest to import of all that drafts comes meanwhile.

    Only that: two threads within the circles of our own imports would see half of a module.
    """
    meanwhile = Thread(target=import_module, args=("pandas",))
    meanwhile.start()
    try:
        return load_file(
            Path(asked.source),
            cache=reading.cache(),
            table=asked.table,
            options=reading.options(asked),
            progress=reading.progress(),
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


def _scale(text: str) -> tuple[int, int]:
    """The ends of a scale from `1-5` or `-2-2`."""
    found = re.fullmatch(r"(-?\d+)\s*(?:-|:|\.\.)\s*(-?\d+)", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise argparse.ArgumentTypeError("give the lowest and the highest number as 1-5")
    return int(found[1]), int(found[2])
