"""What records does a JSON file hold? An array of objects, objects line by line, or columns; flattened one level."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data_access.convert.limits import LONGEST_CELL, MOST_COLUMNS, MOST_JSON_BYTES, Refused
from data_access.convert.plain import text, write

JOINED = "|"


def read(source: Path, folder: Path) -> dict[str, Any]:
    """The records as CSV; the header holds every key that occurs, in the order in which it is met."""
    columns: dict[str, None] = {}
    for record in _records(source):
        columns.update(dict.fromkeys(record))
        if len(columns) > MOST_COLUMNS:
            raise Refused("file.too_wide", n=len(columns), most=MOST_COLUMNS)
    if not columns:
        raise Refused("file.no_records")
    header = list(columns)
    body = ([record.get(name, "") for name in header] for record in _records(source))
    rows, notes = write(folder / "records.csv", _with_header(header, body))
    sheet = {"name": "", "file": "records.csv", "rows": rows, "columns": len(header), "exact": True, "notes": notes}
    return {"sheets": [sheet]}


def _with_header(header: list[str], body: Iterable[list[str]]) -> Iterator[list[str]]:
    yield header
    yield from body


def _records(source: Path) -> Iterator[dict[str, str]]:
    for record in _objects(source):
        yield dict(_flat(record))


def _objects(source: Path) -> Iterator[Mapping[str, Any]]:
    """The records as they stand. Raises Refused where the file is no JSON or holds no records."""
    try:
        whole = _whole(source)
    except json.JSONDecodeError as error:
        whole, failed = None, error
    else:
        yield from _rows_of(whole)
        return
    yield from _by_line(source, failed)


def _whole(source: Path) -> Any:
    """The one value of a file; JSON Lines end in an error at their second line."""
    with source.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline(LONGEST_CELL * 64)
        second = file.readline(64).strip()
        if second.startswith("{") and first.strip().endswith("}"):  # lines: the file need not be held whole
            raise json.JSONDecodeError("lines", "", 0)
        if source.stat().st_size > MOST_JSON_BYTES:
            raise Refused("file.too_much")
        file.seek(0)
        return json.load(file, parse_float=str, parse_int=str)


def _by_line(source: Path, failed: json.JSONDecodeError) -> Iterator[Mapping[str, Any]]:
    with source.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line, parse_float=str, parse_int=str)
            except json.JSONDecodeError as error:
                row = number if number > 1 else failed.lineno
                raise Refused("file.bad_json", row=row, detail=error.msg) from error
            if isinstance(record, Mapping):
                yield record


def _rows_of(value: Any) -> list[Mapping[str, Any]]:
    """The records within one value: an array of objects, the longest one in an object, or columns side by side."""
    if isinstance(value, list):
        return _of_list(value)
    if not isinstance(value, Mapping):
        return []
    inside = [v for v in value.values() if isinstance(v, list) and _of_list(v)]
    if inside:
        return _of_list(max(inside, key=len))
    if value and all(isinstance(v, list) for v in value.values()):
        length = max(len(v) for v in value.values())
        return [{k: v[i] if i < len(v) else None for k, v in value.items()} for i in range(length)]
    if value and all(isinstance(v, Mapping) for v in value.values()):
        return list(value.values())
    deeper = [v for v in value.values() if isinstance(v, Mapping) and any(isinstance(x, list) for x in v.values())]
    return _rows_of(deeper[0]) if deeper else [value]


def _of_list(values: list[Any]) -> list[Mapping[str, Any]]:
    """Objects as they are; arrays below a first array of names become objects."""
    if values and all(isinstance(v, list) for v in values) and all(isinstance(name, str) for name in values[0]):
        return [dict(zip(values[0], row, strict=False)) for row in values[1:]]
    return [v for v in values if isinstance(v, Mapping)]


def _flat(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and cells: an object inside gives one column for each of its keys, an array its words joined.

    >>> list(_flat({"queue": {"name": "Returns"}, "surveys": [{"score": 4}, {"score": 5}], "tags": ["a", "b"]}))
    [('queue.name', 'Returns'), ('surveys.score', '4|5'), ('tags', 'a|b')]
    """
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            for inner, part in value.items():
                yield f"{name}.{inner}", _cell(part)
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for inner in dict.fromkeys(key for one in value for key in one):
                parts = [one[inner] for one in value if inner in one]
                yield f"{name}.{inner}", _cell(parts[0] if len(parts) == 1 else parts)
        else:
            yield str(name), _cell(value)


def _cell(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(part, list | Mapping) for part in value):
        return JOINED.join(text(part) for part in value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return text(value)
