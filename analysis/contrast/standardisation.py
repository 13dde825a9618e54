"""Would the ranking look the same if all groups had the same mix? Direct standardisation, crude beside adjusted.

A group's score in each stratum is weighted by the stratum's share of all answers, or of the work in them (answers
times mean handling effort, so that hard contacts weigh more). Strata that a group does not have are left out;
`covered` is the share of the standard that it does have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.contrast.mix_explanation import EXPLAINS
from analysis.contrast.question import Question
from analysis.contrast.samples import Answers, fetched_answers
from analysis.estimate import (
    BLANK,
    LEAST_CLUSTERS,
    WITHHELD_BELOW,
    Estimates,
    Segment,
    cluster_sums,
    possible,
    whole_of_share,
)
from analysis.stats.clustered import contrasts
from analysis.stats.intervals import NAN, Array, t_bounds
from analysis.stats.standardised import stratified_mean, variance_of_means
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

COLUMNS = ["segment", "n", "crude", "crude_low", "crude_high", "adjusted", "adjusted_low", "adjusted_high", "covered",
           "turned"]  # fmt: skip


@dataclass(frozen=True)
class Strata:
    """Answers by group and stratum: an estimate of each pair, which group and stratum it is, standard weights."""

    rows: pd.DataFrame
    plain: Estimates  # taking answers as independent
    group: Array
    stratum: Array
    standard: Array  # weight of each stratum in the standard population, summing to 1


def standardise(warehouse: Warehouse, question: Question, now: Answers) -> pd.DataFrame | None:
    """Crude and adjusted score of every group; None without dimensions to standardise over or with one group.

    Raises BadInput for a driver of effort without dimensions to standardise over.
    """
    if not question.alike:
        if question.complexity:
            raise BadInput("contrast.no_strata")
        return None
    if len(now.groups) < 2:
        return None
    strata, sql = _strata(warehouse, question, now)
    table = _table(strata, now)
    table.attrs["sql"] = sql
    return table


def _strata(warehouse: Warehouse, question: Question, now: Answers) -> tuple[Strata, tuple[str, ...]]:
    dims = tuple(d for d in question.alike if d not in question.by)
    cells = fetched_answers(warehouse, question, question.selection.period, (*question.by, *dims))
    width = len(question.by)
    group = np.array([now.groups.index(segment[:width]) for segment in cells.groups])
    names = list(dict.fromkeys(segment[width:] for segment in cells.groups))
    stratum = np.array([names.index(segment[width:]) for segment in cells.groups])
    plain = cells.plain
    weight = np.bincount(stratum, plain.weight, len(names))
    effort, sql = _effort(warehouse, question, dims, names)
    standard = weight * effort
    return Strata(cells.rows, plain, group, stratum, standard / standard.sum()), (*cells.sql, *sql)


def _effort(
    warehouse: Warehouse, question: Question, dims: tuple[str, ...], names: list[Segment]
) -> tuple[Array, tuple[str, ...]]:
    """Mean effort of a contact of each stratum, the lightest being 1: points by difficulty."""
    if not question.complexity:
        return np.ones(len(names)), ()
    effort = replace(question, metric=warehouse.model.measure(question.complexity))
    answers = fetched_answers(warehouse, effort, question.selection.period, dims)
    mean = dict(zip(answers.groups, answers.estimates.value, strict=True))
    values = np.array([mean.get(name, NAN) for name in names])
    known = np.where(values > 0, values, NAN)
    if np.isnan(known).all():
        raise BadInput("contrast.no_effort", name=question.complexity)
    least = np.nanmin(known)
    return np.where(np.isnan(known), 1.0, known / least), answers.sql


def _table(strata: Strata, now: Answers) -> pd.DataFrame:
    e, groups = now.estimates, len(now.groups)
    value, error, df, covered = _adjusted(strata, groups)
    low, high = (
        np.clip(b, *possible(now.metric, whole_of_share(now.rows, now.metric))) for b in t_bounds(value, error, df)
    )
    few = e.n < WITHHELD_BELOW
    columns = {
        "crude": e.value, "crude_low": e.low, "crude_high": e.high, "adjusted": value, "adjusted_low": low,
        "adjusted_high": high,
    }  # fmt: skip
    shown = {name: np.where(few, NAN, values) for name, values in columns.items()}
    table = pd.DataFrame({"segment": list(now.groups), "n": e.n, **shown, "covered": covered})
    mean = float(now.rows["wx"].sum() / now.rows["w"].sum())
    standard = float(np.nansum(value * covered * e.weight) / np.sum(covered * e.weight))
    table = table.assign(turned=_turned(table, mean, standard))[COLUMNS]
    return table.sort_values("adjusted", ascending=now.metric.better == "low", ignore_index=True)


def _adjusted(strata: Strata, groups: int) -> tuple[Array, Array, Array, Array]:
    """Standardised mean of each group, its standard error, degrees of freedom and covered share of the standard."""
    shape = (groups, len(strata.standard))
    n, mean, s2 = np.zeros(shape), np.full(shape, NAN), np.full(shape, NAN)
    place, e = (strata.group, strata.stratum), strata.plain
    n[place], mean[place], s2[place] = e.n, e.value, e.error**2 * e.n
    variance, freedom = variance_of_means(n, s2)
    adjusted = stratified_mean(strata.standard, mean, variance, freedom)
    error, df = adjusted.error.copy(), adjusted.df.copy()
    if "c" in strata.rows:
        share = np.where(n > 0, strata.standard, 0.0) / adjusted.covered[:, None]
        for g, rows in strata.rows.groupby(strata.group[strata.rows["s"]]):
            if rows.loc[rows["c"] != BLANK, "c"].nunique() >= LEAST_CLUSTERS:
                alone = share[g] ** 2 * variance[g], freedom[g]
                error[g], df[g] = _across_clusters(rows, strata.stratum[rows["s"]], share[g], *alone)
    return adjusted.value, error, df, adjusted.covered


def _across_clusters(
    rows: pd.DataFrame, stratum: Array, share: Array, alone: Array, df: Array
) -> tuple[float, float]:
    """Standard error and degrees of freedom of one group's mean between clusters: CR2 with Satterthwaite's.

    A stratum with a single cluster has no variance between clusters; it adds `alone`, the variance (with `df` degrees
    of freedom) of its answers taken as independent.
    """
    sums = cluster_sums(rows.assign(s=0, k=stratum), problems=1, groups=len(share))
    several = sums.by_group() > 1
    between = contrasts(sums, np.where(several, share, 0.0))
    lone = (share > 0) & ~several
    parts, freedom = np.append(alone[lone], between.error**2), np.append(df[lone], between.df)
    used = parts != 0
    together = float(parts.sum())
    df_together = together**2 / np.sum(parts[used] ** 2 / freedom[used]) if used.any() else between.df[0]
    return float(np.sqrt(together)), float(df_together)


def _turned(table: pd.DataFrame, mean: float, standard: float) -> Array:
    """Whether its mix explains how a group differs from the average.

    Either it crosses the average, significantly different on at least one side; or it differed significantly, and
    after standardisation at most half of the difference is left, no longer significant.
    """
    before, after = table["crude"] - mean, table["adjusted"] - standard
    sure_before = (table["crude_low"] > mean) | (table["crude_high"] < mean)
    sure_after = (table["adjusted_low"] > standard) | (table["adjusted_high"] < standard)
    other_side = (before * after < 0) & (sure_before | sure_after)
    gone = sure_before & ~sure_after & (after.abs() <= EXPLAINS * before.abs())
    return np.asarray(other_side | gone)
