"""What stands in the tables and boxes of a meeting's slides, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.review import Alert, alerts_of, moved_in
from pages.words import alert_words, path_words, plan_words
from pages.words.deck.fonts import clean
from pages.words.format import is_missing, spaced
from pages.words.meeting_told import Rows, SlideTold

MOST_ROWS = 7


def alert_rows(one: SlideTold) -> Rows:
    """Rank, segment, value, change with its interval, answers: the ranked, the small ones, how many are left."""
    found = alerts_of(one.slide)
    ranked = [alert for alert in found if not alert.is_small]
    small = [alert for alert in found if alert.is_small][: MOST_ROWS - len(ranked)]
    left = len(found) - len(ranked) - len(small) + moved_in(one.slide) - len(ranked)
    others = [["", one.text("review.others", count=left), "", "", ""]] if left else []
    return [*(_alert(one, alert, place) for place, alert in enumerate([*ranked, *small], 1)), *others]


def _alert(one: SlideTold, alert: Alert, place: int) -> list[str]:
    named = " · ".join([one.name(alert.segment), *alert_words.kinds(one.words, alert)])
    cells = [clean(spaced(named)), one.show(alert.value, "metric")]
    if alert.is_small:
        return ["–", *cells, one.text("review.not_ranked"), one.show(alert.n, "count")]
    change = one.show(alert.change, "metric_change")
    between = one.text("review.between", low=alert.low, high=alert.high, unit=one.facts.unit)
    named = " · ".join(filter(None, [cells[0], alert_words.began(one.text, alert)]))
    return [str(place), named, cells[1], f"{change} {between}", one.show(alert.n, "count")]


def promise_rows(one: SlideTold) -> Rows:
    """Action, issue, owner, day with what it was before, state."""
    found = []
    for row in one.slide.rows:
        owner = one.label("owner", row["owner"]) if row["owner"] else one.text("review.nobody")
        due = [one.told.day(row["due"])]
        due += [one.text("plan_register.late", days=row["late"])] if row["late"] else []
        if row["days"]:
            days = " → ".join(one.told.day(day) for day in row["days"])
            due.append(one.text("plan_register.moved", count=len(row["days"]) - 1, days=days))
        who = " · ".join(filter(None, [owner, row["person"]]))
        found.append([clean(row["action"]), clean(row["issue"]), clean(who), " · ".join(due),
                      one.text(f"workshop.state.plan.{row['state']}")])  # fmt: skip
    return found


def chain_boxes(one: SlideTold) -> list[list[str]]:
    """Finding, cause, action, check: a heading each, then its lines."""
    made = {"finding": _finding, "cause": _cause, "action": _action, "check": _check}
    return [[one.text(f"review.link.{row['link']}"), *filter(None, map(clean, made[row["link"]](one, row)))]
            for row in one.slide.rows]  # fmt: skip


def _finding(one: SlideTold, row: Mapping[str, Any]) -> list[str]:
    path = spaced(path_words.path(one.words, row["path"])) if row.get("path") else ""
    return [row["title"], path, *one.said()]


def _cause(one: SlideTold, row: Mapping[str, Any]) -> list[str]:
    codes = [one.label(name, row[name]) for name in ("gap", "cause_type", "power") if row[name]]
    why = row["why"] if row["cause"] and row["why"] != row["cause"] else ""
    return [row["cause"] or row["why"], " · ".join(codes), why]


def _action(one: SlideTold, row: Mapping[str, Any]) -> list[str]:
    who = " · ".join(filter(None, [one.label("owner", row["owner"]) if row["owner"] else "", row["person"]]))
    start = one.text("chart.effect.start", day=row["start"]) if row["start"] else ""
    return [row["action"], who, start, one.text(f"workshop.state.plan.{row['state']}")]


def _check(one: SlideTold, row: Mapping[str, Any]) -> list[str]:
    method = one.label("check_method", row["check_method"]) if row["check_method"] else ""
    day = one.text("chart.effect.check", day=row["check_on"]) if row["check_on"] else ""
    verdict = one.text(f"workshop.verdict.{row['verdict']}") if row["verdict"] else one.text("review.no_verdict")
    return [method, day, verdict]


def verdict_facts(one: SlideTold) -> Rows:
    """What was found beside what was promised, against which control, by how many answers."""
    more, table = one.facts.more, one.result.table
    found = [
        [one.text("form.fact.verdict"), one.verdict],
        [one.text("form.fact.gain"), spaced(plan_words.gain(one.words, one.slide.statistics, one.facts.unit))],
        [one.text("form.fact.promised"), spaced(plan_words.lift(one.words, more["promised"], one.facts.unit))],
    ]
    control = one.text("verify.control", count=more["control_count"]) if more["control_count"] else one.text(
        "plan_form.no_control")  # fmt: skip
    found.append([one.text("meeting_file.control"), control])
    if len(table) and not is_missing(table["n"].min()):
        key = "verify.cells" if table["n"].min() < table["n"].max() else "verify.each_cell"
        found.append([one.text("deck.head.n"), one.text(key, least=table["n"].min(), most=table["n"].max())])
    return [[clean(cell) for cell in row] for row in found]
