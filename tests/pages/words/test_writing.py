"""A result as text for machines: the contract's plain values, whatever kind of number came in."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.result import Result, Statement
from data_access.metric_kinds import Unit
from data_access.selection import Filter, Period, Selection
from pages.words.catalogue import Catalogue
from pages.words.writers import writer
from pages.words.writers.json_text import as_contract, plain, selection_of

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NAN = float("nan")


def result(*, by: tuple[str, ...] = ("team",), method: str = "contribution") -> Result:
    rows = {"segment": pd.Series([("=1+1",) * len(by), (None,) * len(by)], dtype=object), "n": [12.0, 3.0],
            "score": [84.7, NAN], "lost_points": [0.1 + 0.2, np.float64(1.5)]}  # fmt: skip
    said = (Statement("contribution.nothing_lost"), Statement("caveat.withheld", {"segments": np.int64(1)}))
    statistics = {"score": np.float64(84.7), "n": 15.0, "additive": True, "p": NAN}
    return Result(
        method=method,
        metric="score",
        unit=Unit.POINTS,
        selection=Selection(period=OCTOBER),
        data_version="v1",
        statistics=statistics,
        table=pd.DataFrame(rows),
        findings=said[:1],
        caveats=said[1:],
        options={"by": by},
        sql=("SELECT 1",),
    )


def test_plain_values() -> None:
    given_ = {
        "n": 3.0, "rate": 3.0, "x": np.float64("inf"), "flag": np.True_, "k": np.int64(2), "day": date(2026, 1, 2),
        "span": OCTOBER, "inner": [{"p": NAN}, None, "text"],
    }  # fmt: skip
    assert plain(given_) == {
        "n": 3, "rate": 3.0, "x": None, "flag": True, "k": 2, "day": "2026-01-02",
        "span": {"from": "2026-10-01", "to": "2026-11-01"}, "inner": [{"p": None}, None, "text"],
    }  # fmt: skip
    assert type(plain(given_)["n"]) is int and type(plain(given_)["rate"]) is float


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
))  # fmt: skip
def test_anything_becomes_json(value: object) -> None:
    json.loads(json.dumps(plain(value), allow_nan=False))


def test_the_contract() -> None:
    found = as_contract(result(), Catalogue.load("en"))
    assert found["table"][0] == {"segment": {"team": "=1+1"}, "n": 12, "score": 84.7, "lost_points": 0.1 + 0.2}
    assert found["table"][1]["segment"] == {"team": None} and found["table"][1]["score"] is None
    assert found["statistics"] == {"score": 84.7, "n": 15, "additive": True, "p": None}
    assert found["caveats"][0]["values"] == {"segments": 1}
    assert found["findings"][0]["text"].startswith("No points are lost")


def test_json_reads_back_bit_for_bit() -> None:
    words = Catalogue.load("zh-CN")
    assert json.loads(writer("json")(result(), words)) == as_contract(result(), words)


def test_overview_names_its_touchpoint() -> None:
    rows = as_contract(result(method="overview"), Catalogue.load("en"))["table"]
    assert [row["touchpoint"] for row in rows] == ["=1+1", None]


def test_combinations_keep_their_dimensions() -> None:
    found = as_contract(result(by=("team", "shift")), Catalogue.load("en"))
    assert found["table"][0]["segment"] == {"team": "=1+1", "shift": "=1+1"}
    assert writer("csv")(result(by=("team", "shift")), Catalogue.load("en")).startswith("team,shift,n,score")


def test_csv_leaves_blanks_where_numbers_are_withheld() -> None:
    lines = writer("csv")(result(), Catalogue.load("en")).splitlines()
    assert lines[1].startswith("'=1+1,12,84.7,0.30000000000000004") and lines[2] == ",3,,1.5"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@sum", "\ttab", "\rreturn", "＝1"])
def test_no_text_of_a_csv_is_a_formula_and_json_keeps_it(text: str) -> None:
    given = replace(result(), table=pd.DataFrame({"segment": [(text,)], "n": [12.0], "change": [-1.6]}))
    words = Catalogue.load("en")
    (cells,) = csv.DictReader(io.StringIO(writer("csv")(given, words), newline=""))
    assert cells == {"team": f"'{text}", "n": "12", "change": "-1.6"}
    assert json.loads(writer("json")(given, words))["table"][0]["segment"] == {"team": text}


def test_several_values_of_a_cell_stand_apart_in_csv_and_as_a_list_in_json() -> None:
    values = [(), ("3G",), ("1", "2", None), ("=1+1", "固话")]
    given, words = replace(result(method="trace"), table=pd.DataFrame({"value": values})), Catalogue.load("en")
    rows = list(csv.reader(io.StringIO(writer("csv")(given, words))))
    assert rows == [["value"], [""], ["3G"], ["1|2|"], ["'=1+1|固话"]]
    assert [row["value"] for row in json.loads(writer("json")(given, words))["table"]] == [list(v) for v in values]


def test_a_break_within_a_cell_starts_no_row() -> None:
    given = replace(result(), table=pd.DataFrame({"segment": [("x\r=1+1",), ("y\n=1+1",)], "n": [12.0, 11.0]}))
    lines = writer("csv")(given, Catalogue.load("en"))
    assert lines == 'team,n\n"x\r\'=1+1",12\n"y\n\'=1+1",11\n'


@pytest.mark.parametrize(("language", "few"), [("en", "n < 10"), ("zh-CN", "n < 10")])
def test_text_says_what_is_withheld(language: str, few: str) -> None:
    text = writer("text")(result(), Catalogue.load(language))
    assert few in text and "nan" not in text.lower() and text.endswith("\n")


def test_a_selection_as_values() -> None:
    asked = Selection("resolved", OCTOBER, OCTOBER.previous(), (Filter("team", ("a", None)),))
    assert selection_of(asked) == {
        "metric": "resolved",
        "period": {"from": "2026-10-01", "to": "2026-11-01"},
        "baseline": {"from": "2026-09-01", "to": "2026-10-01"},
        "filters": {"team": ["a", None]},
    }
    assert selection_of(Selection())["period"] is None
