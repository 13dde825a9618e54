"""Importance and coefficients of drivers through a warehouse, against R, statsmodels and plain numpy on the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.drivers.importance import COLUMNS, drivers
from analysis.result import Result
from analysis.stats.clustered_regression import clustered_ols, clustered_tests
from analysis.stats.regression import CrossProducts, by_cluster, together
from analysis.stats.relative_importance import lmg
from data_access.selection import Filter, Selection
from data_access.statement import Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.stats.golden import Case, data

SELECTION = Selection()
FEW = Selection(filters=(Filter("agent", ("a3",)),))
MODEL = """
{extra}
score = {{ column = "score", scale = [0, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[metrics]
solved = {{ column = "solved" }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
tenure = {{ column = "tenure", unit = "d" }}
transfers = {{ column = "transfers", better = "low", missing = "zero" }}
size = {{ column = "size" }}
rare = {{ column = "rare" }}
grade = {{ column = "channel", level = "ordinal" }}
rated = {{ column = "score" }}
[dimensions]
channel = {{ column = "channel" }}
team = {{ column = "team" }}
agent = {{ column = "agent" }}
scenes = {{ columns = {{ a = "solved", b = "rare" }} }}
[reasons]
reason = {{ column = "channel" }}
"""
CLUSTER = 'cluster = "team"'
SURVEY = 'weight = { column = "w", kind = "survey" }'
NUMBERS = ["wait", "tenure", "transfers"]


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    """Scores that fall with the wait and by channel, and swing by team; tenure is one number a team."""
    rng, n = np.random.default_rng(5), 3_000
    team, channel = rng.integers(0, 24, n), rng.choice(["phone", "chat", "shop", ""], n, p=[0.4, 0.3, 0.2, 0.1])
    wait = rng.gamma(2, 60, n).round(1)
    tenure = (100 + 30 * rng.normal(size=24)).round()[team] + rng.integers(0, 50, n)
    swing = rng.normal(size=24)[team]
    score = 8 - wait / 60 - (channel == "chat") * 1.5 + swing + 1.5 * rng.normal(size=n)
    return pd.DataFrame({
        "score": score.clip(0, 10).round(2), "solved": (rng.random(n) < 0.5).astype(int),
        "wait": np.where(rng.random(n) < 0.1, np.nan, wait), "tenure": tenure,
        "transfers": np.where(rng.random(n) < 0.3, np.nan, rng.poisson(0.8, n)),
        "size": rng.integers(5, 30, 24)[team], "rare": np.where(rng.random(n) < 0.2, 1.0, np.nan),
        "channel": channel, "team": [f"t{t}" for t in team], "agent": [f"a{a}" for a in rng.integers(0, 90, n)],
        "w": rng.choice([0.5, 1.0, 3.0], n),
    })  # fmt: skip


@pytest.fixture(scope="module")
def plain(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> Warehouse:
    return warehouse_of(contacts, MODEL.format(extra=""))


@pytest.fixture(scope="module")
def clustered(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> Warehouse:
    return warehouse_of(contacts, MODEL.format(extra=CLUSTER))


def design(contacts: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The columns of a model on rows; dummies of a dimension against its most frequent member."""
    columns = {}
    for name in names:
        if name in NUMBERS or name == "size":
            columns[name] = contacts[name].fillna(0) if name == "transfers" else contacts[name]
            continue
        for member in contacts[name].value_counts().index[1:]:
            columns[f"{name}={member}"] = (contacts[name] == member).astype(float)
    return pd.DataFrame(columns)


def parts_of(contacts: pd.DataFrame, names: Sequence[str], cluster: str = "team") -> list[CrossProducts]:
    """Sums by cluster of the rows that know all columns; the score on 0..100."""
    x = design(contacts, names)
    known = x.notna().all(axis=1).to_numpy()
    y, one = 10 * contacts["score"].to_numpy()[known], np.ones(known.sum())
    code = pd.factorize(contacts[cluster][known])[0]
    return by_cluster(code, list(x), x.to_numpy()[known], one, y, y**2)


def of(found: Result, driver: str) -> pd.Series:
    return found.table.set_index("driver").loc[driver]


def keys(found: Result) -> list[str]:
    """What is said; its words must have all they need."""
    assert found.how is not None
    for statement in (*found.findings, *found.caveats, found.how.formula, *found.how.assumptions):
        assert all(Catalogue.load(language).say(statement) for language in LANGUAGES)
    return [s.key for s in found.findings]


def refusal(warehouse: Warehouse, **asked: object) -> Problem:
    with pytest.raises(Problem) as problem:
        drivers(warehouse, asked.pop("selection", SELECTION), **asked)  # type: ignore[arg-type]
    told = problem.value.statement
    assert all(Catalogue.load(language).say(told) for language in LANGUAGES)
    return problem.value


def place_of(values: pd.Series) -> float:
    """Place of the mean between two standard deviations below and above it, or the ends of what was seen."""
    mean, reach = values.mean(), 2 * values.std(ddof=0)
    low, high = max(values.min(), mean - reach), min(values.max(), mean + reach)
    return 100 * (mean - low) / (high - low)


SWISS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def test_swiss_as_relaimpo_has_it(warehouse_of: MakeWarehouse) -> None:
    case, rows = Case("lmg_johnson_swiss"), data("swiss")
    names = {name: name.lower().replace(".", "_") for name in SWISS}
    listed = "\n".join(f'{code} = {{ column = "{name}" }}' for name, code in names.items())
    model = f"""weight = {{ column = "times", kind = "frequency" }}
score = {{ column = "Fertility", scale = [0, 100], satisfied_from = 90, dissatisfied_to = 60 }}
[drivers]
{listed}
"""
    found = drivers(warehouse_of(rows.assign(times=10), model), SELECTION)
    assert found.statistics["n"] == 470, "a frequency counts as so many answers"
    assert found.statistics["method"] == "lmg"
    assert found.statistics["r2"] == pytest.approx(case.expected["R2"], rel=1e-8)
    whole = sum(case.expected["lmg"].values())
    for name, code in names.items():
        row = of(found, code)
        assert row["importance"] == pytest.approx(case.expected["lmg"][name], rel=1e-6)
        assert row["share"] == pytest.approx(case.expected["lmg"][name] / whole, rel=1e-6)
        assert row["vif"] == pytest.approx(case.expected["vif"][name], rel=1e-6)
        assert row["coefficient"] == pytest.approx(case.expected["coef"][name], rel=1e-6)
        assert row["mean"] == pytest.approx(rows[name].mean())
        assert row["performance"] == pytest.approx(place_of(rows[name]))


def test_independent_answers_as_statsmodels(plain: Warehouse, contacts: pd.DataFrame) -> None:
    found = drivers(plain, SELECTION, columns=[*NUMBERS, "channel"])
    x = design(contacts, [*NUMBERS, "channel"])
    fit = sm.OLS(10 * contacts["score"], sm.add_constant(x), missing="drop").fit()
    assert (found.statistics["n"], found.statistics["clusters"]) == (fit.nobs, 0)
    assert found.statistics["r2"] == pytest.approx(fit.rsquared, rel=1e-9)
    for name in NUMBERS:
        row, (low, high) = of(found, name), fit.conf_int().loc[name]
        assert row[["coefficient", "coefficient_low", "coefficient_high"]].tolist() == pytest.approx(
            [fit.params[name], low, high], rel=1e-7
        )
        assert row["p"] == pytest.approx(fit.pvalues[name], rel=1e-6, abs=1e-200)
    dummies = [c for c in x if c.startswith("channel=")]
    together_ = fit.f_test(np.eye(len(fit.params))[[list(fit.params.index).index(c) for c in dummies]])
    channel = of(found, "channel")
    assert channel["p"] == pytest.approx(float(together_.pvalue), rel=1e-6, abs=1e-200)
    assert np.isnan(channel[["coefficient", "mean", "performance"]].astype(float)).all()
    r = np.corrcoef(x.dropna().to_numpy(), rowvar=False)
    block = [list(x).index(c) for c in dummies]
    rest = [i for i in range(len(r)) if i not in block]
    volume, own, others = (np.linalg.det(r[np.ix_(i, i)]) for i in (range(len(r)), block, rest))
    assert channel["vif"] == pytest.approx((own * others / volume) ** (1 / len(block)), rel=1e-7), "GVIF^(1/df)"
    assert list(found.table) == COLUMNS


def test_clustered_errors_are_those_of_the_rows(clustered: Warehouse, contacts: pd.DataFrame) -> None:
    names = [*NUMBERS, "channel"]
    found, parts = drivers(clustered, SELECTION, columns=names), parts_of(contacts, names)
    fit = clustered_ols(parts)
    assert found.statistics["clusters"] == fit.clusters == 24
    for name in NUMBERS:
        test, row = fit.tests()[fit.names.index(name)], of(found, name)
        got = row[["coefficient", "coefficient_low", "coefficient_high", "p"]].tolist()
        assert got == pytest.approx([test.value, test.interval.low, test.interval.high, test.p], rel=1e-6)
    wait = of(found, "wait")
    assert 0 <= wait["low"] < wait["importance"] < wait["high"]
    block = [c for c in fit.names if c.startswith("channel=")]
    assert of(found, "channel")["p"] == pytest.approx(
        clustered_tests(parts, {"channel": block})["channel"].p, rel=1e-6
    )


def test_clusters_widen_what_is_one_number_a_team(plain: Warehouse, clustered: Warehouse) -> None:
    widths = [
        (lambda row: row["coefficient_high"] - row["coefficient_low"])(
            of(drivers(w, SELECTION, columns=["size"]), "size")
        )
        for w in (plain, clustered)
    ]
    assert widths[1] > 2 * widths[0]


def test_the_main_drivers_are_told_first(clustered: Warehouse) -> None:
    found = drivers(clustered, SELECTION, columns=[*NUMBERS, "channel"])
    assert found.table["driver"].tolist()[:2] == ["wait", "channel"]
    assert keys(found) == ["drivers.top", "drivers.explained", "drivers.step", "drivers.unsure"]
    assert found.findings[0].values["driver"] == {"dimension": "wait"}
    assert "drivers.known_only" in [c.key for c in found.caveats]
    assert found.statistics["known_least"] == pytest.approx(of(found, "wait")["n_known"])


def test_importance_sums_to_r2_beside_what_is_held(clustered: Warehouse, contacts: pd.DataFrame) -> None:
    found = drivers(clustered, SELECTION, columns=NUMBERS, hold=["channel"])
    s = found.statistics
    parts = together(parts_of(contacts, ["channel", *NUMBERS]))
    held = [n for n in parts.names if n.startswith("channel=")]
    rows = lmg(parts, {n: [n] for n in NUMBERS}, hold=held)
    assert (s["r2"], s["held_r2"]) == pytest.approx((rows.r2, rows.held), rel=1e-8)
    assert s["held_r2"] > 0.02
    assert found.table["importance"].sum() == pytest.approx(s["r2"] - s["held_r2"], rel=1e-9)
    assert found.table.set_index("driver").loc[NUMBERS, "importance"].tolist() == pytest.approx(rows.value, rel=1e-6)
    assert found.table["share"].sum() == pytest.approx(1)


def test_a_driver_held_is_no_driver_whichever_way_it_is_asked_for(clustered: Warehouse) -> None:
    twice = drivers(clustered, SELECTION, columns=["wait", "tenure", "wait", "channel"], hold=["tenure", "channel"])
    once = drivers(clustered, SELECTION, columns=["wait"], hold=["tenure", "channel"])
    pd.testing.assert_frame_equal(twice.table, once.table)
    assert twice.table["driver"].tolist() == ["wait"]


def test_with_something_held_all_other_drivers_enter(clustered: Warehouse) -> None:
    found = drivers(clustered, SELECTION, hold=["tenure"])
    assert set(found.table["driver"]) == {"wait", "transfers", "size"}
    assert found.parts["left_out"]["driver"].tolist() == ["rare"]


def test_a_driver_of_one_number_a_team_says_nothing_beside_the_teams(plain: Warehouse) -> None:
    found = drivers(plain, SELECTION, columns=["wait", "size"], hold=["team"])
    assert found.parts["left_out"].to_dict("records") == [{"driver": "size", "why": "repeats", "known": 1.0}]
    assert of(found, "size")["importance"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(of(found, "size")["coefficient"])


def test_by_default_drivers_that_half_of_the_answers_know(clustered: Warehouse) -> None:
    found = drivers(clustered, SELECTION)
    assert set(found.table["driver"]) == {*NUMBERS, "size"}, "neither the ordinal one nor the rating itself"
    out = found.parts["left_out"].set_index("driver")
    assert out.loc["rare", "why"] == "unknown" and out.loc["rare", "known"] == pytest.approx(0.2, abs=0.03)
    assert of(found, "transfers")["n_known"] == 1.0, "a blank means none"


def test_performance_turns_where_less_is_better(clustered: Warehouse, contacts: pd.DataFrame) -> None:
    found = drivers(clustered, SELECTION, columns=["wait"])
    assert of(found, "wait")["performance"] == pytest.approx(100 - place_of(contacts["wait"].dropna()))


def test_a_copy_and_a_constant_are_named(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    rows = contacts.assign(transfers=2 * contacts["tenure"] + 1, size=7)
    found = drivers(warehouse_of(rows, MODEL.format(extra=CLUSTER)), SELECTION, columns=[*NUMBERS, "size"])
    out = found.parts["left_out"].set_index("driver")["why"].to_dict()
    assert out == {"transfers": "repeats", "size": "constant"}
    assert "transfers" not in found.table["driver"].tolist() and of(found, "tenure")["importance"] > 0
    assert np.isnan(of(found, "size")["performance"]) and of(found, "size")["importance"] == 0


@pytest.mark.prove
def test_beyond_fifteen_johnson_stands_in_and_says_so(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    more = {f"d{i}": rng.normal(size=len(contacts)) for i in range(15)}
    listed = "[drivers]\n" + "\n".join(f'{name} = {{ column = "{name}" }}' for name in more)
    model = MODEL.format(extra=CLUSTER).replace("[drivers]", listed)
    warehouse = warehouse_of(contacts.assign(**more), model)
    for count, method in ((15, "lmg"), (16, "johnson")):
        found = drivers(warehouse, SELECTION, columns=["wait", *list(more)[: count - 1]])
        assert found.statistics["method"] == method
        assert ("drivers.contested" in [c.key for c in found.caveats]) == (method == "johnson")
        assert found.table["importance"].sum() == pytest.approx(found.statistics["r2"])
        assert keys(found)[0] == "drivers.top"
        assert found.table["driver"].iloc[0] == "wait" and found.table["high"].notna().all()
