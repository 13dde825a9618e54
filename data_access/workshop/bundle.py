"""What belongs to an issue, read at once: what of it a user sees, and whether a change to a part of it may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection

from data_access.access import User
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.workshop import evidence_rules, rows, rules, sight
from data_access.workshop.records import Comment, Issue, Look, Pin, Plan, Ruling, Why
from data_access.workshop.tracing import Evidence, Trace

Part = TypeVar("Part", Pin, Why, Evidence, Plan, Look, Ruling, Comment)


FEW = 200  # issues: of more, all parts that there are are read


def bundles(connection: Connection, issues: Iterable[Issue]) -> Iterator[Bundle]:
    """The issues in their order, each with its parts; a query for each kind of part."""
    wanted = list(issues)
    ids = [issue.id for issue in wanted]
    only: rows.Asked = ids[0] if len(ids) == 1 else ids if len(ids) <= FEW else None
    pins, whys = _by_issue(rows.pins(connection, only)), _by_issue(rows.whys(connection, only))
    evidence, plans = _by_issue(rows.evidence(connection, only)), _by_issue(rows.plans(connection, only))
    looks, rulings = _by_issue(rows.looks(connection, only)), _by_issue(rows.rulings(connection, only))
    comments = _by_issue(rows.comments(connection, only))
    for issue in wanted:
        pinned = tuple(pins[issue.id])
        trace = Trace(
            issue=issue,
            origin=next((pin for pin in pinned if pin.id == issue.origin), None),
            pins=pinned,
            whys=tuple(whys[issue.id]),
            evidence=tuple(evidence[issue.id]),
            plans=tuple(plans[issue.id]),
            looks=tuple(looks[issue.id]),
            rulings=tuple(rulings[issue.id]),
            comments=tuple(comments[issue.id]),
        )
        yield Bundle(trace)


def _by_issue(parts: Iterable[Part]) -> Mapping[str, list[Part]]:
    grouped: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        grouped[part.issue_id].append(part)
    return grouped


@dataclass(frozen=True)
class Bundle:
    """An issue with everything that hangs on it, whoever asks."""

    whole: Trace

    @classmethod
    def of(cls, connection: Connection, issue: Issue) -> Bundle:
        return next(bundles(connection, [issue]))

    def seen_by(self, user: User) -> Trace:
        """The part of it that a user may see."""
        pins = {pin.id: pin for pin in self.whole.pins if evidence_rules.may_see_pin(user, pin)}
        pins = {id: sight.seen_pin(user, pin) for id, pin in pins.items()}
        pieces = (piece for piece in self.whole.evidence if self._sees(user, piece))
        return replace(
            self.whole,
            issue=sight.seen(user, self.issue),
            origin=pins.get(self.issue.origin),
            pins=tuple(pins.values()),
            evidence=tuple(sight.seen_evidence(user, piece, self.issue) for piece in pieces),
            plans=tuple(sight.seen(user, plan) for plan in self.whole.plans),
            looks=tuple(sight.seen_look(user, look) for look in self.whole.looks if sight.may_see_look(user, look)),
            hidden=not sight.sees(user, self.issue.scope),
        )

    @property
    def issue(self) -> Issue:
        return self.whole.issue

    def plan(self, plan_id: str) -> Plan:
        """Raises: BadInput when it is gone."""
        wanted = next((plan for plan in self.whole.plans if plan.id == plan_id), None)
        if wanted is None:
            raise BadInput("workshop.missing.plan")
        return wanted

    def subject_of_plan(self, plan_id: str) -> str:
        """What a person calls the plan, which may be gone; the issue where no plan is named."""
        actions = (plan.action for plan in self.whole.plans if plan.id == plan_id)
        return next(actions, "…") if plan_id else self.issue.title

    def why(self, why_id: str) -> Why:
        """Raises: BadInput when it is gone."""
        wanted = next((why for why in self.whole.whys if why.id == why_id), None)
        if wanted is None:
            raise BadInput("workshop.missing.why")
        return wanted

    def piece(self, user: User, evidence_id: str) -> Evidence:
        """A piece of evidence; one that the user may not see is answered like one that is gone."""
        wanted = next((piece for piece in self.whole.evidence if piece.id == evidence_id), None)
        if wanted is None or not self._sees(user, wanted):
            raise BadInput("workshop.missing.evidence")
        return wanted

    def evidence_of(self, why_id: str) -> tuple[Evidence, ...]:
        return tuple(piece for piece in self.whole.evidence if piece.why_id == why_id)

    def subject(self, piece: Evidence) -> str:
        """What a piece of evidence speaks for or against, as a person calls it."""
        return self.why(piece.why_id).statement if piece.why_id else self.issue.title

    def reach(self, piece: Evidence) -> Selection:
        return evidence_rules.reach(piece, self.issue, self.pins)

    def check_issue(self, user: User, after: Issue, *, undone: bool = False) -> None:
        """The issue may become `after`."""
        if after.origin != self.issue.origin:
            evidence_rules.check_origin(user, after, self.whole.pins)
        whole = self.whole
        rules.check_issue_move(user, self.issue, after, pins=len(whole.pins), plans=whole.plans, whys=whole.whys,
                               undone=undone)  # fmt: skip
        rules.check_kept(self.whole, replace(self.whole, issue=after))

    def check_why(self, after: Why) -> None:
        """The why may become part of the tree, or stay part of it, as it is now."""
        rules.check_not_closed(self.issue)
        others = tuple(why for why in self.whole.whys if why.id != after.id)
        evidence_rules.check_why(after, self.whole.whys, self.whole.evidence)
        rules.check_kept(self.whole, replace(self.whole, whys=(*others, after)))

    def check_without_why(self, why: Why) -> None:
        rules.check_not_closed(self.issue)
        evidence_rules.check_no_why_below(why, self.whole.whys)
        others = tuple(other for other in self.whole.whys if other.id != why.id)
        rules.check_kept(self.whole, replace(self.whole, whys=others))

    def check_evidence(self, user: User, piece: Evidence) -> None:
        rules.check_not_closed(self.issue)
        evidence_rules.check_evidence(user, piece, self.issue, whys=self.whole.whys, pins=self.pins)

    def check_without(self, piece: Evidence) -> None:
        """The why it speaks for or against keeps a status that stands on the rest."""
        rules.check_not_closed(self.issue)
        rest = [other for other in self.evidence_of(piece.why_id) if other.id != piece.id]
        if piece.why_id:
            evidence_rules.check_status(self.why(piece.why_id), rest)

    @property
    def pins(self) -> Mapping[str, Pin]:
        """All of them by id."""
        return {pin.id: pin for pin in self.whole.pins}

    def _sees(self, user: User, piece: Evidence) -> bool:
        return evidence_rules.may_see_evidence(user, piece, self.issue, self.pins)
