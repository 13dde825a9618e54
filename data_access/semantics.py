"""Which column plays which part? The semantic model maps any table to the roles that the analyses use.

Only names listed here ever reach a query, so this is also the list of allowed identifiers.
`data_access.model_file` reads one from TOML.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from data_access.labels import Labels, Scalar
from data_access.metric_kinds import Raw
from data_access.metrics import Metric
from data_access.preset import Preset
from data_access.repeats import Repeats
from data_access.row_roles import Exclusion, Time, Weight
from data_access.statement import BadInput

T = TypeVar("T")
TIME_DIMENSIONS = ("day_of_month", "weekday", "hour", "month")
TIME_BUCKETS = ("day", "week")
# columns of the tables of sums, among which the members of a dimension stand under its name
OF_SUMS = re.compile(
    r"[nckswvx]|wx|vxx?|cluster|part|contacts|population|invited|responses|excluded|out_of_scale"
    r"|(s|k|p|x|low|high)\d+|p\d+_\d+"
)
LISTED = 5  # names listed where none is near
SCORE = "score"
BUILT_IN_SCORES = (SCORE, "satisfied", "dissatisfied")
SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}  # of the units that a time between two columns may have


def is_reserved(name: str) -> bool:
    """Whether no dimension may have this name, since the program's own tables use it.

    >>> is_reserved("week"), is_reserved("w"), is_reserved("p0_1"), is_reserved("team")
    (True, True, True, False)
    """
    return name in TIME_BUCKETS or OF_SUMS.fullmatch(name) is not None


class Level(StrEnum):
    """Level of measurement (Stevens 1946); ratio counts as interval."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class Missing(StrEnum):
    """What a blank cell means."""

    UNKNOWN = "unknown"
    NO = "no"
    ZERO = "zero"


@dataclass(frozen=True)
class Dimension:
    """A column to cut by. `columns` (member -> column) makes it a multi-select; `built_in` comes from time.

    missing: values of the column that count as blank.
    """

    name: str
    labels: Labels
    _: KW_ONLY
    column: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    level: Level = Level.NOMINAL
    under: str | None = None
    order: tuple[str, ...] = ()
    yes: tuple[Scalar, ...] = (1,)
    no: tuple[Scalar, ...] = ()
    split: str | None = None
    missing: tuple[Scalar, ...] = ()
    built_in: bool = False

    @property
    def overlaps(self) -> bool:
        """Whether one contact can be in several segments at once."""
        return bool(self.columns) or self.split is not None


@dataclass(frozen=True)
class Reason(Dimension):
    """Recorded because of the rating: for contribution and drill only, never a driver, contrast or search."""

    not_stated: str = "not_stated"
    power: str | None = None


@dataclass(frozen=True)
class Driver:
    """An interval or ordinal column that may go with the score, or the time from `since` to `column`.

    missing: what a blank cell means. codes: values that stand for no answer, whatever a blank means. Values below
    `least` are impossible: counted, never averaged.
    """

    name: str
    column: str
    labels: Labels
    _: KW_ONLY
    level: Level = Level.INTERVAL
    unit: str = ""
    better: str = "high"
    missing: Missing = Missing.UNKNOWN
    codes: tuple[Scalar, ...] = ()
    since: str = ""
    least: float | None = None

    def as_metric(self) -> Metric:
        """Its mean as a metric on the column's own scale; a blank is left out, or counts as 0 where it means none."""
        least = -math.inf if self.least is None else self.least
        blank = None if self.missing is Missing.UNKNOWN else 0.0
        kind = Raw(least, of=self.unit)
        return Metric(self.name, self.column, self.labels, kind, better=self.better, missing=self.codes, blank=blank,
                      since=self.since)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SemanticModel:
    """Everything the analyses may ask of one table. Names are unique across metrics and across dimensions.

    `disclose_from`: the fewest answers of a group that may be shown, 0 where nothing is kept secret.
    `question`: the dimension that says what a contact was about, so that two contacts can be the same question.
    `reading`: how the table is found in its file, where a person said so; see files.options.
    """

    table: str
    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    drivers: Mapping[str, Driver] = field(default_factory=dict)
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    presets: Mapping[str, Preset] = field(default_factory=dict)
    time: Time | None = None
    contact_id: str | None = None
    customer_id: str | None = None
    cluster: str | None = None
    weight: Weight | None = None
    excluded: Exclusion | None = None
    responded: str | None = None
    agent: str | None = None
    comment: str | None = None
    recording: str | None = None
    question: str | None = None
    repeats: Repeats = field(default_factory=Repeats)
    disclose_from: int = 0
    reading: Mapping[str, Any] = field(default_factory=dict)

    def metric(self, name: str) -> Metric:
        return _pick(self.metrics, name, "metric")

    def measure(self, name: str) -> Metric:
        """A metric, or an interval driver as one on its raw scale; a metric comes first. Raises BadInput."""
        return _pick({**self._raw, **self.metrics}, name, "metric")

    @cached_property
    def _raw(self) -> Mapping[str, Metric]:
        return {name: d.as_metric() for name, d in self.drivers.items() if d.level is Level.INTERVAL}

    def ends_of(self, metric: Metric) -> Mapping[str, str]:
        """The rates of a metric's best and worst answers, by what they are called; of the score's if it has none."""
        own = {end: rate_name(metric.name, end) for end in metric.kind.ends}
        if metric.name == SCORE or SCORE not in self.metrics or any(name in self.metrics for name in own.values()):
            return own
        return self.ends_of(self.metrics[SCORE])

    def dimension(self, name: str) -> Dimension:
        """A dimension, a reason or one that comes from time. Raises BadInput with the nearest name."""
        return _pick(self.cuts, name, "dimension")

    def ancestors(self, name: str) -> tuple[str, ...]:
        """The dimensions above one, the nearest first. Raises BadInput with the nearest name."""
        above, parent = list[str](), self.dimension(name).under
        while parent is not None and parent in self.cuts and parent not in above:
            above.append(parent)
            parent = self.dimension(parent).under
        return tuple(above)

    def preset(self, name: str) -> Preset:
        """A question of the model. Raises BadInput with the nearest name."""
        return _pick(self.presets, name, "preset")

    @cached_property
    def cuts(self) -> Mapping[str, Dimension]:
        """All that can be cut by, in the order of the model: dimensions, those of time, reasons."""
        return {**self.dimensions, **self._from_time, **self.reasons}

    @cached_property
    def _from_time(self) -> Mapping[str, Dimension]:
        if self.time is None:
            return {}
        names = (n for n in (*TIME_DIMENSIONS, *TIME_BUCKETS) if n not in self.dimensions)
        return {n: Dimension(n, Labels(n), level=Level.ORDINAL, built_in=True) for n in names}

    @property
    def filterable(self) -> tuple[str, ...]:
        """Dimensions offered in the sidebar: those of the model, in its order."""
        return tuple(self.dimensions)

    @property
    def offered(self) -> tuple[str, ...]:
        """Dimensions offered to cut by: those of the model, then those of time (no buckets)."""
        return (*self.dimensions, *(n for n in self._from_time if n not in TIME_BUCKETS))


def rate_name(metric: str, end: str) -> str:
    """The name of the rate that counts the answers of a metric at one end: the score's own have the plain word."""
    return end if metric == SCORE else f"{metric}_{end}"


def _pick(known: Mapping[str, T], name: str, kind: str) -> T:
    if name in known:
        return known[name]
    raise BadInput(f"model.unknown_{kind}", name=name, near=near(name, known))


def _likeness(said: difflib.SequenceMatcher[str], other: str) -> float:
    said.set_seq1(other.casefold())
    return said.ratio()


def near(name: str, known: Iterable[str]) -> str:
    """The known name most like `name` whatever its case, else the few most like it and how many more there are.

    >>> near("buisness", ["business", "tier"]), near("3g", ["3G", "4G"])
    ('business', '3G')
    >>> near("x", map(str, range(40)))
    '0, 1, 2, 3, 4, … (+35)'
    """
    known = list(known)
    folded = {other.casefold(): other for other in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    more, said = len(known) - LISTED, difflib.SequenceMatcher(b=name.casefold())
    likest = sorted(known, key=lambda other: _likeness(said, other), reverse=True)
    return ", ".join([*likest[:LISTED], *([f"… (+{more})"] if more > 0 else [])])
