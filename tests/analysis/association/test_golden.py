"""Numbers of R 4.2.2 and of scipy on the rows, through the whole matrix: file, codes, counts, coefficient, family."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.association import association
from analysis.association.pairwise import relate
from data_access.selection import Selection
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.stats.golden import Case, data

from .frames import keys, row

CSAT = """
contact_id = "id"
score = { column = "score10", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
resolved = { column = "resolved", values = [0, 1] }
[drivers]
solve = { column = "solve", level = "ordinal" }
osat = { column = "osat", level = "ordinal" }
solve_number = { column = "solve" }
osat_number = { column = "osat" }
handle = { column = "handle_min", unit = "min", better = "low" }
[dimensions]
channel = { column = "channel" }
"""
JOBS = """
weight = { column = "Freq", kind = "frequency" }
score = { column = "score", scale = [1, 5] }
[dimensions]
income = { column = "income" }
satisfaction = { column = "satisfaction" }
"""


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return data("csat")


@pytest.fixture(scope="module")
def csat(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> Warehouse:
    return warehouse_of(rows, CSAT)


def test_two_orders(csat: Warehouse) -> None:
    case = Case("ordinal_assoc_csat")
    found = row(association(csat, Selection(), columns=["solve", "osat"]), "solve", "osat")
    assert (found["coefficient"], found["reason"], found["n"]) == ("tau_b", "both_ordinal", 1200)
    assert found["value"] == case.near("tau_b")
    assert found["p"] == pytest.approx(2 * stats.norm.sf(case.expected["kendall_z"]), rel=1e-6)
    assert found["low"] < found["value"] < found["high"]
    assert (found["n_effective"], found["strength"]) == (1200, "large")


@pytest.mark.parametrize(
    ("name", "key"), [("spearman", "spearman"), ("gamma", "gamma"), ("somers_d", "somers_d_col_dependent")]
)
def test_another_coefficient_of_two_orders(csat: Warehouse, name: str, key: str) -> None:
    codes = csat.codes(["solve", "osat"], None, ())
    found = relate(codes.columns["solve"], codes.columns["osat"], codes, name)
    assert found.association.value == Case("ordinal_assoc_csat").near(key)
    assert found.reason == "asked"


def test_two_numbers(csat: Warehouse) -> None:
    found = row(
        association(csat, Selection(), columns=["solve_number", "osat_number"]), "solve_number", "osat_number"
    )
    assert found["coefficient"] == "pearson"
    assert found["value"] == Case("ordinal_assoc_csat").near("pearson")


def test_a_rate_and_a_score(csat: Warehouse) -> None:
    case = Case("point_biserial")
    found = row(association(csat, Selection(), columns=["resolved", "score"]), "resolved", "score")
    assert (found["coefficient"], found["reason"]) == ("point_biserial", "binary_interval")
    assert found["value"] == case.near("r")
    assert found["p"] == case.near("p")
    assert [found["low"], found["high"]] == case.near("ci95")


def test_sparse_names_from_counts(warehouse_of: MakeWarehouse) -> None:
    case = Case("chi2_sparse_jobsat")
    found = association(
        warehouse_of(data("jobsat").assign(score=1), JOBS), Selection(), columns=["income", "satisfaction"]
    )
    pair = row(found, "income", "satisfaction")
    assert (pair["coefficient"], pair["reason"]) == ("cramers_v", "both_nominal")
    assert pair["value"] == case.near("V_bias_corrected")
    assert pair["p"] == case.near("p")
    assert pair["n"] == data("jobsat")["Freq"].sum()
    assert keys(found)[0] == "association.none_sure"


def test_every_kind_of_pair_as_scipy_has_it(csat: Warehouse, rows: pd.DataFrame) -> None:
    """A pair of each kind that the columns allow, on the rows."""
    found = association(csat, Selection(), columns=["score", "osat", "handle", "channel", "resolved"])
    r = stats.pearsonr(rows["score10"], rows["handle_min"])
    pair = row(found, "score", "handle")
    assert [pair["value"], pair["p"]] == pytest.approx([r.statistic, r.pvalue], rel=1e-8)
    assert [pair["low"], pair["high"]] == pytest.approx(list(r.confidence_interval()), rel=1e-8)
    rank, pair = stats.spearmanr(rows["osat"], rows["handle_min"]), row(found, "osat", "handle")
    assert (pair["coefficient"], pair["reason"]) == ("spearman", "ordinal_interval")
    assert [pair["value"], pair["p"]] == pytest.approx([rank.statistic, rank.pvalue], rel=1e-8)
    tau, pair = stats.kendalltau(rows["resolved"], rows["osat"], method="asymptotic"), row(found, "resolved", "osat")
    assert (pair["coefficient"], pair["reason"]) == ("tau_b", "binary_ordinal")
    assert [pair["value"], pair["p"]] == pytest.approx([tau.statistic, tau.pvalue], rel=1e-8)
    groups = [g["handle_min"] for _, g in rows.groupby("channel")]
    f, pair = stats.f_oneway(*groups), row(found, "channel", "handle")
    assert pair["p"] == pytest.approx(f.pvalue, rel=1e-8)
    omega2 = max(3 * (f.statistic - 1) / (3 * (f.statistic - 1) + len(rows)), 0)
    assert pair["value"] == pytest.approx(math.sqrt(omega2), rel=1e-8)
    h = stats.kruskal(*(g["osat"] for _, g in rows.groupby("channel")))
    assert row(found, "channel", "osat")["p"] == pytest.approx(h.pvalue, rel=1e-8)
    chi2 = stats.chi2_contingency(pd.crosstab(rows["channel"], rows["resolved"]), correction=False)
    pair = row(found, "channel", "resolved")
    assert (pair["reason"], pair["p"]) == ("nominal_binary", pytest.approx(chi2.pvalue, rel=1e-8))
    assert found.statistics["adjustment"] == "holm"
    assert "association.pairwise" not in keys(found)


def with_p_values(p: list[float], n: int = 500) -> pd.DataFrame:
    """Numbers whose correlations, pair by pair, have just these p."""
    k = round((1 + math.sqrt(1 + 8 * len(p))) / 2)
    t = stats.t.isf(np.array(p) / 2, n - 2)
    r = np.eye(k)
    r[np.triu_indices(k, 1)] = t / np.sqrt(n - 2 + t**2)
    drawn = np.random.default_rng(1).normal(size=(n, k))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(drawn.T @ drawn)).T
    return pd.DataFrame(white @ np.linalg.cholesky(r + np.triu(r, 1).T).T * 10, columns=[f"x{i}" for i in range(k)])


def test_a_family_of_fifteen_as_published(warehouse_of: MakeWarehouse) -> None:
    """The p of Benjamini and Hochberg (1995, 4.1) as the pairs of six columns."""
    case = Case("p_adjust")
    frame = with_p_values(case.inputs["bh1995"])
    listed = "\n".join(f'{name} = {{ column = "{name}" }}' for name in frame)
    model = f'score = {{ column = "score", scale = [1, 5] }}\n[drivers]\n{listed}'
    found = association(warehouse_of(frame.assign(score=3), model), Selection(), columns=list(frame))
    assert (found.statistics["family"], found.statistics["adjustment"]) == (15, "bh")
    assert found.table["p"].tolist() == pytest.approx(case.inputs["bh1995"], rel=1e-7)
    assert found.table["p_adjusted"].tolist() == pytest.approx(case.expected["bh1995"]["BH"], rel=1e-7)
    assert found.statistics["sure"] == case.expected["bh_rejects_at_05"]
    assert "association.strongest" in keys(found)
