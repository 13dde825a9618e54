"""Who made contact in the months of a case, when, about what, and how did it go? The sample's centre, without causes.

Everything but arrivals is the sample's own machinery: staff, service, survey and companions are made as there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from data_access.training import Kind
from sample_data import causes, people, service, world
from sample_data.case import rota
from sample_data.case.planted import HARD_LINES, MOVED, Planted
from sample_data.draws import Draws, pick, pick_by

Columns = dict[str, Any]
TOUCHPOINT = (0.32, 0.04, 0.05, 0.11, 0.13, 0.12, 0.16, 0.07)  # shares, in the order of world.TOUCHPOINTS
REPEATS, NEAR = 0.10, 350  # part of the contacts that are repeats; of one of so many contacts before
HARD = 0.17  # of the matters
GIVEN = 0.85  # of the easy contacts of the team that looks bad
HARD_SHARE = (0.54, 0.32)  # of HARD_LINES in the region that looks bad
BETTER = 2.0  # points by which who looks bad is better in every line
PARTS_OF_DAY = ("night", "morning", "midday", "afternoon", "evening")
PART_FROM = (0, 7, 12, 14, 18, 22)  # hours; the last begins the night again
NOTHING = causes.Planted(frozenset())


def contacts_of(plan: Planted) -> tuple[Columns, Draws]:
    """All contacts in order of time with who answered, how it went and the points that follow."""
    draws = Draws(int(plan.luck("centre").integers(2**31)), plan.contacts)
    columns = _arrivals(draws, plan) | _customers(draws)
    columns |= _subjects(draws, columns, plan)
    columns = _with_repeats(draws, columns)
    columns |= _places(draws, columns)
    staffed, staff = people.assign(draws, columns, NOTHING)
    columns |= staffed
    if "team" in plan.place and plan.kind is Kind.SIMPSON_TRAP:
        team = rota.VOICE_TEAMS.index(plan.place["team"])
        columns |= rota.exchanged(columns, team, is_hard(columns), plan.luck("exchange"), GIVEN)
    columns = service.serve(draws, columns, staff, NOTHING)
    columns["team"] = rota.of_sample(columns["team"])
    return columns, draws


def is_hard(columns: Columns) -> Any:
    """Contacts about the lines that please least."""
    return world.is_one_of(columns["business"], world.BUSINESSES, HARD_LINES)


def moment(day: date) -> np.datetime64:
    return np.datetime64(day, "s")


def _arrivals(draws: Draws, plan: Planted) -> Columns:
    hours = np.arange(moment(plan.span.start), moment(plan.span.end), np.timedelta64(3600, "s"))
    day = hours.astype("M8[D]")
    weight = np.array(world.WEEKDAYS)[(day.astype(int) + 3) % 7]
    weight = weight * np.array(world.HOURS)[(hours - day).astype(int) // 3600]
    seconds = (3600 * draws.uniform("second")).astype("m8[s]")
    when = np.sort(hours[pick(draws.uniform("hour"), weight)] + seconds)
    hour = (when - when.astype("M8[D]")).astype(int) // 3600
    return {
        "when": when,
        "part_of_day": (np.searchsorted(PART_FROM, hour, side="right") - 1) % len(PARTS_OF_DAY),
        "hard": draws.uniform("hard") < HARD,
    }


def _customers(draws: Draws) -> Columns:
    """Customers, some of whom call often, with the tier and region that stay theirs."""
    pool = draws.size // 2
    customer = np.minimum((pool * draws.uniform("customer") ** 1.35).astype(int), pool - 1)
    rng = draws.generator("customers")
    tier = pick(rng.random(pool), world.column(world.TIER, 0))
    region = pick(rng.random(pool), world.column(world.REGION, 0))
    return {"customer": customer, "tier": tier[customer], "region": region[customer]}


def _subjects(draws: Draws, columns: Columns, plan: Planted) -> Columns:
    """What it was about; in the traps of mix more of what pleases least, from a month on or in one region."""
    usual = world.column(world.BUSINESS, 0)
    shares, group = np.stack([usual, _hard_shares(usual)]), np.zeros(draws.size, dtype=np.int64)
    if plan.kind is Kind.SIMPSON_TRAP and "region" in plan.place:
        group = (columns["region"] == world.REGIONS.index(plan.place["region"])).astype(np.int64)
    business = pick_by(draws.uniform("business"), shares, group)
    if plan.kind is Kind.MIX_TRAP:
        moved = (draws.uniform("moved") < MOVED[plan.difficulty]) & (columns["when"] >= moment(plan.month))
        business = np.where(moved, world.BUSINESSES.index(plan.place["business"]), business)
    within = np.zeros((len(world.BUSINESSES), len(world.SUB_TYPES)))
    for place, (parent, share, _) in enumerate(world.SUB_TYPE.values()):
        within[world.BUSINESSES.index(parent), place] = share
    return {"business": business, "sub_type": pick_by(draws.uniform("sub_type"), within, business)}


def _hard_shares(usual: Any) -> Any:
    hard = world.is_one_of(np.arange(len(usual)), world.BUSINESSES, HARD_LINES)
    shares = np.where(hard, 0.0, usual) * (1 - sum(HARD_SHARE)) / usual[~hard].sum()
    shares[[world.BUSINESSES.index(name) for name in HARD_LINES]] = HARD_SHARE
    return shares


def _with_repeats(draws: Draws, columns: Columns) -> Columns:
    """Some contacts are of a customer who was there shortly before, about the same."""
    rng = draws.generator("repeats")
    repeat = rng.random(draws.size) < REPEATS
    repeat[0] = False
    of = np.maximum(np.arange(draws.size) - rng.integers(1, NEAR, draws.size), 0)
    same = ("customer", "tier", "region", "business", "sub_type")
    taken = {name: np.where(repeat, columns[name][of], columns[name]) for name in same}
    return columns | taken | {"repeat": repeat, "billing": np.zeros(draws.size, dtype=bool)}


def _places(draws: Draws, columns: Columns) -> Columns:
    """Touchpoint, channel and bot scenario."""
    tilt = [world.REPEAT_TILT.get(name, 1.0) for name in world.TOUCHPOINTS]
    shares = np.stack([np.array(TOUCHPOINT), np.array(TOUCHPOINT) * tilt])
    touchpoint = pick_by(draws.uniform("touchpoint"), shares, columns["repeat"].astype(np.int64))
    bot = world.is_one_of(touchpoint, world.TOUCHPOINTS, world.BOT_TOUCHPOINTS)
    channel = pick_by(draws.uniform("channel"), [world.CHANNEL_SHARE[name] for name in world.TOUCHPOINTS], touchpoint)
    scenario = pick(draws.uniform("scenario"), world.column(world.SCENARIO, 0))
    return {"touchpoint": touchpoint, "channel": channel, "scenario": np.where(bot, scenario, -1)}
