"""Which issue is a group's? In a class there is one to a group: what its members pin goes there, whoever began it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from data_access.workshop.records import Issue, Pin
from pages.frame.context import Frame

LATEST = datetime.max.replace(tzinfo=UTC)


def of(here: Frame) -> Issue | None:
    """The issue of the group that this person is in, None before there is one. Raises Problem."""
    return among(here, here.store().issues(here.user)) if here.user.attends else None


def named(here: Frame, issue: Issue) -> str:
    """Whose issue it is: in a class by the name of the group, which its members know, elsewhere by its key."""
    groups = here.store().groups(here.user, here.user.attends) if here.user.attends else ()
    own = next((group for group in groups if group.key == issue.group), None)
    return here.text("classroom.group", group=own.name) if own else here.text("workshop.of_group", group=issue.group)


def must_find(here: Frame) -> bool:
    """Whether the cause is still for this person's group to find: in a class, until the reference is revealed."""
    attends = here.user.attends
    return bool(attends) and here.store().training_class(here.user, attends).revealed_at is None


def among(here: Frame, issues: Sequence[Issue]) -> Issue | None:
    """The one that the group named as its answer, else the first that it began."""
    own = [issue for issue in issues if issue.group in here.user.groups]
    groups = here.store().groups(here.user, here.user.attends)
    answers = {group.answer for group in groups if group.key in here.user.groups}
    named = next((issue for issue in own if issue.id in answers), None)
    return named or min(own, key=lambda issue: issue.created_at or LATEST, default=None)


def settled(here: Frame, begun: Issue, pin: Pin) -> str:
    """The id of the group's issue once one was begun: of two that were begun at the same moment, the first stays."""
    store, first = here.store(), of(here) or begun
    if first.id != begun.id:
        store.pin(here.user, first.id, pin)
        store.remove_issue(here.user, begun.id)
    elif here.user.groups:
        store.choose_answer(here.user, here.user.attends, first.id)
    return first.id
