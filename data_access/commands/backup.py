"""Write a backup: the store as it is at one moment, and what people brought to the data folder, as one zip.

It holds all that was typed, contacts brought as evidence, imported files and the salt of masked ids; only its owner
may read it. It holds no password, no passcode and no key of cookies. It may be written while people work.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from data_access.backup import written
from data_access.commands import say
from data_access.settings import Settings
from data_access.statement import Statement
from pages.words.catalogue import Catalogue


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.zip", help="must not be there yet")


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    made = written(Settings.from_environment(), asked.file)
    counted = {"rows": sum(made.tables.values()), "files": sum(name.startswith("data/") for name in made.files)}
    say(catalogue, Statement("backup.done", {"path": str(asked.file), "form": made.revision, **counted}))
    say(
        catalogue,
        Statement("backup.with_salt" if made.salted else "backup.without_salt", {"variable": "SATRACE_SALT"}),
    )
    return 0
