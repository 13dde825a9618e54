"""Unheard customers: the list and its files hold masked ids only, who may not see it does not, rounds are kept."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.model_file import read_model
from data_access.selection import Period
from data_access.warehouse import open_warehouse
from data_access.workshop.monitor_records import Arm, RecoveryCase, RecoveryRound
from data_access.workshop.monitor_tables import recovery_cases, recovery_rounds
from data_access.workshop.store import open_store
from pages.words.catalogue import Catalogue
from tests.pages.conftest import MODEL, Downloads, OpenPage, seen

MASKED = re.compile(r"t-[0-9a-f]{10}")
SHORT = {"last_days": "14", "capacity": "10"}


def table(app: AppTest) -> list[str]:
    """The first column of the list."""
    return [str(value) for value in app.dataframe[0].value.iloc[:, 0]]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_list_with_its_reasons(language: str, open_page: OpenPage) -> None:
    words = Catalogue.load(language)
    app = open_page("risk", lang=language, **SHORT)
    text = seen(app)
    assert not app.exception and not app.error and words.text("risk.question") in text
    assert table(app) and all(MASKED.fullmatch(code) for code in table(app))
    assert "None" not in text.split() and "nan" not in text.lower().split() and "@back" not in text
    assumed = words.text("risk.assumed")
    assert any(assumed in caption.value for caption in app.caption)
    assert len(app.get("plotly_chart")) == 2
    assert {name: app.query_params[name] for name in SHORT} == SHORT


def test_deeper_down_it_says_what_the_model_goes_by(open_page: OpenPage) -> None:
    app = open_page("risk", lang="en", depth="advanced", **SHORT)
    text = seen(app)
    assert not app.exception and "slope of the calibration line" in text
    assert "What the model goes by" in text and "Those who answered and those who did not" in text


def test_files_hold_masked_ids_only(open_page: OpenPage, downloads: Downloads) -> None:
    app = open_page("risk", lang="en", **SHORT)
    listed = table(app)
    name = next(name for name in downloads if name.endswith(".csv"))
    rows = downloads[name]().decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == listed
    book = openpyxl.load_workbook(io.BytesIO(downloads[name.replace(".csv", ".xlsx")]()))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert set(listed) <= set(cells) and not any(re.fullmatch(r"\d{6,}", cell) for cell in cells)


@pytest.mark.parametrize(("roles", "opens"), [(["viewer"], False), (["participant"], False), (["analyst"], True)])
def test_who_may_see_the_list(roles: list[str], opens: bool, open_page: OpenPage) -> None:
    app = open_page("risk", lang="en", claims={"satrace_roles": roles}, **SHORT)
    assert not app.exception and (MASKED.search(seen(app)) is not None) is opens


def test_a_scope_has_its_own_list(open_page: OpenPage) -> None:
    everything = set(table(open_page("risk", lang="en", **SHORT)))
    part = {"satrace_scope": {"business": ["broadband"]}}
    mine = open_page("risk", lang="en", claims=part, **SHORT)
    reasons = {str(value) for value in mine.dataframe[0].value.iloc[:, 3]}
    assert table(mine) and set(table(mine)) != everything
    assert all("Broadband" in reason for reason in reasons if "sub-type" in reason)


def test_a_round_is_begun_and_settled(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("risk", lang="en", **SHORT)
    listed = table(app)
    app.button(key="risk.begin").click().run()
    assert not app.exception and not app.error
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (one,) = store.recovery_rounds(me, open_dataset(app))
    cases = store.recovery_cases(me, one.id)
    held = [case for case in cases if case.arm is Arm.HOLD_OUT]
    assert {case.contact for case in cases} == set(listed) and 0 < len(held) <= len(cases) / 10
    assert not any(code.startswith("must=") for case in held for code in case.reasons)
    shown = seen(app)
    assert "held out" in shown and not any(case.contact in shown for case in held)  # nobody calls them by mistake
    assert next(case.contact for case in cases if case.arm is Arm.CONTACT) in shown
    assert "nothing is known yet" in shown  # the data end before anything could come later
    store.engine.dispose()


def open_dataset(app: AppTest) -> str:
    """The data set of the page, as its round has it."""
    return str(app.session_state["data"]) if "data" in app.session_state else "sample"


def test_a_link_that_asks_for_too_much(open_page: OpenPage) -> None:
    app = open_page("risk", lang="en", last_days="900", capacity="x", worth="-1")
    assert not app.exception and app.number_input(key="option.risk.days").value == 7
    assert len(app.toast) == 3


def kept(tmp_path: Path, app: AppTest) -> list[tuple[RecoveryRound, tuple[RecoveryCase, ...]]]:
    """The rounds of the page's data, oldest first."""
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    found = [(one, store.recovery_cases(me, one.id)) for one in store.recovery_rounds(me, open_dataset(app))]
    store.engine.dispose()
    return found


WEEKS = {"last_days": "28", "capacity": "60", "cost": "0.01"}


def test_a_customer_is_in_one_round_only(open_page: OpenPage, tmp_path: Path, sample: Path) -> None:
    earlier = {"from": "2026-09-01", "to": "2026-10-08"}
    later = {"from": "2026-10-08", "to": "2026-11-01"}
    before = set(table(open_page("risk", lang="en", **later, **WEEKS)))
    app = open_page("risk", lang="en", **earlier, **WEEKS)
    app.button(key="risk.begin").click().run()
    ((one, cases),) = kept(tmp_path, app)
    app = open_page("risk", lang="en", **later, **WEEKS)
    after = set(table(app))
    warehouse = open_warehouse(sample, read_model(MODEL))
    whose = warehouse.customers_of([case.contact for case in cases], one.period)
    mine = warehouse.customers_of(sorted(before), Period(date(2026, 9, 1), date(2026, 11, 1)))
    warehouse.close()
    known = {contact for contact, customer in mine.items() if customer in set(whose.values())}
    assert known and not before & {case.contact for case in cases}  # other contacts of the same customers
    assert after == before - known
    assert "within 28 days" in seen(app)


def test_who_is_chosen_to_be_protected_is_never_held_out(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("risk", lang="en", **SHORT)
    app.selectbox(key="option.risk.protect").select("business").run()
    members = app.multiselect(key="option.risk.protect.business")
    members.set_value([*members.options]).run()
    assert not app.exception and "needs protection" in set(app.dataframe[0].value.iloc[:, 4])
    app.button(key="risk.begin").click().run()
    ((_, cases),) = kept(tmp_path, app)
    must = [case for case in cases if "must=protected" in case.reasons]
    assert must and all(case.arm is Arm.CONTACT for case in must)


def test_what_became_of_them_is_written_down_for_all_that_are_marked(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("risk", lang="en", **SHORT)
    app.button(key="risk.begin").click().run()
    ((one, cases),) = kept(tmp_path, app)
    resolved = f"risk.settle.{one.id}.resolved"
    assert app.button(key=resolved).disabled  # nobody is marked
    calls = [case for case in cases if case.arm is Arm.CONTACT]
    app.session_state[f"risk.cases.{one.id}.0"] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    app.run()
    app.button(key=resolved).click().run()
    assert not app.exception and not app.error
    ((_, settled),) = kept(tmp_path, app)
    done = {case.contact for case in settled if case.outcome == "resolved"}
    assert done == {calls[0].contact, calls[2].contact}
    assert f"2 written down, {len(calls) - 2} to go" in seen(app)
    shown = next(one.value for one in app.dataframe if "Outcome" in one.value.columns)
    assert shown["Outcome"].tolist() == ["Still open"] * (len(calls) - 2) + ["Reached, settled"] * 2


def test_the_calls_of_the_next_day(open_page: OpenPage, downloads: Downloads) -> None:
    app = open_page("risk", lang="en", **SHORT)
    app.button(key="risk.begin").click().run()
    sizes = {name.split("_")[0]: len(make().decode("utf-8-sig").splitlines()) - 1
             for name, make in downloads.items() if name.startswith(("Next calls", "Calls"))}  # fmt: skip
    assert sizes["Next calls"] == 10 < sizes["Calls"]


@pytest.mark.parametrize("role", ["viewer", "participant"])
def test_who_may_not_gets_one_sentence(role: str, open_page: OpenPage) -> None:
    text = seen(app := open_page("risk", lang="en", claims={"satrace_roles": [role]}, **SHORT))
    assert not app.exception and not app.error and not app.dataframe
    assert text.count("This page is not open to you.") == 1 and "Which customers" not in text


def test_it_says_where_the_list_ends(open_page: OpenPage) -> None:
    assert "The list holds the likeliest 140: 10 a day for 14 days" in seen(open_page("risk", lang="en", **SHORT))
    dear = open_page("risk", lang="en", last_days="28", capacity="500", cost="2", worth="4")
    assert "ends at a likelihood of 50.0 % (cost ÷ value)" in seen(dear)


def test_the_effect_of_few_is_not_enough_evidence(open_page: OpenPage, tmp_path: Path) -> None:
    september = {"from": "2026-09-01", "to": "2026-10-01", "last_days": "28", "capacity": "20", "cost": "0.01"}
    app = open_page("risk", lang="en", **september)
    app.button(key="risk.begin").click().run()
    ((one, cases),) = kept(tmp_path, app)
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    with store.engine.begin() as connection:  # the same round, had it been begun when no more was known
        connection.execute(sa.delete(recovery_cases))
        connection.execute(sa.delete(recovery_rounds))
    then = {**one.statistics, "since": float(date(2026, 10, 1).toordinal())}
    begun = store.begin_round(me, replace(one, statistics=then), cases)
    store.engine.dispose()
    app = open_page("risk", lang="en", **september)
    app.session_state[f"risk.round.{begun.id}"] = True
    text = seen(app.run())
    assert not app.exception and "Not enough evidence" in text
