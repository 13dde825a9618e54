"""No file can hang or exhaust the machine, and none gives a traceback: one sentence, soon."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import openpyxl
import pytest

from data_access.files import apart
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.files.options import ReadOptions
from data_access.files.sniff import refuse_database
from data_access.statement import BadInput
from tests.data_access.files.conftest import Load, rows_of

SOON_S = 30  # of wall time on a busy machine; what is guarded against takes hours or all memory


@pytest.mark.parametrize(
    "cell", ["1" * 40_000 + "x", "1," * 20_000 + "x", "a@" * 20_000, "1-" * 20_000, "A" + " b" * 20_000]
)
@pytest.mark.parametrize("place", ["header", "first", "last"])
def test_a_very_long_cell_freezes_nothing(load: Load, cell: str, place: str) -> None:
    rows = [f"{i},{i % 5 + 1},word" for i in range(30)]
    rows.insert({"header": 0, "first": 0, "last": 30}[place], f'99,3,"{cell}"')
    names = "id,score,remark" if place != "header" else f'id,score,"{cell}"'
    begun = time.monotonic()
    loaded = load("\n".join([names, *rows]) + "\n")
    draft_model(loaded)
    assert time.monotonic() - begun < SOON_S
    assert loaded.rows == 31
    assert any(cell in row for row in rows_of(loaded))


def test_a_small_workbook_that_claims_a_huge_sheet_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2  # type: ignore[index]
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(BadInput, match=r"file.too_much"):
        load_file(tmp_path / "d.xlsx", cache=tmp_path / "cache")


def test_styled_cells_without_a_value_take_no_room(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "score"], [1, 5], [2, 4]):
        book.active.append(row)  # type: ignore[union-attr]
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)  # type: ignore[index]
    book.save(tmp_path / "d.xlsx")
    assert load_file(tmp_path / "d.xlsx", cache=tmp_path / "cache").rows == 2


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000_000, 1))
    with pytest.raises(BadInput, match=r"file.unpacks"):
        load_file(tmp_path / "d.csv.gz", cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.prove
def test_what_a_column_costs_does_not_grow_with_their_number(load: Load) -> None:
    """Statements in which each column is compared with all others would take longer than four times as many do."""

    def seconds(columns: int) -> float:
        rows = [",".join(f"q{i}" for i in range(columns))]
        rows += [",".join(str((i * r) % 5 + 1) for i in range(columns)) for r in range(12)]
        begun = processor_s()
        assert len(load("\n".join(rows) + "\n", f"of_{columns}.csv").columns) == columns
        return processor_s() - begun

    few = seconds(450)
    assert seconds(1_800) < 4 * few


def processor_s() -> float:
    """Of this process and of those it waited for."""
    return sum(os.times()[:4])


def test_too_many_columns_are_refused(load: Load) -> None:
    with pytest.raises(BadInput, match=r"file.too_wide"):
        load(",".join(f"c{i}" for i in range(2_100)) + "\n" + ",".join("1" * 2_100) + "\n")


def test_deep_json_is_refused(load: Load) -> None:
    with pytest.raises(BadInput, match=r"file.(too_much|bad_json|no_records)"):
        load('[{"a": ' + "[" * 100_000 + "]" * 100_000 + "}]", "d.json")


def test_memory_is_watched_where_the_system_has_no_files_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not apart.PROCESSES.is_dir():
        pytest.skip("no /proc to compare with")
    known = apart.held(os.getpid())
    monkeypatch.setattr(apart, "PROCESSES", tmp_path)
    assert 0.5 < apart.held(os.getpid()) / known < 2  # by ps
    monkeypatch.setenv("PATH", str(tmp_path))
    assert apart.held(os.getpid()) == 0  # nobody says it


def test_a_database_is_no_upload(tmp_path: Path) -> None:
    for name, head in (("a.csv", bytes(8) + b"DUCK"), ("b.csv", b"SQLite format 3\x00")):
        (tmp_path / name).write_bytes(head + bytes(100))
        with pytest.raises(BadInput, match=r"file.database"):
            refuse_database(tmp_path / name)


def test_a_header_far_below_and_a_delimiter_of_two_signs_are_refused(load: Load) -> None:
    with pytest.raises(BadInput, match=r"file.header_beyond"):
        load("a,b\n1,2\n", header=(5, 6))
    with pytest.raises(BadInput, match=r"file.bad_delimiter"):
        load("a,b\n1,2\n", delimiter="::")


def test_only_what_was_read_otherwise_has_another_key() -> None:
    assert ReadOptions(header=(3, 4)).key() != ReadOptions(header=(3, 3)).key() != ReadOptions().key()
