"""A drop of the third generation's calls, traced by hand in Chinese: to its days, its whys and its owner."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Locator, expect

from .conftest import Reader
from .steps import TONGUES, Tongue, ask_why, attach, figure, mark, says, write_date

CHINESE = replace(TONGUES[1], business="3G", issue="3G为何全国最后", remedy="账单与扣费短信错峰下发",
                  cause="账单与短信集中下发，月初月末来话超过在线席位")  # fmt: skip
WAITING = "等候/占线"
WHYS = ("月初月末来话集中，接不过来", "账单与扣费短信同一天全省下发", "出账规则规定每月1日统一下发")
RULE, SEEN = "计费〔2026〕12号", "三条都在月末傍晚打不进来"
NAMED = {"gap": "设计误差：不满的是规则或流程本身吗?", "system": "体验改进体系", "power": "业务规则/授权"}


def locate(me: Reader, tongue: Tongue) -> None:
    """The first step by hand, the next as it is proposed."""
    me.press(me.keyed("step.where").get_by_role("button"))
    says(me, "1,140", "37.3 %")
    by_hand(me, tongue, "reason", WAITING)
    says(me, "37.0 %", "422", "13.8 %")
    heat = me.page.get_by_test_id("stMain").get_by_text("60.0 %").last  # 9: the turn of the month carries 60 %
    expect(heat).to_contain_text("28–31")
    expect(figure(me, tongue.text("chart.heat.day"))).to_be_visible()
    me.press(me.keyed("path.offer.0").get_by_role("button", name="28–31"))
    says(me, "22.2 %", "253", "8.3 %")


def locate_alone(me: Reader, tongue: Tongue) -> None:
    """Each step by hand, as in a class, where the product proposes none."""
    me.press(me.keyed("step.where").get_by_role("button"))
    says(me, "1,140", "37.3 %")
    by_hand(me, tongue, "reason", WAITING)
    says(me, "37.0 %", "422", "13.8 %")
    by_hand(me, tongue, tongue.text("dimension.day_of_month"), *map(str, (1, 2, 3, 28, 29, 30, 31)))
    says(me, "22.2 %", "253", "8.3 %")


def by_hand(me: Reader, tongue: Tongue, dimension: str, *values: str) -> None:
    """A step of one's own choice; the form grows below its button, which needs room there."""
    other = me.keyed("path.other").get_by_role("button")
    other.evaluate("(button) => button.scrollIntoView({ block: 'center' })")
    me.press(other)
    form = me.page.get_by_test_id("stPopoverBody")
    me.choose(tongue.text("option.by"), dimension, within=form)
    box = form.get_by_role("combobox", name=tongue.text("trace_page.values"))
    for value in values:
        box.click()
        box.fill(value)
        said = re.compile(rf"^{value}\D") if value.isdecimal() else value  # not 28 for 2
        me.page.get_by_role("option", name=said).first.click()
        me.settle()
    me.press(me.keyed("path.take").get_by_role("button"))
    me.page.keyboard.press("Escape")


def ask_whys(me: Reader, tongue: Tongue) -> None:
    """Three whys; the last one stands on contacts and on a rule, so that it may be called supported."""
    me.press(me.keyed("step.why").get_by_role("button"))
    ask_why(me, tongue, *WHYS)
    mark(me, (0, 1, 2))
    says(me, tongue.text("trace_page.marked", count=3))
    attach(me, tongue, "contacts", SEEN)

    def rule(form: Locator) -> None:
        form.get_by_label(tongue.text("trace_page.rule_id")).fill(RULE)
        write_date(form, tongue.text("trace_page.effective"), "20260901")

    attach(me, tongue, "rule", "每月1日统一下发", rule)
    editor = me.keyed("why.editor")
    expect(editor).to_contain_text("23.3")  # what the three contacts score
    expect(editor).to_contain_text(f"{RULE}，2026-09-01")
    me.choose(tongue.text("workshop.field.status"), tongue.text("workshop.status.supported"), within=editor)
    me.press(me.keyed("why.save").get_by_role("button"))
    says(me, tongue.text("trace_page.pieces.supports", count=2))
    me.press(me.keyed("why.cancel").get_by_role("button"))
    lines = me.page.locator('[class*="st-key-why-line-"]')
    expect(lines).to_have_count(3)
    for line, (answer, level) in enumerate(zip(WHYS, ("symptom", "direct", "root"), strict=True)):
        expect(lines.nth(line)).to_contain_text(answer)
        expect(lines.nth(line)).to_contain_text(tongue.text(f"workshop.level.{level}"))
    expect(lines.nth(2)).to_contain_text(tongue.text("workshop.status.supported"))


def name_cause(me: Reader, tongue: Tongue) -> None:
    """Its cause, gap, system, power and owner; with its whys supported it needs no reason for an exception."""
    page, field = me.page, lambda name: tongue.text(f"workshop.field.{name}")
    me.press(page.locator('[class*="st-key-naming-"] summary'))
    says(me, tongue.text("trace_page.gaps"), "执行误差", "设计误差", "感知误差", tongue.text("trace_page.types"))
    page.get_by_label(field("cause"), exact=True).fill(tongue.cause)
    me.choose(field("cause_type"), tongue.cause_type)
    for name, words in NAMED.items():
        me.choose(field(name), words)
    me.choose(field("owner"), tongue.owner)
    me.press(me.keyed("save.diagnosed").get_by_role("button"))
    expect(page.get_by_role("heading", name=tongue.cause)).to_be_visible()
    says(me, tongue.text("workshop.state.issue.diagnosed"), "设计误差", "体验改进体系", tongue.owner)
