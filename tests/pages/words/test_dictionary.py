"""The dictionary: nothing is without an entry, every example is right, and each is found by what people call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.methods import METHODS
from data_access.metric_kinds import MetricKind, Rescaled
from data_access.model_file import read_model
from pages.words import dictionary
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.dictionary_examples import EXAMPLES

MODEL = read_model(Path(__file__).resolve().parents[3] / "sample_data" / "semantic.toml")


def kinds(of: type[MetricKind]) -> set[str]:
    return {kind.formula for kind in of.__subclasses__()} | {f for kind in of.__subclasses__() for f in kinds(kind)}


def test_no_kind_and_no_method_is_without_an_entry() -> None:
    known = texts("en")
    assert Rescaled.formula in kinds(MetricKind)
    assert [kind for kind in kinds(MetricKind) if f"dictionary.kind.{kind}.formula" not in known] == []
    assert [name for name in METHODS if f"dictionary.method.{name}.formula" not in known] == []
    assert [name for name in METHODS if name not in dictionary.SHOWN_BY] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_whole(language: str) -> None:
    words = Catalogue.load(language)
    known = dictionary.entries(words, MODEL)
    assert {*METHODS, *MODEL.metrics, *dictionary.measures_known()} <= {entry.term for entry in known}
    for entry in known:
        assert entry.example is not None and entry.formula and entry.traps
        assert words.text(f"dictionary.example.{entry.example.name}", **entry.example.values)
        assert all(value == value for value in entry.example.values.values()), "an example withholds nothing"
        assert words.text(f"dictionary.levels.{entry.levels}")
        assert all(words.has(f"dictionary.head.{name}") for name in entry.example.table.columns)


def test_examples_are_right_by_hand() -> None:
    values = {name: make().values for name, make in EXAMPLES.items()}
    assert values["points"] == pytest.approx(
        {"mean": 8.2, "of_max": 82.0, "rescaled": 80.0, "top": 40.0, "nps": 20.0}
    )
    assert values["loss"]["share"] == pytest.approx(1000 / 1600)
    assert values["split"]["rate"] + values["split"]["mix"] == pytest.approx(values["split"]["change"])
    assert values["did"]["effect"] == pytest.approx(2.5)
    assert values["limits"]["value"] > values["limits"]["high"]
    assert values["power"]["least"] == pytest.approx(3.967, abs=0.01)
    assert values["cost"]["chosen"] == 2
    assert values["nps"] == pytest.approx({"promoters": 0.4, "detractors": 0.3, "nps": 10.0})
    assert values["raw"] == pytest.approx({"mean": 120.0, "median": 50.0})
    assert values["fcr"] == pytest.approx({"first": 38 / 40, "second": 34 / 40, "third": 30 / 40})
    assert values["held_out"]["value"] == pytest.approx(10)
    assert values["held_out"]["low"] < 10 < values["held_out"]["high"]
    assert values["drivers"]["wait"] + values["drivers"]["transfers"] == pytest.approx(1)
    assert values["drivers"]["transfers"] > values["drivers"]["wait"] > 0
    assert 10 < values["dose"]["at"] < 30 and values["dose"]["p"] < 0.05


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("FCR", "fcr"), ("一解率", "fcr"), ("csat", "score"), ("满意度", "score"), ("NPS", "recommend"),
        ("p 值", "contrast"), ("置信区间", "contrast"), ("净推荐值", "recommend"), ("控制图", "control_chart"),
        ("双重差分", "effect"), ("接通率", "answer_rate"),
    ],
)  # fmt: skip
def test_it_is_found_by_what_it_is_called(text: str, term: str, language: str) -> None:
    held = dictionary.found(dictionary.entries(Catalogue.load(language), MODEL), text)
    assert term in [entry.term for entry in held]


def test_a_lone_letter_belongs_to_the_chinese_word_behind_it() -> None:
    held = dictionary.found(dictionary.entries(Catalogue.load("zh-CN"), MODEL), "p 值")
    assert held[0].term == "contrast" and len(held) < 5


def test_nothing_is_found_by_what_nothing_is_called() -> None:
    assert dictionary.found(dictionary.entries(Catalogue.load("en")), "zebra") == []
