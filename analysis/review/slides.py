"""All slides of a meeting, in the order of its agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from analysis.result import Result
from analysis.review.causes import causes
from analysis.review.changes import Agreed, Alert, alerts, alerts_of, headline
from analysis.review.kept import KEPT
from analysis.review.names import Data, with_names
from analysis.review.people import persons_of, slide_without_people
from analysis.review.promises import Promise, pages_of, promises_of, why_again
from analysis.review.verdicts import MOST, judged_of, slides_of_plan
from data_access.access import User
from data_access.selection import Selection
from data_access.statement import NothingToShow, Problem, Statement
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide
from data_access.workshop.store import Store
from data_access.workshop.tracing import CONFIGURED, Trace

Ask = Callable[..., Result]
DataOf = Callable[[str], Data]
Progress = Callable[[AgendaStep, float], None]
MOST_REOPENED = 3


def meeting_slides(
    ask: Ask,
    selection: Selection,
    store: Store,
    user: User,
    *,
    data_of: DataOf,
    dataset: str = CONFIGURED,
    today: date,
    progress: Progress = lambda step, share: None,
) -> tuple[MeetingSlide, ...]:
    """The slides of a meeting over a question, numbered from 1; each holds all its numbers and the names of them.

    ask: `ask(analysis, selection, **options)` answers over the data, narrowed to what the user may see. selection:
    the week against the weeks before (`week.of_week`). data_of: the model and labels of a data set, as the issues
    name them; raises Problem where it is not here. What cannot be answered is left out, but for the headline.

    Raises: NothingToShow without an answer in the week; Unreachable.
    """
    slides = list(_slides(ask, selection, store, user, data_of, dataset, today, progress))
    return tuple(replace(slide, number=number) for number, slide in enumerate(slides, 1))


def _slides(
    ask: Ask, selection: Selection, store: Store, user: User, data_of: DataOf, dataset: str, today: date,
    progress: Progress,
) -> Iterator[MeetingSlide]:  # fmt: skip
    own = data_of(dataset)
    for slide in _of_data(ask, selection, own, progress, _agreed(store, user, dataset)):
        yield shareable(slide, own)
    traces = store.traces(user)
    progress(AgendaStep.PROMISES, 0.0)
    yield from _promises(store, user, traces, today, data_of)
    progress(AgendaStep.VERDICTS, 0.0)
    judged = judged_of(traces, today)
    for place, (trace, plan) in enumerate(judged[:MOST]):
        (whole,) = store.traces(user, trace.issue.id)
        data = _data(data_of, trace)
        for slide in slides_of_plan(whole, plan, data):
            yield shareable(slide, data)
        progress(AgendaStep.VERDICTS, (place + 1) / min(len(judged), MOST))
    progress(AgendaStep.ACTIONS, 1.0)
    yield MeetingSlide(step=AgendaStep.ACTIONS, kind="actions")


def _agreed(store: Store, user: User, dataset: str) -> Agreed:
    frozen = store.watch_baseline(user, dataset)
    return Agreed(judged=store.feedback(user, dataset), rebased=store.rebases(user, dataset),
                  baseline=frozen.period if frozen else None)  # fmt: skip


def _of_data(ask: Ask, selection: Selection, own: Data, progress: Progress, agreed: Agreed) -> Iterator[MeetingSlide]:
    """What the week says: changes and their likely causes."""
    progress(AgendaStep.CHANGES, 0.0)
    whole, first = headline(ask, selection, own.model)
    yield first
    progress(AgendaStep.CHANGES, 0.5)
    found: Sequence[Alert] = ()
    with suppress(NothingToShow):
        slide = alerts(ask, selection, own.model, whole, agreed)
        found = [alert for alert in alerts_of(slide) if not alert.is_small]
        yield slide
    progress(AgendaStep.CAUSES, 0.0)
    yield from causes(ask, selection, own.model, found)


def _promises(
    store: Store, user: User, traces: Sequence[Trace], today: date, data_of: DataOf
) -> Iterator[MeetingSlide]:
    promises = promises_of(traces, store.date_changes(user), today)
    pages = pages_of([promise.row() for promise in promises])
    for place, rows in enumerate(pages):
        kept = {"page": place + 1, "pages": len(pages), "count": len(promises), "as_of": today}
        yield MeetingSlide(step=AgendaStep.PROMISES, kind="promises", options={KEPT: kept}, rows=tuple(rows))
    by_issue = {trace.issue.id: trace for trace in traces}
    for promise in [one for one in promises if one.reopened_on][:MOST_REOPENED]:
        why = why_again(store.history(user, promise.issue.id)).get(promise.plan.id)
        yield shareable(_reopened(promise, why), _data(data_of, by_issue[promise.issue.id]))


def _reopened(promise: Promise, why: Statement | None) -> MeetingSlide:
    return MeetingSlide(
        step=AgendaStep.PROMISES, kind="reopened", statements=(why,) if why else (), rows=(promise.row(),),
        options={KEPT: {"action": promise.plan.action}}, subject=promise.plan.id,
    )  # fmt: skip


def _data(data_of: DataOf, trace: Trace) -> Data | None:
    try:
        return data_of(trace.dataset)
    except Problem:
        return None


def shareable(slide: MeetingSlide, data: Data | None) -> MeetingSlide:
    """The slide without single people and with its names; without its data nothing of it is told by members."""
    if data is None:
        return replace(slide, selection=replace(slide.selection, filters=()), rows=tuple(
            {name: value for name, value in row.items() if name != "path"} for row in slide.rows
        ))  # fmt: skip
    return with_names(slide_without_people(slide, persons_of(data.model)), data)
