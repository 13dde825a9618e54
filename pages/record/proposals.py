"""What the data propose for an issue: kind of cause, gap, rule, power and owner, each with how well it is shown.

Nothing here is the cause before a person adopts it: that two things go together proves none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.calendar import calendar_of
from analysis.diagnosis import gaps_and_causes
from analysis.event_kinds import kind_of
from analysis.powers import NOBODYS
from analysis.result import Result
from data_access.selection import Period
from data_access.statement import Problem
from data_access.workshop.records import CauseLevel, Confidence, Pin
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record.kind_of_cause import listed
from pages.report import pinning

SHOWN, LIKELY, POSSIBLE, UNKNOWN = "shown", "likely", "possible", "unknown"
FIELDS = ("cause", "cause_type", "gap", "power", "owner")
CONFIDENCE = {SHOWN: Confidence.HIGH, LIKELY: Confidence.MEDIUM}


@dataclass(frozen=True, kw_only=True)
class Event:
    """What began when the score fell: an entry of the calendar."""

    id: str
    kind: str
    title: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The content of one field of an issue, how well it is shown, and the key of the sentence that says on what."""

    name: str
    content: str
    grade: str

    @property
    def because(self) -> str:
        return f"remedy.because.{self.name}"


@dataclass(frozen=True, kw_only=True)
class ProposedWhy:
    """A why that the data suggest; `event` where it stands on a rule, else it stands on what is pinned."""

    statement: str
    level: CauseLevel
    grade: str
    event: Event | None = None

    @property
    def confidence(self) -> Confidence:
        return CONFIDENCE.get(self.grade, Confidence.LOW)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Everything the data propose; `pin` is the evidence it stands on."""

    pin: Pin
    fields: tuple[Proposal, ...] = ()
    whys: tuple[ProposedWhy, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.whys)


def leading(here: Context, row: Trace) -> Pin | None:
    """The newest pinned leading cause that speaks of where the path leads."""
    path = row.issue.path
    for pin in reversed(row.pins):
        begins = pinning.path_of(here, pin)
        if _is_graded(pin) and path[: len(begins)] == begins:
            return pin
    return None


def _is_graded(pin: Pin) -> bool:
    """Whether the pin says of each word how well it is shown, as a leading cause does."""
    return {"segment", "grade_what"} <= set(pin.statistics)


def proposed(here: Context, row: Trace) -> Proposed | None:
    """What the data propose for the fields that are still empty; None without a data problem or a path."""
    pin = leading(here, row) or row.origin
    is_empty = not row.whys or not all(getattr(row.issue, name) for name in FIELDS)
    if pin is None or not row.issue.path or not is_empty:
        return None
    s = pin.statistics if _is_graded(pin) else {}
    named = _named(here, row)
    event = _event_of(here, s) or _rule(here, named)
    fields = tuple(p for p in _fields(here, s, named, event) if p.content and not getattr(row.issue, p.name))
    return Proposed(pin=pin, fields=fields, whys=() if row.whys else tuple(_whys(here, s, event)))


def _named(here: Context, row: Trace) -> Result | None:
    try:
        return here.run(gaps_and_causes, path=row.issue.path, listed=listed(here))
    except Problem:
        return None  # the step that names the kind of cause says why


def _event_of(here: Context, s: Mapping[str, Any]) -> Event | None:
    """The event that the leading cause names."""
    if not s.get("event") or not s.get("since"):
        return None
    title = s.get("event_title_zh" if here.words.language.startswith("zh") else "event_title_en") or ""
    return Event(id=s["event"], kind=s.get("event_kind") or "", title=title, since=date.fromisoformat(s["since"]))


def _rule(here: Context, named: Result | None) -> Event | None:
    """The rule at whose date the path fell, where the gap of design stands on it."""
    rules = None if named is None else named.parts.get("rules")
    if named is None or rules is None or rules.empty or "design" not in _supported(named.table):
        return None
    row = rules.iloc[0]
    calendar = calendar_of(here.warehouse, Period(row["date"], row["date"] + timedelta(days=1)))
    known = pd.DataFrame() if calendar is None else calendar.events[calendar.events["id"] == row["id"]]
    name = "label_zh" if here.words.language.startswith("zh") else "label_en"
    title = "" if known.empty else str(known.iloc[0][name] or "")
    return Event(id=str(row["id"]), kind=str(row["kind"]), title=title, since=row["date"])


def _supported(table: pd.DataFrame) -> list[str]:
    return [str(code) for code in table.loc[table["verdict"] == "supports", "code"]]


def _fields(here: Context, s: Mapping[str, Any], named: Result | None, event: Event | None) -> Iterator[Proposal]:
    """A proposal for each field of the diagnosis, content empty where the data say nothing."""
    kinds = pd.DataFrame() if named is None else named.parts.get("cause_types", pd.DataFrame())
    top = None if kinds.empty else kinds.iloc[0]
    gaps = [] if named is None else [code for code in _supported(named.table) if here.taxonomy.entry("gap", code)]
    kind, kind_grade = ("", UNKNOWN) if top is None else (str(top["code"]), _grade_of(str(top["verdict"])))
    why, who = str(s.get("grade_why", kind_grade)), str(s.get("grade_who", kind_grade))
    power = str(s.get("power") or ("" if top is None else top["power"]))
    yield Proposal(name="cause", content=_cause(here, s, event), grade=str(s.get("grade_since", LIKELY)))
    yield Proposal(name="cause_type", content=kind, grade=kind_grade)
    yield Proposal(name="gap", content=gaps[0] if gaps else "", grade=LIKELY)
    is_known = power not in NOBODYS and here.taxonomy.entry("power", power)
    yield Proposal(name="power", content=power if is_known else "", grade=why)
    yield Proposal(name="owner", content=_owner(here, s, kind), grade=who)


def _grade_of(verdict: str) -> str:
    return LIKELY if verdict == "supports" else POSSIBLE


def _owner(here: Context, s: Mapping[str, Any], kind: str) -> str:
    return str(s.get("owner") or next(iter(here.taxonomy.owners_for(kind)), s.get("event_owner") or ""))


def _cause(here: Context, s: Mapping[str, Any], event: Event | None) -> str:
    """The cause in a sentence without any figure: whoever reads it may see less of the data."""
    if event is not None:
        return here.plain.text("remedy.since_event", event=event_in_words(here, event), day=event.since)
    return _complained_of(here, s)


def event_in_words(here: Frame, event: Event) -> str:
    """An event with its kind, its title and its id."""
    return here.plain.text(
        "trace_page.event", kind=here.plain.text(kind_of(event.kind)), name=event.title, id=event.id
    )


def _complained_of(here: Context, s: Mapping[str, Any]) -> str:
    if not s.get("reason"):
        return ""
    dimension = s.get("reason_dimension") or next(iter(here.warehouse.model.reasons), None)
    return here.plain.text("remedy.complained_of", reason=here.plain.show(s["reason"], "name", dimension=dimension))


def _whys(here: Context, s: Mapping[str, Any], event: Event | None) -> Iterator[ProposedWhy]:
    """From what was seen through what customers say down to what began at the date."""
    if event is not None:
        fell = here.plain.text("remedy.fell_since", day=event.since)
        yield ProposedWhy(statement=fell, level=CauseLevel.SYMPTOM, grade=str(s.get("grade_what", SHOWN)))
    complained = _complained_of(here, s)
    if complained:
        yield ProposedWhy(statement=complained, level=CauseLevel.DIRECT, grade=str(s.get("grade_why", LIKELY)))
    if event is not None:
        yield ProposedWhy(statement=_cause(here, s, event), level=CauseLevel.ROOT, event=event,
                          grade=str(s.get("grade_since", LIKELY)))  # fmt: skip
