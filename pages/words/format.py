"""How does a number, a date or a name read in a language? The only place that rounds.

A template carries the format with the placeholder, `{score:score}`; the words (units, months) come from the
`format.*` keys of a catalogue. The specs are the keys of `SPECS`. A spec may be followed by two forms, of which the
number takes one: `{n:count answer|answers}` is "1 answer" or "2 answers", `{n:plural is|are}` only the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import floor, isinf, log10
from string import Formatter as _Template
from typing import Any

from data_access.metric_kinds import Unit
from data_access.selection import Period
from data_access.statement import Statement
from pages.words.digits import amount, decimals, signed
from pages.words.unit_writing import WRITING

NameOf = Callable[[str | None, Any], str]
NBSP = "\u00a0"  # holds a number and its unit, or a sign and its number, on one line
_DATE_TOKEN = re.compile("YYYY|MMMM|MMM|MM|M|DD|D")
_SENTENCE_CASE = re.compile(r"[A-Z][a-z](?!.*\b[A-Z][a-z]).*")
_AFTER_STOP = re.compile(r"(?<=[。！？；]) ")
_HELD = re.compile(r" (?=[%<>])|(?<=[<>]) ")
_WITHIN_CHINESE = re.compile("[一-鿿](\0 | \0)[一-鿿]")
_AT_LATIN = re.compile("[0-9A-Za-z%]\0[一-鿿]|[一-鿿]\0[0-9A-Za-z−+±]")


def held(text: str) -> str:
    """Words that no line may part."""
    return text.replace(" ", NBSP)


def spaced(text: str) -> str:
    """With ordinary spaces, for files and terminals: who searches them for "37.3 %" must find it."""
    return text.replace(NBSP, " ")


def sentences(told: Iterable[str]) -> str:
    """One paragraph; a space goes between two sentences, but not after a Chinese full stop.

    >>> sentences(["A.", "B."]), sentences(["甲。", "乙。"])
    ('A. B.', '甲。乙。')
    """
    return _AFTER_STOP.sub("", " ".join(filter(None, told)))


def is_missing(value: Any) -> bool:
    """True for None, NaN, NaT, NA and infinity (a ratio to nothing); never for a list or an object."""
    if value is None or (isinstance(value, float) and isinf(value)):
        return True
    # only what is missing is unlike itself; pandas' NA says neither
    return not isinstance(value, str | Iterable) and str(value != value) != "False"


@dataclass(frozen=True)
class Formatter:
    """Fills templates of one language.

    words: the catalogue's texts, of which the `format.*` keys are used.
    names: turns (dimension or None, data value) into what is shown; by default the value as it stands.
    escape: applied to everything that comes from data and is not a number.
    """

    words: Mapping[str, str]
    names: NameOf = lambda _, value: str(value)
    escape: Callable[[str], str] = str

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """The template with its values put in. Raises KeyError for a value or a spec that does not exist."""
        text = ""
        for literal, field, spec, _ in _Template().parse(template):
            text = _joined(text, _HELD.sub(NBSP, literal))
            if field is not None:
                text = _joined(text, self._field(field, spec or "", values))
        return text

    def show(self, value: Any, spec: str, *, unit: Unit = Unit.POINTS, dimension: str | None = None) -> str:
        """One value by one spec: `show(0.373, "share")` is "37.3 %", its space unbreakable."""
        return SPECS[spec](self, value, {"unit": unit, "dimension": dimension})

    def _field(self, field: str, spec: str, values: Mapping[str, Any]) -> str:
        # a dimension's own name is not one of its values
        context = {**values, "dimension": None} if field == "dimension" else values
        name, _, forms = spec.partition(" ")
        form = _form(values[field], forms) if forms else ""
        if name == "plural":
            return form
        shown = SPECS[name](self, values[field], context)
        return f"{shown} {form}" if form else shown


def _joined(text: str, part: str) -> str:
    """Two parts of a text; Chinese has a space before and after Latin letters and numbers, and nowhere else.

    >>> _joined("从 84.7\N{NO-BREAK SPACE}分", " 降到"), _joined("5G", "降到"), _joined("fell from ", "84.7")
    ('从 84.7\xa0分降到', '5G 降到', 'fell from 84.7')
    """
    seam = text[-2:] + "\0" + part[:2]
    if _WITHIN_CHINESE.search(seam):
        return text.rstrip(" ") + part.lstrip(" ")
    return f"{text} {part}" if _AT_LATIN.search(seam) else text + part


def _form(value: Any, forms: str) -> str:
    """The form of a word that goes with a number.

    >>> _form(1, "is|are"), _form(0, "is|are")
    ('is', 'are')
    """
    one, several = forms.split("|")
    return one if value == 1 else several


def _plain(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
    if isinstance(value, Statement):
        return f.fill(f.words[value.key], value.values)
    return f.words["format.none"] if is_missing(value) else f.escape(str(value))


def _within(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
    """A dimension's name inside a sentence: "Agent tenure" without its capital, "IVR" and "Net Promoter" with; a
    question in quotation marks.
    """
    text = _name(f, value, values) if isinstance(value, Mapping) else _plain(f, value, values)
    if text.endswith(("?", "？")):
        return f"“{text}”"
    return text[0].lower() + text[1:] if _SENTENCE_CASE.fullmatch(text) else text


def _number(places: int, unit: str = "", *, times: float = 1, write: Callable[[float, int], str] = decimals) -> Any:
    def spec(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
        if is_missing(value):
            return f.words["format.none"]
        number = write(float(value) * times, places)
        return held(f.words[unit].format(number=number)) if unit else number

    return spec


def _amount(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
    return f.words["format.none"] if is_missing(value) else amount(float(value), f.words)


def _measure(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
    """The unit of a column, to stand after its number."""
    if is_missing(value):
        return f.words["format.none"]
    unit = str(value).strip()
    return NBSP + f.words.get(f"measure.{unit}", f.escape(unit)) if unit else ""


def _raw(write: Callable[[float, int], str]) -> Any:
    """A number on a scale of its own, with as many decimals as its size needs: 96.4 s, 0.923."""

    def spec(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
        if is_missing(value):
            return f.words["format.none"]
        return write(float(value), 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3)

    return spec


def _slope(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
    """A step for one more of something, in three figures however small it is: +9.88, −0.0458, +0.000891."""
    if is_missing(value):
        return f.words["format.none"]
    return signed(float(value), min(max(2 - floor(log10(abs(value))), 1), 6) if value else 1)


def _by_unit(part: str, prepare: Callable[[float], float] = float) -> Any:
    def spec(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
        chosen = getattr(WRITING[Unit(values["unit"])], part)
        return SPECS[chosen](f, value if is_missing(value) else prepare(value), values)

    return spec


def _p(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
    if is_missing(value):
        return f.words["format.none"]
    if value < 0.001:
        return held(f.words["format.p_small"])
    if value >= 0.995:
        return held(f.words["format.p_large"])
    return f"{value:.{1 - floor(log10(float(f'{value:.1e}')))}f}"


def _p_value(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
    text = _p(f, value, values)
    if is_missing(value):
        return text
    return held(f.words["format.p_equals" if text[0].isdigit() else "format.p_beyond"].format(p=text))


def _written(f: Formatter, day: date, pattern: str) -> str:
    months, short = (f.words[f"format.{k}"].split("|")[day.month - 1] for k in ("months", "months_short"))
    tokens = {"YYYY": f"{day.year:04}", "MMMM": months, "MMM": short, "MM": f"{day.month:02}", "M": str(day.month),
              "DD": f"{day.day:02}", "D": str(day.day)}  # fmt: skip
    return _DATE_TOKEN.sub(lambda token: tokens[token[0]], f.words[f"format.{pattern}"])


def _date(pattern: str) -> Any:
    def spec(f: Formatter, value: Any, _: Mapping[str, Any]) -> str:
        return f.words["format.none"] if is_missing(value) else _written(f, value, pattern)

    return spec


def _period(f: Formatter, value: Period | None, _: Mapping[str, Any]) -> str:
    if value is None:  # a Selection without a period is about all data
        return f.words["format.all_data"]
    months = value.whole_months()
    pattern = "month" if months else "full_day"
    first, last = (_written(f, day, pattern) for day in (value.start, value.last_day))
    return first if first == last else f.words["format.span"].format(start=first, end=last)


def _period_short(f: Formatter, value: Period | None, values: Mapping[str, Any]) -> str:
    one_month = value is not None and value.whole_months() == 1
    return _written(f, value.start, "month_only") if one_month else _period(f, value, values)  # type: ignore[union-attr]


def _name(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
    if isinstance(value, Statement):
        return _plain(f, value, values)
    if isinstance(value, Mapping):  # a combination of dimensions
        return " · ".join(_name(f, v, {"dimension": d}) for d, v in value.items())
    if is_missing(value) or value == "":
        return f.words["format.blank"]
    return f.escape(f.names(values.get("dimension"), value))


def _where(f: Formatter, value: Any, values: Mapping[str, Any]) -> str:
    """A segment before people who do not see what it is cut by: "Grade Basic"; "Team 7" says so itself."""
    if not isinstance(value, Mapping):
        return f.words["format.none"]
    return " · ".join(_of_kind(f, name, member) for name, member in value.items())


def _of_kind(f: Formatter, dimension: str, member: Any) -> str:
    kind, name = _name(f, {"dimension": dimension}, {}), _name(f, member, {"dimension": dimension})
    return name if kind.casefold() in name.casefold() else f"{kind} {name}"


def _names(f: Formatter, value: Iterable[Any] | None, values: Mapping[str, Any]) -> str:
    *head, last = [_name(f, v, values) for v in value or ()] or [f.words["format.none"]]
    comma, and_ = f.words["format.list_comma"], f.words["format.list_last"]
    return reduce(_joined, [comma.join(head), and_, last] if head else [last])


SPECS: Mapping[str, Callable[[Formatter, Any, Mapping[str, Any]], str]] = {
    "": _plain,
    "within": _within,
    "score": _number(1, "format.points"),
    "number": _number(1),
    "exact": _number(3),
    "change": _number(1, write=signed),
    "exact_change": _number(3, write=signed),
    "score_change": _number(1, "format.points", write=signed),
    "share": _number(1, "format.percent", times=100),
    "rate": _number(1, "format.percent"),
    "pp": _number(1, "format.pp"),
    "pp_change": _number(1, "format.pp", write=signed),
    "nps": _number(1, "format.nps"),
    "nps_points": _number(1, "format.nps_points"),
    "nps_change": _number(1, "format.nps_points", write=signed),
    "count": _number(0),
    "factor": _number(2),
    "factor_change": _number(2, write=signed),
    "amount": _amount,
    "measure": _measure,
    "raw": _raw(decimals),
    "raw_change": _raw(signed),
    "slope": _slope,
    "metric": _by_unit("value"),
    "metric_change": _by_unit("change"),
    "metric_size": _by_unit("size", abs),
    "metric_level": _by_unit("level"),
    "metric_gap": _by_unit("gap"),
    "p": _p,
    "p_value": _p_value,
    "date": _date("date"),
    "day": _date("day"),
    "full_day": _date("full_day"),
    "period": _period,
    "period_short": _period_short,
    "name": _name,
    "names": _names,
    "where": _where,
}
