"""Did management know? Main reasons of both periods that have neither a plan nor a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.diagnosis.verdict import NO_DATA, NOT_ENOUGH, REFUTES, SUPPORTS, Verdict, without_number
from analysis.result import Statement
from analysis.stats.intervals import NAN

TOP, LEAST_SHARE = 3, 0.10  # a main reason is among the first three, with a lower bound above a tenth


def cognition(table: pd.DataFrame | None, listed: Sequence[str] | None, reason: str) -> Verdict:
    """Did management have it on its list? Main reasons of both periods without plan or target."""
    code = "cognition"
    if table is None:
        return without_number(code, NO_DATA, Statement("naming.cognition.no_data"))
    heavy = table[(table[["rank_now", "rank_before"]] <= TOP).all(axis=1)
                  & (table[["now_low", "before_low"]] > LEAST_SHARE).all(axis=1)]  # fmt: skip
    if heavy.empty:
        return without_number(code, NOT_ENOUGH, Statement("naming.cognition.none"))
    if listed is None:
        values = {"reasons": [{reason: name} for name in heavy["reason"]]}
        return without_number(code, NO_DATA, Statement("naming.cognition.no_list", values))
    missing = heavy[~heavy["reason"].isin(listed)].sort_values("now", ascending=False)
    reported = heavy if missing.empty else missing
    shares: dict[str, Any] = {"share": float(reported["now"].sum()), "before": float(reported["before"].sum())}
    values = {**shares, "reasons": [{reason: name} for name in reported["reason"]]}
    verdict, key = (REFUTES, "listed") if missing.empty else (SUPPORTS, "unlisted")
    top = reported.iloc[0]
    return Verdict(
        code=code,
        verdict=verdict,
        statistic="share_of_loss",
        value=float(top["now"]),
        low=float(top["now_low"]),
        high=NAN,
        p=NAN,
        n=NAN,
        finding=Statement(f"naming.cognition.{key}", values),
    )
