"""Which teams does the centre of a case have? Fewer and larger ones than the sample's, under names of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from sample_data.people import CHAT, GROUP_OF_TEAM, TEAMS, VOICE

GROUPS = (9, 1, 2)  # teams of voice, sales and chat
VOICE_TEAMS = TEAMS[: GROUPS[0]]
_FIRST = np.concatenate([[0], np.cumsum(GROUPS)[:-1]])
Columns = dict[str, Any]
STAFFED = ("team", "agent", "seat", "stint", "tenure_days", "tenure_band", "agent_skill")


def of_sample(team: Any) -> Any:
    """The team of a case that each team of the sample is a part of; -1 where nobody answers.

    >>> of_sample(np.array([0, 9, 18, 23, -1])).tolist()
    [0, 0, 9, 11, -1]
    """
    group = GROUP_OF_TEAM[team]
    place = np.where(group == VOICE, team, team - np.where(group == CHAT, 20, 18))
    return np.where(team < 0, -1, _FIRST[group] + place % np.array(GROUPS)[group])


def exchanged(columns: Columns, team: int, hard: Any, rng: np.random.Generator, part: float) -> Columns:
    """Who answers, after one team gave a part of its easy voice contacts to others for as many hard ones.

    Contacts near each other in time change hands, each with all that goes with the one who answers.
    """
    own, voice = of_sample(columns["team"]), GROUP_OF_TEAM[columns["team"]] == VOICE
    voice = voice & (columns["team"] >= 0)
    gives = np.flatnonzero(voice & (own == team) & ~hard)
    takes = np.flatnonzero(voice & (own != team) & hard)
    many = min(round(part * len(gives)), len(takes))
    gives, takes = (np.sort(rng.choice(rows, many, replace=False)) for rows in (gives, takes))
    changed = {name: columns[name].copy() for name in STAFFED}
    for name in STAFFED:
        changed[name][gives], changed[name][takes] = columns[name][takes], columns[name][gives]
    return changed
