"""A finished example on the screen: its story on one page, then the record itself in the four steps, read-only."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from analysis.trace import trace
from data_access.access import may_edit_issue
from data_access.workshop.records import Pin
from data_access.workshop.tracing import Trace
from pages.frame import address, kept
from pages.frame.context import Context, Frame
from pages.record import heading, history, issue_data, open_issue, steps
from pages.record.examples import offer, shelf
from pages.record.examples.recipes import RECIPES, Recipe
from pages.record.plan import lift as lifts
from pages.report import pinning, report
from pages.words.format import sentences


def draw(here: Frame, name: str) -> None:
    """The same parts as of any issue, with a reader before them and a file behind them that is only read."""
    address.write(offer.LINK, name)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(here.text("example.back"), icon=":material/arrow_back:", type="tertiary", key="example.back"):
            offer.close()
        offer.small(here, key="example.others", label="example.others")
    over = shelf.taken_out(shelf.over_sample(here), name)
    (row,) = over.store().traces(over.user)
    whole = issue_data.over(over, row)
    st.title(over.text(f"example.{name}.title"), anchor=False)
    badge = f":blue-badge[:material/school: {over.text('example.badge')}]"
    st.markdown(f"{badge} :small[:gray[{over.text('example.note')}]]")
    if whole is not None:
        _story(whole, row, name)
    _yourself(here, row)
    _record(over, row, whole)


def _story(over: Context, row: Trace, name: str) -> None:
    """What was seen, why the obvious guess was wrong, what was done: in words, and in what the data answered."""
    recipe, pins = RECIPES[name], row.pins
    located = report.attempt(over, trace, path=recipe.path)
    kept_loss = [over.say(statement) for statement in located.findings[:1]] if located else []
    quoted = {
        "seen": [*_first(over, pins, recipe), *_said(over, pins, recipe, "seen"), *kept_loss],
        "guess": _said(over, pins, recipe, "guess"),
        "done": [*_said(over, pins, recipe, "root"), *_remedy(over, row)],
    }
    for part, lines in quoted.items():
        st.markdown(f"## {over.text(f'example.part.{part}')}")
        st.markdown(over.text(f"example.{name}.{part}"))
        st.markdown("\n".join(f"- {line}" for line in lines))


def _said(over: Context, pins: Sequence[Pin], recipe: Recipe, step: str) -> list[str]:
    """What the answers say on which a why of the story stands."""
    why = recipe.whys[step]
    statements = [pins[place].statements[number] for place in why.stands_on for number in why.quoted
                  if number < len(pins[place].statements)]  # fmt: skip
    return [over.words.recall(statement) for statement in statements]


def _first(over: Context, pins: Sequence[Pin], recipe: Recipe) -> list[str]:
    """What the data problem itself says, where the first why stands on another answer."""
    return [] if 0 in recipe.whys["seen"].stands_on else [sentences(map(over.words.recall, pins[0].statements[:2]))]


def _remedy(over: Context, row: Trace) -> list[str]:
    """What the plan would bring, by the formula that the form of a plan shows."""
    told = []
    for plan in row.plans:
        segment = lifts.of_path(over, plan.segment)
        if segment is not None and plan.target_value is not None and plan.expected_lift is not None:
            unit = segment.metric.unit
            told.append(over.text(
                "workshop.lift_formula", segment=segment.name, share=segment.share, target=plan.target_value,
                unit=unit, lift=lifts.in_words(over, plan.expected_lift, unit),
            ))  # fmt: skip
    return told


def _yourself(here: Frame, row: Trace) -> None:
    """To the first page of the trace with its selection, where the pages work on the sample."""
    if row.origin is None or not may_edit_issue(here.user):
        return
    if not shelf.is_configured(here.settings):
        st.caption(here.text("example.other_data"))
        return
    if st.button(here.text("example.yourself"), icon=":material/play_arrow:", type="primary", key="example.yourself"):
        asked = parse_qs(urlsplit(pinning.link_to(row.origin, here.words.language)).query)
        offer.leave()
        st.session_state.pop(address.WRITTEN, None)
        st.switch_page(here.pages[pinning.page_of(row.origin)], query_params=asked)


def _record(over: Context, row: Trace, whole: Context | None) -> None:
    """The issue as it is kept: what was pinned, the path, the whys with their evidence, the plan."""
    st.markdown(f"## {over.text('example.record')}")
    kept.read(over, row.issue.id)
    step = steps.stepper(over, row, begins=steps.STEPS[0])
    heading.summary(over, row, whole, at=step)
    open_issue.STEPS[step](over, row, whole)
    history.history(over, over.store(), row.issue)
