"""What is asked of each business department? A page each: its loss, the evidence, what to do by when, the way there.

A department is who can act on a reason, as the slides of the meeting say; the centre itself is none. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analysis.powers import CENTRE, NOBODYS
from data_access.taxonomy import Taxonomy
from data_access.taxonomy_entries import Reason
from pages.words.deck.canvas import Deck, bullets, table
from pages.words.deck.fonts import clean
from pages.words.deck.layout import BODY, BOTTOM, MARGIN, TOP, Grid
from pages.words.format import is_missing, spaced
from pages.words.meeting_told import MeetingTold, SlideTold

CUSTOMER = "customer_side"
NO_DEPARTMENT = (CENTRE, CUSTOMER, *NOBODYS)
MOST_REASONS, MOST_ASKS = 3, 4
BELOW, GAP = 0.7, 0.08  # inches for the way there and how to answer, and below a table


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What a department is party to inside a segment. share: of the lost points there, 0..1, with its 95 % interval,
    None where it is not known; lost: points an answer; reasons: by name, each with its share and interval."""

    slide: SlideTold
    segment: str
    share: float | None
    low: float | None
    high: float | None
    lost: float | None
    n: float | None
    reasons: tuple[tuple[str, float | None, float | None, float | None], ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a department is asked to do."""

    action: str
    issue: str
    who: str
    due: date | None
    late: int = 0


@dataclass(kw_only=True)
class Department:
    """A department by the code of its power, or the name of an owner that no list knows."""

    code: str
    name: str
    losses: list[Loss] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def departments(told: MeetingTold) -> list[Department]:
    """Those with a loss or an action, the greatest loss first."""
    found: dict[str, Department] = {}
    for one in told.shown:
        for loss_of, loss in _losses(one):
            _of(found, told, loss_of).losses.append(loss)
    for owner, asked in _asks(told):
        code = _power_of(told.taxonomy, owner)
        if code not in NO_DEPARTMENT:
            _of(found, told, code).asked.append(asked)
    return sorted(found.values(), key=lambda one: (-max((x.share or 0.0 for x in one.losses), default=0.0), one.name))


def _of(found: dict[str, Department], told: MeetingTold, code: str) -> Department:
    name = told.taxonomy.label("power", code, told.words.language) or clean(code)
    return found.setdefault(code, Department(code=code, name=name))


def _power_of(taxonomy: Taxonomy, owner: str) -> str:
    """Whose power an owner's reasons are in; an owner of no list is a department of its own, one of the list
    without reasons belongs to the centre."""
    reasons = (entry for entry in taxonomy.sections["reason"] if isinstance(entry, Reason))
    powers = [reason.power for reason in reasons if reason.owner == owner]
    if powers:
        return max(powers, key=powers.count)
    return CENTRE if taxonomy.entry("owner", owner) else owner


def _losses(one: SlideTold) -> list[tuple[str, Loss]]:
    """The loss of each department on a slide about causes."""
    if one.slide.kind != "cause" or "powers" not in one.slide.parts:
        return []
    return [(row["segment"][0], _loss(one, row)) for row in one.slide.parts["powers"]
            if row["segment"][0] not in NO_DEPARTMENT]  # fmt: skip


def _loss(one: SlideTold, row: Mapping[str, Any]) -> Loss:
    (by,), power = one.slide.options["by"], row["segment"][0]
    own = sorted((r for r in one.slide.rows if r.get("power") == power), key=lambda r: -(r["contribution"] or 0.0))
    return Loss(
        slide=one, share=row["contribution"],
        segment=clean(spaced(one.words.show(one.facts.more["segment"], "where"))),
        low=row.get("contribution_low"), high=row.get("contribution_high"), lost=row["lost_points"], n=row["n"],
        reasons=tuple((one.name(r["segment"][0], by), r["contribution"], r.get("contribution_low"),
                       r.get("contribution_high")) for r in own[:MOST_REASONS]),
    )  # fmt: skip


def _asks(told: MeetingTold) -> list[tuple[str, Asked]]:
    """What was decided now, then what was promised before, each by its owner."""
    new = [(plan.owner, Asked(action=plan.action, issue=told.issues.get(plan.issue_id, ""), who=told.owner(plan),
                              due=plan.due)) for plan in told.actions if plan.owner]  # fmt: skip
    before = [
        (row["owner"], Asked(action=row["action"], issue=row["issue"], due=row["due"], late=row["late"],
                             who=" · ".join(filter(None, [one.label("owner", row["owner"]), row["person"]]))))
        for one in told.shown if one.slide.kind == "promises" for row in one.slide.rows
        if row["owner"] and row["state"] not in ("closed", "dropped")
    ]  # fmt: skip
    return new + before


def title_of(told: MeetingTold, page: Department) -> str:
    """To whom it is, and its greatest loss."""
    worst = max(page.losses, key=lambda loss: loss.share or 0.0, default=None)
    if worst is None or is_missing(worst.share):
        return told.text("meeting_file.to", department=page.name)
    return told.text("meeting_file.to_loss", department=page.name, share=worst.share, segment=worst.segment)


def between(told: MeetingTold, share: Any, low: Any, high: Any) -> str:
    """A share with its interval, where that is known."""
    if is_missing(share):
        return told.text("format.none")
    if is_missing(low) or is_missing(high):
        return told.show(share, "share")
    return told.text("meeting_file.between", share=share, low=low, high=high)


def loss_rows(told: MeetingTold, page: Department, most: int = MOST_REASONS) -> list[list[str]]:
    """Where, share with interval, lost points, reasons named, and the slide that shows it."""
    return [
        [loss.segment, between(told, loss.share, loss.low, loss.high), loss.slide.show(loss.lost, "metric_size"),
         told.text("format.list_parts").join(
             f"{name} {between(told, *numbers)}" for name, *numbers in loss.reasons[:most]),
         loss.slide.code] for loss in page.losses
    ]  # fmt: skip


def ask_rows(told: MeetingTold, page: Department) -> list[list[str]]:
    """What is asked, for which issue, of whom, by when."""
    return [
        [clean(one.action), clean(one.issue), clean(one.who),
         told.day(one.due) + (f" · {told.text('plan_register.late', days=one.late)}" if one.late else "")]
        for one in page.asked
    ]  # fmt: skip


def draw_department(deck: Deck, told: MeetingTold, page: Department) -> None:
    """One slide: loss, evidence, request, deadline, link."""
    slide = deck.slide(title_of(told, page))
    end = TOP
    for grid in _grids(told, page):
        end = table(slide, grid, (MARGIN, end, BODY)) + GAP
    said = [] if page.asked else [told.text("meeting_file.to_agree")]
    said.append(" ".join(filter(None, (told.opens(told.meeting.code), told.link))))
    said.append(told.text("brief.reply_by_message"))
    bullets(slide, (MARGIN, end, BODY, max(BOTTOM - end, 0.6)), said)


def _grids(told: MeetingTold, page: Department) -> list[Grid]:
    """Losses above what is asked, with as many reasons each as leave room for both on one page."""
    asked = _ask_grid(told, page)
    for most in range(MOST_REASONS, 0, -1):
        found = [grid for grid in (_loss_grid(told, page, most), asked) if grid.rows]
        if sum(sum(grid.heights(BODY)) + GAP for grid in found) <= BOTTOM - TOP - BELOW:
            break
    return found


def _loss_grid(told: MeetingTold, page: Department, most: int) -> Grid:
    rows = tuple(map(tuple, loss_rows(told, page, most)))
    heads = _heads(told, "where", "loss", "lost", "evidence", "code")
    return Grid(heads=heads, rows=rows, widths=(1.9, 2.3, 1.3, 5.6, 1.2))


def _ask_grid(told: MeetingTold, page: Department) -> Grid:
    rows = tuple(map(tuple, ask_rows(told, page)[:MOST_ASKS]))
    return Grid(heads=_heads(told, "ask", "issue", "owner", "due"), rows=rows, widths=(4.2, 3.0, 2.8, 2.2))


def _heads(told: MeetingTold, *names: str) -> tuple[str, ...]:
    return tuple(told.text(f"meeting_file.head.{name}") for name in names)
