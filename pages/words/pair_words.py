"""What are the rows of a table of pairs called? Columns by name, bins by their ends, members in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.result import Result
from analysis.stats.association import UNSIGNED
from pages.words.catalogue import Catalogue

YES_OR_NO = ({"0", "1"}, {"0", "100"})  # values of what is so or is not, the second on the scale of a rate
CODES = {
    "coefficient": "coefficient", "strength": "strength", "reason": "coefficient_reason", "kind": "causes.kind",
}  # fmt: skip


def spec_of(coefficient: str) -> str:
    """How a coefficient is written: with its sign where it has a direction."""
    return "factor" if coefficient in UNSIGNED else "factor_change"


def coefficients(table: pd.DataFrame, words: Catalogue, column: str = "value") -> list[str]:
    """A column of coefficients, each as its kind is written."""
    return [words.show(v, spec_of(c)) for v, c in zip(table[column], table["coefficient"], strict=True)]


def names(result: Result, words: Catalogue) -> dict[str, list[str]]:
    """The columns that name the rows of an association or a pair, by their titles."""
    table = result.table
    if result.method == "association":
        return {words.text(f"column.{side}"): [column_name(code, words) for code in table[side]] for side in "xy"}
    x, y = (column_name(result.options[side], words) for side in "xy")
    if "x_member" in table:
        sides = ((x, "x", "x_member"), (y, "y", "y_member"))
        return {title: members(result.options[side], table[name], words) for title, side, name in sides}
    if "member" in table:
        group = "y" if result.statistics["swapped"] else "x"
        return {y if group == "y" else x: members(result.options[group], table["member"], words)}
    return {x: [span(low, high, words) for low, high in zip(table["x_low"], table["x_high"], strict=True)]}


def column_name(code: str, words: Catalogue) -> str:
    """A metric, driver or dimension by its name."""
    return words.show({"dimension": code}, "name")


def members(column: str, found: Sequence[str | None], words: Catalogue) -> list[str]:
    """Members of a column by their names; what is so or is not by yes and no."""
    texts = [None if value is None else str(value) for value in found]
    if {text for text in texts if text is not None} in YES_OR_NO:
        return ["" if text is None else words.text(f"pair_page.{'no' if text == '0' else 'yes'}") for text in texts]
    return [words.show(text, "name", dimension=column) for text in texts]


def span(low: float, high: float, words: Catalogue) -> str:
    """From one end of a bin to the other; a bin of a single value by that."""
    spec = "count" if float(low).is_integer() and float(high).is_integer() else "raw"
    first, last = words.show(low, spec), words.show(high, spec)
    return first if first == last else words.text("format.span", start=first, end=last)


def said(values: pd.Series, words: Catalogue) -> list[str]:
    """A column of codes in words, by the column's name."""
    return [words.text(f"{CODES[str(values.name)]}.{value}") if value else "" for value in values]
