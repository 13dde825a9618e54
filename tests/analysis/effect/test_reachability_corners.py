"""Before a plan starts, at the corners: units that are secret, and answers that do not spread."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.effect.history import Spread
from analysis.effect.reachability import reachability
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.effect.test_reachability import FOUR, FROM, MODEL


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Twenty weeks of eight teams."""
    rng, n = np.random.default_rng(4), 16_000
    return pd.DataFrame({
        "at": pd.Timestamp(FROM) + pd.to_timedelta(rng.integers(0, 140, n), "D"),
        "team": [f"t{i}" for i in rng.integers(0, 8, n)], "site": "east", "business": "4G",
        "score": np.clip(np.round(rng.normal(8, 1.5, n)), 1, 10),
    })  # fmt: skip


@pytest.fixture(scope="module")
def secret(answers: pd.DataFrame, warehouse_of: MakeWarehouse) -> Warehouse:
    """Of the teams one has three answers a month, which is secret, and so is the next smallest beside it."""
    place = answers.groupby(["team", answers["at"].dt.month]).cumcount()
    few = answers[place < answers["team"].map({"t6": 150, "t7": 3}).fillna(np.inf)]
    return warehouse_of(few, "disclose_from = 20\n" + MODEL)


def test_a_secret_unit_is_nowhere(secret: Warehouse, answers: pd.DataFrame) -> None:
    """Not asked for, nor a difference: neither treated, control, proposed, nor counted among the others."""
    first, largest = date(2026, 5, 1), answers["team"].value_counts().index.drop("t7")[:2].tolist()
    own = {"unit": "team", "treated": (*largest, largest[0]), "start": first}
    found = reachability(secret, Selection(), **own)
    shown = {*largest, *found.parts["controls"]["unit"]}
    hidden = {f"t{i}" for i in range(8)} - shown
    assert "t7" in hidden and len(hidden) >= 2 and found.caveats[-1].key == "disclose.left_out"
    assert not hidden & {*found.parts["rollout"]["unit"]} and found.statistics["clusters"] == len(shown)
    assert found.options["treated"] == largest and {day.day for day in found.parts["rollout"]["start"]} == {1}
    same = reachability(secret, Selection(), **own, control=sorted(shown - {*largest}))
    assert same.statistics == pytest.approx(found.statistics, nan_ok=True)
    for unit in sorted(hidden):
        for sides in ({"treated": (largest[0], unit)}, {"control": (*sorted(shown - {*largest}), unit)}):
            with pytest.raises(NothingToShow):
                reachability(secret, Selection(), **{**own, **sides})
    with pytest.raises(BadInput, match=r"disclose\.months"):
        reachability(secret, Selection(), **{**own, "start": first + timedelta(days=1)})


@pytest.mark.parametrize("kind", ["alone", "equal"])
@pytest.mark.filterwarnings("error")
def test_without_any_spread_nothing_is_said(kind: str, answers: pd.DataFrame, warehouse_of: MakeWarehouse) -> None:
    by_week = pd.DataFrame({"team": answers["team"], "week": answers["at"].dt.to_period("W")})
    plain = answers[~by_week.duplicated()] if kind == "alone" else answers.assign(score=7)
    found = reachability(warehouse_of(plain, MODEL), Selection(), **FOUR)  # type: ignore[arg-type]
    s = found.statistics
    assert s["verdict"] == "unknown" and [said.key for said in found.findings] == ["reachability.unknown"]
    assert all(pd.isna(s[name]) for name in ("detectable", "weeks", "sd", "shock_sd"))
    assert found.table["detectable"].isna().all() and "ways" not in found.parts
    for language in LANGUAGES:
        words = Catalogue.load(language)
        assert "nan" not in "".join(map(words.say, (*found.findings, found.how.formula, *found.how.assumptions)))  # type: ignore[union-attr]


def test_a_variance_of_a_change_is_the_sum_over_all_pairs_of_weeks() -> None:
    for earlier, after, lasting in ((9, 5, 0.7), (4, 30, 0.0), (12, 12, 0.9)):
        pull = np.concatenate([np.full(earlier, -1 / earlier), np.full(after, 1 / after)])
        weeks = np.arange(earlier + after)
        pairs = pull @ (2.5 * lasting ** np.abs(weeks[:, None] - weeks)) @ pull
        assert Spread(1, 2.5, lasting).of_change(earlier, after) == pytest.approx(pairs)
