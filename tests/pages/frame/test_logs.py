"""What stands in the log: runs and faults with an id, and nothing of what people ask for or type."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit import logger as of_streamlit

from data_access.settings import Log
from data_access.statement import BadInput
from pages.frame import logs
from pages.monitor.overview import page
from tests.pages.conftest import OpenPage

Written = Callable[[], str]
PERSON = "张三丰 Zhang Sanfeng"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """The log of this process as JSON, Streamlit's part included."""
    before = {logger: logger.handlers for logger in (logs.LOG, *of_streamlit._loggers.values())}
    monkeypatch.setattr(of_streamlit, "setup_formatter", of_streamlit.setup_formatter)
    monkeypatch.setattr(logs.LOG, "level", logs.LOG.level)
    logs.begin(Log.JSON)
    yield lambda: capsys.readouterr().err
    for logger, handlers in before.items():
        logger.handlers = handlers


def objects(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def test_a_page_that_fails_says_the_number_of_its_run_and_keeps_the_person_out(
    open_page: OpenPage, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(here: Any) -> None:
        raise ValueError(f"no rows for {here.selection} of {PERSON}")

    monkeypatch.setattr(page, "draw", broken)
    app = open_page("overview", lang="en", q=PERSON, **{"f.team": ["team_01", PERSON]})
    lines = written()
    run, fault = (next(o for o in objects(lines) if o["message"] == m) for m in ("run", "page failed"))
    assert (run["page"], run["outcome"], run["run"]) == ("overview", "failed", fault["run"])
    assert app.error[0].value.endswith(f"Its number in the log: {fault['run']}.")
    assert fault["error"] == "ValueError" and "broken" in "".join(fault["trace"])
    assert not any(part in lines for part in PERSON.split())


def test_a_refusal_stands_in_its_line_by_its_name(written: Written) -> None:
    with logs.run():
        logs.on_page("trace")
        logs.refused(BadInput("workshop.missing.pin", name=PERSON))
    (line,) = objects(lines := written())
    assert (line["page"], line["outcome"], line["problem"]) == ("trace", "refused", "workshop.missing.pin")
    assert PERSON not in lines


def test_a_database_s_words_stay_out(written: Written) -> None:
    with pytest.raises(sa.exc.DBAPIError) as refused:
        sa.create_engine("sqlite://").connect().execute(sa.text("SELECT nothing WHERE x = :x"), {"x": PERSON})
    of_streamlit.get_logger("streamlit.test_logs").error("Uncaught app execution", exc_info=refused.value)
    (line,) = objects(lines := written())
    assert line["error"].startswith("OperationalError") and PERSON not in lines


def test_as_text_a_fault_has_its_trace_below(written: Written) -> None:
    logs.begin(Log.TEXT)
    with logs.run():
        try:
            int(PERSON)
        except ValueError:
            id = logs.failed("page failed")
    fault, *trace, run = (lines := written()).splitlines()
    assert f"ERROR satrace: page failed run={id}" in fault and trace[-1] == "ValueError"
    assert f"INFO satrace: run run={id} ms=" in run and run.endswith("outcome=failed")
    assert PERSON not in lines


def test_only_faults_are_written_unless_more_is_asked_for(written: Written) -> None:
    logs.begin(Log.FAULTS)
    with logs.run():
        pass
    logging.getLogger("satrace").warning("said")
    assert [line.rpartition(": ")[2].split(" run=")[0] for line in written().splitlines()] == ["said"]
