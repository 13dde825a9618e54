"""First-contact resolution: its command on the fixture, the planted question, one number wherever it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.change import change
from analysis.contribution import contribution
from analysis.estimate import cells_of, estimate
from analysis.methods import analysis_of
from analysis.result import Result
from analysis.service.board.board import service
from analysis.service.fcr.fcr import fcr
from analysis.service.ranking.definitions import definitions
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.service.conftest import Beside
from tests.analysis.test_pinned import is_kept_as_it_was
from tests.data_access.warehouse import f2

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = OCTOBER.previous()


def asked(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str) -> dict[str, Any]:
    (tmp_path / "f2.toml").write_text(f2.MODEL, encoding="utf-8")
    assert main(["fcr", "--source", str(f2.FIXTURE), "--model", str(tmp_path / "f2.toml"), *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_gives_the_fixture_to_the_digit(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    n, rates = f2.KNOWN["same"]  # any question: as sums, where the fixture is asked of the warehouse
    found = asked(capsys, tmp_path, "--issue", "same")
    assert found["statistics"]["n"] == n
    assert [round(row["value"], 4) for row in found["parts"]["windows"]] == rates
    assert found["statistics"]["judged_until"] == "2026-10-13 00:00"
    last = [row for row in found["parts"]["trend"] if row["start"].startswith("2026-10-14")]
    assert [(row["value"], row["state"]) for row in last] == [(None, "open")] * 3
    classes = {row["class"]: row["n"] for row in found["parts"]["classes"]}
    assert sum(classes.values()) == found["statistics"]["contacts"] == 4843 and classes["first"] == n
    own = asked(capsys, tmp_path, "--windows", "1,72", "--by", "business")
    assert [row["hours"] for row in own["parts"]["windows"]] == [1, 72]
    assert own["statistics"]["judged_until"] == "2026-10-12 00:00"
    words = ["--source", str(f2.FIXTURE), "--model", str(tmp_path / "f2.toml"), "--measure", "fcr_48"]
    assert main(["service_measure", *words]) == 0  # its course is grey from the same day on
    assert json.loads(capsys.readouterr().out)["statistics"]["open_from"] == "2026-10-13"


def test_the_planted_question_is_worst_in_two_hours_and_not_in_two_days(sample: Warehouse) -> None:
    found = fcr(sample, Selection(), by=("sub_type",))
    quick, under = ("fixed_bill",), definitions(sample, Selection(), measure="fcr_48", by=("sub_type",))
    is_kept_as_it_was("definitions", under)
    ranks, places = under.parts["each"].set_index(["definition", "segment"]), under.statistics["segments"]
    assert ranks.loc[("first:any:2", quick), "rank"] == places
    assert ranks.loc[("first:any:2", quick), "verdict"] == "worse"
    assert ranks.loc[("first:any:48", quick), "verdict"] == "none"
    longest = found.table.set_index("segment")
    for name in ("value", "rank", "verdict", "p_adjusted"):
        of_longest = ranks.loc["first:any:48", name]
        pd.testing.assert_series_equal(of_longest, longest[name].loc[of_longest.index])
    assert found.table.set_index("segment").loc[[quick], "holds"].tolist() == ["some"]
    said = {statement.key: statement.values for statement in found.findings}
    assert {"sub_type": "fixed_bill"} in said["fcr.depends"]["segments"]
    assert found.statistics["not_applicable"] > 0 and found.statistics["late"] > 0
    assert found.parts["survey"]["n"].sum() == found.statistics["asked"]
    assert set(found.parts["levers"]["remedy"]) and found.table["segment"].iloc[-1] is not None


def test_a_promised_call_back_is_called_solved_and_comes_back_all_the_same(sample: Warehouse) -> None:
    """The survey asks whether it was solved; of one planted question nearly all say yes and soon come back."""
    of_one, of_two = (
        fcr(sample, Selection(filters=(Filter("sub_type", names),)), windows=(2.0,))
        for names in (("fixed_bill",), ("4g_bill", "5g_bill"))
    )
    promised, others = of_one.statistics, of_two.statistics
    for language in LANGUAGES:  # of a single window nothing is said twice
        assert (
            Catalogue.load(language)
            .say(of_one.findings[0])
            .replace(" ", "")
            .count("2h" if language == "en" else "2小时")
            == 1
        )
    assert promised["survey"] > 90 > 85 > others["survey"]
    assert promised["yes_back"] / promised["asked"] > 4 * others["yes_back"] / others["asked"]
    assert sample.model.repeats.survey == "solved_said" and sample.model.metrics["solved_said"].survey


def test_one_number_wherever_it_is_shown(sample: Warehouse) -> None:
    """The metric and the analysis of its own: value, interval and count by team."""
    of_metric = contribution(sample, Selection("fcr_48", OCTOBER), by=["team"]).table.set_index("segment")
    own = fcr(sample, Selection("score", OCTOBER, SEPTEMBER), by=("team",))
    table = own.table.set_index("segment")
    for name, column in (("n", "n"), ("score", "value"), ("low", "low"), ("high", "high")):
        pd.testing.assert_series_equal(of_metric[name], table[column].loc[of_metric.index], check_names=False)
    moved = change(sample, Selection("fcr_48", OCTOBER, SEPTEMBER), by=["business"])
    assert moved.statistics["change"] == pytest.approx(own.statistics["change"])


def test_every_sentence_can_be_said(sample: Warehouse) -> None:
    found = fcr(sample, Selection("score", OCTOBER, SEPTEMBER), by=("business",), issue="same")
    assert found.how is not None
    statements = (*found.findings, *found.caveats, found.how.formula, *found.how.assumptions)
    for language in LANGUAGES:
        words = Catalogue.load(language)
        assert all("{" not in words.say(statement) for statement in statements)


def followed(beside: Beside, question: str = "", drivers: str = "", **columns: Any) -> Warehouse:
    start = datetime(2026, 10, 1)
    at = [start + timedelta(hours=5 * i) for i in range(60)]
    rows = {"contact_id": range(60), "customer_id": [f"c{i % 7}" for i in range(60)], "contacted_at": at, "score": 5,
            "touchpoint": "phone", "tier": "basic", "team": "t1"}  # fmt: skip
    return beside(pd.DataFrame(rows | columns), question=question, drivers=drivers)


def test_the_board_asks_all_windows_in_one_query_and_gives_the_same_numbers(beside: Beside) -> None:
    hours = [0 if i % 3 else 3 for i in range(60)]
    at = [datetime(2026, 10, 1 + i % 20, 9 + hours[i]) for i in range(60)]
    warehouse = followed(
        beside, question="tier", drivers="[repeats]\n", contacted_at=at, score=[i % 10 + 1 for i in range(60)]
    )
    board = service(warehouse, Selection("score", OCTOBER, SEPTEMBER))
    assert sum("since_last" in query for query in board.sql) == 2  # one for each period
    rows = board.table.set_index("measure")
    assert {"fcr_2", "fcr_24", "fcr_48", "fcr_48_same"} <= set(rows.index)
    for name in ("fcr_2", "fcr_24", "fcr_48_same", "satisfied"):
        metric = warehouse.model.metric(name)
        alone = estimate(cells_of(warehouse.cells(name, [], OCTOBER, (), clustered=True), (), metric).rows, metric)
        ends = [alone.n, *(v / 100 for v in (alone.value, alone.interval.low, alone.interval.high))]
        assert alone.n > 10 and list(rows.loc[name, ["n", "value", "low", "high"]]) == pytest.approx(ends)


def test_what_cannot_be_asked_is_said(beside: Beside) -> None:
    warehouse = followed(beside)
    for options, message in (
        ({"issue": "other"}, r"fcr\.unknown_issue"),
        ({"issue": "same"}, r"repeats\.no_question"),
        ({"windows": (0.0,)}, r"model\.bad_windows"),
        ({"windows": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)}, r"fcr\.too_many_windows"),
    ):
        with pytest.raises(BadInput, match=message):
            fcr(warehouse, Selection(), **options)  # type: ignore[arg-type]
    with pytest.raises(NothingToShow, match=r"fcr\.none_judged"):
        fcr(warehouse, Selection(period=Period(date(2026, 10, 13), date(2026, 10, 14))))


def test_where_all_was_loaded_at_once_the_way_out_is_said_and_the_draft_takes_it_so(tmp_path: Path) -> None:
    loaded = load_file(f2.FIXTURE, cache=tmp_path)
    text = f2.MODEL.replace("extracted = ", "loaded = ").replace('table = "data"', f'table = "{loaded.table}"')
    opened = closing(open_warehouse(loaded.database, parse_model(text)))
    with opened as warehouse, pytest.raises(NothingToShow, match=r"fcr\.all_late") as problem:
        fcr(warehouse, Selection())
    for language in LANGUAGES:
        said = Catalogue.load(language).say(problem.value.statement)
        assert "loaded" in said and "on_time" in said
    named = tmp_path / "named.csv"
    named.write_text(f2.FIXTURE.read_text(encoding="utf-8").replace("extracted_at", "loaded_at"), encoding="utf-8")
    time = parse_model(draft_model(load_file(named, cache=tmp_path)).text).time
    assert time is not None and (time.loaded, time.extracted) == (None, "loaded_at")


def test_contacts_without_a_customer_are_a_class_of_their_own(beside: Beside) -> None:
    found = fcr(followed(beside, customer_id=[None if i % 3 else f"c{i}" for i in range(60)]), Selection())
    classes = found.parts["classes"].set_index("class")["n"]
    assert classes["no_key"] == 40 and found.statistics["key_coverage"] == pytest.approx(1 / 3)
    assert found.statistics["value"] == 100 and found.statistics["n"] == classes["first"]


@pytest.mark.prove
@pytest.mark.parametrize("method", ["overview", "contrast", "segments", "worth_knowing", "drivers", "trace"])
def test_as_a_metric_everywhere(sample: Warehouse, method: str) -> None:
    by: dict[str, Any] = {
        "overview": {},
        "contrast": {"by": ["business"]},
        "trace": {"path": (Filter("business", ("broadband",)),)},
    }
    ask: Callable[..., Result] = analysis_of(method)
    found = ask(sample, Selection("fcr_48", OCTOBER, SEPTEMBER), **by.get(method, {}))
    assert found.metric == "fcr_48" and len(found.table)
