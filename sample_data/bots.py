"""What did the bot do in its leg of a contact, and did it last? Turns, answers it had not, how the session ended.

One scenario hides the way to agents from a version on: fewer of its sessions are handed over, more of its customers
come back to an agent about the same. No score, wait or resolution changes by it: hand-overs go to other scenarios,
and contacts of others with agents, alike in question, tier and region, become returns of its customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import causes, world
from .contacts import Columns, may_move
from .draws import Draws, Floats, Ints, pick
from .service import MOST_GIVE_UP

KINDS = ("done", "misheard", "failed", "loop", "handover")
OUTCOMES = ("contained", "handed_over", "dropped")
TURNS, FALLBACKS = np.array([5, 6, 6, 7, 5]), np.array([0, 2, 1, 2, 1])  # by kind
LASTS = np.timedelta64(48, "h")
SOON, ALONE = np.timedelta64(1, "h"), np.timedelta64(7, "D")  # an hour on at the earliest; nobody else's repeat


def hollow(draws: Draws, columns: Columns) -> Columns:
    """Scenarios and customers with that scenario at work; `hollow`: its sessions; `brought_back`: their returns."""
    rng = draws.generator("a way to agents is hidden")
    scenario, customer = columns["scenario"].copy(), columns["customer"].copy()
    at_work = columns["when"] >= causes.HOLLOW_FROM
    over = columns["touchpoint"] == world.TOUCHPOINTS.index("handover")
    own = world.SCENARIOS.index(causes.HOLLOW_SCENARIO)
    away = at_work & (scenario == own) & over & (rng.random(len(over)) < causes.HOLLOW_FEWER)
    shares = world.column(world.SCENARIO, 0)
    shares[[own, world.SCENARIOS.index(causes.BOT_SCENARIO)]] = 0.0
    scenario[away] = pick(rng.random(len(over)), shares)[away]
    sessions, returns = _returns(columns, at_work & (scenario == own) & ~over, _untouched(draws, columns), rng)
    customer[returns] = customer[sessions]
    brought_back = np.zeros(len(over), dtype=bool)
    brought_back[returns] = True
    found = {"hollow": at_work & (scenario == own), "brought_back": brought_back}
    return found | {"scenario": scenario, "customer": customer}


def _untouched(draws: Draws, columns: Columns) -> Any:
    """Contacts that are alike whatever else is planted: no repeats, none that may move or give up in the queue."""
    return ~columns["repeat"] & ~may_move(draws) & (draws.uniform("give up") >= MOST_GIVE_UP)


def _returns(columns: Columns, left: Any, untouched: Any, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Sessions whose customer comes back, and the contacts that are these returns."""
    before, after = _gaps(columns)
    when, left = columns["when"], left & untouched
    free = np.flatnonzero(columns["by_agent"] & untouched & (before > ALONE) & (after > ALONE))
    waiting: dict[tuple[int, ...], list[int]] = {}
    for row in free:
        waiting.setdefault(_alike(columns, row), []).append(int(row))
    likely = left & (after > LASTS) & (when + LASTS < world.END)
    most = round(causes.HOLLOW_RETURNS * int(left.sum()))
    found: dict[int, int] = {}
    for session in rng.permutation(np.flatnonzero(likely)):
        fits = (row for row in waiting.get(_alike(columns, session), ()) if SOON < when[row] - when[session] < LASTS)
        back = next((row for row in fits if row not in found), None)
        if back is not None and len(found) < most:
            found[back] = int(session)
    return np.array([*found.values()], dtype=np.int64), np.array([*found], dtype=np.int64)


def _alike(columns: Columns, row: Any) -> tuple[int, ...]:
    return tuple(int(columns[name][row]) for name in ("sub_type", "tier", "region"))


def _gaps(columns: Columns) -> tuple[Any, Any]:
    """How long before and after each contact there is no other of its customer."""
    order = np.lexsort((columns["when"], columns["customer"]))
    when, customer = columns["when"][order], columns["customer"][order]
    never = np.timedelta64(10_000, "D").astype("m8[s]")
    between = np.where(customer[1:] == customer[:-1], when[1:] - when[:-1], never)
    before, after = np.empty(len(order), "m8[s]"), np.empty(len(order), "m8[s]")
    before[order], after[order] = np.append([never], between), np.append(between, [never])
    return before, after


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
