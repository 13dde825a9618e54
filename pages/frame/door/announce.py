"""What the terminal says of a class: where to join, as an address and a QR code, and how its instructor comes in."""

from __future__ import annotations

import locale
import os
from contextlib import suppress

from pages.frame.door import address
from pages.words.catalogue import Catalogue


def tell(passcode: str | None, *, is_said: bool) -> None:
    """Say it once. `passcode`: one that was made just now; `is_said`: it is the one of the environment."""
    text = in_terminal().text
    where = address.join_address_of(address.local_addresses()[0])
    _print("", text("door.terminal.join", address=where), "")
    _print(address.qr_terminal(where))
    if others := [one for one in address.local_addresses() if not where.startswith(one)]:
        _print(text("door.terminal.others", addresses=others))
    if passcode:
        _print(text("door.terminal.made", passcode=passcode))
    else:
        _print(text("door.terminal.environment" if is_said else "door.terminal.kept"))
    _print("")


def in_terminal() -> Catalogue:
    """The words of whoever reads the terminal."""
    return Catalogue.load(_language())


def _print(*lines: str) -> None:
    """A terminal that cannot show a sign goes without that part."""
    for line in lines:
        with suppress(UnicodeEncodeError):
            print(line, flush=True)


def _language() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh-CN" if said.lower().startswith("zh") else "en"
