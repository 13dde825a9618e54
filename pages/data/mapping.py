"""Which column plays which part? The drafted model of a file, to be corrected and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from data_access.files.compose import Settings
from data_access.files.roles import ColumnRole, Part
from data_access.files.scales import Scale, scale_of
from data_access.metric_file import ALL_FORMULAS, LIMITS, has_limits
from data_access.model_file import parse_model
from data_access.semantics import Level, Missing
from data_access.statement import Problem, Statement
from pages.data import importing, roles
from pages.data.importing import PREFIX, Pending
from pages.frame.context import Frame

FIRST_ZONES = ("Asia/Shanghai", "UTC")
ROWS_SHOWN, ROW_PX, LARGE = 14, 35, 1.25
FIELDS = ("low", "high", "satisfied", "dissatisfied")


def draw(here: Frame, now: Pending) -> None:
    """Columns, then what the score means, then the model they make and the button that uses it."""
    _columns(here, now)
    chosen = roles.corrected(now.profile, now.roles, importing.corrections())
    settings = _settings(here, now, chosen)
    _confirm(here, now, chosen, settings)


def _columns(here: Frame, now: Pending) -> None:
    """One row per column. Its frame holds codes, so that a change of language changes no data."""
    st.markdown(f"#### {here.text('data.columns')}")
    st.caption(here.text("data.columns_hint"))
    frame = roles.frame_of(now.profile, now.roles, importing.corrections())
    key = f"{PREFIX}columns.{now.id}"
    st.data_editor(
        frame, key=key, hide_index=False, column_config=_looks(here), disabled=["_index", "examples"], placeholder="",
        height=height_of(len(frame), here), on_change=_keep, args=(key, list(frame.index)),
        alt=here.text("data.columns"),
    )  # fmt: skip


def height_of(rows: int, here: Frame) -> int:
    """Pixels of a table that shows its first rows whole; rows grow with large text."""
    return round(ROW_PX * (LARGE if here.large else 1) * (min(rows, ROWS_SHOWN) + 1)) + 3


def _keep(key: str, columns: Sequence[str]) -> None:
    """Take over what was edited, so that it outlives the table."""
    kept = importing.corrections()
    for row, changes in st.session_state[key]["edited_rows"].items():
        kept.setdefault(columns[int(row)], {}).update(changes)


def _looks(here: Frame) -> dict[str, Any]:
    """Headers, choices and their words."""
    column, text = st.column_config, here.text

    def choice(name: str, codes: Sequence[str], **more: Any) -> Any:
        return column.SelectboxColumn(
            text(f"data.head.{name}"),
            options=list(codes),
            format_func=lambda code: text(f"data.{name}.{code}"),
            **more,
        )

    return {
        "_index": column.TextColumn(text("data.head.column"), width=130),
        "part": choice("part", [part.value for part in roles.PARTS], required=True, width=130),
        "examples": column.TextColumn(text("data.head.examples"), width=120),
        "en": column.TextColumn(text("data.head.en"), max_chars=80, width=115),
        "zh": column.TextColumn(text("data.head.zh"), max_chars=80, width=115),
        "level": choice("level", [level.value for level in Level], help=text("data.help.level"), width=80),
        "order": column.ListColumn(text("data.head.order"), help=text("data.help.order"), width=110),
        "missing": choice("missing", [blank.value for blank in Missing], help=text("data.help.missing"), width=100),
        "better": choice("better", ("high", "low"), width=70),
        "split": column.TextColumn(text("data.head.split"), max_chars=3, help=text("data.help.split"), width=70),
    }


def _settings(here: Frame, now: Pending, chosen: Sequence[ColumnRole]) -> Settings:
    """Scale, formula, limits, codes for no answer, time zone, cluster."""
    _follow_score(now, chosen)
    st.markdown(f"#### {here.text('data.meaning')}")
    top, foot = st.columns(4, vertical_alignment="bottom"), st.columns(4, vertical_alignment="bottom")
    numbers, limited = {}, has_limits(st.session_state[f"{PREFIX}formula"])
    for place, name in zip(top, FIELDS, strict=True):
        with place:
            numbers[name] = int(
                st.number_input(here.text(f"data.{name}"), step=1, key=f"{PREFIX}{name}", persist_state="session",
                                disabled=name in LIMITS and not limited)
            )  # fmt: skip
    with foot[0]:
        formula = st.selectbox(
            here.text("data.formula"),
            ALL_FORMULAS,
            key=f"{PREFIX}formula",
            persist_state="session",
            format_func=lambda code: here.text(f"formula.{code}"),
        )
    with foot[1]:
        codes = st.text_input(
            here.text("data.codes"),
            key=f"{PREFIX}codes",
            persist_state="session",
            help=here.text("data.help.codes"),
            max_chars=80,
        )
    with foot[2]:
        zone = _zone(here, now)
    with foot[3]:
        cluster = _cluster(here, now, chosen)
    scale = Scale(numbers["low"], numbers["high"], _whole(codes), numbers["satisfied"], numbers["dissatisfied"])
    return Settings(now.loaded.table, scale, formula, zone, cluster, now.settings.candidates)


def _follow_score(now: Pending, chosen: Sequence[ColumnRole]) -> None:
    """A newly chosen score brings its own scale; what a person has typed for the same score stays."""
    state, column = st.session_state, _score_of(chosen)
    if state.get(f"{PREFIX}scaled") == (column, now.id):
        return
    state[f"{PREFIX}scaled"] = (column, now.id)
    profile = next((c for c in now.profile.columns if c.name == column), None)
    scale = scale_of(profile.name, profile.numbers) if profile else None
    scale = scale or now.settings.scale
    numbers = (scale.low, scale.high, scale.satisfied_from, scale.dissatisfied_to)
    for name, value in zip(FIELDS, numbers, strict=True):
        state[f"{PREFIX}{name}"] = value
    state[f"{PREFIX}codes"] = ", ".join(map(str, scale.codes))
    state[f"{PREFIX}formula"] = scale.formula


def _score_of(chosen: Sequence[ColumnRole]) -> str | None:
    return next((role.column for role in chosen if role.part is Part.SCORE), None)


def _whole(text: str) -> tuple[int, ...]:
    """The whole numbers of a text such as "0, 99"; anything else in it is no code."""
    words = text.replace("，", ",").replace("、", ",").replace(",", " ").split()
    return tuple(dict.fromkeys(int(w) for w in words if w.lstrip("-").isascii() and w.lstrip("-").isdigit()))


def _zone(here: Frame, now: Pending) -> str:
    key = f"{PREFIX}zone"
    st.session_state.setdefault(key, now.settings.timezone)
    zones = [*FIRST_ZONES, *sorted(available_timezones() - set(FIRST_ZONES))]
    return str(st.selectbox(here.text("data.zone"), zones, key=key, persist_state="session"))


def _cluster(here: Frame, now: Pending, chosen: Sequence[ColumnRole]) -> str:
    """The dimension whose members are alike."""
    key = f"{PREFIX}cluster"
    names = {role.name: role.column for role in chosen if role.part is Part.DIMENSION}
    if st.session_state.setdefault(key, now.settings.cluster) not in names:
        st.session_state[key] = ""
    return str(st.selectbox(here.text("data.cluster"), ["", *names], key=key, persist_state="session",
                            help=here.text("data.help.cluster"),
                            format_func=lambda name: names.get(name) or here.text("data.no_cluster")))  # fmt: skip


def _confirm(here: Frame, now: Pending, chosen: Sequence[ColumnRole], settings: Settings) -> None:
    """What is still wrong, the model as it stands, and the way on."""
    _off_scale(here, now, chosen, settings.scale)
    agreed = [_confirmed(here, role) for role in roles.exposed(chosen)]
    wrong, text = roles.problems(now.profile, chosen), ""
    if not wrong:
        try:
            text = roles.composed(chosen, settings, importing.corrections())
            parse_model(text)
        except Problem as problem:
            wrong = [problem.statement]
    for statement in wrong:
        st.warning(here.say(statement), icon=":material/edit:")
    if text:
        with st.expander(here.text("data.preview"), icon=":material/code:", type="compact"):
            st.code(text, language="toml")
    st.session_state.setdefault(f"{PREFIX}name", now.file.stem)
    name = st.text_input(
        here.text("data.name"), key=f"{PREFIX}name", max_chars=80, width=420, persist_state="session"
    )
    with st.container(horizontal=True):
        st.button(
            here.text("data.use"),
            key=f"{PREFIX}use",
            type="primary",
            icon=":material/check:",
            disabled=bool(wrong) or not all(agreed),
            on_click=partial(importing.use, here, name.strip() or now.file.stem, text),
        )
        st.button(here.text("data.put_aside"), key=f"{PREFIX}aside", on_click=importing.put_aside)


def _off_scale(here: Frame, now: Pending, chosen: Sequence[ColumnRole], scale: Scale) -> None:
    column = next((c for c in now.profile.columns if c.name == _score_of(chosen)), None)
    ignored = set(map(float, scale.codes))
    off = sum(n for v, n in column.numbers if not scale.low <= v <= scale.high and v not in ignored) if column else 0
    if off:
        warning = Statement("data.off_scale", {"n": off, "low": scale.low, "high": scale.high})
        st.warning(here.say(warning), icon=":material/straighten:")


def _confirmed(here: Frame, role: ColumnRole) -> bool:
    """The second confirmation for a column that seems to identify a person."""
    looks = here.text(f"data.looks.{role.sensitive}")
    text = here.text("data.sure", column=role.column, looks=looks, part=here.text(f"data.part.{role.part}"))
    return bool(st.checkbox(text, key=f"{PREFIX}sure.{role.column}.{role.part}", persist_state="session"))
