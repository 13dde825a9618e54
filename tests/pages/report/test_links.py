"""What a page writes into its link is reserved, so that no dimension's filter can be mistaken for it."""

from __future__ import annotations

import pytest

from pages.words.links import FRAME, RESERVED
from pages.words.methods import presentations
from tests.pages.conftest import OpenPage

PAGES = sorted({shown.shown_on for shown in presentations()})
ASKED = {
    "contribution": {"target": "90", "segment": "mobile_5g"},
    "contrast": {"ask": "rest", "measure": "wait", "method": "welch_t", "matters": "2", "alike": "channel"},
    "correlation": {"within": "touchpoint"},
    "drivers": {"hold": "business"},
}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_parameter_of_a_page_is_reserved(page: str, open_page: OpenPage) -> None:
    app = open_page(page, lang="en", depth="advanced", channel="phone", **ASKED.get(page, {}))
    assert not app.exception and not app.error
    written = set(app.query_params) - {"channel"}
    assert written <= RESERVED and written >= set(ASKED.get(page, {}))
    links = {name for shown in presentations() if shown.shown_on == page for name in shown.links}
    assert written <= FRAME | links, "the Presentations of a page name all of its parameters"
