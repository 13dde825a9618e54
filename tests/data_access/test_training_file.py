"""Cases and keys: written and read back the same; what is bad is one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.training import Case, Key, Kind, Truth, Words
from data_access.training_file import (
    from_json,
    load_cases,
    load_quiz,
    read_case,
    read_key,
    slices,
    to_json,
    write_case,
)

SPAN = Period(date(2026, 6, 1), date(2026, 7, 1))
TRUTH = Truth(
    segment=(Filter("topic", ("bill",)), Filter("customer_age", ("new", None))),
    kind=Kind.RULE,
    since=SPAN.start,
    event="BR-1",
)


def test_every_case_shipped_comes_back_the_same_from_its_folder(tmp_path: Path) -> None:
    for case, key in load_cases():
        case = replace(case, period=SPAN, baseline=SPAN.previous())
        key = replace(key, truth=TRUTH)
        write_case(tmp_path / case.code, case, key)
        assert (read_case(tmp_path / case.code), read_key(tmp_path / case.code)) == (case, key)
        assert to_json(from_json(Key, to_json(key))) == to_json(key)
    assert not [*tmp_path.rglob("*.part")]


def test_the_cases_shipped_are_whole_and_speak_the_taxonomy() -> None:
    known = load_taxonomy()
    cases = load_cases()
    assert len(cases) == 6 and {case.code for case, _ in cases} == slices().keys()
    for case, key in cases:
        assert [one.code for one in case.rubric] == ["location", "evidence", "depth", "remedy"]
        assert sum(one.points for one in case.rubric) == 100 and len(case.hints) == 3
        reference = key.reference
        assert known.entry("cause_type", reference.cause_type) and known.entry("power", reference.power)
        assert all(known.entry("remedy", code) for code in reference.remedies)
        assert key.truth.nothing == (reference.cause_type == "artefact")
    assert len(load_quiz()) == 15 and {one.level for one in load_quiz()} == {"nominal", "ordinal", "interval"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("no json", "Expecting value"),
        ("[]", "Case"),
        ('{"code":"a","title":{"en":"A","zh":"甲"}}', "story"),
        ('{"code":"a","title":{"en":1,"zh":"甲"},"story":{"en":"A","zh":"甲"}}', "Case.title"),
        ('{"code":"a","colour":"red"}', "colour"),
        ('{"code":"a","period":{"start":"2026-07-01","end":"2026-06-01"}}', "Case.period"),
    ],
)
def test_a_case_that_cannot_be_read_says_what_is_wrong(text: str, named: str) -> None:
    with pytest.raises(BadInput, match=r"training\.not_a_case") as caught:
        from_json(Case, text)
    assert named in caught.value.statement.values["detail"]


def test_a_folder_without_a_case_and_a_bad_list_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"training\.no_case"):
        read_case(tmp_path)
    bad = tmp_path / "list.toml"
    bad.write_text('[[quiz]]\ncode = "x"\nlevel = "ratio"\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"training\.incomplete.*quiz x.*level: ratio"):
        load_quiz(bad)
    bad = tmp_path / "other.toml"
    bad.write_text('[[case]]\ncode = "x"\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"training\.incomplete.*case x"):
        load_cases(bad)


def test_json_is_canonical_and_plain() -> None:
    case = Case(code="a", title=Words("A", "甲"), story=Words("B", "乙"), period=SPAN)
    assert json.loads(to_json(case))["period"] == {"start": "2026-06-01", "end": "2026-07-01"}
