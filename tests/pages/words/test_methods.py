"""What is said of an analysis fits it: its options, texts and columns; and nothing else knows it by its name."""

from __future__ import annotations

import inspect
import re
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from analysis.methods import METHODS, analysis_of
from analysis.result import Result, Unit
from data_access.selection import Selection
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.columns import TEXT
from pages.words.links import FRAME, RESERVED, parameter, parameters
from pages.words.methods import known, presentation_of, presentations
from pages.words.presentation import Presentation
from pages.words.tables import title_of

RESULT = Result(
    method="",
    metric="score",
    unit=Unit.POINTS,
    selection=Selection(),
    data_version="",
    statistics={},
    table=pd.DataFrame(),
)
ROOT = Path(__file__).resolve().parents[3]
BY_NAME = re.compile(r"method (==|!=|in|not in) (?!METHODS)|\"\w+\" in result\.table")


@pytest.mark.parametrize("method", METHODS)
def test_its_options_are_those_of_the_function(method: str) -> None:
    taken = inspect.signature(analysis_of(method)).parameters
    names = [option.name for option in presentation_of(method).options]
    assert len(set(names)) == len(names) and set(names) <= set(taken)
    required = {name for name, p in taken.items() if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    assert required <= set(names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown", presentations(), ids=lambda shown: shown.method)
def test_it_has_words(shown: Presentation, language: str) -> None:
    keys = [shown.question, f"page.{shown.method}", f"page.{shown.shown_on}"]
    keys += [f"{shown.method}_page.part.{part}" for part in shown.parts]
    assert [key for key in keys if key not in texts(language)] == []
    tables = [(shown.method, shown.columns), *((f"{shown.method}_part", part) for part in shown.parts.values())]
    for place, columns in tables:
        titles = [title_of(column, RESULT, place, Catalogue.load(language)) for column in columns]
        assert len(set(titles)) == len(titles), "a table with two columns of one title would lose one of them"


@pytest.mark.parametrize("shown", presentations(), ids=lambda shown: shown.method)
def test_its_columns(shown: Presentation) -> None:
    for columns in (shown.columns, *shown.parts.values()):
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        assert all(column.write is not None for column in columns if column.spec == TEXT)
        assert {column.count for column in columns} - {"", "n", "n0", "n1"} == set()
    numbers = {column.name for column in shown.columns if column.spec != TEXT}
    assert set(shown.headline) <= numbers and shown.headline


def test_a_flag_or_a_parameter_means_the_same_wherever_it_is_shared() -> None:
    options = [option for shown in presentations() for option in shown.options]
    for one, other in combinations(options, 2):
        if one.flag and one.flag == other.flag:
            assert (type(one), one.usual) == (type(other), other.usual), one.flag
        if one.link and one.link == other.link:
            assert type(one) is type(other), one.link


def test_an_unknown_analysis() -> None:
    assert known("weather") is None
    with pytest.raises(KeyError, match="weather"):
        presentation_of("weather")


def test_names_of_a_link_are_taken_by_no_dimension() -> None:
    used = {name for shown in presentations() for name in shown.links}
    assert used | FRAME == RESERVED and not used & FRAME
    assert {"driver", "columns", "hold", "lines", "preset", "of", "x", "y", "within", "issue", "measure"} <= used
    assert {parameter(name) for name in RESERVED} == {f"f.{name}" for name in RESERVED}
    assert parameter("team") == "team" and parameters("team", "drivers") == ("team",)
    assert parameters("driver", "overview") == ("f.driver", "driver")
    assert parameters("driver", "drivers") == ("f.driver",) and parameters("metric", "overview") == ("f.metric",)


def test_nothing_else_knows_an_analysis_by_its_name() -> None:
    places = [*(ROOT / "pages").rglob("*.py"), ROOT / "analysis" / "__main__.py"]
    asked = [path for path in places if BY_NAME.search(path.read_text(encoding="utf-8"))]
    assert {path.relative_to(ROOT).as_posix() for path in asked} == set()
