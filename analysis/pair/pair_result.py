"""How are two columns associated in detail? Coefficient, picture, strata, months and partial coefficients.

All of it comes from one fetch of dictionary-coded rows. Association only: changing what is associated with a score
need not change the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.association.member_means import of_members
from analysis.association.pairwise import relate
from analysis.estimate import LEAST_CLUSTERS, WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.pair import findings
from analysis.pair.figures import PairFigures
from analysis.pair.pair_rows import Weights, of_rows
from analysis.pair.picture import picture_of
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
LEAST_A_VALUE = 10  # rows on average from which nesting of one column in another means something
MOST_IN_PAIR = 300  # members of a dimension that is paired or splits a pair
MOST_MEMBERS = 50  # controlling for more members would leave hardly any variation
PARTIAL_STATISTICS = ("value", "low", "high", "p", "n", "before")


@dataclass(frozen=True, kw_only=True)
class PairSetup:
    """The pair, the dimension of the strata, the unit and the controls; named: whether these were given."""

    x: str
    y: str
    within: str
    of: str
    controls: tuple[str, ...]
    named: bool


@within_limits
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
    """The coefficient of x and y with their picture, within strata, by month, and controlling for other columns.

    x, y: metrics, drivers or dimensions. within: the dimension of the strata. given: the controls, by default the
    dimensions of the model of at most fifty members and the columns of the preset. of: a dimension whose members are
    the unit, with their means; strata and months then make no sense. preset: one of the model's, whose filters apply
    and whose unit is the default.
    Raises BadInput for an unknown name, a reason or an overlapping dimension; NothingToShow when too few contacts
    have both columns or one of them does not vary.
    """
    model = warehouse.model
    metric = model.metric(selection.metric)
    if preset:
        selection, of = selection.within(model.preset(preset).where), of or model.preset(preset).of
    setup = PairSetup(
        x=x, y=y, within=within, of=of, controls=tuple(_candidates(model, x, y, given, preset)), named=bool(given)
    )
    fetched = _fetched(warehouse, selection, setup)
    figures = _analyse(model, fetched, setup)
    statistics = {**_statistics(figures), "contacts": fetched.of, "sampled": fetched.n}
    return Result.of(
        warehouse,
        selection,
        metric,
        "pair",
        statistics=statistics,
        table=figures.picture.table,
        findings=findings.findings(model, figures, statistics),
        caveats=findings.caveats(figures, statistics),
        how=findings.how(figures, statistics),
        options={"by": (), "x": x, "y": y, "within": within, "given": tuple(given), "of": of, "preset": preset},
        parts=_parts(figures),
        sql=(figures.sql,),
    )


def _candidates(model: SemanticModel, x: str, y: str, given: Sequence[str], preset: str) -> list[str]:
    """The candidate controls: never x or y under another name."""
    for role, name in (("x", x), ("y", y)):
        if not name:
            raise BadInput("pair.unnamed", option=role)
    if x == y:
        raise BadInput("pair.same", name={"dimension": x})
    taken = {column_of(model, name).column or name for name in (x, y)}
    dimensions = [name for name, d in model.dimensions.items() if not d.overlaps]
    names = given or [*dimensions, *(model.preset(preset).columns if preset else ())]
    return [name for name in dict.fromkeys(names) if (column_of(model, name).column or name) not in taken]


def _fetched(warehouse: Warehouse, selection: Selection, setup: PairSetup) -> Codes:
    """All columns at once."""
    month = MONTH if MONTH in warehouse.model.cuts else ""
    names = [
        name for name in dict.fromkeys([setup.x, setup.y, setup.within, setup.of, month, *setup.controls]) if name
    ]
    return warehouse.codes(names, selection.period, selection.filters)


def _check_members(codes: Codes, setup: PairSetup) -> None:
    """A dimension of very many members makes a table that nobody reads and that takes minutes."""
    for name in filter(None, (setup.x, setup.y, setup.within)):
        members = len(np.unique(codes.columns[name].codes)) if isinstance(codes.columns[name].values, tuple) else 0
        if members > MOST_IN_PAIR:
            raise BadInput("pair.too_many_members", name={"dimension": name}, members=members, most=MOST_IN_PAIR)


def _analyse(model: SemanticModel, fetched: Codes, setup: PairSetup) -> PairFigures:
    x, y, within = setup.x, setup.y, setup.within
    every = _units(fetched, setup) if setup.of else fetched
    codes = of_rows(every, (every.columns[x].codes >= 0) & (every.columns[y].codes >= 0))
    _check_members(codes, setup)
    _check_enough(codes, setup)
    if within and codes.columns[within].level is Level.INTERVAL:
        raise BadInput("pair.within_number", name={"dimension": within})
    a, b = codes.columns[x], codes.columns[y]
    pair_coefficient = relate(a, b, codes)
    month = MONTH if MONTH in codes.columns and MONTH not in (x, y) else ""
    strata, months = (
        strata_of(codes, x, y, codes.columns[name], pair_coefficient.association) if name else None
        for name in (within, month)
    )
    controls = [n for n in setup.controls if n in codes.columns and (setup.named or _fits(codes, n, (x, y)))]
    picture = picture_of(codes, a, b, model, pair_coefficient.design_effect)
    partial = partial_of(codes, x, y, controls, pair_coefficient)
    return PairFigures(
        codes=codes,
        x=x,
        y=y,
        coefficient=pair_coefficient,
        picture=picture,
        within=within,
        of=setup.of,
        strata=strata,
        months=months,
        partial=partial,
        sql=fetched.sql,
    )


def _units(fetched: Codes, setup: PairSetup) -> Codes:
    """Members as rows, of numbers only."""
    if setup.within:
        raise BadInput("pair.within_members", of={"dimension": setup.of})
    for name in (setup.x, setup.y):
        if isinstance(fetched.columns[name].values, tuple):
            raise BadInput("pair.no_number", name={"dimension": name}, of={"dimension": setup.of})
    return of_members(fetched, setup.of)


def _fits(codes: Codes, name: str, pair: tuple[str, str]) -> bool:
    """Whether a default control varies independently of the pair and leaves some variation in it."""
    column, own = codes.columns[name], [codes.columns[n] for n in pair]
    if len(np.unique(column.codes)) < 2 or (column.level is not Level.INTERVAL and len(column.values) > MOST_MEMBERS):
        return False
    return not any(_follows(column, c) or _follows(c, column) for c in own)


def _follows(a: Column, b: Column) -> bool:
    """Whether each value of b lies within one value of a; not where b has hardly two rows a value."""
    if len(b.values) * LEAST_A_VALUE > len(b.codes):
        return False
    follows = np.empty(len(b.values) + 1, dtype=a.codes.dtype)
    follows[b.codes] = a.codes
    return bool((follows[b.codes] == a.codes).all())


def _check_enough(codes: Codes, setup: PairSetup) -> None:
    n = float(Weights.of(codes).n.sum())
    if n < WITHHELD_BELOW:
        names = {name: {"dimension": getattr(setup, name)} for name in ("x", "y", "of")}
        raise NothingToShow("pair.too_few_members" if setup.of else "pair.too_few", n=n, **names)
    for name in (setup.x, setup.y):
        if len(np.unique(codes.columns[name].codes)) < 2:
            raise NothingToShow("pair.constant", name={"dimension": name})


def _statistics(figures: PairFigures) -> dict[str, Any]:
    whole, codes = figures.whole, figures.codes
    return {
        "kind": figures.picture.kind,
        "coefficient": whole.name,
        "value": whole.value,
        "low": whole.low,
        "high": whole.high,
        "p": whole.p,
        "n": whole.n,
        "n_effective": figures.coefficient.n_effective,
        "strength": figures.coefficient.strength,
        "reason": figures.coefficient.reason,
        "swapped": figures.picture.swapped,
        "clusters": codes.clusters if codes.clusters >= LEAST_CLUSTERS else 0,
        "within": figures.within,
        "of": figures.of,
        "units": codes.n if figures.of else 0,
        **_partial_statistics(figures),
        **_reversals(figures),
    }


def _partial_statistics(figures: PairFigures) -> dict[str, Any]:
    """The coefficient controlling for all candidates together, or for the only one."""
    table = figures.partial
    return {f"partial_{name}": NAN if table.empty else float(table[name].iloc[-1]) for name in PARTIAL_STATISTICS}


def _reversals(figures: PairFigures) -> dict[str, Any]:
    strata, controls = figures.strata, findings.reversing_controls(figures)
    inside = {
        f"pooled{end}": getattr(strata.pooled, name) if strata else NAN
        for name, end in (("value", ""), ("low", "_low"), ("high", "_high"), ("p", "_p"))
    }
    turned = strata.turned if strata else ()
    return {
        **inside,
        "turned": list(turned),
        "turned_held": controls,
        "turned_months": list(figures.months.turned if figures.months else ()),
        "simpson": bool(turned or controls) or findings.pooled_turns(figures),
    }


def _parts(figures: PairFigures) -> Mapping[str, pd.DataFrame]:
    nothing = pd.DataFrame(columns=STRATA)
    months = figures.months.table if figures.months else nothing
    parts = {
        "strata": figures.strata.table if figures.strata else nothing,
        "months": months.rename(columns={"stratum": "month"}),
        "partial": figures.partial,
    }
    return {**parts, **({"scatter": figures.picture.points} if figures.picture.points is not None else {})}
