"""Which columns may tell that a customer is dissatisfied? What happened in the contact; never what was said of it.

Left out is whatever was recorded because of the rating: reasons, other questions of the survey, and columns that are
filled where customers answered and hardly ever elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analysis.stats.intervals import Array
from analysis.trail.column_roles import CHANNEL, column_roles, scenario_of, touchpoint_of
from data_access.metrics import Metric
from data_access.semantics import Dimension, Reason, SemanticModel, rate_name
from data_access.statement import BadInput
from data_access.warehouse.behaviour import Behaviour
from data_access.warehouse.codes import Column

KNOWN_FROM = 0.02  # of the answers must have a column for it to be looked at twice
WITH_ANSWER = 0.2  # of that share is the least that others have, unless the column came with the answer
ALIKE = 0.97  # of the contacts: a column that says the same as coming back is no second sign
MOST_MEMBERS = 60


def limit_of(model: SemanticModel, metric: str) -> tuple[Metric, bool]:
    """The rate that counts dissatisfied answers of a metric, and whether its yes is the bad answer.

    Raises BadInput for a metric that no customer was asked for, or without a limit.
    """
    asked = model.metric(metric)
    base = model.metrics.get(asked.of, asked)
    worst = model.metrics.get(rate_name(base.name, base.kind.ends[1]))
    if worst is not None:
        return worst, True
    if asked.unit.is_share and asked.survey:
        return asked, asked.better == "low"
    raise BadInput("risk.no_limit", name={"dimension": metric})


def sign_names(model: SemanticModel, metric: Metric) -> tuple[str, ...]:
    """Drivers, recorded rates, and the dimensions of where and about what a contact was."""
    answers = {m.column for m in model.metrics.values() if m.survey or m.of or not m.unit.is_share}
    answers |= {metric.column, *_columns(model.reasons.values())}
    drivers = [d for d in model.drivers.values() if d.column not in answers]
    taken = answers | {d.column for d in drivers}
    rates = [m for m in model.metrics.values() if not m.repeat and m.column not in taken]
    taken |= {m.column for m in rates}
    dimensions = [d for d in _of_contacts(model) if d.column not in taken]
    return tuple(dict.fromkeys([*(d.name for d in drivers), *(m.name for m in rates), *(d.name for d in dimensions)]))


def _columns(reasons: Iterable[Reason]) -> set[str]:
    return {column for r in reasons for column in (r.column, *(c for _, c in r.columns)) if column}


def _of_contacts(model: SemanticModel) -> list[Dimension]:
    """Touchpoint, channel, scenario and question where names tell them; else all that divide contacts and are no
    persons or units that serve.
    """
    roles, known = column_roles(model), model.dimensions
    channel = next((n for n, d in known.items() if CHANNEL.search(f"{n} {d.column}")), "")
    named = (touchpoint_of(model), channel, scenario_of(model), roles.question or roles.business)
    found = [known[name] for name in dict.fromkeys(filter(None, named)) if name in known]
    serving = {model.agent, model.cluster and known[model.cluster].column if model.cluster in known else None}
    usual = found or [d for d in known.values() if d.column not in serving]
    return [d for d in usual if not d.overlaps]


def came_with_answers(name: str, heard: Behaviour, unheard: Behaviour) -> bool:
    """Whether a column is filled where customers answered, and hardly ever where they did not."""
    with_answer, without = (_filled(b.codes.columns[name]) for b in (heard, unheard))
    return with_answer >= KNOWN_FROM and without < WITH_ANSWER * with_answer


def _filled(column: Column) -> float:
    """The share of contacts in which something is recorded; where a blank counts as none, in which it is not none."""
    known = column.codes >= 0
    if column.policy in ("no", "zero"):
        known &= np.append(np.asarray(column.values, dtype=float) != 0, False)[column.codes]
    return float(np.mean(known)) if len(known) else 0.0


def says_the_same(column: Column, back: Array) -> bool:
    """Whether a column of yes and no is that of coming back, by another name."""
    if isinstance(column.values, tuple) or not set(column.values.tolist()) <= {0.0, 1.0}:
        return False
    both = (column.codes >= 0) & ~np.isnan(back)
    values = np.append(column.values, np.nan)[column.codes]
    return bool(both.any() and np.mean(values[both] == back[both]) >= ALIKE)


def usable(column: Column, rows: Array) -> bool:
    """Whether a column differs among some contacts, in not too many names."""
    codes = column.codes[rows]
    few = not isinstance(column.values, tuple) or len(column.values) <= MOST_MEMBERS
    return few and len(codes) > 0 and bool((codes != codes[0]).any())
