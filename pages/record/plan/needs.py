"""What does a plan lack, to be specific, measurable, owned and dated, and so that it can be shown to work?"""

from __future__ import annotations

from data_access.workshop import rules
from data_access.workshop.records import Plan
from pages.frame.context import Frame
from pages.record import record_words as say

TO_SHOW = ("start", "check_on", "baseline", "treated")


def smart(here: Frame, plan: Plan) -> list[str]:
    """What is missing of the plan itself, as one phrase; none where nothing is."""
    return _phrase(here, "workshop.lacks", rules.smart_gaps(plan))


def shown(here: Frame, plan: Plan) -> list[str]:
    """What is missing of its verification; without a control it is only judged over time."""
    lacking = tuple(name for name in TO_SHOW if not getattr(plan, name))
    if lacking:
        return _phrase(here, "plan_form.lacks", lacking)
    return [] if plan.control or plan.starts else [here.text("plan_form.no_control")]


def _phrase(here: Frame, key: str, names: tuple[str, ...]) -> list[str]:
    return [here.text(key, fields=", ".join(say.field(here, name) for name in names))] if names else []
