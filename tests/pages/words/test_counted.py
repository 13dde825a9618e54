"""A rate that nobody was asked for counts contacts: no text about it speaks of answers."""

from __future__ import annotations

import re

import pytest

from data_access.labels import Labels
from data_access.metric_kinds import Rate, Unit
from data_access.metrics import Metric
from pages.words.catalogue import LANGUAGES, Catalogue, texts, texts_of_contacts
from pages.words.counted import AREAS_APART

ABANDONED = Metric("abandoned", "abandoned", Labels("abandoned"), Rate())
SATISFIED = Metric("satisfied", "score", Labels("satisfied"), Rate(), survey=True)
# what stays: answers of agents to customers, who did not answer, who answers
SAID_STILL = r"did(?: not)? answer|different answer|differing answers|an answer before|may be answering|answered in"
SPEAKS = {"en": r"\banswers?\b", "zh-CN": "评价(?!的百分位)"}


def test_columns_and_axes_say_what_is_counted() -> None:
    for language, answers, contacts in (("en", "Answers", "Contacts"), ("zh-CN", "评价数", "服务次数")):
        words = Catalogue.load(language)
        assert words.about(SATISFIED).text("column.n") == answers
        assert words.about(ABANDONED).text("column.n") == contacts
    assert Catalogue.load("en").about(ABANDONED).text("chart.share_responses") == "share of contacts"
    assert Catalogue.load("zh-CN").about(ABANDONED).text("change.segment_few", segment="甲", n0=3, n1=1) == (
        "甲：之前 3 次服务，现在 1 次。任一时段少于 10 次时不比较。"
    )


def test_what_is_no_score_is_not_called_one() -> None:
    for language, score, value in (("en", "Score", "Value"), ("zh-CN", "得分", "数值")):
        words = Catalogue.load(language)
        assert words.about(SATISFIED).text("column.score") == score
        assert words.about(ABANDONED).text("column.score") == value
    said = {"place": "Bots", "score": 17.4, "usual": 9.8}
    level = Catalogue.load("en").about(ABANDONED).text("worth_knowing.level", **said, size=0.8, unit=Unit.POINTS)
    assert level.startswith("Bots: 17.4") and "score" not in level


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_on_a_rate_speaks_of_answers(language: str) -> None:
    said = {k: re.sub(SAID_STILL, "", t) for k, t in texts_of_contacts(language).items()}
    apart = (*AREAS_APART, "how.turned")
    left = [k for k, t in said.items() if re.search(SPEAKS[language], t, re.I) and not k.startswith(apart)]
    assert sorted(left) == (["contrast.fair_turned"] if language == "zh-CN" else [])
    assert set(said) == set(texts(language))
