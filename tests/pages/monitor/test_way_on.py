"""Where does Overview lead on to?"""

from __future__ import annotations

import pytest

from pages.words.catalogue import Catalogue
from tests.pages.conftest import OpenPage


@pytest.mark.parametrize(("base", "leads"), [("none", True), ("previous", False)])
def test_without_anything_to_compare_with_the_way_leads_to_the_lost_points(
    base: str, leads: bool, open_page: OpenPage
) -> None:
    app = open_page("overview", lang="en", base=base)
    labels = [link.proto.label for link in app.get("page_link")]
    assert (Catalogue.load("en").text("contribution.question") in labels) is leads
