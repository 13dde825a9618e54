"""All groups side by side on the shared screen: what each found, on what it stands and what it would do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from data_access.workshop.field_rules import NO_GAP
from data_access.workshop.records import PlanState
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import EvidenceKind, Trace
from pages.act.classroom.desk import class_data, matching
from pages.act.classroom.desk.standing import Standing, look
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.record.plan import lift

A_SCREEN = 6  # columns that can be read from five metres
HIDE, SCREEN = "desk.hide_names", "desk.screen"
ROWS = ("cause", "where", "evidence", "gap", "remedy", "lift")
# the fewer columns, the larger the letters; on 1920 pixels all are readable from five metres
SIZES = {1: 2.0, 2: 2.0, 3: 1.8, 4: 1.6, 5: 1.45, 6: 1.35}
STYLE = """<style>
.desk-beside {{ border-collapse: collapse; table-layout: fixed; width: 100%; font-size: {size}rem; line-height: 1.3 }}
.desk-beside th, .desk-beside td {{ border: 1px solid light-dark(#C9D1D9, #3A4450); padding: .45em .5em;
  vertical-align: top; text-align: left; overflow-wrap: anywhere }}
.desk-beside thead th {{ font-size: 1.2em; background: light-dark(#EEF2F6, #1C242D) }}
.desk-beside tbody th {{ width: 5.5em; font-size: 1.2rem; font-weight: 600; color: light-dark(#56606A, #A9B4BF) }}
.desk-beside small {{ display: block; font-size: .85em; font-weight: 400; color: light-dark(#56606A, #A9B4BF) }}
.desk-beside .strong {{ font-weight: 700 }}
</style>"""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what is said of it in smaller letters."""

    text: str
    note: str = ""
    strong: bool = False


def draw(here: Frame, klass: TrainingClass) -> None:
    room = look(here, klass.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        standings = _screen(here, room.standings)
        st.toggle(here.text("desk.hide_names"), value=True, key=HIDE)
        st.button(here.text("desk.look_again"), key="desk.again", icon=":material/refresh:", type="tertiary")
    if not standings:
        st.info(here.text("desk.no_groups"), icon=":material/group_off:")
        return
    there = class_data.over(here, klass)
    st.html(STYLE.format(size=SIZES[len(standings)]) + _table(here, klass, there, standings))
    st.caption(here.text("desk.beside_note"))


def _screen(here: Frame, standings: Sequence[Standing]) -> Sequence[Standing]:
    """The groups of one screen; further ones are on the next."""
    screens = range(max(1, -(-len(standings) // A_SCREEN)))
    chosen = 0
    if len(screens) > 1:
        st.session_state.setdefault(SCREEN, 0)
        chosen = int(st.segmented_control(
            here.text("desk.screens"), [*screens], key=SCREEN, required=True, label_visibility="collapsed",
            format_func=lambda number: here.text("desk.screen", number=number + 1),
        ) or 0)  # fmt: skip
    return standings[chosen * A_SCREEN : (chosen + 1) * A_SCREEN]


def _table(here: Frame, klass: TrainingClass, there: Context | None, standings: Sequence[Standing]) -> str:
    columns = [cells_of(here, klass, there, standing) for standing in standings]
    rows = [*ROWS, *(["match"] if klass.revealed_at else [])]
    heads = "".join(_head(here, standing) for standing in standings)
    lines = "".join(
        f'<tr><th scope="row">{escape(here.plain.text(f"desk.row.{name}"))}</th>'
        f"{''.join(_cell(column[name]) for column in columns)}</tr>"
        for name in rows
    )
    return f'<table class="desk-beside"><thead><tr><td></td>{heads}</tr></thead><tbody>{lines}</tbody></table>'


def _head(here: Frame, standing: Standing) -> str:
    hidden = st.session_state.get(HIDE, True)
    people = "" if hidden else here.plain.text("format.list_comma").join(one.name for one in standing.members)
    state = here.plain.text("desk.is_in" if standing.group.submitted_at else "desk.not_handed_in")
    notes = "".join(f"<small>{escape(note)}</small>" for note in (people, state) if note)
    return f'<th scope="col">{escape(standing.group.name)}{notes}</th>'


def _cell(cell: Cell) -> str:
    note = f"<small>{escape(cell.note)}</small>" if cell.note else ""
    return f"<td{' class=strong' if cell.strong else ''}>{escape(cell.text)}{note}</td>"


def cells_of(here: Frame, klass: TrainingClass, there: Context | None, standing: Standing) -> Mapping[str, Cell]:
    """What a group found, by row."""
    row, nothing = standing.trace, Cell(here.plain.text("format.none"))
    if row is None:
        return dict.fromkeys([*ROWS, "match"], nothing)
    cells = {
        "cause": _cause(here, row),
        "where": _where(here, there, row),
        "evidence": _evidence(here, row),
        "gap": _gap(here, row),
        "remedy": _remedy(here, row),
        "lift": _lift(here, there, row),
    }
    if klass.revealed_at:
        found = matching.of(here, klass, there, row)
        cells["match"] = Cell(here.plain.text(f"desk.match.{found}"), strong=True) if found else nothing
    return cells


def _cause(here: Frame, row: Trace) -> Cell:
    kind = say.label(here, "cause_type", row.issue.cause_type) if row.issue.cause_type else ""
    return Cell(row.issue.cause or here.plain.text("format.none"), kind, strong=True)


def _where(here: Frame, there: Context | None, row: Trace) -> Cell:
    if row.issue.cause_type == NO_REAL_CHANGE:
        return Cell(here.plain.text("desk.says_nothing"), row.issue.location_reason)
    place, kept = class_data.located(there, here, row)
    note = here.plain.text("desk.kept", share=kept) if kept is not None else ""
    return Cell(place or here.plain.text("format.none"), note)


def _evidence(here: Frame, row: Trace) -> Cell:
    """Pins and what else was brought forward; a pin that was named for a why is not counted twice."""
    others = [piece for piece in row.evidence if piece.kind is not EvidenceKind.PIN]
    text = here.plain.text("desk.pieces", count=len(row.pins) + len(others))
    return Cell(text, here.plain.text("desk.pieces_of", pins=len(row.pins), others=len(others)))


def _gap(here: Frame, row: Trace) -> Cell:
    if not row.issue.gap:
        return Cell(here.plain.text("format.none"))
    if row.issue.gap == NO_GAP:
        return Cell(say.label(here, "gap", NO_GAP))
    system = say.label(here, "system", row.issue.system) if row.issue.system else ""
    return Cell(say.label(here, "gap", row.issue.gap), system)


def _remedy(here: Frame, row: Trace) -> Cell:
    plans = [plan for plan in row.plans if plan.state is not PlanState.DROPPED]
    if not plans:
        return Cell(here.plain.text("format.none"))
    more = here.plain.text("desk.more_plans", count=len(plans) - 2) if len(plans) > 2 else ""
    return Cell(" · ".join(plan.action for plan in plans[:2]), more)


def _lift(here: Frame, there: Context | None, row: Trace) -> Cell:
    """Of the plan that promises most: two plans for one segment do not add up."""
    promised = [plan for plan in row.plans if plan.expected_lift and plan.state is not PlanState.DROPPED]
    if not promised:
        return Cell(here.plain.text("format.none"))
    best = max(promised, key=lambda plan: plan.expected_lift or 0.0)
    metric = say.metric_name(there or here, best.target_metric)
    said = lift.in_words(here, best.expected_lift or 0.0, lift.unit_of(there or here, best))
    return Cell(said, here.plain.text("desk.lift_of", metric=metric), strong=True)
