"""What answers are worth when teams share a fate, or stand for others: by hand, by limits, and under no relation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data_access.semantics import Level
from tests.proof import Figure

from .frames import codes_of, numbers, of_pair

INTERVAL, ORDINAL, NOMINAL = Level.INTERVAL, Level.ORDINAL, Level.NOMINAL
Draw = Callable[[np.random.Generator, int], np.ndarray]


def reach(clusters: int) -> float:
    return float((stats.t.ppf(0.975, clusters - 1) / stats.norm.ppf(0.975)) ** 2)


def teams(seed: int, *, n: int = 600, k: int = 12, share: float = 0.5) -> pd.DataFrame:
    """Numbers, orders and names that swing by team, of a relation that grows with `share`."""
    rng = np.random.default_rng(seed)
    team = rng.integers(0, k, n)
    a, b = rng.normal(size=k)[team], rng.normal(size=k)[team]
    u = a + rng.normal(size=n)
    v = share * u + b + rng.normal(size=n)
    return pd.DataFrame({
        "team": team, "x": u.round(3), "y": v.round(3), "steps": np.digitize(u, [-1, 0, 1]),
        "grade": np.digitize(v, [-1, 1]), "yes": (v > 0).astype(float),
        "group": np.array(list("abcd"))[np.digitize(u, [-1, 0, 1])],
        "kind": np.array(list("pqr"))[rng.integers(0, 3, n)],
    })  # fmt: skip


def by_rows(frame: pd.DataFrame, u: np.ndarray, v: np.ndarray, weight: np.ndarray) -> float:
    """The design effect of scores (rows, columns), from the definition, row by row."""
    share = weight / weight.sum()
    u, v = u - share @ u, v - share @ v
    z = (u[:, :, None] * v[:, None, :]).reshape(len(u), -1)
    z -= share @ z
    sums = pd.DataFrame(z * weight[:, None]).groupby(frame["team"].to_numpy()).sum().to_numpy()
    k = len(sums)
    effect = float((sums**2).sum() / ((weight**2)[:, None] * z**2).sum()) * k / (k - 1) * reach(k)
    return max(effect, 1.0)


def indicators(rows: pd.Series, weight: np.ndarray) -> np.ndarray:
    one = pd.get_dummies(rows).to_numpy(dtype=float)
    return one / np.sqrt(weight @ one / weight.sum())


def midranks(rows: pd.Series, weight: np.ndarray) -> np.ndarray:
    margin = pd.Series(weight).groupby(rows.to_numpy()).sum().sort_index()
    return rows.map(margin.cumsum() - margin / 2).to_numpy()[:, None]


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "survey"])
@pytest.mark.parametrize(
    ("x", "y", "name"),
    [("x", "y", "pearson"), ("steps", "yes", "tau_b"), ("steps", "grade", "tau_b"), ("steps", "y", "spearman"),
     ("group", "y", "eta"), ("group", "grade", "rank_epsilon"), ("group", "kind", "cramers_v"),
     ("kind", "yes", "cramers_v"), ("yes", "y", "point_biserial")],
)  # fmt: skip
def test_the_design_effect_row_by_row(x: str, y: str, name: str, weighted: bool) -> None:
    frame = teams(3)
    weight = np.random.default_rng(4).choice([0.5, 1.0, 3.0], len(frame)) if weighted else np.ones(len(frame))
    level = {"x": INTERVAL, "y": INTERVAL, "yes": INTERVAL, "steps": ORDINAL, "grade": ORDINAL}
    levels = {c: level.get(c, NOMINAL) for c in (x, y)}
    given = {"weight": weight, "weighting": "survey"} if weighted else {}
    found = of_pair(codes_of(frame, levels, cluster=frame["team"], **given))
    assert found.association.name == name
    scores = []
    for c in (x, y):
        if levels[c] is NOMINAL or (c == "yes" and name == "cramers_v"):
            scores.append(indicators(frame[c], weight))
        elif name in ("tau_b", "spearman", "rank_epsilon"):
            scores.append(midranks(frame[c], weight))
        else:
            scores.append(frame[c].to_numpy()[:, None])
    assert found.design_effect == pytest.approx(by_rows(frame, *scores, weight), rel=1e-9)
    kish = weight.sum() ** 2 / (weight**2).sum()
    assert found.n_effective == pytest.approx(kish / found.design_effect, rel=1e-9)
    assert found.association.n == len(frame)


def test_many_values_go_by_sums_with_the_same_numbers() -> None:
    """The same pair once with a table and, finer than one, by rows: a millionth of noise moves nothing."""
    frame = teams(5, n=4_000)
    noise = 1e-7 * np.random.default_rng(1).normal(size=(2, 4_000))
    frame["fine_x"], frame["fine_y"] = frame["x"].round(1) + noise[0], frame["y"].round(1) + noise[1]
    frame["x"], frame["y"] = frame["x"].round(1), frame["y"].round(1)
    for weight, weighting in (
        (None, None),
        (np.tile([1.0, 2.0], 2_000), "survey"),
        (np.tile([1.0, 2.0], 2_000), "frequency"),
    ):
        how = {"cluster": frame["team"], "weight": weight, "weighting": weighting}
        a = of_pair(codes_of(frame, {"x": INTERVAL, "y": INTERVAL}, **how))
        b = of_pair(codes_of(frame, {"fine_x": INTERVAL, "fine_y": INTERVAL}, **how))
        assert numbers(a) == pytest.approx(numbers(b), rel=1e-4)
        assert a.design_effect > 1.5


def test_many_clusters_by_blocks_and_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tables of all clusters would be too large, they come in parts, or from rows: the same numbers."""
    frame = teams(7)
    pairs = [("group", "kind"), ("group", "y"), ("steps", "y"), ("y", "steps"), ("kind", "steps"), ("steps", "grade")]
    level = {"y": INTERVAL, "steps": ORDINAL, "grade": ORDINAL, "group": NOMINAL, "kind": NOMINAL}
    for (x, y), weighting in product(pairs, (None, "survey")):
        weight = np.tile([1.0, 2.5], 300) if weighting else None
        codes = codes_of(frame, {x: level[x], y: level[y]}, cluster=frame["team"], weight=weight, weighting=weighting)
        at_once = of_pair(codes)
        with monkeypatch.context() as patch:
            patch.setattr("analysis.association.crosstab.AT_ONCE", 40)
            in_parts = of_pair(codes)
        assert numbers(in_parts) == pytest.approx(numbers(at_once), rel=1e-9)


def test_copies_of_a_team_add_nothing() -> None:
    """Every row ten times within its team: as if there were no more answers than before."""
    frame = teams(11)
    tenfold = frame.loc[frame.index.repeat(10)]
    levels = {"x": INTERVAL, "y": INTERVAL}
    once = of_pair(codes_of(frame, levels, cluster=frame["team"]))
    more = of_pair(codes_of(tenfold, levels, cluster=tenfold["team"]))
    assert more.n_effective == pytest.approx(once.n_effective, rel=1e-9)
    assert more.association.p == pytest.approx(once.association.p, rel=1e-9)


def test_members_that_are_the_clusters_are_compared_as_they_are() -> None:
    frame = teams(13)
    codes = codes_of(frame.assign(t=frame["team"].map(str)), {"t": NOMINAL, "y": INTERVAL}, cluster=frame["team"])
    assert of_pair(codes).design_effect == 1.0


def test_too_few_clusters_count_for_nothing() -> None:
    frame = teams(17, k=4)
    found = of_pair(codes_of(frame, {"x": INTERVAL, "y": INTERVAL}, cluster=frame["team"]))
    assert (found.design_effect, found.n_effective) == (1.0, len(frame))


def test_survey_weights_of_no_unit_are_worth_kish_s_number() -> None:
    frame, weight = teams(19), np.random.default_rng(1).choice([1.0, 4.0], 600)
    levels = {"x": INTERVAL, "y": INTERVAL}
    a, b = (of_pair(codes_of(frame, levels, weight=w, weighting="survey")) for w in (weight, 1000 * weight))
    assert numbers(a) == pytest.approx(numbers(b), rel=1e-9)
    assert a.n_effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert a.association.n == 600


def whole_team_number(rng: np.random.Generator, team: np.ndarray) -> np.ndarray:
    return rng.normal(size=24)[team].round(2)


def half_team_number(rng: np.random.Generator, team: np.ndarray) -> np.ndarray:
    return (rng.normal(size=24)[team] + rng.normal(size=len(team))).round(1)


def whole_team_order(rng: np.random.Generator, team: np.ndarray) -> np.ndarray:
    return rng.permutation(np.repeat([0, 1, 2], 8))[team]


@pytest.mark.prove
@pytest.mark.parametrize(
    ("draw_x", "level_x", "level_y"),
    [(whole_team_number, INTERVAL, INTERVAL), (half_team_number, INTERVAL, INTERVAL),
     (whole_team_order, ORDINAL, INTERVAL), (whole_team_order, NOMINAL, INTERVAL),
     (whole_team_order, NOMINAL, NOMINAL)],
    ids=["number", "half", "order", "names", "table"],
)  # fmt: skip
def test_p_is_uniform_where_nothing_goes_together(
    draw_x: Draw, level_x: Level, level_y: Level, figure: Figure
) -> None:
    """24 teams of unequal size, each with a score of its own: whatever marks whole teams seems to matter by luck."""
    p = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        team = rng.choice(24, 700, p=(w := rng.uniform(0.5, 1.5, 24)) / w.sum())
        swing = 0.6 * rng.normal(size=24)[team] + rng.normal(size=700)
        y = np.digitize(swing, [-1, 0, 1]) if level_y is NOMINAL else swing.round(1)
        frame = pd.DataFrame({"x": draw_x(rng, team), "y": y})
        p.append(of_pair(codes_of(frame, {"x": level_x, "y": level_y}, cluster=team)).association.p)
    found = np.array(p)
    assert figure("p < 5 %", np.mean(found < 0.05)) < 0.1  # one answer by one, more than a third would be
    assert stats.kstest(found, "uniform").pvalue > 0.001
