"""From the matrix to a pair to its common cause: handling time goes with the score because complaints take longer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from pages.words.catalogue import texts

from .conftest import SCREEN, Reader
from .steps import TONGUES
from .test_looks import WIDE, faults

pytestmark = pytest.mark.browser
NAMES = {"handling": "Handling time", "bot": "Bot indicators", "score": "Satisfaction"}
CASES = (
    "depth=advanced&columns=score&columns=wait&columns=handling&columns=tier&columns=channel&x=handling&y=score",
    "depth=advanced&preset=bot&from=all", "preset=employees", "depth=intermediate&x=tier&y=channel&within=business",
    "depth=intermediate&x=wait&y=handling&within=touchpoint",
)  # fmt: skip


def query(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


@pytest.mark.prove
def test_a_person_finds_the_common_cause(reader: Callable[..., Reader]) -> None:
    tongue = TONGUES[0]
    me = reader(locale=tongue.code, viewport=WIDE)
    page = me.open("overview")
    me.visit(tongue.text("page.correlation"))
    expect(page.locator("h1")).to_have_text(tongue.text("association.question"))
    me.press(page.get_by_text(tongue.text("depth.intermediate")))
    with_, closer = tongue.text("correlation_page.x"), tongue.text("correlation_page.y")
    here = page.get_by_test_id("stMain")  # the sidebar compares with something, too
    me.choose(with_, tongue.text("option.labelled", label=with_, value=NAMES["handling"]), within=here)
    me.choose(closer, tongue.text("option.labelled", label=closer, value=NAMES["score"]), within=here)
    assert (query(page.url)["x"], query(page.url)["y"]) == (["handling"], ["score"])
    expect(page.get_by_role("heading", name=tongue.text("pair_page.part.partial"))).to_be_visible()
    expect(here).to_contain_text(texts(tongue.code)["pair.fades"].split("{")[0])

    look = tongue.text("correlation_page.preset")
    me.choose(look, tongue.text("option.labelled", label=look, value=NAMES["bot"]), within=here)
    assert query(page.url)["preset"] == ["bot"]
    expect(page.get_by_role("heading", name=tongue.text("pair_page.part.strata"))).to_be_visible()
    assert me.trouble == []


@pytest.mark.prove
def test_a_click_on_a_cell_looks_at_its_pair(reader: Callable[..., Reader]) -> None:
    me = reader(locale="en-GB", viewport=WIDE)
    columns = "&".join(f"columns={name}" for name in ("score", "wait", "handling", "transfers"))
    page = me.open(f"correlation?lang=en&depth=intermediate&{columns}&x=transfers&y=wait")
    cells = page.locator(".js-plotly-plot").first.locator(".scatterlayer .point")
    expect(cells).to_have_count(6)
    seen = set()
    for place in (0, 5):
        page.mouse.move(900, 500)
        page.mouse.wheel(0, -9_000)  # back from the pair, which a click brings into view
        expect(page.locator("h1")).to_be_in_viewport()
        box = cells.nth(place).bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        me.settle()
        seen.add((query(page.url)["x"][0], query(page.url)["y"][0]))
    assert len(seen) == 2 and ("transfers", "wait") not in seen
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize(("language", "scheme", "size", "text"), [
    ("zh-CN", "light", SCREEN, "large"), ("en", "dark", SCREEN, "large"),
])  # fmt: skip
def test_no_pair_clips_or_overlaps(
    language: str, scheme: str, size: dict[str, int], text: str, reader: Callable[..., Reader]
) -> None:
    me = reader(color_scheme=scheme, viewport=size)
    found = {}
    for case in CASES:
        me.open(f"correlation?lang={language}&text={text}&{case}")
        found[case] = faults(me.page)
    assert {case: fault for case, fault in found.items() if fault} == {}
    assert me.trouble == []
