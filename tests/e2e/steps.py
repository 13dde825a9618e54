"""What a person does on the pages, step by step, in two languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from pages.words.catalogue import Catalogue

from .conftest import Reader


@dataclass(frozen=True)
class Tongue:
    """What the planted cause is called in a language, and how a person would write it down."""

    code: str
    business: str
    sub_type: str
    reason: str
    issue: str
    cause: str
    cause_type: str
    remedy: str
    owner: str

    @property
    def inside(self) -> str:
        """How the heading of the business's reasons begins."""
        return self.text("contribution.inside", segment=self.business, finding="")

    def text(self, key: str, **values: object) -> str:
        return Catalogue.load(self.code).text(key, **values)


TONGUES = (
    Tongue("en", "Mobile 5G", "5G: bill", "Billing dispute", "5G bills since October", "The new billing rule",
           "Business rule itself", "Bill by the old rule until it is clear", "Business department (product, tariff)"),
    Tongue("zh-CN", "移动5G", "5G账单", "收费争议", "十月以来的5G账单", "新的计费规则", "业务规则不合理",
           "规则讲清之前按旧规则出账", "业务部门(产品资费)"),
)  # fmt: skip


def figure(reader: Reader, words: str) -> Locator:
    """The chart that says some words."""
    return reader.page.locator(".js-plotly-plot").filter(has_text=words).first


def bar(reader: Reader, label: str) -> tuple[float, float]:
    """A point inside the bar beside a label of the Pareto."""
    chart = reader.page.locator(".js-plotly-plot").first
    name, first = (
        chart.get_by_text(label, exact=True).bounding_box(),
        chart.locator(".barlayer path").first.bounding_box(),
    )
    assert name and first
    return first["x"] + 15, name["y"] + name["height"] / 2


def pin(me: Reader, tongue: Tongue) -> None:
    me.press(me.keyed("pin.open.contribution").get_by_role("button"))
    me.write("pin.title.contribution", tongue.issue)
    me.press(me.keyed("pin.save.contribution").get_by_role("button"))
    expect(me.page.get_by_text(tongue.text("pin.done"))).to_be_visible()
    me.page.keyboard.press("Escape")


def diagnose(me: Reader, tongue: Tongue) -> None:
    me.press(me.keyed("step.why").get_by_role("button"))
    me.page.get_by_label(tongue.text("workshop.field.cause"), exact=True).fill(tongue.cause)
    me.page.get_by_label(tongue.text("workshop.field.exception"), exact=True).fill(tongue.cause)
    me.choose(tongue.text("workshop.field.cause_type"), tongue.cause_type)
    me.press(me.keyed("save.diagnosed").get_by_role("button"))
    expect(me.page.get_by_role("heading", name=tongue.cause)).to_be_visible()


def plan(me: Reader, tongue: Tongue, *, target: str = "87") -> None:
    """What, who, by when, towards which value; the lift is worked out from the pinned segment."""
    page = me.page
    me.press(me.keyed("plan.add").get_by_role("button"))
    me.choose(tongue.text("workshop.segment"), tongue.business)
    page.get_by_label(tongue.text("option.target", unit=tongue.text("unit.points"))).fill(target)
    page.keyboard.press("Tab")
    me.settle()
    page.get_by_label(tongue.text("workshop.field.action"), exact=True).fill(tongue.remedy)
    me.choose(tongue.text("workshop.field.owner"), tongue.owner, within=me.keyed("plan.editor"))
    write_date(me.keyed("plan.editor"), tongue.text("workshop.field.due"), "20271215")
    me.press(me.keyed("plan.save").get_by_role("button"))
    row = page.get_by_test_id("stTable").filter(has_text=tongue.remedy)
    for said in (tongue.owner, "15", f"{target}.0"):
        expect(row).to_contain_text(said)


def says(me: Reader, *words: str) -> None:
    """All of the words stand on the page."""
    for word in words:
        expect(me.page.get_by_test_id("stMain")).to_contain_text(word)


def bring(me: Reader, tongue: Tongue, file: Path) -> None:
    """Open a file of one's own."""
    me.open(f"data?lang={tongue.code}")
    me.page.locator('input[type="file"]').set_input_files(file)
    me.press(me.keyed("import.use").get_by_role("button"))


def ask_why(me: Reader, tongue: Tongue, *answers: str) -> None:
    """The first why of a trace and those below it; the last one stays open."""
    for place, answer in enumerate(answers):
        me.press(me.keyed("why.below" if place else "why.add").get_by_role("button"))
        me.keyed("why.editor").get_by_role("textbox").first.fill(answer)
        me.press(me.keyed("why.save").get_by_role("button"))
        expect(me.page.get_by_role("button", name=answer)).to_be_visible()


def mark(me: Reader, rows: Sequence[int]) -> None:
    """Tick rows of the list of contacts: a canvas, whose head and rows are 35 pixels high."""
    box = me.page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box
    for row in rows:
        me.page.mouse.click(box["x"] + 18, box["y"] + 35 * (row + 1.5))
        me.settle()


def attach(
    me: Reader, tongue: Tongue, kind: str, told: str, fill: Callable[[Locator], None] = lambda _: None
) -> None:
    """A piece of evidence for the why that is open; its form closes and is empty for the next one."""
    me.press(me.page.get_by_role("button", name=tongue.text("trace_page.attach")))
    form = me.page.get_by_test_id("stPopoverBody")
    me.press(form.get_by_role("radio", name=tongue.text(f"workshop.evidence_kind.{kind}")))
    text = form.get_by_label(tongue.text("trace_page.text"))
    expect(text).to_have_value("")
    fill(form)
    text.fill(told)
    me.press(form.get_by_role("button", name=tongue.text("trace_page.attach_now"), exact=True))
    expect(form).to_have_count(0)
    expect(me.keyed("why.editor")).to_contain_text(told)


def write_date(place: Locator, label: str, digits: str) -> None:
    """Type a day into its field."""
    place.get_by_role("group", name=label).get_by_role("spinbutton").first.click()
    place.page.keyboard.type(digits)
