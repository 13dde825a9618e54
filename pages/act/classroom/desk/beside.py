"""All groups side by side on the shared screen: what each found, on what it stands and what it would do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from data_access.metric_kinds import Unit
from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk import class_data, matching
from pages.act.classroom.desk.standing import Standing, look
from pages.frame.context import Context, Frame
from pages.words import answer_words
from pages.words.answer_words import ROWS, Cell, Speaker

A_SCREEN = 6  # columns that can be read from five metres
HIDE, SCREEN = "desk.hide_names", "desk.screen"
# the fewer columns, the larger the letters; on 1920 pixels all are readable from five metres
SIZES = {1: 2.0, 2: 2.0, 3: 1.8, 4: 1.6, 5: 1.45, 6: 1.35}
STYLE = """<style>
.desk-beside {{ border-collapse: collapse; table-layout: fixed; width: 100%; font-size: {size}rem; line-height: 1.3 }}
.desk-beside th, .desk-beside td {{ border: 1px solid light-dark(#C9D1D9, #3A4450); padding: .45em .5em;
  vertical-align: top; text-align: left; overflow-wrap: anywhere }}
.desk-beside thead th {{ font-size: 1.2em; background: light-dark(#EEF2F6, #1C242D) }}
.stApp h1 {{ font-size: 1.4rem !important; padding: 0 !important }} /* all rows on one screen */
.desk-beside thead td {{ width: 7.5rem }}
.desk-beside tbody th {{ font-size: 1.2rem; font-weight: 600; color: light-dark(#56606A, #A9B4BF) }}
.desk-beside small {{ display: block; font-size: .85em; font-weight: 400; color: light-dark(#56606A, #A9B4BF) }}
.desk-beside .strong {{ font-weight: 700 }}
.desk-wide {{ overflow-x: auto }}
@media (max-width: 800px) {{ .desk-beside {{ font-size: 1rem; min-width: {least}rem }}
  .desk-beside tbody th {{ font-size: 1rem }}
  .desk-beside thead td {{ width: 5rem }} }} /* a phone is moved sideways */
</style>"""


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
    st.html(
        STYLE.format(size=SIZES[len(standings)], least=5 + 11 * len(standings))
        + _table(here, klass, there, standings)
    )
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
    rows = [*ROWS]
    if klass.revealed_at:
        rows.insert(rows.index("where") + 1, "match")  # below the place, where everybody looks for it
    heads = "".join(_head(here, standing) for standing in standings)
    lines = "".join(
        f'<tr><th scope="row">{escape(here.plain.text(f"desk.row.{name}"))}</th>'
        f"{''.join(_cell(column[name]) for column in columns)}</tr>"
        for name in rows
    )
    table = f'<table class="desk-beside"><thead><tr><td></td>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<div class="desk-wide" tabindex="0">{table}</div>'


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
    row, kept = standing.trace, None
    if row is not None and row.issue.path:
        _, kept = class_data.located(there, here, row)
    unit_of = there.unit_of if there else lambda _: Unit.POINTS
    speaker = Speaker(words=(there or here).plain, taxonomy=here.taxonomy, unit_of=unit_of)
    cells = dict(answer_words.cells_of(speaker, row, kept))
    if klass.revealed_at:
        found = matching.of(here, klass, there, row) if row is not None else None
        cells["match"] = Cell(here.plain.text(found or "format.none"), strong=found is not None)
    return cells
