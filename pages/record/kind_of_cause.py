"""What kind of cause is it, and who can act? What the data say for and against each, before it is named."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.diagnosis import attainable, gaps_and_causes
from analysis.issue_results import listed_reasons
from analysis.result import Result
from data_access.taxonomy_entries import CauseType
from data_access.workshop.records import Issue
from data_access.workshop.tracing import Trace
from pages.frame import open_data
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.record import drafts
from pages.record import record_words as say
from pages.report import report

VERDICTS: Mapping[str, tuple[str, str]] = {
    "supports": ("blue", ":material/check:"),
    "refutes": ("gray", ":material/close:"),
    "not_enough": ("gray", ":material/help:"),
    "no_data": ("gray", ":material/database_off:"),
}
TYPES_SHOWN = 4


def naming(here: Context, row: Trace) -> None:
    """The gaps in the order in which they are asked, the kinds of cause that the reasons suggest, and the power."""
    place = folded(here.text("trace_page.naming"), "fact_check", f"naming.{row.issue.id}", compact=False)
    if not place.open:
        return
    issue: Issue = drafts.opened(row.issue)
    with place:
        causes = report.attempt(here, gaps_and_causes, path=issue.path, listed=listed(here))
        if causes is not None:
            _gaps(here, causes)
            _types(here, causes)
            st.caption(" ".join(here.say(statement) for statement in causes.caveats))
        _power(here, issue)


def _gaps(here: Context, causes: Result) -> None:
    st.markdown(f"### {here.text('trace_page.gaps')}")
    for code, verdict, said in zip(causes.table["code"], causes.table["verdict"], causes.findings, strict=False):
        name = f"**{_gap_name(here, code)}** {_question(here, code)}"
        _line(f"{_badge(here, verdict)} {name}", here.say(said))


def _gap_name(here: Context, code: str) -> str:
    """The first to be asked is whether anything changed at all: no gap, but a cause of its own."""
    return say.label(here, "gap" if here.taxonomy.entry("gap", code) else "cause_type", code)


def _question(here: Context, code: str) -> str:
    entry = here.taxonomy.entry("gap", code)
    return entry.hint(here.words.language) if entry else ""


def _line(head: str, told: str) -> None:
    st.markdown(f"{head}  \n{told}")


def _badge(here: Context, verdict: str) -> str:
    colour, icon = VERDICTS[verdict]
    return f":{colour}-badge[{icon} {here.text(f'trace_page.verdict.{verdict}')}]"


def _types(here: Context, causes: Result) -> None:
    """Kinds of cause with the test of each, and whose they are."""
    types = causes.parts.get("cause_types")
    if types is None:
        return
    st.markdown(f"### {here.text('trace_page.types')}")
    st.markdown(" ".join(here.say(statement) for statement in causes.findings[len(causes.table) :]))
    for row in types.head(TYPES_SHOWN).to_dict("records"):
        owners = ", ".join(say.label(here, "owner", code) for code in row["owners"])
        routed = here.text("trace_page.routed", power=say.label(here, "power", row["power"]), owners=owners)
        entry = here.taxonomy.entry("cause_type", row["code"])
        test = entry.supports.label(here.words.language) if isinstance(entry, CauseType) else ""
        head = f"{_badge(here, row['verdict'])} **{say.label(here, 'cause_type', row['code'])}** :gray[{routed}]"
        _line(head, here.text("trace_page.would_tell", test=test))


def _power(here: Context, issue: Issue) -> None:
    """The part of a target for bad ratings that lies in our own power."""
    st.markdown(f"### {here.text('trace_page.attainable')}")
    target = st.number_input(here.text("trace_page.bad_target"), 0.0, 100.0, value=None, step=0.5, format="%.1f",
                             key=f"naming.target.{issue.id}", width=280)  # fmt: skip
    if target is None:
        st.caption(here.text("trace_page.bad_target_hint"))
        return
    reachable = report.attempt(here, attainable, path=issue.path, target=target)
    if reachable is not None:
        report.answer(here, reachable)
        st.caption(" ".join(here.say(statement) for statement in reachable.caveats))


def listed(here: Context) -> tuple[str, ...]:
    """Reasons that management has on its list."""
    store = here.store()
    named = (value for name in here.warehouse.model.reasons for value in open_data.members(here, name))
    return listed_reasons(named, store.issues(here.user), store.plans(here.user), here.taxonomy)
