"""What is given beside the contacts: targets, events, benchmarks, presets; kept with the data, there to correct."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.files.beside import read_beside
from data_access.library import Dataset, Library
from data_access.model_file import read_model
from data_access.statement import BadInput
from data_access.warehouse import Limits, open_warehouse
from pages.words.catalogue import texts
from tests.pages.conftest import OpenPage, seen
from tests.pages.data.test_data import hotline, press, toml, upload

NAMES = {"满意度": "score", "score": "score", "业务": "business", "business": "business"}
FILES = {
    "targets": "指标,目标,维度,取值\n满意度,88,,\n满意度,90,business,3G\n",
    "events": "日期,事件,business\n2026-03-01,新资费上线,3G\n2026-05-01,系统升级,\n",
    "benchmarks": "来源,月份,得分\n集团,2026-03,85.5\n",
}


def give(app: AppTest, role: str, content: str) -> AppTest:
    box = next(u for u in app.file_uploader if u.key == f"import.beside.{role}")
    return box.set_value((f"{role}.csv", content.encode(), "text/csv")).run()


def kept(folder: Path, app: AppTest) -> Dataset:
    return Library(folder / "imports", local_analyst()).dataset(str(app.query_params["data"]))


def test_tables_are_kept_beside_the_data_and_open_again(open_page: OpenPage, tmp_path: Path) -> None:
    app = upload(open_page("data", lang="zh-CN"), hotline())
    for role, content in FILES.items():
        give(app, role, content)
    text = toml(app)
    press(app, "import.use")
    dataset = kept(tmp_path, app)
    warehouse = open_warehouse(dataset.database, read_model(dataset.model), limits=Limits())
    targets = warehouse.targets("score")
    assert [None, None, 88.0] in targets.values.tolist() and ["business", "3G", 90.0] in targets.values.tolist()
    events = warehouse.companion("events")
    assert events is not None and list(events["title"]) == ["新资费上线", "系统升级"]
    assert events["business"].tolist()[0] == "3G"
    assert warehouse.benchmarks("score")["score"].tolist() == [85.5]
    press(app, f"data.correct.{dataset.id}")
    assert toml(app) == text and "tables = " in text
    press(app, "import.beside.gone.events")
    press(app, "import.use")
    assert kept(tmp_path, app).id == dataset.id
    assert set(read_model(kept(tmp_path, app).model).tables) == {"targets", "benchmarks"}


def test_a_target_reaches_the_page_that_shows_it(open_page: OpenPage) -> None:
    app = give(upload(open_page("data", lang="zh-CN"), hotline()), "targets", FILES["targets"])
    data = press(app, "import.use").query_params["data"]
    assert "88.0" in seen(open_page("overview", data=data, lang="zh-CN"))


def test_a_table_that_lacks_a_column_is_one_sentence(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    give(app, "targets", "metric,value\nscore,3\n")
    said = texts("en")["beside.lacks_targets"].partition("{name}")[2].partition("{columns")[0]
    assert [said in warning.value for warning in app.warning] == [True]
    assert "tables = " not in toml(app)


@pytest.mark.parametrize(("role", "lacking"), [
    ("targets", "维度,取值\n业务,3G\n"), ("events", "事件\n升级\n"), ("benchmarks", "来源,得分\n集团,85\n"),
])  # fmt: skip
def test_what_a_table_needs(role: str, lacking: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(FILES[role], encoding="utf-8")
    bad.write_text(lacking, encoding="utf-8")
    frame = read_beside(good, role, cache=tmp_path / "read", names=NAMES)
    assert isinstance(frame, pd.DataFrame) and len(frame) == FILES[role].count("\n") - 1
    with pytest.raises(BadInput, match=f"beside.lacks_{role}"):
        read_beside(bad, role, cache=tmp_path / "read", names=NAMES)


def test_targets_of_something_else_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text("指标,目标\n接通率,95\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"beside\.no_metric"):
        read_beside(file, "targets", cache=tmp_path / "read", names=NAMES)


def test_a_question_is_offered_by_correlation(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    assert app.button(key="import.preset.add").disabled
    app.text_input(key="import.preset.name").set_value("Who is unhappy?").run()
    app.multiselect(key="import.preset.columns").set_value(["score", "business"]).run()
    press(app, "import.preset.add")
    assert 'who_is_unhappy = { columns = ["score", "business"]' in toml(app)
    data = press(app, "import.use").query_params["data"]
    assert "Who is unhappy?" in seen(open_page("correlation", data=data, lang="en"))
