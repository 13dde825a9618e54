"""What a contrast says: the answer with its verdict first, then what a manager must know before acting on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast import verdicts
from analysis.contrast.advice import CEILING
from analysis.contrast.assessment import Judged
from analysis.contrast.methods import PAIRED
from analysis.estimate import FEW_CLUSTERS, LEAST_CLUSTERS, WITHHELD_BELOW, named
from analysis.result import Method, Statement
from analysis.stats.intervals import NAN

SHORT = {verdicts.MATTERS: "matters", verdicts.TRIVIAL: "trivial", verdicts.EQUIVALENT: "equivalent",
         verdicts.UNKNOWN: "unknown"}  # fmt: skip
MEAN_METHODS = ("welch_t", "clustered_t")
Numbers = dict[str, Any]
Parts = dict[str, pd.DataFrame]


def findings(judged: Judged, numbers: Numbers, parts: Parts) -> tuple[Statement, ...]:
    """The answer, its evidence, and whatever would change how it is read."""
    values = _values(judged, numbers)
    told = [
        Statement(f"contrast.{_form(judged)}_{_ending(judged)}", values),
        *_evidence(judged, values),
        *_same_customers(judged, values),
        *_picked(judged, values),
        *_overall_only(judged, values),
        *_mix(judged, values),
        *_beyond_rest(judged, values),
        *_ranks(judged, parts, values),
        *_standing(judged, values),
        *_needed(judged, values),
        *_turned(judged, parts, values),
    ]
    return tuple(told)


def _values(judged: Judged, numbers: Numbers) -> Numbers:
    top, metric = judged.family.table.iloc[0], judged.now.metric
    judged_as = judged.family.table["verdict"]
    names = {"a": named(top["a"], judged.question.by)}
    names["b"] = named(top["b"], judged.question.by) if judged.names_other else {}
    return {
        **{k: v for k, v in numbers.items() if not isinstance(v, dict)},
        **names,
        "difference": top["difference"],
        **(_alike(top) if "mix" in top else {}),
        "low": top["low"],
        "high": top["high"],
        "low90": top["low90"],
        "high90": top["high90"],
        "p": top["p"],
        "p_adjusted": top["p_adjusted"],
        "count": int((judged_as == judged.verdict).sum()),
        "compared": len(judged_as),
        "by": list(judged.question.by),
        "unit": metric.unit,
        "raw_unit": metric.raw_unit,
        "against": {"source": judged.question.against},
        "period": judged.question.selection.period,
        "baseline": judged.question.selection.baseline,
    }


def _form(judged: Judged) -> str:
    """Which set of sentences fits: one comparison or many, and what the other side is."""
    kind = judged.question.kind
    if kind == "groups" and not judged.names_other:
        kind = "rest"
    if judged.method == "gap_only":
        return "gap" if not judged.question.by else "many_gap"
    if len(judged.family.table) > 1:
        return f"many_{kind}"
    return f"one_{kind}" if judged.question.by or kind == "groups" else f"whole_{kind}"


def _ending(judged: Judged) -> str:
    """The verdict; but a single gap that goes with whom a group serves gets none through its mix."""
    table = judged.family.table
    return "mix" if len(table) == 1 and "mix" in table and table["mix"].iloc[0] else SHORT[judged.verdict]


def _evidence(judged: Judged, values: Numbers) -> list[Statement]:
    if np.isnan(values["p"]):
        return []
    if judged.verdict == verdicts.EQUIVALENT:
        return [Statement("contrast.evidence_equivalent", values)]
    if judged.family.size == 1:
        return [Statement("contrast.evidence_one", values)]
    return [Statement(f"contrast.evidence_{'pairs' if judged.names_other else 'many'}", values)]


def _same_customers(judged: Judged, values: Numbers) -> list[Statement]:
    if judged.method not in PAIRED:
        return []
    return [Statement("contrast.same_customers", {**values, "customers": judged.family.table["n_a"].iloc[0]})]


def _picked(judged: Judged, values: Numbers) -> list[Statement]:
    """Alone it would pass, as one of several it does not: which question was asked makes the difference."""
    if judged.family.size > 1 and values["p"] < 0.05 <= values["p_adjusted"]:
        return [Statement("contrast.alone_it_would", values)]
    filters = judged.question.selection.filters
    alone = judged.family.size == 1 and not judged.question.by and any(len(f.values) == 1 for f in filters)
    return [Statement("contrast.asked_alone", values)] if alone and values["p"] < 0.05 else []


def _overall_only(judged: Judged, values: Numbers) -> list[Statement]:
    found = judged.overall
    if found is None or not found.p < 0.05 or (judged.family.table["p_adjusted"] < 0.05).any():
        return []
    return [Statement("contrast.overall_only", {**values, "overall_p": found.p})]


def _mix(judged: Judged, values: Numbers) -> list[Statement]:
    """Of several differences, the surest that goes with whom the group serves."""
    table = judged.family.table
    if "mix" not in table or len(table) == 1 or not (table["mix"] != "").any():
        return []
    row, by = table[table["mix"] != ""].iloc[0], judged.question.by
    other = {"b": named(row["b"], by)} if judged.names_other else {}
    found = {"a": named(row["a"], by), **other, "difference": row["difference"], **_alike(row)}
    found["explained"] = int((table["mix"] != "").sum())
    return [Statement(f"contrast.mix_{'pairs' if judged.names_other else 'many'}", {**values, **found})]


def _alike(row: pd.Series) -> Numbers:
    return {"mix": {"dimension": row["mix"]}, "alike_difference": row["alike_difference"]}


def _beyond_rest(judged: Judged, values: Numbers) -> list[Statement]:
    table = judged.family.table
    top = table.iloc[0]
    if "rest_p" not in table or not top["p"] < 0.05 or np.isnan(top["rest_p"]):
        return []
    further = "more" if top["rest_difference"] * top["difference"] > 0 else "less"
    key = f"contrast.moved_{further}" if top["rest_p"] < 0.05 else "contrast.moved_with_rest"
    return [Statement(key, {**values, "rest_difference": top["rest_difference"], "rest_p": top["rest_p"]})]


def _ranks(judged: Judged, parts: Parts, values: Numbers) -> list[Statement]:
    """A test of means and one of ranks that disagree are both told."""
    if judged.posed is None or judged.facts.is_rate or judged.overall or judged.family.method not in MEAN_METHODS:
        return []
    p = parts["alternatives"].set_index("method")["p"].get("brunner_munzel", NAN)
    if np.isnan(p) or (p < 0.05) == (values["p"] < 0.05):
        return []
    return [Statement("contrast.ranks_disagree", {**values, "rank_p": p})]


def _standing(judged: Judged, values: Numbers) -> list[Statement]:
    """The rank of the segment asked about, with the ranks it could as well have."""
    segment = judged.question.segment
    if judged.question.kind != "rest" or segment is None or len(judged.groups) < 3:
        return []
    place = judged.now.groups.index(segment)
    found = judged.ranks
    ranked = {"rank": found.rank[place], "best": found.best[place], "worst": found.worst[place]}
    ranked["of"] = len(judged.groups)
    if np.isnan(ranked["rank"]):
        return []
    only = ranked["best"] == ranked["worst"]
    return [Statement("contrast.rank_sure" if only else "contrast.rank", {**values, **ranked})]


def _needed(judged: Judged, values: Numbers) -> list[Statement]:
    """What it would take to know: only where nobody knows yet."""
    if judged.verdict != verdicts.UNKNOWN or np.isnan(values["p"]) or judged.method in PAIRED:
        return []
    if judged.question.kind != "benchmark" or len(judged.family.table) > 1:
        return [Statement("contrast.needed", values)]
    here = values["needed_for_gap_here"]
    key = "contrast.needed_never" if np.isinf(here) else "contrast.needed_benchmark"
    return [Statement(key, values)] if values["needed_for_gap"] == values["needed_for_gap"] else []


def _turned(judged: Judged, parts: Parts, values: Numbers) -> list[Statement]:
    fair = parts.get("fair")
    if fair is None:
        return []
    alike = {**values, "alike": [{"dimension": name} for name in judged.question.alike]}
    turned = fair[fair["turned"]]
    if turned.empty:
        return [Statement("contrast.fair_same", alike)]
    row = turned.loc[(turned["crude"] - turned["adjusted"]).abs().idxmax()]
    return [Statement("contrast.fair_turned", {
        **alike, "segment": named(row["segment"], judged.question.by), "crude": row["crude"],
        "adjusted": row["adjusted"], "turned": len(turned),
    })]  # fmt: skip


def caveats(judged: Judged, numbers: Numbers) -> tuple[Statement, ...]:
    """What to beware of: who did not answer, who is withheld, and what stands behind the error."""
    found = []
    rates = {k: numbers[k] for k in ("response_rate", "other_response_rate") if numbers.get(k, NAN) == numbers.get(k)}
    if "response_rate" in rates:
        kind = "response" if numbers["survey"] else "recorded"
        found.append(Statement(f"contrast.{kind}_rate{'s' if len(rates) > 1 else ''}", rates))
    few = judged.now.estimates.n < WITHHELD_BELOW
    if few.any():
        found.append(Statement("contrast.withheld", {"segments": int(few.sum()), "least": WITHHELD_BELOW}))
    if 0 < judged.facts.clusters < FEW_CLUSTERS:
        found.append(Statement("caveat.few_clusters", {"clusters": judged.facts.clusters}))
    if "c" in judged.now.rows and (judged.now.estimates.clusters == 0)[~few].any():
        found.append(Statement("contrast.own_answers_only", {"least": LEAST_CLUSTERS}))
    found += _without_spread(judged)
    if judged.facts.at_best >= CEILING and not judged.facts.is_rate:
        found.append(Statement("contrast.ceiling", {"at_best": judged.facts.at_best}))
    found += _about_reference(judged)
    return (*found, Statement("contrast.not_cause"))


def _without_spread(judged: Judged) -> list[Statement]:
    """Why there is no p although both sides have enough answers."""
    top = judged.family.table.iloc[0]
    enough = top["n_a"] >= WITHHELD_BELOW and not top["n_b"] < WITHHELD_BELOW
    known = np.isfinite(top["difference"]) and judged.method != "gap_only"
    return [Statement("contrast.no_spread")] if np.isnan(top["p"]) and enough and known else []


def _about_reference(judged: Judged) -> list[Statement]:
    if judged.reference is None or judged.question.kind != "benchmark":
        return []
    found = []
    if judged.reference.spread_borrowed:
        found.append(Statement("contrast.spread_borrowed", {"against": {"source": judged.question.against}}))
    if not judged.reference.same_customers:
        found.append(Statement("contrast.covers_all", {"against": {"source": judged.question.against}}))
    return found


def how(judged: Judged, numbers: Numbers) -> Method:
    """The formula of the test with the numbers put in, why this test, and how verdict and family were made."""
    values = {**_values(judged, numbers), **vars(judged.facts), "method": judged.method}
    top = judged.family.table.iloc[0]
    values |= {"n_a": top["n_a"], "n_b": top["n_b"], "statistic": numbers["statistic"], "df": numbers["df"],
               "df2": numbers.get("df2"), "effect": numbers["effect"]["value"]}  # fmt: skip
    sure = abs(top["difference"] / top["statistic"]) if top["statistic"] else np.nan
    values["error"] = sure if judged.family.method in ("welch_t", "clustered_t", "one_sample") else np.nan
    assumptions = [
        Statement(f"contrast.why_{judged.advice.reason}", values),
        Statement(f"contrast.family_{judged.family.adjustment}", values),
        Statement("contrast.verdict_rule", values),
    ]
    if judged.method != judged.advice.method and judged.question.method:
        assumptions.insert(1, Statement("contrast.chosen", values))
    return Method("contrast", Statement(f"how.contrast.{numbers['test']}", values), tuple(assumptions))
