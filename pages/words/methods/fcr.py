"""How many first contacts needed no further one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from data_access.repeats import ISSUES
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, Write, codes
from pages.words.options import BY, Hours, Option
from pages.words.presentation import Presentation, every_part

if TYPE_CHECKING:
    import pandas as pd


def days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Days as dates."""
    return [words.show(day, "date") for day in table[name]]


def hours(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Windows as so many hours."""
    return [words.text("fcr.window", hours=f"{value:g}") for value in table[name]]


def segments(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Segments by their members."""
    by = tuple(result.options.get("by", ()))
    if not by:
        return [words.text("fcr.all")] * len(table)
    return [words.show(dict(zip(by, segment, strict=True)), "name") for segment in table[name]]


def named(kind: str) -> Write:
    """Codes of the taxonomy in words."""

    def write(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
        return [words.show({kind: code}, "name") for code in table[name]]

    return write


INTERVAL = (Column("low", "rate", "intermediate"), Column("high", "rate", "intermediate"))
AGAINST = (
    Column("rank", "count"),
    Column("verdict", TEXT, write=codes("fcr.verdict")),
)
BESIDE = (
    Column("rest", "rate", "intermediate"),
    Column("difference", "pp_change", "intermediate"),
    Column("p_adjusted", "p", "advanced"),
)
PRESENTATION = Presentation(
    method="fcr",
    page="service",
    group="service",
    answers="first contacts without a further one within --windows hours (2, 24, 48), of any --issue or the same: "
    "over one matured cohort, with the cut-off, classes, days, survey beside repeats, ranks of --by by window",
    options=(
        BY,
        Hours(name="windows", link="hours", flag="--windows", help="hours within which nobody comes back"),
        Option(name="issue", link="issue", flag="--issue", usual=ISSUES[0], help="which further contact counts: any, "
               "or same for one about the same question"),
    ),
    columns=(
        Column("n", "count"),
        Column("share", "share"),
        Column("value", "rate", count="n", kept=True),
        *INTERVAL,
        *AGAINST,
        Column("holds", TEXT, write=codes("fcr.holds")),
        *BESIDE,
        Column("contacts", "count", "intermediate"),
    ),
    headline=("n", "value", "low", "high"),
    parts={
        "windows": (
            Column("hours", TEXT, write=hours),
            Column("value", "rate", kept=True),
            Column("low", "rate"),
            Column("high", "rate"),
            Column("kept", "count"),
            Column("n", "count"),
        ),
        "classes": (
            Column("class", TEXT, write=codes("fcr.class")),
            Column("n", "count"),
            Column("share", "share"),
        ),
        "survey": (
            Column("said", TEXT, write=codes("fcr.said")),
            Column("kept", "count", kept=True),
            Column("kept_share", "share", kept=True),
            Column("back", "count", kept=True),
            Column("back_share", "share", kept=True),
            Column("n", "count"),
            Column("n_share", "share"),
            Column("kept_means", TEXT, write=codes("fcr.meaning")),
            Column("back_means", TEXT, write=codes("fcr.meaning")),
        ),
        "levers": (
            Column("segment", TEXT, write=segments),
            Column("value", "rate", kept=True),
            Column("reason", TEXT, write=named("reason")),
            Column("power", TEXT, write=named("power")),
            Column("owner", TEXT, write=named("owner")),
            Column("remedy", TEXT, write=named("remedy")),
            Column("n", "count", "intermediate"),
        ),
        "trend": (
            Column("start", TEXT, write=days),
            Column("hours", TEXT, write=hours),
            Column("n", "count", kept=True),
            Column("value", "rate", kept=True),
            *INTERVAL,
            Column("state", TEXT, write=codes("fcr.state")),
        ),
    },
    statistics={
        **dict.fromkeys(("value", "shortest", "survey", "survey_kept", "baseline"), "rate"),
        **dict.fromkeys(("low", "high"), "rate"),
        **dict.fromkeys(("change", "change_low", "change_high"), "pp_change"),
        **dict.fromkeys(("key_coverage", "agree"), "share"),
        **dict.fromkeys(
            ("late", "no_key", "no_question", "unproven", "immature", "repeat", "not_applicable", "asked", "yes_back",
             "no_kept"), "count"),
        **dict.fromkeys(("hours", "shortest_hours"), "number"),
        **dict.fromkeys(("judged_from", "judged_until", "extracted"), ""),
    },
    beside=every_part,
)  # fmt: skip
