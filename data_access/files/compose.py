"""How do roles become a semantic model? One composer for the drafted file and for what a person has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data_access.files.roles import ColumnRole, Part, question_said
from data_access.files.scales import Scale
from data_access.labels import Scalar
from data_access.metric_file import has_limits
from data_access.preset import Preset
from data_access.repeats import WINDOWS
from data_access.semantics import Level, Missing
from data_access.statement import BadInput

Value = Scalar | Sequence["Value"] | Mapping[str, "Value"]
SIMPLE = {
    Part.CONTACT_ID: "contact_id",
    Part.CUSTOMER_ID: "customer_id",
    Part.AGENT: "agent",
    Part.COMMENT: "comment",
    Part.RECORDING: "recording",
}

TEN_POINTS = Scale(1, 10)


@dataclass(frozen=True)
class Span:
    """The time from column `since` to `column`, offered as a driver under `name`."""

    name: str
    since: str
    column: str


@dataclass(frozen=True)
class Settings:
    """What a model says beside its columns.

    `cluster` is the name of a dimension; `candidates` could be the score. `reading` is what a person said about how
    the file is read. `tables` are those beside the contacts, by what they hold. `returns`: contacts have times of
    day and customers several contacts, so that some can be seen to come back within hours.
    """

    table: str
    scale: Scale = TEN_POINTS
    formula: str = "mean_of_max"
    timezone: str = "UTC"
    cluster: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    reading: tuple[tuple[str, Value], ...] = ()
    tables: tuple[tuple[str, str], ...] = ()
    presets: tuple[Preset, ...] = ()
    returns: bool = False


def compose(roles: Sequence[ColumnRole], settings: Settings) -> str:
    """The model as TOML, one line an entry. Raises BadInput when no column is a score or a rate.

    >>> print(compose([ColumnRole("分数", Part.SCORE, "column_1")], Settings("answers")).splitlines()[0])
    table = "answers"
    """
    if not any(r.part in (Part.SCORE, Part.METRIC) for r in roles):
        key = "draft.no_score" if settings.candidates else "draft.no_answers"
        raise BadInput(key, table=settings.table, candidates=settings.candidates)
    lines = [*_top(roles, settings)]
    if settings.returns and {Part.CUSTOMER_ID, Part.TIME} <= {r.part for r in roles}:
        lines += ["", "[repeats]", f"windows = {toml([int(hours) for hours in WINDOWS])}"]
    for title, part in (
        ("metrics", Part.METRIC),
        ("dimensions", Part.DIMENSION),
        ("drivers", Part.DRIVER),
        ("reasons", Part.REASON),
    ):
        shown = [r for r in roles if r.part is part or (part is Part.DIMENSION and r.is_dimension)]
        entries = [f"{r.name} = {toml(_entry(r))}" for r in shown]
        if part is Part.DIMENSION:
            entries += _groups(roles)
        if part is Part.DRIVER:
            entries += [f"{span.name} = {toml(_span(span))}" for span in settings.spans]
        if entries:
            lines += ["", f"[{title}]", *entries]
    if settings.presets:
        lines += ["", "[presets]", *(f"{preset.name} = {toml(_preset(preset))}" for preset in settings.presets)]
    return "\n".join(lines) + "\n"


def _top(roles: Sequence[ColumnRole], settings: Settings) -> Iterable[str]:
    column = {r.part: r.column for r in reversed(roles)}
    yield f"table = {toml(settings.table)}"
    if settings.reading:
        yield f"reading = {toml(dict(settings.reading))}"
    for part, key in SIMPLE.items():
        if part in column:
            yield f"{key} = {toml(column[part])}"
    if settings.cluster:
        yield f"cluster = {toml(settings.cluster)}"
    if settings.tables:
        yield f"tables = {toml(dict(settings.tables))}"
    if Part.WEIGHT in column:
        kind = next(r.kind for r in roles if r.part is Part.WEIGHT)
        yield f"weight = {toml({'column': column[Part.WEIGHT], 'kind': kind})}"
    for part in (Part.EXCLUDED, Part.RESPONDED):
        if part in column:
            yield f"{part.value} = {toml({'column': column[part]})}"
    if Part.TIME in column:
        yield f"time = {toml(_time(column, settings))}"
    if Part.SCORE in column:
        yield f"score = {toml(_score(column[Part.SCORE], settings))}"
        yield f"labels = {toml(_labels(next(r.said for r in roles if r.part is Part.SCORE)))}"


def _time(column: Mapping[Part, str], settings: Settings) -> dict[str, Value]:
    time: dict[str, Value] = {"column": column[Part.TIME], "timezone": settings.timezone}
    for part in (Part.LOADED, Part.EXTRACTED):
        if part in column:
            time[part.value] = column[part]
    return time


def _score(column: str, settings: Settings) -> dict[str, Value]:
    scale = settings.scale
    score: dict[str, Value] = {
        "column": column,
        "scale": [scale.low, scale.high],
    }
    score |= {"worst": scale.worst} if scale.turned else {}
    score |= {"formula": settings.formula}
    if has_limits(settings.formula):
        score |= {"satisfied_from": scale.satisfied_from, "dissatisfied_to": scale.dissatisfied_to}
    return score | ({"missing": list(scale.codes)} if scale.codes else {})


def _entry(role: ColumnRole) -> dict[str, Value]:
    """The inline table of a metric, dimension, driver or reason."""
    entry: dict[str, Value] = {"column": role.column}
    if role.part is Part.METRIC:
        entry |= {"values": list(role.values or (0, 1)), "better": role.better}
        entry |= {"survey": True} if role.survey else {}
    if role.is_dimension:
        entry |= {"level": role.level.value}
        entry |= {"missing": list(role.codes)} if role.codes else {}
        entry |= {"under": role.under} if role.under else {}
        entry |= {"order": list(role.order)} if role.level is Level.ORDINAL and role.order else {}
        entry |= {"split": role.split} if role.split else {}
    if role.part is Part.DRIVER:
        entry |= {"level": role.level.value, "better": role.better}
        entry |= {"unit": role.unit} if role.unit else {}
        entry |= {"missing": _missing(role)} if role.codes or role.missing is not Missing.UNKNOWN else {}
    if role.part is Part.REASON:
        entry |= {"split": role.split} if role.split else {}
        entry |= {"not_stated": role.not_stated} if role.not_stated else {}
    return entry | {"labels": _labels(role.said)}


def _missing(role: ColumnRole) -> Value:
    """What a blank of a driver means, and its codes for no answer."""
    words = [] if role.missing is Missing.UNKNOWN else [role.missing.value]
    return [*words, *role.codes] if role.codes else words[0]


def _span(span: Span) -> dict[str, Value]:
    """The inline table of a time between two columns; an end before its beginning cannot be."""
    entry: dict[str, Value] = {"from": span.since, "to": span.column, "level": "interval", "unit": "s"}
    return entry | {"better": "low", "least": 0, "labels": _labels(f"{span.since} → {span.column}")}


def _preset(preset: Preset) -> dict[str, Value]:
    entry: dict[str, Value] = {"columns": list(preset.columns)}
    entry |= {"within": list(preset.within)} if preset.within else {}
    return entry | {"labels": dict(preset.labels.texts)}


def _groups(roles: Sequence[ColumnRole]) -> list[str]:
    """One line for each multi-select."""
    groups: dict[str, list[ColumnRole]] = {}
    for role in roles:
        if role.part is Part.CHOICE:
            groups.setdefault(role.group, []).append(role)
    return [f"{name} = {toml(_group(members))}" for name, members in groups.items()]


def _group(members: Sequence[ColumnRole]) -> dict[str, Value]:
    shown = {m.column: m.option or m.column.rsplit(" (", 1)[0] for m in members}
    if len(set(shown.values())) < len(shown):
        shown = {m.column: m.column for m in members}
    group: dict[str, Value] = {"columns": {shown[m.column]: m.column for m in members}, "yes": list(members[0].yes)}
    return (
        group | ({"no": list(members[0].no)} if members[0].no else {}) | {"labels": _labels(question_said(members))}
    )


def _labels(text: str) -> dict[str, Value]:
    return {"en": text, "zh-CN": text}


def toml(value: Value) -> str:
    """A value as inline TOML.

    >>> toml({"a b": ["x\\n", 1, True]})
    '{ "a b" = ["x\\\\n", 1, true] }'
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(_escaped(c) for c in value) + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return str(value)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "_").isidentifier() else toml(name)


def _escaped(c: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    if c in known:
        return known[c]
    return f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else "\ufffd" if 0xD800 <= ord(c) < 0xE000 else c
