"""Evidence on its way to the workshop and back: what is on the screen, with all that is needed to ask it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from analysis.result import Result
from analysis.trace.path import plain
from data_access.access import may_pin
from data_access.selection import Filter, Period, Selection
from data_access.statement import Problem
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, IssueState, Pin
from pages.frame import address, datasets, periods, sidebar
from pages.frame.context import Context, Frame

NEW = ""
OPEN_ISSUE = "workshop.issue"  # the issue the Workshop opens next
LAST = "pin.last"  # the issue last pinned to: the next piece of evidence mostly belongs there too
LIMITS = "limits"  # the option of a pin that holds what its author may see: the whole of a trace from it
DATASET = "data"  # the option of a pin that names its data set; no analysis has one of that name
ASKED = {  # options of a contrast by what its page calls them in the address
    "question": "ask", "against": "against", "method": "method", "threshold": "matters", "complexity": "complexity",
}  # fmt: skip
PAGES = {
    "dose": "drivers",
    "association": "correlation",
    "pair": "correlation",
    "segments": "change",
    "before_after": "trace",
}  # analyses that are a part of another one's page
VIEW_ONLY = ("depth", "segment", "issue")  # what a page showed besides the analysis itself


def pin_button(here: Context, result: Result, place: str) -> None:
    """A form that pins the result to an issue, an old one or a new one; `place` is the part of the page it is on."""
    if not may_pin(here.user):
        return
    with st.popover(here.text("action.pin"), icon=":material/keep:", key=f"pin.open.{place}"):
        try:
            issues = here.store().issues(here.user)
        except Problem as problem:
            st.warning(here.say(problem.statement))
            return
        _form(here, result, {issue.id: issue for issue in issues if issue.state is not IssueState.CLOSED}, place)


def _form(here: Context, result: Result, issues: dict[str, Issue], place: str) -> None:
    options, last = [NEW, *issues], st.session_state.get(LAST)
    with st.form(f"pin.{place}", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            here.text("pin.issue"),
            options,
            key=f"pin.issue.{place}",
            index=options.index(last) if last in options else 0,
            format_func=lambda code: issues[code].title if code else here.text("pin.new"),
        )
        title = st.text_input(
            here.text("pin.title"),
            key=f"pin.title.{place}",
            max_chars=120,
            placeholder=here.plain.say(result.findings[0])[:120],
        )
        if st.form_submit_button(
            here.text("pin.save"), type="primary", icon=":material/keep:", key=f"pin.save.{place}"
        ):
            _save(here, result, chosen, title)


def _save(here: Context, result: Result, issue_id: str, title: str) -> None:
    store = here.store()
    try:
        if issue_id == NEW:
            issue_id = begin(here, pin_of(here, result), title.strip() or here.plain.say(result.findings[0])[:120])
        else:
            store.pin(here.user, issue_id, pin_of(here, result))
    except Problem as problem:
        st.error(here.say(problem.statement))
        return
    st.session_state[OPEN_ISSUE] = st.session_state[LAST] = issue_id
    st.success(here.text("pin.done"), icon=":material/check:")
    here.lead_to("trace", here.text("pin.open_trace"))


def begin(here: Frame, pin: Pin, title: str) -> str:
    """A new issue whose data problem is the pin; answers with its id. Raises Problem where it may not be."""
    store = here.store()
    issue = store.create_issue(here.user, title, data_version=pin.data_version)
    kept = store.pin(here.user, issue.id, pin)
    return store.save_issue(here.user, starting(here, issue, kept)).id


def starting(here: Frame, issue: Issue, pin: Pin) -> Issue:
    """The issue with a pin as its data problem; its path begins with what the pin was narrowed to."""
    return replace(issue, origin=pin.id, path=first_steps(pin), data_version=pin.data_version)


def pin_of(here: Context, result: Result) -> Pin:
    """The result as evidence that can be run again."""
    return Pin(
        method=result.method,
        selection=result.selection,
        data_version=result.data_version,
        options={**result.options, DATASET: here.dataset, **_limits(here)},
        statements=result.findings,
        statistics=dict(result.statistics),
        rows=headline_rows(result.table),
        link=address.link(),
        sql=result.sql,
    )


def dataset_of(pin: Pin) -> str:
    """The data set the evidence was seen in."""
    return str(pin.options.get(DATASET, datasets.CONFIGURED))


def options_of(pin: Pin) -> dict[str, Any]:
    """The options of the analysis, ready to be given to it again."""
    given = {name: value for name, value in pin.options.items() if name not in (DATASET, LIMITS)}
    return given | {"path": path_of(pin)} if "path" in given else given


def _limits(here: Frame) -> dict[str, Any]:
    scope = here.user.scope.filters
    return {LIMITS: plain(scope)} if scope else {}


def limits_of(pin: Pin) -> tuple[Filter, ...]:
    """What the author of a pin may see: numbers of the whole speak of that part of the data."""
    return tuple(Filter(dimension, tuple(values)) for dimension, values in pin.options.get(LIMITS, ()))


def path_of(pin: Pin) -> tuple[Filter, ...]:
    """The path that a pinned trace had gone."""
    return tuple(Filter(dimension, tuple(values)) for dimension, values in pin.options.get("path", ()))


def first_steps(pin: Pin) -> tuple[Filter, ...]:
    """Where a trace begins: the filters of its data problem but for its author's limits, what was open beside it."""
    narrowed = [part for part in pin.selection.filters if part not in limits_of(pin)]
    beside = parse_qs(urlsplit(pin.link).query).get("segment", ["all"])[0]
    by = pin.options.get("by", ())
    if pin.method == "contribution" and len(by) == 1 and beside != "all":
        narrowed.append(Filter(by[0], (address.member_of(beside),)))
    if pin.method == "segments":
        first = next((row for row in pin.rows if row["kind"] == "rate"), {"segment": ()})
        narrowed += [Filter(dimension, (value,)) for dimension, value in first["segment"]]
    return (*narrowed, *path_of(pin))


def link_to(pin: Pin, language: str) -> str:
    """The page, relative to any other, that shows what was pinned: made from the selection, not from a host."""
    content = [("data", dataset_of(pin)), *_selected(pin.selection), *_options(pin.options)]
    stored = parse_qs(urlsplit(pin.link).query)
    content += [(name, stored[name][0]) for name in VIEW_ONLY if name in stored]
    return f"{page_of(pin)}?{urlencode([*content, ('lang', language)])}"


def page_of(pin: Pin) -> str:
    """The page that shows what was pinned."""
    return PAGES.get(pin.method, pin.method)


def _selected(selection: Selection) -> Iterator[tuple[str, str]]:
    yield "metric", selection.metric
    yield from _dated(selection.period, selection.baseline)
    for part in selection.filters:
        name = sidebar.parameter(part.dimension)
        yield from ((name, address.code_of(value)) for value in part.values)


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


def _options(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A page cuts by one dimension; a combination can only be asked headless."""
    by = options.get("by", ())
    if len(by) == 1:
        yield "by", by[0]
    elif not by and "question" in options:
        yield "by", "all"
    if options.get("target") is not None:
        yield "target", f"{options['target']:g}"
    for name, parameter in ASKED.items():
        if name in options:
            yield parameter, options[name] if isinstance(options[name], str) else f"{options[name]:g}"
    for parameter in ("alike", "columns", "hold"):
        yield from ((parameter, name) for name in options.get(parameter, ()))
    for parameter in ("driver", "lines", "preset", "of", "x", "y", "within"):
        if options.get(parameter):
            yield parameter, options[parameter]
