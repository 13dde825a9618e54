"""From a warehouse to a tested model, and the contacts without an answer that it is to judge."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from analysis.risk import protected, said, signs
from analysis.risk.heard import Heard, compared
from analysis.risk.in_time import Slices, slices
from analysis.risk.model import Model, fitted, set_right
from analysis.stats.intervals import Array
from analysis.stats.logit import Skill, skill
from data_access.repeats import Repeats
from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.behaviour import HOURS, Behaviour
from data_access.warehouse.codes import Column


@dataclass(frozen=True)
class Asked:
    """A file's question: the metric and how a bad answer is told, the days to learn from, and those to judge."""

    metric: str
    bad_is_yes: bool
    learned: Period | None
    judged: Period | None


@dataclass(frozen=True)
class Trained:
    """A model with the answers it rests on (`heard`), the contacts it is to judge, and columns left out (`leaks`)."""

    asked: Asked
    heard: Behaviour
    unheard: Behaviour
    names: tuple[str, ...]
    leaks: tuple[str, ...]
    ages: tuple[str, ...]
    units: Mapping[str, str]
    bad: Array
    slices: Slices
    model: Model

    @cached_property
    def heard_columns(self) -> dict[str, Column]:
        return said.columns_of(self.heard)

    @cached_property
    def unheard_columns(self) -> dict[str, Column]:
        return said.columns_of(self.unheard)

    @cached_property
    def share(self) -> Array:
        """The probability of each answer."""
        return self.model.share(self.heard_columns)

    @cached_property
    def beside_unheard(self) -> Heard:
        """The tested answers beside the contacts without one."""
        return compared(self.names, self.heard_columns, self.slices.test, self.unheard_columns, self.bad, self.share)

    @cached_property
    def skill(self) -> Skill:
        """On the last answers, of which nothing was learned."""
        came = self.bad[self.slices.test]
        return skill(self.share[self.slices.test], came, 1 - came)


_LAST: WeakKeyDictionary[Warehouse, tuple[Hashable, SemanticModel, Trained]] = WeakKeyDictionary()


def trained(warehouse: Warehouse, selection: Selection, *, days: int, protect: Sequence[Filter] = ()) -> Trained:
    """A model of the metric's dissatisfied answers; the last one of a warehouse is kept, for whom to contact is asked
    again and again at another cost or capacity. Raises as `risk` does.
    """
    asked = (warehouse.version(), selection.metric, selection.period, selection.filters, days, tuple(protect))
    kept = _LAST.get(warehouse)
    if kept is not None and kept[0] == asked and kept[1] is warehouse.model:
        return kept[2]
    found = _trained(warehouse, selection, days, protect)
    _LAST[warehouse] = asked, warehouse.model, found
    return found


def _trained(warehouse: Warehouse, selection: Selection, days: int, protect: Sequence[Filter]) -> Trained:
    model = warehouse.model
    metric, bad_is_yes = signs.limit_of(model, selection.metric)
    asked = asked_of(warehouse, metric.name, bad_is_yes, selection, days)
    names, ages = signs.sign_names(model, metric), protected.ages_of(model)
    wanted = tuple(dict.fromkeys((*names, *ages)))
    apart = (*protected.filters_of(model, warehouse.members), *protect)
    heard = warehouse.behaviour(metric.name, wanted, asked.learned, (), answered=True, named=asked.judged)
    unheard = warehouse.behaviour(metric.name, wanted, asked.judged, selection.filters, answered=False, apart=apart)
    if not heard.codes.n:
        raise NothingToShow("selection.empty")
    if not unheard.codes.n:
        raise NothingToShow("risk.all_answered")
    units = {name: driver.unit for name, driver in model.drivers.items()}
    return _fitted(asked, heard, unheard, names, ages, units)


def _fitted(
    asked: Asked, heard: Behaviour, unheard: Behaviour, names: Sequence[str], ages: tuple[str, ...],
    units: Mapping[str, str],
) -> Trained:  # fmt: skip
    bad = (heard.x > 0).astype(float) if asked.bad_is_yes else (heard.x <= 0).astype(float)
    ripe = ~heard.young
    cut = slices(np.where(ripe, heard.day, np.nan), np.where(ripe, bad, 0.0))
    columns = said.columns_of(heard)
    leaks = tuple(n for n in names if signs.came_with_answers(n, heard, unheard))
    kept = [n for n in names if n not in leaks and not signs.says_the_same(columns[n], heard.back)]
    used = tuple(n for n in (*said.OWN, *kept) if signs.usable(columns[n], cut.learn))
    if not used:
        raise NothingToShow("risk.no_signs")
    raw = fitted(used, columns, bad, cut.learn)
    right = set_right(raw, columns, bad, cut.right)
    return Trained(asked, heard, unheard, used, leaks, ages, units, bad, cut, right)


def asked_of(warehouse: Warehouse, metric: str, bad_is_yes: bool, selection: Selection, days: int) -> Asked:
    """The days to judge are the last `days` of the period whose customers had time to come back."""
    there, model = warehouse.extent(), warehouse.model
    if model.time is None or there.first is None or there.last is None:
        return Asked(metric, bad_is_yes, None, None)
    end = selection.period.end if selection.period else there.last.date() + timedelta(days=1)
    end = min(end, _ripe_until(warehouse, model, there.last))
    first = min(there.first.date(), end - timedelta(days=1))
    since = max(end - timedelta(days=days), selection.period.start if selection.period else first)
    return Asked(metric, bad_is_yes, Period(first, end), Period(min(since, end - timedelta(days=1)), end))


def _ripe_until(warehouse: Warehouse, model: SemanticModel, last: datetime) -> date:
    """The first day that is too young to tell who came back; the day after the last where nobody can tell."""
    if model.customer_id is None:
        return last.date() + timedelta(days=1)
    return warehouse.judged(_rules(model)).end.date()


def _rules(model: SemanticModel) -> Repeats:
    return replace(model.repeats, windows=(HOURS,))
