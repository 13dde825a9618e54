"""A plan begun from a template: what it says goes into the fields that hold nothing yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from data_access.taxonomy_entries import Template
from data_access.workshop.records import Milestone, Plan
from pages.frame.context import Context, Frame
from pages.record import drafts
from pages.record import record_words as say
from pages.record.plan import proposed, taking

NONE = ""


def choose(here: Frame, over: Context | None, base: Plan) -> str:
    """The template of the plan; choosing one fills in at once what is empty."""
    options = [NONE, *(template.code for template in here.taxonomy.templates)]
    options += [base.template] if base.template not in options else []
    kept = drafts.chosen(here, base, "template")
    keep, args = kept.pop("on_change"), kept.pop("args")

    def take() -> None:
        keep(*args)
        template = here.taxonomy.entry("template", st.session_state[kept["key"]])
        if isinstance(template, Template):
            taking.fill(here, base, taking.empty(base, _content(here, over, base, template)))

    return str(st.selectbox(
        here.text("plan_form.template"), options, on_change=take, **kept,
        format_func=lambda code: say.label(here, "template", code) if code else here.text("plan_form.template_none"),
    ))  # fmt: skip


def _content(here: Frame, over: Context | None, base: Plan, template: Template) -> dict[str, Any]:
    """What the template says, in the reader's language; the days of its steps count from today."""
    language, start = here.words.language, drafts.now(base, "start") or proposed.next_monday(date.today())
    known = proposed.guardrails_of(over, base.target_metric) if over else []
    said = {
        "action": template.wording.label(language), "owner": template.owner, "remedy": template.remedy,
        "block": template.block,
        "action_type": template.action_type, "check_method": template.comparison,
        "guardrails": tuple(name for name in template.guardrails if name in known),
        "milestones": tuple(Milestone(step.words.label(language), date.today() + timedelta(days=step.days))
                            for step in template.milestones),
        "check_on": start + timedelta(days=template.days) if template.days else None,
    }  # fmt: skip
    return {name: content for name, content in said.items() if content not in (None, "", ())}
