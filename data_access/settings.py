"""What does the environment ask for? One frozen value, read once at start."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import platformdirs
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from data_access.statement import BadInput

LONGEST_TIMEOUT_S = 3600.0
LARGEST_ROW_CAP = 10_000_000
LONGEST_CLAIMS_H = 720.0
LONGEST_AUDIT_D = 36_500
SHORTEST_PASSCODE = 8
T = TypeVar("T")


class Log(StrEnum):
    """What the server writes down: faults only, or each run of a page as well, as text or as JSON."""

    FAULTS = "faults"
    TEXT = "text"
    JSON = "json"


class BadSettings(BadInput):
    """Several variables cannot be used; `faults` says of each why."""

    def __init__(self, faults: list[BadInput]) -> None:
        super().__init__("settings.several", variables=[str(f.statement.values["variable"]) for f in faults])
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where data live and how far a question may go.

    `warehouse` and `store_url` may hold a password, so they stay out of the repr; show them by `safe_url` only.
    `warehouse` None means the sample. `query_timeout_s` is in seconds, `row_cap` in rows of one answer. `open_scope`:
    who is signed in without a scope sees everything. `claims_hours`: how long a sign-in is good for.
    `audit_days`: how long it is kept who was shown which contacts.
    `salt`: what masked ids are made with; None means the one in the data folder.
    `passcode`: what an instructor comes in with; None means the one that is kept in the data folder.
    """

    data_folder: Path
    store_url: str = field(repr=False)
    warehouse: str | None = field(default=None, repr=False)
    model: Path | None = None
    query_timeout_s: float = 30.0
    row_cap: int = 100_000
    open_scope: bool = False
    claims_hours: float = 8.0
    audit_days: int = 365
    salt: str | None = field(default=None, repr=False)
    passcode: str | None = field(default=None, repr=False)
    log: Log = Log.FAULTS

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings named by the SATRACE_* variables; one that is empty counts as not set.

        Raises: BadInput naming the variable, BadSettings for several.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        faults: list[BadInput] = []

        def tried(read: Callable[[], T], instead: T) -> T:
            try:
                return read()
            except BadInput as fault:
                faults.append(fault)
                return instead

        folder = tried(lambda: _folder(given), Path())
        found = cls(
            data_folder=folder,
            store_url=tried(lambda: _store_url(given, folder), ""),
            warehouse=tried(lambda: _warehouse(given), None),
            model=tried(lambda: _model(given), None),
            query_timeout_s=tried(lambda: _number(given, "SATRACE_TIMEOUT", 30.0, LONGEST_TIMEOUT_S), 0.0),
            row_cap=int(tried(lambda: _number(given, "SATRACE_ROW_CAP", 100_000, LARGEST_ROW_CAP), 0.0)),
            open_scope=given.get("SATRACE_OPEN_SCOPE") == "1",
            salt=given.get("SATRACE_SALT"),
            passcode=tried(lambda: _passcode(given), None),
            claims_hours=tried(lambda: _number(given, "SATRACE_CLAIMS_HOURS", 8.0, LONGEST_CLAIMS_H), 0.0),
            audit_days=int(tried(lambda: _number(given, "SATRACE_AUDIT_DAYS", 365, LONGEST_AUDIT_D), 0.0)),
            log=tried(lambda: _log(given), Log.FAULTS),
        )
        if faults:
            raise faults[0] if len(faults) == 1 else BadSettings(faults)
        return found


def safe_url(url: str) -> str:
    """The URL or path as it may be shown: no password, no query, since both can hold secrets.

    >>> safe_url("postgresql://li:secret@db.example.com/satrace?sslpassword=x")
    'postgresql://li:***@db.example.com/satrace'
    """
    if "://" not in url:
        return url
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url.split("://", 1)[0] + "://…"


def name_of(url: str) -> str:
    """What a database is called on a screen: its file's name, or its server and name; no folder and no user.

    >>> name_of("sqlite:////srv/satrace/workshop.sqlite"), name_of("postgresql://li:secret@db.example.com/satrace")
    ('workshop.sqlite', 'db.example.com/satrace')
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        return safe_url(url)
    if not found.host:
        return Path(found.database or found.drivername).name
    return f"{found.host}{f':{found.port}' if found.port else ''}/{found.database or ''}"


def _folder(given: Mapping[str, str]) -> Path:
    if "SATRACE_DATA" not in given:
        return platformdirs.user_data_path("satrace")
    folder = Path(given["SATRACE_DATA"]).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise BadInput("settings.not_a_folder", variable="SATRACE_DATA", path=str(folder))
    return folder


def _store_url(given: Mapping[str, str], folder: Path) -> str:
    if "SATRACE_STORE" not in given:
        file = URL.create("sqlite", database=str(folder / "workshop.sqlite"))
        return file.render_as_string(hide_password=False)
    return _checked_url(given["SATRACE_STORE"], "SATRACE_STORE")


def _warehouse(given: Mapping[str, str]) -> str | None:
    source = given.get("SATRACE_WAREHOUSE")
    if source is None or "://" in source:
        return source and _checked_url(source, "SATRACE_WAREHOUSE")
    return str(_file(source, "SATRACE_WAREHOUSE"))


def _model(given: Mapping[str, str]) -> Path | None:
    return _file(given["SATRACE_MODEL"], "SATRACE_MODEL") if "SATRACE_MODEL" in given else None


def _checked_url(url: str, variable: str) -> str:
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise BadInput("settings.bad_url", variable=variable) from None  # the cause would print the password
    return url


def _file(path: str, variable: str) -> Path:
    file = Path(path).expanduser().absolute()
    if not file.is_file():
        raise BadInput("settings.no_file", variable=variable, path=str(file))
    return file


def _passcode(given: Mapping[str, str]) -> str | None:
    said = given.get("SATRACE_PASSCODE")
    if said is not None and len(said) < SHORTEST_PASSCODE:
        raise BadInput("settings.passcode_short", variable="SATRACE_PASSCODE", least=SHORTEST_PASSCODE)
    return said


def _log(given: Mapping[str, str]) -> Log:
    said = given.get("SATRACE_LOG", Log.FAULTS)
    if said not in [*Log]:
        raise BadInput("settings.bad_choice", variable="SATRACE_LOG", value=said, choices=[*map(str, Log)])
    return Log(said)


def _number(given: Mapping[str, str], variable: str, default: float, most: float) -> float:
    text = given.get(variable)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 1 <= number <= most:
        raise BadInput("settings.bad_number", variable=variable, value=text, most=int(most))
    return number


def store_url_of(given: str | None) -> str:
    """The URL of a workshop that a command names by URL or path; of none, that of the app."""
    if given is None:
        return Settings.from_environment().store_url
    return given if "://" in given else f"sqlite:///{Path(given).expanduser().absolute()}"
