"""What a trace lacks: every code for itself, and chains of whys of every shape. Pure."""

from dataclasses import replace

import pytest

from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.workshop import rules
from data_access.workshop.records import Basis, CauseLevel, Issue, IssueState, Why, WhyStatus
from data_access.workshop.tracing import Trace
from tests.data_access.workshop.conftest import evidence

ISSUE = Issue(title="3G", path=(Filter("business", ("3G",)),), cause="Flat roster", cause_type="capacity")
H, S, R = WhyStatus


def tree(**whys: tuple[str, WhyStatus]) -> tuple[Why, ...]:
    """A cause tree: each why's name with its parent's name and its status."""
    return tuple(
        Why(id=name, issue_id="i", statement=name, parent_id=parent, status=status, level=CauseLevel.DIRECT)
        for name, (parent, status) in whys.items()
    )


WHOLE = Trace(issue=ISSUE, pins=(evidence(),), whys=tree(a=("", H), b=("a", H), c=("b", S)))


def test_a_whole_trace_lacks_nothing_and_an_empty_one_everything() -> None:
    assert rules.lacks(WHOLE) == ()
    empty = Trace(issue=Issue(title="3G"))
    assert rules.lacks(empty) == ("problem", "location", "levels", "evidence", "cause")


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"pins": ()}, ("problem",)),
        ({"issue": replace(ISSUE, path=())}, ("location",)),
        ({"issue": replace(ISSUE, path=(), location_reason=" ")}, ("location",)),
        ({"issue": replace(ISSUE, path=(), location_reason="Alike everywhere")}, ()),
        ({"issue": replace(ISSUE, cause=" ")}, ("cause",)),
        ({"issue": replace(ISSUE, cause_type="")}, ("cause",)),
        ({"issue": replace(ISSUE, path=(), basis=Basis.COMPLAINT), "pins": ()}, ()),
        # The data problem lies beyond this reader's scope: it is there all the same.
        ({"issue": replace(ISSUE, origin="p"), "pins": ()}, ()),
    ],
)
def test_each_part_is_missed_alone(changes: dict[str, object], lacking: tuple[str, ...]) -> None:
    assert rules.lacks(replace(WHOLE, **changes)) == lacking  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whys", "lacking"),
    [
        (tree(a=("", S), b=("a", S)), ("levels", "evidence")),
        (tree(a=("", S), b=("a", S), c=("b", H)), ("evidence",)),
        (tree(a=("", H), b=("a", H), c=("b", R)), ("levels", "evidence")),
        (tree(a=("", H), b=("a", R), c=("b", S), d=("c", S), e=("d", S)), ("levels", "evidence")),
        (tree(a=("", S), b=("", S), c=("", S)), ("levels", "evidence")),
        (tree(a=("", H), b=("a", H), c=("b", H), d=("c", S)), ()),
        (tree(a=("", H), b=("a", H), c=("b", R), d=("b", S)), ()),
        (tree(c=("b", S), b=("a", H), a=("", H)), ()),
        (tree(a=("c", S), b=("a", S), c=("b", S)), ("levels", "evidence")),
    ],
    ids=["two", "not supported", "end refuted", "below a refuted one", "side by side", "four", "a branch refuted",
         "in any order", "in a circle"],
)  # fmt: skip
def test_chains_of_whys(whys: tuple[Why, ...], lacking: tuple[str, ...]) -> None:
    assert rules.lacks(replace(WHOLE, whys=whys)) == lacking


def test_a_long_chain_is_measured_in_a_moment() -> None:
    long = tree(**{f"w{n}": (f"w{n - 1}" if n else "", H) for n in range(300)})
    assert rules.lacks(replace(WHOLE, whys=long)) == ("evidence",)


def test_a_diagnosis_is_not_hollowed_out() -> None:
    diagnosed = replace(WHOLE, issue=replace(ISSUE, state=IssueState.DIAGNOSED))
    hollow = replace(diagnosed, whys=diagnosed.whys[:2])
    with pytest.raises(BadInput, match="hollow"):
        rules.check_kept(diagnosed, hollow)
    rules.check_kept(WHOLE, replace(hollow, issue=ISSUE))
    rules.check_kept(hollow, replace(hollow, whys=()))  # of before there were whys
    excused = replace(ISSUE, state=IssueState.DIAGNOSED, exception="Seen in the roster")
    rules.check_kept(replace(diagnosed, issue=excused), replace(hollow, issue=excused))
    with pytest.raises(BadInput, match="hollow"):
        rules.check_kept(replace(hollow, issue=excused), hollow)
    with pytest.raises(BadInput, match="hollow"):
        rules.check_kept(diagnosed, replace(diagnosed, issue=replace(diagnosed.issue, path=())))
