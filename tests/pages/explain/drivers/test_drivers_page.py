"""The drivers page: in both languages and at every depth, from any link, with the numbers of every other way out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pandas as pd
import pytest

from analysis.__main__ import main
from data_access.access import local_analyst
from data_access.workshop.store import open_store
from pages.report import pinning
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.format import spaced
from tests.pages.checks import LATIN, check
from tests.pages.conftest import EACH_LANGUAGE, MODEL, Downloads, OpenPage, file_of, in_both, seen
from tests.pages.report.numbers import columns, first_sheet, same

OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}
ALL_PHONE = {"from": "all", "base": "none", "channel": "phone"}
EXPECTED = {
    "drivers": {
        "share",
        "step",
        "per_step",
        "p_adjusted",
        "vif",
        "standardised",
        "importance",
        "low",
        "high",
        "n_known",
        "performance",
        "performance_low",
        "performance_high",
        "quadrant",
    },
    "dose": {"x", "n", "score", "score_low", "score_high", "low", "high"},
}
CASES: Mapping[str, Mapping[str, Any]] = {
    "everything": {"from": "all", "base": "none"},
    "one filter": {"business": "mobile_5g", **OCTOBER},
    "chosen drivers": {"columns": ["wait", "handling", "business"], "hold": "tier", **ALL_PHONE},
    "another driver followed": {"driver": "wait", **ALL_PHONE},
    "a rate": {"metric": "resolved", **ALL_PHONE},
}


@pytest.mark.parametrize(("case", "language"), in_both(CASES))
def test_a_case_in_a_language(case: str, language: str, open_page: OpenPage) -> None:
    app = open_page("drivers", lang=language, depth="advanced", **CASES[case])
    text = check(app, language, "drivers")
    assert not app.warning and not app.toast
    assert len(app.get("plotly_chart")) == 3 and len(app.dataframe) >= 3
    parts = [name for name in ("map", "ordinal", "tree") if texts(language)[f"drivers_page.part.{name}"] in text]
    assert parts == ["map", "tree"] if case == "a rate" else ["map", "ordinal", "tree"]
    assert texts(language)["drivers.not_effect"] in " ".join(caption.value for caption in app.caption)
    if language == "zh-CN":
        assert set(re.findall(r"[A-Za-z_]{2,}", text)) <= LATIN


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_basic_has_no_choice_of_drivers_and_no_second_table(language: str, open_page: OpenPage) -> None:
    app = open_page("drivers", lang=language, **ALL_PHONE)
    assert len(app.dataframe) == 1 and len(app.get("plotly_chart")) == 2
    assert texts(language)["option.hold"] not in seen(app)
    assert texts(language)["drivers_page.part.left_out"] not in seen(app)


def test_a_depth_changes_how_much_is_shown_and_no_number(open_page: OpenPage) -> None:
    options = {"columns": ["wait", "handling"], "hold": "tier", "driver": "wait"}
    found = []
    for depth in ("basic", "intermediate", "advanced"):
        app = open_page("drivers", lang="en", depth=depth, **ALL_PHONE, **options)
        found.append([m.value for m in app.markdown if m.value.startswith("## ")])
        assert {name: app.query_params[name] for name in ("hold", "driver")} == {"hold": "tier", "driver": "wait"}
        assert app.query_params["columns"] == options["columns"]
    assert set(found[0]) < set(found[1]) < set(found[2])


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_intermediate_adds_the_map_and_no_slow_model(language: str, open_page: OpenPage) -> None:
    app = open_page("drivers", lang=language, depth="intermediate", **ALL_PHONE)
    shown = check(app, language, "drivers")
    assert len(app.get("plotly_chart")) == 3 and len(app.dataframe) == 2
    assert texts(language)["drivers_page.part.map"] in shown
    assert texts(language)["drivers_page.part.tree"] not in shown
    sentence = Catalogue.load(language).text("strengths.keep_mean", names=[]).partition(".")[0].partition("；")[0]
    assert sentence in shown


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_nothing_matches(language: str, open_page: OpenPage) -> None:
    app = open_page("drivers", lang=language, business="iot", sub_type="5g_bill")
    check(app, language, "drivers")
    assert [w.value for w in app.warning] == [texts(language)["selection.empty"]]
    assert not app.get("plotly_chart")


def test_a_broken_link_is_mended_and_said(open_page: OpenPage) -> None:
    broken = {"columns": "joy", "hold": "nothing", "driver": "mood"}
    app = open_page("drivers", lang="en", **OCTOBER, **broken)
    check(app, "en", "drivers")
    noted = " ".join(toast.value.replace("\\", "") for toast in app.toast)
    assert [name for name in broken if name not in noted] == []
    assert [name for name, value in broken.items() if app.query_params.get(name) == value] == []
    assert not app.warning and len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("case", [pytest.param("chosen drivers", marks=pytest.mark.prove), "another driver followed"])
def test_the_address_opens_the_same_page_again(case: str, open_page: OpenPage) -> None:
    first = open_page("drivers", lang="en", depth="advanced", **{**CASES[case], **OCTOBER, "base": "previous"})
    second = open_page("drivers", **first.query_params)
    assert second.query_params == first.query_params and not second.toast
    assert seen(second).split() == seen(first).split()


@pytest.fixture
def without_drivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The sample behind a model that names no drivers."""

    def use() -> None:
        text = re.sub(r"\[(drivers|presets)\].*\n(?:.+\n)+", "", MODEL.read_text("utf-8"))
        assert "[drivers]" not in text
        (tmp_path / "semantic.toml").write_text(text, "utf-8")
        monkeypatch.setenv("SATRACE_MODEL", str(tmp_path / "semantic.toml"))

    return use


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_data_without_drivers(language: str, open_page: OpenPage, without_drivers: Callable[[], None]) -> None:
    without_drivers()
    app = open_page("drivers", lang=language, **OCTOBER)
    check(app, language, "drivers")
    assert [i.value for i in app.info] == [texts(language)["drivers_page.no_drivers"]]
    assert not app.get("plotly_chart") and not app.warning
    chosen = open_page("drivers", lang=language, columns=["business", "tier"], **OCTOBER)
    check(chosen, language, "drivers")
    assert len(chosen.get("plotly_chart")) == 1 and not chosen.info


def test_a_dimension_filtered_to_one_member_is_told(open_page: OpenPage) -> None:
    app = open_page("drivers", lang="en", columns=["wait", "business"], business="mobile_5g", **ALL_PHONE)
    check(app, "en", "drivers")
    assert len(app.get("plotly_chart")) == 2
    assert not app.warning


def test_a_metric_is_no_driver_of_itself(open_page: OpenPage) -> None:
    app = open_page("drivers", lang="en", metric="resolved", **ALL_PHONE)
    names = list(app.dataframe[0].value["Driver"])
    assert "Resolved" not in names and len(names) >= 2


def test_large_text_draws_tables_that_grow(open_page: OpenPage) -> None:
    app = open_page("drivers", lang="zh-CN", text="large", depth="advanced", **ALL_PHONE)
    check(app, "zh-CN", "drivers")
    assert not app.dataframe and len(app.table) >= 4


def asked(sample: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    source = ["--source", f"duckdb:///{sample}", "--model", str(MODEL)]
    assert main([*options, *source, "--where", "channel=phone"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(("method", "place"), [("drivers", 0), ("dose", 1)])
def test_page_workbook_and_command_line_agree(
    method: str,
    place: int,
    open_page: OpenPage,
    downloads: Downloads,
    sample: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = open_page("drivers", lang="en", depth="advanced", driver="wait", **ALL_PHONE)
    answer = asked(sample, capsys, method, *(["--driver", "wait"] if method == "dose" else []))
    told = answer["table"]
    drawn = app.dataframe[place].value
    book = file_of(downloads, Catalogue.load("en").text(f"page.{method}"), ".xlsx")()
    csv = file_of(downloads, Catalogue.load("en").text(f"page.{method}"), ".csv")()
    file = pd.read_csv(io.BytesIO(csv))
    for found, percent in ((drawn, True), (first_sheet(book), False), (file, False)):
        found = found.rename(columns=spaced)
        known = columns(method, found)
        assert {column.name for column in known.values()} >= EXPECTED[method]
        assert len(found) == len(told)
        for title, column in known.items():
            if column.name == "quadrant":
                told_in_words = Catalogue.load("en")
                wanted = [told_in_words.text(f"drivers_page.quadrant.{row['quadrant']}") for row in told]
                assert found[title].tolist() == wanted
                continue
            times = 100 if percent and column.bar else 1
            pairs = zip(found[title].tolist(), (row[column.name] for row in told), strict=True)
            assert all(same(value, wanted if wanted is None else wanted * times) for value, wanted in pairs), title
    if method == "drivers":
        sheets = openpyxl.load_workbook(io.BytesIO(book))
        for part in ("left_out", "ordinal", "tree"):
            sheet = sheets[Catalogue.load("en").text(f"drivers_page.part.{part}")]
            assert sheet.max_row == 1 + len(answer["parts"][part])


def test_json_and_csv_name_drivers_by_their_code(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(sample, capsys, "drivers")
    assert {row["driver"] for row in found["table"]} >= {"solved", "wait", "handling"}
    assert {row["driver"] for row in found["parts"]["left_out"]} & {"page_load", "handover_wait"}
    assert sum(row["importance"] for row in found["table"]) == pytest.approx(found["statistics"]["r2"])
    assert {row["quadrant"] for row in found["table"]} <= {"concentrate", "keep", "low", "overkill", "undecided", ""}
    assert all(row["performance_low"] <= row["performance"] <= row["performance_high"] for row in found["table"])
    assert {row["driver"] for row in found["parts"]["ordinal"]} == {row["driver"] for row in found["table"]}
    assert [row["depth"] for row in found["parts"]["tree"]][:2] == [0, 1]
    source = ["--source", f"duckdb:///{sample}", "--model", str(MODEL), "--where", "channel=phone"]
    for method, options in (("drivers", []), ("dose", ["--driver", "wait"])):
        assert main([method, *options, *source, "--format", "csv"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert rows and not {"segment"} & set(rows[0])
        assert main([method, *options, *source, "--format", "text"]) == 0
        assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("form", ["drivers", "dose"])
def test_what_is_pinned_is_asked_again_and_opened_again(form: str, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("drivers", lang="en", columns=["wait", "handling"], hold="tier", driver="wait", **ALL_PHONE)
    page.text_input(key=f"pin.title.{form}").set_value("What goes with it?")
    next(b for b in page.button if b.key == f"pin.save.{form}").click().run()
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (issue,) = store.issues(me)
    (pin,) = store.pins(me, issue.id)
    address = urlsplit(pinning.link_to(pin, "en"))
    link = parse_qs(address.query)
    assert address.path == "drivers" and pin.method == form
    expected = {"drivers": {"columns": ["wait", "handling"], "hold": ["tier"]}, "dose": {"driver": ["wait"]}}[form]
    assert expected.items() <= link.items()
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert not workshop.exception and not workshop.warning
    next(b for b in workshop.button if b.key == f"pin.check.{pin.id}").click().run()
    assert [s.value for s in workshop.success] == [texts("zh-CN")["workshop.check.holds"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    codes = {
        "drivers_page.why": ("unknown", "repeats", "constant"),
        "drivers_page.method": ("lmg", "johnson"),
        "drivers_page.quadrant": ("concentrate", "keep", "low", "overkill", "undecided"),
        "drivers_page.odds": ("fitted", "rate", "marks", "weights", "patterns", "separated"),
        "drivers_page.ordinal": ("marks", "weights", "patterns", "separated"),
        "drivers_page.rule": ("all", "at_most", "above", "among", "not_among", "yes", "no"),
        "drivers_page.lines": ("mean", "target"),
        "strengths": ("concentrate_mean", "concentrate_target", "keep_mean", "keep_target", "nothing"),
    }
    assert [f"{p}.{c}" for p, found in codes.items() for c in found if f"{p}.{c}" not in texts(language)] == []
