"""The passcode of whoever leads classes: kept as a scrypt hash, compared in constant time, said once when made."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from data_access.salt import written_for_owner
from data_access.settings import Settings

FILE = "passcode"
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read aloud
COST, BLOCK, LANES, BYTES = 2**15, 8, 1, 32  # 32 MB and a tenth of a second for each attempt
MEMORY = 2 * 128 * COST * BLOCK


@dataclass(frozen=True)
class Passcode:
    """What is kept of a passcode."""

    salt: bytes
    digest: bytes = field(repr=False)

    def matches(self, said: str) -> bool:
        """Whether this is the passcode; takes as long for one that is nearly right as for any other."""
        return hmac.compare_digest(_digest(said, self.salt), self.digest)

    def mark(self) -> str:
        """What tells this passcode from an earlier one, and nothing else."""
        return hashlib.sha256(self.salt + self.digest).hexdigest()[:16]


def of_installation(settings: Settings, *, anew: bool = False) -> tuple[Passcode, str | None]:
    """The passcode of the data folder, and its words where it was made now: nobody can read them again.

    One from the environment takes the place of the one that is kept, unless it is the same. `anew`: make another.
    """
    kept, said = read(settings.data_folder), settings.passcode
    if kept and (kept.matches(said) if said else not anew):
        return kept, None
    words = said or fresh()
    made = of_words(words)
    write(settings.data_folder, made)
    return made, None if said else words


def of_words(words: str) -> Passcode:
    salt = secrets.token_bytes(16)
    return Passcode(salt, _digest(words, salt))


def fresh() -> str:
    """A new passcode that can be read aloud: three groups of four signs, 59 bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))


def read(folder: Path) -> Passcode | None:
    """The passcode that is kept in a folder; None where there is none that can be read."""
    with suppress(OSError, ValueError):
        salt, digest = (bytes.fromhex(part) for part in (folder / FILE).read_text(encoding="ascii").split())
        if len(digest) == BYTES:
            return Passcode(salt, digest)
    return None


def write(folder: Path, passcode: Passcode) -> None:
    """Keep a passcode in a folder in place of the one before, only for its owner to read."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.{secrets.token_hex(8)}"
    written_for_owner(part, f"{passcode.salt.hex()} {passcode.digest.hex()}\n".encode("ascii"))
    part.replace(folder / FILE)


def _digest(words: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        words.strip().encode("utf-8", "replace"), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=MEMORY, dklen=BYTES
    )
