"""Corrections of a drafted model: what they make of the roles, what is refused, and that the TOML stays sound."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.files.compose import Settings
from data_access.files.guess import guess_roles
from data_access.files.kept_profile import profile_file
from data_access.files.load import load_file
from data_access.files.profile import TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.model_file import parse_model
from data_access.semantics import Level, Missing
from data_access.statement import Statement
from pages.data import roles

COLUMNS = {
    "score": list(range(1, 11)) * 12,
    "business": ["3G", "2G", "固话"] * 40,
    "tier": ["plain", "fine", "best"] * 40,
    "wait": [i * 7 % 300 for i in range(120)],
    "solved": ["yes", "no"] * 60,
    "phone": [f"138001380{i % 100:02}" for i in range(120)],
    "note": ["等候"] * 60 + [""] * 60,
}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> TableProfile:
    folder = tmp_path_factory.mktemp("roles")
    lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in zip(*COLUMNS.values(), strict=True))]
    (folder / "hotline.csv").write_text("\n".join(lines), encoding="utf-8")
    return profile_file(load_file(folder / "hotline.csv", cache=folder))


def role(profile: TableProfile, column: str, **correction: Any) -> ColumnRole:
    found = roles.corrected(profile, guess_roles(profile), {column: correction})
    return next(r for r in found if r.column == column)


def problems(profile: TableProfile, **corrections: dict[str, Any]) -> list[Statement]:
    return roles.problems(profile, roles.corrected(profile, guess_roles(profile), corrections))


def test_without_corrections_the_guesses_stand(profile: TableProfile) -> None:
    guesses = guess_roles(profile)
    assert [r.part for r in roles.corrected(profile, guesses, {})] == [r.part for r in guesses]
    assert roles.problems(profile, roles.corrected(profile, guesses, {})) == []


def test_codes_for_no_answer_can_be_given_and_taken_back(profile: TableProfile) -> None:
    assert role(profile, "wait", part="driver", codes=["0", "295"]).codes == (0, 295)
    assert role(profile, "business", codes=["2G"]).codes == ("2G",)
    assert role(profile, "wait", part="driver", codes=[]).codes == ()
    [wrong] = problems(profile, wait={"part": "driver", "codes": ["none", "7"]})
    assert (wrong.key, wrong.values["values"]) == ("data.problem.codes", ["none"])


def test_a_new_part_brings_what_goes_without_saying(profile: TableProfile) -> None:
    assert role(profile, "wait", part="driver").level is Level.INTERVAL
    assert role(profile, "wait", part="dimension").level is Level.NOMINAL
    assert role(profile, "wait", part="driver", missing="zero").missing is Missing.ZERO
    assert role(profile, "wait", part="metric").values == (0, 295)
    assert role(profile, "note", part="reason").not_stated == "未说明"
    assert role(profile, "solved", part="metric", order=["no", "yes"]).values == ("no", "yes")


@pytest.mark.parametrize(
    ("corrections", "key"),
    [
        ({"score": {"part": "ignored"}, "solved": {"part": "ignored"}}, "data.problem.no_score"),
        ({"wait": {"part": "score"}}, "data.problem.two"),
        ({"score": {"part": "ignored"}, "business": {"part": "score"}}, "data.problem.score"),
        ({"business": {"part": "driver"}}, "data.problem.driver"),
        ({"business": {"part": "weight"}}, "data.problem.weight"),
        ({"business": {"part": "time"}}, "data.problem.time"),
        ({"business": {"part": "choice"}}, "data.problem.choice"),
        ({"business": {"part": "metric"}}, "data.problem.values"),
        ({"business": {"part": "metric", "order": ["no", "yes"]}}, "data.problem.values"),
        ({"tier": {"part": "dimension", "level": "ordinal"}}, "data.problem.no_order"),
        ({"tier": {"part": "dimension", "level": "ordinal", "order": ["plain", "gold"]}}, "data.problem.order"),
    ],
)
def test_what_cannot_be_is_said(profile: TableProfile, corrections: dict[str, Any], key: str) -> None:
    assert [s.key for s in problems(profile, **corrections)] == [key]


def test_an_order_reaches_the_model(profile: TableProfile) -> None:
    corrections = {"tier": {"level": "ordinal", "order": ["plain", "fine", "best"], "en": 'The "tier"', "zh": "等级"}}
    chosen = roles.corrected(profile, guess_roles(profile), corrections)
    model = parse_model(roles.composed(chosen, Settings("hotline"), corrections))
    assert model.dimension("tier").order == ("plain", "fine", "best")
    assert [model.dimension("tier").labels.get(code) for code in ("en", "zh-CN")] == ['The "tier"', "等级"]
    assert model.dimension("business").labels.get("en") == "business"


def test_labels_of_the_score(profile: TableProfile) -> None:
    corrections = {"score": {"en": "Satisfaction", "zh": "满意度"}}
    chosen = roles.corrected(profile, guess_roles(profile), corrections)
    metric = parse_model(roles.composed(chosen, Settings("hotline"), corrections)).metric("score")
    assert [metric.labels.get(code) for code in ("en", "zh-CN")] == ["Satisfaction", "满意度"]


def test_only_a_masked_role_is_free_for_a_personal_column(profile: TableProfile) -> None:
    exposed = {}
    for part in Part:
        found = roles.corrected(profile, guess_roles(profile), {"phone": {"part": part.value}})
        exposed[part] = [r.column for r in roles.exposed(found)]
    assert {part for part, columns in exposed.items() if not columns} == set(roles.HARMLESS)


def test_the_table_hides_what_is_personal(profile: TableProfile) -> None:
    frame = roles.frame_of(profile, guess_roles(profile), {})
    assert list(frame.index) == list(COLUMNS)
    assert "138" not in frame.loc["phone"].to_string()
    assert frame.loc["business", "examples"] == "2G · 3G · 固话"


@given(label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_label_is_written_soundly(label: str) -> None:
    found = (ColumnRole("s", Part.SCORE, "s"), ColumnRole("team", Part.DIMENSION, "team"))
    corrections = {"team": {"en": label, "zh": label}, "s": {"en": label, "zh": label}}
    model = parse_model(roles.composed(found, Settings("t"), corrections))
    assert model.dimension("team").labels.get("en") == model.metric("score").labels.get("zh-CN") == label
