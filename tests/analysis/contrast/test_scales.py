"""Effects agree with their test, and power is counted on the scale of the test: against scipy and statsmodels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.power import tt_ind_solve_power

from analysis.contrast import contrast
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from sample_data import make
from tests.analysis.conftest import MakeWarehouse

MODEL = """
customer_id = "customer"
time = { column = "at" }
score = { column = "score", scale = [SCALE] }
[dimensions]
g = { column = "g" }
team = { column = "team" }
"""
BOTH = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)


def model(scale: str) -> str:
    return MODEL.replace("SCALE", scale)


def answers(score: list[float], **more: object) -> pd.DataFrame:
    plain = {"at": pd.Timestamp("2026-10-05"), "g": "a", "team": "t", "customer": range(len(score))}
    return pd.DataFrame({"score": score}).assign(**{**plain, **more})


def turned(t: float, df: float, p: float) -> float:
    return float(brentq(lambda nc: stats.nct.cdf(t, df, nc) - p, t - 9, t + 9))


def test_two_answers_are_too_few_not_an_error(warehouse_of: MakeWarehouse) -> None:
    for by in ("g", "team"):
        warehouse = warehouse_of(answers([5, 3], g=["a", "b"], team=["x", "y"]), model("1, 5"))
        with pytest.raises(NothingToShow) as found:
            contrast(warehouse, Selection(), by=[by], question="rest")
        assert found.value.statement.key == "contrast.too_few"


def test_one_sample_d_is_scipys_noncentral_t(warehouse_of: MakeWarehouse) -> None:
    """Eight 4s, ten 5s and two 3s on 1-5 against 68: d 1.469, .822 to 2.098."""
    warehouse = warehouse_of(answers([4] * 8 + [5] * 10 + [3] * 2), model("1, 5"))
    found = contrast(warehouse, Selection(), question="target", against=68.0)
    x = 20 * np.repeat([4.0, 5.0, 3.0], [8, 10, 2])
    t = stats.ttest_1samp(x, 68).statistic
    ends = [turned(t, 19, p) / np.sqrt(20) for p in (0.975, 0.025)]
    effect = found.statistics["effect"]
    assert (effect["value"], effect["low"], effect["high"]) == pytest.approx((t / np.sqrt(20), *ends), abs=1e-6)
    assert (effect["value"], effect["low"], effect["high"]) == pytest.approx((1.469, 0.822, 2.098), abs=5e-4)


def test_paired_d_is_scipys_noncentral_t(warehouse_of: MakeWarehouse) -> None:
    rng = np.random.default_rng(3)
    before = rng.integers(2, 5, 30)
    after = np.clip(before + rng.integers(0, 3, 30), 1, 5)
    rows = pd.concat([answers(list(before), at=pd.Timestamp("2026-09-05")), answers(list(after))])
    effect = contrast(warehouse_of(rows, model("1, 5")), BOTH, question="period", method="paired_t").statistics[
        "effect"
    ]
    t = stats.ttest_rel(after, before).statistic
    ends = [turned(t, 29, p) / np.sqrt(30) for p in (0.975, 0.025)]
    assert (effect["value"], effect["low"], effect["high"]) == pytest.approx((t / np.sqrt(30), *ends), abs=1e-6)


def test_a_clustered_change_and_its_effect_agree(warehouse_of: MakeWarehouse) -> None:
    """Every team fell by the same: the test pairs teams and is sure, so the effect is too."""
    rng = np.random.default_rng(4)
    team = np.repeat(np.arange(12), 25)
    level = rng.normal(0, 1.5, 12)[team]
    before, after = (np.clip(np.round(6.5 + level - fall + rng.normal(0, 1, 300)), 1, 10) for fall in (0.0, 0.6))
    rows = pd.concat([answers(list(x), at=at, team=team.astype(str)) for x, at in
                      ((before, pd.Timestamp("2026-09-05")), (after, pd.Timestamp("2026-10-05")))])  # fmt: skip
    warehouse = warehouse_of(rows, 'cluster = "team"\n' + model("1, 10"))
    s = contrast(warehouse, BOTH, question="period", method="clustered_t").statistics
    assert s["p"] < 0.001 and s["effect"]["high"] < 0
    sd = np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2)
    error = (after.mean() - before.mean()) / s["statistic"] / sd
    assert s["effect"]["low"] == pytest.approx(turned(s["statistic"], s["df"], 0.975) * error, rel=1e-6)
    assert s["effect"]["low"] < s["effect"]["value"] < s["effect"]["high"]


def test_nps_counts_on_its_own_scale(warehouse_of: MakeWarehouse) -> None:
    """Scores differ by 18 of 100, promoters less detractors by 80 and more: so many more answers are needed."""
    rng = np.random.default_rng(5)
    rows = answers(list(rng.integers(5, 11, 400)), g=list("ab" * 200))
    warehouse = warehouse_of(rows.assign(invited=1), model("0, 10") + "")
    s = contrast(warehouse, Selection(), by=["g"], question="groups", method="nps", threshold=1.0).statistics
    points = np.where(rows["score"] >= 9, 100.0, np.where(rows["score"] <= 6, -100.0, 0.0))
    assert s["needed_n"] == pytest.approx(tt_ind_solve_power(1 / points.std(), alpha=0.05, power=0.8), rel=1e-3)
    assert s["needed_n"] > 15 * tt_ind_solve_power(10 / (100 * rows["score"].std()), alpha=0.05, power=0.8)


def test_nps_needs_on_the_sample_what_the_formula_says(sample_of: Callable[..., Path]) -> None:
    """By hand, from the answers themselves: (1.96 + 0.84)^2 x 2 sd^2, sd that of -100, 0 and 100, times the variance
    of this comparison by that of answers which are not alike. The spread of the score instead gave an eighth of it.
    """
    path = sample_of(contacts=60_000)
    with to_read(path) as connection:
        raw = connection.execute(
            "SELECT score, contacted_at >= '2026-10-01' AS now FROM contacts "
            "WHERE score BETWEEN 1 AND 10 AND exempted = 0 "
            "AND contacted_at >= '2026-09-01' "
            "AND contacted_at < '2026-11-01'"
        ).fetchdf()
    warehouse = open_warehouse(path, read_model(Path(make.__file__).with_name("semantic.toml")))
    found = contrast(warehouse, BOTH, question="period", method="nps", threshold=1.0).statistics
    points = np.where(raw["score"] >= 9, 100.0, np.where(raw["score"] <= 6, -100.0, 0.0))
    squares = points[
        raw["now"]
    ].var()  # the spread of the answers that are compared, which the other side is given too
    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert found["n"] == len(points)
    sides = 1 / raw["now"].sum() + 1 / (~raw["now"]).sum()
    few = stats.t.ppf(0.975, found["df"]) + stats.t.ppf(0.8, found["df"])  # what the smallest difference is judged by
    worse = (found["detectable"] / few) ** 2 / (squares * sides)
    assert found["needed_n"] == pytest.approx(worse * reach**2 * 2 * squares, rel=0.01)
    assert 0.9 < found["needed_n"] / (2 / sides * found["detectable"] ** 2) < 1, "one says the other but for t"
    score = 10 * raw["score"][raw["now"]].std()
    assert found["needed_n"] > 6 * worse * reach**2 * 2 * score**2
    warehouse.close()


def test_nps_bounds_are_those_of_the_net_promoter_score(warehouse_of: MakeWarehouse) -> None:
    """50 of 100 invited answered on each side: the silent move a share of 1/2 by up to 200 points each way."""
    rows = pd.concat([answers([10.0] * 30 + [5.0] * 20 + [np.nan] * 50, g=g) for g in "ab"]).assign(invited=1)
    warehouse = warehouse_of(rows, 'responded = { column = "invited" }\n' + model("0, 10"))
    s = contrast(warehouse, Selection(), by=["g"], question="groups", method="nps").statistics
    assert (s["bound_low"], s["bound_high"]) == pytest.approx((-100, 100))  # half of the invited: from -100 to 100
