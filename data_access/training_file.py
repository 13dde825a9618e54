"""How are training cases written down? JSON of a case and its key, the folder of a case, and the cases shipped.

A case's folder holds `contacts.duckdb`, `semantic.toml`, `case.json` (for all) and `key.json` (for the instructor).
"""

from __future__ import annotations

import json
import tomllib
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from data_access.statement import BadInput
from data_access.taxonomy import SHIPPED
from data_access.training import Case, Criterion, Key, Link, Question, Reference, Tradeoff, Truth, Words

T = TypeVar("T", Case, Key)
CONTACTS, MODEL, CASE, KEY = "contacts.duckdb", "semantic.toml", "case.json", "key.json"
LEVELS = ("nominal", "ordinal", "interval")


def to_json(value: Case | Key) -> str:
    """A case or a key as canonical JSON: equal values give equal texts."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """What `to_json` wrote. Raises BadInput for anything else."""
    try:
        made: T = _made(kind, json.loads(text))
        return made
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput("training.not_a_case", kind=kind.__name__.lower(), detail=_said(error)) from error


def write_case(folder: Path, case: Case, key: Key) -> None:
    """Put a case and its key beside its data; each file is whole or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in ((KEY, key), (CASE, case)):
        part = folder / f"{name}.part"
        part.write_text(to_json(value), encoding="utf-8")
        part.replace(folder / name)


def put_case(part: Path, folder: Path) -> None:
    """A finished folder of a case in its place; one that somebody else made at the same time is as good."""
    try:
        part.rename(folder)
    except OSError:
        if not (folder / CASE).exists():
            raise


def read_case(folder: Path) -> Case:
    """What participants see of the case in a folder. Raises BadInput where there is none or it cannot be read."""
    return from_json(Case, _text_of(folder / CASE))


def read_key(folder: Path) -> Key:
    """The truth and the reference of the case in a folder, for the instructor. Raises BadInput."""
    return from_json(Key, _text_of(folder / KEY))


@cache
def load_cases(path: Path = SHIPPED) -> tuple[tuple[Case, Key], ...]:
    """The cases of a taxonomy in its order. Periods and the planted segment come with the data that are made of them.

    Raises BadInput naming the case that lacks something.
    """
    return tuple(_shipped(path, "case", _case_and_key))


@cache
def load_quiz(path: Path = SHIPPED) -> tuple[Question, ...]:
    """The questions on levels of measurement, in the taxonomy's order. Raises BadInput naming the one that is bad."""
    return tuple(_shipped(path, "quiz", _question))


def slices(path: Path = SHIPPED) -> dict[str, Mapping[str, Any]]:
    """Code of a case -> the figures that its data are made of."""
    return dict(_shipped(path, "case", lambda row: (str(row["code"]), row["slice"])))


def _shipped(path: Path, section: str, made: Any) -> list[Any]:
    rows = _sections(path).get(section, [])
    return [_checked(path, f"{section} {row.get('code', number)}", made, row) for number, row in enumerate(rows, 1)]


def _checked(path: Path, entry: str, made: Any, row: Mapping[str, Any]) -> Any:
    try:
        return made(row)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput("training.incomplete", path=str(path), entry=entry, detail=_said(error)) from error


@cache
def _sections(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput("taxonomy.unreadable", path=str(path), detail=str(error)) from error


def _case_and_key(row: Mapping[str, Any]) -> tuple[Case, Key]:
    answer = row["answer"]
    case = Case(
        code=row["code"],
        title=_words(row["title"]),
        story=_words(row["story"]),
        hints=tuple(map(_words, row["hints"])),
        rubric=tuple(_criterion(code, entry) for code, entry in row["rubric"].items()),
    )
    truth = Truth(nothing=answer["gap"] == "none")
    return case, Key(truth=truth, reference=_reference(answer), tradeoffs=tuple(map(_tradeoff, row["tradeoff"])))


def _reference(answer: Mapping[str, Any]) -> Reference:
    parts: dict[str, Any] = {name: str(answer[name]) for name in ("gap", "system", "power", "cause_type")}
    parts |= {name: _words(answer[name]) for name in ("problem", "location", "gap_why", "lift", "check")}
    chain = tuple(Link(why=_words(link["why"]), evidence=_words(link["evidence"])) for link in answer["chain"])
    return Reference(**parts, remedies=tuple(answer["remedies"]), chain=chain)


def _criterion(code: str, entry: Mapping[str, Any]) -> Criterion:
    words = {name: _words(entry[name]) for name in ("full", "half", "none")}
    return Criterion(code=code, points=int(entry["points"]), **words)


def _tradeoff(entry: Mapping[str, Any]) -> Tradeoff:
    return Tradeoff(**{name: _words(entry[name]) for name in ("option", "gain", "cost")})


def _question(row: Mapping[str, Any]) -> Question:
    if row["level"] not in LEVELS:
        raise ValueError(f"level: {row['level']}")
    words = {name: _words(row[name]) for name in ("column", "why", "mistake", "use")}
    return Question(code=row["code"], level=row["level"], difficulty=int(row["difficulty"]), **words)


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(str(entry["en"]), str(entry["zh"]))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("training.no_case", path=str(file), detail=_said(error)) from error


def _said(error: Exception) -> str:
    """A missing name is all that a KeyError says."""
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _made(kind: Any, value: Any) -> Any:
    """A value of this type from its plain form. Raises TypeError or ValueError where it does not fit."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        return None if value is None else _made(next(part for part in parts if part is not types.NoneType), value)
    if origin in (tuple, Sequence):
        return _several(parts[0], value)
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value)
    if kind is date:
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value


def _several(kind: Any, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is not a list")
    return tuple(_made(kind, value) for value in values)


def _record(kind: Any, content: Any) -> Any:
    if not isinstance(content, dict):
        raise TypeError(f"{content!r} is not a {kind.__name__}")
    hints = get_type_hints(kind)
    unknown = content.keys() - hints.keys()
    if unknown:
        raise TypeError(f"{kind.__name__}: {', '.join(sorted(unknown))}?")
    return kind(**{name: _made_of(kind, name, hints[name], value) for name, value in content.items()})


def _made_of(kind: Any, name: str, of: Any, value: Any) -> Any:
    try:
        return _made(of, value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{kind.__name__}.{name}: {error}") from None
