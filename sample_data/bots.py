"""What did the bot do in its leg of a contact, and did it last? Turns, answers it had not, how the session ended."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import world
from .contacts import Columns
from .draws import Draws, Floats

KINDS = ("done", "misheard", "failed", "loop", "handover")
OUTCOMES = ("contained", "handed_over", "dropped")
TURNS, FALLBACKS = np.array([5, 6, 6, 7, 5]), np.array([0, 2, 1, 2, 1])  # by kind
LASTS = np.timedelta64(48, "h")


def sessions(draws: Draws, columns: Columns) -> Columns:
    """How each bot session went, NaN for contacts without one.

    `bot_repeat`: the customer came back within 48 hours, whatever the channel; unknown for the last 48 hours before
    the extract. `bot_verified`: no agent, not broken off and no such repeat. The rating plays no part in it, so that
    it can be held against the rating.
    """
    rows = np.flatnonzero(columns["bot"])
    here = draws.keep(rows)
    kind = _kind(columns)[rows]
    left = ~columns["resolved_now"][rows] & (here.uniform("left") < 0.55)
    outcome = np.where(kind == KINDS.index("handover"), 1, np.where(left, 2, 0))
    repeat = _comes_back(columns)[rows]
    facts = {
        "bot_kind": kind,
        "bot_outcome": outcome,
        "bot_turns": TURNS[kind] + here.generator("turns").poisson(1.2, len(rows)),
        "bot_fallbacks": FALLBACKS[kind],
        "bot_handed_over": outcome == 1,
        "bot_dropped": outcome == 2,
        "bot_repeat": repeat,
        "bot_verified": np.where(np.isnan(repeat), np.nan, (outcome == 0) & (repeat == 0)),
    }
    return {name: _spread(values, rows, len(columns["bot"])) for name, values in facts.items()}


def _kind(columns: Columns) -> Any:
    knows, done = columns["bot_recognised"] == 1, columns["resolved_now"]
    handover = columns["touchpoint"] == world.TOUCHPOINTS.index("handover")
    return np.select([handover, columns["broken"] & ~done, ~knows, ~done], [4, 3, 1, 2], default=0)


def _comes_back(columns: Columns) -> Floats:
    """1 where the next contact of the customer begins within 48 hours, NaN where that is still open."""
    order = np.lexsort((columns["when"], columns["customer"]))
    when, customer = columns["when"][order], columns["customer"][order]
    soon = np.append((customer[1:] == customer[:-1]) & (when[1:] - when[:-1] <= LASTS), False)
    again = np.empty(len(order))
    again[order] = np.where(soon, 1.0, np.where(when + LASTS > world.EXTRACT, np.nan, 0.0))
    return again


def _spread(values: Any, rows: Any, size: int) -> Floats:
    column = np.full(size, np.nan)
    column[rows] = values
    return column
