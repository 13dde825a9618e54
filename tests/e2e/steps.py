"""What a person does on the pages, step by step, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from pages.ui.catalogue import Catalogue

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


def plan(me: Reader, tongue: Tongue) -> None:
    """What, who, by when, towards which value; the lift is worked out from the pinned segment."""
    page = me.page
    me.press(me.keyed("plan.add").get_by_role("button"))
    me.choose(tongue.text("workshop.segment"), tongue.business)
    page.get_by_label(tongue.text("option.target", unit=tongue.text("unit.points"))).fill("87")
    page.keyboard.press("Tab")
    me.settle()
    page.get_by_label(tongue.text("workshop.field.action"), exact=True).fill(tongue.remedy)
    me.choose(tongue.text("workshop.field.owner"), tongue.owner, within=me.keyed("plan.editor"))
    page.get_by_role("group", name=tongue.text("workshop.field.due")).get_by_role("spinbutton").first.click()
    page.keyboard.type("20271215")
    me.press(me.keyed("plan.save").get_by_role("button"))
    row = page.get_by_test_id("stTable").filter(has_text=tongue.remedy)
    for said in (tongue.owner, "15", "87.0"):
        expect(row).to_contain_text(said)
