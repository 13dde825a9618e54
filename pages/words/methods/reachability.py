"""Before a plan starts: what effect could be shown, and by when?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes, yes
from pages.words.options import Day, Members, Number, OneCut
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Weeks(Named):
    """So many weeks after the start."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.text("reachability.week", weeks=weeks) for weeks in result.table["weeks"]]


def _units(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(member, "name", dimension=result.options["unit"]) for member in table[name]]


def _days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(day, "full_day") for day in table[name]]


UNIT = Column("unit", TEXT, write=_units)
STOOD = (
    Column("level", METRIC, kept=True),
    Column("trend", CHANGE, kept=True),
    Column("n", "count"),
)
SHOWN = Column("detectable", "metric_size", kept=True)
PRESENTATION = Presentation(
    method="reachability",
    page="plans",
    answers="before a plan starts: what effect could be shown, and by when, where the members --treated of --unit "
    "are treated from --start on; parts: by how many are treated, controls proposed by level and trend, an order to "
    "begin in, and what else would do",
    options=(
        OneCut(name="unit", flag="--unit", help="the dimension whose members are treated"),
        Members(name="treated", flag="--treated", usual=(), help="reachability: the members of --unit treated"),
        Members(name="control", flag="--untreated", usual=(), help="reachability: those that are not; all others"),
        Day(name="start", flag="--start", help="first day of the plan"),
        Day(name="check_on", flag="--check-on", help="planned day of the verdict"),
        Number(name="smallest", flag="--smallest", metavar="X", above=0, help="smallest effect that matters"),
        Number(name="lift", flag="--lift", metavar="X", above=0, help="reachability: the promised lift of the whole"),
    ),
    rows=Weeks("reachability.after"),
    columns=(
        Column("date", TEXT, write=_days),
        Column("n", "count"),
        SHOWN,
        Column("error", "exact", "intermediate"),
    ),
    headline=("n", "detectable"),
    parts={
        "treated_counts": (
            Column("treated", "count", kept=True),
            Column("of", "count", kept=True),
            SHOWN,
            Column("smallest_p", "p", "intermediate"),
        ),
        "controls": (
            UNIT,
            Column("proposed", TEXT, write=yes, kept=True),
            *STOOD,
            Column("distance", "factor", kept=True),
            Column("level_distance", "factor", "intermediate"),
            Column("trend_distance", "factor", "intermediate"),
        ),
        "rollout": (
            UNIT,
            Column("wave", "count", kept=True),
            Column("start", TEXT, write=_days),
            Column("block", "count", "intermediate"),
            *STOOD,
        ),
        "waves": (
            Column("wave", "count", kept=True),
            Column("start", TEXT, write=_days),
            Column("until", TEXT, write=_days),
            Column("units", "count", kept=True),
            Column("control", "count", kept=True),
            Column("weeks", "count", "intermediate"),
            SHOWN,
        ),
        "ways": (
            Column("way", TEXT, write=codes("reachability.way")),
            Column("count", "count", kept=True),
            Column("weeks", "count", kept=True),
            Column("date", TEXT, write=_days),
            SHOWN,
        ),
    },
    statistics={
        **dict.fromkeys(("detectable", "wanted", "smallest", "lift", "sd", "shock_sd"), "metric_size"),
        **dict.fromkeys(("weeks", "check_weeks", "before_weeks", "n_week", "treated_clusters"), "count"),
        **dict.fromkeys(("by", "check_on"), "date"),
        "share": "share", "lasting": "factor", "smallest_p": "p",
    },
    codes={"verdict": "reachability.verdict", "instead": "reachability.way"},
    beside=every_part,
)  # fmt: skip
