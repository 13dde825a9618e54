"""The steps of the tour, and by what each is recognised: the page, the selection, the records. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from data_access.selection import Selection
from data_access.workshop.records import Issue, Plan


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a person is at: the page with what its address asks for, the selection, the records of this tour.

    narrowed: whether the selection is a part of what the person may see. issues: begun since the tour began, or open
    now; changed: those of them that were saved since; plans: those that were made for them since.
    """

    page: str
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)
    selection: Selection | None = None
    narrowed: bool = False
    reasons: Collection[str] = ()
    issues: Collection[Issue] = ()
    changed: Collection[Issue] = ()
    plans: Collection[Plan] = ()


def _drop(done: Done) -> bool:
    return done.page == "overview" and done.selection is not None and done.selection.baseline is not None


def _place(done: Done) -> bool:
    return done.page in ("change", "contribution")


def _segment(done: Done) -> bool:
    return done.narrowed or "mark" in done.asked


def _reasons(done: Done) -> bool:
    by = set(done.asked.get("by", ()))
    return done.page == "contribution" and (bool(by & set(done.reasons)) or "segment" in done.asked)


def _record(done: Done) -> bool:
    return any(issue.origin for issue in done.issues)


def _cause(done: Done) -> bool:
    return any(issue.cause and issue.cause_type for issue in done.changed)


def _plan(done: Done) -> bool:
    return bool(done.plans)


STEPS: Mapping[str, Callable[[Done], bool]] = {
    "drop": _drop,
    "place": _place,
    "segment": _segment,
    "reasons": _reasons,
    "record": _record,
    "cause": _cause,
    "plan": _plan,
}


def passed(before: Collection[str], done: Done) -> frozenset[str]:
    """The steps that are behind somebody who does this now. Who is ahead has not been everywhere: nothing is implied.

    >>> sorted(passed(["drop"], Done(page="change")))
    ['drop', 'place']
    """
    return frozenset(before) | {name for name, is_done in STEPS.items() if is_done(done)}


def next_of(before: Collection[str]) -> str | None:
    """The first step that is still to be done, None after the last."""
    return next((name for name in STEPS if name not in before), None)
