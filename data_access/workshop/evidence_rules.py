"""What may be pinned, what must a why stand on, what counts as evidence for it, and who may see that? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from data_access.access import NotAllowed, User, may_pin, may_see_rows
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.workshop.field_rules import check_content, check_fields
from data_access.workshop.records import Basis, Issue, IssueState, Pin, Why, WhyStatus
from data_access.workshop.rules import check_not_closed
from data_access.workshop.signs import is_blank
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance

LARGEST_PIN, MOST_CONTACTS = 1_000_000, 200
NEEDED = {
    EvidenceKind.PIN: ("pin_id",),
    EvidenceKind.CONTACTS: ("contacts",),
    EvidenceKind.RULE: ("rule_id", "effective", "text"),
    EvidenceKind.LISTENING: ("contacts",),
    EvidenceKind.NOTE: ("text",),
}


def check_may_pin(user: User) -> None:
    if not may_pin(user):
        raise NotAllowed("access.may_not.pin")


def may_see_pin(user: User, pin: Pin) -> bool:
    """A pin holds numbers, so it is shown only where the user could have asked for them."""
    return user.scope.covers(pin.selection)


def check_pin(user: User, pin: Pin) -> None:
    """What is pinned can be written down, is not a whole data set, links nowhere strange and lies in the scope."""
    check_fields(pin)
    if not may_see_pin(user, pin):
        raise NotAllowed("access.may_not.beyond_scope")
    if pin.link and not pin.link.startswith(("/", "?", "http://", "https://")):
        raise BadInput("workshop.form.bad_link")
    content = [pin.options, pin.statistics, pin.rows, [dict(s.values) for s in pin.statements], pin.sql]
    check_content("statistics", content, most=LARGEST_PIN, too_large="workshop.form.pin_too_large")


def check_unpin(issue: Issue, pin: Pin, *, pins: int, evidence: Iterable[Evidence]) -> None:
    """A diagnosis keeps at least one pin; what is the data problem or evidence for a why is in use."""
    check_not_closed(issue)
    if issue.state is not IssueState.OPEN and pins <= 1 and issue.basis is Basis.DATA:
        raise BadInput("workshop.gate.last_pin", subject=issue.title)
    if issue.origin == pin.id:
        raise BadInput("workshop.gate.pin_is_origin", subject=issue.title)
    if any(piece.pin_id == pin.id for piece in evidence):
        raise BadInput("workshop.gate.pin_in_use", subject=issue.title)


def check_origin(user: User, issue: Issue, pins: Iterable[Pin]) -> None:
    """The data problem is a pin of the same issue that the user sees."""
    if issue.origin not in {"", *(pin.id for pin in pins if may_see_pin(user, pin))}:
        raise BadInput("workshop.missing.pin")


def may_see_evidence(user: User, evidence: Evidence, issue: Issue, pins: Mapping[str, Pin]) -> bool:
    """Evidence is seen where its pin is; contacts and figures where the issue's data problem is.

    Contacts are rows besides, so they need the right to see rows. Where no pin is the data problem, only who sees
    all data sees them, and who brought them forward. `pins`: all of the issue, by id.
    """
    pin = pins.get(evidence.pin_id)
    if evidence.pin_id and not (pin and may_see_pin(user, pin)):
        return False
    if evidence.contacts and not may_see_rows(user):
        return False
    return not (evidence.contacts or evidence.statistics) or _within_reach(user, evidence, issue, pins)


def reach(evidence: Evidence, issue: Issue, pins: Mapping[str, Pin]) -> Selection:
    """The part of the data that a piece of evidence speaks of: that of its pin, else of the issue's data problem.

    Contacts and figures come from where the path leads, which may be elsewhere.
    """
    if evidence.pin_id in pins:
        return pins[evidence.pin_id].selection
    origin = pins.get(issue.origin)
    if origin is None:
        return Selection()
    return replace(origin.selection, filters=issue.scope).within(issue.path) if issue.path else origin.selection


def _within_reach(user: User, evidence: Evidence, issue: Issue, pins: Mapping[str, Pin]) -> bool:
    is_own = issue.origin not in pins and evidence.created_by_id == user.id
    return is_own or user.scope.covers(reach(evidence, issue, pins))


def check_why(after: Why, whys: Sequence[Why], evidence: Iterable[Evidence]) -> None:
    """A why hangs in the tree of its own issue and its status stands on evidence. `whys`: all of the issue."""
    check_fields(after)
    _check_place(after, {why.id: why for why in whys})
    check_status(after, [piece for piece in evidence if piece.why_id == after.id])


def _check_place(after: Why, whys: Mapping[str, Why]) -> None:
    passed, above = {after.id}, after.parent_id
    while above:
        if above in passed:
            raise BadInput("workshop.gate.why_circle", subject=after.statement)
        if above not in whys:
            raise BadInput("workshop.missing.why")
        passed.add(above)
        above = whys[above].parent_id


def check_status(why: Why, evidence: Iterable[Evidence]) -> None:
    """A note alone never makes a why supported; refuting takes anything that speaks against it."""
    stances = {(piece.stance, piece.kind is EvidenceKind.NOTE) for piece in evidence}
    if why.status is WhyStatus.SUPPORTED and (Stance.SUPPORTS, False) not in stances:
        raise BadInput("workshop.gate.why_unsupported", subject=why.statement)
    if why.status is WhyStatus.REFUTED and not any(stance is Stance.REFUTES for stance, _ in stances):
        raise BadInput("workshop.gate.why_unrefuted", subject=why.statement)


def check_no_why_below(why: Why, whys: Iterable[Why]) -> None:
    if any(other.parent_id == why.id for other in whys):
        raise BadInput("workshop.gate.why_above_others", subject=why.statement)


def check_evidence(
    user: User, evidence: Evidence, issue: Issue, *, whys: Iterable[Why], pins: Mapping[str, Pin]
) -> None:
    """Evidence is complete for its kind, hangs on this issue and speaks of data its giver may see."""
    check_fields(evidence)
    _check_complete(evidence)
    if evidence.why_id and evidence.why_id not in {why.id for why in whys}:
        raise BadInput("workshop.missing.why")
    if evidence.pin_id and evidence.pin_id not in pins:
        raise BadInput("workshop.missing.pin")
    if not may_see_evidence(user, evidence, issue, pins):
        raise NotAllowed("access.may_not.beyond_scope")


def _check_complete(evidence: Evidence) -> None:
    for name in NEEDED[evidence.kind]:
        if not _is_filled(getattr(evidence, name)):
            raise BadInput("workshop.form.blank", field=name)
    if evidence.kind is EvidenceKind.LISTENING and not (_is_filled(evidence.answers) or _is_filled(evidence.text)):
        raise BadInput("workshop.form.blank", field="answers")
    if evidence.contacts and evidence.pin_id:  # each is seen by other people
        raise BadInput("workshop.form.pin_or_contacts")
    if len(evidence.contacts) > MOST_CONTACTS:
        raise BadInput("workshop.form.too_many_contacts", most=MOST_CONTACTS)
    content = [evidence.statistics, evidence.contacts, evidence.answers]
    check_content("evidence", content, most=LARGEST_PIN, too_large="workshop.form.evidence_too_large")


def _is_filled(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_filled, value.values()))
    if isinstance(value, tuple):
        return bool(value) and all(map(_is_filled, value))
    return not is_blank(value) if isinstance(value, str) else value is not None
