"""May a group still work on its issue? Said in one line on the issue itself; the store refuses by the same rules."""

from __future__ import annotations

import streamlit as st

from data_access.statement import Problem
from data_access.workshop import class_rules
from data_access.workshop.class_records import Stage
from data_access.workshop.records import Issue
from pages.frame.context import Frame


def tell(here: Frame, issue: Issue, step: str) -> None:
    """Why nothing of this step can be saved now; nothing outside of a class, or where it can be."""
    if not here.user.attends or issue.group not in here.user.groups:
        return
    store, class_id = here.store(), here.user.attends
    group = next((g for g in store.groups(here.user, class_id) if g.key == issue.group), None)
    if group is None:
        return
    try:
        class_rules.check_work(here.user, store.training_class(here.user, class_id), group, [Stage(step)])
    except Problem as problem:
        kept = "" if group.submitted_at else f" {here.text('classroom.draft_kept')}"
        st.info(f"{here.say(problem.statement)}{kept}", icon=":material/lock:")
