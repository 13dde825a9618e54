"""Reading a file otherwise, and correcting data that are in use: what stays, and what becomes another version."""

from __future__ import annotations

from pages.words.catalogue import texts
from tests.pages.conftest import OpenPage, seen
from tests.pages.data.test_data import asked, hotline, press, toml, upload, use_button

TITLED = "Monthly report;;\n\nteam;score;wait\n" + "".join(
    f"{'ab'[i % 2]};{1 + i % 5};{i * 7 % 90}\n" for i in range(90)
)


def test_a_correction_keeps_the_data_and_its_links(open_page: OpenPage) -> None:
    app = press(upload(open_page("data", lang="en"), hotline()), "import.use")
    id, before = app.query_params["data"], app.query_params["v"]
    press(app, f"data.correct.{id}")
    app.session_state["import.corrections"]["business"] |= {"en": "Line of business"}
    app.number_input(key="import.satisfied").set_value(8).run()
    press(app, "import.use")
    assert app.query_params["data"] == id and app.query_params["v"] != before  # their columns mean something else now
    assert "satisfied_from = 8" in toml(app)
    assert any(box.label == "Line of business" for box in app.multiselect)


def test_who_sees_a_part_of_the_data_does_not_correct_what_they_mean(open_page: OpenPage) -> None:
    li, boss = {"sub": "li"}, {"sub": "boss", "satrace_roles": ["admin"]}
    id = press(upload(open_page("data", claims=li, lang="en"), hotline()), "import.use").query_params["data"]
    part = {**boss, "satrace_scope": {"business": ["3G"]}}
    app = open_page("data", claims=part, lang="en", data=id)
    assert app.button(key=f"data.correct.{id}").disabled
    app.session_state["import.correct"] = id  # as a message says that no button sent
    app.run()
    assert [w.value for w in app.warning] == [texts("en")["data.correct_whole"]]
    assert "import.pending" not in app.session_state and "固话" not in seen(app)
    for claims in (boss, {**li, "satrace_scope": {"business": ["3G"]}}):  # the owner knows the file
        app = press(open_page("data", claims=claims, lang="en", data=id), f"data.correct.{id}")
        assert app.session_state["import.pending"].kept.id == id


def test_another_reading_is_another_version(open_page: OpenPage) -> None:
    app = press(upload(open_page("data", lang="en"), hotline()), "import.use")
    id = app.query_params["data"]
    asked(press(app, f"data.correct.{id}"), "day_first").set_value(False).run()
    press(app, "import.use")
    assert app.query_params["data"] != id
    assert press(app, f"data.switch.{id}").query_params["data"] == id  # the one before is still there


def test_each_decision_about_a_file_has_its_control(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), TITLED.encode(), "report.csv")
    assert asked(app, "header").value == asked(app, "header_last").value == 3
    assert asked(app, "delimiter").value == ";" and asked(app, "last").value == 0
    app.session_state["import.corrections"] = {"team": {"en": "Crew"}}
    asked(app, "last").set_value(10).run()
    assert "skip_last = 10" in toml(app) and '"Crew"' in toml(app)  # what was corrected stays
    press(app, "import.plain")
    assert "reading" not in toml(app) and '"Crew"' in toml(app)
    asked(app, "header").set_value(0).run()
    assert "column 1" in str(app.dataframe[0].value.columns[0]) or not use_button(app)


def test_the_score_its_scale_and_its_best_end_can_be_chosen(open_page: OpenPage) -> None:
    app = upload(open_page("data", lang="en"), hotline())
    app.selectbox(key="import.turned").set_value(True).run()
    assert "worst = 10" in toml(app)
    app.number_input(key="import.high").set_value(12).run()
    assert "scale = [1, 12]" in toml(app) and "worst = 12" in toml(app)
