"""Every page that a class works on stands on the data of every training case."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.training_file import CONTACTS, MODEL, read_case
from sample_data.bank import CODES, make
from tests.pages.conftest import OpenPage

PAGES = ("overview", "service", "contribution", "change", "contrast", "correlation", "drivers", "trace", "plans")


@pytest.mark.prove
@pytest.mark.parametrize("code", CODES)
def test_every_page_stands_on_the_data_of_a_case(
    code: str, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "cases", code)
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(folder / CONTACTS))
    monkeypatch.setenv("SATRACE_MODEL", str(folder / MODEL))
    period = read_case(folder).period
    assert period
    for page in PAGES:
        app = open_page(page, lang="zh-CN", **{"from": period.start.isoformat(), "to": period.end.isoformat()})
        assert not app.exception and not app.error and not app.warning and len(app.main), page
