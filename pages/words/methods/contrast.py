"""Is this group, period or benchmark really different?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.methods import QUESTIONS
from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes, dimension_names, months, passed, yes
from pages.words.options import BY, Members, Names, Number, Option
from pages.words.presentation import Presentation
from pages.words.rows import Rows, sides

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("rest", "baseline", "target", "benchmark")


class Groups(Rows):
    """Segments, or without a dimension the two sides of the comparison."""

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        if self.dimensions(result):
            return super().columns(result, words)
        return {self.title(result, words): self.names(result, words)}

    def count(self, result: Result) -> int:
        return super().count(result) or 1

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return super().names(result, words) if self.dimensions(result) else sides(result, words)


def side_name(segment: Sequence[str | None], result: Result, words: Catalogue) -> str:
    """One side of a comparison: a group by its name, the other side by what it is."""
    if len(segment) == 1 and segment[0] in SIDES and not _is_group(segment, result):
        return _other_side(str(segment[0]), result, words)
    if not segment:
        return words.text("side.all")
    return words.show(dict(zip(result.options["by"], segment, strict=True)), "name")


def _other_side(code: str, result: Result, words: Catalogue) -> str:
    """What all groups are compared with; an outside source by its name."""
    if code == "benchmark":
        return source_name(str(result.options["against"]), words)
    return words.text(f"side.{code}")


def source_name(code: str, words: Catalogue) -> str:
    """What an outside source is called: the group and a lettered competitor have words, others stand as they are."""
    key = f"contrast_page.source.{code}"
    return words.text(key) if words.has(key) else words.show(code, "name", dimension="source")


def _is_group(segment: Sequence[str | None], result: Result) -> bool:
    """A group may be called "rest" as well: then it is in the table."""
    return tuple(segment) in set(result.table["segment"])


def _sides(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [side_name(segment, result, words) for segment in table[name]]


def _checks(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    rows = zip(table[name], table["values"], strict=True)
    return [words.text(f"contrast.check.{check}", **values) for check, values in rows]


def comparisons(result: Result) -> dict[str, Any]:
    """The comparisons and the other further tables: a group as {dimension: member}, the other side by its code."""
    known, by = set(result.table["segment"]), result.options["by"]

    def side(value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return dict(zip(by, value, strict=True)) if value in known else value[0]

    parts = {name: part.map(side).to_dict("records") for name, part in result.parts.items()}
    return {"pairs": parts.pop("pairs"), "parts": parts}


RANKS = (
    Column("segment", TEXT, write=_sides, kept=True),
    Column("share", "share"),
    Column("score", METRIC, count="n"),
    Column("previous_score", METRIC),
    Column("year_score", METRIC),
    Column("rank", "count"),
    Column("previous_rank", "count"),
    Column("year_rank", "count"),
    Column("previous_share", "share"),
    Column("year_share", "share"),
)
PAIRS = (
    Column("a", TEXT, write=_sides, kept=True),
    Column("b", TEXT, write=_sides, kept=True),
    Column("difference", CHANGE),
    Column("low", CHANGE),
    Column("high", CHANGE),
    Column("p_adjusted", "p"),
    Column("verdict", TEXT, write=codes("chart.verdict")),
    Column("mix", TEXT, write=dimension_names),
    Column("alike_difference", CHANGE),
    Column("n_a", "count"),
    Column("n_b", "count"),
    Column("rest_difference", CHANGE),
    Column("rest_p", "p"),
    Column("effect", "factor"),
    Column("size", TEXT, write=codes("contrast_page.size")),
    Column("effect_low", "factor", "advanced"),
    Column("effect_high", "factor", "advanced"),
    Column("p", "p", "advanced"),
    Column("low_raw", CHANGE, "advanced"),
    Column("high_raw", CHANGE, "advanced"),
    Column("low90", CHANGE, "advanced"),
    Column("high90", CHANGE, "advanced"),
)
LEAGUE = (
    Column("segment", TEXT, write=_sides, kept=True),
    Column("n", "count"),
    Column("score", METRIC, count="n"),
    Column("shrunken", METRIC),
    Column("shrunken_low", METRIC),
    Column("shrunken_high", METRIC),
    Column("rank", "count"),
    Column("rank_best", "count"),
    Column("rank_worst", "count"),
    Column("limit95_low", METRIC, "advanced"),
    Column("limit95_high", METRIC, "advanced"),
    Column("limit998_low", METRIC, "advanced"),
    Column("limit998_high", METRIC, "advanced"),
)
MONTHS = (
    Column("month", TEXT, write=months),
    Column("n", "count"),
    Column("score", METRIC, count="n"),
    Column("benchmark", METRIC),
    Column("benchmark_n", "count"),
    Column("low", METRIC),
    Column("high", METRIC),
    Column("gap", CHANGE),
    Column("gap_low", CHANGE),
    Column("gap_high", CHANGE),
    Column("p", "p"),
    Column("missing", TEXT, write=codes("contrast_page.missing")),
)
FAIR = (
    Column("segment", TEXT, write=_sides, kept=True),
    Column("n", "count"),
    Column("crude", METRIC, count="n"),
    Column("crude_low", METRIC, "advanced"),
    Column("crude_high", METRIC, "advanced"),
    Column("adjusted", METRIC),
    Column("adjusted_low", METRIC),
    Column("adjusted_high", METRIC),
    Column("covered", "share"),
    Column("turned", TEXT, write=yes, usual=False),
)
ALTERNATIVES = (
    Column("method", TEXT, write=codes("contrast_page.method")),
    Column("used", TEXT, write=yes),
    Column("statistic", "factor"),
    Column("df", "number"),
    Column("p", "p"),
    Column("fit", TEXT, write=yes),
    Column("why", TEXT, write=codes("contrast.unfit")),
)
CHECKS = (Column("check", TEXT, write=_checks, kept=True), Column("passed", TEXT, write=passed))
PRESENTATION = Presentation(
    method="contrast",
    answers="is it really different: groups of --by, one --segment with the rest (--question rest), a baseline and a "
    "period, or either --against a benchmark, `target` or a number; --threshold is the least that matters, "
    "--alike DIM[,DIM] holds the mix alike, --effort MEASURE weighs it, --test chooses another test",
    group="contrast",
    options=(
        replace(BY, whole="all"),
        Option(name="question", link="ask", flag="--question", help=", ".join(QUESTIONS)),
        Option(
            name="against",
            link="against",
            flag="--against",
            metavar="SOURCE",
            help="a benchmark, `target` or a number",
        ),
        Members(name="segment", link="segment", flag="--segment", help="the group contrasted with the rest"),
        Number(
            name="threshold", link="matters", flag="--threshold", above=0, help="smallest difference that matters"
        ),
        Option(name="method", link="method", flag="--test", help="a test other than the advised one"),
        Names(
            name="alike",
            link="alike",
            flag="--alike",
            metavar="DIM[,DIM]",
            help="dimensions whose mix is held alike",
        ),
        Option(
            name="complexity",
            link="complexity",
            flag="--effort",
            metavar="MEASURE",
            help="weigh the mix by this measure",
            of_model=True,
        ),
        Option(name="deep", always=True),
    ),
    measure="measure",
    rows=Groups(),
    columns=(
        Column("n", "count"),
        Column("share", "share"),
        Column("score", METRIC, count="n", kept=True),
        Column("low", METRIC),
        Column("high", METRIC),
        Column("reference", METRIC),
        Column("n0", "count"),
        Column("baseline_score", METRIC, count="n0"),
        Column("baseline_low", METRIC, "intermediate"),
        Column("baseline_high", METRIC, "intermediate"),
        Column("baseline_share", "share", "intermediate"),
        Column("response_rate", "rate"),
        Column("baseline_response_rate", "rate"),
        Column("recorded_rate", "rate"),
        Column("baseline_recorded_rate", "rate"),
        Column("rank", "count", "intermediate"),
        Column("rank_best", "count", "intermediate"),
        Column("rank_worst", "count", "intermediate"),
    ),
    headline=("n", "score", "low", "high", "baseline_score", "reference"),
    parts={
        "ranks": RANKS,
        "pairs": PAIRS,
        "league": LEAGUE,
        "months": MONTHS,
        "fair": FAIR,
        "alternatives": ALTERNATIVES,
        "checks": CHECKS,
    },
    statistics={
        **dict.fromkeys(("difference", "low", "high", "bound_low", "bound_high"), "metric_change"),
        **dict.fromkeys(("threshold", "detectable"), "metric_size"),
        **dict.fromkeys(("response_rate", "other_response_rate", "baseline_response_rate"), "rate"),
        **dict.fromkeys(("recorded_rate", "other_recorded_rate"), "rate"),
        **dict.fromkeys(("groups", "compared", "effective_n", "needed_n"), "count"),
        **dict.fromkeys(("p_adjusted", "overall_p"), "p"),
    },
    codes={
        "verdict": "contrast_page.verdict",
        "test": "contrast_page.method",
        "advised": "contrast_page.method",
    },
    beside=comparisons,
)
