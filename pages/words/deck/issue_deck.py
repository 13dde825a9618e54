"""An issue as slides: from the number to the remedy and whether it worked, one message each. Pure."""

from __future__ import annotations

from typing import Any

from analysis.result import Result
from data_access.selection import Filter
from data_access.workshop.records import Plan, WhyStatus
from data_access.workshop.standing import Standing
from pages.words import path_words, why_tree
from pages.words.deck import told_rows as parts
from pages.words.deck.canvas import Deck, box, bullets, elbow, table, write
from pages.words.deck.layout import BODY, BOTTOM, MARGIN, TOP, Grid, height, shortened
from pages.words.deck.native_charts import BLUE, GREY, ORANGE, PALE, Series, bars, course
from pages.words.deck.told import Told
from pages.words.format import is_missing, spaced
from pages.words.writers.effect_weeks import weeks_of

SHARE, NUMBER, SIGNED = "0.0%", "0.0", "+0.00;-0.00;0.00"
STATUS = {WhyStatus.SUPPORTED: BLUE, WhyStatus.REFUTED: GREY, WhyStatus.HYPOTHESISED: PALE}
PROBLEM = ("place", "now", "before", "change", "interval", "n", "share")
INDENT, WHY_GAP, LONGEST_WHY, LONGEST_TOLD = 0.45, 0.16, 190, 1150


def issue_deck(told: Told) -> bytes:
    """The .pptx, all of it editable."""
    version = told.text("line.version", version=told.row.issue.data_version) if told.row.issue.data_version else ""
    footer = " · ".join(filter(None, [told.row.issue.title, version]))
    deck = Deck(told.words.language, title=told.row.issue.title, footer=footer)
    cause = told.row.issue.cause or told.text("workshop.no_cause")
    deck.cover(told.row.issue.title, cause, parts.cover_facts(told))
    _problem(deck, told)
    _where(deck, told)
    _when(deck, told)
    _why(deck, told)
    _evidence(deck, told)
    _kind(deck, told)
    _solution(deck, told)
    for plan in told.plans:
        judged = told.standing_of(plan)
        if judged is not None:
            _effect(deck, told, plan, judged)
    _open(deck, told)
    _how(deck, told)
    return deck.bytes()


def _problem(deck: Deck, told: Told) -> None:
    """The number, and before and after side by side."""
    along, origin = told.results.along, told.row.origin
    title = parts.problem(told)
    more = [spaced(told.words.recall(s)) for s in origin.statements[1:]] if origin else []
    slide = deck.slide(title, notes=more)
    if along is None:
        missing = told.text("deck.no_numbers") if origin is not None else told.text("deck.no_pin")
        bullets(slide, (MARGIN, TOP, BODY, BOTTOM - TOP), [*(said for said in more if said not in title), missing])
        return
    compared = "score0" in along.table
    shown = (0, 1, 2, 3, 4, 5, 6) if compared else (0, 1, 5, 6)
    heads = [told.text(f"deck.head.{name}") for name in PROBLEM]
    rows = tuple(tuple(row[place] for place in shown) for row in parts.problem_rows(told, along))
    grid = Grid(heads=tuple(heads[place] for place in shown), rows=rows, numbers=frozenset(range(1, len(shown))),
                widths=tuple((3.0, 1.2, 1.2, 1.4, 2.2, 1.2, 1.4)[place] for place in shown))  # fmt: skip
    end = table(slide, grid.grown(BODY, (BOTTOM - TOP) / 3), (MARGIN, TOP, BODY))
    if compared or len(rows) > 1:
        _before_after(slide, told, along, end + 0.2)


def _before_after(slide: Any, told: Told, along: Result, top: float) -> None:
    """Native columns of everything and of the place, before and now."""
    places = parts.places(told, along)
    names = [row[0] for row in parts.problem_rows(told, along)]
    rows = along.table.iloc[places]
    now, before = _both_periods(told, along)
    series = [Series(name=now, values=list(rows["score"]), colour=BLUE)]
    if "score0" in rows:
        series.insert(0, Series(name=before, values=list(rows["score0"]), colour=PALE))
    bars(slide, (MARGIN, top, BODY, BOTTOM - top), names, series, form=NUMBER, across=False, alt=parts.problem(told))


def _both_periods(told: Told, along: Result) -> tuple[str, str]:
    now, before = told.words.periods(along.selection.period, along.selection.baseline)
    return spaced(now), spaced(before)


def _where(deck: Deck, told: Told) -> None:
    """What each step keeps of the loss: as bars, and with its answers as a table."""
    along, issue = told.results.along, told.row.issue
    if along is None or not issue.path:
        place = spaced(path_words.path(told.words, issue.path)) if issue.path else told.text("deck.reasoned")
        if issue.path or issue.location_reason:
            said = told.text("deck.no_numbers") if issue.path else issue.location_reason
            bullets(deck.slide(place), (MARGIN, TOP, BODY, BOTTOM - TOP), [said])
        return
    first, *_ = told.say(along)
    grid = Grid(heads=(told.text("trace_page.step"), *(parts.column_title(told, along, name) for name in parts.KEPT)),
                rows=tuple(map(tuple, parts.path_rows(told, along))), widths=(3.4, 1.8, 1.9, 1.5, 1.4, 1.8),
                numbers=frozenset(range(1, 6)))  # fmt: skip
    slide = deck.slide(first, notes=told.say(along))
    steps = along.table[along.table["step"] > 0]
    series = [Series(name=told.text(f"form.fact.{name}"), values=list(steps[name]), colour=colour)
              for name, colour in (("kept", ORANGE), ("kept_of_all", PALE))]  # fmt: skip
    bars(slide, (MARGIN, TOP, BODY, BOTTOM - TOP), parts.step_names(told)[1:], series, form=SHARE, alt=first)
    deck.grid(told.text("deck.steps", count=len(issue.path), n=along.statistics["end_n"]), grid)


def _when(deck: Deck, told: Told) -> None:
    """The course at the end of the path, day by day or week by week, with its interval."""
    found = told.results.course
    if found is None or len(found.table) < 2:
        return
    at = [Filter(dimension, tuple(values)) for dimension, values in found.options["path"]]
    place = spaced(path_words.path(told.words, at)) or told.text("trace_page.everything")
    title = parts.moved(told, found, place)
    slide = deck.slide(title, notes=told.say(found))
    value, low, high = (told.text(f"deck.series.{name}") for name in ("value", "low", "high"))
    series = [Series(name=value, values=list(found.table["score"]), colour=BLUE),
              Series(name=low, values=list(found.table["low"]), colour=PALE, thin=True),
              Series(name=high, values=list(found.table["high"]), colour=PALE, thin=True)]  # fmt: skip
    metric = told.text(f"deck.by_{found.statistics['bucket']}", place=place, n=found.statistics["n"])
    write(slide, (MARGIN, TOP - 0.1, BODY, 0.4), [shortened(metric, 130)])
    course(slide, (MARGIN, TOP + 0.35, BODY, BOTTOM - TOP - 0.35), [str(day) for day in found.table["start"]], series,
           form=NUMBER, alt=title)  # fmt: skip


def _why(deck: Deck, told: Told) -> None:
    """The chain of whys as boxes that people can move and rewrite, as many on a slide as fit."""
    whys = list(parts.why_lines(told))
    if not whys:
        return
    chain = why_tree.deepest(told.row.whys)
    title = told.text("deck.root", cause=chain[-1].statement) if chain else told.text("deck.all_refuted")
    notes = [f"{'  ' * depth}{why.statement} ({said})" for depth, why, said in whys]
    while whys:
        whys = _boxes(deck.slide(title, notes=notes), whys)


def _boxes(slide: Any, whys: list[tuple[int, Any, str]]) -> list[tuple[int, Any, str]]:
    """Draw boxes from the top while they fit; returns those that are left."""
    top, ends = TOP, dict[str, tuple[float, float]]()
    for place, (depth, why, said) in enumerate(whys):
        left = MARGIN + INDENT * min(depth, 8)
        wide, text = MARGIN + BODY - left, shortened(why.statement, LONGEST_WHY)
        high = height(text, wide - 0.3, 16) + height(said, wide - 0.3, 14) + 0.2
        if place and top + high > BOTTOM:
            return whys[place:]
        box(slide, (left, top, wide, high), [text, said], colour=STATUS[why.status],
            quiet=why.status is WhyStatus.REFUTED)  # fmt: skip
        if why.parent_id in ends:
            x, y = ends[why.parent_id]
            elbow(slide, (x, y), (left, top + high / 2))
        ends[why.id] = (left + INDENT / 2, top + high)
        top += high + WHY_GAP
    return []


def _evidence(deck: Deck, told: Told) -> None:
    rows = parts.evidence_rows(told)
    if not rows:
        return
    grid = Grid(heads=tuple(told.text(f"deck.head.{name}") for name in ("why", "kind", "stance", "says")),
                rows=tuple(map(tuple, rows)), widths=(3.2, 1.7, 1.4, 5.8))  # fmt: skip
    deck.grid(told.text("deck.evidence", count=len(rows)), grid)


def _kind(deck: Deck, told: Told) -> None:
    """What kind of cause it is, which gap, what their tests say, and in whose power it lies."""
    issue = told.row.issue
    if not (issue.cause_type or issue.gap or issue.system):
        return
    grid = Grid(heads=tuple(told.text(f"deck.head.{name}") for name in ("field", "chosen", "test")),
                rows=tuple(map(tuple, parts.kind_rows(told))), widths=(2.4, 3.0, 6.7))  # fmt: skip
    title = told.text("deck.no_kind")
    if issue.cause_type:
        kind, power = told.label("cause_type", issue.cause_type), told.label("power", issue.power)
        title = told.text("deck.kind", kind=kind, power=power)
    said = told.say(told.results.causes) if told.results.causes is not None else []
    deck.grid(title, grid, notes=said, most=LONGEST_TOLD // 2)


def _solution(deck: Deck, told: Told) -> None:
    rows = parts.plan_rows_of(told)
    if not rows:
        return
    fields = ("action", "owner", "due", "target_value", "expected_lift", "check_method")
    heads = (*(told.text(f"workshop.field.{name}") for name in fields), told.text("deck.head.lacks"))
    grid = Grid(heads=heads, rows=tuple(map(tuple, rows)), widths=(3.0, 1.7, 1.45, 1.8, 1.3, 1.6, 1.8))
    due = min((plan.due for plan in told.plans if plan.due), default=None)
    key = "deck.plans_due" if due else "deck.plans"
    deck.grid(told.text(key, count=len(rows), day=due), grid, notes=[" | ".join(row) for row in rows])


def _effect(deck: Deck, told: Told, plan: Plan, judged: Standing) -> None:
    """The verdict with its interval, and the weeks of those it touched beside the control."""
    look = judged.look
    said = [spaced(told.words.recall(s)) for s in look.statements] if look else []
    verdict = told.text(f"workshop.verdict.{judged.verdict}")
    title = told.text("deck.verdict", action=plan.action, verdict=verdict)
    if said and judged.ruling is None:
        title = said[0]
    slide = deck.slide(title, notes=[plan.action, *said])
    rows = tuple(map(tuple, parts.effect_facts(told, plan, judged)))
    grid = Grid(heads=(told.text("form.fact.action"), shortened(plan.action, 80)), rows=rows, widths=(1.6, 2.6))
    end = table(slide, grid, (MARGIN, TOP, 4.4))
    if look is None:
        return
    statistics = look.statistics
    if not any(is_missing(statistics.get(name)) for name in ("gain", "gain_low", "gain_high")):
        one = Series(name=told.text("form.fact.gain"), values=[statistics["gain"]], low=[statistics["gain_low"]],
                     high=[statistics["gain_high"]])  # fmt: skip
        bars(slide, (MARGIN, end + 0.1, 4.4, max(BOTTOM - end - 0.1, 1.2)), [one.name], [one], form=SIGNED, alt=title)
    weeks = list(weeks_of(look))
    if len(weeks) > 1:
        series = [Series(name=told.text(f"effect_weeks.{name}"), values=[getattr(w, name) for w in weeks], colour=c)
                  for name, c in (("treated", BLUE), ("control", GREY))]  # fmt: skip
        known = [one for one in series if not all(map(is_missing, one.values))]
        course(slide, (MARGIN + 4.6, TOP, BODY - 4.6, BOTTOM - TOP), [w.begins.isoformat() for w in weeks], known,
               form=NUMBER, alt=title)  # fmt: skip


def _open(deck: Deck, told: Told) -> None:
    """What nobody has done yet, on one slide instead of an empty one for each."""
    missing = [told.text(f"deck.{name}") for name in parts.missing(told)]
    if missing:
        bullets(deck.slide(told.text("deck.open")), (MARGIN, TOP, BODY, BOTTOM - TOP), missing)


def _how(deck: Deck, told: Told) -> None:
    """How the numbers came about, from which data; what is long is told whole in the notes and the workbook."""
    rows = parts.how_rows(told)
    if told.row.origin is None:
        return
    facts = [told.text("fact.selection"), " · ".join(filter(None, [parts.period(told), parts.filters(told)]))]
    version = [told.text("fact.version"), told.row.issue.data_version or told.text("format.none")]
    grid = Grid(heads=tuple(told.text(f"deck.head.{name}") for name in ("what", "how")),
                rows=tuple(map(tuple, [facts, version, *rows])), widths=(2.4, 9.7))  # fmt: skip
    deck.grid(told.text("deck.how.title"), grid, notes=[f"{name}: {said}" for name, said in rows],
              most=LONGEST_TOLD)  # fmt: skip
