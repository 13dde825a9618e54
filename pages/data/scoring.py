"""How is the score read? Its column, scale and formula, codes for no answer; and what holds for the whole table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.files.compose import Settings
from data_access.files.roles import ColumnRole, Part
from data_access.files.scales import Scale
from data_access.files.score import score_scale
from data_access.metric_file import ALL_FORMULAS, LIMITS, has_limits
from data_access.statement import Statement
from pages.data import importing
from pages.data.importing import PREFIX, Pending
from pages.frame.context import Frame

FIRST_ZONES = ("Asia/Shanghai", "UTC")
ENDS = ("low", "high")


def draw(here: Frame, now: Pending, chosen: Sequence[ColumnRole]) -> Settings:
    """The score's column and scale; below, on demand, limits, formula, codes for no answer, time zone, cluster."""
    _follow_score(now, chosen)
    st.markdown(f"### {here.text('data.meaning')}")
    column, *ends, best = st.columns([4, 2, 2, 3], vertical_alignment="bottom")
    with column:
        _column(here, now, chosen)
    low, high = (
        _whole_number(here, place, name, on_change=_say_scale) for place, name in zip(ends, ENDS, strict=True)
    )
    with best:
        turned = _best_end(here, low, high)
    with st.expander(here.text("data.score_more"), type="compact"):
        left, right = st.columns(2, gap="large")
        with left:
            formula, codes = _formula(here), _codes(here)
        satisfied, dissatisfied = (_whole_number(here, left, name, off=not has_limits(formula)) for name in LIMITS)
        with right:
            zone, cluster = _zone(here, now), _cluster(here, now, chosen)
    scale = Scale(low, high, codes, satisfied, dissatisfied, turned=turned)
    return replace(now.settings, scale=scale, formula=formula, timezone=zone, cluster=cluster)


def _column(here: Frame, now: Pending, chosen: Sequence[ColumnRole]) -> None:
    """Which column is the score; another one gets its own scale."""
    key, score = f"{PREFIX}score", _score_of(chosen)
    numbers = [c.name for c in now.profile.columns if c.is_number]
    st.session_state[key] = score if score in numbers else None
    st.selectbox(
        here.text("data.ask.score"),
        numbers,
        key=key,
        index=None,
        placeholder=here.text("data.ask.no_score"),
        on_change=_say_score,
        args=(key, score),
    )


def _say_score(key: str, before: str | None) -> None:
    """Another column becomes the score: what was said of its part and of the scale before means nothing any more."""
    column = st.session_state[key]
    for name in filter(None, (before, column)):
        importing.corrections().get(name, {}).pop("part", None)
    if column is None and before is not None:
        importing.corrections().setdefault(before, {})["part"] = Part.IGNORED.value
        return
    importing.draft_again(score=column, scale=None, worst=None)


def _say_scale() -> None:
    """The ends of the scale as a person sees them: codes and limits follow. Ends that cannot be say so."""
    low, high = (int(st.session_state[f"{PREFIX}{name}"]) for name in ENDS)
    turned = st.session_state[f"{PREFIX}turned"]
    if low < high:
        importing.draft_again(scale=(low, high), worst=high if turned else low)


def _best_end(here: Frame, low: int, high: int) -> bool:
    """Whether the lowest number is the best answer."""
    return bool(
        st.selectbox(
            here.text("data.best"),
            (False, True),
            key=f"{PREFIX}turned",
            persist_state="session",
            format_func=lambda turned: str(low if turned else high),
            on_change=_say_scale,
        )
    )


def _whole_number(
    here: Frame, place: DeltaGenerator, name: str, *, off: bool = False, on_change: Callable[[], None] | None = None
) -> int:
    key = f"{PREFIX}{name}"
    return int(place.number_input(here.text(f"data.{name}"), step=1, key=key, persist_state="session", disabled=off,
                                  on_change=on_change))  # fmt: skip


def _formula(here: Frame) -> str:
    return st.selectbox(here.text("data.formula"), ALL_FORMULAS, key=f"{PREFIX}formula", persist_state="session",
                        format_func=lambda code: here.text(f"formula.{code}"))  # fmt: skip


def _codes(here: Frame) -> tuple[int, ...]:
    return _whole(st.text_input(here.text("data.codes"), key=f"{PREFIX}codes", persist_state="session", max_chars=80,
                                help=here.text("data.help.codes")))  # fmt: skip


def _follow_score(now: Pending, chosen: Sequence[ColumnRole]) -> None:
    """A newly chosen score brings its own scale; what a person has typed for the same score stays."""
    state, column = st.session_state, _score_of(chosen)
    if state.get(f"{PREFIX}scaled") == (column, now.id, now.asked):
        return
    state[f"{PREFIX}scaled"] = (column, now.id, now.asked)
    settings = _guessed(now, column)
    scale = settings.scale
    numbers = (scale.low, scale.high, scale.satisfied_from, scale.dissatisfied_to)
    for name, value in zip((*ENDS, *LIMITS), numbers, strict=True):
        state[f"{PREFIX}{name}"] = value
    state[f"{PREFIX}turned"] = scale.turned
    state[f"{PREFIX}codes"] = ", ".join(map(str, scale.codes))
    state[f"{PREFIX}formula"] = settings.formula


def _guessed(now: Pending, column: str | None) -> Settings:
    """The scale and formula that a column would have as the score."""
    profile = next((c for c in now.profile.columns if c.name == column), None)
    if profile is None or any(r.column == column and r.part is Part.SCORE for r in now.roles):
        return now.settings
    scale = score_scale(profile)
    return replace(now.settings, scale=scale, formula=scale.formula) if scale else now.settings


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
    names = {role.name: role.column for role in chosen if role.is_dimension}
    if st.session_state.setdefault(key, now.settings.cluster) not in names:
        st.session_state[key] = ""
    return str(st.selectbox(here.text("data.cluster"), ["", *names], key=key, persist_state="session",
                            help=here.text("data.help.cluster"),
                            format_func=lambda name: names.get(name) or here.text("data.no_cluster")))  # fmt: skip


def off_scale(now: Pending, chosen: Sequence[ColumnRole], scale: Scale) -> Statement | None:
    """How many answers lie outside the scale as it stands."""
    column = next((c for c in now.profile.columns if c.name == _score_of(chosen)), None)
    ignored = set(map(float, scale.codes))
    off = sum(n for v, n in column.numbers if not scale.low <= v <= scale.high and v not in ignored) if column else 0
    return Statement("data.off_scale", {"n": off, "low": scale.low, "high": scale.high}) if off else None
