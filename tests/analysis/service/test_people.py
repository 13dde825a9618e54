"""People: weights of 3.0, losses in a team's own power by hand, slopes between and within against a library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.service.board.board import service_measure
from analysis.service.people.people import people
from analysis.service.people.relations import relations
from data_access.selection import Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse
from data_access.warehouse.dialects.duckdb import to_read
from pages.words.catalogue import LANGUAGES, Catalogue

from ..test_pinned import is_kept_as_it_was
from .conftest import Beside

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NOTHING = Selection("score", OCTOBER)
REASONS = '[reasons]\nreason = { column = "reason", split = "|", not_stated = "not_stated", power = "powers" }\n'
TIMES = '[drivers]\ntalk = { column = "talk_s", unit = "s" }\nwrap = { column = "wrap_s", unit = "s" }\n'
POWERS = pd.DataFrame({"reason": ["rude", "rule", "fault"], "power": ["centre", "business_rule", "customer_side"],
                       "owner": "x"})  # fmt: skip


def contacts(**columns: object) -> pd.DataFrame:
    n = max(len(values) for values in columns.values() if isinstance(values, list))
    base = {"contact_id": [f"c{i}" for i in range(n)], "customer_id": [f"p{i}" for i in range(n)], "score": 8,
            "contacted_at": pd.Timestamp("2026-10-05 09:00"), "touchpoint": "phone", "tier": "basic", "team": "t1",
            "agent_id": "a1", "reason": None, "talk_s": 60.0, "wrap_s": 0.0}  # fmt: skip
    return pd.DataFrame({**base, **columns})


def test_sixty_seconds_against_a_hundred_and_twenty_and_sixty_make_three(beside: Beside) -> None:
    """Two teams take as many contacts an agent; one of them only complaints."""
    table = contacts(touchpoint=["phone"] * 60 + ["complaint"] * 40, talk_s=[60.0] * 60 + [120.0] * 40,
                     wrap_s=[0.0] * 60 + [60.0] * 40, team=["t1"] * 40 + ["t2"] * 60,
                     agent_id=["a1", "a2"] * 20 + ["b1", "b2", "b3"] * 20)  # fmt: skip
    warehouse = beside(table, extra='agent = "agent_id"\n', drivers=TIMES)
    found = people(warehouse, NOTHING)
    rows = found.parts["complexity"]
    assert rows["value"].tolist() == [("complaint",), ("phone",)]
    assert rows["weight"].tolist() == pytest.approx([3.0, 1.0])
    assert (rows["weight_low"].iloc[1], rows["weight_high"].iloc[1]) == (1.0, 1.0)
    loads = found.parts["loads"].set_index("segment")
    assert loads["contacts"].tolist() == [20.0, 20.0]
    assert loads["load"].to_dict() == {("t2",): pytest.approx((20 + 40 * 3) / 3), ("t1",): 20.0}
    assert loads["rank"].tolist() == [1, 1] and loads["rank_weighted"].tolist() == [1, 2]
    said = [Catalogue.load(language).say(found.findings[-1]) for language in LANGUAGES]
    assert any("never to pay" in text for text in said) and any("不用于计酬" in text for text in said)
    with pytest.raises(BadInput, match=r"model\.unknown_value"):
        people(warehouse, NOTHING, reference="nope")


def test_a_team_is_not_judged_by_its_mix_nor_by_rules(beside: Beside) -> None:
    """Of both tiers half lose two points: by a rule, or in halves by a rule and the centre; t1 has more of the worse.

    One answer of t2 names no reason, one the customer's side.
    """
    tiers = ["vip"] * 80 + ["basic"] * 20 + ["vip"] * 20 + ["basic"] * 80
    lost = [i % 2 == 0 for i in range(200)]
    reason = [None if not bad else "rude|rule" if tier == "vip" else "rule"
              for tier, bad in zip(tiers, lost, strict=True)]  # fmt: skip
    reason[-2], reason[-4] = None, "fault"
    table = contacts(score=[8 if bad else 10 for bad in lost], tier=tiers, team=["t1"] * 100 + ["t2"] * 100,
                     reason=reason)  # fmt: skip
    warehouse = beside(table, extra='question = "tier"\n', drivers=REASONS, reasons=POWERS)
    found = people(warehouse, NOTHING)
    rows = found.parts["own_power"].sort_values("segment")
    t1, t2 = rows.to_dict("records")
    assert (t1["lost"], t1["own"], t1["others"]) == pytest.approx((10.0, 4.0, 6.0))
    assert (t2["own"], t2["others"], t2["customer"], t2["unstated"]) == pytest.approx((1.0, 8.6, 0.2, 0.2))
    assert t2["own_share"] == pytest.approx(1.0 / 9.8)
    assert (t1["expected"], t1["difference"]) == pytest.approx((4.0, 0.0))
    y = np.array([10.0] * 40 + [0.0] * 60)
    assert t1["own_high"] - t1["own"] == pytest.approx(1.959964 * y.std(ddof=1) / 10, rel=1e-3)
    assert set(rows["verdict"]) == {"alike"}
    powers = found.parts["powers"].set_index("power")["points"]
    assert powers.sum() == pytest.approx(10.0) and powers["unstated"] == pytest.approx(0.1)
    assert "people.none_more" in [s.key for s in found.findings]


def months(seed: int, *, between: float, within: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Agents of 20 teams over 3 months; their training moves the score by so much between and within teams."""
    rng, rows = np.random.default_rng(seed), []
    for team in range(20):
        level = rng.normal(0, 2)
        for month in range(3):
            for agent in range(8):
                own, n = rng.normal(0, 1.5), int(rng.integers(5, 30))
                answers = rng.normal(8 + (between * level + within * own) / 10 + rng.normal(0, 0.05), 1.0, n)
                rows.append((f"a{team}.{agent}", f"2026-0{7 + month}-01", f"t{team}", 6 + level + own, answers))
    table = pd.DataFrame(rows, columns=["who", "start", "team", "training_hours", "x"])
    n = table["x"].map(len).astype(float)
    sums = {"n": n, "w": n, "v": n, "wx": table["x"].map(sum), "vx": table["x"].map(sum),
            "vxx": table["x"].map(lambda x: float((x**2).sum()))}  # fmt: skip
    scores = table[["who", "start", "team"]].assign(**sums)
    known = table[["who", "start", "team", "training_hours"]].assign(
        coaching_hours=np.nan, occupancy=np.nan, tenure_days=400.0
    )
    return scores, known


def test_slopes_between_and_within_are_those_of_a_library(beside: Beside) -> None:
    metric = beside().model.metric("score")
    scores, known = months(1, between=1.5, within=-1.0)
    (row,) = relations(scores, known, metric, ("team",)).to_dict("records")
    both = scores.merge(known)
    cell = [both["team"], both["start"]]
    mean = (both["n"] * both["training_hours"]).groupby(cell).transform("sum") / both["n"].groupby(cell).transform(
        "sum"
    )
    x = np.column_stack([np.ones(len(both)), mean, both["training_hours"] - mean])
    root = np.sqrt(both["n"].to_numpy())
    theirs = np.linalg.lstsq(x * root[:, None], (10 * both["wx"] / both["n"]).to_numpy() * root, rcond=None)[0]
    assert (row["between"], row["within"]) == pytest.approx(tuple(theirs[1:]))
    assert row["verdict"] == "ecological" and row["between"] > 0 > row["within"] and row["team_months"] == 60


@pytest.mark.prove
def test_no_ecological_warning_where_teams_and_agents_agree_or_nothing_is_there(beside: Beside) -> None:
    """The warning comes in at most 5 % of the draws, with room for the luck of a hundred."""
    metric = beside().model.metric("score")
    for slopes in ((0.0, 0.0), (1.0, 1.0)):
        found = [relations(*months(seed, between=slopes[0], within=slopes[1]), metric, ("team",))
                 for seed in range(100)]  # fmt: skip
        assert np.mean([table["verdict"].tolist() == ["ecological"] for table in found]) <= 0.1


def test_without_a_table_or_agents_one_sentence_says_what_to_do(beside: Beside) -> None:
    found = people(
        beside(contacts(score=[8, 9] * 30, reason=["rude"] * 60), drivers=REASONS, reasons=POWERS), NOTHING
    )
    keys = [s.key for s in found.caveats]
    assert {"service.no_table.agents", "people.no_tenure", "people.no_handling"} <= set(keys)
    assert list(found.parts) == ["own_power", "powers"] and "people.not_clustered" in keys
    with pytest.raises(BadInput, match=r"people\.no_tenure|service\.no_table"):
        service_measure(beside(), NOTHING, measure="new_hire_share")


@pytest.mark.prove
def test_the_sample_shows_coaching_that_is_no_lever(sample: Warehouse) -> None:
    whole = people(sample, Selection("score")).parts["relations"].set_index("measure")["verdict"]
    assert whole["coaching_hours"] == "ecological"
    repeats = people(sample, Selection("fcr_48", OCTOBER))  # a metric that no column holds
    assert {"own_power", "relations", "tenure"} <= set(repeats.parts)


def test_the_sample_shows_new_hires_and_their_team(sample: Warehouse, sample_of: Callable[..., Path]) -> None:
    selection = Selection("score", OCTOBER, OCTOBER.previous())
    found = people(sample, selection)
    is_kept_as_it_was("people", found)
    with to_read(sample_of(contacts=60_000)) as db:
        expected = db.execute(
            "SELECT team::VARCHAR, avg((tenure_days <= 60)::INT) FROM contacts WHERE tenure_days IS NOT NULL "
            "AND contacted_at >= '2026-10-01' AND contacted_at < '2026-11-01' GROUP BY 1"
        ).fetchall()
    shares = zip(found.table["segment"], found.table["new_hire_share"], strict=True)
    assert {team: share for (team,), share in shares} == pytest.approx(dict(expected))
    assert found.table["segment"].iloc[0] == ("team_17",)
    assert found.parts["complexity"]["weight"].max() > 1.5
    for measure, by in (("new_hire_share", "touchpoint"), ("occupancy", "team")):
        opened = service_measure(sample, selection, measure=measure, by=(by,))
        assert opened.table["score"].dropna().between(0, 100).all() and len(opened.table) > 3
    with pytest.raises(BadInput, match=r"service\.not_by"):
        service_measure(sample, selection, measure="occupancy", by=("tier",))
