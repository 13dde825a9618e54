"""How do a metric and several measures move together? Their sums of products, which is all a linear model needs.

Only answers with a valid metric and valid measures count, so that all sums are of the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.semantics import Dimension
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression

EXTREMES = {"min": "low", "max": "high"}  # how their columns begin
PARTS = 200  # of the answers without a cluster


def products(
    contacts: Contacts,
    metric: str,
    names: Sequence[str],
    *,
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    parts: int = 0,
) -> Answer:
    """As `Warehouse.products` says."""
    measures = [contacts.model.measure(name) for name in names]
    dimensions = contacts.dimensions(by)
    own = _part(contacts, parts) if parts else contacts.cluster_keys()
    keys = [*(key for d in dimensions for key in contacts.expressions.keys(d)), *own]
    columns = [contacts.expressions.value(m).label(f"x{i}") for i, m in enumerate(measures, 1)]
    known = [condition for m in measures for condition in contacts.expressions.valid(m)]
    conditions = [*known, *contacts.expressions.where(period, filters)]
    if not parts and own and _some_blank(contacts, metric, conditions):
        keys.append(contacts.without_cluster(PARTS))
    rows = contacts.answers(contacts.model.measure(metric), [*keys, *columns], conditions)
    groups = [rows.c[key.name] for key in keys]
    asked = sa.select(*groups, *_sums(contacts, rows, len(names))).group_by(*groups).order_by(*groups)
    answer = contacts.connection.run(asked)
    frame = _together(answer.rows[answer.rows["n"] > 0], dimensions, contacts.weighting)
    return Answer(frame, answer.sql)


def _part(contacts: Contacts, parts: int) -> list[Expression]:
    """A part of the contacts by chance, in place of a cluster."""
    return [contacts.dialect.random_part(contacts.apart, parts).label("cluster")]


def _some_blank(contacts: Contacts, metric: str, conditions: Sequence[Expression]) -> bool:
    """Whether any answer has no cluster; only then they are parted, which not every engine does for nothing."""
    blank = contacts.answers(contacts.model.measure(metric), [], [*conditions, contacts.lacks_cluster()])
    return int(contacts.connection.run(sa.select(sa.func.count().label("n")).select_from(blank)).rows.iloc[0, 0]) > 0


def _together(rows: pd.DataFrame, dimensions: Sequence[Dimension], weighting: str | None) -> pd.DataFrame:
    """One row a combination: a text of no letters and NULL are both a blank. A frequency counts as answers."""
    keys = [key for d in dimensions for key in cells.key_names(d)]
    rows = _weighed(rows, weighting)
    sums = [name for name in rows if name not in (*keys, "cluster", "alone")]
    rows = rows.astype(dict.fromkeys(sums, float)).copy()
    frame = cells.memberships(rows, dimensions).drop(columns="part")
    if "alone" in frame:
        frame = frame.assign(cluster=frame["cluster"].astype(object).where(frame["alone"].isna(), None))
    names = [*(d.name for d in dimensions), *(name for name in ("cluster", "alone") if name in frame), *sums]
    return _one_each(frame[names], names[: -len(sums)])


def _weighed(rows: pd.DataFrame, weighting: str | None) -> pd.DataFrame:
    """With n, w and v side by side: without weights each answer counts once, a frequency counts as answers."""
    if weighting is None:
        return _inserted(rows, w=rows["n"], v=rows["n"])
    return _inserted(rows.assign(n=rows["w"]), v=rows["w"]) if weighting == "frequency" else rows


def _inserted(rows: pd.DataFrame, **more: pd.Series) -> pd.DataFrame:
    """More columns, before the first of the sums."""
    names = list(rows)
    place = names.index("s0")
    return rows.assign(**more)[[*names[:place], *more, *names[place:]]]


def _one_each(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    if not keys or not frame.duplicated(keys).any():
        return frame.reset_index(drop=True)
    extremes = {name: rule for name in frame for rule in ("min", "max") if name.startswith(EXTREMES[rule])}
    rules = {name: extremes.get(name, "sum") for name in frame if name not in keys}
    together = frame.groupby(keys, sort=False, dropna=False).agg(rules).reset_index()
    texts = {key: together[key].astype(object).where(together[key].notna(), None) for key in keys}
    return together.assign(**texts)[list(frame)]


def _sums(contacts: Contacts, rows: sa.Subquery, count: int) -> list[Expression]:
    """n, w, v, sums s0.. and products p0_0.. of the metric (0) and the measures, extremes of these.

    What `_weighed` can derive is left out, and nothing is multiplied by one: that would double the time.
    """
    x, total = [rows.c.x, *(rows.c[f"x{i}"] for i in range(1, count + 1))], sa.func.sum
    wx = [rows.c.w * value for value in x] if contacts.weighting else x
    sums: list[Expression] = [sa.func.count().label("n")]
    sums += [total(rows.c.w).label("w")] if contacts.weighting else []
    sums += [total(rows.c.w * rows.c.w).label("v")] if contacts.weighting == "survey" else []
    sums += [total(value).label(f"s{i}") for i, value in enumerate(wx)]
    sums += [total(wx[i] * x[j]).label(f"p{i}_{j}") for i in range(len(x)) for j in range(i, len(x))]
    for i, value in enumerate(x[1:], 1):
        sums += [sa.func.min(value).label(f"low{i}"), sa.func.max(value).label(f"high{i}")]
    return sums


def known(
    contacts: Contacts, metric: str, names: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `Warehouse.known` says."""
    measures = [contacts.model.measure(name) for name in names]
    valid = [sa.and_(*contacts.expressions.valid(m)) for m in measures]
    flags = [sa.case((condition, 1.0), else_=0.0).label(f"k{i}") for i, condition in enumerate(valid)]
    rows = contacts.answers(contacts.model.measure(metric), flags, contacts.expressions.where(period, filters))
    w: Expression = rows.c.w if contacts.weighting == "frequency" else sa.literal(1.0)
    sums = [sa.func.sum(w * rows.c[f"k{i}"]).label(f"k{i}") for i in range(len(names))]
    answer = contacts.connection.run(sa.select(sa.func.sum(w).label("answers"), *sums).select_from(rows))
    counts = answer.rows.astype(float).fillna(0.0)
    return Answer(counts.set_axis(["answers", *names], axis=1), answer.sql)
