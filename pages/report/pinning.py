"""Evidence on its way to the workshop and back: what is on the screen, with all that is needed to ask it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from analysis.result import Result
from analysis.trace.path import merged, ordered
from data_access.access import may_pin
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, Problem
from data_access.workshop.codec import canonical, headline_rows, plain
from data_access.workshop.drafts import Draft
from data_access.workshop.records import Issue, IssueState, Pin
from data_access.workshop.tracing import DATASET, dataset_of
from pages.frame import address, kept, periods, top
from pages.frame.context import Context, Frame
from pages.report import group_issue
from pages.words.links import parameter
from pages.words.methods import known, presentation_of
from pages.words.options import code_of

NEW = ""
OPEN_ISSUE = "workshop.issue"  # the issue the Workshop opens next
LAST = "pin.last"  # the issue last pinned to: the next piece of evidence mostly belongs there too


def pin_button(here: Context, result: Result, place: str, *, called: str = "") -> None:
    """A form that pins the result to an issue, an old one or a new one; `place` is the part of the page it is on.

    called: the title of a new issue until somebody types one, where that names a part of the data.
    """
    if not may_pin(here.user):
        return
    with st.popover(here.text("action.pin"), icon=":material/keep:", key=f"pin.open.{place}"):
        try:
            issues = here.store().issues(here.user)
            kept.read(here)
        except Problem as problem:
            st.warning(here.say(problem.statement))
            return
        if here.user.attends:
            _group_form(here, result, place, called)
            return
        _form(
            here, result, {issue.id: issue for issue in issues if issue.state is not IssueState.CLOSED}, place, called
        )


@kept.form
def _group_form(here: Context, result: Result, place: str, called: str) -> None:
    """In a class nothing is chosen: what a group pins goes to its one issue, which the first pin begins."""
    if not here.user.groups:
        st.info(here.text("pin.no_group"), icon=":material/group_add:")
        return
    done, issue = st.empty(), group_issue.of(here)  # what was done stands first: below, a low screen would hide it
    st.caption(here.text("pin.to_group", title=issue.title) if issue else here.text("pin.begins_group"))
    if st.button(here.text("pin.save"), type="primary", icon=":material/keep:", key=f"pin.save.{place}"):
        with done.container():
            _save(here, result, NEW, "", called)


@kept.form
def _form(here: Context, result: Result, issues: dict[str, Issue], place: str, called: str) -> None:
    options = [NEW, *issues]
    _preselect(options, place)
    chosen = st.selectbox(
        here.text("pin.issue"),
        options,
        key=f"pin.issue.{place}",
        format_func=lambda code: issues[code].title if code else here.text("pin.new"),
    )
    about = Draft(kind="pin", subject_id="pin", field=f"{place}.title"[-40:], content="")
    title = kept.line(here, here.text("pin.title"), about, f"pin.title.{place}", max_chars=120,
                      placeholder=called or asked(here, result))  # fmt: skip
    if st.button(here.text("pin.save"), type="primary", icon=":material/keep:", key=f"pin.save.{place}"):
        done = st.session_state[f"pin.saved.{place}"] = _save(here, result, chosen, title.strip(), called)
        if done:
            kept.drop(here, about)


def _preselect(options: list[str], place: str) -> None:
    """Offer the issue last pinned to, once it is another than before; the person sees it and may choose anew."""
    state, last = st.session_state, st.session_state.get(LAST)
    if state.pop(f"pin.saved.{place}", False):
        state[f"pin.title.{place}"] = ""
    if last in options and state.get(f"pin.preselected.{place}") != last:
        state[f"pin.preselected.{place}"] = state[f"pin.issue.{place}"] = last
    elif state.get(f"pin.issue.{place}") not in options:
        state[f"pin.issue.{place}"] = NEW


def _save(here: Context, result: Result, issue_id: str, title: str, called: str) -> bool:
    """Pin to an issue, which says so, or that it is there already. Returns whether it was pinned now."""
    store, pin = here.store(), pin_of(here, result)
    try:
        if own := group_issue.of(here):
            issue_id = own.id
        if issue_id == NEW:
            by_itself = asked(here, result)
            issue_id = begin(here, pin, title or called or by_itself, asked=by_itself if called and not title else "")
        elif _is_there(here, issue_id, pin):
            st.info(here.text("pin.already_group" if here.user.attends else "pin.already"), icon=":material/info:")
            return False
        else:
            store.pin(here.user, issue_id, pin)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return False
    st.session_state[OPEN_ISSUE] = st.session_state[LAST] = issue_id
    st.success(here.text("pin.done_group" if here.user.attends else "pin.done"), icon=":material/check:")
    if here.user.attends:
        here.lead_to("class", here.text("pin.open_board"))
    here.lead_to("trace", here.text("pin.open_trace"))
    return True


def asked(here: Context, result: Result) -> str:
    """What an issue is called by itself: what was asked, never what was found; others may not see all of the data."""
    metric = here.names.of_dimension(result.metric)
    question = here.plain.text(presentation_of(result.method).question)
    return here.plain.text("pin.asked", question=question, metric=metric, period=result.selection.period)[:120]


def begin(here: Frame, pin: Pin, title: str, *, asked: str = "", once: bool = False) -> str:
    """A new issue whose data problem is the pin; answers with its id. Raises Problem where it may not be.

    asked: its title for those who may not see all of the data, where `title` names a part of them. once: the open
    issue that begins with the same evidence, where there is one. In a class the pin goes to the issue of the group.
    """
    store, own = here.store(), group_issue.of(here)
    if own:
        if not _is_there(here, own.id, pin):
            store.pin(here.user, own.id, pin)
        return own.id
    begun = store.begin(here.user, title, pin, path_of(here, pin), asked=asked, once=once)
    return group_issue.settled(here, begun, pin) if here.user.attends else begun.id


def starting(here: Frame, issue: Issue, pin: Pin) -> Issue:
    """The issue with a pin as its data problem; its path begins with what the pin was narrowed to."""
    return replace(issue, origin=pin.id, path=path_of(here, pin), data_version=pin.data_version)


def path_of(here: Frame, pin: Pin) -> tuple[Filter, ...]:
    """Where a path begins, in the order in which it can be walked."""
    steps = first_steps(pin)
    if not isinstance(here, Context):
        return merged(steps)
    try:
        return ordered(here.warehouse.model, steps)
    except BadInput:
        return merged(steps)  # a pin of other data: their model knows these names


def pin_of(here: Context, result: Result) -> Pin:
    """The result as evidence that can be run again."""
    return Pin(
        method=result.method,
        selection=result.selection,
        data_version=result.data_version,
        options={**result.options, DATASET: here.dataset},
        statements=result.findings,
        statistics=dict(result.statistics),
        rows=headline_rows(result.table),
        link=address.link(),
        sql=result.sql,
    )


def _is_there(here: Frame, issue_id: str, pin: Pin) -> bool:
    return any(is_alike(other, pin) for other in here.store().pins(here.user, issue_id))


def is_alike(one: Pin, other: Pin) -> bool:
    """Whether two pins show the same: the same analysis of the same selection of the same version of the data."""
    asked = [(p.method, canonical(p.selection), p.data_version, plain(dict(p.options))) for p in (one, other)]
    return asked[0] == asked[1]


def options_of(pin: Pin) -> dict[str, Any]:
    """The options as a result has them."""
    return {name: value for name, value in pin.options.items() if name != DATASET}


def asked_of(pin: Pin) -> dict[str, Any]:
    """The options as the analysis takes them; one that it does not take is said of it alone."""
    options = presentation_of(pin.method).options
    return {o.name: o.restored(pin.options[o.name]) for o in options if o.name in pin.options}


def first_steps(pin: Pin) -> tuple[Filter, ...]:
    """Where a path begins: the filters of the data problem but for its author's limits, then what was open beside."""
    shown, narrowed = known(pin.method), (part for part in pin.selection.filters if part not in pin.scope)
    beside = shown.start(pin) if shown and shown.start else ()
    path = asked_of(pin).get(shown.path.name, ()) if shown and shown.path else ()
    return (*narrowed, *beside, *path)


def link_to(pin: Pin, language: str) -> str:
    """The page, relative to any other, that shows what was pinned: made from the selection, not from a host."""
    selected = (*_measured(pin), *_selected(pin.selection))
    content = [("data", dataset_of(pin)), *selected, *_asked(pin), *_viewed(pin), ("lang", language)]
    return f"{page_of(pin)}?{urlencode(content)}"


def page_of(pin: Pin) -> str:
    """The page that shows what was pinned."""
    shown = known(pin.method)
    return shown.shown_on if shown else pin.method


def _asked(pin: Pin) -> Iterator[tuple[str, str]]:
    """The options of the analysis as its page takes them."""
    shown = known(pin.method)
    for option in shown.options if shown else ():
        if option.link and option.name in pin.options:
            yield from ((option.link, value) for value in option.written(pin.options[option.name]))


def _viewed(pin: Pin) -> Iterator[tuple[str, str]]:
    """What the page showed besides the analysis, as its link says."""
    shown, stored = known(pin.method), parse_qs(urlsplit(pin.link).query)
    for name in ("depth", *(shown.view if shown else ())):
        if name in stored:
            yield name, stored[name][0]


def _measured(pin: Pin) -> Iterator[tuple[str, str]]:
    """The metric, or the driver in its place beside the metric of the page."""
    shown, stored, metric = known(pin.method), parse_qs(urlsplit(pin.link).query), pin.selection.metric
    if shown and shown.measure and stored.get(shown.measure) == [metric] and "metric" in stored:
        yield shown.measure, metric
        metric = stored["metric"][0]
    yield "metric", metric


def _selected(selection: Selection) -> Iterator[tuple[str, str]]:
    yield from _dated(selection.period, selection.baseline)
    for part in selection.filters:
        name = parameter(part.dimension)
        yield from ((name, code_of(value)) for value in part.values)


def _dated(period: Period | None, baseline: Period | None) -> Iterator[tuple[str, str]]:
    if period is None:
        yield "from", periods.ALL
        return
    yield from (("from", period.start.isoformat()), ("to", period.end.isoformat()))
    codes = (periods.PREVIOUS, periods.YEAR, periods.NONE)
    code = next(
        (c for c in codes if periods.baseline(c, period, (period.start, period.end)) == baseline), periods.OWN
    )
    yield "base", code
    if code == periods.OWN and baseline:
        yield from (("base_from", baseline.start.isoformat()), ("base_to", baseline.end.isoformat()))
