"""Which columns tell of waiting, transfers, errors and questions, in either language."""

from __future__ import annotations

import pytest

from analysis.trail.column_roles import ColumnRoles, column_roles
from data_access.model_file import parse_model

START = 'table = "t"\nscore = { column = "s", scale = [1, 10] }\n'


def marks(text: str) -> ColumnRoles:
    return column_roles(parse_model(START + text))


def test_columns_in_english() -> None:
    found = marks("""
[metrics]
fcr = { column = "Resolved" }
[dimensions]
contact_channel = { column = "c" }
product = { column = "p" }
[drivers]
queue = { column = "q", unit = "s" }
handover_wait = { column = "h", unit = "s" }
wait_min = { column = "m", unit = "min" }
transfers = { column = "t" }
qa_errors = { column = "e" }
""")
    assert found == ColumnRoles(
        wait=("queue", "handover_wait"),
        transfers=("transfers",),
        errors=("qa_errors",),
        resolved="fcr",
        touchpoint="contact_channel",
        business="product",
        question="",
    )


def test_columns_in_chinese() -> None:
    found = marks("""
[metrics]
column_9 = { column = "是否解决" }
[dimensions]
column_1 = { column = "触点" }
column_2 = { column = "业务类型" }
[drivers]
column_3 = { column = "排队时长" }
column_4 = { column = "转接次数" }
column_5 = { column = "质检差错数" }
""")
    assert found == ColumnRoles(
        wait=("column_3",),
        transfers=("column_4",),
        errors=("column_5",),
        resolved="column_9",
        touchpoint="column_1",
        business="column_2",
        question="",
    )


LEVELS = """
[dimensions]
region = { column = "r" }
advisor = { column = "who", under = "leader" }
leader = { column = "l" }
node = { column = "n", under = "sub_type" }
business = { column = "b" }
sub_type = { column = "s2", under = "business" }
"""


@pytest.mark.parametrize(
    ("head", "question"),
    [('question = "region"\n', "region"), ('agent = "who"\n', "node"), ('cluster = "leader"\n', "node")],
)
def test_the_question_is_the_finest_level_of_what_it_was_about(head: str, question: str) -> None:
    """Named by the model, else the lowest level of the first hierarchy that is none of those who serve."""
    assert marks(head + LEVELS).question == question
