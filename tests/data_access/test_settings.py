"""The environment as one frozen value; what cannot be used is named, what is secret is never shown."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from data_access.settings import BadSettings, Settings, safe_url
from data_access.statement import BadInput


def test_an_empty_environment_has_safe_defaults() -> None:
    found = Settings.from_environment({})
    assert found.data_folder.name == "satrace"
    assert Path(make_url(found.store_url).database or "") == found.data_folder / "workshop.sqlite"
    assert (found.warehouse, found.model, found.query_timeout_s, found.row_cap) == (None, None, 30.0, 100_000)


def test_every_variable_is_read(tmp_path: Path) -> None:
    model, file = tmp_path / "semantic.toml", tmp_path / "data.csv"
    for path in (model, file):
        path.write_text("x")
    found = Settings.from_environment(
        {
            "SATRACE_DATA": str(tmp_path / "新 folder"),
            "SATRACE_WAREHOUSE": str(file),
            "SATRACE_MODEL": str(model),
            "SATRACE_STORE": "postgresql+psycopg://li:pw@db/satrace",
            "SATRACE_TIMEOUT": "2.5",
            "SATRACE_ROW_CAP": "500",
        }
    )
    assert found == Settings(
        data_folder=tmp_path / "新 folder", store_url="postgresql+psycopg://li:pw@db/satrace", warehouse=str(file),
        model=model, query_timeout_s=2.5, row_cap=500,
    )  # fmt: skip


def test_a_folder_with_odd_signs_still_gives_a_store(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20新"
    url = Settings.from_environment({"SATRACE_DATA": str(folder)}).store_url
    assert make_url(url).database == str(folder / "workshop.sqlite")


def test_blank_counts_as_not_set() -> None:
    assert Settings.from_environment({"SATRACE_WAREHOUSE": " ", "SATRACE_TIMEOUT": ""}) == Settings.from_environment(
        {}
    )


@pytest.mark.parametrize(
    ("variable", "value", "key"),
    [
        ("SATRACE_DATA", __file__, "not_a_folder"),
        ("SATRACE_WAREHOUSE", "/no/such/file.csv", "no_file"),
        ("SATRACE_WAREHOUSE", "postgresql://li:secret@host:port/db", "bad_url"),
        ("SATRACE_STORE", "secret", "bad_url"),
        ("SATRACE_MODEL", "/no/such/semantic.toml", "no_file"),
        ("SATRACE_TIMEOUT", "soon", "bad_number"),
        ("SATRACE_TIMEOUT", "0", "bad_number"),
        ("SATRACE_TIMEOUT", "nan", "bad_number"),
        ("SATRACE_TIMEOUT", "1e9", "bad_number"),
        ("SATRACE_ROW_CAP", "-1", "bad_number"),
        ("SATRACE_PASSCODE", "short", "passcode_short"),
    ],
)
def test_a_bad_value_names_its_variable(variable: str, value: str, key: str) -> None:
    with pytest.raises(BadInput) as error:
        Settings.from_environment({variable: value})
    assert error.value.statement.key == f"settings.{key}"
    assert error.value.statement.values["variable"] == variable
    assert "secret" not in str(error.value)


def test_no_password_in_the_repr() -> None:
    url = "postgresql://li:secret@db/satrace"
    assert "secret" not in repr(Settings.from_environment({"SATRACE_STORE": url, "SATRACE_WAREHOUSE": url}))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://li:secret@db/satrace", "postgresql://li:***@db/satrace"),
        ("postgresql://db/satrace?password=secret&user=li", "postgresql://db/satrace"),
        ("duckdb:////data/w.duckdb", "duckdb:////data/w.duckdb"),
        ("/data/survey.csv", "/data/survey.csv"),
        ("postgresql://li:secret@db:port/satrace", "postgresql://…"),
    ],
)
def test_a_url_as_it_may_be_shown(url: str, shown: str) -> None:
    assert safe_url(url) == shown


def test_all_faults_stand_in_one_list() -> None:
    given = {"SATRACE_DATA": __file__, "SATRACE_TIMEOUT": "soon", "SATRACE_STORE": "secret", "SATRACE_LOG": "loud"}
    with pytest.raises(BadSettings) as error:
        Settings.from_environment(given)
    faults = [(fault.statement.key, fault.statement.values["variable"]) for fault in error.value.faults]
    assert faults == [
        ("settings.not_a_folder", "SATRACE_DATA"),
        ("settings.bad_url", "SATRACE_STORE"),
        ("settings.bad_number", "SATRACE_TIMEOUT"),
        ("settings.bad_choice", "SATRACE_LOG"),
    ]
    assert error.value.statement.values["variables"] == [variable for _, variable in faults]
