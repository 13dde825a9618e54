"""On what does a why stand? Each piece of its evidence, then and now, and the form that attaches another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from data_access.access import may_pin, may_see_rows
from data_access.statement import Problem
from data_access.workshop.drafts import Draft
from data_access.workshop.records import IssueState, Pin, Why
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance, Trace
from pages.frame import kept, top
from pages.frame.context import Context, Frame
from pages.record import contact_facts, issue_data, pinned_evidence, removal
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

STANCES = {Stance.SUPPORTS: ":material/add_circle:", Stance.REFUTES: ":material/do_not_disturb_on:"}
ATTACHABLE = (EvidenceKind.PIN, EvidenceKind.CONTACTS, EvidenceKind.RULE, EvidenceKind.NOTE)
ASKED = ("standard_met", "other_promised", "rule_disliked", "log_disagrees")  # the questions of a listening form


def shown(here: Frame, row: Trace, why: Why) -> None:
    """What speaks for and against a why, a card each."""
    for piece in (piece for piece in row.evidence if piece.why_id == why.id):
        with st.container(border=True, key=f"evidence.{piece.id}"):
            try:
                _card(here, row, piece)
            except Problem as problem:
                st.warning(here.text("workshop.not_open", reason=problem.statement), icon=":material/database_off:")
            _signed(here, row, piece)


def _card(here: Frame, row: Trace, piece: Evidence) -> None:
    told = f"{STANCES[piece.stance]} **{here.text(f'workshop.evidence_kind.{piece.kind}')}**"
    st.markdown(f"{told} {escape_markdown(piece.text)}")
    if piece.kind is EvidenceKind.RULE:
        st.caption(here.text("trace_page.rule_line", id=piece.rule_id, day=piece.effective))
    if piece.answers:
        st.caption(" · ".join(_answers(here, piece)))
    pin = next((pin for pin in row.pins if pin.id == piece.pin_id), None)
    if pin is not None:
        _pin_now(here, pin)
    if piece.contacts:
        _contacts_now(here, row, piece)


def _answers(here: Frame, piece: Evidence) -> list[str]:
    """The answers of a listening form."""
    given = [(name, piece.answers[name]) for name in ASKED if piece.answers.get(name)]
    return [f"{here.text(f'trace_page.ask.{name}')} {here.text(f'trace_page.answer.{code}')}" for name, code in given]


def _pin_now(here: Frame, pin: Pin) -> None:
    """What was said then, and whether the same question says so today."""
    there = pinned_evidence.over(here, pin)
    st.markdown(there.words.recall(pin.statements[0]) if pin.statements else say.method(there, pin))
    checked = pinned_evidence.ask_again(there, pin)
    if isinstance(checked, Problem):
        st.caption(there.say(checked.statement))
    else:
        st.caption(f":material/update: {there.say(checked.check.statement)}")


def _contacts_now(here: Frame, row: Trace, piece: Evidence) -> None:
    """The figures of the contacts then and now."""
    there = issue_data.over(here, row)
    if there is None:
        return
    now = contact_facts.figures(there, piece.contacts)
    then = piece.statistics
    unit = there.warehouse.model.measure(there.selection.metric).unit
    if may_see_rows(here.user):
        st.markdown(f":small[{escape_markdown(', '.join(piece.contacts))}]")
    st.caption(there.text("trace_page.contacts_then_now", count=len(piece.contacts), then=then.get("score"),
                          now=now["score"], missing=now["missing"], unit=unit))  # fmt: skip


def _signed(here: Frame, row: Trace, piece: Evidence) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        moment = say.moment(here, piece.created_at)
        st.caption(here.text("trace_page.attached", who=say.who(piece.created_by), moment=moment))
        if not may_pin(here.user) or row.issue.state is IssueState.CLOSED:
            return
        if st.button(here.text("trace_page.take_off"), key=f"evidence.off.{piece.id}", type="tertiary",
                     icon=":material/delete:"):  # fmt: skip
            name = piece.text or here.plain.text(f"workshop.evidence_kind.{piece.kind}")
            removal.delete(here, lambda: here.store().remove_evidence(here.user, piece.id), piece.id, name,
                           row.issue.id)  # fmt: skip


def attach(here: Frame, row: Trace, why: Why) -> None:
    """A form for another piece of evidence: something pinned, the contacts marked beside the tree, a rule, a note."""
    if not may_pin(here.user):
        return
    place = _place(row)
    with st.popover(here.text("trace_page.attach"), icon=":material/attach_file:", key=f"evidence.attach.{place}"):
        _form(here, row, why)


@kept.form
def _form(here: Frame, row: Trace, why: Why) -> None:
    kind = st.segmented_control(
        here.text("trace_page.evidence_kind"), ATTACHABLE, key=f"evidence.kind.{why.id}", required=True,
        default=EvidenceKind.PIN, format_func=lambda code: here.text(f"workshop.evidence_kind.{code}"),
    )  # fmt: skip
    content = FORMS[EvidenceKind(kind)](here, row)
    stance = st.segmented_control(
        here.text("trace_page.stance"), tuple(Stance), key=f"evidence.stance.{why.id}", required=True,
        default=Stance.SUPPORTS, format_func=lambda code: here.text(f"workshop.stance.{code}"),
    )  # fmt: skip
    if st.button(here.text("trace_page.attach_now"), type="primary", key="evidence.save"):
        piece = Evidence(issue_id=row.issue.id, why_id=why.id, kind=EvidenceKind(kind), stance=Stance(stance),
                         **content)  # fmt: skip
        add(here, row, piece, typed(row, "text"), typed(row, "rule_id"))


def typed(row: Trace, field: str, place: str = "evidence") -> Draft:
    """Where the draft of a field belongs before there is a piece of evidence."""
    return Draft(kind="evidence", subject_id=row.issue.id, field=f"{place}.{field}"[-40:], content="",
                 issue_id=row.issue.id)  # fmt: skip


def add(here: Frame, row: Trace, piece: Evidence, *written: Draft) -> None:
    """Attach and draw anew, with an empty form; `written` is what was typed for it."""
    rounds = f"evidence.round.{row.issue.id}"

    def work() -> None:
        here.store().add_evidence(here.user, piece)
        kept.drop(here, *written)
        st.session_state[rounds] = st.session_state.get(rounds, 0) + 1

    _guard(here, work)


def _place(row: Trace) -> str:
    """Of the form for the next piece: what was typed for the last one is not typed again."""
    return f"{row.issue.id}.{st.session_state.get(f'evidence.round.{row.issue.id}', 0)}"


def _guard(here: Frame, work: Callable[[], object]) -> None:
    try:
        work()
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.rerun()


def _pinned(here: Frame, row: Trace) -> dict[str, Any]:
    pins = {pin.id: pin for pin in row.pins}
    if not pins:
        st.caption(here.text("trace_page.nothing_pinned"))
    chosen = st.selectbox(here.text("workshop.evidence_kind.pin"), list(pins), key=f"evidence.pin.{_place(row)}",
                          format_func=lambda id: _pin_name(here, pins[id]))  # fmt: skip
    return {"pin_id": chosen or "", "text": _text(here, row)}


def _pin_name(here: Frame, pin: Pin) -> str:
    said = here.plain.recall(pin.statements[0]) if pin.statements else ""
    return f"{say.method(here, pin)}: {said}"[:120]


def _marked(here: Frame, row: Trace) -> dict[str, Any]:
    chosen = contact_facts.marked(row.issue)
    st.caption(here.text("trace_page.marked" if chosen else "trace_page.mark_some", count=len(chosen)))
    there = issue_data.over(here, row)
    if there is None or not chosen:
        return {"contacts": chosen, "text": _text(here, row)}
    return {"contacts": chosen, "text": _text(here, row), **_seen(there, chosen)}


def _seen(there: Context, contacts: tuple[str, ...]) -> Mapping[str, Any]:
    """What the contacts say now, to be compared with what they will say."""
    return {"statistics": contact_facts.figures(there, contacts), "metric": there.selection.metric,
            "dataset": there.dataset, "data_version": there.version}  # fmt: skip


def _rule(here: Frame, row: Trace) -> dict[str, Any]:
    first, second = st.columns(2)
    with first:
        rule = kept.line(here, here.text("trace_page.rule_id"), typed(row, "rule_id"), f"evidence.rule.{_place(row)}",
                         max_chars=200)  # fmt: skip
    with second:
        day = st.date_input(here.text("trace_page.effective"), value=None, key=f"evidence.day.{_place(row)}",
                            format="YYYY-MM-DD")  # fmt: skip
    return {"rule_id": rule, "effective": day, "text": _text(here, row)}


def _note(here: Frame, row: Trace) -> dict[str, Any]:
    st.caption(here.text("trace_page.note_alone"))
    return {"text": _text(here, row)}


def _text(here: Frame, row: Trace) -> str:
    return kept.area(here, here.text("trace_page.text"), typed(row, "text"), f"evidence.text.{_place(row)}",
                     max_chars=5_000, height=80)  # fmt: skip


FORMS: Mapping[EvidenceKind, Callable[[Frame, Trace], dict[str, Any]]] = {
    EvidenceKind.PIN: _pinned,
    EvidenceKind.CONTACTS: _marked,
    EvidenceKind.RULE: _rule,
    EvidenceKind.NOTE: _note,
}
