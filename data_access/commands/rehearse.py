"""Try the upgrade of the store on a copy of it: rows of each table before and after. The store is only read.

Exit 4 where a table would have fewer rows than before.
"""

from __future__ import annotations

import argparse

from data_access.backup import rehearsed
from data_access.commands import say
from data_access.settings import Settings
from data_access.statement import Statement
from pages.words.catalogue import Catalogue


def arguments(parser: argparse.ArgumentParser) -> None:
    """None but those of every command."""


def run(_asked: argparse.Namespace, catalogue: Catalogue) -> int:
    tried = rehearsed(Settings.from_environment())
    for name, (before, after) in tried.rows.items():
        print(f"{name}\t{'-' if before is None else before}\t{'-' if after is None else after}")
    about = {"before": tried.before, "after": tried.after, "seconds": tried.seconds}
    say(catalogue, Statement("backup.rehearsed", about))
    if tried.lost:
        say(catalogue, Statement("backup.lost", {"tables": tried.lost}))
    return 4 if tried.lost else 0
