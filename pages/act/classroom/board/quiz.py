"""The quiz: which level of measurement has a column? One question at a time, each answer explained at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.statement import Problem
from data_access.training import Question
from data_access.training_file import load_quiz
from data_access.workshop.class_records import QuizAnswer, TrainingClass
from pages.frame import kept, top
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown

LEVELS = ("nominal", "ordinal", "interval")
AT, AGAIN = "class.quiz.at", "class.quiz.again"  # the question that is open, and the one that is tried again
TROUBLE = "class.quiz.trouble"  # why an answer was not taken


def draw(here: Frame, klass: TrainingClass) -> None:
    st.header(here.text("quiz.title"), anchor=False)
    _quiz(here, klass)


@kept.form
def _quiz(here: Frame, klass: TrainingClass) -> None:
    """Drawn by itself: a class that answers all at once asks nothing of the data."""
    questions, given = load_quiz(), here.store().quiz_answers(here.user, klass.id)
    mine = [answer for answer in given if answer.user_id == here.user.id]
    at = min(int(st.session_state.setdefault(AT, _first_open(questions, mine))), len(questions))
    answered = {answer.question for answer in mine}
    st.caption(here.text("quiz.standing", answered=len(answered & {q.code for q in questions}), of=len(questions),
                         right=right_at_first(questions, mine)))  # fmt: skip
    st.progress(len(answered) / len(questions) if questions else 1.0)
    if at == len(questions):
        _done(here, at)
        return
    with st.container(border=True, key="class.quiz"):
        _question(here, klass, questions[at], at, mine)


def right_at_first(questions: Sequence[Question], answers: Sequence[QuizAnswer]) -> int:
    """How many questions somebody answered rightly at the first try, which is the one that counts."""
    first: dict[str, str] = {}
    for answer in answers:
        first.setdefault(answer.question, answer.level)
    return sum(first.get(question.code) == question.level for question in questions)


def _first_open(questions: Sequence[Question], answers: Sequence[QuizAnswer]) -> int:
    answered = {answer.question for answer in answers}
    return next((number for number, q in enumerate(questions) if q.code not in answered), len(questions))


def _question(here: Frame, klass: TrainingClass, question: Question, at: int, mine: Sequence[QuizAnswer]) -> None:
    st.markdown(f":gray[{here.text('quiz.number', number=at + 1)}]  \n"
                f"**{escape_markdown(question.column.said(here.words.language))}**")  # fmt: skip
    tries = [answer for answer in mine if answer.question == question.code]
    if not tries or st.session_state.get(AGAIN) == question.code:
        _levels(here, klass, question)
    else:
        _explained(here, question, tries[-1])
        _on(here, question, is_right=tries[-1].level == question.level)
    _back(here, at)


def _levels(here: Frame, klass: TrainingClass, question: Question) -> None:
    """One button for each level, wide enough for a thumb."""
    for level in LEVELS:
        label = f"**{here.text(f'quiz.level.{level}')}** {here.text(f'quiz.means.{level}')}"
        st.button(label, key=f"class.quiz.{question.code}.{level}", width="stretch", on_click=_answer,
                  args=(here, klass, question, level))  # fmt: skip
    if trouble := st.session_state.pop(TROUBLE, None):
        top.refuse(here.say(trouble))


def _answer(here: Frame, klass: TrainingClass, question: Question, level: str) -> None:
    """Called before the quiz is drawn anew."""
    try:
        here.store().answer_quiz(here.user, klass.id, question.code, level)
        st.session_state.pop(AGAIN, None)
    except Problem as problem:
        st.session_state[TROUBLE] = problem.statement


def _explained(here: Frame, question: Question, answer: QuizAnswer) -> None:
    """Right or wrong, why, the usual mistake, what the level is good for, and the test that goes with it."""
    language, level = here.words.language, here.text(f"quiz.level.{question.level}")
    why = escape_markdown(question.why.said(language))
    if answer.level == question.level:
        st.success(f"**{here.text('quiz.right', level=level)}** {why}", icon=":material/check:")
    else:
        given = here.text(f"quiz.level.{answer.level}")
        st.warning(f"**{here.text('quiz.wrong', given=given, level=level)}** {why}", icon=":material/close:")
    for name, said in (("mistake", question.mistake), ("use", question.use)):
        st.markdown(f":gray[{here.text(f'quiz.{name}')}] {escape_markdown(said.said(language))}")
    st.markdown(f":gray[{here.text('quiz.advisor')}] {here.text(f'quiz.test.{question.level}')}")
    here.lead_to("contrast", here.text("quiz.to_advisor"))


def _on(here: Frame, question: Question, *, is_right: bool) -> None:
    with st.container(horizontal=True):
        st.button(here.text("quiz.next"), type="primary", key=f"class.quiz.next.{question.code}",
                  icon=":material/arrow_forward:", on_click=_go, args=(1,))  # fmt: skip
        if not is_right:
            st.button(here.text("quiz.again"), key=f"class.quiz.again.{question.code}", icon=":material/replay:",
                      on_click=_try_again, args=(question.code,))  # fmt: skip


def _try_again(code: str) -> None:
    st.session_state[AGAIN] = code


def _back(here: Frame, at: int) -> None:
    if at:
        st.button(here.text("quiz.back"), key="class.quiz.back", type="tertiary", icon=":material/arrow_back:",
                  on_click=_go, args=(-1,))  # fmt: skip


def _go(steps: int) -> None:
    st.session_state.pop(AGAIN, None)
    st.session_state[AT] += steps


def _done(here: Frame, count: int) -> None:
    st.success(here.text("quiz.done"), icon=":material/school:")
    st.button(here.text("quiz.look_back"), key="class.quiz.look", type="tertiary", icon=":material/replay:",
              on_click=_go, args=(-count,))  # fmt: skip
