"""In which unit does a column count, by its name: "Wait (min)", handle_ms, 时长（分钟）?"""

from __future__ import annotations

import re

SAID = {
    "s": ("s", "sec", "secs", "second", "seconds", "sek", "sekunden", "secondes", "秒", "秒钟"),
    "min": ("min", "mins", "minute", "minutes", "minuten", "分钟"),
    "h": ("h", "hr", "hrs", "hour", "hours", "std", "stunden", "heures", "小时"),
    "ms": ("ms", "msec", "millis", "millisecond", "milliseconds", "毫秒"),
    "d": ("d", "day", "days", "tage", "jours", "天"),
    "%": ("%", "％", "pct", "percent", "percentage", "prozent", "百分比"),
    "EUR": ("€", "eur", "euro"),
    "USD": ("$", "usd"),
    "GBP": ("£", "gbp"),
    "CHF": ("chf",),
    "元": ("元", "rmb", "cny", "人民币"),
    "万元": ("万元",),
    "km": ("km",),
    "m": ("米",),
    "MB": ("mb",),
    "GB": ("gb",),
}
UNIT_OF = {word: unit for unit, words in SAID.items() for word in words}
IN_BRACKETS = re.compile(r"[(（\[【] ?(?:in |unit: ?|单位[:：]? ?)?([^()（）\[\]【】]{1,12}?)\.? ?[)）\]】]", re.I)
AFTER = re.compile(
    r"(?:[_ /-]|\bin )(s|secs?|seconds|sekunden|mins?|minutes|minuten|ms|msec|millis(?:econds)?|hours|hrs|h|days|pct"
    r"|percent|eur|usd|gbp|mb|gb)$|(%)$",
    re.I,
)


def unit_of(name: str) -> str:
    """The unit that a column's name says, "" for none.

    >>> unit_of("Wait (min)"), unit_of("handle_ms"), unit_of("时长（分钟）"), unit_of("CSAT %")
    ('min', 'ms', 'min', '%')
    """
    for inside in IN_BRACKETS.findall(name[:200]):
        if inside.strip().lower() in UNIT_OF:
            return UNIT_OF[inside.strip().lower()]
    found = AFTER.search(name[:200])
    if found:
        return UNIT_OF.get((found[1] or found[2]).lower(), "")
    return ""
