"""What the Data page announces is what it saves, and what is saved opens again as it was."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.semantics import SemanticModel
from data_access.statement import Statement
from pages.words.catalogue import LANGUAGES, texts
from tests.pages.conftest import OpenPage
from tests.pages.data.test_data import press, toml, upload

PEOPLE = tuple(f"{first} {last}" for first in ("Wendy", "David", "Mary", "John") for last in ("Taylor", "Smith"))


def managed() -> str:
    """Agents under supervisors under managers, and two moments of each contact: staff, an agent and a span."""
    lines = ["Agent_name,Supervisor,Manager,call_start,call_end,csat,channel"]
    for i in range(400):
        agent, day = i % 8, f"2026-03-{1 + i % 28:02}"
        staff = f"{PEOPLE[agent]},Boss {'ABCD'[agent // 2]},Head {'XY'[agent // 4]}"
        lines.append(f"{staff},{day} 10:00:00,{day} 10:{5 + i % 40:02}:00,{1 + i % 5},{'ab'[i % 2]}")
    return "\n".join(lines)


def coded() -> str:
    """A code for no answer, a multiple-choice question, reasons in one cell, a blank that means no."""
    lines = ["反馈时间,满意度,渠道,问题_账单,问题_网络,问题_资费,不满意原因,是否投诉,班组"]
    for i in range(300):
        score = 99 if i % 30 == 0 else 1 + i % 5
        ticks = ",".join("1" if (i + k) % 4 == 0 else "0" for k in range(3))
        reason = ("等候;态度", "资费", "网络;等候", "")[i % 4]
        lines.append(
            f"2026-0{1 + i % 9}-15,{score},{('电话', '在线')[i % 2]},{ticks},{reason},{'是' if i % 9 == 0 else ''},"
            f"{('一', '二', '三')[i % 3]}班"
        )
    return "\n".join(lines)


FILES: Mapping[str, str] = {"managed.csv": managed(), "coded.csv": coded()}
FOLDER = Path(__file__).resolve().parents[2] / "cases"
CASES = (
    "01-qualtrics-three-headers", "04-wjx-multiselect", "06-sep-line-decimal-comma", "19-chinese-title-merged",
    "25-sheets-hidden", "21-duplicate-contacts", "39-score-parts-as-driver",
)  # fmt: skip


def spans(model: SemanticModel, said: Statement) -> bool:
    """Whether a driver is the time between the two columns."""
    wanted = (said.values["since"], said.values["column"])
    return any((driver.since, driver.column) == wanted for driver in model.drivers.values())


def holds(model: SemanticModel, said: Statement) -> bool:
    """Whether a model holds what a statement of its draft announces."""
    values: Mapping[str, Any] = said.values
    score = model.metrics.get("score")
    match said.key.removeprefix("draft."):
        case "span" | "span_impossible":
            return spans(model, said)
        case "staff":
            columns = {d.column for d in model.dimensions.values()}
            return set(values["columns"]) <= columns and model.agent == values["columns"][0]
        case "cluster":
            return model.cluster is not None and model.dimension(model.cluster).column == values["column"]
        case "timezone":
            return model.time is not None and model.time.timezone == values["zone"]
        case "scale":
            return score is not None and (score.low, score.high) == (values["low"], values["high"])
        case "code":
            return score is not None and values["code"] in score.missing
        case "other_scores":
            return score is not None and score.column == values["column"]
        case "other_times" | "time_missing":
            return model.time is not None and model.time.column == values["column"]
        case "no_time":
            return model.time is None
        case "choices":
            return [column for _, column in model.dimension(values["group"]).columns] == list(values["members"])
        case "split":
            return any(r.column == values["column"] and r.split == values["sign"] for r in model.reasons.values())
        case "is_blank_no":
            return any(d.column == values["column"] for d in model.dimensions.values())
        case "no_contact_time":
            return model.time is None
        case "agent" | "agent_named":
            return model.agent == values["column"]
        case "comment":
            return model.comment == values["column"]
    return not said.key.startswith("draft.")


def agree(app: AppTest) -> None:
    """Say of every column that looks personal that it may be used."""
    for key in [box.key for box in app.checkbox if str(box.key).startswith("import.sure.")]:
        app.checkbox(key=key).check().run()


def used(app: AppTest) -> str:
    """Confirm the file; the model as it is kept."""
    text = toml(app)
    agree(app)
    press(app, "import.use")
    assert toml(app) == text
    return text


@pytest.mark.parametrize("name", FILES)
def test_the_model_saved_holds_every_announcement(name: str, open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    draft = draft_model(load_file(tmp_path / name, cache=tmp_path / "cache"))
    app = upload(open_page("data", lang="zh-CN"), FILES[name].encode(), name)
    model = parse_model(used(app))
    assert len(draft.doubts) > 3
    assert [said for said in draft.doubts if said.key.startswith("draft.") and not holds(model, said)] == []


def test_spans_and_the_agent_are_among_what_is_announced() -> None:
    """The check above looks at what was lost before: it fails for a model without them."""
    bare = parse_model('table = "t"\nscore = { column = "csat", scale = [1, 5] }\n')
    assert not holds(bare, Statement("draft.span", {"since": "call_start", "column": "call_end"}))
    assert not holds(bare, Statement("draft.staff", {"columns": ("Agent_name",)}))


@pytest.mark.parametrize("name", FILES)
def test_without_corrections_the_model_is_the_drafted_one(name: str, open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    draft = draft_model(load_file(tmp_path / name, cache=tmp_path / "cache"))
    assert used(upload(open_page("data", lang="zh-CN"), FILES[name].encode(), name)) == draft.text.strip()


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=[pytest.mark.prove] * (n % 3 > 0)) for n, c in enumerate(CASES)]
)
def test_a_case_is_saved_as_drafted_and_opens_again_as_saved(case: str, open_page: OpenPage, tmp_path: Path) -> None:
    file = sorted((FOLDER / case).iterdir())[0]
    shutil.copy(file, tmp_path / file.name)
    draft = draft_model(load_file(tmp_path / file.name, cache=tmp_path / "cache"))
    app = upload(open_page("data", lang="zh-CN"), file.read_bytes(), file.name)
    text = used(app)
    assert text == draft.text.strip()
    id = app.query_params["data"]
    press(app, f"data.correct.{id}")
    assert toml(app) == text
    agree(app)
    press(app, "import.use")
    assert app.query_params["data"] == id and toml(app) == text


OF_THE_COMMAND = {
    "file.which_table",
    "draft.which_table",
    "draft.no_score",
    "draft.no_answers",
}  # never said on the page


def test_the_page_names_no_option_of_the_command() -> None:
    for language in LANGUAGES:
        said = texts(language)
        options = {key for key, text in said.items() if key.startswith(("file.", "draft.")) and " --" in text}
        assert {key for key in options - OF_THE_COMMAND if " --" in said.get(f"data.{key}", " --")} == set()
