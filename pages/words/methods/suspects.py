"""Which event may a change have begun with?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.event_kinds import kind_of
from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, TEXT, Column, codes
from pages.words.options import PATH
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Events(Named):
    """Events by their id and title."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        titles = result.table["label_zh" if words.language.startswith("zh") else "label_en"]
        pairs = zip(result.table["id"], titles, strict=True)
        return [" ".join(words.formatter.escape(str(part)) for part in pair if part) for pair in pairs]


def kinds(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """The kind of each event in words; one that the house does not know as it stands."""
    known = [kind_of(kind) for kind in table[name]]
    return [
        words.formatter.escape(str(kind)) if key.endswith("other") and kind else words.text(key)
        for kind, key in zip(table[name], known, strict=True)
    ]


def owners(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Who an event belongs to, by name."""
    return [words.show({"owner": owner}, "name") if owner else "" for owner in table[name]]


def days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Days as dates."""
    return [words.show(day, "date") for day in table[name]]


PRESENTATION = Presentation(
    method="suspects",
    page="overview",
    answers="the events of the calendar held against a segment's change (--where, else the leading one), beside sham "
    "dates",
    options=(PATH,),
    rows=Events("suspects.title"),
    columns=(
        Column("date", TEXT, write=days),
        Column("kind", TEXT, write=kinds),
        Column("grade", TEXT, write=codes("leading_cause.grade")),
        Column("change", CHANGE),
        Column("low", CHANGE, "intermediate"),
        Column("high", CHANGE, "intermediate"),
        Column("better", "count", kept=True),
        Column("shams", "count", kept=True),
        Column("owner", TEXT, write=owners),
        Column("share", "share"),
        Column("note", TEXT, write=codes("suspects.note")),
        Column("overlap", "share", "intermediate"),
        Column("explained", CHANGE, "intermediate"),
        Column("n0", "count", "intermediate"),
        Column("n1", "count", "intermediate"),
        Column("p_shams", "p", "advanced"),
        Column("p_adjusted", "p", "advanced"),
    ),
    headline=("change", "better", "shams"),
    statistics={
        **dict.fromkeys(("events", "tested", "believed"), "count"),
        **dict.fromkeys(("broke", "broke_low", "broke_high"), "date"),
    },
)
