"""What is a place called in both languages? The words of the labels table and of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from data_access.training import Words
from sample_data import words, world

_PARTS = {"midday": ("12:00 to 14:00", "12点至14点"), "evening": ("18:00 to 22:00", "18点至22点")}
_TIERS = {"basic": ("basic customers", "普通客户")}
_CHANNELS = {"phone": ("by phone", "电话渠道")}


@cache
def _named() -> dict[tuple[str, str], tuple[str, str]]:
    rows = words.labels().itertuples(index=False)
    named = {(row.dimension, row.value): (row.en, row.zh) for row in rows}
    named |= {("touchpoint", entry["code"]): (entry["en"], entry["zh"]) for entry in world.taxonomy()["touchpoint"]}
    own = {"part_of_day": _PARTS, "tier": _TIERS, "channel": _CHANNELS}
    return named | {(name, value): texts for name, values in own.items() for value, texts in values.items()}


def both(dimension: str, value: str) -> tuple[str, str]:
    """A value in English and Chinese.

    >>> both("touchpoint", "bot_text")
    ('Text bot', '智能文本')
    """
    return _named()[dimension, value]


def place_words(place: Mapping[str, str]) -> Words:
    """A place in both languages.

    >>> place_words({"sub_type": "4g_bill", "tier": "basic"})
    Words(en='4G: bill, basic customers', zh='4G账单·普通客户')
    """
    texts = [both(dimension, value) for dimension, value in place.items()]
    return Words(", ".join(en for en, _ in texts), "·".join(zh for _, zh in texts))


def business_of(sub_type: str) -> str:
    """The business that a sub-type belongs to, "" for none."""
    entry = world.SUB_TYPE.get(sub_type)
    return str(entry[0]) if entry else ""
