"""Forget what lets single persons be known and was written before a day. Without --yes it only says how much that is.

Gone are contacts of evidence, pins that no newer evidence rests on, rounds of recovery with their customers, these
in the history, who saw what (kept for thirty days at least), and the data of classes that ended before that day.
Imported data are deleted by their owners or an admin on the page Data. A backup written before holds all of it still.
"""

from __future__ import annotations

import argparse
import shutil
from datetime import UTC, date
from pathlib import Path

from data_access.commands import say
from data_access.settings import Settings
from data_access.statement import Statement
from data_access.workshop.purging import OPERATOR, purged, to_forget
from data_access.workshop.store import Store, open_existing
from pages.words.catalogue import Catalogue


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--before", type=date.fromisoformat, required=True, metavar="DAY", help="in UTC, as 2026-06-01"
    )
    parser.add_argument("--yes", action="store_true", help="do it; what is forgotten cannot be restored")


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    settings = Settings.from_environment()
    store = open_existing(settings.store_url)
    try:
        classes = _ended(store, asked.before, settings.data_folder / "classes")
        counted = dict((purged if asked.yes else to_forget)(store.engine, asked.before))
    finally:
        store.engine.dispose()
    for folder in classes if asked.yes else ():
        shutil.rmtree(folder)
    for name, count in {**counted, "classes": len(classes)}.items():
        say(catalogue, Statement(f"purge.{name}", {"count": count}))
    say(catalogue, Statement("purge.done" if asked.yes else "purge.would", {"day": asked.before}))
    return 0


def _ended(store: Store, before: date, folder: Path) -> list[Path]:
    """The data of classes that ended before a day, where they are still there."""
    ended = (one for one in store.classes(OPERATOR) if one.ended_at and one.ended_at.astimezone(UTC).date() < before)
    return [folder / one.id for one in ended if (folder / one.id).is_dir()]
