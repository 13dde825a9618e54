"""What to do today, in order and with a name: overdue plans, new signals, data that must be looked into first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.result import Result
from pages.frame.context import Context
from pages.monitor.alerts import health, plans
from pages.monitor.alerts.choices import Morning
from pages.monitor.alerts.plans import Plans
from pages.monitor.alerts.signal import Signalled
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

NAMED = 3  # signals
SHOWN = 7  # that a person takes in at a glance


@dataclass(frozen=True)
class Task:
    """In Markdown: what is to be done, by whom, and since when or by when."""

    what: str
    who: str
    when: str


def draw(
    here: Context,
    place: DeltaGenerator,
    morning: Morning,
    due: Plans,
    data: Result | None = None,
    signalled: Signalled | None = None,
    owners: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """The answer and the list, as far as they are known; what is still being looked at is said.

    owners: who could act on a signal, by its key.
    """
    tasks = [*_late(here, due), *_new(here, signalled, owners), *_data(here, data), *_verdicts(here, due)]
    with place.container():
        st.markdown(f"## {_answer(here, due, data, signalled, len(tasks))}")
        said = [_quiet(here, signalled), _stale(here, morning)]
        if any(said):
            st.markdown(sentences(filter(None, said)))
        for number, task in enumerate(tasks[:SHOWN], start=1):
            _line(here, number, task)
        if len(tasks) > SHOWN:
            st.caption(here.text("alerts.more_tasks", more=len(tasks) - SHOWN))
        if signalled is None:
            st.caption(here.text("alerts.looking"))


def _line(here: Context, number: int, task: Task) -> None:
    what, who, when = st.columns([8, 4, 3], gap="small", vertical_alignment="center")
    what.markdown(f"**{number}** \u2002 {task.what}")
    who.markdown(f":material/person: {task.who}")
    when.markdown(task.when)


def _answer(here: Context, due: Plans, data: Result | None, signalled: Signalled | None, tasks: int) -> str:
    """How much there is to do, of what."""
    new = len(signalled.new) if signalled else 0
    act = data.statistics["act"] if data else 0
    verdicts = sum(one.verdict_due for one in due.due if not one.late)
    if not tasks:
        return here.text("alerts.nobody" if signalled else "alerts.nobody_yet")
    counts = (("late", len(due.late)), ("new", new), ("data", act), ("verdicts", verdicts))
    parts = [here.text(f"alerts.count.{name}", count=count) for name, count in counts if count]
    return here.text(
        "alerts.somebody", tasks=sum(count for _, count in counts), parts=here.text("format.list_comma").join(parts)
    )


def _quiet(here: Context, signalled: Signalled | None) -> str:
    """That nothing changed is a result; so is how much was watched."""
    if signalled is None or signalled.result is None:
        return ""
    return here.say(signalled.result.findings[0])


def _stale(here: Context, morning: Morning) -> str:
    if morning.age > 0 and morning.is_latest:
        return here.text("alerts.stale", day=morning.day, days=morning.age)
    return "" if morning.is_latest else here.text("alerts.seen_again", day=morning.day)


def _late(here: Context, due: Plans) -> Iterator[Task]:
    """By owner, the one with the longest delay first, so that one name stands together."""
    owners = list(dict.fromkeys(plans.who(here, one) for one in due.late))
    for one in sorted(due.late, key=lambda late: owners.index(plans.who(here, late))):
        what = here.text("alerts.do.plan", action=one.plan.action)
        yield Task(what, escape_markdown(plans.who(here, one)), plans.when(here, one))


def _verdicts(here: Context, due: Plans) -> Iterator[Task]:
    for one in due.due:
        if one.verdict_due and not one.late:
            what = here.text("alerts.do.verdict", action=one.plan.action)
            yield Task(what, escape_markdown(plans.who(here, one)), plans.when(here, one))


def _new(here: Context, signalled: Signalled | None, owners: Mapping[str, str]) -> Iterator[Task]:
    """The strongest by name; the others together."""
    new = signalled.new if signalled else ()
    for signal in new[:NAMED]:
        owner = owners.get(signal.key, "")
        who = here.text("alerts.role.likely", owner={"owner": owner}) if owner else here.text("alerts.role.analyst")
        yield Task(here.text("alerts.do.signal", what=signal.name), who, here.text("alerts.since", day=signal.since))
    if len(new) > NAMED:
        more = here.text("alerts.do.signals", more=len(new) - NAMED)
        yield Task(more, here.text("alerts.role.analyst"), "")


def _data(here: Context, data: Result | None) -> Iterator[Task]:
    if data is None:
        return
    for row in data.table[data.table["state"] == "act"].to_dict("records"):
        yield Task(health.sentence(here, row), here.text("alerts.role.data"), "")
