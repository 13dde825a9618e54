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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("FCR", "fcr"), ("一解率", "fcr"), ("csat", "score"), ("满意度", "score"), ("NPS", "recommend"),
        ("净推荐值", "recommend"), ("控制图", "control_chart"), ("双重差分", "effect"), ("接通率", "answer_rate"),
    ],
)  # fmt: skip
def test_it_is_found_by_what_it_is_called(text: str, term: str, language: str) -> None:
    held = dictionary.found(dictionary.entries(Catalogue.load(language), MODEL), text)
    assert term in [entry.term for entry in held]


def test_nothing_is_found_by_what_nothing_is_called() -> None:
    assert dictionary.found(dictionary.entries(Catalogue.load("en")), "zebra") == []
