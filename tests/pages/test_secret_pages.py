"""A model that keeps small groups secret: every page still opens, and says so instead of failing."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import MODEL, OpenPage, in_turn
from .test_pages import PAGES, check

ASKED = {
    "contribution": {"by": "team", "depth": "advanced"},
    "change": {"by": "team", "depth": "advanced"},
    "contrast": {"by": "team", "depth": "advanced"},
    "correlation": {"x": "handling", "y": "score", "within": "team", "depth": "advanced"},
    "drivers": {"depth": "advanced"},
    "overview": {"depth": "advanced"},
}


@pytest.mark.parametrize(("page", "language"), in_turn((*(page for page in PAGES if page != "data"), "correlation")))
def test_a_page_opens_where_small_groups_are_secret(
    page: str, language: str, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "secret.toml"
    model.write_text(f"disclose_from = 20\n{MODEL.read_text('utf-8')}", encoding="utf-8")
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    app = open_page(page, lang=language, **ASKED.get(page, {}))
    if page == "correlation":  # its title depends on what is asked
        assert not app.exception and not app.error and app.title
    else:
        check(app, language, page)
