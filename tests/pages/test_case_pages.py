"""Every page that a class works on stands on the data of every training case, in words of the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from data_access.training import Kind
from data_access.training_file import CONTACTS, MODEL, read_case
from sample_data import bank, case
from tests.pages.conftest import OpenPage, seen

PAGES = ("overview", "service", "contribution", "change", "contrast", "correlation", "drivers", "trace", "plans")
MADE: dict[str, Callable[[Path], Path]] = {
    **{code: partial(bank.make, code=code) for code in bank.CODES},
    **{kind: partial(case.make, seed=31, difficulty=2, kind=kind) for kind in Kind},
}
FOUND = {(Kind.FLOW, "service")}  # a release that contains more and solves less is a warning there
# names of columns, members and catalogue keys; bare "None" and "nan"
CODE = re.compile(r"\b(?:team_\d+|\w+_bill|bot_text|enquiry_call|mobile_[45]g|value_added|\w+_query|None|nan)\b")


@pytest.mark.prove
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("made", MADE)
def test_every_page_stands_on_the_data_of_a_case(
    made: str, language: str, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = MADE[made](tmp_path / "cases")
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(folder / CONTACTS))
    monkeypatch.setenv("SATRACE_MODEL", str(folder / MODEL))
    period = read_case(folder).period
    assert period
    for page in PAGES:
        app = open_page(page, lang=language, **{"from": period.start.isoformat(), "to": period.end.isoformat()})
        assert not app.exception and not app.error and len(app.main), page
        assert not app.warning or (made, page) in FOUND, page
        assert not CODE.findall(seen(app)), page
