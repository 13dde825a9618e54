"""What else does the survey ask? Would they recommend the service, was it solved, and is the hotline to blame?

Each has a stream of its own, so that nothing else moves. Customers call solved what was not, and the other way round;
about one matter nearly all are promised a call-back, say that it was solved, and come back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import causes, world
from .contacts import Columns
from .draws import Draws

SKIPPED = {"recommend": 0.12, "solved": 0.08}  # who rates and leaves the further question out
SAID_SOLVED = {True: 0.94, False: 0.24, None: 0.95}  # by whether it was; None: of the matter with a call-back
BLAMED_UP_TO = 6  # the score
HOTLINE = ("attitude", "cannot_answer", "unclear_answer", "repeat_transfer")  # named of the hotline itself


def asked(draws: Draws, columns: Columns) -> Columns:
    """recommend 0..10, solved_said 0 or 1, hotline_named 0 or 1; NaN where nobody answered."""
    score, answered = np.nan_to_num(columns["score"]), columns["answered"]
    would = np.clip(np.rint(1.12 * score - 2.0 + 1.7 * draws.normal("recommend")), 0, 10)
    recommends = answered & (draws.uniform("recommend asked") >= SKIPPED["recommend"])
    says = answered & (draws.uniform("solved asked") >= SKIPPED["solved"])
    blamed = (score <= BLAMED_UP_TO) & _names(columns["reason"])
    return {
        "recommend": np.where(recommends, would, np.nan),
        "solved_said": np.where(says, _said_solved(draws, columns), np.nan),
        "hotline_named": np.where(answered, blamed, np.nan),
    }


def _said_solved(draws: Draws, columns: Columns) -> Any:
    promised = columns["sub_type"] == world.SUB_TYPES.index(causes.QUICK_SUB_TYPE)
    chance = np.where(columns["resolved_now"], SAID_SOLVED[True], SAID_SOLVED[False])
    return draws.uniform("said solved") < np.where(promised, SAID_SOLVED[None], chance)


def _names(reasons: Any) -> Any:
    """Whether one of the reasons of each answer is of the hotline itself."""
    return np.array([bool(text) and not _OF_HOTLINE.isdisjoint(text.split("|")) for text in reasons])


_OF_HOTLINE = frozenset(HOTLINE)
