"""What is asked of a department? One page each: the loss, the evidence, what to do by when, and where to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.ui.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class BriefItem:
    """A problem of the department, in the reader's words; numbers unrounded, None where unknown.

    lost_points: of the distance to the best, in `unit`; share: of everything lost, 0..1, with its interval.
    basis: why data do not show it, empty where they do. supported: whether evidence holds the cause.
    """

    number: str
    problem: str
    unit: str = "points"
    lost_points: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    basis: str = ""
    where: str = ""
    cause: str = ""
    supported: bool = False
    evidence: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    deadline: date | None = None
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The page of one department."""

    department: str
    metric: str
    period: str
    data_version: str
    items: tuple[BriefItem, ...]


def workbook(briefs: Sequence[Brief], *, words: Catalogue) -> bytes:
    """An .xlsx with a sheet per department, each one page of A4."""
    raise NotImplementedError


def text(brief: Brief, *, words: Catalogue) -> str:
    """The same page as plain text, for a message."""
    raise NotImplementedError
