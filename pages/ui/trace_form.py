"""How does a table of traces look on paper? One wide sheet, a row a trace, and a sheet that says from which data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pages.ui.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class FormStep:
    """A step of the location; `kept` of the starting problem's loss and of all loss, 0..1, None where unknown."""

    label: str
    kept: float | None = None
    kept_of_all: float | None = None


@dataclass(frozen=True, kw_only=True)
class FormWhy:
    """A why of the deep trace: how deep it stands (1 first), and its level and status in words."""

    depth: int
    statement: str
    level: str
    status: str


@dataclass(frozen=True, kw_only=True)
class FormPlan:
    """A remedy and how it is checked, all in words."""

    action: str
    owner: str = ""
    due: date | None = None
    target: str = ""
    check: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A trace as the form shows it: words in the reader's language, numbers unrounded, None where unknown.

    number: what the trace is called (TR-014); basis: why data do not show it, empty where they do. unit: of score,
    change and its interval ("points", "rate", "raw"); lost_points in the same. filters: the selection in words.
    """

    number: str
    problem: str
    basis: str = ""
    metric: str = ""
    period: str = ""
    unit: str = "points"
    score: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    lost_points: float | None = None
    steps: tuple[FormStep, ...] = ()
    where: str = ""
    whys: tuple[FormWhy, ...] = ()
    cause: str = ""
    cause_type: str = ""
    evidence: tuple[str, ...] = ()
    gap: str = ""
    system: str = ""
    power: str = ""
    owner: str = ""
    plans: tuple[FormPlan, ...] = ()
    verification: tuple[str, ...] = ()
    state: str = ""
    filters: str = ""
    data_version: str = ""
    link: str = ""


def workbook(
    rows: Sequence[FormRow], *, words: Catalogue, title: str, facts: Mapping[str, str] | None = None
) -> bytes:
    """An .xlsx to print: the form on A3 across, its header on every page, and a sheet with the data behind each row.

    facts: what more that sheet says first, such as the review's selection and link.
    """
    raise NotImplementedError
