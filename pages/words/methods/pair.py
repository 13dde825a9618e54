"""How do two columns go together, looked at closely?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import COEFFICIENT, TEXT, Column, months
from pages.words.options import Names, Option
from pages.words.pair_words import OF, PRESET, column_name, members, span, write_one_kind
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Paired

if TYPE_CHECKING:
    import pandas as pd


class Cells(Paired):
    """What a row is called depends on the kinds of the two columns: bins of one, members of one, or of both."""

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        table, code, kind = result.table, {side: result.options[side] for side in "xy"}, result.statistics["kind"]
        title = {side: column_name(code[side], words) for side in "xy"}
        if kind == "shares":
            return {title[side]: members(code[side], table[f"{side}_member"], words) for side in "xy"}
        if kind == "boxes":
            side = "y" if result.statistics["swapped"] else "x"
            return {title[side]: members(code[side], table["member"], words)}
        return {title["x"]: [span(*ends, words) for ends in zip(table["x_low"], table["x_high"], strict=True)]}

    def count(self, result: Result) -> int:
        return 2 if result.statistics["kind"] == "shares" else 1


def _fixed(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """What is held constant, one column per row; without a name all of them at once."""
    return [column_name(code, words) if code else words.text("pair_page.all_held") for code in table[name]]


def _strata(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(member, "name", dimension=result.statistics["within"]) for member in table[name]]


INTERVAL = tuple(Column(name, COEFFICIENT, write=write_one_kind) for name in ("value", "low", "high"))
PARTIAL = (
    Column("given", TEXT, write=_fixed, kept=True),
    Column("before", COEFFICIENT, write=write_one_kind),
    *INTERVAL,
    Column("p", "p"),
    Column("n", "count"),
)
STRATA = (
    Column("stratum", TEXT, write=_strata, kept=True),
    Column("n", "count"),
    *INTERVAL,
    Column("p", "p", "advanced"),
)
MONTHS = (Column("month", TEXT, write=months), Column("n", "count"), *INTERVAL, Column("p", "p"))
WITHIN = Option(
    name="within",
    link="within",
    flag="--within",
    metavar="DIM",
    help="pair: the dimension to look within",
    of_model=True,
)
SIDE = "pair: a metric, driver or dimension"
PRESENTATION = Presentation(
    method="pair",
    page="correlation",
    answers="one pair of columns closely: --x NAME --y NAME, within the members of --within DIM, by month, and with "
    "--given NAME[,NAME] held fixed; --of and --preset as in association",
    group="relations",
    options=(
        Option(name="x", link="x", flag="--x", metavar="NAME", help=SIDE, of_model=True),
        Option(name="y", link="y", flag="--y", metavar="NAME", help=SIDE, of_model=True),
        WITHIN,
        Names(name="given", flag="--given", help="pair: what is held fixed"),
        OF,
        PRESET,
    ),
    rows=Cells(),
    columns=(
        Column("x", "raw"),
        Column("n", "count"),
        Column("share", "share"),
        Column("residual", "raw_change", "intermediate"),
        Column("value", "raw"),
        Column("low", "raw"),
        Column("high", "raw"),
        Column("p5", "raw", "intermediate"),
        Column("q25", "raw", "intermediate"),
        Column("q50", "raw"),
        Column("q75", "raw", "intermediate"),
        Column("p95", "raw", "intermediate"),
    ),
    headline=("n", "share", "value", "low", "high"),
    parts={"partial": PARTIAL, "strata": STRATA, "months": MONTHS},
    statistics={
        **dict.fromkeys(("value", "low", "high", "pooled", "pooled_low", "pooled_high"), "factor_change"),
        **dict.fromkeys(("partial_value", "partial_low", "partial_high", "partial_before"), "factor_change"),
        **dict.fromkeys(("n_effective", "partial_n", "units", "sampled"), "count"),
        **dict.fromkeys(("partial_p", "pooled_p"), "p"),
    },
    codes={"coefficient": "coefficient", "strength": "strength", "reason": "coefficient_reason"},
    beside=every_part,
)
