"""Every plan from the command line, what is late first: for a scheduler that watches over promises.

    python -m analysis plans [--store URL] [--today D] [--check [--source SOURCE] [--model FILE.toml]]
           [--lang en|zh-CN] [--format json|csv|text]

Without --store the workshop that the app opens: SATRACE_STORE, else the one in the data folder. None is made where
none is. --check computes the effects of plans once more, keeps each look, and opens closed plans again whose reason
came back: each over the data its issue speaks of; the source stands for the configured warehouse, else the sample.

Exit 0 nothing is overdue, 4 a plan or a milestone is, 2 usage or bad input, 3 the workshop cannot be reached.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data_access.settings import store_url_of
from data_access.statement import BadInput, Problem, Unreachable
from data_access.taxonomy import load_taxonomy
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Plan
from data_access.workshop.store import Store, open_existing
from data_access.workshop.tracing import CONFIGURED, Trace
from pages.words import plan_rows
from pages.words.catalogue import LANGUAGES, Catalogue

if TYPE_CHECKING:  # slow to import
    from data_access.warehouse import Warehouse

LATE = 4
WRITERS = {"json": plan_rows.to_json, "csv": plan_rows.to_csv, "text": plan_rows.to_text}
Checked = Mapping[str, str]


def main(asked: argparse.Namespace) -> int:
    """Print the plans; returns the exit code."""
    words = Catalogue.load(asked.lang)
    try:
        rows = _rows(asked, words)
    except Problem as problem:
        print(" ".join(words.say(problem.statement).split()), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    sys.stdout.write(WRITERS[asked.format](rows, asked.today, words, load_taxonomy()))
    return LATE if any(row.late for row in rows) else 0


def parser(made: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """What may be said to the command."""
    found = made(prog="python -m analysis plans", description=__doc__,
                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    found.add_argument("--store", help="SQLite file or PostgreSQL URL of the workshop; default: that of the app")
    found.add_argument("--today", type=_day, default=date.today(), metavar="D", help="a date like 2026-12-01")
    found.add_argument("--check", action="store_true", help="compute the effects once more and keep them")
    found.add_argument("--source", help="with --check: SQLAlchemy URL or path of a file; default: the sample")
    found.add_argument("--model", type=Path, metavar="FILE.toml", help="with --check: semantic model of the source")
    found.add_argument("--lang", choices=LANGUAGES, default="en")
    found.add_argument("--format", choices=tuple(WRITERS), default="json")
    return found


def _rows(asked: argparse.Namespace, words: Catalogue) -> tuple[plan_rows.PlanRow, ...]:
    if (asked.source or asked.model) and not asked.check:
        raise BadInput("plans_command.check_alone")
    store = open_existing(store_url_of(asked.store))
    said = _checked(store, asked, words) if asked.check else {}
    return plan_rows.rows_of(store.traces(PROGRAM), asked.today, said)


def _checked(store: Store, asked: argparse.Namespace, words: Catalogue) -> Checked:
    from analysis.plan_checks import check  # slow to import, as are the analyses
    from analysis.plan_sources import opener

    opened = opener(asked.source, asked.model)
    opened(CONFIGURED)  # a source that is wrong is said at once
    return {plan.id: _words_of(trace, plan, words, opened).say(said) for trace, plan, said in check(store, opened)}


def _words_of(trace: Trace, plan: Plan, words: Catalogue, opened: Callable[[str], Warehouse]) -> Catalogue:
    """The words of the data that a plan speaks of, as far as these can be had."""
    from analysis.command import names_of

    try:
        warehouse = opened(trace.dataset)
    except Problem:
        return words
    named, metric = words.with_names(names_of(warehouse, words)), warehouse.model.metrics.get(plan.target_metric)
    return named.about(metric) if metric else named


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-10-01") from None
