"""The shipped lists hang together in both languages, and imported reasons find their code."""

import re
from pathlib import Path

import pytest

from data_access.statement import BadInput
from data_access.taxonomy import PLAIN_SECTIONS, SHIPPED, load_taxonomy
from data_access.taxonomy_entries import Reason, Words

TAXONOMY = load_taxonomy()
HAN = re.compile("[\u4e00-\u9fff]")


SECTIONS = [*PLAIN_SECTIONS, "cause_type", "gap", "system", "reason", "remedy", "block", "template"]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_is_bilingual_and_its_codes_are_unique(section: str) -> None:
    entries = TAXONOMY.entries(section)
    assert entries and len({e.code for e in entries}) == len(entries)
    for entry in entries:
        assert not HAN.search(entry.en) and HAN.search(entry.zh)
        assert TAXONOMY.label(section, entry.code, "en") == entry.en
        assert TAXONOMY.label(section, entry.code, "zh-CN") == entry.zh


def test_every_reference_resolves() -> None:
    for reason in TAXONOMY.reasons:
        assert TAXONOMY.entry("power", reason.power) and TAXONOMY.entry("owner", reason.owner)
        assert all(TAXONOMY.entry("cause_type", code) for code in reason.causes)
    for remedy in TAXONOMY.remedies:
        sections = ("action_type", remedy.action_type), ("owner", remedy.owner), ("system", remedy.system)
        assert all(TAXONOMY.entry(*reference) for reference in (*sections, ("comparison", remedy.comparison)))
        assert remedy.days > 0 and remedy.definition("en") and remedy.definition("zh-CN")
    for cause in TAXONOMY.cause_types:
        assert cause.routed_to and all(TAXONOMY.entry("owner", code) for code in cause.routed_to)
    assert all(TAXONOMY.entry("owner", gap.owner) for gap in TAXONOMY.gaps)
    assert all(TAXONOMY.entry("action_type", code) for system in TAXONOMY.systems for code in system.actions)
    assert all(TAXONOMY.entry("power", reason.reassign.to) for reason in TAXONOMY.reasons if reason.reassign)


def test_a_template_is_a_whole_plan_in_both_languages() -> None:
    for template in TAXONOMY.templates:
        named = {"block": template.block, "owner": template.owner, "remedy": template.remedy,
                 "action_type": template.action_type, "comparison": template.comparison}  # fmt: skip
        assert all(TAXONOMY.entry(section, code) for section, code in named.items()), template.code
        said = [template.wording, *(step.words for step in template.milestones)]
        assert all(words.en and not HAN.search(words.en) and HAN.search(words.zh) for words in said)
        days = [step.days for step in template.milestones]
        assert template.days > 0 and template.guardrails and days == sorted(days) and len(days) >= 2
    assert {template.block for template in TAXONOMY.templates} == {block.code for block in TAXONOMY.blocks}


def test_a_list_of_before_there_were_templates_still_loads(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SHIPPED.read_text("utf-8").split("[[block]]")[0], encoding="utf-8")
    assert load_taxonomy(own).templates == load_taxonomy(own).blocks == ()


def test_what_tells_causes_and_gaps_apart_is_said_in_both_languages() -> None:
    told = [words for cause in TAXONOMY.cause_types for words in (cause.supports, cause.refutes)]
    told += [
        words
        for gap in TAXONOMY.gaps
        for words in (gap.question, gap.test, gap.supports, gap.refutes, gap.confused_with, gap.remedy)
    ]
    told += [words for system in TAXONOMY.systems for words in (system.lives_here, system.watch)]
    told += [reason.reassign.words for reason in TAXONOMY.reasons if reason.reassign]
    assert len(told) > 80
    for words in told:
        assert words.label("en") and not HAN.search(words.label("en")) and HAN.search(words.label("zh-CN"))


def test_gaps_come_in_the_order_of_elimination(tmp_path: Path) -> None:
    asked = ["execution", "communication", "design", "perception", "cognition"]
    assert [gap.code for gap in TAXONOMY.gaps] == asked == [e.code for e in TAXONOMY.entries("gap")]
    assert [(gap.ask, gap.pzb) for gap in TAXONOMY.gaps] == [(1, 3), (2, 4), (3, 2), (4, 5), (5, 1)]
    own = tmp_path / "own.toml"
    own.write_text(SHIPPED.read_text("utf-8").replace("ask = 1\n", "ask = 9\n"), encoding="utf-8")
    assert [gap.code for gap in load_taxonomy(own).gaps] == [*asked[1:], "execution"]


@pytest.mark.parametrize(
    ("cause", "owners"),
    [("business_rule", ("business_dept", "billing", "compliance")), ("bot_design", ("bot",)), ("weather", ())],
)
def test_a_cause_is_routed_to_its_owners(cause: str, owners: tuple[str, ...]) -> None:
    assert TAXONOMY.owners_for(cause) == owners


def test_evidence_moves_a_reason_into_another_power() -> None:
    reasons = {reason.code: reason for reason in TAXONOMY.reasons}
    moved = reasons["wait_busy"].reassign
    assert moved is not None and (moved.to, reasons["wait_busy"].power) == ("business_rule", "centre")
    assert moved.words == Words(
        "Peak starts within hours of a bulk bill, suspension or message sent by another department.",
        "高峰紧跟其他部门的集中出账、停机或群发短信出现。",
    )


def test_the_shipped_list_is_that_of_the_product_and_what_plans_start_from(shared: Path) -> None:
    product = (shared / "product" / "taxonomy.toml").read_bytes()
    assert SHIPPED.read_bytes().startswith(product)
    lists = [
        line for line in SHIPPED.read_text("utf-8")[len(product.decode()) :].split("\n") if line.startswith("[[")
    ]
    assert set(lists) == {"[[block]]", "[[template]]"}


def test_every_cause_has_a_remedy() -> None:
    assert all(TAXONOMY.remedies_for(cause.code) for cause in TAXONOMY.entries("cause_type"))


@pytest.mark.parametrize("section", ["gap", "comparison"])
def test_what_helps_to_choose_is_there_in_both_languages(section: str) -> None:
    for entry in TAXONOMY.entries(section):
        assert entry.hint("en") and not HAN.search(entry.hint("en")) and HAN.search(entry.hint("zh-CN"))


@pytest.mark.parametrize("reason", TAXONOMY.reasons, ids=lambda r: r.code)
def test_a_reason_is_found_by_all_its_names(reason: Reason) -> None:
    for label in (reason.code, reason.en, reason.zh, *reason.aliases):
        assert TAXONOMY.reason_for(f" {label.upper()} ") == reason.code


@pytest.mark.parametrize(
    ("label", "code", "power"),
    [
        ("等候/占线", "wait_busy", "centre"),
        ("等候／占线", "wait_busy", "centre"),
        ("不能直接答复", "cannot_answer", "business_rule"),
        ("收费/增值业务", "billing_dispute", "business_rule"),
        ("网络", "network_quality", "network"),
        ("态度", "attitude", "centre"),
        ("未说明", "not_stated", "unstated"),
        ("Ｌｏｎｇ  wait or\tbusy line", "wait_busy", "centre"),
        ("", "not_stated", "unstated"),
        (None, "not_stated", "unstated"),
    ],
)
def test_imported_labels_of_the_hotline(label: str | None, code: str, power: str) -> None:
    found = TAXONOMY.reason_for(label)
    assert found == code
    assert TAXONOMY.power_of(code) == power


def test_what_nobody_knows_is_none() -> None:
    assert TAXONOMY.reason_for("天气") is None
    assert TAXONOMY.power_of("weather") is TAXONOMY.owner_of("weather") is None
    assert TAXONOMY.label("power", "weather", "en") is None
    assert TAXONOMY.owner_of("wait_busy") == "workforce"


def test_the_file_is_read_once() -> None:
    assert load_taxonomy() is load_taxonomy()


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SHIPPED.read_text("utf-8").replace('"打不进"', '"总是占线"'), encoding="utf-8")
    assert load_taxonomy(own).reason_for("总是占线") == "wait_busy"
    assert load_taxonomy(own).reason_for("打不进") is None


@pytest.mark.parametrize(
    ("content", "key"),
    [("[[reason]\n", "unreadable"), ('[[reason]]\ncode = "x"\n', "incomplete"), ("", "incomplete")],
)
def test_a_broken_list_is_named(tmp_path: Path, content: str, key: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(content)
    with pytest.raises(BadInput) as error:
        load_taxonomy(file)
    assert error.value.statement.key == f"taxonomy.{key}"
    assert error.value.statement.values["path"] == str(file)


def test_a_label_of_two_reasons_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(SHIPPED.read_text("utf-8").replace('"打不进"', '"未说明"'), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load_taxonomy(file)
    assert error.value.statement.values["label"] == "未说明"
