"""On what does a cause stand? Evidence for or against a why, and all of an issue in one bundle for the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from data_access.workshop.records import Comment, Issue, Look, Made, Pin, Plan, Ruling, Why

CONFIGURED = "default"  # the data of this installation: its warehouse, else the sample
DATASET = "data"  # the option of a pin that names its data set; no analysis has one of that name


class EvidenceKind(StrEnum):
    """What kind of thing is brought forward; a NOTE is somebody's word and supports nothing by itself."""

    PIN = "pin"
    CONTACTS = "contacts"
    RULE = "rule"
    LISTENING = "listening"
    NOTE = "note"


class Stance(StrEnum):
    """Which way a piece of evidence speaks."""

    SUPPORTS = "supports"
    REFUTES = "refutes"


@dataclass(frozen=True, kw_only=True)
class Evidence(Made):
    """Something that speaks for or against a why, or for the whole issue (`why_id` empty). It never changes.

    PIN names a pin of the issue, CONTACTS and LISTENING name contacts, RULE the text of a rule with its id and the
    day it took effect, NOTE only says something. `statistics` is what was seen then (unrounded; `metric` in
    `data_version` of `dataset`), so that it can be asked again; `answers` holds a filled-in listening form.
    """

    issue_id: str
    kind: EvidenceKind
    why_id: str = ""
    stance: Stance = Stance.SUPPORTS
    text: str = ""
    pin_id: str = ""
    contacts: tuple[str, ...] = ()
    dataset: str = ""
    data_version: str = ""
    metric: str = ""
    statistics: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""
    effective: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """An issue with everything that hangs on it, as far as its reader may see it.

    `hidden`: the path, and whatever else was found, lies beyond what the reader may see.
    `origin` is the pin that is the data problem. `plans` come due first, all others oldest first. Among the traces
    of all issues `looks` come without their pictures (`rows`, `parts`).
    """

    issue: Issue
    origin: Pin | None = None
    pins: tuple[Pin, ...] = ()
    whys: tuple[Why, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    plans: tuple[Plan, ...] = ()
    looks: tuple[Look, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    comments: tuple[Comment, ...] = ()
    hidden: bool = False

    @property
    def dataset(self) -> str:
        """The data set the issue speaks of."""
        return dataset_of(self.origin) if self.origin else CONFIGURED


def dataset_of(pin: Pin) -> str:
    """The data set the evidence was seen in."""
    return str(pin.options.get(DATASET, CONFIGURED))
