"""A measure among its peers: gap and answers needed as published, ranks outside, what is no peer, both languages."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportions_ztest

from analysis.service.ranking.outside import needed_to_tell
from analysis.service.ranking.peers import peers
from data_access.labels import Labels
from data_access.metric_kinds import Nps, Rate
from data_access.metrics import Metric
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from ..test_pinned import is_kept_as_it_was
from .conftest import CONTACTS, MODEL, Beside

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
MENTION = '[metrics]\nmention = { column = "named", values = [0, 1], better = "low", survey = true }\n'


@pytest.fixture
def asked(beside: Beside) -> Warehouse:
    """2,000 respondents of whom 2.8 % name the hotline, against a group of 46,000 with 2.6 %."""
    n = 2_000
    contacts = pd.DataFrame(
        {
            "contact_id": range(n),
            "customer_id": range(n),
            "score": 7,
            "touchpoint": "phone",
            "contacted_at": CONTACTS["contacted_at"].iloc[0],
            "tier": "vip",
            "team": np.where(np.arange(n) % 2, "t1", "t2"),
            "named": (np.arange(n) < 56).astype(int),
        }
    )
    told = [("group", 2.6, 46_000, 0), ("north", 1.0, 4_000, 1), ("south", 9.0, 4_000, 1), ("east", 2.7, None, 1)]
    rows = pd.DataFrame(told, columns=["source", "score", "n", "peer"])
    rows = rows.assign(metric="mention", month="2026-10", dimension=None, value=None)
    made = beside(contacts, benchmarks=rows)
    return open_warehouse(made.address, parse_model(MODEL.replace("[dimensions]", MENTION + "[dimensions]")
                                                    + 'benchmarks = "benchmarks"\n'))  # fmt: skip


def test_the_gap_of_the_mention_rate_and_the_answers_it_would_take(asked: Warehouse) -> None:
    """z = 0.55, p = 0.58; 103,098 answers on each side for 0.2 points, as in the shared definitions."""
    found = peers(asked, Selection("score", OCTOBER), measure="mention", by=("team",))
    rows = found.parts["outside"].set_index("source")
    group = rows.loc["group"]
    assert group["gap"] == pytest.approx(0.2) and group["needed_gap"] == 103_098
    z, p = proportions_ztest([56, 0.026 * 46_000], [2_000, 46_000])
    assert (round(z, 2), round(p, 2)) == (0.55, 0.58)
    assert group["p_adjusted"] == pytest.approx(min(1.0, p))  # the largest of three, by Holm
    assert group["smallest"] == pytest.approx(0.26) and group["needed"] == needed_to_tell(RATE, 2.6, 0.26, 16.0)
    assert np.isnan(group["rank"]) and np.isnan(rows.loc["east", ["low", "p_adjusted", "rank"]].astype(float)).all()
    ours = rows.loc[""]
    assert ours[["value", "rank", "rank_best", "rank_worst"]].tolist() == [pytest.approx(2.8), 2, 2, 2]
    said = [Catalogue.load(language).say(s) for s in found.findings for language in LANGUAGES]
    assert any("rank 2 of 3, beyond chance" in text for text in said) and not any("{" in text for text in said)
    only = peers(asked, Selection("score", OCTOBER, filters=(Filter("team", ("t1",)),)), measure="mention")
    assert [caveat.key for caveat in only.caveats] == ["peers.all_customers"]


RATE = Metric("mention", "named", Labels("mention"), Rate())


def test_answers_needed_for_a_score_that_is_no_share() -> None:
    """Two means a fifth of a standard deviation apart, at 80 % power: 394 on each side (Cohen 1988, table 2.4.1)."""
    nps = Metric("nps", "r", Labels("nps"), Nps())
    assert needed_to_tell(nps, 10.0, -15.0, 75.0) == pytest.approx(394, abs=1)
    assert needed_to_tell(RATE, 99.9, 0.5, 3.0) == needed_to_tell(RATE, 99.9, -0.5, 3.0)  # no share is over 100


def test_every_measure_of_the_board_has_ranks(sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER)
    for measure, by in (("mention", "touchpoint"), ("recommend", "business"), ("escalation_rate", "business"),
                        ("service_level", "region"), ("fcr_48", "region")):  # fmt: skip
        found = peers(sample, selection, measure=measure, by=(by,))
        is_kept_as_it_was("peers", found)
        ranked = found.table.dropna(subset=["rank"])
        assert len(ranked) > 2 and ranked["rank_best"].le(ranked["rank"]).all(), measure
        assert ranked["rank"].le(ranked["rank_worst"]).all() and ranked["rank_worst"].max() <= len(ranked)
    assert len(peers(sample, selection, measure="recommend").parts["outside"]) == 14
    for measure, problem in (("bot_containment", r"peers\.neither"), ("resolvd", r"service\.unknown_measure")):
        with pytest.raises(BadInput, match=problem):
            peers(sample, selection, measure=measure)
