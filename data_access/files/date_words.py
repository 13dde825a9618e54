"""Dates with words: 2025年9月3日 下午3:05, 3. September 2025; whole months and weeks begin on their first day."""

from __future__ import annotations

import re

from data_access.files.forms import sql_parts

WEEKDAY = r"(?:[（(]? ?(?:星期|周|週|礼拜)[一二三四五六日天] ?[)）]?)?"
HALF = r"(上午|下午|凌晨|早上|早晨|清晨|中午|傍晚|晚上|夜间|[AaPp]\.?[Mm]\.?)?"
HOURS = r"(?:(\d{1,2}) ?[:：时時点點] ?(?:(\d{1,2}) ?分?)?(?:[:：]? ?(\d{1,2}) ?秒?)?)?"
CHINESE = (
    rf"^(\d{{4}}) ?[-/.年] ?(\d{{1,2}}) ?[-/.月] ?(\d{{1,2}}) ?[日号]? ?,?{WEEKDAY} ?{HALF} ?{HOURS}"
    r" ?([AaPp]\.?[Mm]\.?)?$"
)
AFTERNOON, MORNING = "^(下午|傍晚|晚上|夜间|中午|[Pp])", "^(上午|凌晨|早上|早晨|清晨|[Aa])"
MONTH_NAMES = {
    1: ("jan", "janv"), 2: ("feb", "fév", "fev"), 3: ("mar", "mär", "mae"), 4: ("apr", "avr"), 5: ("may", "mai"),
    6: ("jun", "juin"), 7: ("jul", "juil"), 8: ("aug", "aoû", "aou"), 9: ("sep",), 10: ("oct", "okt"), 11: ("nov",),
    12: ("dec", "dez", "déc"),
}  # fmt: skip
NAMED_MONTH = (
    "(?:" + "|".join(f"{start}[a-zäéû]{{0,7}}" for names in MONTH_NAMES.values() for start in names) + r")\.?"
)
DAY_WORD_YEAR = (
    rf"(?i)^(?:[a-zéû]{{2,10}}\.?, )?(\d{{1,2}})(?:\.|er|st|nd|rd|th)? (?:de )?({NAMED_MONTH}),? (\d{{4}})"
    r"(?:,? (?:um |at |à )?(\d{1,2}:\d{2}(?::\d{2})?)(?: Uhr)?)?(?: ?(?:GMT|UTC|\+0000))?$"
)
MONTH = r"^((?:19|20)\d{2})(?:[-/]| ?年 ?)(0?[1-9]|1[0-2]) ?月?份?$"
MONTH_YEAR = r"^(0?[1-9]|1[0-2])[-/]((?:19|20)\d{2})$"
COMPACT_MONTH = r"^((?:19|20)\d{2})(0[1-9]|1[0-2])$"
WORD_YEAR = rf"(?i)^({NAMED_MONTH})[-/ ,']{{1,2}}((?:20)?\d{{2}})$"
WEEK = r"(?i)^((?:19|20)\d{2})[-/ ]?(?:W|KW ?|CW ?|年第)(\d{1,2})周?$"
QUARTER = r"(?i)^((?:19|20)\d{2})[-/ ]?(?:Q|年第)([1-4])(?:季度)?$"
SHAPES = {
    "chinese": CHINESE,
    "month": MONTH,
    "month_year": MONTH_YEAR,
    "word_year": WORD_YEAR,
    "week": WEEK,
    "quarter": QUARTER,
    "day_word": DAY_WORD_YEAR,
}
PARTS = {
    "chinese": ("year", "month", "day", "half", "hour", "minute", "second", "behind"),
    "month": ("year", "month"),
    "compact_month": ("year", "month"),
    "month_year": ("month", "year"),
    "word_year": ("month", "year"),
    "week": ("year", "number"),
    "quarter": ("year", "number"),
    "day_word": ("day", "month", "year", "clock"),
}
PATTERNS = {name: re.compile(pattern, re.ASCII) for name, pattern in SHAPES.items()}
OF_MONTHS = re.compile(r"month|monat|mois|period|年月|月份|账期|统计月|^月$|ym$|yyyymm", re.I)


def parts_of(shape: str, cell: str) -> tuple[str, str]:
    """The parts of a cell of this shape, which `reading_of` puts together: their name and SQL."""
    pattern = COMPACT_MONTH if shape == "compact_month" else SHAPES[shape]
    return "moment", sql_parts(cell, pattern, PARTS[shape])


def reading_of(shape: str) -> str:
    """SQL of the moment at which a cell of this shape begins, NULL where it cannot be read.

    >>> reading_of("month")
    "try_cast(moment.year || '-' || moment.month || '-1' AS TIMESTAMP)"
    """
    if shape == "chinese":
        return _chinese()
    if shape == "week":  # its Monday
        return "try_strptime(moment.year || '-W' || lpad(moment.number, 2, '0') || '-1', '%G-W%V-%u')"
    if shape == "quarter":
        return _day("moment.year", "(3 * try_cast(moment.number AS INTEGER) - 2)", "-1")
    if shape == "day_word":
        clock = "coalesce(nullif(moment.clock, ''), '00:00')"
        return f"try_cast(moment.year || '-' || {_month()} || '-' || moment.day || ' ' || {clock} AS TIMESTAMP)"
    if shape == "word_year":
        return _day("'20' || right(moment.year, 2)", _month(), "-1")
    return _day("moment.year", "moment.month", "-1")


def _chinese() -> str:
    date = "try_cast(moment.year || '-' || moment.month || '-' || moment.day AS TIMESTAMP)"
    hours, minutes, seconds = (
        f"coalesce(try_cast(moment.{part} AS BIGINT), 0)" for part in ("hour", "minute", "second")
    )
    word = "(moment.half || moment.behind)"
    noon = f"moment.half = '中午' AND {hours} = 11"
    later = f"regexp_matches({word}, '{AFTERNOON}') AND {hours} BETWEEN 1 AND 11 AND NOT ({noon})"
    midnight = f"regexp_matches({word}, '{MORNING}') AND {hours} = 12"
    turned = f"CASE WHEN {later} THEN {hours} + 12 WHEN {midnight} THEN 0 ELSE {hours} END"
    sound = f"{hours} < 25 AND {minutes} < 60 AND {seconds} < 60"
    return f"CASE WHEN {sound} THEN {date} + to_seconds(3600 * ({turned}) + 60 * {minutes} + {seconds}) END"


def _day(year: str, month: str, day: str) -> str:
    return f"try_cast({year} || '-' || {month} || '{day}' AS TIMESTAMP)"


def _month() -> str:
    """SQL of the number of a month by the first letters of its name."""
    cases = (
        f"WHEN lower(moment.month) LIKE '{start}%' THEN '{number}'"
        for number, starts in MONTH_NAMES.items()
        for start in starts
    )
    return f"(CASE {' '.join(cases)} END)"
