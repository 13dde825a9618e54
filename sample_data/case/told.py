"""How is a case told, and what is its model answer? Texts of both languages with the numbers of the data put in.

All kinds are told from the same pieces, drawn by the seed, so that the story says neither which kind it is nor where
to look; what it says of teams, regions and lines is true and leads astray as often as not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from data_access.selection import Filter, Period
from data_access.training import Case, Criterion, Key, Kind, Link, Reference, Tradeoff, Truth, Words
from sample_data.case import names
from sample_data.case.calendar import calendar, texts, true_event
from sample_data.case.facts import Facts
from sample_data.case.planted import Planted

Values = Mapping[str, Words]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
CRITERIA = ("location", "evidence", "depth", "remedy")
POINTS = 25
VOICES = 2


@dataclass(frozen=True)
class Ranked:
    """Whom the story speaks of: a member of teams or regions, and whether it fell most or is last."""

    dimension: str
    member: str
    form: str
    before: float
    now: float


def case_of(facts: Facts, fallen: str) -> Case:
    """What participants see."""
    plan, story = facts.plan, texts("story")
    values = _headline(facts) | _ranked_words(_ranked(facts, fallen)) | _volume(facts) | _answer_values(facts, fallen)
    rng = plan.luck("story")

    def piece(name: str) -> Words:
        choices = story[name]
        return _filled(choices[int(rng.integers(len(choices)))], values)

    title, first, *rest = (
        piece(name) for name in ("title", "headline", "volume", _ranked(facts, fallen).form, "calendar")
    )
    voices = [_filled(story["voices"][int(i)], values) for i in rng.permutation(len(story["voices"]))[:VOICES]]
    parts = [first, *rest, *voices, piece("question")]
    return Case(
        code=f"seed-{plan.seed}-{plan.difficulty}",
        title=title,
        story=Words(" ".join(one.en for one in parts), "".join(one.zh for one in parts)),
        hints=tuple(_filled(hint, values) for hint in texts(plan.kind)["hints"]),
        rubric=tuple(_criterion(code, story["rubric"][code]) for code in CRITERIA),
        period=plan.period,
        baseline=plan.baseline,
    )


def key_of(facts: Facts, fallen: str) -> Key:
    """What only the instructor sees before the reveal."""
    plan, answer = facts.plan, texts(facts.plan.kind)
    values = _headline(facts) | _volume(facts) | _answer_values(facts, fallen)
    parts: dict[str, Any] = {name: answer[name] for name in ("gap", "system", "power", "cause_type")}
    parts |= {name: _filled(answer[name], values) for name in ("problem", "location", "gap_why", "lift", "check")}
    chain = tuple(
        Link(**{name: _filled(link[name], values) for name in ("why", "evidence")}) for link in answer["chain"]
    )
    tradeoffs = tuple(
        Tradeoff(**{name: _filled(entry[name], values) for name in ("option", "gain", "cost")})
        for entry in answer["tradeoff"]
    )
    return Key(
        truth=truth_of(plan),
        reference=Reference(**parts, remedies=tuple(answer["remedies"]), chain=chain),
        tradeoffs=tradeoffs,
    )


def truth_of(plan: Planted) -> Truth:
    """What was planted; in traps nothing that could be located."""
    if not plan.is_real:
        return Truth(nothing=True, kind=plan.kind)
    event = true_event(plan)
    return Truth(
        segment=tuple(Filter(name, (value,)) for name, value in plan.place.items()),
        kind=plan.kind,
        since=plan.since,
        event=str(event["event_id"]) if event else "",
    )


def _headline(facts: Facts) -> dict[str, Words]:
    plan = facts.plan
    a, b = facts.score(plan.baseline), facts.score(plan.period)
    _, low, high = facts.change
    figures = {"a": a, "b": b, "drop": round(a, 1) - round(b, 1)}
    return {
        **{name: _number(value) for name, value in figures.items()},
        "low": _number(low, signed=True),
        "high": _number(high, signed=True),
        "n": _same(f"{len(facts.during(plan.period)):,}"),
        "events": _same(str(len(calendar(plan)))),
        "month": _month(plan.month),
        "before": _month(plan.baseline.start),
    }


def _volume(facts: Facts) -> dict[str, Words]:
    line, before, now = facts.grown()
    return {"line": _words("business", line), "p0": _percent(before), "p1": _percent(now)}


def _ranked(facts: Facts, fallen: str) -> Ranked:
    """In the traps of a place that place; else anybody whom the ranking brings up, but never who was planted."""
    plan, rng = facts.plan, facts.plan.luck("ranking")
    if plan.kind is Kind.REGRESSION_TRAP:
        return _member(facts, "team", "fell_most", fallen)
    if plan.kind is Kind.SIMPSON_TRAP:
        ((dimension, member),) = plan.place.items()
        return _member(facts, dimension, "last", member)
    dimension = "region" if "team" in plan.place else ("team", "region")[int(rng.integers(2))]
    form = ("fell_most", "last")[int(rng.integers(2))]
    table = facts.ranking(dimension)
    by = table["x1"] - table["x0"] if form == "fell_most" else table["x1"]
    return _member(facts, dimension, form, str(by.idxmin()))


def _member(facts: Facts, dimension: str, form: str, member: str) -> Ranked:
    row = facts.ranking(dimension).loc[member]
    return Ranked(dimension, member, form, float(row["x0"]), float(row["x1"]))


def _ranked_words(ranked: Ranked) -> dict[str, Words]:
    group = texts("story")["group"][ranked.dimension]
    return {
        "group": Words(group["en"], group["zh"]),
        "member": _words(ranked.dimension, ranked.member),
        "x0": _number(ranked.before),
        "x1": _number(ranked.now),
    }


def _answer_values(facts: Facts, fallen: str) -> dict[str, Words]:
    """The numbers that hints and model answer of a kind speak of."""
    plan = facts.plan
    if plan.is_real:
        return _of_place(facts, plan)
    if plan.kind is Kind.MIX_TRAP:
        line = plan.place["business"]
        scores = (facts.score(period, plan.place) for period in (plan.baseline, plan.period))
        return {
            **{name: _number(value) for name, value in zip(("l0", "l1"), scores, strict=True)},
            "mix": _number(facts.mix_effect(line), signed=True),
        }
    if plan.kind is Kind.SIMPSON_TRAP:
        return {
            "place": names.place_words(plan.place),
            "gap": _number(-facts.gap(plan.place)),
            "within": _number(facts.gap_within(plan.place), signed=True),
            "hard": _percent(facts.hard_share(plan.place, elsewhere=False), 0),
            "hard_other": _percent(facts.hard_share(plan.place, elsewhere=True), 0),
        }
    return _of_fallen(facts, plan, fallen) if fallen else {}


def _of_place(facts: Facts, plan: Planted) -> dict[str, Words]:
    before, now = (facts.score(period, plan.place) for period in (plan.baseline, plan.period))
    share, event = facts.share(plan.period, plan.place), true_event(plan)
    return {
        "place": names.place_words(plan.place),
        "s0": _number(before),
        "s1": _number(now),
        "fell": _number(before - now),
        "share": _percent(share),
        "effect": _number(share * (before - now)),
        "rest": _number(facts.rest(plan.place), signed=True),
        "since": _day(plan.since or plan.month),
        "event": Words(event["title_en"], event["title_zh"]) if event else Words("", ""),
    }


def _of_fallen(facts: Facts, plan: Planted, fallen: str) -> dict[str, Words]:
    place = {"team": fallen}
    times = {
        "s0": plan.baseline,
        "s1": plan.period,
        "after": facts.after,
        "usual": Period(plan.span.start, plan.baseline.end),
    }
    return {
        "place": names.place_words(place),
        "error": _number(facts.month_error(place)),
        **{name: _number(facts.score(period, place)) for name, period in times.items()},
    }


def _criterion(code: str, entry: Mapping[str, Any]) -> Criterion:
    return Criterion(code=code, points=POINTS, **{name: Words(**entry[name]) for name in ("full", "half", "none")})


def _filled(text: Mapping[str, str], values: Values) -> Words:
    """A text with its values; sentences of English begin with a capital, whatever they begin with."""
    en = text["en"].format_map({name: value.en for name, value in values.items()})
    return Words(en[:1].upper() + en[1:], text["zh"].format_map({name: value.zh for name, value in values.items()}))


def _words(dimension: str, value: str) -> Words:
    return Words(*names.both(dimension, value))


def _same(text: str) -> Words:
    return Words(text, text)


def _number(value: float, *, signed: bool = False) -> Words:
    """One decimal; a true minus sign.

    >>> _number(-1.25, signed=True).en, _number(0.04, signed=True).en
    ('−1.2', '0.0')
    """
    rounded = float(np.round(value, 1)) + 0.0
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return _same(f"{sign}{abs(rounded):.1f}")


def _percent(share: float, places: int = 1) -> Words:
    return _same(f"{100 * share:.{places}f}")


def _month(day: date) -> Words:
    return Words(MONTHS[day.month - 1], f"{day.month}月")


def _day(day: date) -> Words:
    """A day in a sentence.

    >>> _day(date(2026, 6, 4))
    Words(en='4 June', zh='6月4日')
    """
    return Words(f"{day.day} {MONTHS[day.month - 1]}", f"{day.month}月{day.day}日")
