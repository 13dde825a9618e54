"""No password in any message, in whatever way it was given and wherever the message comes from."""

from __future__ import annotations

import logging

import pytest

from analysis.__main__ import main as analyse
from data_access.__main__ import main as bring
from data_access.settings import Settings
from data_access.statement import BadInput, Problem
from data_access.traces import WithoutValues
from data_access.workshop.store import open_store

SECRET = "s3cr3t"
SOURCES = (
    f"postgresql://li:{SECRET}@127.0.0.1:1/base",
    f"postgresql://li:{SECRET}@x@127.0.0.1:1/base",
    f"postgresql://127.0.0.1:1/base?password={SECRET}",
    f"postgresql://127.0.0.1:1/base?user=li&sslpassword={SECRET}&connect_timeout=1",
    f"postgresql://li:{SECRET}@127.0.0.1:port/base",
    f"postgresql://li:{SECRET}/more@127.0.0.1:1/base",
    f"nothing://li:{SECRET}@127.0.0.1/base?PWD={SECRET}",
    f"mssql+pyodbc:///?odbc_connect=DRIVER%3Dany%3BUID%3Dli%3BPWD%3D{SECRET}%3B",
    f"mssql+pyodbc:///?odbc_connect=DRIVER={{any}};UID=li;PWD={{{SECRET};x}}",
    f"li:{SECRET}@127.0.0.1/base",
)


@pytest.mark.parametrize("source", SOURCES)
def test_no_command_prints_a_password(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command, arguments in (
        (bring, ["draft", source]),
        (bring, ["check", "--source", source, "--model", source]),
        (analyse, ["overview", "--source", source]),
        (analyse, ["overview", source]),
        (bring, ["draft", "x.csv", "--scale", source]),
    ):
        try:
            assert command(arguments) in (2, 3)
        except SystemExit as left:
            assert left.code == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1 and SECRET not in said.err + said.out


@pytest.mark.parametrize("source", SOURCES)
def test_no_setting_and_no_log_shows_a_password(source: str, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("satrace.test_passwords")
    log.addFilter(WithoutValues())
    for attempt in (
        lambda: Settings.from_environment({"SATRACE_WAREHOUSE": source}),
        lambda: Settings.from_environment({"SATRACE_MODEL": source}),
        lambda: open_store(source),
    ):
        try:
            attempt()
        except Problem as problem:
            assert SECRET not in f"{problem} {problem.statement} {problem.args}"
    try:
        raise ValueError(f"cannot reach {source}") from BadInput("warehouse.bad_url", source=[source])
    except ValueError:
        log.exception("failed at %s", source)
    assert caplog.text.endswith("\nValueError\n") and SECRET not in caplog.text
