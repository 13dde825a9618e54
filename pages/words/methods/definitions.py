"""Does a conclusion hold however the measure is defined?"""

from __future__ import annotations

from pages.words.columns import TEXT, Column, codes
from pages.words.methods.service_measure import MEASURE
from pages.words.options import BY, Hours
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows
from pages.words.service_words import definition_names, segments

PRESENTATION = Presentation(
    method="definitions",
    page="service",
    answers="one --measure that can be defined in several ways (service_level, satisfied, fcr_48 and others) by the "
    "segments of --by under each definition: ranks with their plausible range, and what holds under all",
    group="service",
    view=("under",),
    options=(
        MEASURE,
        BY,
        Hours(name="windows", link="hours", flag="--windows", help="hours within which nobody comes back"),
    ),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        Column("holds", TEXT, write=codes("definitions.holds"), kept=True),
        Column("verdict", TEXT, write=codes("fcr.verdict")),
        Column("rank_least", "count"),
        Column("rank_most", "count"),
        Column("best", "count"),
        Column("worst", "count"),
    ),
    headline=("n", "rank_least", "rank_most"),
    parts={
        "each": (
            Column("segment", TEXT, write=segments),
            Column("definition", TEXT, write=definition_names),
            Column("value", "number", kept=True),
            Column("low", "number", "intermediate"),
            Column("high", "number", "intermediate"),
            Column("n", "count"),
            Column("rank", "count"),
            Column("rank_best", "count"),
            Column("rank_worst", "count"),
            Column("verdict", TEXT, write=codes("fcr.verdict")),
            Column("rest", "number", "intermediate"),
            Column("difference", "change", "intermediate"),
            Column("p_adjusted", "p", "advanced"),
        ),
        "wholes": (
            Column("definition", TEXT, write=definition_names),
            Column("value", "number", kept=True),
            Column("low", "number"),
            Column("high", "number"),
            Column("n", "count"),
        ),
    },
    statistics=dict.fromkeys(
        ("definitions", "segments", "pairs", "certain", "turned", "worse", "better", "depends"), "count"
    ),
    beside=every_part,
)  # fmt: skip
