"""What changed, and was it service or mix?"""

from __future__ import annotations

from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes
from pages.words.options import BY
from pages.words.presentation import Presentation

PRESENTATION = Presentation(
    method="change",
    answers="rate and mix effect of each segment between baseline and period",
    options=(BY,),
    columns=(
        Column("n0", "count"),
        Column("n1", "count"),
        Column("score0", METRIC, count="n0"),
        Column("score1", METRIC, count="n1"),
        Column("rate_effect", "exact_change", kept=True),
        Column("mix_effect", "exact_change", kept=True),
        Column("total_effect", "exact_change", kept=True),
        Column("change_share", "share"),
        Column("low", "exact_change", "intermediate"),
        Column("high", "exact_change", "intermediate"),
        Column("share0", "share", "intermediate"),
        Column("share1", "share", "intermediate"),
        Column("difference", CHANGE, "advanced"),
        Column("p", "p", "advanced"),
        Column("p_adjusted", "p", "intermediate"),
        Column("status", TEXT, write=codes("status"), usual="both"),
    ),
    headline=("score0", "score1", "rate_effect", "mix_effect", "total_effect"),
    statistics={"rate_effect": "metric_change", "mix_effect": "metric_change"},
)
