"""Two versions of the program on one store: the older says a sentence and writes nothing, the newer comes once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data_access.workshop.form import newest
from data_access.workshop.store import open_store
from tests.data_access.workshop.conftest import ANALYST

ROOT = Path(__file__).resolve().parents[2]
NEXT = '''"""A column of the next version takes the place of one that the older writes."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "r900", "{newest}", None, None

def upgrade():
    with op.batch_alter_table("workshop_issue") as table:
        table.alter_column("notes", new_column_name="remarks")
'''
OLDER = """
import sys, time
from dataclasses import replace
from data_access.statement import Problem
from data_access.workshop.store import open_store
from tests.data_access.workshop.conftest import ANALYST

def told(work):
    try:
        work()
        print("done", flush=True)
    except Problem as problem:
        print(problem.statement.key, flush=True)

store = open_store(sys.argv[1])
issue = store.create_issue(ANALYST, "of the older", notes="kept")
print("ready", flush=True)
input()
told(lambda: store.create_issue(ANALYST, "x"))
told(lambda: store.save_issue(ANALYST, replace(issue, notes="x")))
told(lambda: store.issues(ANALYST))
told(lambda: open_store(sys.argv[1]))
store.engine.dispose()
"""
NEWER = """
import sys
from data_access.workshop.engine import connect
connect(sys.argv[1]).dispose()
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A copy of the part that knows the store, with one migration more."""
    folder = tmp_path / "newer"
    shutil.copytree(ROOT / "data_access", folder / "data_access", ignore=shutil.ignore_patterns("__pycache__"))
    versions = folder / "data_access/workshop/migrations/versions"
    (versions / "r900_next.py").write_text(NEXT.format(newest=newest()), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.prove
def test_the_newer_comes_while_the_older_runs(newer: Path, store_url: str) -> None:
    older = subprocess.Popen([sys.executable, "-c", OLDER, store_url], cwd=ROOT, text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert older.stdout and older.stdout.readline() == "ready\n"
    starts = [subprocess.Popen([sys.executable, "-c", NEWER, store_url], cwd=newer) for _ in range(2)]
    assert [start.wait(60) for start in starts] == [0, 0], "two at once take it over once"
    told, _ = older.communicate("\n", timeout=60)
    assert told.split() == ["store.newer"] * 4
    assert names(store_url) == [("of the older", "kept")]


def names(url: str) -> list[tuple[str, str]]:
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT title, remarks FROM workshop_issue"))
        rows = [(str(title), str(remarks)) for title, remarks in found]
    engine.dispose()
    return rows


@pytest.mark.slow
@pytest.mark.prove
def test_a_newer_program_goes_on_from_what_the_older_saved_last(newer: Path, store_url: str) -> None:
    """It waits for what is under way: no save falls between the old form and the new."""
    store = open_store(store_url)
    for number in range(5):
        store.create_issue(ANALYST, str(number))
    subprocess.run([sys.executable, "-c", NEWER, store_url], cwd=newer, check=True)
    assert sorted(title for title, _ in names(store_url)) == [str(number) for number in range(5)]
    store.engine.dispose()
