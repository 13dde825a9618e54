"""What changed, since when, why so far, and who can act?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.result import Result
from data_access.selection import Filter
from data_access.workshop.records import Pin
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, TEXT, Column, codes
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Words(Named):
    """A row for each word of the sentence."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [named(word, result, words) for word in result.table["word"]]


def named(word: str, result: Result, words: Catalogue) -> str:
    """A word of the sentence with what its numbers span, as those of one segment are several."""
    name, s = words.text(f"leading_cause.word.{word}"), result.statistics
    if word == "what" and result.selection.baseline:
        now, before = words.periods(result.selection.period, result.selection.baseline)
        span = words.text("leading_cause.span.what", now=now, before=before)
    elif word == "since" and s.get("event"):
        span = words.text("leading_cause.span.since", day=date.fromisoformat(s["since"]))
    elif word == "why":
        span = words.text("leading_cause.span.why")
    else:
        return name
    return words.text("leading_cause.spanned", word=name, span=span)


def answers(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Each answer by its name; what is not known is left blank."""
    return [words.show(dict(answer), "name") if answer else "" for answer in table[name]]


def steps(pin: Pin) -> tuple[Filter, ...]:
    """The segment as the steps of a path."""
    return tuple(Filter(name, (member,)) for name, member in dict(pin.statistics.get("segment") or {}).items())


PRESENTATION = Presentation(
    method="leading_cause",
    page="overview",
    answers="the segment that explains the change most, since when, its reason and who can act, with grades",
    rows=Words("leading_cause.title"),
    columns=(
        Column("answer", TEXT, write=answers),
        Column("grade", TEXT, write=codes("leading_cause.grade")),
        Column("change", CHANGE),
        Column("low", CHANGE, "intermediate"),
        Column("high", CHANGE, "intermediate"),
        Column("share", "share"),
        Column("n", "count", "intermediate"),
        Column("p", "p", "advanced"),
    ),
    headline=("change", "share"),
    statistics={
        **dict.fromkeys(("score0", "score1", "whole_score"), "metric"),
        **dict.fromkeys(("effect", "step", "whole_change", "surge_effect"), "metric_change"),
        **dict.fromkeys(("n0", "n1", "candidates"), "count"),
        **{"enough": "metric_size", "reason_share": "share", "p_adjusted": "p"},
    },
    start=steps,
)
