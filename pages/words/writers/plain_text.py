"""A result as lines for a terminal: what the page says, and its table. Pure."""

from __future__ import annotations

import pandas as pd

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.methods import presentation_of
from pages.words.tables import columns_of, has_total, header, written


def to_text(result: Result, words: Catalogue) -> str:
    """What the page says: the findings, the caveats, how the numbers came about, and the table."""
    lines = [words.say(s) for s in (*result.findings, *result.caveats)]
    how = [words.say(s) for s in (result.how.formula, *result.how.assumptions)] if result.how else []
    shown = [*lines, "", words.text("how.title"), *how] if how else lines
    return spaced("\n".join([*shown, "", _aligned(result, words), ""]))


def _aligned(result: Result, words: Catalogue) -> str:
    rows, total = presentation_of(result.method).rows, [words.text("table.total")] if has_total(result) else []
    shown = {rows.title(result, words): [*rows.names(result, words), *total]}
    for column in columns_of(result, "advanced"):
        shown[header(column, result, words)] = written(result, column, words)
    with pd.option_context("display.unicode.east_asian_width", True):
        return str(pd.DataFrame(shown).to_string(index=False))
