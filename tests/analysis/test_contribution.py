"""Shares of lost points: sums, splits and weights by plain pandas, intervals by resampling."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.contribution import contribution
from analysis.result import Result
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from tests.analysis.conftest import MakeWarehouse

MODEL = """
time = { column = "day" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6, missing = [0] }
[metrics]
transferred = { column = "transferred", better = "low" }
[dimensions]
business = { column = "business" }
team = { column = "team" }
scenes = { columns = { home = "home", office = "office" } }
[reasons]
reason = { column = "reason", split = "|", not_stated = "none given" }
causes = { columns = { slow = "home", dear = "office" }, not_stated = "none given" }
"""
CLUSTERED = MODEL.replace("score =", 'cluster = "team"\nscore =', 1)
SURVEY = MODEL.replace("score =", 'weight = { column = "w", kind = "survey" }\nscore =', 1)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng, n = np.random.default_rng(3), 2_000
    team = rng.integers(0, 40, n)
    score = np.clip(np.rint(8 + rng.normal(0, 0.8, 40)[team] + rng.normal(0, 2, n)), 1, 10)
    reasons = np.asarray(["wait", "fee", "wait|fee", "fee|wait|staff", "", "none given"])
    frame = pd.DataFrame(
        {
            "day": pd.Timestamp("2026-10-01") + pd.to_timedelta(rng.integers(0, 31, n), unit="D"),
            "score": np.where(rng.random(n) < 0.05, 0, score),
            "transferred": rng.integers(0, 2, n),
            "business": rng.choice(["2G", "3G", "固话", None], n, p=[0.5, 0.3, 0.15, 0.05]),
            "team": [f"t{k}" for k in team],
            "home": rng.integers(0, 2, n),
            "office": rng.integers(0, 2, n),
            "reason": reasons[rng.integers(0, len(reasons), n)],
            "w": rng.uniform(0.2, 3, n),
        }
    )
    frame.loc[:6, "business"] = "tiny"
    frame.loc[:6, "score"] = 3
    return frame


def by_segment(result: Result, name: str) -> dict[str | None, float]:
    return {segment[0]: value for segment, value in zip(result.table["segment"], result.table[name], strict=True)}


def valid(answers: pd.DataFrame) -> pd.DataFrame:
    return answers[answers["score"] > 0].assign(lost=lambda a: 100 - 10 * a["score"])


def test_shares_scores_and_lost_points(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found, rows = contribution(warehouse_of(answers, MODEL), Selection(), by=["business"]), valid(answers)
    groups = rows.assign(business=rows["business"].astype(object).where(rows["business"].notna(), "?")).groupby(
        "business"
    )
    for segment, group in groups:
        key = None if segment == "?" else segment
        assert by_segment(found, "n")[key] == len(group)
        assert by_segment(found, "share")[key] == pytest.approx(len(group) / len(rows))
        assert by_segment(found, "lost_points")[key] == pytest.approx(group["lost"].sum() / len(rows))
        assert by_segment(found, "contribution")[key] == pytest.approx(group["lost"].sum() / rows["lost"].sum())
        if len(group) >= 10:
            assert by_segment(found, "score")[key] == pytest.approx(10 * group["score"].mean())
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)
    assert found.table["lost_points"].sum() == pytest.approx(100 - found.statistics["score"], abs=1e-9)
    known = found.table.dropna(subset=["index"])
    assert (known["index"] * known["share"]).tolist() == pytest.approx(known["contribution"].tolist())


def test_a_tiny_segment_keeps_what_sums_and_withholds_the_rest(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame
) -> None:
    found = contribution(warehouse_of(answers, CLUSTERED), Selection(), by=["business"])
    tiny = found.table[found.table["segment"] == ("tiny",)].iloc[0]
    assert tiny["n"] == 7 and tiny["lost_points"] > 0 and tiny["contribution"] > 0
    withheld = ["score", "low", "high", "contribution_low", "contribution_high", "index"]
    assert tiny[withheld].astype(float).isna().all()
    assert [c.values["segments"] for c in found.caveats if c.key == "caveat.withheld"] == [1]


@pytest.mark.parametrize("metric", ["transferred", "dissatisfied", "satisfied"])
def test_a_metric_where_low_is_better_loses_upwards(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame, metric: str
) -> None:
    found = contribution(warehouse_of(answers, MODEL), Selection(metric), by=["business"])
    distance = found.statistics["score"] if metric != "satisfied" else 100 - found.statistics["score"]
    assert found.statistics["lost_points"] == pytest.approx(distance)
    assert found.table["lost_points"].sum() == pytest.approx(distance, abs=1e-9)
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)


def test_several_reasons_share_the_loss_of_an_answer(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found, rows = contribution(warehouse_of(answers, MODEL), Selection(), by=["reason"]), valid(answers)
    losing = rows[rows["lost"] > 0]
    lists = losing["reason"].replace("", "none given").str.split("|")
    parts = losing.assign(reason=lists, part=1 / lists.str.len()).explode("reason")
    expected = (parts["lost"] * parts["part"]).groupby(parts["reason"]).sum() / losing["lost"].sum()
    assert by_segment(found, "contribution") == pytest.approx(expected.to_dict())
    assert by_segment(found, "n") == pytest.approx(parts.groupby("reason").size().to_dict())
    shares = parts["part"].groupby(parts["reason"]).sum() / len(losing)
    assert by_segment(found, "share") == pytest.approx(shares.to_dict())
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)
    assert found.statistics["additive"] is True


def test_reasons_over_several_columns_sum_too(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found = contribution(warehouse_of(answers, CLUSTERED), Selection(), by=["causes"])
    assert set(by_segment(found, "n")) == {"slow", "dear", "none given"}
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)
    assert found.table["lost_points"].sum() == pytest.approx(found.statistics["lost_points"], abs=1e-9)


@pytest.mark.parametrize("by", [["scenes"], ["scenes", "reason"]])
def test_overlapping_segments_are_flagged(warehouse_of: MakeWarehouse, answers: pd.DataFrame, by: list[str]) -> None:
    found = contribution(warehouse_of(answers, MODEL), Selection(), by=by)
    assert found.statistics["additive"] is False
    assert "caveat.overlap" in {c.key for c in found.caveats}
    assert found.table["contribution"].sum() > 1


def test_an_overlapping_segment_takes_all_its_contacts_lose(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame
) -> None:
    found, rows = contribution(warehouse_of(answers, MODEL), Selection(), by=["scenes"]), valid(answers)
    home = rows[rows["home"] == 1]
    assert by_segment(found, "contribution")["home"] == pytest.approx(home["lost"].sum() / rows["lost"].sum())
    assert by_segment(found, "share")["home"] == pytest.approx(len(home) / len(rows))


def test_survey_weights(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found, rows = contribution(warehouse_of(answers, SURVEY), Selection(), by=["business"]), valid(answers)
    own = rows[rows["business"] == "3G"]
    lost, everything = (own["lost"] * own["w"]).sum(), (rows["lost"] * rows["w"]).sum()
    assert by_segment(found, "contribution")["3G"] == pytest.approx(lost / everything)
    assert by_segment(found, "share")["3G"] == pytest.approx(own["w"].sum() / rows["w"].sum())
    assert by_segment(found, "score")["3G"] == pytest.approx(10 * np.average(own["score"], weights=own["w"]))


def test_against_a_target(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found = contribution(warehouse_of(answers, MODEL), Selection(), by=["business"], target=90.0)
    assert found.table["target_gain"].sum() == pytest.approx(90 - found.statistics["score"], abs=1e-9)
    known = found.table.dropna(subset=["score"])
    assert (known["share"] * (90 - known["score"])).tolist() == pytest.approx(known["target_gain"].tolist())


@pytest.mark.parametrize(("model", "by"), [(MODEL, "business"), (CLUSTERED, "business"), (CLUSTERED, "reason")])
def test_intervals_against_a_bootstrap(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame, model: str, by: str
) -> None:
    found, rows = contribution(warehouse_of(answers, model), Selection(), by=[by]), valid(answers)
    rng, names = np.random.default_rng(8), rows["team"].str[1:].astype(int).to_numpy()
    inside = {"business": rows["business"] == "3G", "reason": rows["reason"].str.contains("wait")}[by]
    parts = 1 / rows["reason"].str.split("|").str.len() if by == "reason" else 1.0
    lost, own = rows["lost"].to_numpy(), (rows["lost"] * parts * inside.fillna(False)).to_numpy()
    draws = []
    for _ in range(1500):
        if model is CLUSTERED:
            weights = np.bincount(rng.integers(0, 40, 40), minlength=40)[names]
        else:
            weights = np.bincount(rng.integers(0, len(rows), len(rows)), minlength=len(rows))
        draws.append((weights @ own) / (weights @ lost))
    row = found.table[found.table["segment"] == ({"business": "3G", "reason": "wait"}[by],)].iloc[0]
    assert row["contribution"] == pytest.approx(own.sum() / lost.sum())
    reach = (row["contribution_high"] - row["contribution_low"]) / 2
    assert reach == pytest.approx(2.0 * np.std(draws), rel=0.1)


def frame(scores: list[float | None], reason: str = "wait") -> pd.DataFrame:
    n = len(scores)
    return pd.DataFrame(
        {"day": pd.Timestamp("2026-10-05"), "score": pd.Series(scores, dtype=float), "transferred": 0}
        | {"business": "2G", "team": "t", "home": 1, "office": 0, "reason": reason, "w": 1.0},
        index=range(n),
    )


def test_nothing_lost(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(frame([10.0] * 20), MODEL)
    for by in ("business", "reason"):
        found = contribution(warehouse, Selection(), by=[by])
        assert found.findings[0].key == "contribution.nothing_lost"
        assert found.statistics["lost_points"] == 0


def test_constant_scores_and_one_segment(warehouse_of: MakeWarehouse) -> None:
    found = contribution(warehouse_of(frame([7.0] * 20), MODEL), Selection(), by=["business"])
    assert found.findings[0].key == "contribution.one_segment"
    assert found.table[["contribution", "contribution_low", "contribution_high"]].iloc[0].tolist() == [1, 1, 1]
    assert found.table[["score", "low", "high"]].iloc[0].tolist() == pytest.approx([70, 70, 70])


@pytest.mark.parametrize("by", ["business", "reason", "scenes"])
def test_nothing_to_show(warehouse_of: MakeWarehouse, by: str) -> None:
    missing = warehouse_of(frame([None, 0.0, 11.0]), CLUSTERED)
    late = Selection(period=Period(date(2030, 1, 1), date(2030, 2, 1)))
    for selection in (Selection(), late, Selection().where("business", "none such")):
        with pytest.raises(NothingToShow) as problem:
            contribution(missing, selection, by=[by])
        assert problem.value.statement.key == "selection.empty"


def test_bad_questions(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(frame([7.0]), MODEL)
    with pytest.raises(BadInput) as problem:
        contribution(warehouse, Selection(), by=[])
    assert problem.value.statement.key == "contribution.no_dimension"
    with pytest.raises(BadInput) as problem:
        contribution(warehouse, Selection(), by=["buisness"])
    assert problem.value.statement.values["near"] == "business"
