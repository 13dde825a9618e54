"""What is written down means the same when it is read: by Hypothesis over everything a page can pin."""

import json
import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.selection import Filter, Period, Selection
from data_access.statement import Statement
from data_access.workshop.codec import (
    canonical,
    from_json,
    headline_rows,
    plain,
    selection_from_json,
    selection_to_json,
    to_json,
)
from data_access.workshop.records import Milestone

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
periods = st.tuples(days, days).filter(lambda p: p[0] != p[1]).map(lambda p: Period(min(p), max(p)))
names = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
filters = st.builds(Filter, names, st.lists(st.none() | names, max_size=4).map(tuple))
selections = st.builds(
    Selection, names, st.none() | periods, st.none() | periods, st.lists(filters, max_size=4).map(tuple)
)
milestones = st.builds(Milestone, names, st.none() | days, st.none() | days)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | names
    | days
    | periods
    | filters
    | milestones
) | st.datetimes(timezones=st.just(UTC))
tagged = names | st.sampled_from(["$date", "$map", "$time", "$period", "$filter", "$milestone"])
contents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(tagged, inner, max_size=3)
)


@given(selections)
def test_a_selection_comes_back_in_its_standing_form(selection: Selection) -> None:
    assert selection_from_json(selection_to_json(selection)) == canonical(selection)


@given(selections)
def test_one_writing_for_one_question(selection: Selection) -> None:
    turned = Selection(
        selection.metric,
        selection.period,
        selection.baseline,
        tuple(Filter(f.dimension, f.values[::-1]) for f in selection.filters[::-1]),
    )
    assert selection_to_json(turned) == selection_to_json(selection)
    assert canonical(canonical(selection)) == canonical(selection)


@given(selections, names, st.lists(st.none() | names, max_size=3))
def test_different_questions_are_written_differently(
    selection: Selection, name: str, allowed: list[str | None]
) -> None:
    narrowed = selection.where(name, *allowed)
    same_question = canonical(narrowed) == canonical(selection)
    assert (selection_to_json(narrowed) == selection_to_json(selection)) == same_question


@given(contents)
def test_values_come_back(value: object) -> None:
    assert from_json(to_json(value)) == value
    assert type(from_json(to_json(value))) is type(value)


@given(contents)
def test_the_text_is_strict_json_and_stable(value: object) -> None:
    written = to_json(value)
    json.loads(written, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert to_json(from_json(written)) == written


def test_what_is_withheld_is_null() -> None:
    assert plain([math.nan, math.inf, -math.inf, np.nan, pd.NA, pd.NaT, None]) == (None,) * 7


def test_numbers_of_numpy_and_pandas_become_plain() -> None:
    given_ = [np.int64(3), np.float64(84.7), np.bool_(True), pd.Timestamp("2026-10-01 08:30")]
    found = plain(given_)
    assert found == (3, 84.7, True, datetime(2026, 10, 1, 8, 30))
    assert [type(v) for v in found] == [int, float, bool, datetime]


def test_floats_keep_every_bit() -> None:
    assert plain(0.1 + 0.2) == 0.1 + 0.2


@pytest.mark.parametrize("value", [{1, 2}, object(), {1: "x"}, b"bytes"])
def test_what_could_not_be_read_back_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)


def test_headline_rows_are_bounded_and_plain() -> None:
    table = pd.DataFrame({"business": ["3G", None, "2G"], "score": [81.0, math.nan, 88.0], "n": [600, 4, 800]})
    assert headline_rows(table, most=2) == (
        {"business": "3G", "score": 81.0, "n": 600},
        {"business": None, "score": None, "n": 4},
    )


def test_a_word_within_a_sentence_comes_back() -> None:
    """The strongest pair of an association, or the path of a trace, is a statement inside the finding."""
    inner = Statement("association.strength.strong", {"within": (Filter("team", ("A",)),), "p": 0.01})
    said = {"names": ({"dimension": "wait"},), "strength": inner}
    assert from_json(to_json(said)) == said
    assert from_json(to_json(said))["strength"].values["within"] == (Filter("team", ("A",)),)
