"""What is said of the leading cause, put together from what is known of each of its four words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from analysis.event_kinds import kind_of
from analysis.result import Method, Statement

Values = Mapping[str, Any]


def sentence(values: Values) -> tuple[Statement, ...]:
    """The whole sentence first; then what it would take where nothing is beyond chance."""
    if not values["segment"]:
        return _nothing(values)
    parts = {"what": _what(values), "since": _since(values), "why": _why(values), "who": _who(values)}
    return (Statement("leading_cause.sentence", parts),)


def _what(values: Values) -> Statement:
    """The segment and how far it moved: since the event, where there is one, else from baseline to period."""
    moved = values["step"] if values["event"] else values["change"]
    return Statement("leading_cause.what", {"segment": values["segment"], "change": moved, "unit": values["unit"]})


def _since(values: Values) -> Statement:
    if values["event"]:
        told = {"event": values["event"], "date": date.fromisoformat(values["since"])}
        return Statement("leading_cause.since_event", told | {"kind": Statement(kind_of(values["event_kind"]))})
    if values["since"]:
        days = {name: date.fromisoformat(values[name]) for name in ("broke", "broke_low", "broke_high")}
        one = days["broke_low"] == days["broke_high"]
        return Statement("leading_cause.since_day" if one else "leading_cause.since_about", days)
    return Statement("leading_cause.since_unclear")


def _why(values: Values) -> Statement:
    if values["grade_why"] == "unknown":
        return Statement("leading_cause.why_unknown")
    told = {"reason": {values["reason_dimension"]: values["reason"]}, "share": values["reason_share"]}
    return Statement("leading_cause.why", told)


def _who(values: Values) -> Statement:
    if values["owner"]:
        return Statement("leading_cause.who", {"owner": {"owner": values["owner"]}})
    if values["power"]:
        return Statement("leading_cause.who_power", {"power": {"power": values["power"]}})
    return Statement("leading_cause.who_unknown")


def _nothing(values: Values) -> tuple[Statement, ...]:
    if values["kind"] == "mix":
        told = {"segment": values["surge"], "mix_effect": values["surge_effect"], "unit": values["unit"]}
        return (Statement("leading_cause.mix_only", told),)
    first = Statement("leading_cause.nothing", {"candidates": values["candidates"]})
    if values["enough"] != values["enough"]:
        return (first,)
    return first, Statement("leading_cause.enough", {"enough": values["enough"], "unit": values["unit"]})


def caveats(statistics: Values) -> tuple[Statement, ...]:
    return (Statement("leading_cause.together"),) if statistics["segment"] else ()


def method(values: Values) -> Method:
    """How each word was found and what its grade means."""
    told = {"candidates": values["candidates"]}
    rest = tuple(Statement(f"how.leading_cause.{name}") for name in ("grades", "since", "why"))
    return Method("leading_cause", Statement("how.leading_cause.formula", told), rest)
