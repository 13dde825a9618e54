"""What people see: both themes, both text sizes, both screens; nothing clipped, nothing that complains."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pages.words.catalogue import Catalogue

from .conftest import SCREEN, Reader
from .steps import TONGUES, diagnose, pin, plan

pytestmark = pytest.mark.browser
PAGES = (
    "overview", "contribution", "change", "contrast", "correlation", "drivers", "trace", "plans", "workshop",
    "data", "service", "alerts", "risk", "review", "dictionary",
)  # fmt: skip
SERVICE = (
    "service?what=answer_rate",
    "service?shape=touchpoint&what=busy_rate",
    "service?shape=scenario&what=busy_rate",
)
TABLES = ("overview", "contribution", "change?by=sub_type", "contribution?by=reason")
# day by day what has the least room, and with tables of many words
NARROWEST = ("contribution", "change?by=sub_type&depth=advanced", "workshop")
WIDE = {"width": 1920, "height": 1080}
PICTURES = Path(__file__).parent / "pictures"
README = {  # the few that are committed
    "overview": ("overview", "en"),
    "contribution": ("contribution", "en"),
    "change": ("change", "en"),
    "workshop": ("workshop", "en"),
    "overview_zh": ("overview", "zh-CN"),
}
LARGEST = 200_000
EMPTY_COLOURS = 100  # a page that shows nothing has fewer: the edges of its letters have some
PROVE = pytest.mark.prove
# texts that stick out of the boxes that hide what sticks out
CLIPPED = """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => e.children.length === 0
  && e.textContent.trim() && getComputedStyle(e).overflow === 'hidden' && e.scrollWidth > e.clientWidth + 1
  && e.clientWidth > 0 && e.clientHeight > 1).map(e => e.textContent)"""
# labels of a chart that reach beyond its edge
OUTSIDE = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const edge = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('text')].filter(t => {
    const box = t.getBoundingClientRect();
    return box.width && (box.left < edge.left - 2 || box.right > edge.right + 2
      || box.top < edge.top - 2 || box.bottom > edge.bottom + 2)
  }).map(t => t.textContent)})"""
# labels of a chart that lie on each other
OVERLAPPING = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const all = [...chart.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
    .filter(([text, box]) => text.trim() && box.width);
  return all.flatMap(([a, p], i) => all.slice(i + 1).filter(([b, q]) =>
    Math.min(p.right, q.right) - Math.max(p.left, q.left) > 3
    && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4).map(([b]) => a + ' | ' + b))})"""

# tables of text that must be scrolled sideways, cells that Markdown took for a quotation or a list, metrics cut short
UNREADABLE = """() => [
  ...[...document.querySelectorAll('[data-testid=stTable] table')].filter(t => {
    const box = t.parentElement; return box.scrollWidth > box.clientWidth + 1 }).map(t => 'cut: ' + t.textContent),
  ...[...document.querySelectorAll('[data-testid=stTable] :is(blockquote, li)')].map(c => 'markup: ' + c.textContent),
  ...[...document.querySelectorAll('[data-testid=stTable] tbody td:first-child')].filter(c =>
    c.getBoundingClientRect().height > 3 * parseFloat(getComputedStyle(c).fontSize) * 1.6)
    .map(c => 'high: ' + c.textContent),
  ...[...document.querySelectorAll('[data-testid=stMetric] *')].filter(e => e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).textOverflow === 'ellipsis').map(e => 'cut: ' + e.textContent)]"""

FONT_PX = "place => parseFloat(getComputedStyle(document.querySelector(place)).fontSize)"


def faults(page: Page) -> dict[str, list[str]]:
    found = {name: page.evaluate(script) for name, script in
             (("clipped", CLIPPED), ("outside", OUTSIDE), ("overlapping", OVERLAPPING))}  # fmt: skip
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return {name: texts for name, texts in (*found.items(), ("scrolls sideways", ["page"] * (wide > 0))) if texts}


@pytest.mark.parametrize(("language", "scheme", "size", "text", "pages"), [
    ("zh-CN", "light", SCREEN, "large", NARROWEST),
    pytest.param("zh-CN", "light", SCREEN, "large", PAGES, marks=PROVE),
    pytest.param("en", "dark", SCREEN, "large", PAGES, marks=PROVE),
    pytest.param("en", "light", SCREEN, "normal", PAGES[::2], marks=PROVE),
    pytest.param("zh-CN", "dark", WIDE, "normal", PAGES[1::2], marks=PROVE),
    pytest.param("en", "light", SCREEN, "large", SERVICE, marks=PROVE),
    pytest.param("zh-CN", "dark", SCREEN, "normal", SERVICE, marks=PROVE),
])  # fmt: skip
def test_nothing_is_clipped_or_complains(
    language: str, scheme: str, size: dict[str, int], text: str, pages: Sequence[str], reader: Callable[..., Reader]
) -> None:
    me = reader(color_scheme=scheme, viewport=size)
    for page in pages:
        me.open(f"{page}{'&' if '?' in page else '?'}lang={language}&text={text}")
        assert faults(me.page) == {}, page
        assert me.page.evaluate(UNREADABLE) == [], page
        dark = me.page.evaluate(
            "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )
        assert (dark == "rgb(18, 23, 29)") == (scheme == "dark")
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_tables_of_large_text_fit_the_screen(language: str, reader: Callable[..., Reader]) -> None:
    me = reader()
    for page in TABLES:
        me.open(f"{page}{'&' if '?' in page else '?'}lang={language}&text=large&depth=advanced")
        expect(me.page.get_by_test_id("stTable")).not_to_have_count(0)
        assert me.page.evaluate(UNREADABLE) == [], page


@pytest.mark.prove
def test_charts_follow_the_theme_of_the_system_and_the_size_of_text(reader: Callable[..., Reader]) -> None:
    me, words = reader(color_scheme="light"), Catalogue.load("en")
    page = me.open("contribution?lang=en")
    ink = "() => getComputedStyle(document.querySelector('.js-plotly-plot .annotation-text')).fill"
    light, normal = page.evaluate(ink), sizes(page)
    page.emulate_media(color_scheme="dark")
    me.press(page.get_by_text(words.text("depth.intermediate")))  # the server hears of it by a click
    expect(page.locator(".js-plotly-plot .annotation-text").first).not_to_have_css("fill", light)
    me.press(
        page.get_by_test_id("stSidebar").get_by_text(Catalogue.load("en").text("sidebar.text_large"), exact=True)
    )
    (title, letters), (large_title, large_letters) = normal, sizes(page)
    assert large_letters / letters >= 1.2 and large_title > title  # which is large enough, and is to leave room
    assert me.trouble == []


def sizes(page: Page) -> list[float]:
    """How large the title and the letters of a chart are."""
    return [page.evaluate(FONT_PX, place) for place in ("h1", ".annotation-text")]


@pytest.fixture
def pictures(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Where pictures go: to the README's own with --pictures, else nowhere that lasts."""
    return PICTURES if pytestconfig.getoption("--pictures", default=False) else tmp_path


@pytest.mark.prove
@pytest.mark.parametrize("name", README)
def test_pictures_of_the_readme(name: str, reader: Callable[..., Reader], pictures: Path) -> None:
    page, language = README[name]
    me = reader(viewport=WIDE)
    me.open(f"{page}?lang={language}&issue={an_issue(me)}" if page == "workshop" else f"{page}?lang={language}")
    keep(me.page, pictures / f"{name}.png")
    assert (pictures / f"{name}.png").stat().st_size < LARGEST
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("size", [WIDE, SCREEN], ids=["1920", "1366"])
def test_pictures_of_everything(
    size: dict[str, int], language: str, scheme: str, reader: Callable[..., Reader], pictures: Path
) -> None:
    me = reader(viewport=size, color_scheme=scheme)
    issue = an_issue(me)
    found = {}
    for page in PAGES:
        me.page.set_viewport_size(size)  # type: ignore[arg-type]
        me.open(f"{page}?lang={language}" + (f"&issue={issue}" if page == "workshop" else ""))
        found[page] = faults(me.page)
        show_whole(me, size)
        keep(me.page, pictures / "all" / f"{page}_{language}_{scheme}_{size['width']}.png")
    assert {page: fault for page, fault in found.items() if fault} == {}
    assert me.trouble == []


def an_issue(me: Reader) -> str:
    """The id of an issue with evidence, a cause and a plan."""
    tongue = TONGUES[0]
    me.open("contribution?lang=en&segment=mobile_5g")
    pin(me, tongue)
    me.visit(tongue.text("page.workshop"))
    diagnose(me, tongue)
    plan(me, tongue)
    return parse_qs(urlsplit(me.page.url).query)["issue"][0]


def show_whole(me: Reader, size: dict[str, int]) -> None:
    """Make the window as high as the page."""
    high = me.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    me.page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(high) + 8)})
    me.page.wait_for_timeout(600)
    me.settle()


def keep(page: Page, path: Path) -> None:
    """A PNG of few colours: small enough for the repository; of a page that shows something."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert len(picture.getcolors(picture.width * picture.height) or ()) > EMPTY_COLOURS, path.name
    picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
