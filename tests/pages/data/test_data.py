"""Bringing one's own data: a file is read, corrected and confirmed; a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data_access.library import EVERYBODY
from pages.data.importing import READERS
from pages.words.catalogue import texts
from tests.pages.conftest import EACH_LANGUAGE, OpenPage, in_turn, seen

HEADER = "contacted_at,score,business,customer_name,remark\n"
PEOPLE = ("Wendy Taylor", "David Smith", "Mary Jones", "John Brown")


def hotline(rows: int = 240, day: str = "{d:02}/{m:02}/2026") -> bytes:
    """Slashed dates that can be read two ways, a dimension, names of people and free text."""
    lines = [
        f"{day.format(d=1 + i % 12, m=1 + i * 5 % 12)},{1 + i % 10},{('3G', '固话')[i % 2]},{PEOPLE[i % 4]},"
        f"The network was down again and nobody called back {i}"
        for i in range(rows)
    ]
    return (HEADER + "\n".join(lines)).encode()


def upload(app: AppTest, content: bytes, name: str = "hotline.csv") -> AppTest:
    return app.file_uploader[0].set_value((name, content, "text/csv")).run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def to(app: AppTest, page: str) -> AppTest:
    app._page_hash = calc_hash(page)
    return app.run()


def asked(app: AppTest, what: str) -> Any:
    """The control of how something in the file is read."""
    widgets = (*app.selectbox, *app.multiselect, *app.number_input)
    return next(w for w in widgets if str(w.key).startswith(f"import.read.{what}."))


def toml(app: AppTest) -> str:
    """The model that would be used."""
    return next(code.value for code in app.code if "table = " in code.value)


def use_button(app: AppTest) -> bool:
    return not app.button(key="import.use").disabled


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_file_is_confirmed_and_every_page_works_on_it(
    language: str, open_page: OpenPage, shared: Path, tmp_path: Path
) -> None:
    app = open_page("data", lang=language, business="mobile_5g")
    upload(app, (shared / "fixtures" / "f1_hotline.csv").read_bytes(), "f1_hotline.csv")
    assert app.query_params["data"] == "default"
    assert use_button(app) and not app.warning
    press(app, "import.use")
    assert app.query_params["data"] == "7109fd1f27a4"
    assert "business" not in app.query_params  # a filter of the data before
    assert "4,000" in seen(app) and "f1_hotline" in seen(app)
    lost = seen(to(app, "contribution"))
    assert "37.3 %" in lost and "1.24" in lost and "30.0 %" in lost
    change = seen(to(app, "change"))
    assert "86.3" in change and "84.7" in change and "1.05" in change and "0.55" in change
    assert app.query_params["data"] == "7109fd1f27a4"
    assert not list((tmp_path / "uploads").iterdir())  # nothing of the import is left behind


def test_a_link_to_a_brought_data_set_opens_it(open_page: OpenPage) -> None:
    app = press(upload(open_page("data"), hotline()), "import.use")
    asked = app.query_params
    again = open_page("overview", **asked)
    assert again.query_params["data"] == asked["data"] != "default"
    assert not again.toast and not again.warning


BAD: Mapping[str, tuple[bytes, str]] = {  # a file, and what is said of it
    "empty.csv": (b"", "file.empty"),
    "header.csv": (HEADER.encode(), "file.header_only"),
    "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file.binary"),
    "page.xlsx": (b"<html><body><table></table></body></html>", "file.html"),
    "report.pdf": (b"%PDF-1.7 ...", "file.pdf"),
    "cut.parquet": (b"PAR1 and then nothing", "file.damaged"),
}


@pytest.mark.parametrize(("name", "language"), in_turn(BAD))
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    name: str, language: str, open_page: OpenPage, tmp_path: Path
) -> None:
    content, key = BAD[name]
    app = upload(open_page("data", lang=language), content, name)
    before, after = texts(language)[key].split("{name}")
    assert len(app.warning) == 1 and not app.error and not app.exception
    assert app.warning[0].value.replace("\\", "") == before + name + after
    assert app.query_params["data"] == "default"
    assert not list((tmp_path / "uploads").iterdir())
    upload(app, hotline())
    assert use_button(app) and not app.warning


def test_dates_can_be_read_the_other_way(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    dates = asked(app, "day_first")
    assert dates.value is True
    dates.set_value(False).run()
    assert asked(app, "day_first").value is False
    press(app, "import.use")
    month_first = app.query_params["data"]
    press(upload(app, hotline()), "import.use")
    day_first = app.query_params["data"]
    assert day_first != month_first  # another reading is another data version
    choice = app.selectbox(key="data")
    assert len(choice.options) == len(set(choice.options)) == 3
    choice.set_value(month_first).run()
    assert app.query_params["data"] == month_first


def test_what_could_not_be_read_is_listed_row_by_row(open_page: OpenPage) -> None:
    content = hotline().replace(b",7,", b",seven,", 2)
    app = upload(open_page("data", lang="en"), content)
    report = next(d.value for d in app.dataframe if "Row" in d.value)
    assert list(report["Column"]) == ["score", "score"]
    assert list(report["Row"]) == [8, 18]
    assert "seven" in report["What was done"].iloc[0]


def test_a_file_without_a_score_waits_for_one(open_page: OpenPage) -> None:
    rows = "\n".join(f"n{i % 40},{1 + i % 5},t{i % 3}" for i in range(120))
    app = upload(open_page("data", lang="en"), f"thing,mark,kind\n{rows}".encode())
    assert [w.value for w in app.warning] == [texts("en")["data.problem.no_score"]]
    assert not use_button(app)
    app.session_state["import.corrections"] = {"mark": {"part": "score"}}
    app.run()
    assert use_button(app) and not app.warning
    assert app.number_input(key="import.high").value == 5


def test_corrections_outlive_other_pages_and_languages(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    app.session_state["import.corrections"] = {"business": {"zh": "业务", "en": "Business"}}
    app.number_input(key="import.satisfied").set_value(8).run()
    app.selectbox(key="import.zone").set_value("Europe/Paris").run()
    app.button_group(key="lang").set_value("zh-CN").run()
    to(to(app, "overview"), "data")
    assert 'labels = { en = "Business", zh-CN = "业务" }' in toml(app)
    assert "satisfied_from = 8" in toml(app) and 'timezone = "Europe/Paris"' in toml(app)
    press(app, "import.use")
    assert any(box.label == "业务" for box in app.multiselect)


def test_a_personal_column_needs_a_second_word(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    assert "customer_name" not in toml(app) and 'comment = "remark"' in toml(app)
    assert not [p for p in PEOPLE if p in app.data_editor[0].value.to_string()]
    app.session_state["import.corrections"] = {"customer_name": {"part": "dimension"}}
    app.run()
    assert not use_button(app)
    app.checkbox[0].check().run()
    assert use_button(app) and 'customer_name = { column = "customer_name"' in toml(app)


def test_agents_are_asked_about_with_their_purpose(open_page: OpenPage) -> None:
    rows = "\n".join(f"{1 + i % 5},{PEOPLE[i % 4]}" for i in range(120))
    app = upload(open_page("data", lang="en"), f"score,Assignee\n{rows}".encode(), "agents.csv")
    assert not use_button(app) and 'agent = "Assignee"' in toml(app)
    box = app.checkbox[0]
    assert "for comparing them and for intervals" in box.label and "no personal data" not in box.label
    box.check().run()
    assert use_button(app)


def test_a_file_can_be_put_aside(open_page: OpenPage, tmp_path: Path) -> None:
    app = upload(open_page("data"), hotline())
    assert list((tmp_path / "uploads").iterdir())
    press(app, "import.aside")
    assert not list((tmp_path / "uploads").iterdir())
    assert app.file_uploader and app.query_params["data"] == "default"


def test_a_data_set_is_forgotten_after_a_second_word(open_page: OpenPage) -> None:
    app = press(upload(open_page("data"), hotline()), "import.use")
    id = app.query_params["data"]
    press(app, f"data.forget.{id}")
    assert app.query_params["data"] == "default"
    assert not [b for b in app.button if b.key and b.key.startswith("data.forget")]


def test_data_are_their_owners_to_show_and_to_delete(open_page: OpenPage) -> None:
    mine = upload(open_page("data", claims={"sub": "wang"}, lang="en"), hotline())
    press(mine, "import.use")
    id = mine.query_params["data"]
    assert not _buttons(open_page("data", claims={"sub": "zhao"}, lang="en"))
    press(mine, f"data.correct.{id}").multiselect(key=READERS).set_value([EVERYBODY]).run()
    press(mine, "import.use")
    assert mine.query_params["data"] == id
    for claims in ({"sub": "li", "satrace_roles": ["viewer"]}, {"sub": "zhao"}):
        app = open_page("data", claims=claims, lang="en")
        assert _buttons(app) == {f"data.switch.{id}"}
        assert bool(app.file_uploader) == (claims["sub"] == "zhao")
        assert (texts("en")["data.card.may_not"] in seen(app)) == (claims["sub"] == "li")
    boss = {"sub": "boss", "satrace_roles": ["admin"]}
    assert f"data.forget.{id}" in _buttons(open_page("data", claims=boss, lang="en"))


def _buttons(app: AppTest) -> set[str]:
    """What may be done with data that somebody brought."""
    ways = ("data.switch.", "data.correct.", "data.forget.")
    return {str(b.key) for b in app.button if b.key and b.key.startswith(ways)}


def test_a_file_helps_when_the_warehouse_is_down(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://nobody@127.0.0.1:1/calls")
    app = open_page("data", lang="en")
    assert len(app.warning) == 1
    press(upload(app, hotline()), "import.use")
    assert not app.warning and app.query_params["data"] != "default"
    assert "240" in seen(app)


def test_a_large_file_is_named_by_its_path(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, model = tmp_path / "big.csv", tmp_path / "semantic.toml"
    file.write_bytes(hotline())
    model.write_text('table = "big"\nscore = { column = "score", scale = [1, 10] }\n', encoding="utf-8")
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(file))
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    app = open_page("data", lang="en")
    assert not app.warning and "240 contacts" in seen(app)


def test_a_bare_address_reopens_the_data_used_last(open_page: OpenPage) -> None:
    asked = press(upload(open_page("data"), hotline()), "import.use").query_params
    assert open_page("overview").query_params["data"] == asked["data"] != "default"
    assert open_page("overview", data="default").query_params["data"] == "default"  # a link says which
    assert open_page("overview").query_params["data"] == "default"


def test_what_was_used_last_is_known_of_each_person(open_page: OpenPage) -> None:
    li, wang = ({"sub": name} for name in ("li", "wang"))
    asked = press(upload(open_page("data", claims=li), hotline()), "import.use").query_params
    assert open_page("overview", claims=li).query_params["data"] == asked["data"] != "default"
    assert open_page("overview", claims=wang).query_params["data"] == "default"
