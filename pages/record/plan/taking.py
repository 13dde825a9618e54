"""What is taken by a click in the form of a plan, instead of being typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.workshop.records import Plan
from pages.frame.context import Frame
from pages.frame.kept import AS_IT_IS
from pages.record import drafts
from pages.record.plan.shapes import SHAPES


def fill(here: Frame, base: Plan, content: Mapping[str, Any]) -> None:
    """Let several fields hold what was proposed; to be called before the form is drawn."""
    for name, value in content.items():
        drafts.put(here, base, name, value, shape=SHAPES.get(name, AS_IT_IS))


def empty(base: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of some proposals would go into fields that hold nothing yet."""
    return {
        name: content
        for name, content in given.items()
        if drafts.now(base, name, shape=SHAPES.get(name, AS_IT_IS)) in (None, "", ())
    }
