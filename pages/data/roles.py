"""What a person makes of a drafted model: corrections on top of guesses, what is wrong with them, and the TOML.

A correction is a mapping of field -> value for one column; the fields are those of `frame_of`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from data_access.files import names
from data_access.files.choices import typed
from data_access.files.compose import Settings, compose, toml
from data_access.files.profile import ColumnProfile, Holds, TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.files.scales import order_of
from data_access.labels import Scalar
from data_access.semantics import Level, Missing
from data_access.statement import Statement

Corrections = Mapping[str, Mapping[str, Any]]
SINGLE = (
    Part.SCORE, Part.TIME, Part.CONTACT_ID, Part.CUSTOMER_ID, Part.LOADED, Part.EXTRACTED,
    Part.RESPONDED, Part.EXCLUDED, Part.WEIGHT, Part.AGENT, Part.COMMENT, Part.RECORDING,
)  # fmt: skip
PARTS = (
    Part.SCORE, Part.TIME, Part.DIMENSION, Part.CHOICE, Part.DRIVER, Part.METRIC, Part.REASON, Part.CONTACT_ID,
    Part.CUSTOMER_ID, Part.AGENT, Part.COMMENT, Part.RECORDING, Part.RESPONDED, Part.EXCLUDED, Part.WEIGHT,
    Part.LOADED, Part.EXTRACTED, Part.IGNORED, Part.PERSONAL,
)  # fmt: skip
LEFT_OUT = (Part.IGNORED, Part.PERSONAL)
# ids are only ever shown masked, comments with their contact and without telephone numbers
HARMLESS = (*LEFT_OUT, Part.CUSTOMER_ID, Part.CONTACT_ID, Part.COMMENT)
EXAMPLES, HIDDEN = 3, "•••"


def frame_of(profile: TableProfile, guesses: Sequence[ColumnRole], corrections: Corrections) -> pd.DataFrame:
    """One row per column of the file, in their order; what a person may change and what helps to decide."""
    roles = corrected(profile, guesses, corrections)
    rows = [_row(c, r, corrections.get(c.name, {})) for c, r in zip(profile.columns, roles, strict=True)]
    return pd.DataFrame(rows, index=pd.Index(profile.headers, name="column"))


def _row(column: ColumnProfile, role: ColumnRole, correction: Mapping[str, Any]) -> dict[str, Any]:
    shown = [HIDDEN] if role.sensitive else [text[:40] for text in column.texts[:EXAMPLES]]
    scaled, graded = role.part in (Part.METRIC, Part.DRIVER), role.is_dimension or role.part is Part.DRIVER
    return {
        "part": role.part.value,
        "examples": " · ".join(shown),
        "en": correction.get("en") or role.said,
        "zh": correction.get("zh") or role.said,
        "level": role.level.value if graded else None,
        "order": [str(value) for value in role.values or role.order],
        "missing": role.missing.value if role.part is Part.DRIVER else None,
        "codes": [str(code) for code in role.codes] if graded else [],
        "better": role.better if scaled else None,
        "split": role.split,
    }


def corrected(
    profile: TableProfile, guesses: Sequence[ColumnRole], corrections: Corrections
) -> tuple[ColumnRole, ...]:
    """The roles with a person's corrections put in; what goes without saying for a new part is filled in."""
    pairs = zip(profile.columns, guesses, strict=True)
    found = [_corrected(c, guess, corrections.get(c.name, {})) for c, guess in pairs]
    above = {role.name for role in found if role.is_dimension}
    return tuple(role if role.under in above else replace(role, under="") for role in found)


def _corrected(column: ColumnProfile, guess: ColumnRole, correction: Mapping[str, Any]) -> ColumnRole:
    role = replace(
        guess,
        part=Part(correction.get("part") or guess.part),
        missing=Missing(correction.get("missing") or guess.missing),
        better=correction.get("better") or guess.better,
        split=guess.split if correction.get("split") is None else correction["split"],
        name=correction.get("name") or guess.name,
        under=correction.get("under", guess.under),
        not_stated=correction.get("not_stated") or guess.not_stated,
        codes=guess.codes if correction.get("codes") is None else _codes(correction["codes"], column),
    )
    given = tuple(str(v) for v in correction.get("order") or ())
    level = correction.get("level")
    if role.part is Part.METRIC:
        return replace(role, values=tuple(_typed(v, column) for v in given) or role.values or _ends(column))
    if role.part is Part.DRIVER:
        return replace(role, level=Level(level or _known(role.level, (Level.ORDINAL,), Level.INTERVAL)))
    if role.is_dimension:
        chosen = Level(level or _known(role.level, (Level.ORDINAL,), Level.NOMINAL))
        return replace(role, level=chosen, order=given or role.order or order_of(column.texts))
    if role.part is Part.REASON and not role.not_stated:
        chinese = any(names.CHINESE.search(text) for text in (column.name, *column.texts))
        return replace(role, not_stated="未说明" if chinese else "not stated")
    return role


def _codes(given: Sequence[Scalar], column: ColumnProfile) -> tuple[Scalar, ...]:
    """Values that stand for no answer, as a person wrote them or as a model has them."""
    return tuple(_typed(code, column) if isinstance(code, str) else code for code in given)


def _known(level: Level, kept: Sequence[Level], otherwise: Level) -> Level:
    return level if level in kept else otherwise


def _typed(value: str, column: ColumnProfile) -> Scalar:
    """A value as a person wrote it, in the type of its column; words stay words."""
    if column.holds is Holds.TRUTH:
        return value.strip().casefold() == "true"
    try:
        scalar = typed(value, column)
    except ValueError:
        return value
    return value if scalar is None else scalar


def _ends(column: ColumnProfile) -> tuple[Scalar, ...]:
    """Worst and best of a rate where the column itself says: its least and its greatest number, or false and true."""
    if column.holds is Holds.TRUTH:
        return (False, True)
    ends = [v for v, _ in column.numbers]
    return tuple(int(v) if v.is_integer() else v for v in (ends[0], ends[-1])) if len(ends) > 1 else ()


def problems(profile: TableProfile, roles: Sequence[ColumnRole]) -> list[Statement]:
    """What keeps these roles from becoming a model; empty when nothing does."""
    wrong = list(_shared(roles))
    if not any(r.part in (Part.SCORE, Part.METRIC) for r in roles):
        wrong.append(Statement("data.problem.no_score"))
    for column, role in zip(profile.columns, roles, strict=True):
        wrong += _misfits(column, role)
    return wrong


def _shared(roles: Sequence[ColumnRole]) -> Iterator[Statement]:
    """Parts that only one column can play."""
    for part in SINGLE:
        columns = [r.column for r in roles if r.part is part]
        if len(columns) > 1:
            yield Statement("data.problem.two", {"part": Statement(f"data.part.{part}"), "columns": columns})


def _misfits(column: ColumnProfile, role: ColumnRole) -> Iterator[Statement]:
    about = {"column": column.name}
    if role.part in (Part.SCORE, Part.DRIVER, Part.WEIGHT) and not column.is_number:
        yield Statement(f"data.problem.{role.part}", about)
    words = [code for code in role.codes if isinstance(code, str)]
    if role.part is Part.DRIVER and words:
        yield Statement("data.problem.codes", about | {"values": words})
    if role.part in (Part.TIME, Part.LOADED) and not column.is_time:
        yield Statement("data.problem.time", about)
    if role.part is Part.CHOICE and not role.group:
        yield Statement("data.problem.choice", about)
    if role.part is Part.METRIC and not _are_two(role.values, column):
        yield Statement("data.problem.values", about)
    if role.is_dimension and role.level is Level.ORDINAL:
        unknown = [v for v in role.order if v not in column.texts]
        if unknown:
            yield Statement("data.problem.order", about | {"values": unknown})
        elif not role.order:
            yield Statement("data.problem.no_order", about)


def _are_two(values: Sequence[Scalar], column: ColumnProfile) -> bool:
    known = {text.casefold() for text in column.texts}
    words = [v for v in values if isinstance(v, str)]
    return len(set(values)) == len(values) == 2 and all(v.casefold() in known for v in words)


def exposed(roles: Sequence[ColumnRole]) -> list[ColumnRole]:
    """Columns that seem to identify a person and yet would be shown."""
    return [r for r in roles if r.sensitive and r.part not in HARMLESS]


def composed(roles: Sequence[ColumnRole], settings: Settings, corrections: Corrections) -> str:
    """The model as TOML with a person's labels. Raises BadInput when no column is a score or a rate."""
    text = compose(roles, settings)
    labelled = {r.name: _labels(r, corrections) for r in roles if r.part is not Part.CHOICE}
    score = next((_labels(r, corrections) for r in roles if r.part is Part.SCORE), None)
    return "\n".join(_relabelled(line, labelled, score) for line in text.splitlines()) + "\n"


def _labels(role: ColumnRole, corrections: Corrections) -> dict[str, str]:
    given = corrections.get(role.column, {})
    return {"en": given.get("en") or role.said, "zh-CN": given.get("zh") or role.said}


def _relabelled(line: str, labels: Mapping[str, Mapping[str, str]], score: Mapping[str, str] | None) -> str:
    """An entry's line with the labels given; they are its last key."""
    name = line.partition(" = ")[0]
    if name == "labels" and score:
        return f"labels = {toml(score)}"
    head, sign, _ = line.rpartition(", labels = { ")
    return f"{head}, labels = {toml(labels[name])} }}" if sign and name in labels else line
