"""What stands in the calendar of a case? The event that the change began with, among others that changed nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_access.training import Kind
from sample_data.case import names
from sample_data.case.look_alikes import APART, WITH_EVENT, look_alikes
from sample_data.case.planted import DECOYS, RULE_BUSINESSES, Planted

COLUMNS = [
    "event_id", "kind", "effective_at", "ended_at", "business", "scenario", "region", "owner", "title_en", "title_zh",
]  # fmt: skip
TEXTS = Path(__file__).with_name("texts")
PREFIX = {"rule_change": "BR", "release": "REL", "outage": "OUT", "campaign": "CMP", "staffing": "STF"}
EARLIEST = 40  # days before the month ends: no decoy is older


@cache
def texts(name: str) -> dict[str, Any]:
    """A file of texts in both languages."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def calendar(plan: Planted) -> pd.DataFrame:
    """The events in order of time."""
    own, alike = true_event(plan), [_event(other, n) for n, other in enumerate(look_alikes(plan), start=1)]
    rows = sorted([*([own] if own else []), *alike, *_decoys(plan)], key=lambda row: row["effective_at"])
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("effective_at", "ended_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame


def true_event(plan: Planted) -> dict[str, Any] | None:
    """The event that the change began with; None for a kind that has none."""
    return _event(plan, 0) if plan.since is not None and plan.kind in WITH_EVENT else None


def _event(plan: Planted, number: int) -> dict[str, Any]:
    """The event that a plan begins with, as the calendar tells it."""
    assert plan.since is not None
    entry = _true_entry(plan)
    values = {name: names.both(name, value) for name, value in plan.place.items()}
    titles = {
        language: entry[language].format(**{name: text[i] for name, text in values.items()})
        for i, language in enumerate(("en", "zh"))
    }
    return _row(plan, {**entry, **titles}, plan.since, number)


def _true_entry(plan: Planted) -> Mapping[str, Any]:
    true = texts("events")["true"]
    if plan.kind is not Kind.RULE:
        return {**true[plan.kind], "scenario": plan.place.get("scenario")}
    entry: Mapping[str, Any] = true["rule"][plan.place.get("sub_type", "business")]
    business = plan.place.get("business") or names.business_of(plan.place["sub_type"])
    limited = {} if len(plan.place) != 2 else {key: entry[key] + true["limit"][key] for key in ("en", "zh")}
    return {**entry, **limited, "kind": "rule_change", "business": business}


def _decoys(plan: Planted) -> list[dict[str, Any]]:
    """Other events of the weeks around, none of which touches what was planted."""
    rng = plan.luck("calendar")
    own = plan.place.get("business") or names.business_of(plan.place.get("sub_type", ""))
    touched = {own, plan.place.get("scenario")} - {None, ""}
    fits = [
        entry for entry in texts("events")["decoy"] if not touched & {entry.get("business"), entry.get("scenario")}
    ]
    fits = [entry for entry in fits if own not in RULE_BUSINESSES or not entry.get("of_bills")]
    days = [plan.period.end - timedelta(days=back) for back in range(3, EARLIEST)]
    days = [day for day in days if plan.since is None or abs((day - plan.since).days) >= APART]
    count = min(DECOYS[plan.difficulty] + 1 - len(WITH_EVENT), len(fits))
    chosen = rng.permutation(len(fits))[:count]
    when = rng.permutation(len(days))[:count]
    return [_row(plan, fits[int(i)], days[int(k)], n) for n, (i, k) in enumerate(zip(chosen, when, strict=True), 4)]


def _row(plan: Planted, entry: Mapping[str, Any], day: date, number: int) -> dict[str, Any]:
    """A line of the calendar. Its number says nothing of whether it is the true one."""
    luck = int(np.random.default_rng([plan.seed, plan.difficulty, 5]).permutation(range(11, 90))[number])
    until = day + timedelta(days=entry["days"]) if entry.get("days") else None
    return {
        "event_id": f"{PREFIX[entry['kind']]}-{day:%Y}-{day:%m}{luck}",
        "kind": entry["kind"],
        "effective_at": day,
        "ended_at": until,
        **{name: entry.get(name) for name in ("business", "scenario", "region", "owner")},
        "title_en": entry["en"],
        "title_zh": entry["zh"],
    }
