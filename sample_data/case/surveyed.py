"""How did the customers of a case rate it? By luck, but by one of a few lots in which the total tempts as it should.

A case is of use for a class only if its headline makes one ask. Which lot is taken depends on the totals, and where a
place was last by luck alone on that place; no lot changes what any customer was to expect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data_access.training import Kind
from sample_data import surveys, world
from sample_data.case import rota
from sample_data.case.centre import Columns, moment
from sample_data.case.effects import inside
from sample_data.case.planted import Planted
from sample_data.draws import Draws, rate

LOTS = 60
WANTED = {True: (-99.0, -0.4), False: (-1.7, -0.75)}  # standard errors by which the total falls: a real change, none
FIRST = 10.0  # what the total weighs beside the place: the headline must be true
FELL, LAST = -1.2, 0.8  # standard errors by which a place fell by luck; how near it is to its usual level afterwards


@dataclass(frozen=True)
class Surveyed:
    """The columns with their answers, and the streams they were drawn by; in its trap, who fell most by luck."""

    draws: Draws
    columns: Columns
    fallen: str = ""


def surveyed(draws: Draws, columns: Columns, plan: Planted) -> Surveyed:
    """The first lot that tempts, else the one that comes nearest."""
    best, nearest = draws, np.inf
    for lot in range(LOTS):
        own = replace(draws, seed=(draws.seed + 7919 * lot) % 2**31)
        distance = _distance(_rated(own, columns), plan)
        if distance < nearest:
            best, nearest = own, distance
        if distance <= 0:
            break
    answered = columns | surveys.survey(best, columns)
    fallen = _fallen(answered, plan)[1] if plan.kind is Kind.REGRESSION_TRAP else ""
    return Surveyed(best, answered, fallen)


def _rated(draws: Draws, columns: Columns) -> Columns:
    """Ratings and who gave one, as the survey draws them, without reasons and comments: a hundred times as quick."""
    would_rate = rate(columns["points"], draws.normal("rating"))
    _, answered = surveys._response(draws, columns, would_rate)
    return columns | {"score": would_rate, "answered": answered, "exempted": np.zeros(draws.size, dtype=bool)}


def _distance(columns: Columns, plan: Planted) -> float:
    """How far the fall of the total, and of the place in a trap, is from what tempts."""
    low, high = WANTED[plan.is_real or plan.kind is Kind.MIX_TRAP]
    z = _fall(columns, plan, np.ones(len(columns["when"]), dtype=bool))
    away = FIRST * max(low - z, z - high, 0.0)
    if away > 0:
        return away + FIRST  # the place is not worth a look
    if plan.kind is Kind.REGRESSION_TRAP:
        return _fallen(columns, plan)[0]
    return _above_last(columns, plan) if plan.kind is Kind.SIMPSON_TRAP else 0.0


def _fallen(columns: Columns, plan: Planted) -> tuple[float, str]:
    """The team that fell most in the month, and how far it is from having fallen much and come back."""
    by_points = {}
    for place, name in enumerate(rota.VOICE_TEAMS):
        rows = columns["team"] == place
        before, now = (_scores(columns, rows, period.start, period.end) for period in (plan.baseline, plan.period))
        by_points[name] = float(now.mean() - before.mean())
    team = min(by_points, key=lambda name: by_points[name])
    rows = columns["team"] == rota.VOICE_TEAMS.index(team)
    usual, after = (
        _scores(columns, rows, plan.span.start, plan.month),
        _scores(columns, rows, plan.period.end, plan.span.end),
    )
    away = abs(after.mean() - usual.mean()) / np.sqrt(after.var() / len(after) + usual.var() / len(usual))
    return max(_fall(columns, plan, rows) - FELL, 0.0) + max(float(away) - LAST, 0.0), team


def _above_last(columns: Columns, plan: Planted) -> float:
    """By how many tens of points who looks bad is above the last of the ranking, in the month."""
    ((dimension, member),) = plan.place.items()
    members = rota.VOICE_TEAMS if dimension == "team" else world.REGIONS
    scores = {
        name: _scores(columns, inside(columns, {dimension: name}), plan.period.start, plan.period.end).mean()
        for name in members
    }
    return float(scores[member] - min(scores.values()))


def _fall(columns: Columns, plan: Planted, rows: Any) -> float:
    """The change of the month in standard errors."""
    before, now = (_scores(columns, rows, period.start, period.end) for period in (plan.baseline, plan.period))
    if min(len(before), len(now)) < 2:
        return 0.0
    return float((now.mean() - before.mean()) / np.sqrt(now.var() / len(now) + before.var() / len(before)))


def _scores(columns: Columns, rows: Any, start: Any, end: Any) -> Any:
    """The ratings that count, of some contacts of a time."""
    when = columns["when"]
    counts = columns["answered"] & ~columns["exempted"] & (when >= moment(start)) & (when < moment(end))
    return columns["score"][rows & counts]
