"""How was the centre reached? Every call that asked for an agent, also those that never became a contact.

calls            call_id, contact_id (NULL: nobody answered and no contact was recorded), customer_id, requested_at,
                 touchpoint (the queue), tier, region, outcome (answered | abandoned | busy), queue_s (NULL when
                 busy), ring_s (NULL when not answered); queue_s + ring_s of an answered call is the contact's wait_s
service_targets  dimension, value (blank: all others), seconds, target (0..100), days (0..100 of the days to meet it)

From REDIAL_FROM on, callers of one queue dial three times where they dialled once: its answer rate per call falls,
while as many callers as before are answered in the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import world
from .contacts import Columns
from .draws import Draws, Floats
from .tables import enum

REDIAL_QUEUE, REDIAL_FROM = "complaint", np.datetime64("2026-10-01T00:00:00", "s")
FAILED, FAILED_AT_PEAK, FAILED_IN_LOOP = 0.05, 0.14, 0.42  # chance that an attempt fails before the one that counts
BUSY = 0.4  # of the attempts that fail
MOST_FAILED = 4
_OUTCOMES = ("answered", "abandoned", "busy")


def calls(draws: Draws, frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The calls in order of time: those of the contacts, and the failed ones before them."""
    rows = np.flatnonzero(columns["queue"])
    here = draws.keep(rows)
    through = _through(here, frame, columns, rows)
    failed = _failed(here, columns, rows)
    both = pd.concat([through, failed], ignore_index=True).sort_values("requested_at", kind="stable")
    of = both.pop("row").to_numpy()
    outcome = enum(both.pop("code").to_numpy(), _OUTCOMES)
    return pd.DataFrame(
        {
            "call_id": np.arange(1, len(both) + 1),
            "contact_id": both["contact_id"].to_numpy(),
            "customer_id": frame["customer_id"].to_numpy()[of],
            "requested_at": both["requested_at"].to_numpy(),
            "touchpoint": frame["touchpoint"].array[of],
            "tier": frame["tier"].array[of],
            "region": frame["region"].array[of],
            "outcome": outcome,
            "queue_s": both["queue_s"].to_numpy(),
            "ring_s": both["ring_s"].to_numpy(),
        }
    )


def _through(here: Draws, frame: pd.DataFrame, columns: Columns, rows: Any) -> pd.DataFrame:
    """One call a contact; of the seconds until somebody answered, a few are ringing."""
    wait, gone = columns["wait_s"][rows], columns["abandoned"][rows]
    ring = np.minimum(np.rint(2 + 8 * here.uniform("ring")), np.maximum(wait - 1, 0))
    return pd.DataFrame(
        {
            "row": rows,
            "contact_id": pd.array(frame["contact_id"].to_numpy()[rows], dtype="Int64"),
            "requested_at": columns["when"][rows].astype("M8[us]"),
            "code": gone.astype(int),
            "queue_s": _seconds(np.where(gone, wait, wait - ring)),
            "ring_s": _seconds(np.where(gone, np.nan, ring)),
        }
    )


def _failed(here: Draws, columns: Columns, rows: Any) -> pd.DataFrame:
    """Attempts of the same day that came to nothing, some minutes apart, before the call that became the contact."""
    when = columns["when"][rows]
    queue = columns["touchpoint"][rows] == world.TOUCHPOINTS.index(REDIAL_QUEUE)
    usual = np.where(columns["peak"][rows], FAILED_AT_PEAK, FAILED)
    chance = np.where(queue & (when >= REDIAL_FROM), FAILED_IN_LOOP, usual)
    many = np.minimum((np.log(1 - here.uniform("failed")) / np.log(chance)).astype(int), MOST_FAILED)
    of = np.repeat(np.arange(len(rows)), many)
    before = np.arange(len(of), 0, -1) - np.repeat(many[::-1].cumsum()[::-1] - many, many)  # the last one is 1
    rng = here.generator("failed calls")
    moment = when[of] - (before * 240 + rng.integers(0, 200, len(of))).astype("m8[s]")
    busy = rng.random(len(of)) < BUSY
    waited = np.rint(np.clip(25 * np.exp(0.9 * rng.standard_normal(len(of))), 1, 600))
    frame = pd.DataFrame(
        {
            "row": rows[of],
            "contact_id": pd.array([pd.NA] * len(of), dtype="Int64"),
            "requested_at": moment.astype("M8[us]"),
            "code": np.where(busy, 2, 1),
            "queue_s": _seconds(np.where(busy, np.nan, waited)),
            "ring_s": _seconds(np.full(len(of), np.nan)),
        }
    )
    return frame[moment.astype("M8[D]") == when[of].astype("M8[D]")]


def _seconds(values: Floats) -> Any:
    """Whole seconds, NULL for NaN."""
    missing = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(missing, 0, values).astype(np.int16), missing)


def service_targets() -> pd.DataFrame:
    """So many per cent of the calls within so many seconds, on so many per cent of the days."""
    rows = [("", "", 40.0, 75.0, 85.0), ("tier", "vip", 30.0, 85.0, 85.0)]
    return pd.DataFrame(rows, columns=["dimension", "value", "seconds", "target", "days"])
