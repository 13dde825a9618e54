"""Everything the data can say about why a path is low, gathered once for gaps and cause types alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.diagnosis.comparator import SMALLEST, Ground, Reference, chosen, nearest, references
from analysis.diagnosis.exposure import Exposure, exposure
from analysis.diagnosis.prediction_interval import Usual, usual
from analysis.diagnosis.reasons import Behind, behind
from analysis.diagnosis.rules import Rules, rules
from analysis.diagnosis.standards import Standards, standards
from analysis.diagnosis.units import Spread, beyond_peers, spread
from data_access.selection import Filter, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

ALIKE = 0.5  # of the loss must be left without the worst quarter of the units
SURE = 0.05


@dataclass(frozen=True)
class Evidence:
    """What was found out about a path. `shown`: the comparison that shows the loss, None where none is sure.

    spread: the units inside the path, or the peers of the units that the path names.
    """

    ground: Ground
    path: tuple[Filter, ...]
    found: tuple[Reference, ...]
    usual: Usual
    shown: Reference | None
    near: Reference | None
    spread: Spread | None
    peers_p: float
    standards: Standards | None
    rules: Rules
    exposure: Exposure | None
    behind: Behind

    @property
    def names_units(self) -> bool:
        """Whether the path itself names those who serve."""
        return bool(self.shown and self.shown.kind == "level" and self.shown.dimension in self.ground.unit_names)

    @property
    def ordinary(self) -> bool:
        """Whether the path's score lies within the range of the periods before."""
        return is_ordinary(self.found, self.usual)

    @cached_property
    def few(self) -> tuple[str, ...]:
        """The units that carry the loss, where they are few."""
        if self.shown is None:
            return ()
        if self.names_units:
            own, other = (float(rows["w"].sum()) for rows in (self.shown.rows, self.shown.others))
            few = own <= (own + other) / 3 and self.peers_p < SURE
            return tuple(sorted(map(str, self.shown.rows["unit"].unique()))) if few else ()
        return self.spread.few if self.spread else ()

    @property
    def alike(self) -> bool:
        """Whether nearly all units lose alike: without the worst quarter half is left or more, beyond chance."""
        if self.shown is None or self.names_units or self.spread is None or self.few:
            return False
        rest, sign = self.spread.rest, self.ground.sign
        return bool(rest.p < SURE and sign * rest.value <= -SMALLEST and rest.value / self.spread.whole >= ALIKE)

    @property
    def missed(self) -> str:
        """The standard whose miss explains the loss, "" for none."""
        told = self.standards.missed if self.standards else None
        return "" if told is None else str(told["driver"])

    @property
    def sql(self) -> tuple[str, ...]:
        parts = [*(q for r in self.found for q in r.sql), *self.usual.sql, *self.rules.sql, *self.behind.sql]
        parts += [*(self.standards.sql if self.standards else ()), *(self.exposure.sql if self.exposure else ())]
        return tuple(dict.fromkeys(parts))


def is_ordinary(found: Sequence[Reference], known: Usual) -> bool:
    score = found[0].score if found else float("nan")
    return known.interval.low <= score <= known.interval.high


def examine(warehouse: Warehouse, selection: Selection, path: Sequence[Filter]) -> Evidence:
    """All evidence on a path. Raises NothingToShow when it holds no answer, BadInput for names nobody knows."""
    ground = Ground.of(warehouse, selection, path)
    if not warehouse.cells(selection.metric, (), ground.own.period, ground.own.filters).rows["n"].sum():
        raise NothingToShow("selection.empty_period", period=selection.period)
    found, known = tuple(references(ground)), usual(ground)
    shown = chosen(ground, found, ordinary=is_ordinary(found, known))
    near, names_units = nearest(ground, found), _names_units(ground, shown)
    units = _units(ground, shown, names_units=names_units)
    other = shown or near
    return Evidence(
        ground=ground,
        path=tuple(path),
        found=found,
        usual=known,
        shown=shown,
        near=near,
        spread=units,
        peers_p=beyond_peers(shown.held, units) if shown and names_units else float("nan"),
        standards=standards(ground, shown) if shown else None,
        rules=rules(ground, near.other if near else None),
        exposure=exposure(ground),
        behind=behind(warehouse, ground.own, other.other if other else None, path),
    )


def _names_units(ground: Ground, shown: Reference | None) -> bool:
    return bool(shown and shown.kind == "level" and shown.dimension in ground.unit_names)


def _units(ground: Ground, shown: Reference | None, *, names_units: bool) -> Spread | None:
    """The units of the path; where it names them itself, how peers that do the same work differ among themselves."""
    if shown is None:
        return None
    if names_units:
        peers = shown.others[shown.others["stratum"].isin(shown.rows["stratum"])]
        return spread(peers, peers, ground.sign)
    return spread(shown.rows, shown.others, ground.sign, own=shown.kind == "change")
