"""What may stand in a field of a record? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from numbers import Real
from typing import Any

from data_access.selection import Period, Selection
from data_access.statement import BadInput
from data_access.taxonomy import Taxonomy
from data_access.workshop.changes import ENUMERATED
from data_access.workshop.codec import plain, to_json
from data_access.workshop.records import Made
from data_access.workshop.signs import is_blank

NO_GAP = "none"
LONGEST_LINE, LONGEST_TEXT, LONGEST_PATH = 200, 10_000, 100_000
LONGEST_NOTES = 60_000  # five texts of an older version of an issue and their headings
LINES = {"title", "action", "owner", "person", "group", "data_version", "target_metric", "method"}
LINES |= {"dataset", "metric", "rule_id", "unit", "cycle_of", "second"}
LINES |= {"direction", "column", "contact", "outcome", "subject", "round_id", "meeting_id"}
NAMES = ("title", "action", "statement", "method")
KINDS: dict[str, Any] = {"str": str, "bool": bool, "float | None": Real | None, "date | None": date | None}
KINDS |= {"int": int, "float": Real, "date": date, "Period": Period, "Selection": Selection}
CODES = {
    "cause_type": "cause_type",
    "gap": "gap",
    "system": "system",
    "power": "power",
    "remedy": "remedy",
    "action_type": "action_type",
    "check_method": "comparison",
    "block": "block",
    "template": "template",
}


def check_fields(record: Made, names: Collection[str] = NAMES) -> None:
    """Fields of their kind, texts that both databases can hold, none too long, `names` not blank, numbers finite."""
    _check_kinds(record)
    for name, value in ((f.name, getattr(record, f.name)) for f in fields(record)):
        if isinstance(value, str):
            _check_text(name, value)
        if isinstance(value, float) and not math.isfinite(value):
            raise BadInput("workshop.form.not_a_number", field=name)
    for name in names:
        if is_blank(getattr(record, name, name)):
            raise BadInput("workshop.form.blank", field=name)


def _check_kinds(record: Made) -> None:
    """What is stored can be read again: one of the few values of its field, a text, a number or a day."""
    few = ENUMERATED.get(type(record), {})
    for name, declared, value in ((f.name, str(f.type), getattr(record, f.name)) for f in fields(record)):
        if name in few and value not in [*few[name]]:
            raise BadInput("workshop.form.unknown_code", field=name, value=str(value)[:LONGEST_LINE])
        if declared in KINDS and not isinstance(value, KINDS[declared]):
            raise BadInput("workshop.form.wrong_kind", field=name)


def check_content(name: str, content: Any, *, most: int, too_large: str) -> None:
    """What is kept as JSON has no signs that cannot be saved and at most `most` characters.

    Raises: BadInput, `too_large` for more.
    """
    try:
        written = to_json(content)
    except (TypeError, ValueError, RecursionError):  # a kind that is not written down, a number of 5,000 digits
        raise BadInput("workshop.form.wrong_kind", field=name) from None
    if _has_half_signs(written):
        raise BadInput("workshop.form.signs", field=name)
    if len(written) > most:
        raise BadInput(too_large)


def check_codes(before: Mapping[str, Any], after: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    """A code that was changed is one of the taxonomy; an old one stays even when the list has moved on."""
    for name, section in CODES.items():
        code = after.get(name, "")
        unchanged = code == before.get(name, "")
        if unchanged or not code or (name == "gap" and code == NO_GAP):
            continue
        if taxonomy.entry(section, code) is None:
            raise BadInput("workshop.form.unknown_code", field=name, value=plain(code))


def _check_text(name: str, value: str) -> None:
    if has_strange_signs(value):
        raise BadInput("workshop.form.signs", field=name)
    most = longest(name)
    if len(value) > most:
        raise BadInput("workshop.form.too_long", field=name, most=most)


def longest(name: str) -> int:
    """How many characters a field may hold."""
    if name == "notes":
        return LONGEST_NOTES
    return LONGEST_LINE if name in LINES else LONGEST_TEXT


def has_strange_signs(text: str) -> bool:
    """Whether a text has signs that a database cannot hold."""
    return "\x00" in text or _has_half_signs(text)


def _has_half_signs(text: str) -> bool:
    """Half of a pair of UTF-16: a text that no encoding can write."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)
