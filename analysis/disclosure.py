"""Small groups are kept secret where the model says so: `disclose_from = k`, the fewest answers that may be shown.

A group of fewer answers is left out of every table of a result, and so is what it could be worked out from: where all
but one group of a line and its total are known, so is that one. Groups are judged in the table of all dimensions that
a question involves, its filters and the month included, and what is secret in a coarser table stays so in every finer
one; hence no difference of two questions that are answered is a group that is not. A period is a number of whole
months, for days can be had as differences. Whoever writes a result out cannot leak what is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.result import Result, Statement
from analysis.stats.patience import step_by_step
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

Cell = tuple[str, ...]
Group = tuple[tuple[str, ...], Cell]  # dimensions, and a member of each
COUNTS = (
    "n", "n0", "n1", "n_a", "n_b", "responses", "answers", "attempts", "cases", "evaluations", "handled", "sessions",
)  # fmt: skip
CONTACTS = "scatter"  # the part of a result that shows single contacts
LEAST_HIDDEN = 2  # groups of a line: a single one is the total less the others


def secret_cells(counts: Mapping[Cell, float], least: int) -> set[Cell]:
    """The cells of a table that must not be shown, from the answers in each.

    >>> sorted(secret_cells({("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 30, ("b", "y"): 50}, 10))
    [('a', 'x'), ('a', 'y'), ('b', 'x'), ('b', 'y')]
    """
    width = len(next(iter(counts), ()))
    secret: dict[tuple[int, ...], set[Cell]] = {(): set()}
    for size in range(1, width + 1):
        for places in step_by_step(combinations(range(width), size)):
            table = _margin(counts, places)
            inherited = {
                cell for cell in table for i in range(size)
                if size > 1 and (*cell[:i], *cell[i + 1 :]) in secret[(*places[:i], *places[i + 1 :])]
            }  # fmt: skip
            secret[places] = _protected(table, inherited, least)
    return secret[tuple(range(width))]


def _margin(counts: Mapping[Cell, float], places: Sequence[int]) -> dict[Cell, float]:
    found: dict[Cell, float] = defaultdict(float)
    for cell, n in counts.items():
        if n > 0:
            found[tuple(cell[i] for i in places)] += n
    return dict(found)


def _protected(table: Mapping[Cell, float], secret: set[Cell], least: int) -> set[Cell]:
    """With the small cells, and for each line of the table as many more as keep them from being worked out."""
    secret = secret | {cell for cell, n in table.items() if n < least}
    lines: dict[tuple[int, Cell], list[Cell]] = defaultdict(list)
    for cell in table:
        for i in range(len(cell)):
            lines[i, (*cell[:i], *cell[i + 1 :])].append(cell)
    grown = -1
    while grown != len(secret):
        grown = len(secret)
        for line in lines.values():
            secret |= _companions(table, line, secret, least)
    return secret


def _companions(table: Mapping[Cell, float], line: Sequence[Cell], secret: set[Cell], least: int) -> set[Cell]:
    """The smallest open cells of a line that its secret ones need beside them."""
    hidden = [cell for cell in line if cell in secret]
    added: list[Cell] = []
    for cell in sorted((c for c in line if c not in secret), key=lambda c: (table[c], c)):
        together = [*hidden, *added]
        if not hidden or (len(together) >= LEAST_HIDDEN and sum(table[c] for c in together) >= least):
            break
        added.append(cell)
    return set(added)


def disclosed(warehouse: Warehouse, selection: Selection, result: Result) -> Result:
    """A result without the groups that are too small to be shown, and without what they follow from."""
    least = warehouse.model.disclose_from
    if not least:
        return result
    _check_unrecorded(warehouse, selection, result, least)
    known: dict[tuple[str, ...], set[Cell]] = {}

    def is_secret(group: Group) -> bool:
        dimensions, cell = group
        if dimensions not in known:
            known[dimensions] = _secret_segments(warehouse, selection, dimensions, least)
        return cell in known[dimensions]

    def shown(part: pd.DataFrame) -> tuple[pd.DataFrame, list[list[Group]]]:
        return _shown(part, _groups(part, result.options, warehouse.model), is_secret, least)

    table, gone = shown(result.table)
    parts = {name: part if name == "total" else shown(part)[0] for name, part in result.parts.items()}
    if CONTACTS in parts:
        parts[CONTACTS] = parts[CONTACTS].iloc[:0]
    if len(result.table) and table.empty:
        raise NothingToShow("disclose.too_few", least=least)
    names = [dict(zip(*group, strict=True)) for groups in gone for group in groups]
    numbers = _numbers(result.table) - _numbers(table)

    def tells(values: Any) -> bool:
        return _speaks_of(values, names, numbers)

    left_out = (Statement("disclose.left_out", {"segments": len(gone), "least": least}),) if gone else ()
    return replace(
        result,
        table=table,
        parts=parts,
        statistics={name: None if tells([value]) else value for name, value in result.statistics.items()},
        findings=tuple(s for s in result.findings if not tells(s.values)),
        caveats=(*(s for s in result.caveats if not tells(s.values)), *left_out),
        how=None if result.how and tells(result.how.formula.values) else result.how,
    )


def _check_unrecorded(warehouse: Warehouse, selection: Selection, result: Result, least: int) -> None:
    """Raises NothingToShow where the answers without a driver are few: all answers less the others would be them."""
    metric = selection.metric
    if result.method != "dose" and metric not in (result.options.get("x"), result.options.get("y")):
        return
    answers = warehouse.coverage(metric, selection.period, selection.filters).responses
    if 0 < answers - result.statistics["n"] < least and not result.options.get("of"):
        raise NothingToShow("disclose.too_few", least=least)


def _numbers(table: pd.DataFrame) -> set[float]:
    """The numbers of a table that would give a row away; whole ones are too common to."""
    known = pd.Series(table.select_dtypes("number").to_numpy().ravel()).dropna()
    return {float(v) for v in known if v % 1}


def check_selection(warehouse: Warehouse, selection: Selection) -> None:
    """Raises BadInput for a period of single days, NothingToShow where a question is about a group that is secret."""
    least = warehouse.model.disclose_from
    if not least:
        return
    for period in (selection.period, selection.baseline):
        if period is not None and not period.whole_months():
            raise BadInput("disclose.months")
    if (selection.filters or selection.period) and _secret_segments(warehouse, selection, (), least):
        raise NothingToShow("disclose.too_few", least=least)


def secret_members(warehouse: Warehouse, selection: Selection, dimension: str) -> set[str]:
    """The members of a dimension that are too small to be shown in the selection, or would give one that is away."""
    least = warehouse.model.disclose_from
    return {cell[0] for cell in _secret_segments(warehouse, selection, (dimension,), least)} if least else set()


def _secret_segments(warehouse: Warehouse, selection: Selection, by: Sequence[str], least: int) -> set[Cell]:
    """Segments that hold a secret cell of the table of all dimensions involved, in the months asked about."""
    filtered = {f.dimension: {_text(v) for v in f.values} for f in selection.filters}
    periods = [p for p in (selection.period, selection.baseline) if p is not None]
    names = sorted({*by, *filtered, *(["month"] if periods else [])})
    rows = warehouse.cells(selection.metric, names, None, ()).rows
    cells = [tuple(map(_text, cell)) for cell in rows[names].itertuples(index=False, name=None)]
    counts: dict[Cell, float] = defaultdict(float)
    for cell, n in zip(cells, rows["n"].tolist(), strict=True):
        counts[cell] += n
    secret, place = secret_cells(counts, least), {name: i for i, name in enumerate(names)}

    def is_asked(cell: Cell) -> bool:
        inside = all(cell[place[name]] in values for name, values in filtered.items())
        return inside and (
            not periods or any(f"{p.start:%Y-%m}" <= cell[place["month"]] < f"{p.end:%Y-%m}" for p in periods)
        )

    return {tuple(cell[place[name]] for name in by) for cell in secret if is_asked(cell)}


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _groups(table: pd.DataFrame, options: Mapping[str, Any], model: SemanticModel) -> list[list[Group]]:
    """The groups of contacts that each row of a table is about."""
    by = tuple(options.get("by", ()))
    sides = [options.get(side, "") for side in "xy"]
    columns = {"member": [s for s in sides if s in model.cuts], "stratum": [options.get("within", "")],
               "month": ["month"], "x_member": sides[:1], "y_member": sides[1:]}  # fmt: skip
    named = {column: dimensions[0] for column, dimensions in columns.items() if column in table and any(dimensions)}
    return [
        [
            *_groups_of_segment(row.get("segment"), by),
            *([(tuple(named.values()), tuple(_text(row[c]) for c in named))] if named else []),
            *(((row["dimension"],), (_text(v),)) for v in _values(row)),
        ]
        for row in table.to_dict("records")
    ]


def _groups_of_segment(segment: Any, by: tuple[str, ...]) -> list[Group]:
    """Of members of the dimensions asked for, or of pairs of a dimension and a member of it."""
    if not isinstance(segment, tuple) or not segment:
        return []
    if all(isinstance(part, tuple) for part in segment):
        return [(tuple(str(name) for name, _ in segment), tuple(_text(value) for _, value in segment))]
    return [(by, tuple(map(_text, segment)))] if len(segment) == len(by) else []


def _values(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """The members of a row that names its own dimension."""
    value = row.get("value") if isinstance(row.get("dimension"), str) and row["dimension"] else ()
    return value if isinstance(value, tuple) else ()


def _shown(
    table: pd.DataFrame, groups: Sequence[list[Group]], is_secret: Callable[[Group], bool], least: int
) -> tuple[pd.DataFrame, list[list[Group]]]:
    """The rows that may be seen, and the groups of the others."""
    counts = [name for name in COUNTS if name in table]
    if table.empty or not (counts or any(groups)):
        return table, []
    sizes = (
        table[counts].astype(float).where(lambda n: n > 0).min(axis=1) if counts else pd.Series(least, table.index)
    )
    own: set[Cell] = {(str(i),) for i, row in enumerate(step_by_step(groups)) if any(map(is_secret, row))}
    lines = {(str(i),): float(n) for i, n in enumerate(sizes.fillna(0.0))}
    hidden = _protected({c: n for c, n in lines.items() if n > 0 or c in own}, own, least)
    kept = [(str(i),) not in hidden for i in range(len(table))]
    gone = [row for row, keep in zip(groups, kept, strict=True) if not keep]
    shown = table[kept].reset_index(drop=True)
    if gone and "cumulative" in shown:  # a step over a row that is left out would be that row
        shown["cumulative"] = shown["contribution"].cumsum()
    return shown, gone


def _speaks_of(values: Any, names: Sequence[Mapping[str, Any]], numbers: set[float]) -> bool:
    """Whether a statement names one of the segments, or holds a number that only they have."""
    if isinstance(values, Mapping):
        return dict(values) in names or any(_speaks_of(v, names, numbers) for v in values.values())
    if isinstance(values, list | tuple):
        return any(_speaks_of(v, names, numbers) for v in values)
    return isinstance(values, float) and values in numbers
