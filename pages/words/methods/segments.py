"""Which few segments explain a change?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.result import Result
from data_access.selection import Filter
from data_access.workshop.records import Pin
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes
from pages.words.options import BY, Whole
from pages.words.presentation import Presentation
from pages.words.rows import Named, conjunctions


class Conjunctions(Named):
    """Each row is a conjunction of its own; the last may be what no segment holds."""

    def name(self, result: Result, segment: Any, words: Catalogue) -> str:
        return words.show(dict(segment), "name") if segment else words.text("causes.rest")

    def members(self, result: Result, segment: Any) -> Mapping[str, str | None]:
        return dict(segment)

    def possible(self, result: Result) -> tuple[str, ...]:
        return tuple(result.options["by"])

    def record(self, result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
        found = super().record(result, row)
        return {**found, "alternative": dict(row["alternative"] or ()) or None}


def first_segment(pin: Pin) -> tuple[Filter, ...]:
    """The conditions of the strongest segment whose score moved."""
    first = next((row["segment"] for row in pin.rows if row["kind"] == "rate"), ())
    return tuple(Filter(dimension, (member,)) for dimension, member in first)


def parts(result: Result) -> dict[str, Any]:
    """The further tables, their segments by name."""
    return {"parts": {name: conjunctions(part.to_dict("records")) for name, part in result.parts.items()}}


PRESENTATION = Presentation(
    method="segments",
    page="change",
    answers="the few conjunctions of up to --depth dimensions (of --by, else of all) that explain the change",
    group="segments",
    options=(BY, Whole(name="depth", flag="--depth", usual=3, above=0, most=5, help="most conditions of a segment")),
    rows=Conjunctions("segments.title"),
    columns=(
        Column("kind", TEXT, write=codes("causes.kind")),
        Column("score0", METRIC, count="n0"),
        Column("score1", METRIC, count="n1"),
        Column("change", CHANGE),
        Column("low", CHANGE, "intermediate"),
        Column("high", CHANGE, "intermediate"),
        Column("total_effect", "exact_change", kept=True),
        Column("p_adjusted", "p"),
        Column("n0", "count"),
        Column("n1", "count"),
        Column("rate_effect", "exact_change", "intermediate", kept=True),
        Column("mix_effect", "exact_change", "intermediate", kept=True),
        Column("share0", "share", "intermediate"),
        Column("share1", "share", "intermediate"),
        Column("split_change", CHANGE, "intermediate"),
    ),
    headline=("change", "low", "high", "total_effect"),
    statistics={"explained": "metric_change", "cells": "count", "depth": "count"},
    start=first_segment,
    beside=parts,
)
