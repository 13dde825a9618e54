"""Which columns go together?"""

from __future__ import annotations

from analysis.result import Result
from pages.words import pair_words
from pages.words.catalogue import Catalogue
from pages.words.columns import COEFFICIENT, TEXT, Column, codes, dimension_names
from pages.words.pair_words import COLUMNS, OF, PRESET
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Paired


class Pairs(Paired):
    """Two columns each."""

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        return {
            words.text(f"column.{side}"): [pair_words.column_name(code, words) for code in result.table[side]]
            for side in "xy"
        }

    def count(self, result: Result) -> int:
        return 2


DUPLICATES = (
    Column("x", TEXT, write=dimension_names),
    Column("y", TEXT, write=dimension_names),
    Column("kind", TEXT, write=codes("association_page.duplicate")),
    Column("value", COEFFICIENT, write=pair_words.write_one_kind),
)
COMPARED = (
    Column("column", TEXT, write=dimension_names),
    Column("level", TEXT, write=codes("association_page.level")),
    Column("values", "count"),
    Column("n", "count"),
    Column("missing", "share"),
    Column("policy", TEXT, write=codes("association_page.policy")),
)
LEFT_OUT = (
    Column("column", TEXT, write=dimension_names),
    Column("why", TEXT, write=codes("association_page.why")),
)
PRESENTATION = Presentation(
    method="association",
    page="correlation",
    answers="which columns go together, by the coefficient that fits each pair: --columns NAME[,NAME], the members "
    "of --of DIM as the unit, or a --preset of the model",
    group="relations",
    options=(COLUMNS, OF, PRESET),
    rows=Pairs(),
    columns=(
        Column("value", COEFFICIENT, write=pair_words.write_each_kind),
        Column("low", COEFFICIENT, write=pair_words.write_each_kind),
        Column("high", COEFFICIENT, write=pair_words.write_each_kind),
        Column("p_adjusted", "p"),
        Column("strength", TEXT, write=codes("strength")),
        Column("coefficient", TEXT, "intermediate", write=codes("coefficient")),
        Column("n", "count"),
        Column("n_effective", "count", "intermediate"),
        Column("p", "p", "advanced"),
        Column("reason", TEXT, "advanced", write=codes("coefficient_reason")),
    ),
    headline=("value", "p_adjusted", "n"),
    parts={"duplicates": DUPLICATES, "columns": COMPARED, "left_out": LEFT_OUT},
    beside=every_part,
)
