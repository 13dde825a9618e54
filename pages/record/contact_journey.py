"""One contact: the customer's way through the touchpoints around it, and the form for listening to the recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.result import Result
from analysis.trail import journey
from analysis.trail.column_roles import ColumnRoles, column_roles
from data_access.access import may_pin
from data_access.workshop.records import IssueState, Why
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance, Trace
from pages.frame import kept
from pages.frame.context import Context
from pages.record import why_evidence
from pages.record.contact_facts import flags_of
from pages.report import report

ANSWERS = ("yes", "no", "unclear")


def opened(here: Context, row: Trace, contact: str) -> None:
    """The journey as a line of time, and the listening form."""
    st.markdown(f"### {here.text('trace_page.journey', contact=contact)}")
    result = report.attempt(here, journey, contact=contact)
    if result is not None:
        st.markdown("\n".join(f"- {line}" for line in lines_of(here, result)))
        for statement in (*result.findings, *result.caveats):
            st.caption(here.say(statement))
    if may_pin(here.user) and row.issue.state is not IssueState.CLOSED:
        _listen(here, row, contact)


def lines_of(here: Context, result: Result) -> Iterator[str]:
    """The customer's contacts along time: when, where, about what, and how it went; the one in question in bold."""
    marks = column_roles(here.warehouse.model)
    for row in result.table.to_dict("records"):
        told = [f"{row['time']:%Y-%m-%d %H:%M}" if pd.notna(row["time"]) else "", *_places(here, marks, row)]
        told += [_went(here, row), *_companions(here, row), *flags_of(here, row["flags"])]
        said = " · ".join(filter(None, told))
        yield f"**{said}**" if row["this"] else said


def _places(here: Context, marks: ColumnRoles, row: Mapping[str, Any]) -> Iterator[str]:
    """Touchpoint and what it was about; the business only where nothing finer is known."""
    about = "question" if row["question"] is not None else "business"
    for name in ("touchpoint", about):
        if row[name] is not None:
            yield here.words.show(row[name], "name", dimension=getattr(marks, name))


def _went(here: Context, row: Mapping[str, Any]) -> str:
    """The rating, or that there was none."""
    if pd.isna(row["given"]):
        return here.text("trace_page.no_rating")
    return here.text("trace_page.rated", given=f"{row['given']:g}")


def _companions(here: Context, row: Mapping[str, Any]) -> Iterator[str]:
    """A complaint with its state, and the way through the bot."""
    if row["case_opened_at"] is not None:
        state = "closed" if row["case_closed_at"] is not None else "overdue" if row["case_overdue"] else "open"
        yield here.text(f"trace_page.case.{state}")
    if row["bot_path"]:
        nodes = (here.words.show(node, "name", dimension="bot_node") for node in str(row["bot_path"]).split(">"))
        yield here.text("trace_page.bot_way", way=" › ".join(nodes))


def _listen(here: Context, row: Trace, contact: str) -> None:
    """What was heard, as evidence for or against a why or the whole issue."""
    with st.expander(here.text("trace_page.listen"), icon=":material/headphones:", key=f"listen.{contact}"):
        _form(here, row, contact)


@kept.form
def _form(here: Context, row: Trace, contact: str) -> None:
    answers = {name: _answer(here, contact, name) for name in why_evidence.ASKED}
    about = why_evidence.typed(row, "heard", contact)
    heard = kept.area(here, here.text("trace_page.heard"), about, f"listen.text.{contact}", max_chars=5_000,
                      height=80)  # fmt: skip
    why = _why(here, row, contact)
    stance = st.segmented_control(
        here.text("trace_page.stance"), tuple(Stance), key=f"listen.stance.{contact}", required=True,
        default=Stance.SUPPORTS, format_func=lambda code: here.text(f"workshop.stance.{code}"),
    )  # fmt: skip
    if st.button(here.text("trace_page.keep_heard"), type="primary", key="listen.save"):
        given = {name: code for name, code in answers.items() if code}
        piece = Evidence(
            issue_id=row.issue.id, why_id=why, kind=EvidenceKind.LISTENING, stance=Stance(stance), text=heard,
            contacts=(contact,), answers=given, dataset=here.dataset, data_version=here.version,
            metric=here.selection.metric,
        )  # fmt: skip
        why_evidence.add(here, row, piece, about)


def _answer(here: Context, contact: str, name: str) -> str:
    return st.segmented_control(
        here.text(f"trace_page.ask.{name}"), ANSWERS, key=f"listen.{name}.{contact}",
        format_func=lambda code: here.text(f"trace_page.answer.{code}"),
    ) or ""  # fmt: skip


def _why(here: Context, row: Trace, contact: str) -> str:
    """The why that the recording speaks of, or the whole issue."""
    known: dict[str, Why] = {why.id: why for why in row.whys}
    return str(st.selectbox(
        here.text("trace_page.for_why"), ["", *known], key=f"listen.why.{contact}",
        format_func=lambda id: known[id].statement if id else here.text("trace_page.whole_issue"),
    ))  # fmt: skip
