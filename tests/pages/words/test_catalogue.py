"""The catalogues are complete: what can be said in one language can be said in the other."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from data_access.statement import Statement
from pages.words.catalogue import FOLDER, LANGUAGES, Catalogue, _flat, texts
from pages.words.format import SPECS


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_a_folder_a_language() -> None:
    assert {p.name for p in FOLDER.iterdir() if p.is_dir()} == set(LANGUAGES)


def test_same_files_and_keys_in_all_languages() -> None:
    areas = [{p.name for p in (FOLDER / language).glob("*.toml")} for language in LANGUAGES]
    assert areas[0] == areas[1]
    assert set(texts("en")) == set(texts("zh-CN"))


def test_same_placeholders_in_all_languages() -> None:
    english, chinese = (texts(language) for language in LANGUAGES)
    assert {k for k in english if placeholders(english[k]) != placeholders(chinese[k])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_and_their_specs_known(language: str) -> None:
    strange = {}
    for key, text in texts(language).items():
        for _, field, spec, conversion in Formatter().parse(text):
            plain = field is None or re.fullmatch("[a-z_][a-z0-9_]*", field)
            name, _, forms = (spec or "").partition(" ")
            two_forms = forms.count("|") == (1 if forms or name == "plural" else 0)
            if not plain or conversion is not None or name not in {*SPECS, "plural"} or not two_forms:
                strange[key] = text
    assert strange == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_frayed(language: str) -> None:
    frayed = [k for k, v in texts(language).items() if not v or (v != v.strip() and not k.startswith("format.list"))]
    assert frayed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_library_says_never_ends_a_sentence(language: str) -> None:
    """It has no full stop, and says nothing of the way out."""
    assert [key for key, text in texts(language).items() if text.endswith("{detail}")] == []


def test_a_count_before_a_plural_has_a_singular() -> None:
    """ "1 drivers" and "1 values" cannot be said: whatever is counted has both forms, unless it is many by itself."""
    always_many = {"most", "least", "needed", "most_patterns"}
    counted = re.compile(r"\{(\w+):count\} (?:[a-z]+ ){0,2}?([a-z]+s)\b")
    not_nouns = {"is", "has", "was", "does", "its", "this", "less", "as", "minus", "ours", "contacts", "values"}
    wrong = {
        key: found[0]
        for key, text in texts("en").items()
        for found in counted.finditer(text)
        if found[1] not in always_many and found[2] not in not_nouns | {"counts"}
    }
    wrong |= {
        key: found[0]
        for key, text in texts("en").items()
        for found in re.finditer(r"\{(\w+)(?::count)?\} (?:contacts|values|answers|drivers|teams|groups)\b", text)
        if found[1] not in always_many
    }
    assert wrong == {}


def test_one_is_said_in_the_singular() -> None:
    say = Catalogue.load("en").text
    assert say("how.association.bh", family=1).startswith("p adjusted for 1 pair ")
    assert say("how.association.bh", family=2).startswith("p adjusted for 2 pairs ")
    assert "1 value together" in say("drivers.too_many_members", members=1, most=50)


def test_chinese_is_chinese() -> None:
    """A text with English words and no Chinese character was forgotten."""
    words = {k: re.sub(r"\{[^}]*\}|`[^`]*`", "", v) for k, v in texts("zh-CN").items()}
    forgotten = [k for k, v in words.items() if re.search("[a-z]{4,} [a-z]{2,}", v) and not re.search("[一-鿿]", v)]
    assert forgotten == []


def test_say_and_missing_key() -> None:
    assert Catalogue.load("zh-CN").say(Statement("format.points", {"number": "3"})) == "3 分"
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        Catalogue.load("en").text("no.such.key")
    with pytest.raises(KeyError, match=r"format\.points.*number"):
        Catalogue.load("en").text("format.points")
    assert Catalogue.load("en").has("format.points")
    assert not Catalogue.load("en").has("format.pints")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kept",
    [
        Statement("contribution.said_long_ago", {"segment": {"channel": "web"}}),
        Statement("format.points", {"other": 3}),
        Statement("drivers.too_few", {"n": "many", "needed": None}),
    ],
)
def test_a_kept_statement_without_words_is_one_sentence(language: str, kept: Statement) -> None:
    said = Catalogue.load(language).recall(kept)
    assert said == texts(language)["workshop.wording_gone"]
    assert Catalogue.load("en").recall(Statement("format.points", {"number": "3"})) == "3 points"


def test_unknown_language_and_a_value_that_is_no_text() -> None:
    with pytest.raises(ValueError, match="fr"):
        texts("fr")
    with pytest.raises(ValueError, match=r"a\.b is int"):
        list(_flat({"a": {"b": 3}}))
