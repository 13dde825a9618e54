"""What did quality checks find? Checks by chance and for a reason, and contacts that two judged.

qa_evaluations  evaluation_id, contact_id, agent, team, evaluated_at, sample (random | targeted | doubled),
                sampling_weight (contacts that a random evaluation stands for), critical_error 0/1,
                noncritical_errors, opportunities, chance (with which a contact came into a sample drawn by chance;
                NULL: targeted), errors (the standards missed, joined by |; NULL: none)
calibration     contact_id, scored_at, kind (evaluators | machine), question, first 0/1, second 0/1: what two said

New agents are checked more often from DOUBLED_FROM on (sample doubled): among the evaluations there are then more of
those who err more, so that quality seems to fall although nobody errs more than before.

Half of all slips are of one kind, of every agent alike (SHARED); one agent (ALONE) slips in nothing but another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .contacts import Columns
from .draws import Draws
from .people import AGENTS
from .staff_months import CHANCE, SLIPS
from .tables import enum

DOUBLED_FROM = np.datetime64("2026-10-01T00:00:00", "s")
AGAIN = 0.12  # of the contacts of new agents, besides
TWICE = CHANCE + (1 - CHANCE) * AGAIN
OPPORTUNITIES = 12
QUESTIONS = {"identified": 0.08, "solved": 0.15, "explained": 0.22, "wording": 0.35}  # share that is said to lack
FLIPPED = {"evaluators": {"identified": 0.01, "solved": 0.04, "explained": 0.07, "wording": 0.20},
           "machine": {"identified": 0.02, "solved": 0.12, "explained": 0.10, "wording": 0.08}}  # fmt: skip
JUDGED_TWICE = 0.5  # of the checks by chance
SHARED, WRONG = "explained", "wrong_answer"  # what all agents miss alike; the critical error
MISSED = {"identified": 0.15, "solved": 0.17, SHARED: 0.5, "wording": 0.18}  # of the slips
ALONE, ALONE_IN = "A0037", "wording"


def quality(draws: Draws, frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The evaluations of `staff_months.checks`, then those that are made besides of new agents."""
    rows, by_chance = columns["checked"], columns["checked_by_chance"]
    new = (columns["tenure_band"] == 0) & (columns["when"] >= DOUBLED_FROM)
    more, here = _doubled(draws, columns, rows[by_chance], new)
    every = np.concatenate([rows, more])
    critical = here.uniform("critical, doubled") < 0.03 * 2
    slips = np.minimum(here.generator("slips, doubled").poisson(SLIPS + 0.6, len(more)), OPPORTUNITIES)
    sample = np.concatenate([np.where(by_chance, 0, 1), np.full(len(more), 2)])
    chosen = frame.iloc[every]
    return pd.DataFrame(
        {
            "evaluation_id": np.arange(1, len(every) + 1),
            "contact_id": chosen["contact_id"].to_numpy(),
            "agent": chosen["agent"].array,
            "team": chosen["team"].array,
            "evaluated_at": chosen["contacted_at"].to_numpy() + np.timedelta64(30 * 3600, "s"),
            "sample": enum(sample, ("random", "targeted", "doubled")),
            "sampling_weight": np.where(sample == 0, 1 / CHANCE, np.nan),
            "critical_error": np.concatenate([columns["critical"], critical]).astype(np.int8),
            "noncritical_errors": np.concatenate([columns["slips"], slips]).astype(np.int8),
            "opportunities": np.full(len(every), OPPORTUNITIES, np.int8),
            "chance": np.where(sample == 1, np.nan, np.where(new[every], TWICE, CHANCE)),
            "errors": _missed(
                draws,
                np.concatenate([columns["slips"], slips]),
                np.concatenate([columns["critical"], critical]),
                columns["agent"][every] == AGENTS.index(ALONE),
            ),
        }
    )


def _missed(draws: Draws, slips: Any, critical: Any, alone: Any) -> Any:
    """The kinds of so many slips, each kind once an evaluation, and the critical error before them."""
    kinds = tuple(MISSED)
    luck = draws.generator("which standards").gumbel(size=(len(slips), len(kinds)))
    order = np.argsort(-(np.log(list(MISSED.values())) + luck), axis=1)
    most = np.minimum(slips, np.where(alone, 1, len(kinds)))
    order[alone, 0] = kinds.index(ALONE_IN)
    texts = [
        "|".join([WRONG] * bool(wrong) + [kinds[place] for place in places[:many]]) or None
        for places, many, wrong in zip(order, most, critical, strict=True)
    ]
    return pd.array(texts, dtype="string")


def _doubled(draws: Draws, columns: Columns, already: Any, new: Any) -> tuple[Any, Draws]:
    """Contacts of new agents that are drawn a second time, those left out that the first time had drawn."""
    handled = columns["by_agent"] & ~columns["abandoned"] & new & (draws.uniform("quality doubled") < AGAIN)
    handled[already] = False
    rows = np.flatnonzero(handled)
    return rows, draws.keep(rows)


def calibration(draws: Draws, frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Some of the checks by chance, judged by two evaluators, and by one and a machine."""
    rows = columns["checked"][columns["checked_by_chance"]]
    rows = rows[draws.keep(rows).uniform("judged twice") < JUDGED_TWICE]
    rng, tables = draws.keep(rows).generator("calibration"), []
    for question, lacking in QUESTIONS.items():
        truth = rng.random(len(rows)) < lacking
        for kind, flipped in FLIPPED.items():
            first, second = (truth ^ (rng.random(len(rows)) < flipped[question]) for _ in range(2))
            tables.append(pd.DataFrame({
                "contact_id": frame["contact_id"].to_numpy()[rows],
                "scored_at": frame["contacted_at"].to_numpy()[rows] + np.timedelta64(54 * 3600, "s"),
                "kind": kind,
                "question": question,
                "first": first.astype(np.int8),
                "second": second.astype(np.int8),
            }))  # fmt: skip
    return pd.concat(tables, ignore_index=True)
