"""Which segments have most answers?"""

from __future__ import annotations

from pages.words.columns import METRIC, TEXT, Column, codes
from pages.words.options import BY, Number
from pages.words.presentation import Presentation

PRESENTATION = Presentation(
    method="toy",
    answers="segments of --by by their answers; fewer than --least are small",
    options=(BY, Number(name="least", link="tier", flag="--least", help="toy: answers below which it is small")),
    columns=(
        Column("share", "share", bar=True),
        Column("n", "count"),
        Column("score", METRIC, count="n", kept=True),
        Column("size", TEXT, "intermediate", write=codes("toy.size")),
    ),
    headline=("n", "share"),
    parts={"small": (Column("size", TEXT, write=codes("toy.size")), Column("n", "count"))},
    statistics={"segments": "count", "least": "count"},
)
