"""A group in a class: its pins make one issue, its board shows what it has and lacks, and handing in is for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import NotAllowed, Role, User
from data_access.frozen import freeze_case
from data_access.statement import BadInput
from data_access.training_file import CONTACTS, load_cases, load_quiz
from data_access.training_file import MODEL as MODEL_NAME
from data_access.workshop.class_records import Group, Remark, Stage, TrainingClass
from data_access.workshop.records import Pin
from data_access.workshop.store import Store
from pages.frame import class_datasets, class_strip
from pages.report import group_issue
from pages.words.markdown import escape_markdown

from ..conftest import MODEL, OpenPage, seen
from .conftest import ZH, button

WANG = User("wang", "Wang", frozenset({Role.INSTRUCTOR}))
CASE, KEY = load_cases()[0]
CLAIMS = {"sub": "li", "name": "Li Na", "satrace_roles": ["participant"]}


@dataclass(frozen=True)
class Attended:
    """A class with two groups, and somebody in the first of them."""

    klass: TrainingClass
    group: Group
    li: User


@pytest.fixture
def attended(store: Store, sample: Path, tmp_path: Path) -> Attended:
    fresh, case = TrainingClass(title="周一班", case=CASE), tmp_path / "case"
    case.mkdir()
    (case / CONTACTS).symlink_to(sample)
    (case / MODEL_NAME).symlink_to(MODEL)
    version = freeze_case(WANG, case, tmp_path / "classes" / fresh.id)
    of_class = replace(fresh, dataset=class_datasets.id_of(fresh.id), data_version=version)
    klass = store.open_class(WANG, of_class, KEY, ["A", "B"])
    group = store.groups(WANG, klass.id)[0]
    joining = User("li", "Li Na", frozenset({Role.PARTICIPANT}))
    member = store.join(joining, klass.code, "Li Na")
    store.place(WANG, member.id, group.key)
    return Attended(klass, group, replace(joining, groups=frozenset({group.key}), attends=klass.id))


def opened(open_page: OpenPage, page: str) -> AppTest:
    return open_page(page, lang="zh-CN", claims=CLAIMS)


def group_of(store: Store, there: Attended) -> Group:
    return store.groups(there.li, there.klass.id)[0]


def test_what_is_pinned_on_any_page_makes_the_one_issue_of_the_group(
    open_page: OpenPage, store: Store, attended: Attended, evidence: Pin
) -> None:
    store.start_stage(WANG, attended.klass.id, Stage.DATA_PROBLEM, minutes=None)
    app = opened(open_page, "contribution")
    next(b for b in app.button if str(b.key).startswith("pin.save.")).click().run()
    (row,) = store.traces(attended.li)
    assert (row.issue.group, len(row.pins)) == (attended.group.key, 1)
    assert group_of(store, attended).answer == row.issue.id
    store.pin(
        attended.li, row.issue.id, replace(evidence, options={**evidence.options, "data": attended.klass.dataset})
    )
    board = seen(opened(open_page, "class"))
    assert "移动5G" in board or "宽带" in board, "pins of all members, in the words of the data"
    assert ZH.text("classroom.counted", pins=2, whys=0, evidence=0, plans=0) in board


@pytest.mark.prove
def test_a_pin_outside_its_stage_or_made_twice_is_refused_in_one_sentence(
    open_page: OpenPage, store: Store, attended: Attended
) -> None:
    app = opened(open_page, "contribution")
    save = next(b for b in app.button if str(b.key).startswith("pin.save."))
    save.click().run()
    assert ZH.text("class.gate.stage_closed", stage=ZH.text("workshop.stage.data_problem")) in seen(app)
    store.start_stage(WANG, attended.klass.id, Stage.DATA_PROBLEM, minutes=None)
    save.click().run()
    save.click().run()
    assert ZH.text("pin.already_group") in seen(app)


@pytest.mark.prove
def test_what_the_product_takes_for_the_cause_waits_for_the_reveal(
    open_page: OpenPage, store: Store, attended: Attended, evidence: Pin
) -> None:
    found, store_class = ZH.text("page.worth_knowing"), attended.klass.id
    page = seen(opened(open_page, "overview"))
    assert ZH.text("classroom.yours_to_find") in page and found not in page
    change = seen(opened(open_page, "change"))
    assert ZH.text("classroom.yours_to_find") in change and "chart-segments" not in change
    begun_by(store, attended, evidence)
    offered, by_hand = steps_of(open_page)
    assert by_hand and not offered
    store.collect(WANG, store_class)
    store.reveal(WANG, store_class)
    page = seen(opened(open_page, "overview"))
    assert ZH.text("classroom.yours_to_find") not in page and found in page
    assert ZH.text("classroom.yours_to_find") not in seen(opened(open_page, "change"))


def steps_of(open_page: OpenPage) -> tuple[list[str], bool]:
    """The next steps that the trace of the group offers, and whether one can be chosen by hand."""
    app = button(opened(open_page, "trace"), "step.where").click().run()
    keys = [str(b.key) for b in app.button]
    return [key for key in keys if key.startswith("path.offer")], "path.take" in keys


def begun_by(store: Store, there: Attended, evidence: Pin) -> None:
    for stage in Stage:
        store.start_stage(WANG, there.klass.id, stage, minutes=None)
    pin = replace(evidence, options={**evidence.options, "data": there.klass.dataset})
    store.begin(there.li, "x", pin, (), once=True)


@pytest.mark.prove
def test_who_comes_back_finds_the_issue_of_the_group_open(
    open_page: OpenPage, store: Store, attended: Attended, evidence: Pin
) -> None:
    store.start_stage(WANG, attended.klass.id, Stage.DATA_PROBLEM, minutes=None)
    issue = store.begin(attended.li, "为何丢分", evidence, ())
    app = opened(open_page, "trace")
    assert attended.group.key not in seen(app), "a group is called by its name"
    assert issue.title in seen(app) and button(app, "step.where")
    assert ZH.text("class.gate.stage_closed", stage=ZH.text("workshop.stage.where")) in seen(app)


def test_a_board_from_the_first_hint_to_the_result(
    open_page: OpenPage, store: Store, attended: Attended, evidence: Pin
) -> None:
    app, klass = opened(open_page, "class"), attended.klass
    assert ZH.text("class_strip.not_begun") in seen(app) and CASE.story.zh[:20] in seen(app)
    assert ZH.text("classroom.until_begun") in seen(app), "what to do meanwhile"
    store.start_stage(WANG, klass.id, Stage.DATA_PROBLEM, minutes=30)
    store.say(WANG, Remark(class_id=klass.id, group="", text="看新入网客户"))
    store.begin(attended.li, "账单", evidence, ())
    board = seen(app.run())
    assert "看新入网客户" in board and ZH.text("classroom.take_hint", number=1, cost=2) in board
    assert escape_markdown(CASE.hints[0].zh) not in board
    button(app, "class.hint").click().run()
    assert escape_markdown(CASE.hints[0].zh) in seen(app) and escape_markdown(CASE.hints[1].zh) not in seen(app)
    _quiz(app)
    app.slider(key="class.bet").set_value(80)
    button(app, "class.bet.save").click().run()
    assert group_of(store, attended).bet == 0.8
    button(app, "class.submit").click().run()
    assert group_of(store, attended).submitted_at is None, "a second press hands in"
    button(app, "class.submit.now").click().run()
    assert group_of(store, attended).submitted_by == "Li Na"
    assert not [b for b in app.button if str(b.key).startswith(("class.submit", "class.hint", "class.bet"))]
    assert {file.label for file in app.get("download_button")} >= {
        ZH.text("take_along.slides"),
        ZH.text("take_along.workbook"),
    }
    assert KEY.reference.location.zh[:12] not in seen(app)
    with pytest.raises(NotAllowed):
        store.key(attended.li, klass.id)
    with pytest.raises(BadInput):
        store.pin(attended.li, group_of(store, attended).answer, evidence)
    store.reveal(WANG, klass.id)
    result = seen(app.run())
    assert KEY.reference.location.zh[:12] in result and ZH.text("classroom.result") in result
    assert ZH.text("scoring.hints", hints=1, cost=2.0) in result


def _quiz(app: AppTest) -> None:
    """A wrong answer is explained and may be tried again; the first one counts."""
    question = load_quiz()[0]
    wrong = next(level for level in ("ordinal", "nominal") if level != question.level)
    button(app, f"class.quiz.{question.code}.{wrong}").click().run()
    for said in (question.why, question.mistake, question.use):
        assert said.zh[:10] in seen(app)
    button(app, f"class.quiz.again.{question.code}").click().run()
    button(app, f"class.quiz.{question.code}.{question.level}").click().run()
    right = ZH.text("quiz.right", level=ZH.text(f"quiz.level.{question.level}"))
    assert right in seen(app) and ZH.text("quiz.standing", answered=1, of=len(load_quiz()), right=0) in seen(app)
    button(app, f"class.quiz.next.{question.code}").click().run()
    assert ZH.text("quiz.number", number=2) in seen(app)


def test_two_who_begin_at_the_same_moment_share_the_first_issue(
    store: Store, attended: Attended, evidence: Pin
) -> None:
    store.start_stage(WANG, attended.klass.id, Stage.DATA_PROBLEM, minutes=None)
    first = store.begin(attended.li, "one", evidence, ())
    other = replace(evidence, id="other", method="overview")
    second = store.begin(attended.li, "two", other, ())
    here: Any = type("Here", (), {"store": lambda _: store, "user": attended.li})()
    assert group_issue.settled(here, second, replace(other, id="again")) == first.id
    (row,) = store.traces(attended.li)
    assert (row.issue.id, len(row.pins)) == (first.id, 2)


def test_the_browser_is_told_of_all_that_everybody_must_see(store: Store, attended: Attended) -> None:
    """And of nothing else: a hint or a bet redraws the board of the group, not each page."""

    def state() -> str:
        return class_strip.standing(store, attended.li, attended.klass.id).state

    class_id, known = attended.klass.id, [state()]
    for step in (
        lambda: store.start_stage(WANG, class_id, Stage.WHERE, minutes=10, locks_at_end=True),
        lambda: store.extend(WANG, class_id, 5),
        lambda: store.lock_stage(WANG, class_id, Stage.WHERE),
        lambda: store.say(WANG, Remark(class_id=class_id, group=attended.group.key, text="!")),
        lambda: store.submit(attended.li, class_id),
        lambda: store.reveal(WANG, class_id),
    ):
        step()
        known.append(state())
    assert len(set(known)) == len(known)
    before = state()
    store.say(WANG, Remark(class_id=class_id, group=store.groups(WANG, class_id)[1].key, text="to others"))
    assert state() == before
