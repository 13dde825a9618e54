"""Story 1: a manager, a drop, ten minutes. From 84.7 down to the days on which 3G waits, and on to a row to trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import Reader
from .steps import TONGUES, Tongue, bar, figure

pytestmark = pytest.mark.browser
BUSINESS = ("2G", "3G", "固话", "宽带")
WAITING = "等候/占线"


def says(me: Reader, words: Sequence[str]) -> None:
    """All of the words stand on the page."""
    for word in words:
        expect(me.page.get_by_test_id("stMain")).to_contain_text(word)


def bring(me: Reader, tongue: Tongue, file: Path) -> None:
    """Open the fixture as a person would: by its file."""
    me.open(f"data?lang={tongue.code}")
    me.page.locator('input[type="file"]').set_input_files(file)
    me.press(me.keyed("import.use").get_by_role("button"))


def names(tongue: Tongue, key: str) -> str:
    return tongue.text(f"page.{key}")


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.code)
def test_a_manager_follows_a_drop_to_a_row_to_trace(
    tongue: Tongue, reader: Callable[..., Reader], shared: Path
) -> None:
    me = reader(locale=tongue.code)
    page = me.page
    bring(me, tongue, shared / "fixtures" / "f1_hotline.csv")

    me.visit(names(tongue, "overview"))  # 1: the drop with its interval and its answers
    says(me, ("84.7", "86.3", "1.6", "2.7", "0.5", "2,000"))
    me.visit(names(tongue, "contrast"))  # 3: is 3G different, and did it fall beyond chance among four?
    me.press(page.get_by_role("radio", name=tongue.text("contrast_page.ask.period")))
    says(me, ("3G", "84.0", "81.0"))
    me.visit(names(tongue, "change"))  # 4: what is service, what is mix
    says(me, ("1.05", "0.55"))
    me.visit(names(tongue, "contribution"))  # 5 and 6: 3G loses more than its share; why, and in whose power
    for share in ("31.4", "37.3", "14.7", "16.7"):
        expect(figure(me, share)).to_be_visible()
    page.mouse.click(*bar(me, "3G"))
    me.settle()
    for share in ("37.0", "28.0", "16.0", "12.0", "4.0", "3.0"):
        expect(figure(me, share)).to_be_visible()
    says(me, ("41.1",))
    assert parse_qs(urlsplit(page.url).query)["segment"] == ["3G"]

    me.press(me.keyed("pin.open.contribution").get_by_role("button"))  # 11: a row to trace, filled in
    me.write("pin.title.contribution", tongue.issue)
    me.press(me.keyed("pin.save.contribution").get_by_role("button"))
    page.keyboard.press("Escape")
    me.visit(names(tongue, "trace"))
    expect(page.locator("h1")).to_have_text(tongue.issue)
    me.press(me.keyed("step.where").get_by_role("button"))
    says(me, ("1,140", "37.3"))
    step(me, tongue, "reason", WAITING)
    says(me, ("37.0", "422"))
    step_by_hand(me, tongue, "day_of_month", ("1", "2", "3", "28", "29", "30", "31"))
    says(me, ("22.2", "253", "8.3"))
    expect(figure(me, tongue.text("chart.heat.day"))).to_be_visible()  # 9: the turn of the month stands out

    again = reader(locale=tongue.code)  # 12: the link opens the same elsewhere
    again.open(page.url)
    expect(again.page.locator("h1")).to_have_text(tongue.issue)
    me.press(again.keyed("step.where").get_by_role("button")) if again is me else again.press(
        again.keyed("step.where").get_by_role("button")
    )
    says(again, ("22.2", "253", "8.3"))
    assert me.trouble == [] and again.trouble == []


def step(me: Reader, tongue: Tongue, dimension: str, value: str) -> None:
    """Take the step that is offered for a value."""
    me.press(me.page.get_by_role("button").filter(has_text=value).filter(has_not_text="›").first)


def step_by_hand(me: Reader, tongue: Tongue, dimension: str, values: Sequence[str]) -> None:
    me.press(me.keyed("path.other").get_by_role("button"))
    me.choose(tongue.text("option.by"), tongue.text(f"dimension.{dimension}"))
    box = me.page.get_by_role("combobox", name=tongue.text("trace_page.values"))
    for value in values:
        box.fill(value)
        me.page.get_by_role("option", name=value).first.click()
    me.press(me.keyed("path.take").get_by_role("button"))
