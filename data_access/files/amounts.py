"""Which of the many ways to write a number is this? SQL that reads it.

Thousands and decimals in English, German, French and Swiss fashion, currencies, percent, negative numbers in
parentheses or with the sign behind, 万 and 亿, full-width digits. 1.234 and 1,234 alone may be a thousand and more or
one and a bit: the other columns of the file decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_access.files.forms import Form, is_likely, one_of, share_of, sql_parts, sql_text
from data_access.statement import Statement

WIDE = "０１２３４５６７８９．，－＋（）％：　\u00a0\u202f\u2009−–´`"
NARROW = "0123456789.,-+()%:    --''"
PLAIN = re.compile(r"[-+]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][-+]?\d{1,3})?", re.ASCII)
IS_AN_ID = re.compile(r"0\d{1,40}|\d{16,40}|\d{1,3}(?:,\d{3}){5,13}")
CURRENCIES = {
    "$": "USD", "US$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "￥": "¥", "¥": "¥",
    "RMB": "CNY", "CNY": "CNY", "JPY": "JPY", "HK$": "HKD", "HKD": "HKD", "NT$": "TWD", "TWD": "TWD", "CHF": "CHF",
    "Fr.": "CHF", "₩": "KRW", "KRW": "KRW", "₹": "INR", "INR": "INR", "Rs": "INR", "Rs.": "INR", "AUD": "AUD",
    "A$": "AUD", "CAD": "CAD", "C$": "CAD", "SGD": "SGD", "S$": "SGD", "R$": "BRL", "BRL": "BRL", "SEK": "SEK",
    "kr": "kr", "kr.": "kr", "zł": "PLN", "PLN": "PLN", "元": "元", "人民币": "元", "块": "元", "₽": "RUB",
}  # fmt: skip
COUNTED = (
    *"分次个個人件条笔岁户单通", "points", "point", "Punkte", "pts", "pt", "Pkt.", "x",
)  # fmt: skip
SCALERS = {
    "千": 1e3, "k": 1e3, "K": 1e3, "Tsd.": 1e3, "Tsd": 1e3, "万": 1e4, "萬": 1e4, "百万": 1e6, "M": 1e6,
    "Mio.": 1e6, "Mio": 1e6, "亿": 1e8, "億": 1e8,
}  # fmt: skip
MONEY = one_of(CURRENCIES)
BEHIND = one_of((*CURRENCIES, *COUNTED, "%", "‰"))
GROUPS = r"\d{1,3}(?:[ ']\d{3}){1,9}"
NUMBERS = {
    ".": r"(\d{1,40}\.?\d{0,40}|\.\d{1,40}|\d{1,3}(?:,\d{2,3}){0,9},\d{3}(?:\.\d{1,40})?"
    rf"|{GROUPS}(?:\.\d{{1,40}})?)",
    ",": r"(\d{1,40}|\d{1,40},\d{1,40}|,\d{1,40}|\d{1,3}(?:\.\d{3}){1,9}(?:,\d{1,40})?"
    rf"|{GROUPS}(?:,\d{{1,40}})?)",
}
CELLS = {
    mark: rf"^(\(?) ?([-+]?) ?{MONEY}? ?([-+]?) ?{number} ?({one_of(SCALERS)}?) ?({BEHIND}?) ?(-?) ?\)?$"
    for mark, number in NUMBERS.items()
}
GROUP_NAMES = ("opened", "sign", "inner_sign", "digits", "scaler", "behind", "minus")
OPEN = {".": re.compile(r"\d{1,3},\d{3}"), ",": re.compile(r"[1-9]\d{0,2}\.\d{3}")}
OF_CELLS = {mark: re.compile(pattern, re.ASCII) for mark, pattern in CELLS.items()}


@dataclass(frozen=True)
class Amounts:
    """How the numbers of a column may be written: with a decimal point, with a comma, or either.

    proof: the mark that only these cells allow, "" where both could be meant or neither matters.
    """

    point: Form
    comma: Form
    proof: str
    is_open: bool
    example: str

    def form(self, mark: str) -> Form:
        """The reading, where the mark of the file counts only if the column is open."""
        chosen = self.proof or (mark if self.is_open else "")
        return self.comma if chosen == "," else self.point

    def told(self, mark: str) -> Statement:
        """What an open column was read as."""
        return Statement("file.comma_read" if mark == "," else "file.point_read", {"value": self.example})


def amounts(values: Mapping[str, int], cell: str) -> Amounts | None:
    """How numbers are written, None when these values (with their counts) are none; `cell` is SQL of their text.

    >>> amounts({"1.234,56": 1, "12,5": 2}, "c0").proof, amounts({"1.234": 2}, "c0").is_open
    (',', True)
    """
    if not is_likely(lambda value: _is_one(narrowed(value)), values):
        return None
    narrow: dict[str, int] = {}
    changed = False
    for value, n in values.items():
        usual = narrowed(value)
        changed = changed or usual != value
        shape = usual.translate(ONE_DIGIT)
        narrow[shape] = narrow.get(shape, 0) + n
    if any(map(IS_AN_ID.fullmatch, narrow)):
        return None
    clean = narrowed_sql(cell) if changed else cell
    shares = {mark: share_of(OF_CELLS[mark].fullmatch, narrow) for mark in NUMBERS}
    plain = share_of(PLAIN.fullmatch, narrow)
    shares["."] = max(shares["."], share_of(lambda v: PLAIN.fullmatch(v) or OF_CELLS["."].fullmatch(v), narrow))
    unit = _unit(narrow)
    is_plain = plain == shares["."]
    cast = _finite(f"try_cast({clean} AS DOUBLE)")
    point = Form(cast, shares["."], unit=unit) if is_plain else _signed(clean, ".", shares["."], unit, cast)
    comma = _signed(clean, ",", shares[","], unit)
    proof = "," if shares[","] > shares["."] else "." if shares["."] > shares[","] else ""
    return Amounts(
        point, comma, proof, not proof and _is_open(narrow), next(v for v in values if _is_one(narrowed(v)))
    )


def narrowed(value: str) -> str:
    """A cell with the usual digits, signs and spaces."""
    return value.translate(TRANSLATED)


TRANSLATED = str.maketrans(WIDE, NARROW)
ONE_DIGIT = str.maketrans("23456789", "11111111")  # no pattern tells them apart, and a few shapes stand for thousands


def narrowed_sql(cell: str) -> str:
    """SQL of the same."""
    return f"translate({cell}, {sql_text(WIDE)}, {sql_text(NARROW)})"


def _is_one(value: str) -> bool:
    return any(pattern.fullmatch(value) for pattern in (PLAIN, *OF_CELLS.values()))


def _is_open(values: Mapping[str, int]) -> bool:
    """Whether all numbers with a mark have three digits behind it: thousands, or a bit more than a few?"""
    marked = [
        found[4] for v in values if (found := OF_CELLS["."].fullmatch(v)) and ("," in found[4] or "." in found[4])
    ]
    return bool(marked) and any(all(pattern.fullmatch(v) for v in marked) for pattern in OPEN.values())


def _unit(values: Mapping[str, int]) -> str:
    """The one unit that the cells name."""
    if share_of(lambda v: v.endswith(("%", "%)")), values) > 0:
        return "%"
    found = {m for v in values if len(v) < 60 for m in re.findall(MONEY, v) if OF_CELLS["."].fullmatch(v)}
    names = {CURRENCIES[sign] for sign in found}
    return names.pop() if len(names) == 1 else ""


def _finite(value: str) -> str:
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _signed(cell: str, mark: str, share: float, unit: str, cast: str = "NULL") -> Form:
    """A number with signs around it, NULL where anything else stands there; `cast` reads plain ones, as 1e5."""
    digits = f"regexp_replace(amount.digits, '[ ''{',' if mark == '.' else '.'}]', '', 'g')"
    if mark == ",":
        digits = f"replace({digits}, ',', '.')"
    signs = "concat(amount.opened, amount.sign, amount.inner_sign, amount.minus)"
    negative = f"CASE WHEN contains({signs}, '-') OR contains({signs}, '(') THEN -1 ELSE 1 END"
    factors = " ".join(f"WHEN {sql_text(word)} THEN {factor}" for word, factor in SCALERS.items())
    value = f"{negative} * try_cast({digits} AS DOUBLE) * CASE amount.scaler {factors} ELSE 1 END"
    read = f"coalesce({cast}, CASE WHEN amount.digits <> '' THEN {value} END)"
    return Form(read, share, parts=(("amount", sql_parts(cell, CELLS[mark], GROUP_NAMES)),), once=True, unit=unit)
