"""Everything a contrast may say can be said, in both languages, with every number; a mistake has its sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.contrast import contrast
from analysis.contrast.question import METHODS
from analysis.result import Result
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow, Problem, Statement
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from .houses import BENCHMARKS, OCTOBER, SEPTEMBER, TARGETS, house, months, rng

pytestmark = pytest.mark.slow
MODEL = """
contact_id = "id"
customer_id = "customer"
responded = {{ column = "invited" }}
{extra}
time = {{ column = "at" }}
score = {{ column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[metrics]
resolved = {{ column = "resolved", values = [0, 1] }}
bad = {{ column = "bad", values = [0, 1], better = "low" }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
[dimensions]
biz = {{ column = "biz" }}
tier = {{ column = "tier", level = "ordinal", order = ["lo", "mid", "hi"] }}
many = {{ column = "many" }}
rare = {{ column = "rare" }}
team = {{ column = "team" }}
"""
KINDS = {
    "plain": "",
    "clusters": 'cluster = "team"',
    "few": 'cluster = "tier"',
    "weights": 'weight = { column = "weight", kind = "survey" }',
}
BOTH = Selection("score", OCTOBER, SEPTEMBER)
MISSING = re.compile(r"\b(nan|inf|None)\b", re.IGNORECASE)
N = 4_000


def answers() -> pd.DataFrame:
    """Three months with blanks, a group called "rest", a group of five answers, a rate hardly ever seen."""
    random = rng(5)
    rows = pd.DataFrame({
        "id": range(N), "at": months(SEPTEMBER, N // 2).append(months(OCTOBER, N // 2)),
        "customer": random.integers(0, 1500, N), "team": random.choice([f"t{i}" for i in range(14)], N),
        "biz": random.choice(["a", "b", "rest", None], N, p=[0.4, 0.3, 0.29, 0.01]),
        "tier": random.choice(["lo", "mid", "hi"], N), "many": random.choice([f"m{i}" for i in range(12)], N),
        "rare": random.choice(["x", "y", "z"], N, p=[0.995, 0.003, 0.002]),
        "wait": random.exponential(60, N).round(1), "weight": random.uniform(0.5, 3, N), "invited": 1,
    })  # fmt: skip
    base = 8 + 0.8 * (rows["biz"] == "a") - 0.5 * (rows["at"] >= "2026-10-01") * (rows["biz"] == "b")
    rows["score"] = np.clip(np.round(random.normal(base, 2)), 1, 10)
    rows.loc[random.random(N) < 0.3, "score"] = np.nan
    return rows.assign(resolved=(random.random(N) < 0.8).astype(int), bad=(random.random(N) < 0.004).astype(int))


def outside() -> dict[str, pd.DataFrame]:
    october = date(2026, 10, 1)
    benchmarks = [
        ("group", "score", None, None, date(2026, 9, 1), 80.0, None, 5_000),
        ("group", "score", None, None, october, 80.0, 18.0, 5_000),
        ("group", "score", "biz", "a", october, 81.0, 18.0, 900),
        ("group", "resolved", None, None, october, 79.0, None, 5_000),
        ("group", "wait", None, None, october, 55.0, 60.0, 900),
        ("bare", "score", None, None, october, 79.0, None, None),
    ]
    targets = [("score", "biz", "a", 85.0), ("score", None, None, 84.0), ("resolved", None, None, 80.0)]
    return {
        "benchmarks": pd.DataFrame(benchmarks, columns=BENCHMARKS),
        "targets": pd.DataFrame(targets, columns=TARGETS),
    }


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Warehouse]]:
    """The same answers alone, in clusters, in three clusters and weighted."""
    folder, tables = tmp_path_factory.mktemp("words"), {"answers": answers(), **outside()}
    made = {name: house(folder / f"{name}.duckdb", MODEL.format(extra=e), tables) for name, e in KINDS.items()}
    yield made
    for warehouse in made.values():
        warehouse.close()


def said(found: Result) -> list[Statement]:
    assert found.how is not None
    return [*found.findings, *found.caveats, found.how.formula, *found.how.assumptions]


def reads_well(statement: Statement) -> None:
    for language in LANGUAGES:
        text = Catalogue.load(language).say(statement)
        assert text and not MISSING.search(text), (language, statement.key, text)


QUESTIONS: dict[str, dict[str, Any]] = {
    "groups": {"question": "groups"},
    "rest": {"question": "rest"},
    "change": {},
    "target": {"against": "80"},
    "targets": {"against": "target"},
    "group": {"against": "group"},
    "bare": {"against": "bare"},
}
CUTS = {"plain": ((), ("biz",), ("many",), ("rare",), ("biz", "tier")), "clusters": ((), ("team",), ("biz",))}
METRICS = ("score", "bad", "wait")
FIRST = {("clusters", "bad"), ("few", "wait"), ("weights", "score")}  # each metric, and each kind but the plain one
LOOKS = [pytest.param(*look, marks=() if look in FIRST else pytest.mark.prove) for look in product(KINDS, METRICS)]


@pytest.mark.parametrize(("kind", "metric"), LOOKS)
def test_every_answer_can_be_said(kind: str, metric: str, houses: dict[str, Warehouse]) -> None:
    """No exception but a problem with its sentence, no missing text, no number that is none."""
    chosen = Selection(metric, OCTOBER, SEPTEMBER)
    told = 0
    for by, asked in product(CUTS.get(kind, ((), ("biz",))), QUESTIONS.values()):
        try:
            statements = said(contrast(houses[kind], chosen, by=by, **asked))
            told += 1
        except Problem as problem:
            statements = [problem.statement]
        for statement in statements:
            reads_well(statement)
    assert told >= 6


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["plain", pytest.param("clusters", marks=pytest.mark.prove)])
def test_every_test_answers_or_says_that_it_cannot(method: str, kind: str, houses: dict[str, Warehouse]) -> None:
    answered = 0
    for metric, by, kind_of in product(("score", "bad"), ((), ("tier",)), ("groups", "change")):
        asked = QUESTIONS[kind_of]
        try:
            found = contrast(houses[kind], Selection(metric, OCTOBER, SEPTEMBER), by=by, method=method, **asked)
        except Problem as problem:
            reads_well(problem.statement)
            continue
        answered += 1
        assert found.statistics["test"] in (method, "dunn")
        for statement in said(found):
            reads_well(statement)
    assert answered or (kind == "plain" and "clustered" in method)


@pytest.mark.parametrize("segment", [("rest",), (None,), ("a",)])
def test_a_group_may_be_called_rest_or_be_blank(segment: tuple[str | None], houses: dict[str, Warehouse]) -> None:
    found = contrast(houses["plain"], Selection("score"), by=["biz"], segment=segment)
    rated = answers().dropna(subset=["score"])
    own = rated["biz"].isna() if segment == (None,) else rated["biz"] == segment[0]
    row = found.parts["pairs"].iloc[0]
    assert (row["a"], row["n_a"], row["n_b"]) == (segment, own.sum(), (~own).sum())
    wanted = 10 * (rated.loc[own, "score"].mean() - rated.loc[~own, "score"].mean())
    assert row["difference"] == pytest.approx(wanted, abs=1e-9)
    assert not math.isnan(found.statistics["response_rate"])
    for statement in said(found):
        reads_well(statement)


def test_a_withheld_segment_has_no_number_and_a_reason(houses: dict[str, Warehouse]) -> None:
    thin = contrast(houses["plain"], Selection("score", OCTOBER), by=["rare"], segment=("z",))
    row = thin.parts["pairs"].iloc[0]
    assert row["n_a"] < 10
    assert row[["difference", "low", "high", "p", "effect"]].isna().all()
    assert thin.statistics["verdict"] == "not_enough_evidence"
    assert {"contrast.withheld"} <= {s.key for s in thin.caveats}


MISTAKES: dict[str, tuple[dict[str, Any], type[Problem]]] = {
    "contrast.unknown_question": ({"question": "group"}, BadInput),
    "contrast.unknown_method": ({"by": ["biz"], "method": "welch"}, BadInput),
    "contrast.no_dimension": ({"question": "groups"}, BadInput),
    "contrast.no_baseline": ({"question": "period", "selection": Selection("score", OCTOBER)}, BadInput),
    "contrast.no_target": ({"question": "target", "against": "high"}, BadInput),
    "contrast.no_benchmark": ({"question": "benchmark"}, BadInput),
    "contrast.unknown_benchmark": ({"against": "nobody"}, BadInput),
    "contrast.benchmark_empty": ({"against": "bare", "selection": Selection("score", SEPTEMBER)}, NothingToShow),
    "contrast.bad_threshold": ({"by": ["biz"], "threshold": -1.0}, BadInput),
    "contrast.method_not_here": ({"by": ["biz"], "question": "groups", "method": "welch_t"}, BadInput),
    "contrast.one_group": (
        {"by": ["biz"], "question": "groups", "selection": Selection("score").where("biz", "a")},
        NothingToShow,
    ),
    "contrast.segment_empty": ({"by": ["biz"], "segment": ("nobody",)}, NothingToShow),
    "contrast.no_strata": ({"by": ["biz"], "question": "groups", "complexity": "wait"}, BadInput),
    "contrast.too_few": ({"by": ["rare"], "selection": BOTH.where("rare", "z")}, NothingToShow),
    "contrast.too_few_repeated": (
        {"method": "paired_t", "selection": BOTH.where("many", "m0").where("tier", "lo")},
        NothingToShow,
    ),
    "contrast.too_many_groups": (
        {"by": ["team", "many", "biz"], "question": "rest", "selection": Selection("score")},
        BadInput,
    ),
    "selection.empty": (
        {"by": ["biz"], "question": "rest", "selection": Selection("score").where("biz", "q")},
        NothingToShow,
    ),
    "model.unknown_metric": ({"by": ["biz"], "selection": Selection("scores")}, BadInput),
    "model.unknown_dimension": ({"by": ["bizness"]}, BadInput),
}


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_is_told_in_a_sentence(key: str, houses: dict[str, Warehouse]) -> None:
    given, kind = MISTAKES[key]
    asked = {"selection": BOTH, **given}
    with pytest.raises(kind) as raised:
        contrast(houses["plain"], asked.pop("selection"), **asked)
    assert raised.value.statement.key == key
    reads_well(raised.value.statement)


def test_effort_must_be_recorded(houses: dict[str, Warehouse]) -> None:
    with pytest.raises(BadInput, match=r"unknown_metric"):
        contrast(houses["plain"], BOTH, by=["biz"], alike=["tier"], complexity="effort")
