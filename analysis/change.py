"""What changed, and was it service or mix? The change of a metric split into rate and mix effects by segment.

Midpoint weights centred on the mean (Kitagawa 1955): rate = (w0 + w1)/2 (r1 - r0), mix = (w1 - w0) (mean of r -
mean of R). They sum to the change exactly. A segment present in one period only is all mix: nobody's service changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cautions import few_clusters, repeats_metric, too_few
from analysis.cuts import check_side_by_side
from analysis.decomposition import decomposed
from analysis.estimate import WITHHELD_BELOW, Cells, ask, named
from analysis.estimate import change as difference_of
from analysis.limits import within_limits
from analysis.not_recorded import left_blank, recorded
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement, Unit
from analysis.stats.intervals import SIGNIFICANCE
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

TINY = 5e-4  # an effect that prints as 0.000


@within_limits
def change(warehouse: Warehouse, selection: Selection, *, by: Sequence[str]) -> Result:
    """The change from the baseline to the period, by the combinations of `by`, largest total effect first.

    Members with an order of their own stand in that.

    Raises BadInput without baseline or dimension or with overlapping segments, NothingToShow when a period is empty.
    """
    _check(warehouse, selection, by)
    metric = warehouse.model.metric(selection.metric)
    before, now = (_asked(warehouse, selection, by, period) for period in (selection.baseline, selection.period))
    table = in_own_order(decomposed(before, now), [warehouse.model.dimension(name) for name in by])
    overall = difference_of(before.rows, now.rows, metric)
    scores = [float(cells.rows["wx"].sum() / cells.rows["w"].sum()) for cells in (before, now)]
    says_again = repeats_metric(table.rename(columns={"score1": "score"}), metric, by)
    table["change_share"] = _shares(table["total_effect"], scores[1] - scores[0], overall.p)
    statistics = {
        "baseline_score": scores[0],
        "score": scores[1],
        "change": scores[1] - scores[0],
        "rate_effect": float(table["rate_effect"].sum()),
        "mix_effect": float(table["mix_effect"].sum()),
        "low": overall.interval.low,
        "high": overall.interval.high,
        "p": overall.p,
        "baseline_n": float(before.rows["n"].sum()),
        "n": float(now.rows["n"].sum()),
    }
    return Result.of(
        warehouse,
        selection,
        metric,
        "change",
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics, metric, by)[: 1 if says_again else None] + says_again,
        caveats=(*few_clusters(now.rows, overall.clusters), *_caveats(table)),
        how=_method(table, statistics, metric, by),
        options={"by": tuple(by)},
        parts={"total": _total(table, statistics)},
        sql=(before.sql, now.sql),
    )


def _check(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> None:
    if not by:
        raise BadInput("change.no_dimension")
    if selection.period is None or selection.baseline is None:
        raise BadInput("change.no_baseline")
    check_side_by_side(warehouse.model, by)


def _asked(warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None) -> Cells:
    cells = ask(warehouse, selection, by, period)
    if cells.empty:
        raise NothingToShow("selection.empty_period", period=period)
    if too_few(cells):
        raise BadInput("change.too_few", responses=float(cells.rows["n"].sum()), least=WITHHELD_BELOW, period=period)
    return cells


def _shares(effects: pd.Series, change_: float, p: float) -> pd.Series:
    """Each effect's share of the change (sum = 1); NaN when there is none, or one that may be chance."""
    known = p < SIGNIFICANCE and abs(change_) >= TINY
    return effects / change_ if known else effects * float("nan")


def _total(table: pd.DataFrame, statistics: dict[str, float]) -> pd.DataFrame:
    """One row under the table: the whole before and now, and what its columns sum to."""
    names = {"n0": "baseline_n", "n1": "n", "score0": "baseline_score", "score1": "score", "total_effect": "change"}
    names |= {"difference": "change", **{name: name for name in ("rate_effect", "mix_effect", "low", "high", "p")}}
    sums = {name: table[name].sum(min_count=1) for name in ("share0", "share1", "change_share")}
    return pd.DataFrame([{**{column: statistics[name] for column, name in names.items()}, **sums}])


def _findings(
    table: pd.DataFrame, statistics: dict[str, float], metric: Metric, by: Sequence[str]
) -> tuple[Statement, ...]:
    values = {**statistics, "unit": metric.unit, "by": list(by)}
    values["size"], values["service"], values["mixed"] = (
        abs(statistics[k]) for k in ("change", "rate_effect", "mix_effect")
    )
    statements = [Statement(f"change.{_answer(statistics)}", values)]
    for _, row in _by_effect(recorded(table)).head(2).iterrows():
        statements.append(_about(row, metric.unit, by))
    quiet = _by_effect(recorded(table))
    quiet = quiet[
        (quiet["status"] == "both") & (quiet["rate_effect"].abs() < TINY) & (quiet["mix_effect"].abs() >= TINY)
    ]
    for _, row in quiet.iterrows():
        if all(s.values.get("segment") != named(row["segment"], by) for s in statements[1:]):
            statements.append(_about(row, metric.unit, by))
    return (*statements[:4], *_not_recorded(table, metric.unit, by))


def _not_recorded(table: pd.DataFrame, unit: Unit, by: Sequence[str]) -> tuple[Statement, ...]:
    """What nobody can say a member of: its own sentence, after those of the members."""
    apart = left_blank(table)
    if apart.empty:
        return ()
    sums = {name: float(apart[name].sum()) for name in ("share0", "share1", "total_effect")}
    return (Statement("change.not_recorded", {"names": [{"dimension": n} for n in by], **sums, "unit": unit}),)


def _by_effect(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("total_effect", key=abs, ascending=False, kind="stable")


def _answer(statistics: dict[str, float]) -> str:
    """Which sentence answers the question: without evidence of a change nothing is explained away."""
    p, change_, rate, mix = (statistics[k] for k in ("p", "change", "rate_effect", "mix_effect"))
    if abs(change_) < TINY:
        return "none"
    direction = "fell" if change_ < 0 else "rose"
    if not p < SIGNIFICANCE:
        return f"unclear_{direction}"
    return f"{direction}_both" if rate * mix >= 0 else f"{direction}_against"


def _about(row: pd.Series, unit: Unit, by: Sequence[str]) -> Statement:
    """What happened in one segment, said without blame for mix."""
    values = {k: row[k] for k in ("n0", "n1", "share0", "share1", "score0", "score1", "rate_effect", "mix_effect")}
    values |= {"segment": named(row["segment"], by), "total_effect": row["total_effect"], "unit": unit}
    values |= {"difference": row["difference"], "p_adjusted": row["p_adjusted"]}
    if row["status"] != "both":
        return Statement(f"change.segment_{row['status']}", values)
    if row[["score0", "score1"]].isna().any():
        return Statement("change.segment_few", values)
    if _mostly_mix(row):
        return Statement(
            "change.segment_mix_fewer" if row["share1"] < row["share0"] else "change.segment_mix_more", values
        )
    if row["p_adjusted"] != row["p_adjusted"]:
        return Statement("change.segment_untested", values)
    evidence = "known" if row["p_adjusted"] < SIGNIFICANCE else "unclear"
    return Statement(f"change.segment_{'fell' if row['rate_effect'] < 0 else 'rose'}_{evidence}", values)


def _mostly_mix(row: pd.Series) -> bool:
    """Whether the share moved and the score did not, beyond chance: no finding about service.

    A fifth: the score of a segment whose share alone moved varies by chance, easily by a tenth of the effect; where
    mix is five times as large, it makes the change whatever a larger sample would say about the score.
    """
    unproven = not row["p_adjusted"] < SIGNIFICANCE
    return bool(unproven and abs(row["rate_effect"]) < max(TINY, abs(row["mix_effect"]) / 5))


def _caveats(table: pd.DataFrame) -> tuple[Statement, ...]:
    statements = []
    few = int(((table[["n0", "n1"]] > 0) & (table[["n0", "n1"]] < WITHHELD_BELOW)).any(axis=1).sum())
    if few:
        statements.append(Statement("caveat.withheld", {"segments": few}))
    if (table["status"] != "both").any():
        statements.append(Statement("caveat.new_or_gone", {"segments": int((table["status"] != "both").sum())}))
    return (*statements, Statement("caveat.mix_by_dimension"), Statement("caveat.not_cause"))


def _method(table: pd.DataFrame, statistics: dict[str, float], metric: Metric, by: Sequence[str]) -> Method:
    known = table.dropna(subset=["score0", "score1"])
    top = _by_effect(recorded(table if known.empty else known)).iloc[0]
    values = {k: top[k] for k in ("share0", "share1", "score0", "score1", "rate_effect", "mix_effect")}
    values |= {"segment": named(top["segment"], by), "unit": metric.unit}
    values |= {"middle": (statistics["baseline_score"] + statistics["score"]) / 2}
    return Method("change", Statement("how.change.formula", values), (Statement("how.change.interval"),))
