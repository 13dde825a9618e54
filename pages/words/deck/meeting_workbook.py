"""A meeting as a workbook: every number unrounded, differences, totals and shares as formulas, the SQL. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.review import alerts_of
from pages.words import meeting_told as parts
from pages.words.deck.department_pages import departments
from pages.words.deck.fonts import clean
from pages.words.deck.meeting_deck import weeks
from pages.words.format import is_missing, spaced
from pages.words.meeting_told import MeetingTold, SlideTold
from pages.words.writers.spreadsheet import Formula, to_excel

Line = list[Any]


def meeting_workbook(told: MeetingTold) -> bytes:
    """The .xlsx: what it is about, a sheet for each item of the agenda, departments, decisions, and the queries."""
    made: Mapping[str, Callable[[MeetingTold], pd.DataFrame]] = {
        "agenda": _agenda, "numbers": _numbers, "segments": _segments, "alerts": _alerts, "trend": _trend,
        "causes": _causes, "promises": _promises, "effects": _effects, "weeks": _weeks, "departments": _departments,
        "notes": _notes, "actions": _actions, "sql": _sql,
    }  # fmt: skip
    tables = {told.text(f"meeting_file.sheet.{name}"): table(told) for name, table in made.items()}
    return to_excel(
        {name: table for name, table in tables.items() if len(table)}, facts=parts.facts(told),
        title=told.text("file.minutes"),
    )  # fmt: skip


def _table(told: MeetingTold, heads: Sequence[str], rows: Iterable[Line]) -> pd.DataFrame:
    named = [told.text(f"meeting_file.head.{name}") for name in heads]
    return pd.DataFrame([[_plain(cell) for cell in row] for row in rows], columns=named, dtype=object)


def _plain(value: Any) -> Any:
    if isinstance(value, Formula):
        return value
    if isinstance(value, str):
        return clean(spaced(value))
    return None if is_missing(value) else value


def _of(told: MeetingTold, *kinds: str) -> list[SlideTold]:
    return [one for one in told.shown if one.slide.kind in kinds]


def _difference(now: Any, before: Any, cells: str, value: Any = None) -> Any:
    """A difference as a formula of the cells beside it; nothing where one of them was withheld."""
    if is_missing(now) or is_missing(before):
        return None
    return Formula(f"={cells}", now - before if is_missing(value) else value)


def _agenda(told: MeetingTold) -> pd.DataFrame:
    rows = [[*row, one.version] for row, one in zip(parts.agenda_rows(told), told.shown, strict=False)]
    return _table(told, ("code", "item", "message", "version"), rows)


def _numbers(told: MeetingTold) -> pd.DataFrame:
    """The headline of each meeting: now, before, and the difference."""
    rows = []
    for place, one in enumerate(_of(told, "headline"), 2):
        s = one.slide.statistics
        score, before = s.get("score"), s.get("baseline_score")
        metric = one.name({"dimension": one.slide.selection.metric})
        rows.append([one.code, metric, score, s.get("low"), s.get("high"), s.get("responses"), before,
                     s.get("baseline_responses"),
                     _difference(score, before, f"C{place}-G{place}"), s.get("change_low"), s.get("change_high"),
                     s.get("p"), one.version])  # fmt: skip
    return _table(told, ("code", "metric", "value", "low", "high", "n", "before", "n_before", "change", "change_low",
                         "change_high", "p", "version"), rows)  # fmt: skip


def _segments(told: MeetingTold) -> pd.DataFrame:
    """The segments that everybody knows, now and before; answers are added up below them."""
    rows: list[Line] = []
    for one in _of(told, "headline"):
        first = len(rows) + 2
        for row in one.slide.rows:
            name = one.name(dict(zip(one.slide.options["by"], row["segment"], strict=True)))
            place = len(rows) + 2
            change = _difference(row["score"], row.get("baseline_score"), f"C{place}-G{place}")
            rows.append([one.code, name, row["score"], row["low"], row["high"], row["n"], row.get("baseline_score"),
                         row.get("n0"), change])  # fmt: skip
        counts = [row["n"] for row in one.slide.rows if not is_missing(row["n"])]
        if counts:
            total = Formula(f"=SUM(F{first}:F{len(rows) + 1})", float(sum(counts)))
            rows.append([one.code, told.text("table.total"), None, None, None, total, None, None, None])
    return _table(told, ("code", "where", "value", "low", "high", "n", "before", "n_before", "change"), rows)


def _alerts(told: MeetingTold) -> pd.DataFrame:
    """The segments that moved; those with few answers are not ranked."""
    rows = []
    for one in _of(told, "alerts"):
        for place, alert in enumerate(alerts_of(one.slide), 1):
            ranked = (place, alert.change, alert.low, alert.high)
            rank, *moved = (None,) * len(ranked) if alert.is_small else ranked
            rows.append([one.code, rank, one.name(alert.segment), alert.since, alert.value, *moved, alert.n])
    return _table(told, ("code", "rank", "where", "since", "value", "change", "change_low", "change_high", "n"), rows)


def _trend(told: MeetingTold) -> pd.DataFrame:
    rows = [[one.code, row["start"], row["score"], row["low"], row["high"], row["n"]]
            for one in _of(told, "headline") for row in one.slide.parts.get("trend", ())]  # fmt: skip
    return _table(told, ("code", "begins", "value", "low", "high", "n"), rows)


def _causes(told: MeetingTold) -> pd.DataFrame:
    """Lost points by reason inside each segment: shares are what each is of the total below them."""
    rows: list[Line] = []
    for one in _of(told, "cause"):
        if "powers" in one.slide.parts and one.slide.rows:
            rows += _reasons(one, len(rows) + 2)
    return _table(told, ("code", "where", "reason", "who", "n", "lost", "share", "share_low", "share_high"), rows)


def _reasons(one: SlideTold, first: int) -> list[Line]:
    (by,) = one.slide.options["by"]
    segment, total = one.name(one.facts.more["segment"]), first + len(one.slide.rows)
    found: list[Line] = []
    for place, row in enumerate(one.slide.rows, first):
        share = None if is_missing(row["contribution"]) else Formula(f"=F{place}/F${total}", row["contribution"])
        found.append([one.code, segment, one.name(row["segment"][0], by), one.name(row["power"], "power"), row["n"],
                      row["lost_points"], share, row["contribution_low"], row["contribution_high"]])  # fmt: skip
    lost, shares = ([row[name] for row in one.slide.rows if not is_missing(row[name])]
                    for name in ("lost_points", "contribution"))  # fmt: skip
    cells = [Formula(f"=SUM({column}{first}:{column}{total - 1})", float(sum(values)))
             for column, values in (("F", lost), ("G", shares))]  # fmt: skip
    return [*found, [one.code, segment, one.told.text("table.total"), None, None, *cells, None, None]]


def _promises(told: MeetingTold) -> pd.DataFrame:
    rows = [
        [one.code, row["action"], row["issue"], one.label("owner", row["owner"]) if row["owner"] else None,
         row["person"], row["due"], row["late"], one.text(f"workshop.state.plan.{row['state']}"), row["cycle"]]
        for one in _of(told, "promises") for row in one.slide.rows
    ]  # fmt: skip
    return _table(told, ("code", "action", "issue", "owner", "person", "due", "late", "state", "cycle"), rows)


def _effects(told: MeetingTold) -> pd.DataFrame:
    """What was found beside what was promised, and the difference."""
    rows = []
    for place, one in enumerate(_of(told, "verdict"), 2):
        s, more = one.slide.statistics, one.facts.more
        rows.append([one.code, more["action"], more["promised"], s.get("gain"), s.get("gain_low"), s.get("gain_high"),
                     _difference(s.get("gain"), more["promised"], f"D{place}-C{place}"), one.verdict,
                     one.version])  # fmt: skip
    return _table(told, ("code", "action", "promised", "gain", "gain_low", "gain_high", "beyond", "verdict",
                         "version"), rows)  # fmt: skip


def _weeks(told: MeetingTold) -> pd.DataFrame:
    """Both groups week by week, and how far they are apart."""
    rows: list[Line] = []
    for one in _of(told, "verdict"):
        days, groups = weeks(one)
        for day in days:
            treated, control = groups["treated"].get(day), groups["control"].get(day)
            place = len(rows) + 2
            rows.append([one.code, one.facts.more["action"], day, treated, control,
                         _difference(treated, control, f"D{place}-E{place}")])  # fmt: skip
    return _table(told, ("code", "action", "begins", "treated", "control", "apart"), rows)


def _departments(told: MeetingTold) -> pd.DataFrame:
    """A row for each loss and each request of a department."""
    rows: list[Line] = []
    for page in departments(told):
        rows += [[page.name, loss.segment, loss.n, loss.lost, loss.share, loss.low, loss.high,
                  "; ".join(name for name, *_ in loss.reasons), None, None, None, loss.slide.code]
                 for loss in page.losses]  # fmt: skip
        rows += [[page.name, one.issue, None, None, None, None, None, None, one.action, one.who, one.due,
                  told.meeting.code] for one in page.asked]  # fmt: skip
    return _table(told, ("department", "where", "n", "lost", "share", "share_low", "share_high", "evidence", "ask",
                         "asked_of", "due", "code"), rows)  # fmt: skip


def _notes(told: MeetingTold) -> pd.DataFrame:
    return _table(told, ("code", "note", "by"), parts.note_rows(told))


def _actions(told: MeetingTold) -> pd.DataFrame:
    rows = [[plan.action, told.issues.get(plan.issue_id, ""), told.owner(plan), plan.due,
             told.text(f"workshop.state.plan.{plan.state}")] for plan in told.actions]  # fmt: skip
    return _table(told, ("action", "issue", "owner", "due", "state"), rows)


def _sql(told: MeetingTold) -> pd.DataFrame:
    """The statements behind each slide; where they name single people they were not kept."""
    rows = [[one.code, " ".join(sql.split())] for one in told.shown for sql in dict.fromkeys(one.slide.sql)]
    return _table(told, ("code", "sql"), rows)
