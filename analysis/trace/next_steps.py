"""Where to step next? Every unused dimension, with the value whose share of the loss exceeds that of answers most.

One is proposed: what the segment search names for the change since the baseline, else the value with the largest
significant excess of loss; where there is none, the reason named most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.segments import segments
from analysis.stats.intervals import SIGNIFICANCE, Array
from analysis.step_names import COUNTED, Path, step_name
from analysis.trace.members import Losses, Members, ask_losses, joined, members_of, reasons_of
from analysis.trace.path import checked, is_reason, plain
from analysis.trace.runs import best_run, runs_tried
from data_access.selection import Filter, Selection
from data_access.semantics import Dimension, Reason, SemanticModel
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

BEYOND_VOLUME = 1.1  # the least share of the loss per share of the answers: 95.6 % with 93.0 % only restates volume
COLUMNS = [
    "dimension", "value", "n", "share", "kept", "kept_low", "kept_high", "index", "p_adjusted", "concentration",
    "members", "child", "proposed", "why", "offered",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A dimension to continue with: its members, and the value or run of values that stands out."""

    dimension: Dimension
    members: Members
    values: tuple[str | None, ...]
    chosen: Members  # the values as one, first of its members
    tried: int  # how many values or runs were tested
    child: bool  # lies right under a dimension that the path uses

    @property
    def is_reason(self) -> bool:
        return isinstance(self.dimension, Reason)

    def with_value(self, value: str | None) -> Offer:
        """The same dimension with another of its members."""
        return replace(self, values=(value,), chosen=self.members.at(self.members.values.index(value)))

    @property
    def excess(self) -> float:
        return float(self.chosen.excess[0])


@dataclass(frozen=True)
class Proposal:
    """What is offered, the proposed dimension ("" for none), why some values are named, and the queries."""

    offers: tuple[Offer, ...]
    dimension: str
    why: Mapping[str, str]
    sql: tuple[str, ...]


@within_limits
def next_steps(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """A row for each dimension and reason that the path has not used, those under a used one first.

    table: dimension, value (tuple: the member, or the run of days or hours, that holds most of the loss beyond its
    share), n, share (of the answers; of what was named for a reason), kept (of the path's loss) with 95 % interval,
    index = kept / share, p_adjusted (its loss per answer against elsewhere, for all values tested), concentration
    (sum of the positive excesses of all members), members (how many), child, proposed (one row at most), why
    ("search" for each value that the segment search names, "concentration", "reason" or ""), offered (what leads on:
    named by the search, or beyond chance and more than its volume, or a reason named more than the usual one).
    Dimensions above a used one, or held to one value, have no row.
    Raises BadInput for an invalid path, NothingToShow without an answer.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    offers, sql = _offers(warehouse, selection, path)
    proposal = _proposed(warehouse, selection, path, offers)
    table = _table(proposal)
    return Result.of(
        warehouse,
        selection,
        metric,
        "next_steps",
        statistics={"offered": len(table), "tried": sum(o.tried for o in offers)},
        table=table,
        findings=_findings(table),
        caveats=(Statement("caveat.not_cause"),),
        how=Method("next_steps", Statement("how.trace.next"), (Statement("how.trace.chance"),)),
        options={"path": plain(path)},
        sql=(*sql, *proposal.sql),
    )


def _offers(warehouse: Warehouse, selection: Selection, path: Path) -> tuple[list[Offer], tuple[str, ...]]:
    """What to continue with, in the order of the model, and the queries."""
    unused = _unused(warehouse.model, selection, path)
    named, divided = ([d for d in unused if isinstance(d, Reason) is yes] for yes in (True, False))
    whole, *cuts = ask_losses(warehouse, selection, path, [(), *((d.name,) for d in divided)])
    if whole.rows.empty:
        raise NothingToShow("selection.empty")
    by_reason = ask_losses(warehouse, selection, path, [(d.name,) for d in named], lost_only=True) if named else []
    above = {d.under for d in (warehouse.model.dimension(step.dimension) for step in path) if d.under}
    used = {step.dimension for step in path} - above
    pairs = zip((*divided, *named), (*cuts, *by_reason), strict=True)
    offers = [_offer(dimension, cut, whole, child=dimension.under in used) for dimension, cut in pairs]
    queries = [losses.sql for losses in (whole, *by_reason)]
    return [o for o in offers if len(o.members.values) > 1], tuple(dict.fromkeys(queries))


def _unused(model: SemanticModel, selection: Selection, path: Path) -> list[Dimension]:
    """Dimensions and reasons that the path could continue with."""
    taken = {step.dimension for step in path}
    for step in path:
        taken.update(model.ancestors(step.dimension))
    free = (name for name in (*model.offered, *model.reasons) if name not in taken)
    return [model.dimension(name) for name in free if len(selection.values_of(name) or (0, 0)) > 1]


def _offer(dimension: Dimension, cut: Losses, whole: Losses, *, child: bool) -> Offer:
    if isinstance(dimension, Reason):
        members = reasons_of(cut, whole)
        stated = np.array([v != dimension.not_stated for v in members.values], dtype=bool)
        most = np.where(stated & (members.n >= WITHHELD_BELOW), np.nan_to_num(members.kept), -1.0)
        return _single(dimension, members, most, child)
    members = members_of(cut, whole)
    if dimension.built_in and dimension.name in COUNTED:
        values = best_run(members.values, members.share, members.kept)
        if values:
            return Offer(
                dimension=dimension,
                members=members,
                values=values,
                chosen=joined(cut, whole, values),
                tried=runs_tried(len(members.values)),
                child=child,
            )
    known = np.array([v is not None for v in members.values])
    return _single(dimension, members, np.where(known, members.excess, -1.0), child)


def _single(dimension: Dimension, members: Members, score: Array, child: bool) -> Offer:
    place = int(np.argmax(score)) if len(score) else 0
    tried = int((members.n >= WITHHELD_BELOW).sum())
    return Offer(
        dimension=dimension,
        members=members,
        values=members.values[place : place + 1],
        chosen=members.at(place),
        tried=tried,
        child=child,
    )


def _proposed(warehouse: Warehouse, selection: Selection, path: Path, offers: Sequence[Offer]) -> Proposal:
    """The first of the search, else the largest significant excess, else the reason named most, else none."""
    searched, sql = _searched(warehouse, selection, path, offers)
    if searched:
        named = dict(reversed(searched))  # of two values of a dimension the one named first
        offers = [o.with_value(named[o.dimension.name]) if o.dimension.name in named else o for o in offers]
        return Proposal(tuple(offers), searched[0][0], dict.fromkeys(named, "search"), sql)
    significant = [o for o in offers if not o.is_reason and _leads_on(o, offers)]
    named_most = [o for o in offers if o.is_reason and _leads_on(o, offers)]
    for kind, some in (("concentration", significant), ("reason", named_most)):
        if some:
            most = max(some, key=lambda o: (o.excess, float(o.chosen.kept[0]))).dimension.name
            return Proposal(tuple(offers), most, {most: kind}, sql)
    return Proposal(tuple(offers), "", {}, sql)


def _searched(
    warehouse: Warehouse, selection: Selection, path: Path, offers: Sequence[Offer]
) -> tuple[list[tuple[str, str | None]], tuple[str, ...]]:
    """Conditions of the segments that lowered the score, strongest first.

    Not searched after a reason: only low scores have one.
    """
    by = [o.dimension.name for o in offers if not (o.is_reason or o.dimension.built_in or o.dimension.overlaps)]
    behind = any(is_reason(warehouse.model, step) for step in path)
    if selection.baseline is None or selection.period is None or behind or not by:
        return [], ()
    try:
        result = segments(warehouse, selection.within(path), by=by, depth=2)
    except NothingToShow:  # one of the periods has no answers here
        return [], ()
    worse = -warehouse.model.metric(selection.metric).sign
    rows = result.table[(result.table["kind"] == "rate") & (result.table["change"] * worse > 0)]
    known = {o.dimension.name: o.members.values for o in offers}
    parts = (part for segment in rows["segment"] for part in segment)
    return [(name, value) for name, value in parts if value in known[name]], result.sql


def _leads_on(offer: Offer, offers: Sequence[Offer]) -> bool:
    """Whether a step there says more than that most answers lie there anyway."""
    if offer.is_reason:
        return bool(offer.chosen.low[0] > 1 / len(offer.members.values))
    return bool(_is_beyond_chance(offer, offers) and offer.chosen.index[0] >= BEYOND_VOLUME)


def _is_beyond_chance(offer: Offer, offers: Sequence[Offer]) -> bool:
    return bool(offer.excess > 0 and offer.chosen.low[0] > offer.chosen.share[0] and _p(offer, offers) < SIGNIFICANCE)


def _p(offer: Offer, offers: Sequence[Offer]) -> float:
    """p adjusted for every value or run tested in any dimension (Bonferroni)."""
    return float(np.minimum(offer.chosen.p[0] * sum(o.tried for o in offers if not o.is_reason), 1.0))


def _table(proposal: Proposal) -> pd.DataFrame:
    ordered = sorted(proposal.offers, key=lambda o: (not o.child, -o.excess))
    return pd.DataFrame([_row(o, proposal) for o in ordered], columns=COLUMNS)


def _row(offer: Offer, proposal: Proposal) -> dict[str, Any]:
    c, name = offer.chosen, offer.dimension.name
    return {
        "dimension": name, "value": offer.values, "n": c.n[0], "share": c.share[0], "kept": c.kept[0],
        "kept_low": c.low[0], "kept_high": c.high[0], "index": c.index[0], "p_adjusted": _p(offer, proposal.offers),
        "concentration": offer.members.concentration, "members": len(offer.members.values), "child": offer.child,
        "proposed": name == proposal.dimension, "why": proposal.why.get(name, ""),
        "offered": name in proposal.why or _leads_on(offer, proposal.offers),
    }  # fmt: skip


def _findings(table: pd.DataFrame) -> tuple[Statement, ...]:
    if table.empty:
        return (Statement("trace.next_all_used"),)
    proposed = table[table["proposed"]]
    if proposed.empty:
        return (Statement("trace.next_none"),)
    row = proposed.iloc[0]
    numbers = {n: row[n] for n in ("n", "share", "kept", "kept_low", "kept_high", "p_adjusted")}
    values = {**numbers, "dimension": row["dimension"], "values": list(row["value"])}
    return (Statement(f"trace.next_{row['why']}", {**values, "place": step_name(row["dimension"], row["value"])}),)
