"""The findings of a contrast: its verdict first, then what a manager must know before acting on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast import compare, verdicts
from analysis.contrast.advice import CEILING
from analysis.contrast.assessment import Assessment
from analysis.contrast.candidate_tests import PAIRED
from analysis.contrast.response import rate_name
from analysis.estimate import FEW_CLUSTERS, LEAST_CLUSTERS, WITHHELD_BELOW, named
from analysis.result import Method, Statement
from analysis.stats.intervals import NAN, SIGNIFICANCE

SHORT = {verdicts.MATTERS: "matters", verdicts.TRIVIAL: "trivial", verdicts.EQUIVALENT: "equivalent",
         verdicts.UNKNOWN: "unknown"}  # fmt: skip
MEAN_METHODS = ("welch_t", "clustered_t")
Numbers = dict[str, Any]
Parts = dict[str, pd.DataFrame]


def findings(assessment: Assessment, numbers: Numbers, parts: Parts) -> tuple[Statement, ...]:
    """The verdict, its evidence, and whatever would change how it is read."""
    values = _values(assessment, numbers)
    statements = [
        Statement(f"contrast.{_sentence_set(assessment)}_{_ending(assessment)}", values),
        *_evidence(assessment, values),
        *_same_customers(assessment, values),
        *_selected_comparison(assessment, values),
        *_overall_only(assessment, values),
        *_mix(assessment, values),
        *_difference_in_differences(assessment, values),
        *_ranks(assessment, values),
        *_standing(assessment, values),
        *_needed(assessment, values),
        *_standardised(assessment, parts, values),
    ]
    return tuple(statements)


def _values(assessment: Assessment, numbers: Numbers) -> Numbers:
    top, metric = assessment.family.table.iloc[0], assessment.now.metric
    each_verdict = assessment.family.table["verdict"]
    names = {"a": named(top["a"], assessment.question.by)}
    names["b"] = named(top["b"], assessment.question.by) if assessment.names_other else {}
    return {
        **{k: v for k, v in numbers.items() if not isinstance(v, dict)},
        **names,
        "difference": top["difference"],
        **(_mix_values(top) if "mix" in top else {}),
        "low": top["low"],
        "high": top["high"],
        "low90": top["low90"],
        "high90": top["high90"],
        "p": top["p"],
        "p_adjusted": top["p_adjusted"],
        "count": int((each_verdict == assessment.verdict).sum()),
        "compared": len(each_verdict),
        "by": list(assessment.question.by),
        "unit": metric.unit,
        "raw_unit": metric.kind.measure,
        "against": {"source": assessment.question.against},
        "period": assessment.question.selection.period,
        "baseline": assessment.question.selection.baseline,
    }


def _sentence_set(assessment: Assessment) -> str:
    """The set of sentences that fits: one comparison or many, and what is compared with."""
    kind = assessment.question.kind
    if kind == "groups" and not assessment.names_other:
        kind = "rest"
    if assessment.method == "gap_only":
        return "gap" if not assessment.question.by else "many_gap"
    if len(assessment.family.table) > 1:
        return f"many_{kind}"
    return f"one_{kind}" if assessment.question.by or kind == "groups" else f"whole_{kind}"


def _ending(assessment: Assessment) -> str:
    """The verdict; a single gap that its mix explains is reported as such instead."""
    table = assessment.family.table
    return "mix" if len(table) == 1 and "mix" in table and table["mix"].iloc[0] else SHORT[assessment.verdict]


def _evidence(assessment: Assessment, values: Numbers) -> list[Statement]:
    if np.isnan(values["p"]):
        return []
    if assessment.verdict == verdicts.EQUIVALENT:
        return [Statement("contrast.evidence_equivalent", values)]
    if assessment.family.size == 1:
        return [Statement("contrast.evidence_one", values)]
    return [Statement(f"contrast.evidence_{'pairs' if assessment.names_other else 'many'}", values)]


def _same_customers(assessment: Assessment, values: Numbers) -> list[Statement]:
    if assessment.method not in PAIRED:
        return []
    return [Statement("contrast.same_customers", {**values, "customers": assessment.family.table["n_a"].iloc[0]})]


def _selected_comparison(assessment: Assessment, values: Numbers) -> list[Statement]:
    """Significant on its own, not as one of several: the question decides."""
    if assessment.family.size > 1 and values["p"] < SIGNIFICANCE <= values["p_adjusted"]:
        return [Statement("contrast.alone_it_would", values)]
    filters = assessment.question.selection.filters
    alone = assessment.family.size == 1 and not assessment.question.by and any(len(f.values) == 1 for f in filters)
    return [Statement("contrast.asked_alone", values)] if alone and values["p"] < SIGNIFICANCE else []


def _overall_only(assessment: Assessment, values: Numbers) -> list[Statement]:
    overall = assessment.overall
    if (
        overall is None
        or not overall.p < SIGNIFICANCE
        or (assessment.family.table["p_adjusted"] < SIGNIFICANCE).any()
    ):
        return []
    return [Statement("contrast.overall_only", {**values, "overall_p": overall.p})]


def _mix(assessment: Assessment, values: Numbers) -> list[Statement]:
    """Of several differences, the most certain one that its mix explains."""
    table = assessment.family.table
    if "mix" not in table or len(table) == 1 or not (table["mix"] != "").any():
        return []
    row, by = table[table["mix"] != ""].iloc[0], assessment.question.by
    other = {"b": named(row["b"], by)} if assessment.names_other else {}
    explained = {"a": named(row["a"], by), **other, "difference": row["difference"], **_mix_values(row)}
    explained["explained"] = int((table["mix"] != "").sum())
    return [Statement(f"contrast.mix_{'pairs' if assessment.names_other else 'many'}", {**values, **explained})]


def _mix_values(row: pd.Series) -> Numbers:
    return {"mix": {"dimension": row["mix"]}, "alike_difference": row["alike_difference"]}


def _difference_in_differences(assessment: Assessment, values: Numbers) -> list[Statement]:
    table = assessment.family.table
    top = table.iloc[0]
    if "rest_p" not in table or not top["p"] < SIGNIFICANCE or np.isnan(top["rest_p"]):
        return []
    further = "more" if top["rest_difference"] * top["difference"] > 0 else "less"
    key = f"contrast.moved_{further}" if top["rest_p"] < SIGNIFICANCE else "contrast.moved_with_rest"
    return [Statement(key, {**values, "rest_difference": top["rest_difference"], "rest_p": top["rest_p"]})]


def _ranks(assessment: Assessment, values: Numbers) -> list[Statement]:
    """A test of means and one of ranks that disagree are both reported."""
    setup, first = assessment.setup, assessment.first
    if setup is None or first is None or setup.has_overall or assessment.facts.is_rate:
        return []
    if assessment.family.method not in MEAN_METHODS:
        return []
    p = float(compare.by_placements(first).p[0])
    if np.isnan(p) or (p < SIGNIFICANCE) == (values["p"] < SIGNIFICANCE):
        return []
    return [Statement("contrast.ranks_disagree", {**values, "rank_p": p})]


def _standing(assessment: Assessment, values: Numbers) -> list[Statement]:
    """The rank of the selected segment, with its plausible range."""
    segment = assessment.question.segment
    if assessment.question.kind != "rest" or segment is None or len(assessment.groups) < 3:
        return []
    place = assessment.now.groups.index(segment)
    ranks = assessment.ranks
    rank_values = {"rank": ranks.rank[place], "best": ranks.best[place], "worst": ranks.worst[place]}
    rank_values["of"] = len(assessment.groups)
    if np.isnan(rank_values["rank"]):
        return []
    only = rank_values["best"] == rank_values["worst"]
    return [Statement("contrast.rank_sure" if only else "contrast.rank", {**values, **rank_values})]


def _needed(assessment: Assessment, values: Numbers) -> list[Statement]:
    """The sample size that would decide: only where the verdict is open."""
    if assessment.verdict != verdicts.UNKNOWN or np.isnan(values["p"]) or assessment.method in PAIRED:
        return []
    if assessment.question.kind != "benchmark" or len(assessment.family.table) > 1:
        return [Statement("contrast.needed", values)]
    here = values["needed_for_gap_here"]
    key = "contrast.needed_never" if np.isinf(here) else "contrast.needed_benchmark"
    return [Statement(key, values)] if values["needed_for_gap"] == values["needed_for_gap"] else []


def _standardised(assessment: Assessment, parts: Parts, values: Numbers) -> list[Statement]:
    fair = parts.get("fair")
    if fair is None:
        return []
    alike = {**values, "alike": [{"dimension": name} for name in assessment.question.alike]}
    turned = fair[fair["turned"]]
    if turned.empty:
        return [Statement("contrast.fair_same", alike)]
    row = turned.loc[(turned["crude"] - turned["adjusted"]).abs().idxmax()]
    return [Statement("contrast.fair_turned", {
        **alike, "segment": named(row["segment"], assessment.question.by), "crude": row["crude"],
        "adjusted": row["adjusted"], "turned": len(turned),
    })]  # fmt: skip


def caveats(assessment: Assessment, numbers: Numbers) -> tuple[Statement, ...]:
    """Limits: non-response, withheld groups, and what the standard errors rest on."""
    statements = []
    name = rate_name(assessment.now.metric)
    rates = {k: numbers[k] for k in (name, f"other_{name}") if numbers.get(k, NAN) == numbers.get(k)}
    if name in rates:
        statements.append(Statement(f"contrast.{name}{'s' if len(rates) > 1 else ''}", rates))
    few = assessment.now.estimates.n < WITHHELD_BELOW
    if few.any():
        statements.append(Statement("contrast.withheld", {"segments": int(few.sum()), "least": WITHHELD_BELOW}))
    if 0 < assessment.facts.clusters < FEW_CLUSTERS:
        statements.append(Statement("caveat.few_clusters", {"clusters": assessment.facts.clusters}))
    if "c" in assessment.now.rows and (assessment.now.estimates.clusters == 0)[~few].any():
        statements.append(Statement("contrast.own_answers_only", {"least": LEAST_CLUSTERS}))
    statements += _without_spread(assessment)
    if assessment.facts.at_best >= CEILING and not assessment.facts.is_rate:
        statements.append(Statement("contrast.ceiling", {"at_best": assessment.facts.at_best}))
    statements += _reference_caveats(assessment)
    return (*statements, Statement("contrast.not_cause"))


def _without_spread(assessment: Assessment) -> list[Statement]:
    """Why there is no p although both samples are large enough."""
    top = assessment.family.table.iloc[0]
    enough = top["n_a"] >= WITHHELD_BELOW and not top["n_b"] < WITHHELD_BELOW
    known = np.isfinite(top["difference"]) and assessment.method != "gap_only"
    return [Statement("contrast.no_spread")] if np.isnan(top["p"]) and enough and known else []


def _reference_caveats(assessment: Assessment) -> list[Statement]:
    if assessment.reference is None or assessment.question.kind != "benchmark":
        return []
    statements = []
    if assessment.reference.spread_borrowed:
        statements.append(Statement("contrast.spread_borrowed", {"against": {"source": assessment.question.against}}))
    if not assessment.reference.same_customers:
        statements.append(Statement("contrast.covers_all", {"against": {"source": assessment.question.against}}))
    return statements


def how(assessment: Assessment, numbers: Numbers) -> Method:
    """The formula of the test with the numbers put in, why this test, and how verdict and family were made."""
    values = {**_values(assessment, numbers), **vars(assessment.facts), "method": assessment.method}
    top = assessment.family.table.iloc[0]
    values |= {"n_a": top["n_a"], "n_b": top["n_b"], "statistic": numbers["statistic"], "df": numbers["df"],
               "df2": numbers.get("df2"), "effect": numbers["effect"]["value"]}  # fmt: skip
    sure = abs(top["difference"] / top["statistic"]) if top["statistic"] else np.nan
    values["error"] = sure if assessment.family.method in ("welch_t", "clustered_t", "one_sample") else np.nan
    assumptions = [
        Statement(f"contrast.why_{assessment.advice.reason}", values),
        Statement(f"contrast.family_{assessment.family.adjustment}", values),
        Statement("contrast.verdict_rule", values),
    ]
    if assessment.method != assessment.advice.method and assessment.question.method:
        assumptions.insert(1, Statement("contrast.chosen", values))
    return Method("contrast", Statement(f"how.contrast.{numbers['test']}", values), tuple(assumptions))
