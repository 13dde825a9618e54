"""Everybody can read and operate every page: by eye, by screen reader, by keyboard alone, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from pages.words.catalogue import Catalogue

from .conftest import Reader
from .test_looks import PAGES, PROVE

pytestmark = pytest.mark.browser
ZH = Catalogue.load("zh-CN")
PHONE = {"width": 390, "height": 844}
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(found => ["serious", "critical"].includes(found.impact))
  .map(found => [found.id, ...found.nodes.map(node => node.html.slice(0, 200))])"""
# Every text and every name that a screen reader says; icons are letters of a font.
SAID = """() => {
  const said = new Set(), nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const silent = 'script, style, noscript, pre, code, [data-testid=stIconMaterial], [aria-hidden=true]'
  while (nodes.nextNode()) {
    const node = nodes.currentNode
    if (!node.parentElement.closest(silent)) said.add(node.nodeValue)
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) said.add(element.getAttribute(name) ?? '')
  return [...said]
}"""
LETTERS = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile("[一-鿿]")
# Words that are the same in Chinese: names, formats, signs of statistics, and what stands in the data.
ALIKE = re.compile(
    r"Satrace|English|Excel|CSV|SQL|TOML|NPS|Logo|Asia/Shanghai"
    r"|n [\d,]+.*|p|eta|[a-z_]+|[a-z_]+ icon|c-[0-9a-f]+|TR-\d+|@?[\d.:T-]+"
)

# Of a field its frame says that it has the focus. None has it after the last stop, or where the one that had it went.
FOCUSED = """() => {
  const e = document.activeElement
  const field = e.matches('input, textarea')
  if (e === document.body) return {said: '', seen: true, field}
  return {said: e.innerText || e.ariaLabel || '', seen: field || getComputedStyle(e).outlineStyle !== 'none', field}
}"""
STOPS = 60  # of the keyboard, at most, until what is looked for


def told_in_english(page: Page) -> list[str]:
    """What is said without a Chinese sign and is none of the words that are the same."""
    texts = [text.strip() for text in page.evaluate(SAID)]
    return [text for text in texts if LETTERS.search(text) and not CHINESE.search(text) and not ALIKE.fullmatch(text)]


@pytest.mark.parametrize(("scheme", "pages"), [
    ("dark", PAGES[:1]),
    pytest.param("light", PAGES, marks=PROVE),
    pytest.param("dark", PAGES, marks=PROVE),
])  # fmt: skip
def test_every_page_is_told_in_chinese_and_axe_finds_nothing_serious(
    scheme: str, pages: Sequence[str], reader: Callable[..., Reader]
) -> None:
    me = reader(color_scheme=scheme, locale="zh-CN", bypass_csp=True)  # axe comes from outside
    for page in pages:
        me.open(page)
        assert me.page.title() == f"{ZH.text(f'page.{page}')} · Satrace"
        assert me.page.evaluate("document.documentElement.lang") == "zh-CN"
        me.page.evaluate(AXE)
        assert (page, me.page.evaluate(SERIOUS)) == (page, [])
        assert (page, told_in_english(me.page)) == (page, [])


@pytest.mark.prove
@pytest.mark.parametrize("page", PAGES)
def test_a_phone_shows_charts_at_a_width_that_can_be_read(page: str, reader: Callable[..., Reader]) -> None:
    """A chart is moved sideways in its place; the page itself is not."""
    me = reader(viewport=PHONE, locale="zh-CN", has_touch=True)
    me.open(page)
    narrow = "charts => charts.map(chart => chart.getBoundingClientRect().width).filter(width => width < 600)"
    assert me.page.locator(".js-plotly-plot").evaluate_all(narrow) == []
    assert me.page.locator(".js-plotly-plot .main-svg").evaluate_all(narrow) == []
    assert me.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]


@pytest.mark.prove
def test_paper_shows_what_is_said_and_nothing_to_press(reader: Callable[..., Reader]) -> None:
    me = reader(locale="zh-CN")
    page = me.open("overview")
    page.emulate_media(media="print")
    for left_out in (
        "stSidebar",
        "stHeader",
        "stButton",
        "stDownloadButton",
        "stPopover",
        "stExpander",
        "stSelectbox",
    ):
        assert [one for one in page.get_by_test_id(left_out).all() if one.is_visible()] == [], left_out
    for kept in ("h1", "h2", ".js-plotly-plot", "[data-testid=stMetric]"):
        expect(page.locator(kept).first).to_be_visible()


@pytest.mark.prove
def test_a_closed_list_says_in_chinese_that_nothing_matches(reader: Callable[..., Reader]) -> None:
    """Streamlit's own words follow the language when it changes, in both directions."""
    me = reader(locale="zh-CN")
    me.open("trace")
    for language, switch in (("zh-CN", None), ("en", "English"), ("zh-CN", "简体中文")):
        if switch:
            me.press(me.page.get_by_text(switch, exact=True))
        box = me.page.get_by_role("combobox").first
        box.fill("qqqq")
        expect(me.page.get_by_text(Catalogue.load(language).text("streamlit.no_results"), exact=True)).to_be_visible()
        me.page.keyboard.press("Escape")


@pytest.mark.prove
def test_the_keyboard_alone_leads_to_a_plan_with_an_owner(reader: Callable[..., Reader]) -> None:
    """Tab comes to what is to be pressed, each stop is seen, none holds the keyboard, and Enter presses."""
    me = reader(locale="zh-CN")
    page = me.open("overview")
    walk_to(page, ZH.text("overview.start"))
    page.keyboard.press("Enter")
    page.wait_for_url("**issue=**")
    me.settle()
    walk_to(page, ZH.text("remedy.adopt_all"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(ZH.text("remedy.adopt_all"))).to_have_count(0)
    walk_to(page, ZH.text("remedy.to_plan"))
    page.keyboard.press("Enter")
    me.settle()
    walk_to(page, ZH.text("workshop.field.action"))
    page.keyboard.type("按日折算首月费用")
    walk_to(page, ZH.text("workshop.save_plan"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stTable").filter(has_text="按日折算首月费用")).to_contain_text("计费账务")
    assert me.trouble == []


def walk_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on the button or the field of these words."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert found["seen"], found
        if found["said"] == words or (not found["field"] and found["said"].endswith(words)):  # a button has its icon
            return
    pytest.fail(f"{STOPS} stops, but none is “{words}”: the last is {found}")
