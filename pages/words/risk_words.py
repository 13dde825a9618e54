"""Why is a customer on the list? The codes of reasons in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pages.words.catalogue import Catalogue

CODE = re.compile(r"(?P<name>[^=?]+)(?P<kind>[=?])(?P<value>.*)", re.S)
NUMBER = re.compile(r"(?P<number>-?\d[\d.e+-]*)\|(?P<unit>[^|]*)")
MINUTES_FROM = 120.0  # seconds


def reason(code: str, words: Catalogue) -> str:
    """One reason, such as "@back?1", "wait=240|s" or "touchpoint=complaint", in words; as it stands if unreadable."""
    found = CODE.fullmatch(code)
    if found is None:
        return code
    name, kind, value = found["name"], found["kind"], found["value"]
    if name.startswith("@"):
        return words.text(f"risk.reason.{name[1:]}")
    called = {"dimension": name}
    if kind == "?":
        return words.text("risk.reason.yes" if value == "1" else "risk.reason.no", name=called)
    if (measured := NUMBER.fullmatch(value)) is None:
        return words.text("risk.reason.member", name=called, value={name: value})
    number, unit = in_minutes(float(measured["number"]), measured["unit"])
    return words.text("risk.reason.number", name=called, value=number, unit=unit)


def in_minutes(number: float, unit: str) -> tuple[float, str]:
    """Long times in minutes, as people say them.

    >>> in_minutes(240, "s"), in_minutes(40, "s"), in_minutes(3, "")
    ((4, 'min'), (40, 's'), (3, ''))
    """
    return (round(number / 60), "min") if unit == "s" and number >= MINUTES_FROM else (number, unit)


def reasons(codes: Sequence[str], words: Catalogue) -> str:
    """The reasons of one customer side by side."""
    return " · ".join(reason(code, words) for code in codes)


def kept_in(code: str, words: Catalogue) -> str:
    """Why a customer is never held out; nothing where nothing keeps it."""
    return words.text(f"risk.kept_in.{code.partition('=')[2]}") if code else ""


def sign(name: str, words: Catalogue) -> str:
    """What a sign of the model is called."""
    return words.text(f"risk.sign.{name[1:]}") if name.startswith("@") else words.show({"dimension": name}, "name")
