"""A meeting as slides: its minutes, then a slide per message as the room saw it, with native charts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.review import alerts_of
from pages.words import alert_words, meeting_rows
from pages.words import meeting_told as parts
from pages.words.deck.canvas import Deck, box, bullets, table, write
from pages.words.deck.department_pages import departments, draw_department
from pages.words.deck.fonts import clean
from pages.words.deck.layout import BODY, BOTTOM, MARGIN, TOP, Grid
from pages.words.deck.native_charts import BLUE, GREY, ORANGE, PALE, Series, bars, course
from pages.words.format import is_missing
from pages.words.meeting_told import MeetingTold, SlideTold

SHARE, NUMBER, SIGNED = "0.0%", "0.0", "+0.00;-0.00;0.00"
WHOLE = (MARGIN, TOP, BODY, BOTTOM - TOP)
REASONS = 7
Boxes = tuple[float, float, float, float]


def meeting_minutes(told: MeetingTold) -> bytes:
    """The .pptx of what was seen, said and decided."""
    deck = _begun(told, "file.minutes")
    _minutes(deck, told)
    return deck.bytes()


def meeting_deck(told: MeetingTold) -> bytes:
    """The .pptx of the meeting: minutes, its slides, and a page per business department."""
    deck = _begun(told, "file.meeting_deck")
    _minutes(deck, told)
    for one in told.shown:
        DRAWN.get(one.slide.kind, _said)(deck, one)
    for page in departments(told):
        draw_department(deck, told, page)
    return deck.bytes()


def department_deck(told: MeetingTold) -> bytes:
    """The .pptx with one page per business department; without any, a page that says so."""
    deck = _begun(told, "file.departments")
    found = departments(told)
    for page in found:
        draw_department(deck, told, page)
    if not found:
        bullets(deck.slide(told.text("file.departments")), WHOLE, [told.text("meeting_file.no_department")])
    return deck.bytes()


def _begun(told: MeetingTold, kind: str) -> Deck:
    version = told.text("line.version", version=told.meeting.data_version)
    title = f"{told.text(kind)} · {told.meeting.title}"
    return Deck(
        told.words.language,
        title=title,
        footer=" · ".join(filter(None, (told.meeting.title, told.meeting.code, version))),
    )


def _minutes(deck: Deck, told: MeetingTold) -> None:
    facts = parts.facts(told)
    facts.pop(told.text("meeting_file.title"), None)
    deck.cover(f"{told.text('file.minutes')}: {told.meeting.title}", told.shown[0].title(), facts)
    _grid(deck, told, told.text("meeting_file.agenda"), ("code", "item", "message"), parts.agenda_rows(told),
          (1.6, 1.4, 9.1))  # fmt: skip
    _grid(deck, told, told.text("meeting_file.notes"), ("code", "note", "by"), parts.note_rows(told), (1.6, 8.5, 2.0))
    actions = told.text("review.actions", count=len(told.actions))
    _grid(deck, told, actions, ("action", "issue", "owner", "due", "state"), parts.action_rows(told),
          (4.0, 3.0, 2.4, 1.6, 1.3))  # fmt: skip
    if not told.notes and not told.actions:
        slide = deck.slide(told.text("meeting_file.decisions"))
        bullets(slide, WHOLE, [told.text("meeting_file.nothing_decided")])


def _grid(
    deck: Deck, told: MeetingTold, title: str, heads: Sequence[str], rows: parts.Rows, widths: tuple[float, ...]
) -> None:
    """A table on as many slides as it takes; none without rows."""
    if rows:
        named = tuple(told.text(f"meeting_file.head.{name}") for name in heads)
        deck.grid(title, Grid(heads=named, rows=tuple(map(tuple, rows)), widths=widths))


def _slide(deck: Deck, one: SlideTold) -> Any:
    """A slide of the meeting, with its code, the days and all it says in the notes."""
    return deck.slide(one.title(), notes=[one.told.opens(one.code), one.period(), *one.said()[:1], parts.below(one)])


def _headline(deck: Deck, one: SlideTold) -> None:
    """The number with its change and interval, and its course."""
    slide, s, unit = _slide(deck, one), one.slide.statistics, one.facts.unit
    lines = [one.show(s.get("score"), "metric")]
    if not is_missing(s.get("change")):
        between = one.text("review.between", low=s["change_low"], high=s["change_high"], unit=unit)
        lines.append(f"{one.show(s['change'], 'metric_change')} {between}")
    write(slide, (MARGIN, TOP + 0.3, 4.0, 0.9), lines[:1], size=34, bold=True)
    further = [*lines[1:], *one.said()[1:], one.period()]
    bullets(slide, (MARGIN, TOP + 1.4, 4.0, BOTTOM - TOP - 1.4), further)
    trend = one.result.parts.get("trend")
    if trend is not None and len(trend) > 1:
        course(slide, (MARGIN + 4.2, TOP, BODY - 4.2, BOTTOM - TOP), [str(day)[:10] for day in trend["start"]],
               _with_interval(one, trend), form=NUMBER, alt=one.title())  # fmt: skip


def _with_interval(one: SlideTold, rows: Any) -> list[Series]:
    value, low, high = (one.text(f"deck.series.{name}") for name in ("value", "low", "high"))
    return [Series(name=value, values=list(rows["score"])),
            Series(name=low, values=list(rows["low"]), colour=PALE, thin=True),
            Series(name=high, values=list(rows["high"]), colour=PALE, thin=True)]  # fmt: skip


def _alerts(deck: Deck, one: SlideTold) -> None:
    """The segments that moved with their intervals, small ones unranked; below them the changes as bars."""
    slide, rows = _slide(deck, one), meeting_rows.alert_rows(one)
    if not rows:
        bullets(slide, WHOLE, [*one.said(), one.period()])
        return
    heads = (one.text("review.head.rank"), one.text("meeting_file.head.where"),
             alert_words.value_head(one.text, one.slide),
             *(one.text(f"review.head.{name}") for name in ("change", "n")))  # fmt: skip
    grid = Grid(heads=heads, rows=tuple(map(tuple, rows)), widths=(0.7, 4.6, 1.8, 3.4, 1.4),
                numbers=frozenset({0, 2, 3, 4}))  # fmt: skip
    end = table(slide, grid.grown(BODY, 3.0), (MARGIN, TOP, BODY))
    ranked = [alert for alert in alerts_of(one.slide) if not alert.is_small]
    if ranked and BOTTOM - end > 1.4:
        series = Series(name=one.text("review.head.change"), values=[a.change for a in ranked],
                        low=[a.low for a in ranked], high=[a.high for a in ranked], colour=ORANGE)  # fmt: skip
        bars(slide, (MARGIN, end + 0.15, BODY, BOTTOM - end - 0.15), [one.name(a.segment) for a in ranked], [series],
             form=SIGNED, alt=one.title())  # fmt: skip


def _cause(deck: Deck, one: SlideTold) -> None:
    """The reasons by their share of the lost points; beside them who can act."""
    slide, result = _slide(deck, one), one.result
    if "powers" not in result.parts or result.table.empty:
        bullets(slide, WHOLE, [*one.said(), parts.below(one)])
        return
    (by,) = result.options["by"]
    top = result.table.sort_values("contribution", ascending=False, kind="stable").head(REASONS)
    names = [one.name(segment[0], by) for segment in top["segment"]]
    share = one.text("meeting_file.share")
    bars(slide, (MARGIN, TOP, 7.4, 4.2), names, [Series(name=share, values=list(top["contribution"]), colour=ORANGE)],
         form=SHARE, alt=one.title())  # fmt: skip
    powers = result.parts["powers"]
    rows = tuple((one.name(segment[0], "power"), one.show(value, "share"))
                 for segment, value in zip(powers["segment"], powers["contribution"], strict=True))  # fmt: skip
    grid = Grid(heads=(one.text("meeting_file.who_can_act"), share), rows=rows, widths=(2.6, 1.4),
                numbers=frozenset({1}))  # fmt: skip
    table(slide, grid, (MARGIN + 7.6, TOP, BODY - 7.6))
    bullets(slide, (MARGIN, TOP + 4.3, BODY, BOTTOM - TOP - 4.3), [parts.below(one)])


def _promises(deck: Deck, one: SlideTold) -> None:
    rows = meeting_rows.promise_rows(one)
    if not rows:
        bullets(_slide(deck, one), WHOLE, [one.text("review.no_promises")])
        return
    _grid(deck, one.told, one.title(), ("action", "issue", "owner", "due", "state"), rows, (3.4, 2.8, 2.2, 2.8, 1.3))


def _reopened(deck: Deck, one: SlideTold) -> None:
    slide, (row,) = _slide(deck, one), one.slide.rows
    again = one.text("review.reopened", day=row["reopened_on"], number=row["cycle"], earlier=row["earlier"])
    bullets(slide, (MARGIN, TOP, BODY, 2.2), [*one.said(), again])
    heads = tuple(one.told.text(f"meeting_file.head.{name}") for name in ("action", "issue", "owner", "due", "state"))
    grid = Grid(heads=heads, rows=tuple(map(tuple, meeting_rows.promise_rows(one))), widths=(3.4, 2.8, 2.2, 2.8, 1.3))
    table(slide, grid, (MARGIN, TOP + 2.4, BODY))


def _chain(deck: Deck, one: SlideTold) -> None:
    """Finding, cause, action and check side by side, as boxes that people can move."""
    slide, links = _slide(deck, one), meeting_rows.chain_boxes(one)
    wide = (BODY - 0.2 * (len(links) - 1)) / max(len(links), 1)
    for place, lines in enumerate(links):
        left = MARGIN + place * (wide + 0.2)
        box(slide, (left, TOP + 0.2, wide, 4.2), [clean(line)[:170] for line in lines], colour=BLUE)


def _verdict(deck: Deck, one: SlideTold) -> None:
    """The effect with its interval, and the weeks of those it touched beside the control."""
    slide, s = _slide(deck, one), one.slide.statistics
    grid = Grid(heads=(one.text("form.fact.action"), clean(one.facts.more["action"])[:60]),
                rows=tuple(map(tuple, meeting_rows.verdict_facts(one))), widths=(1.5, 2.9))  # fmt: skip
    end = table(slide, grid, (MARGIN, TOP, 4.6))
    if not any(is_missing(s.get(name)) for name in ("gain", "gain_low", "gain_high")):
        gain = Series(name=one.text("form.fact.gain"), values=[s["gain"]], low=[s["gain_low"]], high=[s["gain_high"]])
        bars(slide, (MARGIN, end + 0.1, 4.6, max(BOTTOM - end - 0.1, 1.2)), [gain.name], [gain], form=SIGNED,
             alt=one.title())  # fmt: skip
    days, groups = weeks(one)
    if len(days) > 1:
        series = [Series(name=one.text(f"effect_weeks.{name}"), values=[groups[name].get(day) for day in days],
                         colour=colour) for name, colour in (("treated", BLUE), ("control", GREY))]  # fmt: skip
        known = [line for line in series if not all(map(is_missing, line.values))]
        course(slide, (MARGIN + 4.8, TOP, BODY - 4.8, BOTTOM - TOP), [day.isoformat() for day in days], known,
               form=NUMBER, alt=one.title())  # fmt: skip


def weeks(one: SlideTold) -> tuple[list[date], Mapping[str, Mapping[date, Any]]]:
    """The weeks of a verdict, and each group's score in them."""
    groups: dict[str, dict[date, Any]] = {"treated": {}, "control": {}}
    for row in one.slide.parts.get("weeks", ()):
        day = row["week"] if isinstance(row["week"], date) else date.fromisoformat(str(row["week"])[:10])
        groups.setdefault(str(row["group"]), {})[day] = row["score"]
    return sorted({day for scores in groups.values() for day in scores}), groups


def _actions(deck: Deck, one: SlideTold) -> None:
    rows = parts.action_rows(one.told)
    if not rows:
        bullets(_slide(deck, one), WHOLE, [one.told.text("meeting_file.nothing_decided")])
        return
    _grid(deck, one.told, one.title(), ("action", "issue", "owner", "due", "state"), rows, (4.0, 3.0, 2.4, 1.6, 1.3))


def _said(deck: Deck, one: SlideTold) -> None:
    """A kind that a later version has drawings for: what it says."""
    bullets(_slide(deck, one), WHOLE, [*one.said(), one.period()])


DRAWN: Mapping[str, Callable[[Deck, SlideTold], None]] = {
    "headline": _headline, "alerts": _alerts, "cause": _cause, "promises": _promises, "reopened": _reopened,
    "chain": _chain, "verdict": _verdict, "actions": _actions,
}  # fmt: skip
