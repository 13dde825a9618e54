"""Did a remedy work, beyond what happened anyway?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result, Unit
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes, dimension_names
from pages.words.options import Day, Days, Filters, Names, Number, OneCut, Option, Starts
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Paired

if TYPE_CHECKING:
    import pandas as pd


class Sides(Paired):
    """Before and after of the treated and of the control."""

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        return {
            words.text(f"column.effect_{name}"): [words.text(f"effect.{name}.{code}") for code in result.table[name]]
            for name in ("group", "period")
        }

    def count(self, result: Result) -> int:
        return 2


def _units(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    dimension = result.options.get("cluster") or result.options.get("unit")
    return [words.show(member, "name", dimension=dimension) for member in table[name]]


def _days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(day, "full_day") if day else "" for day in table[name]]


def _in_its_unit(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [
        words.show(value, "metric_change", unit=Unit(unit))
        for value, unit in zip(table[name], table["measured_in"], strict=True)
    ]


GROUP = Column("group", TEXT, write=codes("effect.group"))
INTERVAL = (Column("low", METRIC, "intermediate"), Column("high", METRIC, "intermediate"))
PRESENTATION = Presentation(
    method="effect",
    page="plans",
    answers="by how much more the segment of --where changed from --start on than --control did: effect with "
    "interval between --cluster, verdict effective, not_effective or not_enough_evidence, and what it would take",
    options=(
        Filters(name="control", flag="--control", help="members that were not treated; may be repeated"),
        Day(name="start", flag="--start", help="first day of the remedy"),
        Starts(name="starts", flag="--starts", help="members that begin on a day of their own"),
        OneCut(name="unit", flag="--unit", help="dimension whose members are treated; default: that of --control"),
        OneCut(name="cluster", flag="--cluster", help="what varies by chance, such as teams; default: --unit"),
        Days(name="baseline"),
        Days(name="noticed", flag="--noticed", help="when the problem was seen: [D,D) is no part of the baseline"),
        Day(name="check_on", flag="--check-on", help="planned day of the verdict; what is seen earlier is a look"),
        Number(name="smallest", flag="--smallest", metavar="X", above=0, help="smallest gain that matters"),
        Names(name="guardrails", flag="--guardrails", help="metrics and drivers that must not get worse"),
        Option(name="design", flag="--design", metavar="NAME", help="did, cohorts, series or arms"),
        Option(name="ratio", flag="--ratio", metavar="A:B", help="of two arms, treated to control; default: 1:1"),
    ),
    rows=Sides(),
    columns=(Column("n", "count"), Column("score", METRIC, count="n", kept=True), *INTERVAL),
    headline=("n", "score"),
    parts={
        "weeks": (
            Column("week", TEXT, write=_days),
            GROUP,
            Column("n", "count"),
            Column("score", METRIC, count="n", kept=True),
        ),
        "units": (
            Column("unit", TEXT, write=_units),
            GROUP,
            Column("start", TEXT, write=_days),
            Column("n0", "count"),
            Column("n1", "count"),
            Column("score0", METRIC, count="n0", kept=True),
            Column("score1", METRIC, count="n1", kept=True),
            Column("change", CHANGE, kept=True),
        ),
        "guardrails": (
            Column("metric", TEXT, write=dimension_names),
            *(Column(name, TEXT, write=_in_its_unit) for name in ("effect", "low", "high")),
            Column("p_adjusted", "p", "intermediate"),
            Column("verdict", TEXT, write=codes("effect.guardrail")),
        ),
        "cohorts": (
            Column("start", TEXT, write=_days),
            Column("units", "count"),
            *(Column(name, CHANGE) for name in ("effect", "low", "high")),
        ),
        "bounds": (Column("m", "number"), Column("low", CHANGE), Column("high", CHANGE)),
    },
    statistics={
        **dict.fromkeys(("effect", "low", "high", "gain", "gain_low", "gain_high", "raw_effect"), "metric_change"),
        **dict.fromkeys(("pre_slope", "pre_low", "pre_high", "detectable_trend"), "metric_change"),
        **dict.fromkeys(("treated_clusters", "needed_weeks", "needed_answers"), "count"),
        **dict.fromkeys(("wild_p", "randomisation_p", "smallest_p"), "p"),
        "smallest": "metric_size",
    },
    codes={"verdict": "effect.verdict"},
    beside=every_part,
)  # fmt: skip
