"""Who made contact, when and about what? Arrivals, customers, subjects and the repeat contacts they cause."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import causes, world
from .causes import Planted
from .draws import Draws, Floats, Ints, pick, pick_by

Columns = dict[str, Any]

FIRST_SHARE = 0.865  # of all contacts; the others are repeats of these within a week
_HOUR = np.timedelta64(3600, "s")


def contacts(seed: int, count: int, planted: Planted) -> tuple[Columns, Draws]:
    """Contacts in order of time, exactly `count`, with who, when and about what; and the streams of their rows."""
    firsts = round(count * FIRST_SHARE)
    draws = Draws(seed, 2 * firsts)
    drawn = draws.keep(np.arange(firsts))
    first = _first_contacts(drawn, planted)
    parents, when = _repeats(drawn, first, count - firsts)
    rows = np.concatenate([np.arange(firsts), parents])
    columns = {name: values[rows] for name, values in first.items()}
    columns["when"] = np.concatenate([first["when"], when])
    columns["repeat"] = np.arange(count) >= firsts
    order = np.argsort(columns["when"], kind="stable")
    used = np.concatenate([np.arange(firsts), firsts + parents])[order]
    draws = draws.keep(used)
    columns = {name: values[order] for name, values in columns.items()}
    return columns | _places(draws, columns), draws


def _first_contacts(draws: Draws, planted: Planted) -> Columns:
    """Time, customer, business and sub-type of contacts that are no repeats."""
    when = _arrivals(draws)
    who = _customers(draws, len(when) // 2)
    business = pick(draws.uniform("business"), world.column(world.BUSINESS, 0))
    october = planted.where("mix_shift", when >= world.MONTH[0])
    moved = october & may_move(draws)
    business = np.where(moved, world.BUSINESSES.index(causes.SHIFT_BUSINESS), business)
    sub_type = pick_by(draws.uniform("sub_type"), _within(world.SUB_TYPE, world.BUSINESSES), business)
    return who | {
        "when": when,
        "business": business,
        "sub_type": sub_type,
        "moved": moved,
        "billing": planted.where("billing_rule", _billing(when, sub_type)),
        "hard": draws.uniform("hard") < 0.17,
    }


def may_move(draws: Draws) -> Any:
    """Contacts that the shift of mix would take, were it their month."""
    return draws.uniform("moved") < causes.SHIFT_MOVED


def _billing(when: Any, sub_type: Ints) -> Any:
    """Contacts under the changed billing rule."""
    return (when >= causes.BILLING_FROM) & (sub_type == world.SUB_TYPES.index(causes.BILLING_SUB_TYPE))


def _within(children: dict[str, Any], parents: tuple[str, ...]) -> Floats:
    """Shares parents x children from (parent, share, ...) entries."""
    shares = np.zeros((len(parents), len(children)))
    for place, entry in enumerate(children.values()):
        shares[parents.index(entry[0]), place] = entry[1]
    return shares


def _arrivals(draws: Draws) -> Any:
    """Seconds by the calendar: slow growth, weekday, holidays, billing days, time of day."""
    hours = np.arange(world.START, world.END, _HOUR)
    day = hours.astype("M8[D]")
    number = day.astype(int)
    weight = np.array(world.WEEKDAYS)[(number + 3) % 7] * np.array(world.HOURS)[(hours - day).astype(int) // 3600]
    weight = weight * (1 + 0.08 * np.linspace(0, 1, len(hours)))
    weight = weight * np.where(np.isin(day_of_month(hours), causes.PEAK_DAYS), 1.12, 1.0)
    for start, end in world.HOLIDAYS:
        weight[(day >= np.datetime64(start)) & (day <= np.datetime64(end))] *= 0.72
    weight = weight * draws.generator("busy days").lognormal(0, 0.05, number[-1] + 1)[number]
    seconds = (3600 * draws.uniform("second")).astype("m8[s]")
    return hours[pick(draws.uniform("hour"), weight)] + seconds


def day_of_month(when: Any) -> Ints:
    """1..31 of each moment."""
    return np.asarray((when.astype("M8[D]") - when.astype("M8[M]").astype("M8[D]")).astype(int) + 1)


def _customers(draws: Draws, pool: int) -> Columns:
    """Customers, some of whom call often, with the tier and region that stay theirs."""
    customer = np.minimum((pool * draws.uniform("customer") ** 1.35).astype(int), pool - 1)
    rng = draws.generator("customers")
    tier = pick(rng.random(pool), world.column(world.TIER, 0))
    region = pick(rng.random(pool), world.column(world.REGION, 0))
    region = np.where(rng.random(pool) < world.REGION_UNKNOWN, -1, region)
    return {"customer": customer, "tier": tier[customer], "region": region[customer]}


def _repeats(draws: Draws, first: Columns, count: int) -> tuple[Ints, Any]:
    """The first contacts that come again, and when: most within a day, about one matter within the hour; hard ones
    four times as often.
    """
    chance = 0.11 + 0.40 * first["hard"]
    hours = np.exp(np.log(7.0) + 1.25 * draws.normal("come back after"))
    moving = may_move(draws) & (first["when"] >= world.MONTH[0])  # whether the shift is planted or not
    quick = (first["sub_type"] == world.SUB_TYPES.index(causes.QUICK_SUB_TYPE)) & ~moving
    hours = np.where(quick, causes.QUICK_PART * hours, hours)
    when = first["when"] + np.clip(hours * 3600, 240, 7 * 86400).astype("m8[s]")
    haste = -np.log1p(-draws.uniform("come back")) / chance
    haste[when >= world.END] = np.inf
    rows = np.argpartition(haste, count)[:count]
    return rows, when[rows]


def _places(draws: Draws, columns: Columns) -> Columns:
    """Touchpoint, channel and bot scenario."""
    group = columns["business"] + len(world.BUSINESSES) * columns["repeat"]
    touchpoint = pick_by(draws.uniform("touchpoint"), _touchpoint_shares(), group)
    channel_shares = [world.CHANNEL_SHARE[name] for name in world.TOUCHPOINTS]
    scenario = pick(draws.uniform("scenario"), world.column(world.SCENARIO, 0))
    bot = world.is_one_of(touchpoint, world.TOUCHPOINTS, world.BOT_TOUCHPOINTS)
    return {
        "touchpoint": touchpoint,
        "channel": pick_by(draws.uniform("channel"), channel_shares, touchpoint),
        "scenario": np.where(bot, scenario, -1),
    }


def _touchpoint_shares() -> Floats:
    """Businesses x touchpoints, first contacts above repeats: who comes again turns more often to people."""
    shares = np.tile(world.column(world.TOUCHPOINT, 0), (2, len(world.BUSINESSES), 1))
    for business, tilt in world.TOUCHPOINT_TILT.items():
        for touchpoint, factor in tilt.items():
            shares[:, world.BUSINESSES.index(business), world.TOUCHPOINTS.index(touchpoint)] *= factor
    for touchpoint, factor in world.REPEAT_TILT.items():
        shares[1, :, world.TOUCHPOINTS.index(touchpoint)] *= factor
    return shares.reshape(-1, len(world.TOUCHPOINTS))
