"""Every usual writing of a value, read through the same door as a user's file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from data_access.files.load import load_file
from tests.data_access.files.conftest import Load, keys_of, rows_of, types_of


def column(load: Load, name: str, cells: list[str], **options: object) -> list[object]:
    """The values of one column beside a number of the row."""
    quoted = "".join(f'{i};"{cell.replace(chr(34), chr(34) * 2)}"\n' for i, cell in enumerate(cells))
    loaded = load(f"n;{name}\n{quoted}", **options)
    return [row[1] for row in sorted(rows_of(loaded), key=lambda row: row[0])]  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("name", "cells", "seconds"),
    [
        ("talk time", ["02:05", "1:02:05"], [125, 3725]),
        ("total", ["0:04:05", "0:00:59"], [245, 59]),
        ("hold", ["45s", "2m 5s", "1h05m", "2 min"], [45, 125, 3900, 120]),
        ("hold", ["1h05", "2min30", "1 hour and 5 minutes"], [3900, 150, 3900]),
        ("用时", ["125秒", "2分5秒", "1小时2分", "1小时零5分", "1天2小时"], [125, 125, 3720, 3900, 93_600]),
        ("Dauer", ["4,5 Std.", "10 Min.", "30 Sek."], [16_200, 600, 30]),
        ("durée", ["1 heure 5 minutes", "30 secondes"], [3900, 30]),
        ("handled", ["PT2M5S", "P1DT2H", "PT45S"], [125, 93_600, 45]),
        ("resolution", ["1 day, 2:03:04", "1.02:03:04"], [93_784, 93_784]),
        ("lag", ["-5s", "10s"], [-5, 10]),
        ("wait", ["2'05\"", '45"'], [125, 45]),
        ("response", ["350ms", "1s"], [0.35, 1]),
        ("wait (h:mm)", ["02:05", "00:45"], [7500, 2700]),
        ("wait (m:ss)", ["02:05", "00:45"], [125, 45]),
        ("shift length", ["08:30", "07:45"], [30_600, 27_900]),
        ("通话时长", ["9分", "8分"], [540, 480]),
    ],
)
def test_durations_are_seconds(load: Load, name: str, cells: list[str], seconds: list[float]) -> None:
    assert column(load, name, cells) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("name", "cells"),
    [("started at", ["08:10", "09:30"]), ("时间", ["08:10:05", "17:30:00"]), ("size", ["5m", "3m"])],
)
def test_moments_of_a_day_and_other_measures_are_no_durations(load: Load, name: str, cells: list[str]) -> None:
    assert column(load, name, cells) == cells


def test_minutes_that_a_workbook_took_for_hours(load: Load) -> None:
    cells = ["9:08:00", "7:22:00", "13:50:00", "14:19:00", "4:00:00"]
    assert column(load, "talk time", cells) == [548, 442, 830, 859, 240]
    assert column(load, "shift", cells) == [32_880, 26_520, 49_800, 51_540, 14_400]


def test_a_workbook_shows_a_duration_of_days_as_a_time(tmp_path: Path) -> None:
    path = tmp_path / "times.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["n", "handling"])
    for row, (days, format_) in enumerate(
        [(0.5, "h:mm"), (1.25, "h:mm"), (1.25, "[h]:mm:ss"), (0.001, "mm:ss")], start=1
    ):
        sheet.write_number(row, 0, row)
        sheet.write_number(row, 1, days, book.add_format({"num_format": format_}))
    book.close()
    found = sorted(rows_of(load_file(path, cache=tmp_path / "cache")))
    assert [row[1] for row in found] == pytest.approx([43_200, 108_000, 108_000, 86.4])


def test_minutes_or_hours_is_said(load: Load) -> None:
    loaded = load("talk,shift\n02:05,08:30\n10:00,07:45\n")
    assert keys_of(loaded.doubts) == ["file.clock_minutes", "file.clock_hours"]
    assert {c.name: c.unit for c in loaded.columns} == {"talk": "s", "shift": "s"}


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.234,56", "12,5"], [1234.56, 12.5]),
        (["1.234.567", "1.234"], [1_234_567, 1234]),
        (["1,234.50", "12"], [1234.5, 12]),
        (["1 234,5", "3"], [1234.5, 3]),
        (["1\u202f234,5", "3"], [1234.5, 3]),
        (["1'234.50", "3"], [1234.5, 3]),
        (["1,23,456.50", "12"], [123_456.5, 12]),
        (["€1,234", "€51,536"], [1234, 51_536]),
        (["12,50 €", "1.000,00 €"], [12.5, 1000]),
        (["USD 5", "-$5", "$-5", "($5.00)"], [5, -5, -5, -5]),
        (["(1,234.50)", "12"], [-1234.5, 12]),
        (["12-", "13"], [-12, 13]),
        (["−5", "3"], [-5, 3]),
        (["3.5万", "2亿", "1万元"], [35_000, 200_000_000, 10_000]),
        (["1.5k", "3M"], [1500, 3_000_000]),
        (["１２．５％", "８０％"], [12.5, 80]),
        (["87,5 %", "90 %"], [87.5, 90]),
        (["5次", "12次"], [5, 12]),
        (["1e5", "2"], [100_000, 2]),
    ],
)
def test_numbers_in_every_writing(load: Load, cells: list[str], numbers: list[float]) -> None:
    assert column(load, "amount", cells) == pytest.approx(numbers)


@pytest.mark.parametrize(
    "cells", [["007", "012"], ["1234567890123456", "2"], ["12-34", "5"], ["A1", "2"], ["1-2", "3"], ["T1", "T12"]]
)
def test_what_is_no_number_stays_as_it_is_written(load: Load, cells: list[str]) -> None:
    assert column(load, "code", cells) == cells


def test_an_open_number_follows_the_other_columns(load: Load) -> None:
    german, english = "cost;wait\n1.234;4,5\n2.500;7,0\n", "cost;wait\n1.234;4.5\n2.500;7.0\n"
    assert rows_of(load(german)) == [(1234, 4.5), (2500, 7.0)]
    assert rows_of(load(english)) == [(1.234, 4.5), (2.5, 7.0)]
    assert rows_of(load("day;cost\n31.12.2025;1.234\n30.12.2025;2.500\n"))[1][1] == 1234
    assert keys_of(load(german).doubts)[-1] == "file.comma_read"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Wait (min)", "min"),
        ("handle_ms", "ms"),
        ("等待时长（秒）", "s"),
        ("cost [EUR]", "EUR"),
        ("满意度（分）", ""),
    ],
)
def test_the_unit_of_a_name_is_kept(load: Load, name: str, unit: str) -> None:
    loaded = load(f"n,{name}\n1,5\n2,7.5\n")
    assert loaded.columns[1].unit == unit


@pytest.mark.parametrize(
    ("name", "cells", "first"),
    [
        ("d", ["2025年9月3日", "2025年10月12日"], dt.date(2025, 9, 3)),
        ("d", ["2025年9月3日 下午3:05", "2025年9月4日 上午12:10"], dt.datetime(2025, 9, 3, 15, 5)),
        ("d", ["2025年9月3日 星期三", "2025年9月4日（星期四）"], dt.date(2025, 9, 3)),
        ("d", ["2025/9/3 下午3:05:06", "2025/9/4 上午8:00:00"], dt.datetime(2025, 9, 3, 15, 5, 6)),
        ("d", ["2025年9月3日15时5分", "2025年9月4日8时30分"], dt.datetime(2025, 9, 3, 15, 5)),
        ("d", ["2025-09-03 3:05 PM", "2025-09-04 11:00 AM"], dt.datetime(2025, 9, 3, 15, 5)),
        ("d", ["3. September 2025", "12. Oktober 2025"], dt.date(2025, 9, 3)),
        ("d", ["3 septembre 2025", "1 août 2025"], dt.date(2025, 9, 3)),
        ("d", ["Wed, 3 Sep 2025 10:00:00 GMT", "Thu, 4 Sep 2025 11:00:00 GMT"], dt.datetime(2025, 9, 3, 10)),
        ("month", ["2025-03", "2025-04"], dt.date(2025, 3, 1)),
        ("月份", ["2025年3月", "2025年4月"], dt.date(2025, 3, 1)),
        ("月份", ["202503", "202504"], dt.date(2025, 3, 1)),
        ("month", ["03/2025", "04/2025"], dt.date(2025, 3, 1)),
        ("month", ["Mar 2025", "Apr 2025"], dt.date(2025, 3, 1)),
        ("Monat", ["März 2025", "Mai 2025"], dt.date(2025, 3, 1)),
        ("week", ["2025-W36", "2025-W37"], dt.date(2025, 9, 1)),
        ("created date", ["45901.34375", "45902.5"], dt.datetime(2025, 9, 1, 8, 15)),
        ("date", ["45901", "45902"], dt.date(2025, 9, 1)),
    ],
)
def test_dates_in_every_writing(load: Load, name: str, cells: list[str], first: object) -> None:
    assert column(load, name, cells)[0] == first


@pytest.mark.parametrize(
    ("name", "cells"),
    [("code", ["202503", "202504"]), ("talk time", ["45901", "45902"]), ("amount", ["1756714500", "1756714501"])],
)
def test_numbers_that_are_no_dates(load: Load, name: str, cells: list[str]) -> None:
    assert column(load, name, cells) == [int(cell) for cell in cells]


@pytest.mark.parametrize("cell", ["1756714500", "1756714500000", "1756714500000000"])
def test_times_since_1970(load: Load, cell: str) -> None:
    loaded = load(f"n,InitiationTimestamp\n1,{cell}\n2,{cell}\n")
    assert types_of(loaded)["InitiationTimestamp"] == "TIMESTAMP WITH TIME ZONE"
    assert rows_of(loaded)[0][1] == dt.datetime(2025, 9, 1, 8, 15, tzinfo=dt.UTC)
    assert keys_of(loaded.doubts) == ["file.serial_epoch"]


@pytest.mark.usefixtures("read_here")
def test_a_short_table_is_counted_as_a_long_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        "0:04:05,5%,7,2026-10-01,north,n/a",
        "0:00:59,n/a,8.5,2026-10-02 10:00,c0,3",
        ",x,,-,it's,4",
        "9s,7%,9,,,5",
    ]
    path = tmp_path / "data.csv"
    path.write_text("\n".join(["talk,rate,size,day,place,again", *cells * 5]))
    short = load_file(path, cache=tmp_path / "short")
    alike: list[object] = []
    monkeypatch.setattr("data_access.files.columns.SHORT", 0)
    monkeypatch.setattr("data_access.files.columns.counted", lambda _, __, short, ___: alike.extend(short) or {})
    long = load_file(path, cache=tmp_path / "long")
    assert not alike
    assert (short.columns, short.report, short.doubts) == (long.columns, long.report, long.doubts)
    assert rows_of(short) == rows_of(long)
