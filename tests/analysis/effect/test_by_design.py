"""Each design by what is given, over a warehouse: rows stay there, the numbers are those of the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.effect.effect import effect
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.sources import open_source
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.writers import WRITERS, writer

FIRST, START, LATER = date(2026, 5, 4), date(2026, 8, 3), date(2026, 8, 17)
TREATED, WEEKS = ("t00", "t01", "t02", "t03"), 22
CONTROL = tuple(f"t{i:02}" for i in range(4, 12))
STARTS = {"t00": START, "t01": START, "t02": LATER, "t03": LATER}
Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("designs")


@pytest.fixture(scope="module")
def source(folder: Path) -> Warehouse:
    """Twelve teams; four improve by eight points from their start, and have their customers call again more often."""
    rng = np.random.default_rng(3)
    teams = np.repeat([*TREATED, *CONTROL], WEEKS * 20)
    at = pd.Timestamp(FIRST) + pd.to_timedelta(rng.integers(0, WEEKS * 7, len(teams)), unit="D") + pd.Timedelta("9h")
    level = dict(zip((*TREATED, *CONTROL), rng.normal(7, 0.2, 12), strict=True))
    begun = np.array([t in STARTS and day >= pd.Timestamp(STARTS[t]) for t, day in zip(teams, at, strict=True)])
    hard = rng.random(len(teams)) < 0.5
    score = np.array([level[t] for t in teams]) + 0.8 * begun - 1.5 * hard + rng.normal(0, 1.2, len(teams))
    rows = pd.DataFrame({
        "contact_id": [f"c{i}" for i in range(len(teams))], "contacted_at": at, "team": teams,
        "topic": np.where(hard, "hard", "easy"), "arm": rng.choice(["new", "old"], len(teams)),
        "uneven": np.where(rng.random(len(teams)) < 0.6, "new", "old"),
        "score": np.clip(np.round(score), 1, 10).astype(int),
        "repeated": (rng.random(len(teams)) < np.where(begun, 0.4, 0.1)).astype(int),
    })  # fmt: skip
    rows.to_csv(folder / "designs.csv", index=False)
    model = folder / "model.toml"
    model.write_text(
        'table = "designs"\ncontact_id = "contact_id"\ntime = { column = "contacted_at" }\n'
        'score = { column = "score", scale = [1, 10], formula = "mean_of_max" }\n'
        '[metrics]\nrepeated = { column = "repeated", values = [0, 1], better = "low" }\n'
        "[dimensions]\n"
        + "".join(f'{name} = {{ column = "{name}" }}\n' for name in ("team", "topic", "arm", "uneven"))
    )
    return open_source(str(folder / "designs.csv"), cache=folder / "files", model=model)


@pytest.fixture(scope="module")
def ask(source: Warehouse) -> Ask:
    def asked(
        unit: str = "team", treated: tuple[str, ...] = TREATED, metric: str = "score", **options: Any
    ) -> Result:
        return effect(source, Selection(metric, filters=(Filter(unit, treated),)), **options)

    return asked


def control(unit: str = "team", members: tuple[str, ...] = CONTROL) -> tuple[Filter, ...]:
    return (Filter(unit, members),)


def readable(result: Result, warehouse: Warehouse) -> None:
    """All formats in both languages, every part written out."""
    for language in LANGUAGES:
        words = Catalogue.load(language).about(warehouse.model.metric(result.metric))
        texts = [writer(name)(result, words) for name in WRITERS]
        assert all("NaN" not in text and "nan" not in text and "None" not in text for text in texts)


def test_difference_in_differences_with_its_guardrail(ask: Ask, source: Warehouse) -> None:
    found = ask(control=control(), start=START, guardrails=("repeated",))
    s = found.statistics
    assert s["design"] == "did" and s["verdict"] == "effective" and s["clusters"] == 12 and s["treated_clusters"] == 4
    assert s["low"] < 7 < s["high"] and s["randomisation_p"] == pytest.approx(1 / 495) == s["smallest_p"]
    guard = found.parts["guardrails"].iloc[0]
    assert guard["verdict"] == "worse" and guard["effect"] > 10 and "effect.but" in [f.key for f in found.findings]
    assert s["pre_low"] < 0 < s["pre_high"] and found.parts["bounds"]["m"].tolist()[0] == 0.0
    assert "how.effect.strata" in [note.key for note in found.how.assumptions]  # topic moves the score, and no team
    assert len(found.sql) == 3 and all("contact_id" not in text for text in found.sql)
    readable(found, source)


def test_a_metric_that_is_better_when_low(ask: Ask) -> None:
    s = ask(metric="repeated", control=control(), start=START).statistics
    assert s["effect"] > 10 and s["gain"] == -s["effect"] and s["gain_high"] == -s["low"]
    assert s["verdict"] == "not_effective"


def test_steps_of_a_roll_out(ask: Ask, source: Warehouse) -> None:
    found = ask(control=control(), start=START, starts=tuple(STARTS.items()))
    assert found.statistics["design"] == "cohorts" and found.statistics["verdict"] == "effective"
    assert found.statistics["low"] < 8 < found.statistics["high"]
    assert found.parts["cohorts"]["start"].tolist() == [START, LATER] and found.parts["cohorts"]["units"].sum() == 4
    readable(found, source)


def test_one_course_without_a_control(ask: Ask, source: Warehouse) -> None:
    found = ask(treated=("t00", "t01"), start=START)
    assert found.statistics["design"] == "series" and found.statistics["clusters"] == WEEKS
    assert found.caveats[-1].key == "effect.not_cause_series" and found.statistics["wild_p"] != 0
    readable(found, source)
    short = ask(treated=("t00",), start=START, design="series", baseline=None, noticed=Period(FIRST, LATER))
    assert short.statistics["verdict"] == "not_enough_evidence"


def test_two_arms_and_the_ratio_they_should_have(ask: Ask, source: Warehouse) -> None:
    found = ask("arm", ("new",), control=control("arm", ("old",)), start=FIRST, design="arms")
    s = found.statistics
    assert s["design"] == "arms" and s["clusters"] == 0 and s["low"] < 0 < s["high"]
    assert set(found.table["period"]) == {"after"}
    readable(found, source)
    uneven = ask("uneven", ("new",), control=control("uneven", ("old",)), start=FIRST, design="arms")
    assert uneven.statistics["verdict"] == "not_enough_evidence" and np.isnan(uneven.statistics["effect"])
    assert uneven.findings[0].key == "effect.withheld" and uneven.caveats == () and uneven.how.assumptions == ()
    readable(uneven, source)
    assert "effect.because_ratio" in [f.key for f in uneven.findings]


def test_arms_are_held_against_the_ratio_they_were_to_have(ask: Ask) -> None:
    drawn = partial(ask, "uneven", ("new",), control=control("uneven", ("old",)), start=FIRST)
    found = drawn(design="arms", ratio="3:2")
    assert np.isfinite(found.statistics["effect"]) and found.options["ratio"] == "3:2"
    assert np.isnan(drawn(design="arms", ratio="2：3").statistics["effect"])
    for wrong in ("2", "0:1", "a:b", "1:-1"):
        with pytest.raises(BadInput, match="bad_ratio"):
            drawn(design="arms", ratio=wrong)
    with pytest.raises(BadInput, match="ratio_of_no_arms"):
        drawn(ratio="2:1")


def test_an_early_look_is_wider_and_says_so(ask: Ask) -> None:
    whole = ask(control=control(), start=START)
    early = ask(control=control(), start=START, check_on=date(2026, 12, 1))
    assert not early.statistics["planned"] and whole.statistics["planned"]
    assert (
        early.statistics["low"] < whole.statistics["low"] and early.statistics["effect"] == whole.statistics["effect"]
    )
    assert "effect.look_early" in [c.key for c in early.caveats]


def test_the_first_sentence_is_the_verdict_with_its_numbers(ask: Ask, source: Warehouse) -> None:
    found = ask(control=control(), start=START)
    words = Catalogue.load("zh-CN").about(source.model.metric("score"))
    assert words.say(found.findings[0]).startswith("比对照组多提升") and words.say(found.findings[0]).endswith(
        "，有效。"
    )
    assert all("导致" not in words.say(s) for s in (*found.findings, *found.caveats))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"control": control("team", ("t00",)), "start": START}, BadInput),
        ({"control": control("team", ("t99",)), "start": START}, BadInput),
        ({"start": START, "design": "did"}, BadInput),
        ({"control": control(), "start": START, "starts": (("t05", START),)}, BadInput),
        ({"control": control(), "start": date(2026, 5, 11)}, BadInput),
        ({"control": control(), "start": START, "check_on": START}, BadInput),
        ({"control": control("topic", ("easy",)), "start": START}, BadInput),
        ({"control": control()}, BadInput),
        ({"control": control(), "start": START, "design": "series"}, BadInput),
        ({"control": control(), "start": START, "smallest": 1e200}, BadInput),
        ({"control": control(), "start": LATER, "starts": (("t00", START),)}, BadInput),
        ({"control": control(), "start": START, "starts": (("t00", START), ("t00", LATER))}, BadInput),
    ],
)
def test_what_cannot_be_meant(ask: Ask, options: dict[str, Any], problem: type[Exception]) -> None:
    with pytest.raises(problem) as found:
        ask(**options)
    for language in LANGUAGES:
        assert Catalogue.load(language).say(found.value.statement)  # type: ignore[attr-defined]


def test_a_group_without_answers_on_a_side(source: Warehouse) -> None:
    late = Selection(
        period=Period(FIRST, date(2026, 8, 10)), filters=(Filter("team", ("t02",)), Filter("topic", ("x",)))
    )
    with pytest.raises(NothingToShow):
        effect(source, late, control=control(), start=START)


def test_small_groups_stay_secret(folder: Path, source: Warehouse) -> None:
    """Neither side may be a secret group, no week is shown, and no start within a month, for days could be had so."""
    model = folder / "secret.toml"
    model.write_text(
        (folder / "model.toml").read_text().replace("contact_id =", "disclose_from = 430\ncontact_id =", 1)
    )
    secret = open_source(str(folder / "designs.csv"), cache=folder / "files", model=model)
    several, whole = Selection(filters=(Filter("team", TREATED),)), date(2026, 8, 1)
    found = effect(secret, several, control=control(), start=whole)
    assert "weeks" not in found.parts and found.parts["units"].empty
    for days in ({"start": START}, {"start": whole, "check_on": date(2026, 8, 20)}):
        with pytest.raises(BadInput, match=r"disclose\.months"):
            effect(secret, several, control=control(), **days)  # type: ignore[arg-type]
    for treated, others in ((("t00",), CONTROL), (TREATED, ("t04",))):
        with pytest.raises(NothingToShow):
            effect(
                secret, Selection(filters=(Filter("team", treated),)), control=control("team", others), start=whole
            )
