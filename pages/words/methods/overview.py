"""How satisfied are customers, and where is it slipping?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.result import Result
from pages.words.columns import CHANGE, METRIC, Column
from pages.words.options import BY
from pages.words.presentation import Presentation
from pages.words.rows import Rows


class Touchpoints(Rows):
    """Segments; the headless contract calls them touchpoints, whatever they are cut by."""

    def contract(self, result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
        found = self.record(result, row)
        return {"touchpoint": next(iter(found["segment"].values()), None), **found}


COLUMNS = (
    Column("n", "count"),
    Column("score", METRIC, count="n", kept=True),
    Column("low", METRIC),
    Column("high", METRIC),
    Column("baseline_score", METRIC, count="n0"),
    Column("change", CHANGE),
    Column("n0", "count", "intermediate"),
    Column("p", "p", "advanced"),
    Column("p_adjusted", "p", "intermediate"),
)
PRESENTATION = Presentation(
    method="overview",
    answers="score, interval, response rate, change to the baseline; a row per touchpoint",
    options=(BY,),
    rows=Touchpoints(),
    columns=COLUMNS,
    headline=("n", "score", "change"),
    statistics={
        **dict.fromkeys(
            ("response_rate", "recorded_rate", "baseline_response_rate", "satisfied_rate", "dissatisfied_rate"),
            "rate",
        ),
        **dict.fromkeys(("promoters_rate", "detractors_rate"), "rate"),
        **dict.fromkeys(("population", "invited", "responses", "excluded", "out_of_scale"), "count"),
        **dict.fromkeys(("baseline_contacts", "baseline_responses"), "count"),
        "open_from": "",
    },
)
