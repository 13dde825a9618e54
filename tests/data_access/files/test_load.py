"""Every kind of file a user may bring: what is read, what is mended and said, what is refused with one sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data_access.files.load import load_file
from data_access.files.options import ReadOptions
from tests.data_access.files.conftest import Load, keys_of, rows_of, types_of

CHINESE = "工单,渠道,满意度\nA1,热线,9\nA2,在线客服,10\nA3,热线,7\nA4,热线,8\n"
TABLE = [("A1", "热线", 9), ("A2", "在线客服", 10), ("A3", "热线", 7), ("A4", "热线", 8)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_table(load: Load, encoding: str) -> None:
    loaded = load(CHINESE.encode(encoding))
    assert rows_of(loaded) == TABLE
    assert [c.name for c in loaded.columns] == ["工单", "渠道", "满意度"]
    guessed = encoding in ("gbk", "gb18030", "utf-16-le", "utf-16-be")
    assert ("file.encoding_guessed" in keys_of(loaded.doubts)) == guessed


def test_western_letters_are_not_taken_for_chinese(load: Load) -> None:
    loaded = load("city,score\nMünchen,9\nOrléans,10\nMálaga,3\n".encode("cp1252"))
    assert rows_of(loaded) == [("München", 9), ("Orléans", 10), ("Málaga", 3)]
    loaded = load("Größe,Punkte\nübermäßig,5\nmäßig,3\n".encode("cp1252"))
    assert rows_of(loaded) == [("übermäßig", 5), ("mäßig", 3)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "工單,渠道,滿意度\nA1,熱線,9\nA2,線上客服,10\nA3,門市,8\n"),
        ("utf-16", "工單,渠道,滿意度\nA1,熱線,9\nA2,線上客服,10\nA3,門市,8\n"),
        ("shift_jis", "番号,窓口,満足度\nA1,とても丁寧な電話,9\nA2,チャット,10\nA3,メール,8\n"),
        ("euc_jp", "番号,窓口,満足度\nA1,とても丁寧な電話,9\nA2,チャット,10\nA3,メール,8\n"),
        ("gb18030", "工单,性别,满意度\nA1,男,9\nA2,女,10\nA3,镕喆,8\n"),
        ("cp1252", "N°,Catégorie,Qualité\nA1,Réclamation,9\nA2,Dépannage à domicile,10\nA3,Autre,8\n"),
    ],
)
def test_the_encodings_of_other_countries(load: Load, encoding: str, text: str) -> None:
    loaded = load(text.encode(encoding))
    assert [c.name for c in loaded.columns] == text.splitlines()[0].split(",")
    assert [row[1] for row in rows_of(loaded)] == [line.split(",")[1] for line in text.splitlines()[1:]]
    assert [row[2] for row in rows_of(loaded)] == [9, 10, 8]


def test_mixed_encodings_are_read_line_by_line_and_named(load: Load) -> None:
    lines = CHINESE.splitlines(keepends=True)
    loaded = load("".join(lines[:2]).encode() + "".join(lines[2:3]).encode("gbk") + "".join(lines[3:]).encode())
    assert rows_of(loaded) == TABLE
    assert "file.mixed_encoding" in keys_of(loaded.doubts)
    told = [s for s in loaded.report if s.key == "file.other_encoding"]
    assert [(s.values["line"], s.values["text"]) for s in told] == [(3, "A2,在线客服,10")]


def test_bytes_of_no_encoding_are_reported(load: Load) -> None:
    loaded = load(CHINESE.encode() + b"A5,\xff\xff,6\n")
    assert len(rows_of(loaded)) == 5
    assert [s.values["line"] for s in loaded.report if s.key == "file.unknown_signs"] == [6]


@pytest.mark.parametrize(("sign", "name"), [("\t", "data.tsv"), (";", "data.csv"), ("|", "data.txt")])
def test_other_delimiters(load: Load, sign: str, name: str) -> None:
    loaded = load(CHINESE.replace(",", sign), name)
    assert rows_of(loaded) == TABLE
    assert "file.delimiter_guessed" in keys_of(loaded.doubts)


def test_a_delimiter_can_be_said(load: Load) -> None:
    loaded = load("a;b,c\n1;2,3\n", delimiter=",")
    assert [c.name for c in loaded.columns] == ["a;b", "c"]


def test_quotes_line_breaks_and_delimiters_inside_cells(load: Load) -> None:
    loaded = load('id,"long\nname",score\n1,"a ""quoted"", cell",5\n2,"two\nlines",6\n')
    assert rows_of(loaded) == [(1, 'a "quoted", cell', 5), (2, "two\nlines", 6)]
    assert loaded.columns[1].name == "long name"


def test_ragged_rows_are_mended_and_reported(load: Load) -> None:
    loaded = load("a,b,c\n1,2,3\n4,5\n6,7,8,lost\n9,10,11,\n")
    assert rows_of(loaded) == [(1, 2, 3), (4, 5, None), (6, 7, 8), (9, 10, 11)]
    told = {s.key: dict(s.values) for s in loaded.report}
    assert told["file.short_row"] == {"row": 3, "found": 2, "expected": 3}
    assert told["file.long_row"] == {"row": 4, "found": 4, "expected": 3, "value": "lost"}


def test_mixed_line_ends(load: Load) -> None:
    assert rows_of(load("a,b\r\n1,2\n3,4\r\n")) == [(1, 2), (3, 4)]


def test_headers_twice_blank_or_differing_in_case_only(load: Load) -> None:
    loaded = load("score,Score,,score,\n1,2,3,4,5\n")
    assert [c.name for c in loaded.columns] == ["score", "Score (2)", "column 3", "score (3)", "column 5"]
    assert rows_of(loaded) == [(1, 2, 3, 4, 5)]
    assert keys_of(loaded.doubts) == ["file.twice", "file.twice", "file.blank_header", "file.blank_header"]


def test_words_for_blank_are_blank_and_counted(load: Load) -> None:
    loaded = load("team,score\nNULL,9\nA,N/A\nB,\nnan,7\n")
    assert rows_of(loaded) == [(None, 9), ("A", None), ("B", None), (None, 7)]
    told = {s.values["column"]: s.values["n"] for s in loaded.report if s.key == "file.blank_words"}
    assert told == {"team": 2, "score": 1}


def test_spaces_around_cells_are_no_part_of_them(load: Load) -> None:
    loaded = load("team,id,score\n red ,A1\t,9\u3000\nred,A2\t,10\n\u00a0red,\t,3\n")
    assert rows_of(loaded) == [("red", "A1", 9), ("red", "A2", 10), ("red", None, 3)]


def test_numbers_that_cannot_be_read_are_named_by_row(load: Load) -> None:
    loaded = load("wait\n" + "".join(f"{i}\n" for i in range(30)) + "x12\n5\n")
    assert types_of(loaded) == {"wait": "BIGINT"}
    assert [dict(s.values) for s in loaded.report] == [{"row": 32, "column": "wait", "value": "x12"}]


def test_unreadable_cells_are_capped_with_a_total(load: Load) -> None:
    loaded = load("wait\n" + "".join(f"{i}\n" for i in range(1000)) + "".join(f"x{i}\n" for i in range(60)))
    more = next(s for s in loaded.report if s.key == "file.more")
    assert len(loaded.report) == more.values["shown"] + 1
    assert more.values["shown"] + more.values["n"] == 60


def test_a_column_of_words_and_numbers_stays_text(load: Load) -> None:
    loaded = load("code\n" + "1\n2\nx\ny\n" * 5)
    assert types_of(loaded) == {"code": "ENUM"}
    assert {row[0] for row in rows_of(loaded)} == {"1", "2", "x", "y"}


@pytest.mark.parametrize(
    ("cells", "kind", "first"),
    [
        (["007", "010"], "VARCHAR", "007"),
        (["12345678901234567", "22345678901234567"], "VARCHAR", "12345678901234567"),
        (["1,234", "12"], "BIGINT", 1234),
        (["85%", "90.5%"], "DOUBLE", 85.0),
        (["9分", "10分"], "BIGINT", 9),
        (["１０", "９"], "BIGINT", 10),
        (["1.0", "2.0"], "BIGINT", 1),
        (["0.5", "2"], "DOUBLE", 0.5),
        (["inf", "2"], "VARCHAR", "inf"),
        (["2026-09-01 08:04", "2026-09-02 10:00:01"], "TIMESTAMP", dt.datetime(2026, 9, 1, 8, 4)),
        (["2026/9/1", "2026/10/12"], "DATE", dt.date(2026, 9, 1)),
        (["2026年9月1日", "2026年10月12日"], "DATE", dt.date(2026, 9, 1)),
        (["20260901", "20261012"], "DATE", dt.date(2026, 9, 1)),
        (["07-Aug-23", "14-Aug-23"], "DATE", dt.date(2023, 8, 7)),
        (["Aug 7, 2023", "Aug 14, 2023"], "DATE", dt.date(2023, 8, 7)),
        (["8/31/2023 1:05 PM", "8/1/2023 2:00 AM"], "TIMESTAMP", dt.datetime(2023, 8, 31, 13, 5)),
        (["2026-09-01T08:04:00", "2026-09-02T08:04:00"], "TIMESTAMP", dt.datetime(2026, 9, 1, 8, 4)),
        (["0-30", "31-60"], "VARCHAR", "0-30"),
    ],
)
def test_types_of_cells(load: Load, cells: list[str], kind: str, first: object) -> None:
    loaded = load("n;x\n" + "".join(f'{i};"{cell}"\n' for i, cell in enumerate(cells)))
    assert types_of(loaded)["x"] == kind
    assert sorted(rows_of(loaded))[0][1] == first


def test_times_with_a_zone_keep_their_moment(load: Load) -> None:
    loaded = load("at\n2026-09-01T08:00:00+08:00\n2026-09-01T01:00:00Z\n")
    assert types_of(loaded) == {"at": "TIMESTAMP WITH TIME ZONE"}
    assert [row[0].timestamp() for row in rows_of(loaded)] == [1788220800.0, 1788224400.0]  # type: ignore[attr-defined]


def test_a_day_above_twelve_proves_the_order(load: Load) -> None:
    loaded = load("at,n\n05/08/2023,1\n31/07/2023,2\n")
    assert rows_of(loaded) == [(dt.date(2023, 7, 31), 2), (dt.date(2023, 8, 5), 1)]
    doubt = next(s for s in loaded.doubts if s.key.startswith("file.day_first"))
    assert doubt.key == "file.day_first_proven"
    assert doubt.values["n"] == 1


def test_dates_that_prove_nothing_are_doubted_and_can_be_turned(load: Load) -> None:
    text = "at\n05/08/2023\n06/08/2023\n07/08/2023\n"
    loaded, turned = load(text), load(text, day_first=False)
    assert rows_of(loaded)[0] == (dt.date(2023, 8, 5),)
    doubt = loaded.doubts[0]
    assert (doubt.key, doubt.values["taken"], doubt.values["other"]) == (
        "file.day_first_open",
        "2023-08-05",
        "2023-05-08",
    )
    assert rows_of(turned)[0] == (dt.date(2023, 5, 8),)
    assert turned.doubts[0].key == "file.month_first_open"


def test_the_shorter_span_decides_where_nothing_is_proven(load: Load) -> None:
    loaded = load("at\n08/05/2023\n08/06/2023\n08/07/2023\n")
    assert [row[0] for row in rows_of(loaded)] == [dt.date(2023, 8, day) for day in (5, 6, 7)]
    assert loaded.doubts[0].key == "file.month_first_open"


def test_an_open_date_follows_a_proven_one_of_the_same_file(load: Load) -> None:
    loaded = load("a,b\n05/08/2023,31/07/2023\n05/09/2023,01/08/2023\n")
    assert [row[0] for row in rows_of(loaded)] == [dt.date(2023, 8, 5), dt.date(2023, 9, 5)]


def test_dates_in_both_orders_are_reported(load: Load) -> None:
    loaded = load("at\n" + "31/07/2023\n" * 20 + "07/31/2023\n")
    assert "file.day_first_mixed" in keys_of(loaded.doubts)
    assert [(s.key, s.values["row"]) for s in loaded.report] == [("file.not_a_date", 22)]


def test_rows_are_ordered_by_time(load: Load) -> None:
    loaded = load("id,contacted_at\n1,2026-09-03\n2,2026-09-01\n3,2026-09-02\n")
    assert [row[0] for row in rows_of(loaded)] == [2, 3, 1]


def test_blank_rows_are_left_out_and_rows_still_count_from_the_top(load: Load) -> None:
    loaded = load("a,b\n" + "1,2\n" * 10 + ",\n" + "1,x\n" + "1,2\n" * 10)
    assert loaded.rows == 21
    told = {s.key: dict(s.values) for s in loaded.report}
    assert told["file.blank_rows"] == {"n": 1}
    assert told["file.not_a_number"]["row"] == 13


def test_the_same_file_is_read_once(tmp_path: Path) -> None:
    path, cache = tmp_path / "d.csv", tmp_path / "cache"
    path.write_text("a,b\n1,x\n2,y\n3\n", encoding="utf-8")
    first = load_file(path, cache=cache)
    made = first.database.stat().st_mtime_ns
    again = load_file(path, cache=cache)
    assert again == first
    assert again.database.stat().st_mtime_ns == made
    path.write_text("a,b\n1,x\n2,z\n", encoding="utf-8")
    changed = load_file(path, cache=cache)
    assert changed.database != first.database and changed.content_hash != first.content_hash
    assert load_file(path, cache=cache, options=ReadOptions(day_first=True)).database != changed.database
    assert not list(cache.glob(".loading*"))


def test_what_a_file_held_before_is_forgotten(tmp_path: Path) -> None:
    path, twin, cache = tmp_path / "d.csv", tmp_path / "other" / "d.csv", tmp_path / "cache"
    twin.parent.mkdir()
    twin.write_text("a,b\n1,x\n2,y\n", encoding="utf-8")
    path.write_text("a,b\n1,x\n", encoding="utf-8")
    others = load_file(twin, cache=cache).database
    before = [
        load_file(path, cache=cache, options=options).database for options in (None, ReadOptions(day_first=True))
    ]
    assert all(database.exists() for database in before)
    (cache / "stranger.json").write_text("no json", encoding="utf-8")
    path.write_text("a,b\n1,z\n", encoding="utf-8")
    now = load_file(path, cache=cache).database
    assert set(cache.glob("*.duckdb")) == {now, others}
    assert set(cache.glob("*.json")) == {f.with_suffix(".json") for f in (now, others)} | {cache / "stranger.json"}


def test_progress_ends_at_one(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("a,b\n1,x\n", encoding="utf-8")
    told: list[float] = []
    load_file(path, cache=tmp_path / "cache", progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0
