"""Single contacts are shown with the names of the pages, not with those of the table they come from."""

from __future__ import annotations

import pandas as pd

from pages.words.catalogue import Catalogue
from pages.words.contact_rows import in_words

from .test_names import MODEL, names

ROWS = pd.DataFrame(
    {"at": [pd.Timestamp("2026-10-01")], "score": [7], "business": ["5g"], "touchpoint": [None], "why": ["x"],
     "left_as_it_is": ["business"]}
)  # fmt: skip


def test_columns_and_members_have_the_names_of_the_pages() -> None:
    zh = Catalogue.load("zh-CN").with_names(names("zh-CN"))
    told = in_words(ROWS, MODEL, names("zh-CN"), zh)
    assert list(told)[:1] + list(told)[2:] == ["服务时间", "业务", "touchpoint", "为什么", "left_as_it_is"]
    assert told.iloc[0].tolist()[1:3] == [7, "移动5G"] and told["touchpoint"].isna().all()
    assert told.iloc[0].tolist()[4:] == ["x", "business"]


def test_two_columns_of_one_name_stay_apart() -> None:
    twice = ROWS.assign(**{"业务": ["shop"]})
    told = in_words(twice, MODEL, names("zh-CN"), Catalogue.load("zh-CN").with_names(names("zh-CN")))
    assert [title for title in told if str(title).startswith("业务")] == ["业务 (business)", "业务 (业务)"]
