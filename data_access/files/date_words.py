"""Dates with words: 2025年9月3日 下午3:05, 3. September 2025; whole months and weeks begin on their first day."""

from __future__ import annotations

import re

from data_access.files.forms import sql_text

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
# a shape and its pattern; \1 ... are the parts that reading_of puts together
SHAPES = {
    "chinese": CHINESE,
    "month": MONTH,
    "month_year": MONTH_YEAR,
    "word_year": WORD_YEAR,
    "week": WEEK,
    "quarter": QUARTER,
    "day_word": DAY_WORD_YEAR,
}
PATTERNS = {name: re.compile(pattern, re.ASCII) for name, pattern in SHAPES.items()}
OF_MONTHS = re.compile(r"month|monat|mois|period|年月|月份|账期|统计月|^月$|ym$|yyyymm", re.I)


def reading_of(shape: str, cell: str) -> str:
    """SQL of the moment at which a cell of this shape begins, NULL where it cannot be read.

    >>> "AS TIMESTAMP" in reading_of("month", "c0")
    True
    """
    if shape == "chinese":
        return _chinese(cell)
    if shape in ("week", "quarter"):
        return _of_part(shape, cell)
    if shape == "day_word":
        return _day_word(cell)
    pattern = COMPACT_MONTH if shape == "compact_month" else SHAPES[shape]
    if shape == "word_year":
        return _day(f"'20' || right({_part(cell, pattern, 2)}, 2)", _month(cell, pattern, 1), "'1'")
    year, month = (2, 1) if shape == "month_year" else (1, 2)
    return _day(_part(cell, pattern, year), _part(cell, pattern, month), "'1'")


def _day_word(cell: str) -> str:
    day, year, clock = (_part(cell, DAY_WORD_YEAR, group) for group in (1, 3, 4))
    midnight = f"coalesce(nullif({clock}, ''), '00:00')"
    return f"try_cast({_date(year, _month(cell, DAY_WORD_YEAR, 2), day)} || ' ' || {midnight} AS TIMESTAMP)"


def _chinese(cell: str) -> str:
    year, month, day, half, hour, minute, second, behind = (_part(cell, CHINESE, i) for i in range(1, 9))
    date = _day(year, month, day)
    hours, minutes, seconds = (f"coalesce(try_cast({part} AS BIGINT), 0)" for part in (hour, minute, second))
    word = f"({half} || {behind})"
    turned = (
        f"CASE WHEN regexp_matches({word}, '{AFTERNOON}') AND {hours} BETWEEN 1 AND 11 AND NOT ({half} = '中午' AND "
        f"{hours} = 11) THEN {hours} + 12 WHEN regexp_matches({word}, '{MORNING}') AND {hours} = 12 THEN 0 "
        f"ELSE {hours} END"
    )
    sound = f"{hours} < 25 AND {minutes} < 60 AND {seconds} < 60"
    return f"CASE WHEN {sound} THEN {date} + to_seconds(3600 * ({turned}) + 60 * {minutes} + {seconds}) END"


def _of_part(shape: str, cell: str) -> str:
    """SQL of the first day of an ISO week (its Monday) or of a quarter."""
    year, number = _part(cell, SHAPES[shape], 1), _part(cell, SHAPES[shape], 2)
    if shape == "week":
        return f"try_strptime({year} || '-W' || lpad({number}, 2, '0') || '-1', '%G-W%V-%u')"
    return _day(year, f"(3 * try_cast({number} AS INTEGER) - 2)", "'1'")


def _part(cell: str, pattern: str, group: int) -> str:
    return f"regexp_extract({cell}, {sql_text(pattern)}, {group})"


def _day(year: str, month: str, day: str) -> str:
    return f"try_cast({_date(year, month, day)} AS TIMESTAMP)"


def _date(year: str, month: str, day: str) -> str:
    return f"{year} || '-' || {month} || '-' || {day}"


def _month(cell: str, pattern: str, group: int) -> str:
    """SQL of the number of a month by the first letters of its name."""
    word = f"lower({_part(cell, pattern, group)})"
    cases = (
        f"WHEN {word} LIKE '{start}%' THEN '{number}'" for number, starts in MONTH_NAMES.items() for start in starts
    )
    return f"(CASE {' '.join(cases)} END)"
