"""What the whole answer holds: columns, units, presets, blanks, what says the same, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.association import association
from data_access.selection import Filter, Selection
from data_access.statement import Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse

from .frames import keys, row, values

MODEL = """
contact_id = "id"
{cluster}
score = {{ column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[metrics]
resolved = {{ column = "resolved", values = [0, 1] }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
minutes = {{ column = "minutes", better = "low" }}
transfers = {{ column = "transfers", better = "low", missing = "{missing}" }}
solved = {{ column = "resolved" }}
blank = {{ column = "blank" }}
fixed = {{ column = "fixed" }}
[dimensions]
business = {{ column = "business" }}
sub_type = {{ column = "sub_type", under = "business" }}
tier = {{ column = "tier", level = "ordinal", order = ["basic", "gold", "vip"] }}
team = {{ column = "team" }}
agent = {{ column = "agent" }}
scenes = {{ columns = {{ a = "resolved", b = "fixed" }} }}
[reasons]
reason = {{ column = "business" }}
[presets]
phone = {{ columns = ["score", "wait", "tier"], where = {{ business = ["mobile"] }} }}
teams = {{ columns = ["score", "wait", "transfers"], of = "team" }}
"""
CLUSTER = 'cluster = "team"'


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    """The score falls with the wait and with a transfer, which is blank where there was none."""
    rng, n = np.random.default_rng(5), 3_000
    team, wait = rng.integers(0, 12, n), rng.gamma(2, 60, n).round()
    transfers = rng.poisson(0.6, n)
    business = rng.choice(["mobile", "fixed", "cloud"], n)
    score = (
        8.5
        - wait / 100
        - 1.5 * (transfers > 0)
        + 0.3 * transfers
        + rng.normal(size=n)
        + 0.3 * rng.normal(size=12)[team]
    )
    return pd.DataFrame({
        "id": range(n), "score": score.round().clip(1, 10), "resolved": (rng.random(n) < 0.7).astype(int),
        "wait": np.where(rng.random(n) < 0.1, np.nan, wait), "minutes": wait / 60,
        "transfers": np.where(transfers > 0, transfers, np.nan), "blank": np.full(n, np.nan), "fixed": 1,
        "business": business, "sub_type": [b + str(i) for b, i in zip(business, rng.integers(0, 3, n), strict=True)],
        "tier": rng.choice(["basic", "gold", "vip"], n), "team": [f"t{t:02}" for t in team],
        "agent": [f"a{a}" for a in rng.integers(0, 200, n)],
    })  # fmt: skip


@pytest.fixture(scope="module")
def plain(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> Warehouse:
    return warehouse_of(contacts, MODEL.format(cluster="", missing="unknown"))


@pytest.fixture(scope="module")
def clustered(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> Warehouse:
    return warehouse_of(contacts, MODEL.format(cluster=CLUSTER, missing="zero"))


def refusal(warehouse: Warehouse, **asked: Any) -> str:
    with pytest.raises(Problem) as problem:
        association(warehouse, asked.pop("selection", Selection()), **asked)
    told = problem.value.statement
    assert all(Catalogue.load(language).say(told) for language in LANGUAGES)
    return told.key


def test_all_columns_that_can_be_compared(clustered: Warehouse) -> None:
    found = association(clustered, Selection())
    assert found.parts["columns"]["column"].tolist() == [
        "score", "wait", "minutes", "transfers", "solved", "business", "sub_type", "tier", "team",
    ]  # fmt: skip
    left = found.parts["left_out"].set_index("column")["why"].to_dict()
    assert left == {"blank": "blank", "fixed": "constant", "agent": "members"}
    assert len(found.table) == 36 == found.statistics["family"]
    assert found.statistics["clusters"] == 12
    assert sorted(found.parts["order"]["column"]) == sorted(found.parts["columns"]["column"])
    assert found.statistics["top_x"] == "score" and found.statistics["top_y"] in ("wait", "minutes")
    told = keys(found)
    assert told[:3] == ["association.with_metric", "association.falls", "association.beyond"]
    assert {"association.blank_as_zero", "association.pairwise", "association.not_cause"} <= set(told)
    assert values(found, "association.blank_as_zero")["names"] == [{"dimension": "transfers"}]


def test_the_metric_comes_first_and_the_strongest_before_others(clustered: Warehouse) -> None:
    table = association(clustered, Selection()).table
    first = (table["x"] == "score").to_numpy()
    assert first.any() and not first[np.argmin(first) :].any()
    for part in (table[first], table[~first]):
        size = part["value"].abs()
        assert size.dropna().is_monotonic_decreasing and size.notna().to_numpy().argmin() in (0, size.count())


def test_what_says_the_same_is_named(plain: Warehouse) -> None:
    found = association(
        plain, Selection(), columns=["score", "wait", "minutes", "solved", "resolved", "business", "sub_type"]
    )
    same = found.parts["duplicates"]
    assert [tuple(pair) for pair in same[["x", "y", "kind"]].to_numpy()] == [
        ("wait", "minutes", "exact"), ("solved", "resolved", "exact"), ("sub_type", "business", "nested"),
    ]  # fmt: skip
    assert {"association.exact", "association.nested"} <= set(keys(found))
    assert found.statistics["top_value"] == min(row(found, "score", name)["value"] for name in ("wait", "minutes"))


def test_a_satisfied_rate_lies_within_its_score_and_is_no_finding(plain: Warehouse) -> None:
    found = association(plain, Selection(), columns=["score", "satisfied", "wait"])
    assert (found.statistics["top_x"], found.statistics["top_y"]) == ("score", "wait")
    assert found.table["p_adjusted"].max() < 0.001
    assert found.parts["duplicates"][["x", "y", "kind"]].to_numpy().tolist() == [["score", "satisfied", "nested"]]


def test_pairwise_counts_and_blanks(plain: Warehouse, contacts: pd.DataFrame) -> None:
    found = association(plain, Selection(), columns=["score", "wait", "transfers", "tier"])
    assert row(found, "wait", "transfers")["n"] == contacts[["wait", "transfers"]].dropna().shape[0]
    about = found.parts["columns"].set_index("column")
    assert about.loc["transfers", "missing"] == pytest.approx(contacts["transfers"].isna().mean())
    assert about["policy"].to_dict() == {"score": "valid", "wait": "unknown", "transfers": "unknown", "tier": "blank"}
    assert about.loc["tier", ["level", "n", "values"]].tolist() == ["ordinal", len(contacts), 3]


@pytest.mark.parametrize("missing", ["unknown", "zero", "no"])
def test_what_a_blank_means_turns_the_answer(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, missing: str
) -> None:
    """Among contacts with a transfer, one more of them is no worse; beside those without any, it is."""
    found = association(
        warehouse_of(contacts, MODEL.format(cluster="", missing=missing)), Selection(), columns=["score", "transfers"]
    )
    given = contacts["transfers"] if missing == "unknown" else contacts["transfers"].fillna(0)
    known = given.notna()
    wanted = stats.pearsonr(contacts["score"][known], given[known])
    pair = row(found, "score", "transfers")
    assert [pair["value"], pair["p"], pair["n"]] == pytest.approx([wanted.statistic, wanted.pvalue, known.sum()])
    assert (pair["value"] > 0) == (missing == "unknown") and pair["p"] < 0.05
    said = {"zero": "association.blank_as_zero", "no": "association.blank_as_no"}
    assert [key for key in keys(found) if key.startswith("association.blank_as")] == [
        said[k] for k in said if k == missing
    ]


def test_teams_as_the_unit(clustered: Warehouse, contacts: pd.DataFrame) -> None:
    found = association(clustered, Selection(), columns=["score", "wait", "tier"], of="team")
    means = contacts.groupby("team")[["score", "wait"]].mean()
    wanted, pair = stats.pearsonr(means["score"], means["wait"]), row(found, "score", "wait")
    assert (pair["n"], pair["n_effective"], found.statistics["units"]) == (12, 12, 12)
    assert [pair["value"], pair["p"]] == pytest.approx([wanted.statistic, wanted.pvalue], rel=1e-7)
    assert found.parts["left_out"].to_numpy().tolist() == [["tier", "no_number", 3]]
    assert values(found, "association.ecological")["unit_of"] == {"dimension": "team"}
    assert "caveat.few_clusters" not in keys(found)


def test_a_unit_of_few_contacts_has_no_mean(plain: Warehouse, contacts: pd.DataFrame) -> None:
    found = association(plain, Selection(), columns=["score", "minutes"], of="agent")
    sizes = contacts.groupby("agent").size()
    assert 0 < (sizes < 10).sum() < len(sizes)
    assert row(found, "score", "minutes")["n"] == (sizes >= 10).sum()


def test_presets_name_columns_units_and_filters(plain: Warehouse, contacts: pd.DataFrame) -> None:
    phone = association(plain, Selection(), preset="phone")
    assert phone.selection.filters == (Filter("business", ("mobile",)),)
    assert phone.parts["columns"]["column"].tolist() == ["score", "wait", "tier"]
    assert row(phone, "score", "tier")["n"] == (contacts["business"] == "mobile").sum()
    teams = association(plain, Selection(), preset="teams")
    assert (teams.statistics["of"], row(teams, "score", "wait")["n"]) == ("team", 12)
    named = association(plain, Selection(), preset="phone", columns=["score", "minutes"])
    assert named.table[["x", "y"]].to_numpy().tolist() == [["score", "minutes"]]


def test_weights_count_as_what_they_are(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    times = np.tile([1, 2, 3], 1_000)
    model = (
        MODEL.format(cluster='weight = {{ column = "w", kind = "frequency" }}', missing="unknown")
        .replace("{{", "{")
        .replace("}}", "}")
    )
    columns = ["score", "wait", "tier", "business"]
    counted = association(warehouse_of(contacts.assign(w=times), model), Selection(), columns=columns)
    repeated = contacts.loc[contacts.index.repeat(times)].assign(w=1, id=range(6_000))
    rows = association(warehouse_of(repeated, model), Selection(), columns=columns)
    pd.testing.assert_frame_equal(counted.table, rows.table, rtol=1e-9)


def test_nothing_goes_with_luck(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    shuffled = contacts.apply(
        lambda c: c.sample(frac=1, random_state=list(contacts.columns).index(c.name) + 1).to_numpy()
    )
    found = association(
        warehouse_of(shuffled[["id", *contacts.columns[1:]]], MODEL.format(cluster="", missing="unknown")),
        Selection(), columns=["resolved", "business", "tier"],
    )  # fmt: skip
    assert keys(found)[0] == "association.none_sure"
    assert (found.statistics["top_x"], np.isnan(found.statistics["top_value"])) == ("", True)


def test_columns_that_never_meet(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    half = np.arange(len(contacts)) % 2 == 0
    apart = contacts.assign(wait=contacts["wait"].where(half), minutes=contacts["minutes"].where(~half))
    found = association(
        warehouse_of(apart, MODEL.format(cluster=CLUSTER, missing="unknown")),
        Selection(),
        columns=["wait", "minutes", "score"],
    )
    pair = row(found, "wait", "minutes")
    assert (pair["reason"], pair["n"], pair["strength"]) == ("none_together", 0, "")
    assert np.isnan([pair["value"], pair["p"], pair["p_adjusted"]]).all()
    assert found.statistics["family"] == 2 and keys(found)


@pytest.mark.parametrize(("known", "reason"), [(9, "few"), (10, "both_interval")])
def test_what_too_few_know_is_withheld(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, known: int, reason: str
) -> None:
    few = contacts.assign(wait=contacts["minutes"].where(np.arange(len(contacts)) < known))
    model = MODEL.format(cluster="", missing="unknown")
    found = association(warehouse_of(few, model), Selection(), columns=["score", "wait", "minutes"])
    pair = row(found, "score", "wait")
    assert (pair["n"], pair["reason"], np.isnan(pair["value"])) == (known, reason, reason == "few")
    assert found.statistics["family"] == (1 if reason == "few" else 3) and keys(found)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("cut.reason", {"columns": ["score", "reason"]}), ("cut.overlap", {"columns": ["score", "scenes"]}),
     ("model.unknown_name", {"columns": ["score", "wiat"]}), ("model.unknown_dimension", {"of": "taem"}),
     ("model.unknown_preset", {"preset": "fone"}), ("association.one_column", {"columns": ["score", "score"]}),
     ("association.too_few_columns", {"columns": ["score", "fixed"]}),
     ("association.too_few_columns", {"columns": ["score", "tier"], "of": "team"}),
     ("association.too_few_units", {"columns": ["score", "wait"], "of": "team",
                                    "selection": Selection(filters=(Filter("team", ("t01", "t02")),))}),
     ("selection.empty", {"selection": Selection(filters=(Filter("team", ()),))})],
)  # fmt: skip
def test_refusals(plain: Warehouse, key: str, asked: dict[str, Any]) -> None:
    assert refusal(plain, **asked) == key


def test_no_more_columns_than_can_be_shown(warehouse_of: MakeWarehouse) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(50, 33)), columns=[f"x{i}" for i in range(33)]).assign(
        score=rng.integers(1, 6, 50)
    )
    listed = "\n".join(f'{name} = {{ column = "{name}" }}' for name in frame if name != "score")
    wide = warehouse_of(frame, f'score = {{ column = "score", scale = [1, 5] }}\n[drivers]\n{listed}')
    assert association(wide, Selection()).statistics["columns"] == 30
    assert refusal(wide, columns=list(frame)) == "association.too_many_columns"
