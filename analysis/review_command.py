"""A weekly review as slides or as a workbook: the same files as on its page.

    python -m analysis review --export FILE.pptx|FILE.xlsx [--meeting CODE]
           [--source SOURCE] [--model FILE.toml] [--metric NAME] [--store URL] [--lang en|zh-CN]

With --meeting the numbers are those that the meeting kept, whatever the data are now; without it the last full week
is worked out over the source, else the configured warehouse or the sample, and nothing is kept. Without --store it is
the workshop that the app opens: SATRACE_STORE, else the one in the data folder.

Exit 0 written, 2 usage or bad input, 3 the workshop or the source cannot be reached.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.deck_command import ending_of, written
from data_access.settings import store_url_of
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.workshop.following import PROGRAM
from data_access.workshop.meeting_records import Meeting
from data_access.workshop.store import Store, open_existing
from data_access.workshop.tracing import CONFIGURED
from pages.words.catalogue import LANGUAGES, Catalogue

if TYPE_CHECKING:  # slow to import
    from analysis.result import Result
    from pages.words.meeting_told import MeetingTold


def main(asked: argparse.Namespace) -> int:
    """Write the file; returns the exit code."""
    words = Catalogue.load(asked.lang)
    return written(asked.export, lambda: _made(asked, words), words)


def parser(made: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """What may be said to the command."""
    found = made(prog="python -m analysis review", description=__doc__,
                 formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    found.add_argument("--export", required=True, type=Path, metavar="FILE", help="ends in .pptx or .xlsx")
    found.add_argument(
        "--meeting", metavar="CODE", help="a meeting that was kept, by the code at the foot of a slide"
    )
    found.add_argument("--source", help="SQLAlchemy URL or path of a file; default: the sample")
    found.add_argument("--model", type=Path, metavar="FILE.toml", help="semantic model of the source")
    found.add_argument("--metric", help="default: the first metric of the model")
    found.add_argument("--store", help="SQLite file or PostgreSQL URL of the workshop; default: that of the app")
    found.add_argument("--lang", choices=LANGUAGES, default="en")
    return found


def _made(asked: argparse.Namespace, words: Catalogue) -> bytes:
    ending = ending_of(asked.export)
    if asked.meeting and (asked.source or asked.model or asked.metric):
        raise BadInput("review_command.kept_alone")
    told = _told(asked, words)
    if ending == ".xlsx":
        from pages.words.deck.meeting_workbook import meeting_workbook

        return meeting_workbook(told)
    from pages.words.deck.meeting_deck import meeting_deck

    return meeting_deck(told)


def _told(asked: argparse.Namespace, words: Catalogue) -> MeetingTold:
    from pages.words.meeting_told import told_of  # slow to import, as are the analyses

    store = open_existing(store_url_of(asked.store))
    if asked.meeting:
        return told_of(store, PROGRAM, asked.meeting, words, load_taxonomy())
    return _this_week(store, asked, words)


def _this_week(store: Store, asked: argparse.Namespace, words: Catalogue) -> MeetingTold:
    """The last full week, worked out now."""
    from analysis.command import names_of
    from analysis.plan_sources import opener
    from analysis.review import Data, meeting_slides, of_week
    from data_access.selection import Selection
    from pages.words.meeting_told import MeetingTold

    opened = opener(asked.source, asked.model)
    warehouse = opened(CONFIGURED)
    metric = asked.metric or next(iter(warehouse.model.metrics))
    selection = of_week(warehouse, Selection(warehouse.model.metric(metric).name))

    def ask(analysis: Callable[..., Result], chosen: Selection, **options: Any) -> Result:
        return analysis(warehouse, chosen, **options)

    def data_of(dataset: str) -> Data:
        found = opened(dataset)
        return Data(found.model, found.companion("labels"))

    today = date.today()
    slides = meeting_slides(ask, selection, store, PROGRAM, data_of=data_of, today=today)
    named = words.with_names(names_of(warehouse, words))
    title = named.text("review.title", day=today, metric=named.show({"dimension": metric}, "name"))
    meeting = Meeting(title=title, dataset=CONFIGURED, data_version=warehouse.version(), selection=selection,
                      held_on=today)  # fmt: skip
    return MeetingTold(meeting=meeting, slides=slides, words=words, taxonomy=load_taxonomy(), made=today,
                       issues={issue.id: issue.title for issue in store.issues(PROGRAM)})  # fmt: skip
