"""Names of files say what is in them, and every system can hold them."""

from __future__ import annotations

from datetime import date

import pytest

from data_access.selection import Period
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.file_names import LONGEST, file_name

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def test_a_name_says_what_of_which_days() -> None:
    assert file_name("Minutes", "CSAT", OCTOBER, ending="pptx") == "Minutes_CSAT_2026-10-01_2026-10-31.pptx"
    assert file_name("周会纪要", None, "", date(2026, 10, 31), ending="xlsx") == "周会纪要_2026-10-31.xlsx"


@pytest.mark.parametrize("strange", [
    "..\\..\\etc/passwd", "a:b|c?*\"<>", "nul", "COM1.x", " . ", "\u202egnp.exe", "tab\tnew\nline\0", "\ud800",
    "a_b", "=1",
])  # fmt: skip
def test_whatever_people_write_is_a_name_windows_can_hold(strange: str) -> None:
    for name in (file_name(strange, ending="pptx"), file_name("问题溯源", strange, OCTOBER, ending="pptx")):
        stem, dot, ending = name.rpartition(".")
        assert dot and ending == "pptx" and stem and stem == stem.strip(" .")
        assert not set(name) & set('<>:"/\\|?*') and name.isprintable()
        assert stem.split(".")[0].casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
        assert len(name.encode()) <= 255


def test_long_names_are_cut() -> None:
    name = file_name(*["收费争议" * 50] * 9, ending="xlsx")
    assert len(name) <= LONGEST + 5 and name.endswith(".xlsx") and len(name.encode()) <= 255


def test_each_kind_of_file_is_called_by_a_name_of_its_own() -> None:
    for language in LANGUAGES:
        words = Catalogue.load(language)
        called = [words.text(f"file.{name}") for name in
                  ("issue", "issue_record", "form", "class", "minutes", "meeting_deck", "meeting_workbook",
                   "departments")]  # fmt: skip
        assert len(set(called)) == len(called)
