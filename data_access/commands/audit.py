"""Who was shown which contacts, and who took along which files: the lines of the store, newest first."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from data_access.access import Role, User
from data_access.settings import store_url_of
from data_access.workshop.seen_records import Seen
from pages.words.catalogue import Catalogue

OPERATOR = User("operator", "operator", frozenset({Role.ADMIN}))  # whoever may run it reads the store's file as well


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="DAY", help="the first day, in UTC")
    parser.add_argument("--to", dest="until", type=date.fromisoformat, metavar="DAY", help="the day after the last")
    parser.add_argument("--person", default="", metavar="ID", help="of one person alone, by id or name")
    parser.add_argument("--store", metavar="URL", help="URL or path of the workshop; that of the app by default")
    parser.add_argument("--format", choices=("text", "csv", "json"), default="text")


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    from data_access.workshop.store import open_existing  # slow to import: --help need not wait

    store = open_existing(store_url_of(asked.store))
    try:
        lines = store.seen(OPERATOR, since=asked.since, until=asked.until, person=asked.person)
    finally:
        store.engine.dispose()
    sys.stdout.write(_written(lines, asked.format, catalogue))
    return 0


def _written(lines: tuple[Seen, ...], form: str, catalogue: Catalogue) -> str:
    if form == "json":
        import json

        from data_access.workshop.codec import to_json

        return json.dumps([json.loads(to_json(_plain(line))) for line in lines], ensure_ascii=False, indent=1) + "\n"
    from pages.words.seen_words import table
    from pages.words.writers import spreadsheet

    words = table(lines, catalogue)
    return spreadsheet.to_csv(words).decode() if form == "csv" else words.to_string(index=False) + "\n"


def _plain(line: Seen) -> dict[str, Any]:
    return {**vars(line), "asked": dict(line.asked), "roles": list(line.roles), "scope": list(line.scope)}
