"""Whether this server has a door: a class mode, in which people come in by a code or the instructor's passcode."""

from __future__ import annotations

from dataclasses import dataclass, field

from data_access import passcode
from data_access.passcode import Passcode
from data_access.salt import kept
from data_access.settings import Settings
from pages.frame.door.cookie import Signer

KEY = "door.key"


@dataclass(frozen=True)
class Door:
    """What the server compares with, and what it signs with."""

    settings: Settings
    passcode: Passcode = field(repr=False)
    signer: Signer = field(repr=False)


_doors: list[Door] = []  # none or one: of the process, as the server is


def current() -> Door | None:
    """The door of this server; None where there is none."""
    return _doors[0] if _doors else None


def open_door(settings: Settings, *, anew: bool = False) -> str | None:
    """Let people in by the door from now on. Returns the words of a passcode that was made for it."""
    code, words = passcode.of_installation(settings, anew=anew)
    _doors[:] = [Door(settings, code, Signer(kept(settings.data_folder, KEY), code.mark()))]
    return words


def close_door() -> None:
    _doors.clear()
