"""Pairs with blanks, weights, clusters or few contacts, of members, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import main
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.pair.pairs import MODEL, asked, contacts, opened, refused


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return contacts()


@pytest.fixture(scope="module")
def plain(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> Warehouse:
    return opened(warehouse_of, rows)


def test_few_contacts_of_a_stratum_are_withheld(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    place = rows["place"].mask(rows.index < 7, "rare").mask(rows.index > 2_900, None)
    found = asked(opened(warehouse_of, rows.assign(place=place)), "wait", "score", within="place")
    strata = found.parts["strata"]
    rare, blank = strata[strata["stratum"] == "rare"].iloc[0], strata.iloc[-1]
    assert rare["n"] == 7 and np.isnan(rare["value"])
    assert blank["stratum"] is None and blank["n"] == 99, "contacts of no place are a stratum too"
    assert strata["n"].sum() == len(rows)
    assert "pair.withheld" in [c.key for c in found.caveats]


def test_blanks_are_told(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    some = rows.assign(wait=rows["wait"].mask(rows.index % 3 == 0), calls=rows["calls"].mask(rows.index % 5 == 0))
    warehouse = opened(warehouse_of, some)
    known = asked(warehouse, "wait", "score")
    assert known.statistics["n"] == some["wait"].notna().sum() and known.statistics["contacts"] == len(some)
    assert "pair.known_only" in [c.key for c in known.caveats]
    zero = asked(warehouse, "calls", "score")
    assert zero.statistics["n"] == len(some) and "pair.blank_zero" in [c.key for c in zero.caveats]
    assert zero.statistics["value"] == pytest.approx(some["calls"].fillna(0).corr(some["score"]))


def test_frequencies_are_as_so_many_contacts(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    times = 1 + rows.index.to_numpy() % 3
    often = rows.loc[rows.index.repeat(times)].reset_index(drop=True)
    one = opened(warehouse_of, rows.assign(w=times), 'weight = { column = "w", kind = "frequency" }')
    other = opened(warehouse_of, often)
    for x, y in (("wait", "score"), ("kind", "score"), ("kind", "grade")):
        a, b = (asked(warehouse, x, y, within="place") for warehouse in (one, other))
        pd.testing.assert_frame_equal(a.table, b.table, check_dtype=False)
        pd.testing.assert_frame_equal(a.parts["partial"], b.parts["partial"], check_dtype=False)
        pd.testing.assert_frame_equal(a.parts["strata"], b.parts["strata"], check_dtype=False)
        assert a.statistics["value"] == pytest.approx(b.statistics["value"])


def test_survey_weights_are_worth_fewer(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    weights = 1.0 + 9 * (rows.index.to_numpy() % 4 == 0)
    found = asked(
        opened(warehouse_of, rows.assign(w=weights), 'weight = { column = "w", kind = "survey" }'), "wait", "score"
    )
    s, held = found.statistics, found.parts["partial"].set_index("given")
    cross = np.cov(rows[["wait", "score"]].T, aweights=weights)
    assert s["value"] == pytest.approx(cross[0, 1] / np.sqrt(cross[0, 0] * cross[1, 1]))
    assert s["n"] == len(rows) and s["n_effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    reach = np.diff(np.arctanh(held.loc["place", ["low", "high"]].astype(float)))[0] / 2
    assert reach == pytest.approx(1.959964 / np.sqrt(s["n_effective"] * (len(rows) - 3) / len(rows) - 3), rel=1e-6)


def test_clusters_judge_what_is_left(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    """Teams differ in both; what is left within the teams does not."""
    team = rows["team"].str[1:].astype(int)
    shifted = rows.assign(wait=rows["wait"] + 20 * team, score=(rows["score"] / 2 + 2 * team).clip(0, 100))
    held = (
        asked(opened(warehouse_of, shifted, 'cluster = "team"'), "wait", "score").parts["partial"].set_index("given")
    )
    wide = np.arctanh(held["high"].astype(float)) - np.arctanh(held["low"].astype(float))
    assert wide["kind"] > 2 * wide["team"]


def test_members_as_the_unit(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    warehouse = opened(warehouse_of, rows)
    found = asked(warehouse, "wait", "score", of="team", given=("calls",))
    means = rows.groupby("team")[["wait", "score", "calls"]].mean()
    assert found.statistics["n"] == found.statistics["units"] == 20
    assert found.statistics["value"] == pytest.approx(means["wait"].corr(means["score"]))
    assert len(found.parts["scatter"]) == 20 and found.parts["months"].empty
    assert [c.key for c in found.caveats] == ["pair.of_members", "pair.not_cause"]
    for x, options, key in (("kind", {}, "pair.no_number"), ("wait", {"within": "kind"}, "pair.within_members")):
        assert refused(warehouse, x, "score", of="team", **options) == key
    assert refused(warehouse, "wait", "score", of="kind") == "pair.too_few_members"


def test_a_preset_narrows_and_names_what_is_held(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    preset = '[presets]\nq = {{ columns = ["score", "wait", "calls"], where = {{ kind = ["fault"] }} }}\n'
    found = asked(warehouse_of(rows, (MODEL + preset).format(extra="")), "wait", "score", preset="q")
    assert found.statistics["n"] == (rows["kind"] == "fault").sum()
    assert found.selection.values_of("kind") == ("fault",)
    assert set(found.parts["partial"]["given"]) == {"", "place", "spot", "team", "calls"}


@pytest.mark.parametrize(
    ("x", "y", "options", "key"),
    [
        ("", "score", {}, "pair.unnamed"),
        ("wait", "", {}, "pair.unnamed"),
        ("wait", "wait", {}, "pair.same"),
        ("wiat", "score", {}, "model.unknown_name"),
        ("wait", "score", {"within": "knid"}, "model.unknown_name"),
        ("wait", "score", {"within": "calls"}, "pair.within_number"),
        ("wait", "score", {"given": ("klnd",)}, "model.unknown_name"),
        ("treatment", "score", {}, "pair.constant"),
        ("wait", "score", {"preset": "q"}, "model.unknown_preset"),
    ],
)
def test_what_cannot_be_asked(plain: Warehouse, x: str, y: str, options: dict[str, Any], key: str) -> None:
    assert refused(plain, x, y, **options) == key


def test_too_few_contacts(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    assert refused(opened(warehouse_of, rows.head(9)), "wait", "score") == "pair.too_few"


def test_small_answers_say_no_more_than_they_can(warehouse_of: MakeWarehouse) -> None:
    warehouse = opened(warehouse_of, contacts(12, seed=2))
    for x, y in (("wait", "score"), ("kind", "score"), ("kind", "grade"), ("solved", "kind"), ("grade", "calls")):
        found = asked(warehouse, x, y, within="place")
        assert found.statistics["n"] == 12 and not found.statistics["simpson"]


def test_names_of_members_do_not_count(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    named = rows.assign(
        kind=rows["kind"].map({"enquiry": "z", "fault": "a", "complaint": "m"}),
        place=rows["place"].map({"p0": "3", "p1": "2", "p2": "1", "p3": "0"}),
    )
    found = [asked(opened(warehouse_of, frame), "kind", "score", within="place") for frame in (rows, named)]
    for name in ("value", "low", "high", "p", "pooled", "partial_value", "partial_p"):
        assert found[0].statistics[name] == pytest.approx(found[1].statistics[name])
    assert sorted(found[0].table["value"]) == pytest.approx(sorted(found[1].table["value"]))


def test_the_command_line_gives_the_same(
    rows: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    source, model = tmp_path / "answers.csv", tmp_path / "model.toml"
    rows.head(600).to_csv(source, index=False)
    model.write_text('table = "answers"\n' + MODEL.format(extra=""), encoding="utf-8")
    words = ["pair", "--source", str(source), "--model", str(model), "--x", "wait", "--y", "score"]
    for language in LANGUAGES:
        assert main([*words, "--within", "kind", "--given", "kind,place", "--lang", language]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["method"] == "pair" and found["statistics"]["n"] == 600
        assert [row["given"] for row in found["parts"]["partial"]] == ["kind", "place", ""]
        assert {row["stratum"] for row in found["parts"]["strata"]} == {"enquiry", "fault", "complaint"}
        assert {"x_low", "x_high", "value"} <= set(found["table"][0]) and len(found["parts"]["scatter"]) == 600
        assert found["findings"][0]["key"] == "pair.together_scatter_less"
    assert main([*words, "--within", "knid"]) == 2
    assert "kind" in capsys.readouterr().err
