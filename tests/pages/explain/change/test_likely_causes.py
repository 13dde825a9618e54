"""The likely causes on the change page: the planted ones by name, and the same numbers as on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.access import local_analyst
from data_access.workshop.store import open_store
from pages.report import pinning
from pages.words.catalogue import texts
from pages.words.format import spaced
from tests.pages.checks import check
from tests.pages.conftest import EACH_LANGUAGE, OpenPage, seen
from tests.pages.report.numbers import EN, OCTOBER, asked, same

PERIODS = {**OCTOBER, "base": "previous"}
BILL = {"en": "5G: bill", "zh-CN": "5G账单"}


@pytest.mark.parametrize("language", EACH_LANGUAGE)
@pytest.mark.parametrize("depth", ["basic", "advanced"])
def test_the_planted_cause_is_named(language: str, depth: str, open_page: OpenPage) -> None:
    app = open_page("change", lang=language, depth=depth, **PERIODS)
    check(app, language, "change")
    said = seen(app)
    assert texts(language)["causes.title"] in said and BILL[language] in said
    assert not app.warning and len(app.get("plotly_chart")) == 2 and len(app.dataframe) == 2


def test_its_table_sums_to_the_change_and_agrees_with_the_command_line(open_page: OpenPage, sample: Path) -> None:
    app = open_page("change", lang="en", depth="advanced", **PERIODS)
    table = app.dataframe[1].value.rename(columns=spaced)
    told = asked(sample, "segments", {})
    effect = next(title for title in table if title.startswith(spaced(EN.text("columns.segments.total_effect"))))
    assert table[effect].sum() == pytest.approx(told["statistics"]["change"], abs=1e-9)
    rows = [*told["table"], *told["parts"]["rest"]]
    assert len(rows) == len(table) and table[table.columns[0]].iloc[-1] == EN.text("causes.rest")
    assert all(same(found, row["total_effect"]) for found, row in zip(table[effect], rows, strict=True))


def test_without_a_baseline_there_is_one_sentence(open_page: OpenPage) -> None:
    app = open_page("change", lang="en", **OCTOBER, base="none")
    check(app, "en", "change")
    assert len(app.warning) == 1


def test_causes_that_are_pinned_are_asked_again(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("change", lang="en", **PERIODS)
    page.text_input(key="pin.title.segments").set_value("What happened in October?")
    next(b for b in page.button if b.key == "pin.save.segments").click().run()
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (issue,) = store.issues(me)
    (pin,) = store.pins(me, issue.id)
    assert pin.method == "segments" and pinning.link_to(pin, "en").startswith("change?")
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert not workshop.exception and not workshop.warning
    next(b for b in workshop.button if b.key == f"pin.check.{pin.id}").click().run()
    assert [s.value for s in workshop.success] == [texts("zh-CN")["workshop.check.holds"]]
