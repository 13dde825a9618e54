"""What goes with the metric, and how strongly?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, TEXT, Column, codes, dimension_names
from pages.words.format import is_missing
from pages.words.options import Names, Option
from pages.words.pair_words import COLUMNS
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd

INDENT = "\u2003" * 2


class Drivers(Named):
    """The drivers and dimensions of the model."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return dimension_names("driver", result.table, result, words)


def amount(value: float, unit: str, words: Catalogue) -> str:
    """A round number as it is spoken, with its unit.

    >>> from pages.words.catalogue import Catalogue
    >>> [amount(value, unit, Catalogue.load("en")) for value, unit in ((50.0, "s"), (0.5, ""), (5e6, ""))]
    ['50\xa0s', '0.5', '5 million']
    """
    return words.show(value, "amount") + words.show(unit, "measure")


def _steps(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """How much more of each driver its effect speaks of; yes in place of no where there is nothing else."""
    rows = zip(table["step"], table["unit"], table["yes_no"], strict=True)
    return [_step(step, unit, words, yes_no=yes_no) for step, unit, yes_no in rows]


def _step(step: float, unit: str, words: Catalogue, *, yes_no: bool) -> str:
    if is_missing(step):
        return words.text("format.none")
    return words.text("drivers_page.yes_for_no") if yes_no else amount(step, unit, words)


quadrants = codes("drivers_page.quadrant")  # the place of each driver on the map


def _odds_names(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    kinds = {row.driver: row for row in result.table.itertuples()}
    return [_odds_name(row, kinds.get(row.driver), words) for row in table.itertuples()]


def _odds_name(row: Any, kind: Any, words: Catalogue) -> str:
    if not is_missing(row.member):
        member, other = ({row.driver: value} for value in (row.member, row.reference))
        return words.text("drivers_page.against", name={"dimension": row.driver}, member=member, reference=other)
    name = words.show({"dimension": row.driver}, "name")
    return words.text("drivers_page.with_step", name=name, step=_step(row.step, kind.unit, words, yes_no=kind.yes_no))


def _branches(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    kinds = {row.driver: row for row in result.table.itertuples()}
    return [_branch(row, kinds.get(row.driver), words) for row in table.itertuples()]


def _branch(row: Any, kind: Any, words: Catalogue) -> str:
    """A node by the split that leads to it, moved in by how deep it is."""
    if not row.driver:
        return words.text("drivers_page.rule.all")
    name = words.show({"dimension": row.driver}, "name")
    if row.operator in ("among", "not_among"):
        members = [{row.driver: member} for member in row.members]
        split = words.text(f"drivers_page.rule.{row.operator}", name=name, members=members)
    elif kind.yes_no:
        split = words.text(f"drivers_page.rule.{'no' if row.operator == 'at_most' else 'yes'}", name=name)
    else:
        split = words.text(f"drivers_page.rule.{row.operator}", name=name, value=amount(row.value, kind.unit, words))
    return f"{INDENT * (row.depth - 1)}└ {split}"


ODDS = (
    Column("driver", TEXT, write=_odds_names, kept=True),
    Column("odds_ratio", "factor"),
    Column("low", "factor"),
    Column("high", "factor"),
    Column("p", "p"),
    Column("p_parallel", "p"),
)
TREE = (
    Column("operator", TEXT, write=_branches, kept=True),
    Column("n", "count"),
    Column("mean", METRIC),
    Column("low", METRIC),
    Column("high", METRIC),
)
LEFT_OUT = (
    Column("driver", TEXT, write=dimension_names),
    Column("why", TEXT, write=codes("drivers_page.why")),
    Column("known", "share"),
)
PRESENTATION = Presentation(
    method="drivers",
    answers="what goes with the metric and how strongly, together: --columns DRIVER[,DIM], beside "
    "--hold DRIVER[,DIM]",
    group="relations",
    options=(
        COLUMNS,
        Names(name="hold", link="hold", flag="--hold", help="what is held fixed"),
        Option(
            name="lines",
            link="lines",
            flag="--lines",
            usual="mean",
            help="drivers: lines of the map, mean or target",
        ),
        Option(name="deep", always=True),
    ),
    rows=Drivers("column.driver"),
    columns=(
        Column("share", "share", bar=True),
        Column("step", "factor", write=_steps),
        Column("per_step", "factor_change"),
        Column("per_step_low", "factor_change", "intermediate"),
        Column("per_step_high", "factor_change", "intermediate"),
        Column("p", "p", "advanced"),
        Column("p_adjusted", "p"),
        Column("quadrant", TEXT, "intermediate", write=quadrants),
        Column("importance", "share", "intermediate"),
        Column("low", "share", "intermediate"),
        Column("high", "share", "intermediate"),
        Column("performance", "number", "intermediate"),
        Column("performance_low", "number", "advanced"),
        Column("performance_high", "number", "advanced"),
        Column("standardised", "exact_change", "advanced"),
        Column("vif", "factor", "advanced"),
        Column("mean", "factor", "advanced"),
        Column("n_known", "share", "advanced"),
    ),
    headline=("share", "per_step", "p_adjusted"),
    parts={"ordinal": ODDS, "tree": TREE, "left_out": LEFT_OUT},
    statistics={
        **dict.fromkeys(("r2", "held_r2", "known_least", "line_importance", "tree_r2"), "share"),
        **dict.fromkeys(("drivers", "targets", "marks", "patterns", "most_patterns"), "count"),
        **{"parallel_p": "p", "line_performance": "number"},
    },
    codes={"method": "drivers_page.method", "lines": "drivers_page.lines", "ordinal": "drivers_page.odds"},
    beside=every_part,
)
