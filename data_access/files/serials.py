"""Are plain numbers moments? Day numbers of a spreadsheet, or seconds since 1970: only under a header of moments."""

from __future__ import annotations

import re
from collections.abc import Mapping

from data_access.files.forms import Form
from data_access.statement import Statement

NUMBER = re.compile(r"\d{5,19}(?:[.,]\d{1,12})?", re.ASCII)
DAYS = re.compile(r"dat(e|um|etime)(?![a-z])|日期|\bday\b|jour\b|\btag\b", re.I)
MOMENTS = re.compile(
    r"dat(e|um|etime)(?![a-z])|time|stamp|creat|start|\bend|open|clos|submit|receiv|answer(ed)?.?at|complet|updat|_at$"
    r"|\bat$|epoch|\bts\b|_ts$|initiat|disconnect|begin|beginn|zeitpunkt|日期|时间|时刻|创建|提交|开始|结束|发生",
    re.I,
)
LASTING = re.compile(
    r"durat|talk|hold|wait|handl|wrap|elaps|length|spent|\btime.?(to|in|on)\b|_(ms|s|sec|secs|seconds)$|\((ms|s|sec|min)\)"
    r"|dauer|时长|耗时|用时|所用|等待|毫秒|时延",
    re.I,
)
FIRST, LAST = 946_684_800, 2_524_608_000  # 2000 and 2050 in seconds since 1970
DAY_ZERO = 25_569  # 1970-01-01 as the day number of a spreadsheet, whose first is 1899-12-31
DAY_S = 86_400
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def tells_moments(name: str) -> bool:
    """Whether a header says that its numbers may be moments.

    >>> tells_moments("created date"), tells_moments("talk time")
    (True, False)
    """
    return bool(MOMENTS.search(name)) and not LASTING.search(name)


def serial_form(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """How these numbers (with their counts) are moments, None when they are none; `cell` is SQL of their text.

    >>> serial_form("created date", {"45901.34375": 1}, "c0").kind
    'time'
    >>> serial_form("talk time", {"45901": 1}, "c0") is None
    True
    """
    if not tells_moments(name) or not all(map(NUMBER.fullmatch, values)):
        return None
    numbers = [float(v.replace(",", ".")) for v in values]
    value = f"try_cast(replace({cell}, ',', '.') AS DOUBLE)"
    first, last = FIRST / DAY_S + DAY_ZERO, LAST / DAY_S + DAY_ZERO
    if first <= min(numbers) and max(numbers) <= last and (DAYS.search(name) or _has_clock(numbers)):
        step = _step(numbers)
        read = f"make_timestamp((round({value} * {DAY_S // step})::BIGINT * {step} - {DAY_ZERO * DAY_S}) * 1000000)"
        return Form(_within(value, first, last, read), 1.0, "time", told=(_told("file.serial_days", values),))
    for unit, factor in UNITS.items():
        if FIRST * factor <= min(numbers) and max(numbers) <= LAST * factor:
            read = f"to_timestamp({value} / {factor})"
            told = (_told("file.serial_epoch", values, unit=unit),)
            return Form(_within(value, FIRST * factor, LAST * factor, read), 1.0, "zoned", told=told)
    return None


def _has_clock(numbers: list[float]) -> bool:
    return sum(not n.is_integer() for n in numbers) >= 0.5 * len(numbers)


def _step(numbers: list[float]) -> int:
    """Seconds to which moments are rounded: a fraction of a day with five digits is not exact."""
    minutes = [n * DAY_S / 60 for n in numbers]
    return 60 if all(abs(m - round(m)) < 1 / 60 for m in minutes) else 1


def _within(value: str, first: float, last: float, read: str) -> str:
    return f"CASE WHEN {value} BETWEEN {first} AND {last} THEN {read} END"


def _told(key: str, values: Mapping[str, int], **more: str) -> Statement:
    return Statement(key, {"value": next(iter(values)), **more})
