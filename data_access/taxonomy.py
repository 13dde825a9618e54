"""What are the reasons, causes, gaps, remedies and owners called, and who has them in their power?

The list shipped is `taxonomy.toml`; an installation may load its own in the same form.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data_access.statement import BadInput

SHIPPED = Path(__file__).with_name("taxonomy.toml")
PLAIN_SECTIONS = ("power", "owner", "touchpoint", "action_type", "comparison")
NOT_STATED = "not_stated"


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    en: str
    zh: str

    def label(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Entry:
    """A code with its words in both languages; `definition` and `hint` are empty where the list gives none.

    The hint is what helps to choose: the question of a gap, what a comparison needs before the action starts.
    """

    code: str
    en: str
    zh: str
    definition_en: str = ""
    definition_zh: str = ""
    hint_en: str = ""
    hint_zh: str = ""

    def label(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def definition(self, language: str) -> str:
        return self.definition_zh if language.startswith("zh") else self.definition_en

    def hint(self, language: str) -> str:
        return self.hint_zh if language.startswith("zh") else self.hint_en


@dataclass(frozen=True)
class Reassignment:
    """The evidence that moves the points lost for a reason into another power."""

    to: str
    words: Words


@dataclass(frozen=True)
class Reason(Entry):
    """What a customer says, by default in whose power it is, and the cause types it may lead to."""

    power: str = ""
    owner: str = ""
    causes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    reassign: Reassignment | None = None


NO_WORDS = Words("", "")


@dataclass(frozen=True)
class CauseType(Entry):
    """What went wrong, the evidence for and against it, and the owners it is routed to, the first one first."""

    supports: Words = NO_WORDS
    refutes: Words = NO_WORDS
    routed_to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gap(Entry):
    """Where service fell short. `ask`: its place in the order of elimination; `pzb`: its number in the classic model.

    `test` says what is compared, `confused_with` how it differs from its neighbour; the question is its `hint`.
    """

    ask: int = 0
    pzb: int = 0
    question: Words = NO_WORDS
    test: Words = NO_WORDS
    supports: Words = NO_WORDS
    refutes: Words = NO_WORDS
    confused_with: Words = NO_WORDS
    remedy: Words = NO_WORDS
    owner: str = ""


@dataclass(frozen=True)
class System(Entry):
    """A service system: what lives there, the usual types of action, the figures to watch."""

    lives_here: Words = NO_WORDS
    watch: Words = NO_WORDS
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remedy(Entry):
    """What may be done against some causes, by whom, and how its effect is checked after `days`."""

    causes: tuple[str, ...] = ()
    action_type: str = ""
    owner: str = ""
    system: str = ""
    comparison: str = ""
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All lists, by section. Entries keep the order of the file, gaps that in which they are asked."""

    sections: Mapping[str, tuple[Entry, ...]]
    reasons: tuple[Reason, ...]
    remedies: tuple[Remedy, ...]
    cause_types: tuple[CauseType, ...]
    gaps: tuple[Gap, ...]
    systems: tuple[System, ...]
    _by_code: Mapping[tuple[str, str], Entry] = field(repr=False, compare=False)
    _by_label: Mapping[str, str] = field(repr=False, compare=False)

    def entries(self, section: str) -> tuple[Entry, ...]:
        return self.sections[section]

    def entry(self, section: str, code: str) -> Entry | None:
        return self._by_code.get((section, code))

    def label(self, section: str, code: str, language: str) -> str | None:
        """The words for a code, None when the section does not hold it.

        >>> load_taxonomy().label("power", "centre", "zh-CN")
        '本中心可控'
        """
        entry = self.entry(section, code)
        return entry.label(language) if entry else None

    def reason_for(self, raw_label: str | None) -> str | None:
        """The reason code behind an imported label: by code, either language or alias; None when there is none.

        Case, spaces and full-width signs do not matter; a blank label is "not stated".

        >>> load_taxonomy().reason_for(" 等候／占线 ")
        'wait_busy'
        """
        return self._by_label.get(_plain(raw_label or NOT_STATED))

    def power_of(self, reason: str) -> str | None:
        """In whose power a reason lies before anything is traced."""
        entry = self.entry("reason", reason)
        return entry.power if isinstance(entry, Reason) else None

    def owner_of(self, reason: str) -> str | None:
        entry = self.entry("reason", reason)
        return entry.owner if isinstance(entry, Reason) else None

    def owners_for(self, cause_type: str) -> tuple[str, ...]:
        """The owners a cause type is routed to, the first one first; none for an unknown code.

        >>> load_taxonomy().owners_for("skill")
        ('training', 'floor')
        """
        entry = self.entry("cause_type", cause_type)
        return entry.routed_to if isinstance(entry, CauseType) else ()

    def remedies_for(self, cause_type: str) -> tuple[Remedy, ...]:
        return tuple(remedy for remedy in self.remedies if cause_type in remedy.causes)


@cache
def load_taxonomy(path: Path = SHIPPED) -> Taxonomy:
    """The taxonomy in a file, read once per path.

    Raises: BadInput when the file cannot be read, misses a list or lets one label mean two reasons.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return _taxonomy(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput("taxonomy.unreadable", path=str(path), detail=str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput("taxonomy.incomplete", path=str(path), detail=str(error)) from error


def _taxonomy(content: Mapping[str, Any]) -> Taxonomy:
    reasons = tuple(_reason(row) for row in content["reason"])
    remedies = tuple(_remedy(row) for row in content["remedy"])
    sections: dict[str, tuple[Entry, ...]] = {
        name: tuple(Entry(**_words(row)) for row in content[name]) for name in PLAIN_SECTIONS
    }
    causes = tuple(_cause_type(row) for row in content["cause_type"])
    gaps = tuple(sorted((_gap(row) for row in content["gap"]), key=lambda gap: gap.ask))
    systems = tuple(_system(row) for row in content["system"])
    sections |= {"reason": reasons, "remedy": remedies, "cause_type": causes, "gap": gaps, "system": systems}
    by_code = {(name, entry.code): entry for name, entries in sections.items() for entry in entries}
    return Taxonomy(
        sections=sections, reasons=reasons, remedies=remedies, cause_types=causes, gaps=gaps, systems=systems,
        _by_code=by_code, _by_label=_labels(reasons),
    )  # fmt: skip


def _labels(reasons: tuple[Reason, ...]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for reason in reasons:
        for label in (reason.code, reason.en, reason.zh, *reason.aliases):
            other = codes.setdefault(_plain(label), reason.code)
            if other != reason.code:
                raise BadInput("taxonomy.two_reasons", label=label, one=other, other=reason.code)
    return codes


def _words(row: Mapping[str, Any]) -> dict[str, str]:
    definition = row.get("definition", {})
    hint = row.get("question") or row.get("needs") or {}
    return {
        "code": row["code"],
        "en": row["en"],
        "zh": row["zh"],
        "definition_en": definition.get("en", ""),
        "definition_zh": definition.get("zh", ""),
        "hint_en": hint.get("en", ""),
        "hint_zh": hint.get("zh", ""),
    }


def _reason(row: Mapping[str, Any]) -> Reason:
    return Reason(
        **_words(row),
        power=row["power"],
        owner=row["owner"],
        causes=tuple(row.get("causes", ())),
        aliases=tuple(row.get("aliases", ())),
        reassign=_reassignment(row["reassign"]) if "reassign" in row else None,
    )


def _reassignment(row: Mapping[str, Any]) -> Reassignment:
    return Reassignment(row["to"], Words(row["en"], row["zh"]))


def _cause_type(row: Mapping[str, Any]) -> CauseType:
    return CauseType(
        **_words(row),
        supports=Words(**row["supports"]),
        refutes=Words(**row["refutes"]),
        routed_to=tuple(row["routed_to"]),
    )


def _gap(row: Mapping[str, Any]) -> Gap:
    texts = ("question", "test", "supports", "refutes", "confused_with", "remedy")
    texts_of: dict[str, Any] = {**_words(row), **{name: Words(**row[name]) for name in texts}}
    return Gap(**texts_of, ask=row["ask"], pzb=row["pzb"], owner=row["owner"])


def _system(row: Mapping[str, Any]) -> System:
    return System(
        **_words(row),
        lives_here=Words(**row["lives_here"]),
        watch=Words(**row["watch"]),
        actions=tuple(row["actions"]),
    )


def _remedy(row: Mapping[str, Any]) -> Remedy:
    words = _words(row) | {"definition_en": row["how"]["en"], "definition_zh": row["how"]["zh"]}
    return Remedy(
        **words,
        causes=tuple(row["causes"]),
        action_type=row["action"],
        owner=row["owner"],
        system=row["system"],
        comparison=row["check"]["comparison"],
        days=row["check"]["days"],
    )


def _plain(label: str) -> str:
    """Full-width forms become half-width, case and all white space go."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())
