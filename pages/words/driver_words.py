"""What do tables of drivers say beside numbers? Steps with units, places on the map, rules of a tree. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.format import NBSP, decimals, is_missing

INDENT = "\u2003" * 2


def amount(value: float, unit: str = "") -> str:
    """A round number as it is spoken, with its unit: "50 s", "0.5".

    >>> amount(50.0, "s"), amount(0.5), amount(2_000.0)
    ('50\\xa0s', '0.5', '2,000')
    """
    text = decimals(value, 0) if float(value).is_integer() else f"{value:g}"
    return f"{text}{NBSP}{unit}" if unit else text


def steps(table: pd.DataFrame, words: Catalogue) -> list[str]:
    """How much more of each driver its effect speaks of; yes in place of no where there is nothing else."""
    rows = zip(table["step"], table["unit"], table["yes_no"], strict=True)
    return [_step(step, unit, words, yes_no=yes_no) for step, unit, yes_no in rows]


def _step(step: float, unit: str, words: Catalogue, *, yes_no: bool) -> str:
    if is_missing(step):
        return words.text("format.none")
    return words.text("drivers_page.yes_for_no") if yes_no else amount(step, unit)


def quadrants(table: pd.DataFrame, words: Catalogue) -> list[str]:
    """The place of each driver on the map."""
    return [words.text(f"drivers_page.quadrant.{code}") if code else "" for code in table["quadrant"]]


def alike(values: Sequence[float], words: Catalogue) -> list[str]:
    """Numbers of one quantity on a scale of its own, all with as many decimals as the largest needs.

    >>> alike([0.0, 1.0], Catalogue.load("en")), alike([0.25, 12.5], Catalogue.load("en"))
    (['0', '1'], ['0.2', '12.5'])
    """
    known = [abs(value) for value in values if not is_missing(value)]
    largest = max(known, default=0.0)
    places = 0 if all(v.is_integer() for v in known) else 1 if largest >= 10 else 2 if largest >= 1 else 3
    return [words.text("format.none") if is_missing(value) else decimals(value, places) for value in values]


def rows_of(result: Result, part: str, words: Catalogue) -> list[str]:
    """What each row of a further table is called."""
    kinds = {row.driver: row for row in result.table.itertuples()}
    name = {"ordinal": _odds_name, "tree": _rule}[part]
    return [name(row, kinds.get(row.driver), words) for row in result.parts[part].itertuples()]


def _odds_name(row: Any, kind: Any, words: Catalogue) -> str:
    if not is_missing(row.member):
        member, other = ({row.driver: value} for value in (row.member, row.reference))
        return words.text("drivers_page.against", name={"dimension": row.driver}, member=member, reference=other)
    name = words.show({"dimension": row.driver}, "name")
    return words.text("drivers_page.with_step", name=name, step=_step(row.step, kind.unit, words, yes_no=kind.yes_no))


def _rule(row: Any, kind: Any, words: Catalogue) -> str:
    """A node by the split that leads to it, moved in by how deep it is."""
    if not row.driver:
        return words.text("drivers_page.rule.all")
    name = words.show({"dimension": row.driver}, "name")
    if row.operator in ("among", "not_among"):
        members = [{row.driver: member} for member in row.members]
        told = words.text(f"drivers_page.rule.{row.operator}", name=name, members=members)
    elif kind.yes_no:
        told = words.text(f"drivers_page.rule.{'no' if row.operator == 'at_most' else 'yes'}", name=name)
    else:
        told = words.text(f"drivers_page.rule.{row.operator}", name=name, value=amount(row.value, kind.unit))
    return f"{INDENT * (row.depth - 1)}└ {told}"


COLUMNS = {"step": steps, "quadrant": quadrants}  # columns of the table of drivers by how they are written
