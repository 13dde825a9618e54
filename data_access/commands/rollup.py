"""Propose rollups of a source, print their statements or build them.

A rollup holds sums by day and some dimensions; the app asks it wherever it answers exactly, and the contacts wherever
not. Without --print or --build the views that pay are listed, with about as many rows as they will have. They stand
in a schema of their own, `satrace_rollups`: of a DuckDB file in a file beside it. Build them anew after each load:
those of other data, of another model or with rows missing are never asked.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from data_access.commands import reading
from data_access.sources import open_source
from data_access.warehouse import Limits, Warehouse
from pages.words.catalogue import Catalogue

LONGEST_S, MOST_ROWS = 86_400.0, 5_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", required=True, help="SQLAlchemy URL, or the path of a data file")
    parser.add_argument("--model", required=True, type=Path, metavar="FILE.toml")
    parser.add_argument(
        "--budget", type=reading.whole, metavar="ROWS", help="of all rollups; a fifth of the contacts"
    )
    parser.add_argument("--from", type=date.fromisoformat, dest="since", metavar="DAY", help="no earlier days")
    parser.add_argument("--write", metavar="URL", help="address of the same database for somebody who may write")
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--print", action="store_true", help="print the statements of the engine's own views")
    does.add_argument("--build", action="store_true", help="build the rollups, in the place of those before")


def run(asked: argparse.Namespace, catalogue: Catalogue) -> int:
    limits = Limits(seconds=LONGEST_S, rows=MOST_ROWS)
    warehouse = open_source(asked.source, cache=reading.cache(), model=asked.model, limits=limits)
    try:
        return _proposed(warehouse, asked, catalogue)
    finally:
        warehouse.close()


def _proposed(warehouse: Warehouse, asked: argparse.Namespace, catalogue: Catalogue) -> int:
    from data_access.rollups.build import build, check_served
    from data_access.rollups.choose import propose
    from data_access.rollups.printed import statements
    from data_access.warehouse.source import url_of

    check_served(warehouse.everything)
    since = asked.since.isoformat() if asked.since else ""
    proposals, most = propose(warehouse.everything, budget=asked.budget, since=since)
    views = [proposal.view for proposal in proposals]
    if not views:
        print(catalogue.text("rollup.none"))
    elif asked.print:
        print("\n\n".join(statements(warehouse.everything, views)))
    elif asked.build:
        writer = url_of(asked.write) if asked.write else None
        for made in build(warehouse.everything, views, warehouse.whole_version, writer=writer, budget=most):
            key = "rollup.built" if made.kept else "rollup.too_large"
            print(
                catalogue.text(
                    key, name=made.view.name, by=_by(made.view.grain, made.view.dimensions), rows=made.rows
                )
            )
    else:
        for one in proposals:
            print(catalogue.text("rollup.proposed", name=one.view.name, by=_by(one.view.grain, one.view.dimensions),
                                 rows=round(one.rows)))  # fmt: skip
    return 0


def _by(grain: str, dimensions: tuple[str, ...]) -> str:
    return ", ".join(part for part in (grain, *dimensions) if part)
