"""Who serves: how new, how trained, how busy, and what is in their power?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words import pair_words
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, LOST, METRIC, TEXT, Column, codes, months
from pages.words.options import BY, Option
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import SHARED, called, segments

if TYPE_CHECKING:
    import pandas as pd

STAFF = (
    Column("agents", "count"),
    Column("training_hours", "number"),
    Column("coaching_hours", "number"),
    Column("occupancy", "share"),
    Column("left_rate", "share"),
    Column("left", "count", "intermediate"),
    Column("left_of", "count", "intermediate"),
    Column("left_low", "share", "intermediate"),
    Column("left_high", "share", "intermediate"),
)
SLOPES = ("between", "within", "alike")


def _kinds(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Members of the dimension that each row names."""
    pairs = zip(table["dimension"], table[name], strict=True)
    return [words.show(value[0], "name", dimension=dimension) for dimension, value in pairs]


def _reasons(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Members of the reason that each row names."""
    pairs = zip(table["dimension"], table[name], strict=True)
    return [words.show(value, "name", dimension=dimension) for dimension, value in pairs]


def _days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """From so many to so many days."""
    return [pair_words.span(low, high, words) for low, high in zip(table["low"], table["high"], strict=True)]


PRESENTATION = Presentation(
    method="people",
    page="service",
    answers="of the agents: share of new hires, training, load and leaving by team (--by); parts: tenure curve, "
    "months, training and load between and within teams, complexity weights (--kinds, --reference), the loss within "
    "a team's own power",
    group="service",
    options=(
        BY,
        Option(
            name="kinds",
            flag="--kinds",
            metavar="DIM",
            help="people: the kinds of contact that are weighted",
            of_model=True,
        ),
        Option(
            name="reference",
            flag="--reference",
            metavar="MEMBER",
            usual=None,
            help="people: the kind of weight 1; the commonest",
        ),
    ),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        Column("new_hire_share", "share", count="n", kept=True),
        Column("new_hire_share_low", "share"),
        Column("new_hire_share_high", "share"),
        Column("new_hires", "count", "intermediate"),
        *STAFF,
    ),
    headline=("n", "new_hire_share", "training_hours", "occupancy"),
    parts={
        "own_power": (
            Column("segment", TEXT, write=segments),
            Column("n", "count"),
            Column("lost", LOST, "intermediate"),
            Column("own", LOST, kept=True),
            Column("own_low", LOST),
            Column("own_high", LOST),
            Column("others", LOST),
            Column("customer", LOST),
            Column("unstated", LOST),
            Column("expected", LOST, kept=True),
            Column("difference", CHANGE, kept=True),
            Column("difference_low", CHANGE, "intermediate"),
            Column("difference_high", CHANGE, "intermediate"),
            Column("verdict", TEXT, write=codes("people.verdict")),
            Column("own_share", "share", "intermediate"),
            Column("p_adjusted", "p", "intermediate"),
        ),
        "powers": (
            Column("power", TEXT, write=called("power")),
            Column("points", LOST, kept=True),
            Column("share", "share", kept=True),
        ),
        "shared": (
            Column("error", TEXT, write=_reasons),
            *SHARED,
            Column("verdict", TEXT, write=codes("people.shared")),
            Column("p_adjusted", "p", "intermediate"),
            Column("top_p", "p", "intermediate"),
        ),
        "tenure": (
            Column("days", TEXT, write=_days),
            Column("n", "count"),
            Column("score", METRIC, count="n", kept=True),
            Column("score_low", METRIC),
            Column("score_high", METRIC),
        ),
        "relations": (
            Column("measure", TEXT, write=codes("people.per")),
            *(
                Column(f"{name}{end}", "slope", "basic" if not end else "intermediate", kept=not end)
                for name in SLOPES
                for end in ("", "_low", "_high")
            ),
            Column("verdict", TEXT, write=codes("people.relation")),
            Column("p_between", "p", "intermediate"),
            Column("p_within", "p", "intermediate"),
            Column("p_apart", "p", "intermediate"),
            Column("teams", "count", "intermediate"),
            Column("team_months", "count", "intermediate"),
            Column("n", "count", "intermediate"),
        ),
        "months": (
            Column("month", TEXT, write=months),
            Column("segment", TEXT, write=segments),
            Column("handled", "count"),
            Column("new_hire_share", "share", count="n", kept=True),
            *STAFF,
        ),
        "loads": (
            Column("segment", TEXT, write=segments),
            Column("handled", "count"),
            Column("agents", "count"),
            Column("contacts", "number", kept=True),
            Column("load", "number", kept=True),
            Column("load_low", "number"),
            Column("load_high", "number"),
            Column("difficulty", "factor"),
            Column("rank", "count"),
            Column("rank_weighted", "count"),
        ),
        "complexity": (
            Column("value", TEXT, write=_kinds),
            Column("handled", "count"),
            Column("seconds", "number", kept=True),
            Column("weight", "factor", kept=True),
            Column("weight_low", "factor"),
            Column("weight_high", "factor"),
        ),
    },
    statistics={
        **dict.fromkeys(("new_hires", "new_days", "teams_more", "teams_less", "teams_alike"), "count"),
        **dict.fromkeys(("new_hire_share", "own_share"), "share"),
        **dict.fromkeys(("lost", "own"), "metric_size"),
        **dict.fromkeys(("tenure_before", "tenure_after"), "slope"),
        **dict.fromkeys(
            ("tenure_knee_at", "tenure_knee_low", "tenure_knee_high", "tenure_log_from", "reference_seconds"), "raw"
        ),
        **dict.fromkeys(("hardest", "design"), "factor"),
        "tenure_trend_p": "p",
    },
    beside=every_part,
)
