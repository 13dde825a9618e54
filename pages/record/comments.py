"""What people say about an issue and its plans, and who has read and checked it. Everybody who sees it may."""

from __future__ import annotations

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Comment, CommentKind, Issue
from data_access.workshop.tracing import Trace
from pages.frame import top
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record import removal
from pages.words.markdown import escape_markdown

NONE = ""
CUT = 60  # letters by which a deleted comment is called


def section(here: Frame, row: Trace) -> None:
    """All of them, oldest first, then the form for one more."""
    top.here("comments")
    st.header(here.text("comment.title", count=len(row.comments)), anchor=False)
    known = {plan.id: plan.action for plan in row.plans}
    for comment in row.comments:
        _one(here, comment, known.get(comment.plan_id, NONE))
    removal.offer(here, undo_place(row.issue))
    _form(here, row, known)


def undo_place(issue: Issue) -> str:
    """Where the offer to bring a comment back stands: below the comments, where it was deleted."""
    return f"{issue.id}.comments"


def _one(here: Frame, comment: Comment, plan: str) -> None:
    who = here.text("workshop.by", who=say.who(comment.created_by))
    about = f" · {escape_markdown(plan)}" if plan else ""
    badge = f":blue-badge[:material/verified: {here.text('comment.reviewed')}] " if _is_review(comment) else ""
    with st.container(horizontal=True, vertical_alignment="top", key=f"comment.{comment.id}"):
        signed = f"**{who}** :gray[{say.moment(here, comment.created_at)}{about}]"
        text = escape_markdown(comment.text).replace("\n", "  \n")
        st.markdown(f"{badge}{signed}  \n{text}", width="stretch")
        if comment.created_by_id == here.user.id and st.button(
            here.text("undo.delete"), key=f"comment.off.{comment.id}", type="tertiary", icon=":material/delete:"
        ):
            top.go_to("comments")
            removal.delete(here, lambda: here.store().remove_comment(here.user, comment.id), comment.id,
                           comment.text[:CUT], f"{comment.issue_id}.comments")  # fmt: skip


def _is_review(comment: Comment) -> bool:
    return comment.kind is CommentKind.REVIEW


def _form(here: Frame, row: Trace, known: dict[str, str]) -> None:
    place = f"comment.text.{row.issue.id}"
    if st.session_state.pop(f"{place}.done", False):
        st.session_state[place] = ""
    text = st.text_area(here.text("comment.say"), key=place, max_chars=longest("comment"), height=80)
    plan = NONE
    if known:
        plan = str(st.selectbox(
            here.text("comment.about"), [NONE, *known], key=f"comment.plan.{row.issue.id}", width=480,
            format_func=lambda id: known.get(id) or here.text("comment.whole"),
        ))  # fmt: skip
    trouble = st.container()
    with st.container(horizontal=True):
        said = st.button(here.text("comment.save"), key="comment.save", icon=":material/chat:")
        checked = st.button(here.text("comment.review"), key="comment.review", icon=":material/verified:",
                            help=here.text("comment.review_help"))  # fmt: skip
    if said or checked:
        kind = CommentKind.REVIEW if checked else CommentKind.COMMENT
        words = text.strip() or (here.plain.text("comment.checked") if checked else "")
        with trouble:
            _add(here, Comment(issue_id=row.issue.id, plan_id=plan, kind=kind, text=words), place)


def _add(here: Frame, comment: Comment, place: str) -> None:
    try:
        here.store().comment(here.user, comment)
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.session_state[f"{place}.done"] = True
    top.go_to("comments")
    st.rerun()
