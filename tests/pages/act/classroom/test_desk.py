"""The instructor's desk: a class is opened, led, compared, scored, collected, revealed and ended on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from analysis.training.scoring import Match
from data_access.access import Role, User
from data_access.frozen import version_of
from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.training import Truth
from data_access.training_file import load_cases
from data_access.workshop.class_records import Group, Mark, Member, Stage, TrainingClass
from data_access.workshop.records import Pin, Plan
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.store import Store
from data_access.workshop.tracing import CONFIGURED
from pages.act.classroom.desk.groups import spread
from pages.act.classroom.desk.material import group_names
from pages.act.classroom.desk.own_case import Written, case_of, key_of
from pages.act.classroom.desk.standing import look
from pages.words.answer_words import match_key
from pages.words.catalogue import Catalogue, texts

from ...conftest import EACH_LANGUAGE, Downloads, OpenPage, file_of, seen
from ...record.test_take_along import texts as texts_of
from ..conftest import ME

TRUTH = (Filter("business", ("broadband",)),)
VIEWS = ("lobby", "live", "beside", "rubric", "reveal", "ending")
SECRET = "参考里的秘密"


@pytest.fixture
def klass(store: Store) -> TrainingClass:
    """A class on the first case, over the data of the installation, with three groups."""
    case, key = load_cases()[0]
    secret = replace(key.reference.location, en=SECRET, zh=SECRET)
    key = replace(key, truth=replace(key.truth, segment=TRUTH), reference=replace(key.reference, location=secret))
    opened = TrainingClass(title="秋季班", case=case, dataset=CONFIGURED, data_version="v1")
    return store.open_class(ME, opened, key, ["甲", "乙", "丙"])


@pytest.fixture
def people(store: Store, klass: TrainingClass) -> list[User]:
    """Three members, of whom two are in the first group and nobody in the last."""
    groups = store.groups(ME, klass.id)
    found = []
    for number, name in enumerate(("王芳", "李<b>强", "张敏")):
        user = User(f"member-{number}", name, frozenset({Role.PARTICIPANT}))
        group = groups[number // 2]
        store.place(ME, store.join(user, klass.code, name).id, group.key)
        found.append(replace(user, groups=frozenset({group.key}), attends=klass.id))
    return found


@pytest.fixture
def worked(store: Store, klass: TrainingClass, people: list[User], evidence: Pin) -> TrainingClass:
    """All stages are open; the first group found the place and has a plan."""
    for stage in Stage:
        klass = store.start_stage(ME, klass.id, stage, minutes=20)
    issue = store.begin(people[0], "三月为何下降", evidence, TRUTH)
    store.save_plan(people[0], Plan(issue_id=issue.id, action="按账期排班", target_metric="score", target_value=86.0,
                                    expected_lift=0.9))  # fmt: skip
    store.bet(people[0], klass.id, 0.8)
    store.take_hint(people[0], klass.id)
    return klass


def press(app: AppTest, key: str) -> AppTest:
    next(button for button in app.button if button.key == key).click()
    return app.run()


def view(app: AppTest, klass: TrainingClass, name: str) -> AppTest:
    app.session_state[f"desk.view.{klass.id}"] = name
    return app.run()


def checked(app: AppTest) -> str:
    """What the page says, free of trouble and of names of texts."""
    text = seen(app)
    assert not app.exception and not app.error
    assert not set(re.findall(r"\w+(?:\.\w+)+", text)) & frozenset(texts("en"))
    assert not re.findall(r"\{[a-z_]+(?::[a-z_]*)?\}", text)
    return text


@pytest.mark.prove
@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_class_from_the_lobby_to_its_end(
    language: str, open_page: OpenPage, store: Store, worked: TrainingClass, people: list[User], downloads: Downloads
) -> None:
    words, klass = Catalogue.load(language), worked
    app = open_page("class", lang=language)
    shown = {name: checked(view(app, klass, name)) for name in VIEWS}
    assert all(text for text in shown.values()) and klass.code in shown["lobby"] and "张敏" in shown["lobby"]
    assert SECRET not in "".join(shown.values()), "the reference is not on a screen that may be shared"
    assert "按账期排班" in shown["beside"] and "+0.90" in shown["beside"] and "王芳" not in shown["beside"]
    assert words.text("desk.row.match") not in shown["beside"]
    assert words.text("desk.waits_for", groups=words.text("format.list_comma").join("甲乙")) in shown["reveal"]

    app = view(app, klass, "rubric")
    group = store.groups(ME, klass.id)[0]
    assert words.text("desk.not_for_the_screen") in seen(app)
    next(n for n in app.number_input if n.key == f"desk.mark.{group.id}.location.0.points").set_value(20.0)
    checked(press(app, "desk.mark.save"))
    assert [(mark.group, mark.criterion, mark.points) for mark in store.marks(ME, klass.id)] == [
        (group.key, "location", 20.0)
    ]

    app = press(view(app, klass, "reveal"), "desk.collect")
    assert all(one.submitted_at for one in store.groups(ME, klass.id))
    revealed = checked(press(app, "desk.reveal.sure"))
    assert SECRET in revealed and re.search(rf"甲\W+{words.text('desk.match.exact')}", revealed)
    assert words.text("desk.row.match") in checked(view(app, klass, "beside"))
    view(app, klass, "ending")
    name = words.text("file.class")
    said = " ".join(texts_of(file_of(downloads, name, ".pptx")()))
    assert SECRET in said and "按账期排班" in said and "王芳" not in said
    book = openpyxl.load_workbook(BytesIO(file_of(downloads, name, ".xlsx")()))
    assert words.text("class_report.sheet.scores") in book.sheetnames
    checked(press(app, "desk.end"))
    assert store.training_class(ME, klass.id).ended_at


def test_points_are_kept_until_they_are_saved_and_never_lost_to_another_instructor(
    open_page: OpenPage, store: Store, worked: TrainingClass
) -> None:
    """The address opens the same class and view; nothing of the reference is on it."""
    words, group = Catalogue.load("en"), store.groups(ME, worked.id)[0]
    asked = {"class_id": worked.id, "class_view": "rubric"}
    place = f"desk.mark.{group.id}.location"
    store.open_class(ME, replace(worked, id=str(uuid4()), title="Another class"), store.key(ME, worked.id), ["A"])
    app = open_page("class", lang="en", **asked)
    strip = "".join(element.proto.body for element in app.get("html"))
    assert worked.title in strip and "Another class" not in strip, "the line on top speaks of the class on the desk"
    assert {name: app.query_params[name] for name in asked} == asked and SECRET not in checked(app)
    assert words.text("desk.not_for_the_screen") in seen(app)
    next(n for n in app.number_input if n.key == f"{place}.0.points").set_value(20.0)
    app.run()
    kept = [draft.content for draft in store.drafts.of(ME) if draft.subject_id == group.id]
    assert kept == [20.0], "what was typed is there after the page was loaded anew"
    store.mark(replace(ME, name="Zhou"), Mark(class_id=worked.id, group=group.key, criterion="location", points=12.0))
    trouble = press(app, "desk.mark.save").error[0].value
    assert trouble == words.text("desk.trouble.marked", who="Zhou", criterion=words.text("desk.criterion.location"))
    assert next(n for n in app.number_input if n.key == f"{place}.1.points").value == 20.0
    checked(press(app, "desk.mark.save"))
    assert [mark.points for mark in store.marks(ME, worked.id)] == [20.0]
    assert not [draft for draft in store.drafts.of(ME) if draft.subject_id == group.id]


def test_what_is_wrong_is_wrong_in_one_of_three_ways(store: Store, worked: TrainingClass, people: list[User]) -> None:
    (row,) = store.traces(ME, groups=[store.groups(ME, worked.id)[0].key])
    says_nothing = replace(row, issue=replace(row.issue, cause_type=NO_REAL_CHANGE))
    there, nothing = Truth(segment=TRUTH), Truth(nothing=True)
    said = [match_key(Match.WRONG, row, there), match_key(Match.WRONG, says_nothing, there),
            match_key(Match.WRONG, row, nothing)]  # fmt: skip
    assert len(set(said)) == 3 and set(said) < set(texts("en")) and not store.traces(ME, groups=["nobody"])


@pytest.mark.prove
def test_members_and_groups_are_changed_one_at_a_time(
    open_page: OpenPage, store: Store, klass: TrainingClass, people: list[User]
) -> None:
    """However many there are: the one that is chosen; whoever is gone is not chosen any more."""
    app = open_page("class", lang="zh-CN", class_view="lobby")
    app.session_state["desk.manage"] = True
    app = app.run()
    one = next(member for member in store.members(ME, klass.id) if member.name == "张敏")
    last = store.groups(ME, klass.id)[-1]
    app.session_state["desk.member.chosen"] = one.id
    app.run()
    next(box for box in app.selectbox if box.key == f"desk.place.{one.id}").set_value(last.key)
    checked(app.run())
    assert next(member for member in store.members(ME, klass.id) if member.id == one.id).group == last.key
    assert len([box for box in app.selectbox if str(box.key).startswith("desk.place.")]) == 1
    checked(press(app, f"desk.out.sure.{one.id}"))
    assert one.id not in {member.id for member in store.members(ME, klass.id)}


def test_stages_are_started_locked_and_extended_on_the_page(
    open_page: OpenPage, store: Store, klass: TrainingClass, people: list[User]
) -> None:
    app = view(open_page("class"), klass, "live")
    app = press(app, f"desk.start.{Stage.DATA_PROBLEM}")
    running = store.training_class(ME, klass.id)
    assert running.stage is Stage.DATA_PROBLEM and running.ends_at is not None
    app = press(app, "desk.extend")
    assert store.training_class(ME, klass.id).ends_at != running.ends_at
    press(app, f"desk.lock.{Stage.DATA_PROBLEM}")
    assert store.training_class(ME, klass.id).open == ()


def test_whatever_the_number_of_groups_the_store_is_asked_as_often(store: Store, worked: TrainingClass) -> None:
    """One look at the store is for all groups."""
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(store, name)

    here = type("Here", (), {"user": ME, "store": lambda self: Counting()})()
    room = look(here, worked.id)  # type: ignore[arg-type]
    assert len(room.standings) == 3 and len(asked) == len(set(asked)) == 6
    assert [one.pins for one in room.standings] == [1, 0, 0] and room.standings[0].hints == 1


@pytest.mark.parametrize("sizes", [(4, 0), (0, 0, 5), (2, 2, 1), (7, 1, 1), (0,)])
def test_groups_are_evened_out_with_few_moves(sizes: tuple[int, ...]) -> None:
    groups = [Group(class_id="1", name=str(n), key=str(n)) for n in range(len(sizes))]
    members = [
        Member(class_id="1", user_id=f"{n}.{i}", name="x", group=str(n)) for n, size in enumerate(sizes)
        for i in range(size)
    ]  # fmt: skip
    moves = spread(members, groups)
    now = [sum((moves.get(one.id, one.group)) == group.key for one in members) for group in groups]
    assert sum(now) == sum(sizes) and max(now) - min(now) <= 1
    least = sum(max(0, size - room) for size, room in zip(sorted(sizes), sorted(now), strict=True))
    assert len(moves) == least


def test_names_of_groups() -> None:
    assert group_names("28")[-2:] == ("AA", "AB")
    assert group_names(" 红队，蓝队、绿队 ") == ("红队", "蓝队", "绿队")
    for bad in ("", "0", "99", "A, a", ",,"):
        with pytest.raises(BadInput):
            group_names(bad)


def test_a_case_of_ones_own_says_what_is_missing_and_stands_in_both_languages() -> None:
    written = Written(texts={"title": {"zh-CN": "三月下降"}, "story": {"zh-CN": "故事", "en": "Story"},
                             "hints": {"zh-CN": "看时间\n看分组"}, "why.0": {"en": "Why?"},
                             "shown.0": {"en": "A chart"}, "why.1": {"en": ""}, "shown.1": {"en": "x"}})  # fmt: skip
    case = case_of(written)
    assert (case.title.en, case.title.zh, case.story.en) == ("三月下降", "三月下降", "Story")
    assert [hint.en for hint in case.hints] == ["看时间", "看分组"] and sum(c.points for c in case.rubric) == 100
    with pytest.raises(BadInput, match="segment"):
        key_of(written)
    assert key_of(replace(written, nothing=True)).truth.nothing
    key = key_of(replace(written, segment=TRUTH))
    assert key.truth.segment == TRUTH and [link.why.zh for link in key.reference.chain] == ["Why?"]
    for name in ("title", "story"):
        with pytest.raises(BadInput, match=name):
            case_of(replace(written, texts={**written.texts, name: {}}))


@pytest.mark.prove
@pytest.mark.parametrize("source", ["bank", "made", "own"])
def test_a_class_is_opened_over_frozen_data(source: str, open_page: OpenPage, store: Store, tmp_path: Path) -> None:
    """On a prepared case, one made by a seed, and on the data of the installation with a reference of one's own."""
    app = open_page("class", lang="zh-CN")
    app.session_state["desk.new.source"] = source
    app = app.run()
    if source == "own":
        assert "desk.trouble" not in checked(app)
        assert press(app, "desk.open_class").error[0].value == Catalogue.load("zh-CN").text("desk.trouble.title")
        for name, typed in (("title", "十月下降"), ("story", "故事")):
            app.session_state[f"desk.new.own.{name}.zh-CN"] = typed
        app.session_state["desk.new.own.dimensions"] = ["business"]
        app.session_state["desk.new.own.in.business"] = ["broadband"]
        app = app.run()
    text = checked(press(app, "desk.open_class"))
    (klass,) = store.classes(ME)
    assert klass.code in text and [one.name for one in store.groups(ME, klass.id)] == ["A", "B", "C", "D"]
    folder = tmp_path / "classes" / klass.id
    assert klass.dataset == f"class-{klass.id}" and klass.data_version == version_of(folder)
    assert store.key(ME, klass.id).truth.segment or store.key(ME, klass.id).truth.nothing
    assert app.session_state["desk.class"] == klass.id
    assert not any(draft.subject_id == "class.new" for draft in store.drafts.of(ME))
