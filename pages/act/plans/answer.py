"""The register's answer in one sentence, and below it what is overdue, the longest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from data_access.workshop.records import Verdict
from pages.act.plans import opening, said
from pages.act.plans.register import Line, overdue_of, standing_plans
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

FIRST = 3  # overdue plans named below the answer; all of them come first in every view


def draw(here: Frame, lines: Sequence[Line]) -> None:
    st.markdown(f"## {in_words(here, lines)}")
    late = overdue_of(lines)
    with st.container(gap="xsmall"):
        for line in late[:FIRST]:
            _late(here, line)
    if len(late) > FIRST:
        st.caption(here.text("plan_register.more_late", count=len(late) - FIRST))


def in_words(here: Frame, lines: Sequence[Line]) -> str:
    """How many plans are overdue, and what the verdicts are."""
    counted = standing_plans(lines)
    late = overdue_of(counted)
    days = max((line.late for line in late), default=0)
    key = "plan_register.answer_late" if late else "plan_register.answer_none_late"
    verdicts = Counter(line.standing.verdict for line in counted if line.standing)
    told = here.text("plan_register.answer_verdicts" if verdicts else "plan_register.answer_no_verdicts",
                     effective=verdicts[Verdict.EFFECTIVE], not_effective=verdicts[Verdict.NOT_EFFECTIVE],
                     unclear=verdicts[Verdict.NOT_ENOUGH_EVIDENCE])  # fmt: skip
    return sentences([here.text(key, late=len(late), count=len(counted), days=days), told])


def _late(here: Frame, line: Line) -> None:
    """Days, plan, owner and how its date was moved; a click opens it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"plans.late.{line.plan.id}"):
        st.markdown(f":orange-badge[:material/schedule: {said.late(here.words, line)}]", width="content")
        name = f"**{escape_markdown(line.plan.action)}**"
        if st.button(name, key=f"plans.late.open.{line.plan.id}", type="tertiary"):
            opening.go(here, line)
        owner = escape_markdown(say.answerable(here, line.plan))
        told = [owner, said.due(here.words, line), said.moved(here.words, line), said.late_step(here.words, line)]
        st.caption(" · ".join(filter(None, told)), width="stretch")
