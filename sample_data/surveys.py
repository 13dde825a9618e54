"""Who was asked, who answered, and what did they say? Ratings, non-response, reasons, exemptions."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import comments, world
from .contacts import Columns
from .draws import Draws, Floats, Ints, rate

SECOND_REASON, THIRD_REASON = 0.28, 0.07
UNASKED = 0.05  # answered below ten, no reason given; more often at a nine


def survey(draws: Draws, columns: Columns) -> Columns:
    """Score, reasons, comment and what became of the invitation for every contact."""
    would_rate = rate(columns["points"], draws.normal("rating"))
    asked, answered = _response(draws, columns, would_rate)
    exempted, exempt_reason = _exemptions(draws, would_rate, answered)
    rows = np.flatnonzero(answered)
    here = draws.keep(rows)
    below = np.flatnonzero(would_rate[rows] < 10)
    first, text = _reasons(
        here.keep(below),
        {name: _at(values, rows[below]) for name, values in columns.items()},
        would_rate[rows[below]],
    )
    primary = np.full(len(rows), -1)
    primary[below] = first
    reason, comment = (np.full(len(asked), None, dtype=object) for _ in range(2))
    reason[rows[below]] = text
    comment[rows] = comments.write(here, primary, world.reasons(), would_rate[rows])
    delay = np.clip(420 * np.exp(1.3 * draws.normal("answers after")), 20, 86400)
    return {
        "invited": asked,
        "answered": answered,
        "score": np.where(answered, would_rate, np.nan),
        "exempted": exempted,
        "exempt_reason": exempt_reason,
        "reason": reason,
        "comment": comment,
        "answer_delay_s": np.where(answered, np.rint(delay), np.nan),
    }


def _at(values: Any, rows: Ints) -> Any:
    return values[rows] if isinstance(values, np.ndarray) else values


def _response(draws: Draws, columns: Columns, score: Any) -> tuple[Any, Any]:
    """Invited and answered. The very dissatisfied and the delighted answer more often than those between."""
    touchpoint = columns["touchpoint"]
    asked = ~columns["abandoned"] & (draws.uniform("invited") < world.column(world.TOUCHPOINT, 2)[touchpoint])
    eager = np.where(score <= 3, 1.30, np.where(score <= 8, 0.88, np.where(score == 10, 1.06, 0.97)))
    answers = draws.uniform("answers") < world.column(world.TOUCHPOINT, 3)[touchpoint] * eager
    return asked, asked & answers


def _exemptions(draws: Draws, score: Any, answered: Any) -> tuple[Any, Ints]:
    """About one rating in a hundred is taken out with a reason, low ones more often; -1 where it counts."""
    exempted = answered & (draws.uniform("exempted") < np.where(score <= 5, 0.05, 0.004))
    which = (draws.uniform("exempt reason") * len(world.EXEMPT_REASON)).astype(int)
    return exempted, np.where(exempted, which, -1)


def _reasons(draws: Draws, columns: Columns, score: Any) -> tuple[Ints, Any]:
    """The first reason's place in the taxonomy and all named reasons as `a|b`, for ratings below ten."""
    codes = world.reasons()
    weights = _usual_weights()[columns["touchpoint"]] * _affinity()[columns["business"]] + 1e-6
    for name, extra in _circumstances(columns).items():
        weights[:, codes.index(name)] += extra
    silent = codes.index("not_stated")
    weights[:, silent] = 1e-9
    order = np.argsort(draws.race("reasons", len(codes)) / weights.astype(np.float32), axis=1)[:, :3]
    luck = draws.uniform("how many reasons")
    named = 1 + (luck < SECOND_REASON).astype(int) + (luck < THIRD_REASON)
    nothing = draws.uniform("no reason") < np.where(score == 9, 6 * UNASKED, UNASKED)
    texts = [
        "|".join(codes[place] for place in row[:count])
        for row, count in zip(order.tolist(), named.tolist(), strict=True)
    ]
    return np.where(nothing, silent, order[:, 0]), np.where(nothing, "not_stated", np.array(texts, dtype=object))


def _usual_weights() -> Floats:
    """Touchpoints x reasons: a reason is named where the taxonomy says that it occurs."""
    heavy = {
        "wait_busy": 2.2,
        "not_resolved": 1.8,
        "cannot_answer": 1.6,
        "unclear_answer": 1.3,
        "attitude": 0.6,
        "out_of_policy_demand": 0.4,
        "outage": 0.4,
        "identity_check": 0.6,
        "vas_no_consent": 0.5,
    }
    return np.array(
        [
            [
                heavy.get(reason["code"], 1.0) * (touchpoint in reason["touchpoints"])
                for reason in world.taxonomy()["reason"]
            ]
            for touchpoint in world.TOUCHPOINTS
        ]
    )


def _affinity() -> Floats:
    """Businesses x reasons: what is rare or common in a business."""
    tilt = {
        "network_quality": {"mobile_4g": 2.0, "mobile_5g": 2.2, "broadband": 1.6, "iot": 1.5, "value_added": 0.1},
        "outage": {"broadband": 4.0, "fixed_line": 2.0, "value_added": 0.1},
        "install_repair_late": {
            "broadband": 5.0,
            "fixed_line": 3.0,
            "mobile_4g": 0.05,
            "mobile_5g": 0.05,
            "value_added": 0.05,
            "iot": 0.3,
        },
        "vas_no_consent": {"value_added": 9.0},
        "marketing_disturbance": {"value_added": 2.0},
        "refund_rule": {"value_added": 3.0},
        "tariff_rule": {"mobile_4g": 1.6, "mobile_5g": 1.4},
    }
    return np.array(
        [[tilt.get(code, {}).get(business, 1.0) for code in world.reasons()] for business in world.BUSINESSES]
    )


def _circumstances(columns: Columns) -> dict[str, Any]:
    """What happened in the contact makes its reason likelier: extra weight per reason."""
    wait = np.nan_to_num(columns["wait_s"])
    unresolved = columns["resolved"] == 0
    by_agent = columns["by_agent"]
    bills = tuple(name for name in world.SUB_TYPES if name.endswith("_bill"))
    bill = world.is_one_of(columns["sub_type"], world.SUB_TYPES, bills)
    broken, new = columns["broken"], columns["new_team"]
    return {
        "wait_busy": np.where(wait > 45, 4.0 * np.log2(np.maximum(wait, 45.0) / 30.0), 0.0),
        "not_resolved": 3.0 * unresolved,
        "cannot_answer": 2.0 * (unresolved & by_agent) + 4.0 * new,
        "unclear_answer": 7.0 * new,
        "repeat_transfer": 3.0 * np.nan_to_num(columns["transfers"]),
        "context_lost": 6.0 * (columns["context_passed"] == 0),
        "chat_slow": np.where(np.nan_to_num(columns["first_response_s"]) > 60, 5.0, 0.0),
        "app_failure": 4.0 * ((columns["load_time_ms"] > 3000) | (columns["task_success"] == 0)) * ~by_agent,
        "bot_misunderstood": 4.0 * (columns["bot_recognised"] == 0) + 5.0 * broken,
        "bot_loop": 32.0 * broken,
        "billing_dispute": 2.0 * bill + 36.0 * columns["billing"],
    }
