"""An issue of the workshop as slides or as a workbook: the same files as on its page.

    python -m analysis deck --issue ID --out FILE.pptx|FILE.xlsx [--store URL]
           [--source SOURCE] [--model FILE.toml] [--lang en|zh-CN]

The issue is named by its id, by the beginning of it, or by its title; `python -m analysis plans` prints ids. Without
--store it is the workshop that the app opens: SATRACE_STORE, else the one in the data folder. Its numbers are
computed anew over the data it speaks of; the source stands for the configured warehouse, else the sample.

Exit 0 written, 2 usage or bad input, 3 the workshop or the source cannot be reached.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_access.settings import store_url_of
from data_access.statement import BadInput, Problem, Unreachable
from data_access.taxonomy import load_taxonomy
from data_access.workshop.following import PROGRAM
from data_access.workshop.store import Store, open_existing
from data_access.workshop.tracing import Trace
from pages.words.catalogue import LANGUAGES, Catalogue

if TYPE_CHECKING:  # slow to import
    from analysis.result import Result
    from data_access.warehouse import Warehouse
    from pages.words.deck.told import Told

ENDINGS = (".pptx", ".xlsx")


def main(asked: argparse.Namespace) -> int:
    """Write the file; returns the exit code."""
    words = Catalogue.load(asked.lang)
    return written(asked.out, lambda: _made(asked, words), words)


def written(path: Path, make: Callable[[], bytes], words: Catalogue) -> int:
    """Write what is made to a file, or say on standard error why not; returns the exit code."""
    try:
        path.write_bytes(make())
    except Problem as problem:
        print(" ".join(words.say(problem.statement).split()), file=sys.stderr)
        return 3 if isinstance(problem, Unreachable) else 2
    except OSError as error:
        print(words.text("deck_command.unwritable", path=str(path), detail=error.strerror), file=sys.stderr)
        return 2
    return 0


def ending_of(path: Path) -> str:
    """Which kind of file is asked for. Raises BadInput for another kind, and where its folder is not there."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput("deck_command.ending", path=str(path))
    if not path.parent.is_dir():
        raise BadInput("deck_command.no_folder", path=str(path.parent))
    return ending


def parser(made: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """What may be said to the command."""
    found = made(prog="python -m analysis deck", description=__doc__,
                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    found.add_argument("--issue", required=True, metavar="ID", help="id of the issue, its beginning, or its title")
    found.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends in .pptx or .xlsx")
    found.add_argument("--store", help="SQLite file or PostgreSQL URL of the workshop; default: that of the app")
    found.add_argument("--source", help="SQLAlchemy URL or path of a file; default: the sample")
    found.add_argument("--model", type=Path, metavar="FILE.toml", help="semantic model of the source")
    found.add_argument("--lang", choices=LANGUAGES, default="en")
    return found


def _made(asked: argparse.Namespace, words: Catalogue) -> bytes:
    ending = ending_of(asked.out)
    store = open_existing(store_url_of(asked.store))
    told = _told(store, _named(store, asked.issue), asked, words)
    if ending == ".xlsx":
        from pages.words.deck.issue_workbook import issue_workbook

        return issue_workbook(told)
    from pages.words.deck.issue_deck import issue_deck

    return issue_deck(told)


def _named(store: Store, wanted: str) -> Trace:
    """The one issue that is meant, with the weeks of its effects."""
    issues = store.issues(PROGRAM)
    found = [i for i in issues if wanted in (i.id, i.title)] or [i for i in issues if i.id.startswith(wanted)]
    if len(found) != 1:
        raise BadInput(f"deck_command.{'several' if found else 'no_issue'}", issue=wanted, count=len(found))
    (row,) = store.traces(PROGRAM, found[0].id)
    return row


def _told(store: Store, row: Trace, asked: argparse.Namespace, words: Catalogue) -> Told:
    from analysis.command import names_of  # slow to import, as are the analyses
    from analysis.issue_results import IssueResults, listed_reasons, results_of, whole_of
    from analysis.plan_sources import opener
    from pages.words.deck.told import Told, without_people

    taxonomy, origin = load_taxonomy(), row.origin
    if origin is None:
        return Told(row=row, results=IssueResults(), words=words, taxonomy=taxonomy, made=date.today())
    warehouse: Warehouse = opener(asked.source, asked.model)(row.dataset).within(origin.scope)
    model = warehouse.model
    named = words.with_names(without_people(names_of(warehouse, words), model))
    members = (value for name in model.reasons for value in warehouse.members(name))
    listed = listed_reasons(members, store.issues(PROGRAM), store.plans(PROGRAM), taxonomy)

    def ask(analysis: Callable[..., Result], **options: Any) -> Result:
        return analysis(warehouse, whole_of(origin), **options)

    return Told(row=row, results=results_of(row, ask, listed=listed), taxonomy=taxonomy, model=model,
                words=named.about(model.measure(origin.selection.metric)), made=date.today())  # fmt: skip
