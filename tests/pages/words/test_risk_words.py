"""Reasons of a customer in plain words of both languages."""

from __future__ import annotations

import pytest

from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.risk_words import kept_in, reason, reasons

SAID = [
    ("@back?1", "Came back within 48 h", "48 小时内再次来访"),
    ("wait=240|s", "wait 4 min", "wait 4 分钟"),
    ("wait=39|s", "wait 39 s", "wait 39 秒"),
    ("transfers=3|", "transfers 3", "transfers 3"),
    ("solved?0", "solved: no", "solved：否"),
    ("solved?1", "solved: yes", "solved：是"),
    ("team=a|b", "team: a|b", "team：a|b"),
    ("nothing", "nothing", "nothing"),
]


@pytest.mark.parametrize(("code", "english", "chinese"), SAID)
def test_each_reason(code: str, english: str, chinese: str) -> None:
    assert spaced(reason(code, Catalogue.load("en"))) == english
    assert spaced(reason(code, Catalogue.load("zh-CN"))) == chinese


def test_several_and_none() -> None:
    words = Catalogue.load("en")
    assert spaced(reasons(("@before?1", "team=x"), words)) == "Had been in touch in the 48 h before · team: x"
    assert reasons((), words) == "" == kept_in("", words)
    assert kept_in("must=complaint", words) == "made a complaint"
