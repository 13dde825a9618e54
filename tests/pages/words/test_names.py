"""What data values are called: labels of the warehouse, the taxonomy, the calendar, else as they stand."""

from __future__ import annotations

import pandas as pd
import pytest

from data_access.columns import cut_meant
from data_access.model_file import parse_model
from data_access.taxonomy import load_taxonomy
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.names import Names, labels_of

MODEL = parse_model(
    """
table = "calls"
time = { column = "at", timezone = "UTC" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business", labels = { en = "Line of business", "zh-CN" = "业务" } }
touchpoint = { column = "touchpoint" }
[reasons]
why = { column = "why", labels = { en = "Why", "zh-CN" = "为什么" } }
"""
)
LABELS = pd.DataFrame(
    {
        "dimension": ["business", "touchpoint"],
        "value": ["5g", "bot"],
        "en": ["Mobile 5G", ""],
        "zh": ["移动5G", "机器人"],
    }
)


def names(language: str) -> Names:
    return Names(MODEL, load_taxonomy(), Catalogue.load(language), labels_of(LABELS, language))


@pytest.mark.parametrize(
    ("dimension", "value", "english", "chinese"),
    [
        ("business", "5g", "Mobile 5G", "移动5G"),
        ("business", "4g", "4g", "4g"),  # no label: as it stands
        ("why", "billing_dispute", "Billing dispute", "收费争议"),  # a reason by any name of its column
        ("why", "the weather", "the weather", "the weather"),
        ("power", "centre", "Within the centre", "本中心可控"),
        ("weekday", "1", "Monday", "星期一"),
        ("month", "2026-10", "October 2026", "2026 年 10 月"),
        ("day_of_month", "31", "day 31", "31 日"),
        ("hour", "9", "9:00", "9 时"),
        (None, "5g", "5g", "5g"),
        ("business", "billing_dispute", "billing_dispute", "billing_dispute"),  # a reason's code elsewhere
    ],
)
def test_what_a_value_is_called(dimension: str | None, value: str, english: str, chinese: str) -> None:
    assert (names("en")(dimension, value), names("zh-CN")(dimension, value)) == (english, chinese)


def test_a_label_without_a_word_is_no_label() -> None:
    assert names("en")("touchpoint", "bot") == "bot"
    assert names("zh-CN")("touchpoint", "bot") == "机器人"


def test_names_of_dimensions_and_metrics() -> None:
    assert [names(language).of_dimension("business") for language in LANGUAGES] == ["Line of business", "业务"]
    assert names("en").of_dimension("weekday") == "Weekday"
    assert names("zh-CN").of_dimension("score") != names("en").of_dimension("score")
    assert names("en").of_dimension("nothing") == "nothing"


@pytest.mark.parametrize("table", [None, pd.DataFrame({"dimension": ["a"], "value": ["b"], "fr": ["c"]})])
def test_without_labels(table: pd.DataFrame | None) -> None:
    assert labels_of(table, "en") == {}


def test_a_name_that_says_nothing_is_spoken_by_its_label() -> None:
    """Columns in Chinese have no names of their own in a model: a link says what they are called."""
    model = parse_model(
        """
table = "calls"
score = { column = "分数", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
column_3 = { column = "业务 大类", labels = { en = "业务 大类", "zh-CN" = "业务 大类" } }
column_4 = { column = "渠道", labels = { en = "渠道", "zh-CN" = "渠道" } }
column_5 = { column = "渠道 (2)", labels = { en = "渠道", "zh-CN" = "渠道" } }
column_6 = { column = "按", labels = { en = "by", "zh-CN" = "by" } }
team = { column = "班组", labels = { en = "Team", "zh-CN" = "班组" } }
choices_1 = { column = "问题", split = "|", labels = { en = "问题", "zh-CN" = "问题" } }
"""
    )
    spoken = Names(model, load_taxonomy(), Catalogue.load("zh-CN"), {}).spoken
    assert spoken == {"column_3": "业务大类", "choices_1": "问题"}, "none that means two, or what a page means itself"
    assert all(cut_meant(model, label) == name for name, label in spoken.items())
    assert cut_meant(model, "业务 大类") == "column_3", "as it stands in the file"
