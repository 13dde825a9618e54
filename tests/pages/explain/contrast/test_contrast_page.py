"""The contrast page: every question in both languages and at every depth, from any link, with the same numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from analysis.contrast import verdicts
from analysis.contrast.question import METHODS
from analysis.contrast.setup import PAIRWISE
from analysis.methods import QUESTIONS as QUESTIONS_OF_ANALYSIS
from analysis.stats import means
from data_access.access import local_analyst
from data_access.workshop.store import open_store
from pages.report import pinning
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.format import spaced
from tests.pages.checks import LATIN, check
from tests.pages.conftest import EACH_LANGUAGE, OpenPage, in_both, seen

OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "groups": {"ask": "groups", "by": "business"},
    "two groups": {"ask": "groups", "by": "business", "business": "mobile_4g,mobile_5g"},
    "a league": {"ask": "groups", "by": "team"},
    "ordered groups": {"ask": "groups", "by": "tier"},
    "one and the rest": {"ask": "rest", "by": "business", "segment": "mobile_5g"},
    "each and the rest": {"ask": "rest", "by": "business"},
    "now and before": {"ask": "period"},
    "each now and before": {"ask": "period", "by": "business"},
    "a target from the table": {"ask": "target", "by": "business"},
    "a target of one's own": {"ask": "target", "against": "86"},
    "the group": {"ask": "benchmark", "against": "group"},
    "a competitor by segment": {"ask": "benchmark", "against": "competitor_a", "by": "business"},
    "a rate": {"ask": "rest", "by": "business", "segment": "mobile_5g", "metric": "resolved"},
    "a waiting time": {"ask": "groups", "by": "business", "measure": "wait"},
    "the same mix": {"ask": "groups", "by": "channel", "alike": "business", "complexity": "handling"},
}

# a period, a target or all answers together are no segment that could be opened
OF_NO_SEGMENT = ("now and before", "a target of one's own", "the group")
SILENT = ("contrast.forest", "contrast.distribution")


def asked(options: Mapping[str, str]) -> dict[str, Any]:
    return {k: v.split(",") if "," in v else v for k, v in {**OCTOBER, **options}.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("question", "language"), in_both(QUESTIONS))
def test_a_question_in_a_language(question: str, language: str, open_page: OpenPage) -> None:
    app = open_page("contrast", lang=language, depth="advanced", **asked(QUESTIONS[question]))
    text = check(app, language, "contrast", silent=SILENT if question in OF_NO_SEGMENT else ())
    assert not app.warning and not app.toast
    charts = app.get("plotly_chart")
    assert len(charts) >= 1 and len(app.dataframe) >= 2
    if language == "zh-CN":
        assert set(re.findall(r"[A-Za-z_]{2,}", text)) <= LATIN


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_basic_shows_one_chart_and_one_answer(language: str, open_page: OpenPage) -> None:
    words = Catalogue.load(language)
    app = open_page("contrast", lang=language, ask="groups", by="business", **OCTOBER)
    assert len(app.get("plotly_chart")) == 1 and not app.dataframe
    for part in ("ranks", "test", "pairs", "distribution", "checks"):
        assert words.text(f"contrast_page.part.{part}") not in seen(app)
    said = [m.value for m in app.markdown if not m.value.startswith("#")]
    assert len(said) == 1 and "-badge[" in said[0]
    response_rates = texts(language)["contrast.response_rates"].split("{")[0]
    assert response_rates not in seen(app)
    app.session_state["answer.more.contrast"] = True
    assert response_rates in " ".join(c.value for c in app.run().caption)


def test_a_depth_changes_how_much_is_shown_and_no_number(open_page: OpenPage) -> None:
    options = {"ask": "rest", "by": "business", "segment": "mobile_5g", "matters": "3", "method": "welch_t"}
    answers = []
    for depth in ("basic", "intermediate", "advanced"):
        app = open_page("contrast", lang="en", depth=depth, **OCTOBER, **options)
        answers.append(next(m.value for m in app.markdown if m.value.startswith("## ")))
        assert {name: app.query_params[name] for name in options} == options
    assert len(set(answers)) == 1


def test_only_what_the_data_allow_is_offered(open_page: OpenPage) -> None:
    def offered(**options: str) -> list[str]:
        app = open_page("contrast", lang="en", **options)
        return list(app.button_group(key="option.contrast.ask").options)

    words = Catalogue.load("en")
    names = {code: words.text(f"contrast_page.ask.{code}") for code in ("period", "benchmark")}
    assert set(names.values()) <= set(offered(**OCTOBER))
    assert names["period"] not in offered(**{"from": "all"}, base="none")
    assert names["benchmark"] not in offered(metric="resolved", **OCTOBER)


def test_a_broken_link_is_mended_and_said(open_page: OpenPage) -> None:
    broken = {"ask": "why", "by": "nobody", "method": "guess", "matters": "-1", "alike": "nothing", "measure": "joy"}
    app = open_page("contrast", lang="en", depth="intermediate", **OCTOBER, **broken)
    check(app, "en", "contrast")
    noted = " ".join(toast.value.replace("\\", "") for toast in app.toast)
    assert [name for name in broken if name not in noted] == []
    assert [name for name, value in broken.items() if app.query_params.get(name) == value] == []
    assert not app.warning


@pytest.mark.parametrize(
    "question",
    [
        "the group",
        "a waiting time",
        # what is pinned is opened by its address as well
        *(
            pytest.param(q, marks=pytest.mark.prove)
            for q in ("one and the rest", "a target of one's own", "the same mix")
        ),
    ],
)
def test_the_address_opens_the_same_page_again(question: str, open_page: OpenPage) -> None:
    first = open_page("contrast", lang="en", depth="advanced", **asked(QUESTIONS[question]))
    assert QUESTIONS[question].items() <= first.query_params.items()
    second = open_page("contrast", **first.query_params)
    assert second.query_params == first.query_params and not second.toast
    assert seen(second) == seen(first)


def test_the_language_changes_in_place(open_page: OpenPage) -> None:
    chosen = {"ask": "rest", "by": "business", "segment": "mobile_5g", "depth": "intermediate", "alike": "channel",
              "matters": "2"}  # fmt: skip
    app = open_page("contrast", lang="en", **chosen)
    app.button_group(key="lang").set_value("zh-CN").run()
    check(app, "zh-CN", "contrast")
    assert {**chosen, "lang": "zh-CN"}.items() <= app.query_params.items()
    assert Catalogue.load("zh-CN").text("contrast_page.ask.rest") in seen(app) and not app.toast


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_one_group_says_so(language: str, open_page: OpenPage) -> None:
    app = open_page("contrast", lang=language, ask="groups", by="business", business="mobile_5g", **OCTOBER)
    check(app, language, "contrast")
    assert app.warning[0].value == texts(language)["contrast.one_group"]
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_target_that_nobody_gave_is_asked_for(language: str, open_page: OpenPage) -> None:
    app = open_page("contrast", lang=language, ask="target", metric="transferred", **OCTOBER)
    check(app, language, "contrast")
    assert app.warning[0].value == texts(language)["contrast.no_target"]
    app.number_input(key="option.contrast.target.transferred").set_value(5.0).run()
    assert not app.warning and len(app.get("plotly_chart")) == 1
    assert app.query_params["against"] == "5"


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_an_unfit_test_is_explained_and_not_hidden(language: str, open_page: OpenPage) -> None:
    app = open_page("contrast", lang=language, ask="rest", by="business", segment="mobile_5g", depth="advanced",
                    method="mcnemar", **OCTOBER)  # fmt: skip
    check(app, language, "contrast")
    words = Catalogue.load(language)
    test = words.text("contrast_page.method.mcnemar")
    assert [w.value for w in app.warning] == [words.text("contrast_page.unfit.method_not_here", test=test)]
    assert len(app.get("plotly_chart")) >= 1, "the advised test stands in for it"
    chosen = open_page("contrast", lang=language, ask="rest", by="business", segment="mobile_5g", depth="advanced",
                       method="mann_whitney", **OCTOBER)  # fmt: skip
    assert spaced(words.text("contrast_page.method.mann_whitney")) in seen(chosen)
    assert words.text("contrast.unfit.ignores_clusters") in seen(chosen)
    assert not chosen.warning


def test_only_what_matters_is_coloured(open_page: OpenPage) -> None:
    """No red badge without the verdict: neither in the sentence nor in the forest."""
    calm = open_page("contrast", lang="en", ask="rest", by="business", segment="mobile_5g", matters="90", **OCTOBER)
    loud = open_page("contrast", lang="en", ask="rest", by="business", segment="value_added", **OCTOBER)
    assert ("badge" in badge(loud)) and "orange-badge" in badge(loud) and "gray-badge" in badge(calm)


def badge(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "-badge[" in m.value)


def test_a_driver_stands_in_for_the_metric(open_page: OpenPage) -> None:
    app = open_page("contrast", lang="en", depth="intermediate", ask="groups", by="business", measure="wait",
                    **OCTOBER)  # fmt: skip
    assert "Wait in the queue · mean, in seconds" in app.caption[0].value
    assert not re.search(r"\d points|\d pp", seen(app))
    assert app.query_params["metric"] == "score" and app.query_params["measure"] == "wait"


def test_large_text_draws_tables_that_grow(open_page: OpenPage) -> None:
    app = open_page("contrast", lang="zh-CN", text="large", depth="advanced", ask="groups", by="team", **OCTOBER)
    check(app, "zh-CN", "contrast")
    assert not app.dataframe and len(app.table) >= 3


def test_a_test_of_the_same_customers(open_page: OpenPage) -> None:
    app = open_page("contrast", lang="en", ask="period", depth="advanced", method="paired_t", **OCTOBER)
    check(app, "en", "contrast", silent=SILENT)
    assert app.query_params["method"] == "paired_t"
    assert [w.value.split(" compares")[0] for w in app.warning] in ([], ["paired t-test"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    """Codes of the analysis that the page puts into words."""
    known = texts(language)
    codes = {
        "contrast_page.method": {*METHODS, *PAIRWISE, *PAIRWISE.values(), "one_sample", "gap_only", "wild_bootstrap"},
        "contrast_page.verdict": set(verdicts.ORDER),
        "chart.verdict": set(verdicts.ORDER),
        "contrast_page.size": set(means.SIZES),
        "contrast_page.missing": {"ours", "theirs"},
        "side": {"rest", "baseline", "period", "ours", "target", "benchmark"},
        "contrast_page.ask": set(QUESTIONS_OF_ANALYSIS),
    }
    assert [f"{p}.{code}" for p, found in codes.items() for code in found if f"{p}.{code}" not in known] == []


@pytest.mark.parametrize("question", ["one and the rest", "now and before", "a target of one's own", "the same mix"])
def test_what_is_pinned_is_asked_again_and_opened_again(question: str, open_page: OpenPage, tmp_path: Path) -> None:
    options = QUESTIONS[question]
    page = open_page("contrast", lang="en", matters="2.5", **asked(options))
    page.text_input(key="pin.title.contrast").set_value("Is it real?")
    next(b for b in page.button if b.key == "pin.save.contrast").click().run()
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    ((issue,), me) = store.issues(local_analyst()), local_analyst()
    (pin,) = store.pins(me, issue.id)
    link = {name: values[0] for name, values in parse_qs(urlsplit(pinning.link_to(pin, "en")).query).items()}
    assert {**options, "matters": "2.5"}.items() <= {**link, "metric": "score"}.items()
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert not workshop.exception and not workshop.warning
    next(b for b in workshop.button if b.key == f"pin.check.{pin.id}").click().run()
    assert [s.value for s in workshop.success] == [texts("zh-CN")["workshop.check.holds"]]
    assert Catalogue.load("zh-CN").show(pin.statistics["threshold"], "score") == "2.5\N{NO-BREAK SPACE}分"


def test_numbers_that_moved_are_told_in_words(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("contrast", lang="en", **asked(QUESTIONS["one and the rest"]))
    page.text_input(key="pin.title.contrast").set_value("Is it real?")
    next(b for b in page.button if b.key == "pin.save.contrast").click().run()
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (issue,) = store.issues(me)
    (pin,) = store.pins(me, issue.id)
    moved = {**pin.statistics, "verdict": "equivalent", "effect": {**pin.statistics["effect"], "value": 9.5}}
    store.pin(me, issue.id, replace(pin, id="older", statistics=moved))
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    next(b for b in workshop.button if b.key == "pin.check.older").click().run()
    rows = {name: then for name, then, _ in workshop.table[-1].value.to_numpy().tolist()}
    words = Catalogue.load("zh-CN")
    assert rows == {
        words.text("workshop.stat.verdict"): words.text("contrast_page.verdict.equivalent"),
        words.text("workshop.stat.effect"): "9.500",
    }


@pytest.mark.parametrize(
    ("question", "by", "tests"),
    [
        ("groups", "business", {"clustered_wald", "welch_anova", "kruskal_wallis"}),
        ("rest", "business", {"clustered_t", "welch_t", "brunner_munzel", "mann_whitney"}),
        ("period", "all", {"clustered_t", "paired_t", "wilcoxon"}),
    ],
)
def test_only_tests_that_answer_the_question_are_offered(
    question: str, by: str, tests: set[str], open_page: OpenPage
) -> None:
    app = open_page("contrast", lang="en", ask=question, by=by, depth="intermediate", **OCTOBER)
    words, offered = Catalogue.load("en"), app.selectbox(key="option.contrast.method").options
    named = {code for code in METHODS if any(words.text(f"contrast_page.method.{code}") in text for text in offered)}
    assert tests <= named and len(named) <= 7
    assert not named & {"chi2", "fisher", "mcnemar", "cochran_armitage"}
