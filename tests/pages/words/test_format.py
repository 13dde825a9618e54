"""Numbers, dates and names as `screens.md` wants them, in both languages."""

from __future__ import annotations

from datetime import date
from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.metric_kinds import Unit
from data_access.selection import Period
from data_access.statement import Statement
from pages.words.catalogue import Catalogue
from pages.words.format import NBSP, SPECS, held
from pages.words.markdown import escape_markdown

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
PARTED = ("day", "full_day", "period", "period_short", "name", "names", "within")  # texts that a line may part


@pytest.mark.parametrize(
    ("spec", "value", "en", "zh"),
    [
        ("score", 84.7, "84.7 points", "84.7 分"),
        ("score", -1.04, "−1.0 points", "−1.0 分"),
        ("number", 84.65001, "84.7", "84.7"),
        ("number", -0.04, "0.0", "0.0"),
        ("exact", 1.05, "1.050", "1.050"),
        ("change", -1.6, "−1.6", "−1.6"),
        ("change", 0.5, "+0.5", "+0.5"),
        ("change", -0.01, "±0.0", "±0.0"),
        ("exact_change", -1.05, "−1.050", "−1.050"),
        ("score_change", -1.6, "−1.6 points", "−1.6 分"),
        ("share", 0.3731, "37.3 %", "37.3 %"),
        ("rate", 2.8, "2.8 %", "2.8 %"),
        ("pp", 0.2, "0.2 pp", "0.2 个百分点"),
        ("pp_change", 0.2, "+0.2 pp", "+0.2 个百分点"),
        ("count", 2000, "2,000", "2,000"),
        ("count", np.int64(1234567), "1,234,567", "1,234,567"),
        ("factor", 1.2427, "1.24", "1.24"),
        ("p", 0.58, "0.58", "0.58"),
        ("p", 0.005, "0.0050", "0.0050"),
        ("p", 0.0199, "0.020", "0.020"),
        ("p", 0.0996, "0.10", "0.10"),
        ("p", 0.00099, "< 0.001", "< 0.001"),
        ("p", 0.001, "0.0010", "0.0010"),
        ("p", 0.0, "< 0.001", "< 0.001"),
        ("p", 0.994, "0.99", "0.99"),
        ("p", 1.0, "> 0.99", "> 0.99"),
        ("p_value", 0.58, "p = 0.58", "p = 0.58"),
        ("p_value", 1e-9, "p < 0.001", "p < 0.001"),
        ("date", date(2026, 10, 1), "2026-10-01", "2026-10-01"),
        ("date", pd.Timestamp("2026-10-01 19:31"), "2026-10-01", "2026-10-01"),
        ("day", date(2026, 10, 1), "1 Oct", "10月1日"),
        ("full_day", date(2026, 10, 1), "1 Oct 2026", "2026-10-01"),
        ("period", OCTOBER, "October 2026", "2026 年 10 月"),
        (
            "period",
            Period(date(2025, 12, 1), date(2026, 2, 1)),
            "December 2025 – January 2026",
            "2025 年 12 月 至 2026 年 1 月",
        ),
        (
            "period",
            Period(date(2026, 10, 1), date(2026, 10, 15)),
            "1 Oct 2026 – 14 Oct 2026",
            "2026-10-01 至 2026-10-14",
        ),
        ("period", Period(date(2026, 10, 1), date(2026, 10, 2)), "1 Oct 2026", "2026-10-01"),
        ("period", None, "all data", "全部数据"),
        ("period_short", OCTOBER, "October", "10 月"),
        (
            "period_short",
            Period(date(2026, 10, 1), date(2026, 10, 15)),
            "1 Oct 2026 – 14 Oct 2026",
            "2026-10-01 至 2026-10-14",
        ),
        ("name", "固话", "固话", "固话"),
        ("name", None, "not recorded", "未记录"),
        ("name", "", "not recorded", "未记录"),
        ("name", {"business": "3G", "team": None}, "3G · not recorded", "3G · 未记录"),
        ("raw", 96.44, "96.4", "96.4"),
        ("raw", 0.9231, "0.923", "0.923"),
        ("raw_change", 1.5, "+1.50", "+1.50"),
        ("names", ["2G", "3G", None], "2G, 3G and not recorded", "2G、3G 和未记录"),
        ("names", ["2G"], "2G", "2G"),
        ("names", [], "–", "–"),
        ("within", "Business sub-type", "business sub-type", "business sub-type"),
        ("within", "Day of the month", "day of the month", "day of the month"),
        ("within", "Owner of the IVR", "owner of the IVR", "owner of the IVR"),
        ("within", "IVR node", "IVR node", "IVR node"),
        ("within", "Net Promoter group", "Net Promoter group", "Net Promoter group"),
        ("within", "触点", "触点", "触点"),
        ("within", "B", "B", "B"),
    ],
)
def test_spec(spec: str, value: object, en: str, zh: str) -> None:
    whole = held if spec not in PARTED else str
    assert EN.show(value, spec) == whole(en)
    assert ZH.show(value, spec) == whole(zh)


@pytest.mark.parametrize(
    ("spec", "points", "rate", "nps", "raw"),
    [
        ("metric", "−1.6 points", "−1.6 %", "NPS −1.6", "−1.60"),
        ("metric_change", "−1.6 points", "−1.6 pp", "−1.6 points", "−1.60"),
        ("metric_size", "1.6 points", "1.6 pp", "1.6 points", "1.60"),
        ("metric_level", "−1.6", "−1.6 %", "−1.6", "−1.60"),
        ("metric_gap", "−1.6", "−1.6 pp", "−1.6", "−1.60"),
    ],
)
def test_metric_follows_the_unit(spec: str, points: str, rate: str, nps: str, raw: str) -> None:
    assert EN.formatter.fill(f"{{x:{spec}}}", {"x": -1.6, "unit": "nps"}) == held(nps)
    assert EN.formatter.fill(f"{{x:{spec}}}", {"x": -1.6, "unit": "raw"}) == raw
    assert EN.formatter.fill(f"{{x:{spec}}}", {"x": -1.6, "unit": "points"}) == held(points)
    assert EN.formatter.fill(f"{{x:{spec}}}", {"x": -1.6, "unit": "rate"}) == held(rate)
    with pytest.raises(KeyError):
        EN.formatter.fill(f"{{x:{spec}}}", {"x": -1.6})


@pytest.mark.parametrize("spec", sorted(set(SPECS) - {"period", "period_short", "name", "names"}))
@pytest.mark.parametrize("missing", [None, nan, inf, np.float64(-inf), pd.NA, pd.NaT])
def test_missing_is_a_dash(spec: str, missing: object) -> None:
    assert EN.show(missing, spec) == "–"


@given(st.floats(-1e9, 1e9))
def test_a_number_reads_back_and_never_has_a_hyphen(value: float) -> None:
    shown = EN.show(value, "number")
    assert "-" not in shown
    assert float(shown.replace("−", "-").replace(",", "")) == pytest.approx(value, abs=0.0500001)


@given(st.floats(0.001, 0.9949))
def test_p_has_two_significant_figures(p: float) -> None:
    shown = EN.show(p, "p")
    assert len(shown.lstrip("0.")) == 2
    assert float(shown) == pytest.approx(p, rel=0.0501)


def test_names_are_looked_up_by_dimension() -> None:
    spoken = {("business", "pstn"): "Landline", (None, "business"): "Line of business"}
    catalogue = EN.with_names(lambda dimension, value: spoken[dimension, value])
    template, values = "{dimension:name}: {segment:name}", {"dimension": "business", "segment": "pstn"}
    assert catalogue.formatter.fill(template, values) == "Line of business: Landline"
    assert catalogue.formatter.fill("{segment:name}", {"segment": {"business": "pstn"}}) == "Landline"


def test_a_name_inside_a_sentence_has_no_capital() -> None:
    assert EN.text("overview.strip", name="Touchpoint").startswith("Score by touchpoint,")
    assert EN.text("overview.to_change", name="Business sub-type") == "What changed by business sub-type"
    assert ZH.text("overview.strip", name="Team 组").startswith("各 Team 组"), "Chinese has no capitals to lower"


def test_markdown_in_data_stays_text() -> None:
    told = EN.for_markdown().formatter.fill("**{segment:name}** {x}", {"segment": "[a](b)", "x": "$1_"})
    assert told == r"**\[a\](b)** \$1\_"
    assert escape_markdown("3G 固话 1.5") == "3G 固话 1.5"


def test_a_statement_within_a_statement_is_said() -> None:
    inner = Statement("format.percent", {"number": 3})
    assert ZH.formatter.fill("甲 {why}", {"why": inner}) == "甲 " + held("3 %")


@pytest.mark.parametrize("words", [EN, ZH])
def test_no_line_parts_a_number_from_its_unit_or_sign(words: Catalogue) -> None:
    for spec in ("score", "share", "pp_change", "metric_size", "p_value"):
        for value in (0.5, 1e-9, 0.999):
            assert " " not in words.show(value, spec), spec
    told = words.text("overview.interval", low=1, high=2, unit=Unit.POINTS) + words.text("chart.few", n=10)
    assert f"95{NBSP}%" in told and f"n{NBSP}<{NBSP}10" in told


def test_unknown_spec_and_missing_value_are_mistakes() -> None:
    with pytest.raises(KeyError):
        EN.formatter.fill("{x:nonsense}", {"x": 1})
    with pytest.raises(KeyError):
        EN.formatter.fill("{x:score}", {})


def test_two_periods_are_as_short_as_stays_clear() -> None:
    assert EN.periods(OCTOBER, SEPTEMBER) == ("October", "September")
    assert EN.periods(OCTOBER, OCTOBER.year_earlier()) == ("October 2026", "October 2025")
    assert ZH.periods(OCTOBER, SEPTEMBER) == ("10 月", "9 月")


@pytest.mark.parametrize(("n", "said"), [(0, "0 answers are"), (1, "1 answer is"), (2, "2 answers are")])
def test_words_agree_with_their_number(n: int, said: str) -> None:
    assert EN.formatter.fill("{n:count answer|answers} {n:plural is|are}", {"n": n}) == said


@pytest.mark.parametrize(
    ("segment", "said"), [("移动 5G", "移动 5G 从 84.7 分降到 8 %"), ("宽带", "宽带从 84.7 分降到 8 %")]
)
def test_chinese_has_spaces_at_latin_letters_and_numbers_only(segment: str, said: str) -> None:
    found = ZH.formatter.fill("{s}从 {x:score} 降到{y:count} %", {"s": segment, "x": 84.7, "y": 8})
    assert found.replace(NBSP, " ") == said


def test_a_dimension_within_a_sentence_is_named_and_never_shown_as_it_is_passed() -> None:
    for words in (EN, ZH):
        said = words.say(Statement("service.not_by", {"measure": "x", "name": {"dimension": "team"}}))
        assert "team" in said and "{" not in said
