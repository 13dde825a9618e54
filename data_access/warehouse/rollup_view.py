"""What does a rollup hold? Contacts that are alike put together: a row stands for as many as it says.

Alike are those of one day (or month, or hour) and of the same members of some dimensions. Where a view is `valued`,
also those with the same value in the main metric's column and the same flags, so that whatever can be asked of the
contacts can be asked of the rows. All other measures are kept as sums: answers, values and their squares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from data_access.labels import Labels
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.semantics import SCORE, Level, Reason, SemanticModel

MANIFEST = "manifest"
TIMES, HALF = "satrace_contacts", "satrace_half"
GRAINS = ("month", "day", "hour")  # from coarse to fine
OF_DAYS = ("day", "week", "weekday", "day_of_month")


@dataclass(frozen=True, kw_only=True)
class View:
    """One table of rows put together. grain: what is kept of the time, "" where the model has none.

    halved: also by the half of the contacts that the search for segments confirms with. since: the first day
    covered, as an ISO date; "" for all there are.
    """

    name: str
    grain: str
    dimensions: tuple[str, ...]
    valued: bool
    halved: bool = False
    since: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> View:
        kept = json.loads(text)
        return cls(**{**kept, "dimensions": tuple(kept["dimensions"])})


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a question asks of a view. metrics: each by name; valued: its single values count, not only their sums.

    dimensions: of cuts, filters and scope, clusters included. periods: None is all there is.
    """

    metrics: tuple[str, ...] = ()
    dimensions: frozenset[str] = frozenset()
    periods: tuple[Period | None, ...] = (None,)
    valued: bool = False
    halved: bool = False


def main_metric(model: SemanticModel) -> Metric | None:
    """The metric whose values are kept apart: the score, else the first that is a column with an end."""
    known = [model.metrics[SCORE]] if SCORE in model.metrics else list(model.metrics.values())
    return next((m for m in known if not m.repeat and not m.since and m.unit.is_bounded), None)


def measures(model: SemanticModel) -> dict[str, Metric]:
    """All that a rollup can sum, by name: metrics and interval drivers; no metric of what happens afterwards."""
    drivers = [name for name, driver in model.drivers.items() if driver.level is Level.INTERVAL]
    names = dict.fromkeys([*model.metrics, *drivers])
    return {name: model.measure(name) for name in names if not model.measure(name).repeat}


def kept_apart(model: SemanticModel, view: View) -> frozenset[str]:
    """The metrics whose single values a view keeps."""
    main = main_metric(model)
    if main is None or not view.valued:
        return frozenset()
    of_column = {name: m for name, m in measures(model).items() if _is_alike(m, main)}
    return frozenset(name for name, m in of_column.items() if {f.dimension for f in m.where} <= set(view.dimensions))


def _is_alike(metric: Metric, main: Metric) -> bool:
    """Whether a metric counts the same column by its values, of which there are few."""
    return metric.column == main.column and not metric.since and metric.unit.is_bounded


def kept_as_sums(model: SemanticModel, view: View) -> dict[str, str]:
    """Measures that a view keeps as sums, and how their columns begin."""
    apart = kept_apart(model, view)
    return {name: f"s{i}" for i, name in enumerate(measures(model)) if name not in apart}


def columns_of(model: SemanticModel, dimensions: Iterable[str]) -> list[str]:
    """The columns of the table that the members of dimensions stand in; none of those of time."""
    chosen = [model.dimension(name) for name in dimensions]
    return [column for d in chosen for column in (*(c for _, c in d.columns), d.column) if column]


def key_columns(model: SemanticModel, view: View) -> list[str]:
    """The columns of the contacts by which rows are alike, but for the time."""
    main = main_metric(model)
    excluded = model.excluded.column if model.excluded else None
    flags = (model.responded, excluded, main.column if main else None) if view.valued else ()
    names = dict.fromkeys([*columns_of(model, view.dimensions), *(column for column in flags if column)])
    return [name for name in names if model.time is None or name != model.time.column]


def answers(view: View, needs: Needs, model: SemanticModel) -> bool:
    """Whether every answer from a view is the one that the contacts give."""
    timed, others = parts_of_time(model, needs.dimensions)
    known = kept_apart(model, view) | (frozenset() if needs.valued else frozenset(kept_as_sums(model, view)))
    return (
        others <= set(view.dimensions)
        and set(needs.metrics) <= known
        and (view.valued or not needs.valued)
        and (view.halved or not needs.halved)
        and _finer(view.grain, grain_of(timed))
        and all(_covers(view, period) for period in needs.periods)
    )


def parts_of_time(model: SemanticModel, names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Names of dimensions that come from time, and all others."""
    names = set(names)
    timed = {name for name in names if model.dimension(name).built_in}
    return timed, names - timed


def grain_of(timed: Iterable[str]) -> str:
    """The coarsest grain that knows these parts of time."""
    timed = set(timed)
    return "hour" if "hour" in timed else "day" if timed & set(OF_DAYS) else "month" if timed else ""


def _finer(grain: str, least: str) -> bool:
    return not least or (grain in GRAINS and GRAINS.index(grain) >= GRAINS.index(least))


def _covers(view: View, period: Period | None) -> bool:
    if period is None:
        return not view.since
    if not view.grain or (view.since and period.start.isoformat() < view.since):
        return False
    return view.grain != "month" or (period.start.day == 1 and period.end.day == 1)


def is_served(model: SemanticModel) -> bool:
    """Whether rollups can stand for the contacts: not where answers are weighed: a row has no weight of its own."""
    return model.weight is None and (model.time is None or not _is_key(model, model.time.column))


def _is_key(model: SemanticModel, column: str) -> bool:
    """Whether a dimension is the time itself, to the second."""
    return column in columns_of(model, [*model.dimensions, *model.reasons])


def definition(model: SemanticModel) -> str:
    """Changes with whatever could change a number of a rollup; words and levels of a model do not."""
    bare, plain = Labels(""), dict[str, object]()
    plain["dimensions"] = [
        (d.name, d.column, d.columns, d.yes, d.split, d.missing, d.not_stated if isinstance(d, Reason) else "")
        for d in {**model.dimensions, **model.reasons}.values()
    ]
    plain["measures"] = [replace(m, labels=bare) for m in measures(model).values()]
    plain["time"] = model.time and (model.time.column, model.time.timezone)
    plain["others"] = (model.table, model.contact_id, model.cluster, model.excluded and model.excluded.column,
                       model.responded, model.weight)  # fmt: skip
    return hashlib.sha256(repr(plain).encode()).hexdigest()[:16]
