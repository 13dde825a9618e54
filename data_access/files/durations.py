"""Which of the many ways to write a duration is this? SQL that gives seconds.

Clocks (2:05, 1:02:05, 1.02:03:04), units (2m 5s, 1小时2分, 1h05, 2 min, 4,5 Std.) and ISO 8601 (PT2M5S). Whether 2:05
are minutes or hours is decided by what the column is called and by its other cells, and said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_access.files.forms import Form, is_likely, one_of, share_of, sql_number, sql_parts
from data_access.statement import Statement

NUMBER = r"(\d{1,12}(?:[.,]\d{1,9})?)"
DAYS = one_of(("days", "day", "d", "Tage", "Tag", "jours", "jour", "j", "天"))
HOURS = one_of(
    ("hours", "hour", "hrs.", "hrs", "hr", "h", "Stunden", "Stunde", "Std.", "Std", "heures", "heure", "小时", "小時",
     "个小时", "時間", "时", "時")
)  # fmt: skip
MINUTES = one_of(
    ("minutes", "minute", "mins", "min.", "min", "m", "Minuten", "分钟", "分鐘", "分", "'", "′", "’")
)  # fmt: skip
SECONDS = one_of(
    ("seconds", "second", "secs", "sec.", "sec", "s", "Sekunden", "Sekunde", "Sek.", "Sek", "secondes", "seconde",
     "秒钟", "秒鐘", "秒", '"', "″", "''", "”")
)  # fmt: skip
MILLISECONDS = one_of(("milliseconds", "millisecond", "msec", "ms", "毫秒"))
BETWEEN = r"[ ,]{0,2}(?:and |und |et |零)?"
WITH_UNITS = (
    rf"(?i)^([-+]?) ?P?(?:{NUMBER} ?{DAYS}{BETWEEN})?T?(?:{NUMBER} ?{HOURS}{BETWEEN})?"
    rf"(?:{NUMBER} ?{MINUTES}{BETWEEN})?(?:{NUMBER} ?{SECONDS}{BETWEEN})?(?:{NUMBER} ?{MILLISECONDS})?(\d{{1,2}})?$"
)
FACTORS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
GROUPS = ("sign", *FACTORS, "ms", "rest")
CLOCK_GROUPS = ("sign", "days", "first", "middle", "last", "exact", "unit")
CLOCK = (
    rf"(?i)^([-+]?)(?:(\d{{1,5}})(?: ?{DAYS}[ ,]{{1,2}}|\.))?(\d{{1,5}}):(\d{{1,2}})(?::(\d{{1,2}}))?([.,]\d{{1,9}})?"
    rf"(?: ?(h|hrs|hr|Std\.?|min\.?|mins))?$"
)
UNITS_OF_CELLS, CLOCK_OF_CELLS = re.compile(WITH_UNITS, re.ASCII), re.compile(CLOCK, re.ASCII)
UNSURE = re.compile(r"(?i)[-+]?\d+(?:[.,]\d+)? ?(?:分|m|'|’|时|時|j|d|h|s)")
# what a column of durations is called, and one of moments of the day
LASTING = re.compile(
    r"durat|elaps|talk|\bhold|wait|handl|wrap|after.?(call|work)|\bqueue.?time|\b(aht|asa|acw|att|frt|ttr|awt|aqt)\b"
    r"|resol|respon|reply|length|delay|idle|\bring|shift|\btime (to|in|on|spent|taken)|total.?time|time.?spent|logged"
    r"|dauer|wartezeit|gespr|bearbeitungszeit|nachbearbeitung|durée|attente|temps"
    r"|时长|耗时|用时|所用时间|等待|等候|通话|振铃|处理时|持续|历时|时延|间隔|工时",
    re.I,
)
AT_A_MOMENT = re.compile(
    r"start|begin|\bend(ed)?\b|creat|open|clos|arriv|stamp|time.?of|\bdate|_at$|\bat$|^time$|uhrzeit|beginn|heure|datum"
    r"|开始|结束|创建|提交|发生|时刻|来电时间|受理|日期|^时间$|^zeit$",
    re.I,
)
HOURS_FIRST = re.compile(
    r"h{1,2}:mm(?!:)|hours?\b|stunden|\bstd\b|小时|shift|schedul|worked|logged|resol|班|工时", re.I
)
MINUTES_FIRST = re.compile(r"(?<!:)m{1,2}:ss|minut|\bmin\b|分", re.I)
OF_ONE_CALL = re.compile(
    r"talk|\bhold|wait|handl|wrap|acw|aht|asa|\bqueue|\bring|gespr|warte|attente|通话|等待|等候|振铃", re.I
)
MOST_HOURS_OF_DAY = 8
HOURS_OF_DAY = 24


@dataclass(frozen=True)
class _Clock:
    """The parts of one cell written as a clock; `last` is None where there are two."""

    days: int
    first: int
    middle: int
    last: int | None
    exact: bool
    unit: str


def duration_form(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """How durations are written, None when these values (with their counts) are none; `cell` is SQL of their text.

    >>> duration_form("hold", {"45s": 3, "2m 5s": 2}, "c0").unit, duration_form("score", {"9分": 3}, "c0") is None
    ('s', True)
    """
    if not is_likely(_is_one, values):
        return None
    clocks = {v: found for v in values if (found := _clock(v)) is not None}
    worded = {v: n for v, n in values.items() if v not in clocks and _has_units(v)}
    share = share_of(lambda v: v in clocks or v in worded, values)
    if worded and all(UNSURE.fullmatch(v) for v in worded) and not _is_sure(name, list(worded)):
        return None
    units = ("units", sql_parts(cell, WITH_UNITS, GROUPS))
    if not clocks:
        return Form(_of_units(), share, unit="s", parts=(units,), once=True)
    if not worded and not _lasts(name, list(clocks.values())):
        return None
    hours = _hours_first(name, list(clocks.values()))
    shifted = not hours and _was_shifted(name, list(clocks.values()))
    told = _told(clocks, hours=hours, shifted=shifted)
    clock = ("clock", sql_parts(cell, CLOCK, CLOCK_GROUPS))
    read = _of_clock(hours=hours, shifted=shifted)
    if not worded:
        return Form(read, share, unit="s", parts=(clock,), once=True, told=told)
    both = f"coalesce({read}, {_of_units()})"
    return Form(both, share, unit="s", parts=(clock, units), once=True, told=told)


def _is_one(value: str) -> bool:
    return CLOCK_OF_CELLS.fullmatch(value) is not None or _has_units(value)


def _has_units(value: str) -> bool:
    found = UNITS_OF_CELLS.fullmatch(value)
    return found is not None and any(found.groups()[1:6]) and value[-1] not in "PT"


def _is_sure(name: str, values: list[str]) -> bool:
    """Cells of one short unit: several different ones, or a column that is called so."""
    signs = {re.sub(r"[\d .,+-]", "", v).lower() for v in values}
    return LASTING.search(name) is not None or len(signs) > 1 or signs <= {"s", "h"}


def _clock(value: str) -> _Clock | None:
    found = CLOCK_OF_CELLS.fullmatch(value)
    if found is None:
        return None
    _, days, first, middle, last, exact, unit = found.groups()
    if int(middle) > 59 or (last is not None and int(last) > 59):
        return None
    return _Clock(int(days or 0), int(first), int(middle), None if last is None else int(last), bool(exact),
                  (unit or "").lower())  # fmt: skip


def _lasts(name: str, clocks: list[_Clock]) -> bool:
    """Whether clocks are durations and no moments of a day."""
    if any(c.first >= HOURS_OF_DAY or c.days or c.exact or c.unit for c in clocks):
        return True
    if AT_A_MOMENT.search(name) and not LASTING.search(name):
        return False
    if LASTING.search(name):
        return True
    whole = [c for c in clocks if c.last is not None]
    if whole:
        return len({c.first for c in whole}) < MOST_HOURS_OF_DAY
    return any(c.first == 0 for c in clocks)


def _hours_first(name: str, clocks: list[_Clock]) -> bool:
    """Whether two parts are hours and minutes: the header's word, then the other cells, else minutes and seconds."""
    if re.search(r"(?<!:)m{1,2}:ss", name, re.I):
        return False
    if re.search(r"h{1,2}:mm(?!:)", name, re.I):
        return True
    short = [c for c in clocks if c.last is None]
    if any(c.unit for c in short):
        return any(c.unit[0] in "hs" for c in short if c.unit)
    if len(short) < len(clocks) or any(c.exact for c in short) or MINUTES_FIRST.search(name):
        return False
    return HOURS_FIRST.search(name) is not None


def _was_shifted(name: str, clocks: list[_Clock]) -> bool:
    """Minutes and seconds that a workbook took for hours and minutes: a call of many hours without a second."""
    if not OF_ONE_CALL.search(name) or any(c.last != 0 or c.exact for c in clocks):
        return False
    return len(clocks) >= 5 and sum(c.first > 0 for c in clocks) >= 0.5 * len(clocks)


def _told(clocks: Mapping[str, _Clock], *, hours: bool, shifted: bool) -> tuple[Statement, ...]:
    example = next((v for v, c in clocks.items() if c.last is None), None)
    if shifted:
        value = next(iter(clocks))
        return (Statement("file.clock_shifted", {"value": value, "first": clocks[value].first,
                                                 "second": clocks[value].middle}),)  # fmt: skip
    if example is None:
        return ()
    key = "file.clock_hours" if hours else "file.clock_minutes"
    return (Statement(key, {"value": example, "first": clocks[example].first, "second": clocks[example].middle}),)


def _of_units() -> str:
    """SQL of the seconds of a cell with units. A last number without one counts in the next smaller unit (1h05)."""
    whole = " + ".join(f"{factor} * {sql_number(f'units.{part}')}" for part, factor in FACTORS.items())
    rest = f"CASE WHEN units.m <> '' THEN 1 ELSE 60 END * {sql_number('units.rest')}"
    seconds = f"{whole} + {sql_number('units.ms')} / 1000 + {rest}"
    fits = "concat(units.d, units.h, units.m, units.s, units.ms) <> ''"
    return f"CASE WHEN {fits} THEN CASE units.sign WHEN '-' THEN -1 ELSE 1 END * ({seconds}) END"


def _of_clock(*, hours: bool, shifted: bool) -> str:
    """SQL of the seconds of a cell written as a clock."""
    days, first, middle, last = (sql_number(f"clock.{part}") for part in CLOCK_GROUPS[1:5])
    exact = sql_number("concat('0', clock.exact)")
    long, short = f"3600 * {first} + 60 * {middle} + {last}", f"60 * {first} + {middle}"
    two = f"3600 * {first} + 60 * {middle}" if hours else short
    seconds = f"CASE WHEN clock.last <> '' THEN {short if shifted else long} ELSE {two} END"
    fits = f"clock.first <> '' AND {middle} < 60 AND {last} < 60"
    sign = "CASE clock.sign WHEN '-' THEN -1 ELSE 1 END"
    return f"CASE WHEN {fits} THEN {sign} * (86400 * {days} + {seconds} + {exact}) END"
