"""How do two columns go together, looked at closely? Coefficient, picture, strata, months, and what is held fixed.

All of it comes from one fetch of dictionary-coded rows. Association only: that something goes with a score does not
say that changing it would move the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.association.pairwise import relate
from analysis.association.units import of_members
from analysis.estimate import LEAST_CLUSTERS, WITHHELD_BELOW
from analysis.pair import findings
from analysis.pair.figures import Pair
from analysis.pair.picture import picture_of
from analysis.pair.rows import Weights, of_rows
from analysis.pair.within import STRATA, partial_of, strata_of
from analysis.result import Result
from analysis.stats.intervals import NAN
from data_access.columns import column_of
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.codes import Codes, Column

MONTH = "month"
LEAST_A_VALUE = 10  # rows on average before it means something that one column follows from another
MOST_MEMBERS = 50  # a candidate of more members would hold nearly everything fixed
HELD = ("value", "low", "high", "p", "n", "before")


@dataclass(frozen=True)
class Asked:
    """The pair, the dimension to look within, the unit, and what is held fixed; chosen: whether that was named."""

    x: str
    y: str
    within: str
    of: str
    held: tuple[str, ...]
    chosen: bool


def pair(
    warehouse: Warehouse,
    selection: Selection,
    *,
    x: str,
    y: str,
    within: str = "",
    given: Sequence[str] = (),
    of: str = "",
    preset: str = "",
) -> Result:
    """The coefficient of x and y with their picture, within a dimension, by month, and with others held fixed.

    x, y: metrics, drivers or dimensions. within: a dimension whose strata are looked at. given: what is held fixed,
    by default the dimensions of the model of at most fifty members and the columns of the preset. of: a dimension
    whose members are the unit, with their means; strata and months then make no sense. preset: one of the model's,
    whose filters hold and whose unit stands in where none is named.
    Raises BadInput for an unknown name, a reason or an overlapping dimension; NothingToShow when too few contacts
    know both columns or one of them does not vary.
    """
    model = warehouse.model
    metric = model.metric(selection.metric)
    if preset:
        selection, of = selection.within(model.preset(preset).where), of or model.preset(preset).of
    asked = Asked(x, y, within, of, tuple(_candidates(model, x, y, given, preset)), bool(given))
    fetched = _fetched(warehouse, selection, asked)
    found = _looked_at(model, fetched, asked)
    statistics = {**_statistics(found), "contacts": fetched.of, "sampled": fetched.n}
    return Result.of(
        warehouse,
        selection,
        metric,
        "pair",
        statistics=statistics,
        table=found.picture.table,
        findings=findings.findings(model, found, statistics),
        caveats=findings.caveats(found, statistics),
        how=findings.how(found, statistics),
        options={"by": (), "x": x, "y": y, "within": within, "given": tuple(given), "of": of, "preset": preset},
        parts=_parts(found),
        sql=(found.sql,),
    )


def _candidates(model: SemanticModel, x: str, y: str, given: Sequence[str], preset: str) -> list[str]:
    """What is held fixed: never x or y under another name."""
    for role, name in (("x", x), ("y", y)):
        if not name:
            raise BadInput("pair.unnamed", option=role)
    if x == y:
        raise BadInput("pair.same", name={"dimension": x})
    taken = {column_of(model, name).column or name for name in (x, y)}
    dimensions = [name for name, d in model.dimensions.items() if not d.overlaps]
    names = given or [*dimensions, *(model.preset(preset).columns if preset else ())]
    return [name for name in dict.fromkeys(names) if (column_of(model, name).column or name) not in taken]


def _fetched(warehouse: Warehouse, selection: Selection, asked: Asked) -> Codes:
    """All columns at once."""
    month = MONTH if MONTH in warehouse.model.cuts else ""
    names = [name for name in dict.fromkeys([asked.x, asked.y, asked.within, asked.of, month, *asked.held]) if name]
    return warehouse.codes(names, selection.period, selection.filters)


def _looked_at(model: SemanticModel, fetched: Codes, asked: Asked) -> Pair:
    x, y, within = asked.x, asked.y, asked.within
    every = _units(fetched, asked) if asked.of else fetched
    codes = of_rows(every, (every.columns[x].codes >= 0) & (every.columns[y].codes >= 0))
    _check_enough(codes, asked)
    if within and codes.columns[within].level is Level.INTERVAL:
        raise BadInput("pair.within_number", name={"dimension": within})
    a, b = codes.columns[x], codes.columns[y]
    related = relate(a, b, codes)
    month = MONTH if MONTH in codes.columns and MONTH not in (x, y) else ""
    strata, months = (
        strata_of(codes, x, y, codes.columns[name], related.association) if name else None for name in (within, month)
    )
    held = [n for n in asked.held if n in codes.columns and (asked.chosen or _fits(codes, n, (x, y)))]
    picture = picture_of(codes, a, b, model, related.design_effect)
    partial = partial_of(codes, x, y, held, related)
    return Pair(codes, x, y, related, picture, within, asked.of, strata, months, partial, fetched.sql)


def _units(fetched: Codes, asked: Asked) -> Codes:
    """Members as rows, of numbers only."""
    if asked.within:
        raise BadInput("pair.within_members", of={"dimension": asked.of})
    for name in (asked.x, asked.y):
        if isinstance(fetched.columns[name].values, tuple):
            raise BadInput("pair.no_number", name={"dimension": name}, of={"dimension": asked.of})
    return of_members(fetched, asked.of)


def _fits(codes: Codes, name: str, pair: tuple[str, str]) -> bool:
    """Whether a candidate nobody asked for says something else than the pair, and leaves something of it."""
    column, own = codes.columns[name], [codes.columns[n] for n in pair]
    if len(np.unique(column.codes)) < 2 or (column.level is not Level.INTERVAL and len(column.values) > MOST_MEMBERS):
        return False
    return not any(_follows(column, c) or _follows(c, column) for c in own)


def _follows(a: Column, b: Column) -> bool:
    """Whether each value of b lies within one value of a; not where b has hardly two rows a value."""
    if len(b.values) * LEAST_A_VALUE > len(b.codes):
        return False
    told = np.empty(len(b.values) + 1, dtype=a.codes.dtype)
    told[b.codes] = a.codes
    return bool((told[b.codes] == a.codes).all())


def _check_enough(codes: Codes, asked: Asked) -> None:
    n = float(Weights.of(codes).n.sum())
    if n < WITHHELD_BELOW:
        names = {name: {"dimension": getattr(asked, name)} for name in ("x", "y", "of")}
        raise NothingToShow("pair.too_few_members" if asked.of else "pair.too_few", n=n, **names)
    for name in (asked.x, asked.y):
        if len(np.unique(codes.columns[name].codes)) < 2:
            raise NothingToShow("pair.constant", name={"dimension": name})


def _statistics(found: Pair) -> dict[str, Any]:
    whole, codes = found.whole, found.codes
    return {
        "kind": found.picture.kind,
        "coefficient": whole.name,
        "value": whole.value,
        "low": whole.low,
        "high": whole.high,
        "p": whole.p,
        "n": whole.n,
        "n_effective": found.related.n_effective,
        "strength": found.related.strength,
        "reason": found.related.reason,
        "swapped": found.picture.swapped,
        "clusters": codes.clusters if codes.clusters >= LEAST_CLUSTERS else 0,
        "within": found.within,
        "of": found.of,
        "units": codes.n if found.of else 0,
        **_held(found),
        **_turned(found),
    }


def _held(found: Pair) -> dict[str, Any]:
    """With all candidates held fixed together, or the only one."""
    table = found.partial
    return {f"partial_{name}": NAN if table.empty else float(table[name].iloc[-1]) for name in HELD}


def _turned(found: Pair) -> dict[str, Any]:
    strata, held = found.strata, findings.turned_held(found)
    inside = {
        f"pooled{end}": getattr(strata.pooled, name) if strata else NAN
        for name, end in (("value", ""), ("low", "_low"), ("high", "_high"), ("p", "_p"))
    }
    turned = strata.turned if strata else ()
    return {
        **inside,
        "turned": list(turned),
        "turned_held": held,
        "turned_months": list(found.months.turned if found.months else ()),
        "simpson": bool(turned or held) or findings.pooled_turns(found),
    }


def _parts(found: Pair) -> Mapping[str, pd.DataFrame]:
    nothing = pd.DataFrame(columns=STRATA)
    months = found.months.table if found.months else nothing
    parts = {
        "strata": found.strata.table if found.strata else nothing,
        "months": months.rename(columns={"stratum": "month"}),
        "partial": found.partial,
    }
    return {**parts, **({"scatter": found.picture.points} if found.picture.points is not None else {})}
