"""Quality checks: weights by hand, targeted ones left out, a goal that cannot be shown, kappa against a library."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.board.board import service, service_measure
from analysis.service.board.said import standing
from analysis.service.quality.quality import quality
from analysis.stats.agreement import cohens_kappa
from data_access.selection import Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from ..test_pinned import is_kept_as_it_was
from .conftest import Beside

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def checks(chance: list[float | None], sample: list[str], critical: list[int], errors: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"evaluated_at": pd.Timestamp("2026-10-05"), "contact_id": "c1", "sample": sample,
                         "chance": chance, "critical_error": critical, "noncritical_errors": errors,
                         "opportunities": 10})  # fmt: skip


def test_what_was_doubled_counts_half_and_what_was_chosen_not_at_all(beside: Beside) -> None:
    """Eight of the many without an error, eight doubled ones with four; four chosen for a reason, all wrong."""
    table = checks([0.02] * 8 + [0.04] * 8 + [None] * 4, ["random"] * 8 + ["doubled"] * 8 + ["targeted"] * 4,
                   [0] * 8 + [1] * 4 + [0] * 4 + [1] * 4, [0] * 8 + [2] * 8 + [9] * 4)  # fmt: skip
    found = quality(beside(quality=table), Selection("score"), goal=95.0)
    weight, squares = 8 * 50 + 8 * 25, 8 * 50**2 + 8 * 25**2
    assert found.statistics["critical_accuracy"] == pytest.approx((8 * 50 + 4 * 25) / weight)
    assert found.statistics["noncritical_accuracy"] == pytest.approx(1 - 8 * 25 * 2 / (10 * weight))
    assert found.statistics["worth"] == pytest.approx(weight**2 / squares)
    assert (found.statistics["n"], found.statistics["targeted"]) == (16, 4)
    assert found.table["plain_accuracy"].tolist() == [12 / 16]


def test_a_goal_that_the_sample_cannot_show_is_said_to_need_three_thousand(beside: Beside) -> None:
    table = checks([0.5] * 400, ["random"] * 400, [0] * 400, [0] * 400)
    warehouse = beside(quality=table)
    found = quality(warehouse, Selection("score"))
    said = [Catalogue.load(language).say(s) for language in LANGUAGES for s in found.findings]
    assert any("99.9 % cannot be shown with this sample: about 3,000 error-free" in text.replace("\u00a0", " ")
               for text in said)  # fmt: skip
    keys = [s.key for s in quality(warehouse, Selection("score"), goal=90.0).findings]
    assert "quality.not_shown" not in keys
    with pytest.raises(BadInput, match=r"quality\.goal"):
        quality(warehouse, Selection("score"), goal=100.0)


def days_of(month: str, new: int, chance: float) -> pd.DataFrame:
    """Each day 18 checks of others, none with an error, and so many of new agents, each with two in ten."""
    one = checks([0.02] * 18 + [chance] * new, ["random"] * 20 + ["doubled"] * (new - 2), [0] * (18 + new),
                 [0] * 18 + [2] * new)  # fmt: skip
    return pd.concat([one.assign(evaluated_at=pd.Timestamp(f"{month}-{day:02d}")) for day in range(1, 29)])


def test_more_checks_of_those_who_err_more_are_no_fall(beside: Beside) -> None:
    table = pd.concat([days_of("2026-09", 2, 0.02), days_of("2026-10", 14, 0.14)])
    found = quality(beside(quality=table), Selection("score", OCTOBER, OCTOBER.previous()))
    assert found.statistics["noncritical_accuracy"] == pytest.approx(0.98)
    assert found.statistics["noncritical_accuracy_before"] == pytest.approx(0.98)
    assert (found.statistics["plain_before"], found.statistics["plain"]) == pytest.approx((0.98, 1 - 28 / 320))
    assert "quality.plain" in [s.key for s in found.findings]


def test_kappa_is_that_of_a_library() -> None:
    from statsmodels.stats.inter_rater import cohens_kappa as theirs

    for table in ([[40, 5], [10, 45]], [[90, 1], [3, 6]], [[5, 20], [18, 7]], [[12, 3, 1], [2, 9, 4], [0, 5, 14]]):
        ours, library = cohens_kappa(np.array(table)), theirs(np.array(table))
        assert ours.kappa == pytest.approx(library.kappa)
        assert (ours.low, ours.high) == pytest.approx((library.kappa_low, library.kappa_upp))
    assert np.isnan(cohens_kappa(np.array([[7, 0], [0, 0]])).kappa)


def test_more_checks_of_new_agents_look_like_a_fall_in_the_sample(sample: Warehouse) -> None:
    found = quality(sample, Selection("score", OCTOBER, OCTOBER.previous()))
    is_kept_as_it_was("quality", found)
    assert found.statistics["plain_change"] < -0.01
    assert abs(found.statistics["noncritical_accuracy"] - found.statistics["noncritical_accuracy_before"]) < 0.01
    assert found.parts["agreement"]["kappa"].dropna().between(-1, 1).all() and len(found.parts["agreement"]) == 8


def test_the_board_holds_every_family_and_opens_each_measure(sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER, OCTOBER.previous())
    whole = service(sample, selection)
    is_kept_as_it_was("service", whole)
    board = whole.table
    assert {"access", "complaints", "quality", "bot", "people", "recorded", "survey"} <= set(board["family"])
    shares = board[board["unit"] == "rate"]
    assert shares["value"].dropna().between(0, 1).all() and (board["low"] <= board["value"]).all()
    asked = board[board["family"] == "survey"].set_index("measure")
    assert set(asked.index) == {"satisfied", "dissatisfied", "recommend", "recommend_detractors", "solved_said",
                                "mention"}  # fmt: skip
    rows = sample.values("recommend", (), OCTOBER, ()).rows.groupby("x")["n"].sum()
    assert asked.loc["recommend", "value"] == pytest.approx((rows[1.0] - rows[-1.0]) / rows.sum())
    assert asked.loc["recommend_detractors", "value"] == pytest.approx(rows[-1.0] / rows.sum())
    said = [Catalogue.load(language).say(standing({**row, "measure": name}))
            for name, row in asked.to_dict("index").items() for language in LANGUAGES]  # fmt: skip
    assert sum("NPS" in text for text in said) == len(LANGUAGES)
    for measure in ("escalation_rate", "critical_accuracy", "resolved", "mention"):
        opened = service_measure(sample, selection, measure=measure, by=("touchpoint",))
        is_kept_as_it_was("service_measure", opened)
        (row,) = board[board["measure"] == measure].to_dict("records")
        assert opened.statistics["score"] == pytest.approx(100 * row["value"])
        assert opened.table["score"].dropna().between(0, 100).all()
    with pytest.raises(BadInput, match=r"service\.unknown_measure.*resolved"):
        service_measure(sample, selection, measure="resolvd")
