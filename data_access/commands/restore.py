"""Read a backup onto a store and a data folder that hold nothing yet, be it on another kind of database.

First the whole zip is checked. An older backup is brought to the newest form. After an interruption the same command
goes on: until all rows are there, the store holds none.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from data_access.backup import restored
from data_access.commands import say
from data_access.settings import Settings, name_of, store_url_of
from data_access.statement import Statement
from pages.words.catalogue import Catalogue


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument("--onto", metavar="URL", help="a store by URL or path; that of the settings by default")


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    url = store_url_of(asked.onto)
    made = restored(asked.file, url, Settings.from_environment().data_folder)
    counted = {"rows": sum(made.tables.values()), "files": sum(name.startswith("data/") for name in made.files)}
    say(catalogue, Statement("backup.restored", {"place": name_of(url), "at": made.made_at, **counted}))
    if not made.salted:
        say(catalogue, Statement("backup.without_salt", {"variable": "SATRACE_SALT"}))
    return 0
