"""What does an entry of the taxonomy hold, and how is it read from a row of the file?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


@dataclass(frozen=True)
class Step:
    """A milestone of a template, due `days` after the plan is made."""

    words: Words
    days: int


@dataclass(frozen=True, kw_only=True)
class Template(Entry):
    """A plan to start from; `wording` is its action, `days` are from the start of the action to the verdict."""

    wording: Words = NO_WORDS
    block: str = ""
    owner: str = ""
    remedy: str = ""
    action_type: str = ""
    comparison: str = ""
    guardrails: tuple[str, ...] = ()
    milestones: tuple[Step, ...] = ()
    days: int = 0


def words_of(row: Mapping[str, Any]) -> dict[str, str]:
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


def reason(row: Mapping[str, Any]) -> Reason:
    return Reason(
        **words_of(row),
        power=row["power"],
        owner=row["owner"],
        causes=tuple(row.get("causes", ())),
        aliases=tuple(row.get("aliases", ())),
        reassign=_reassignment(row["reassign"]) if "reassign" in row else None,
    )


def _reassignment(row: Mapping[str, Any]) -> Reassignment:
    return Reassignment(row["to"], Words(row["en"], row["zh"]))


def cause_type(row: Mapping[str, Any]) -> CauseType:
    return CauseType(
        **words_of(row),
        supports=Words(**row["supports"]),
        refutes=Words(**row["refutes"]),
        routed_to=tuple(row["routed_to"]),
    )


def gap(row: Mapping[str, Any]) -> Gap:
    texts = ("question", "test", "supports", "refutes", "confused_with", "remedy")
    texts_of: dict[str, Any] = {**words_of(row), **{name: Words(**row[name]) for name in texts}}
    return Gap(**texts_of, ask=row["ask"], pzb=row["pzb"], owner=row["owner"])


def system(row: Mapping[str, Any]) -> System:
    return System(
        **words_of(row),
        lives_here=Words(**row["lives_here"]),
        watch=Words(**row["watch"]),
        actions=tuple(row["actions"]),
    )


def remedy(row: Mapping[str, Any]) -> Remedy:
    words = words_of(row) | {"definition_en": row["how"]["en"], "definition_zh": row["how"]["zh"]}
    return Remedy(
        **words,
        causes=tuple(row["causes"]),
        action_type=row["action"],
        owner=row["owner"],
        system=row["system"],
        comparison=row["check"]["comparison"],
        days=row["check"]["days"],
    )


def template(row: Mapping[str, Any]) -> Template:
    return Template(
        **words_of(row),
        wording=Words(**row["wording"]),
        block=row["block"],
        owner=row["owner"],
        remedy=row["remedy"],
        action_type=row["action_type"],
        comparison=row["comparison"],
        days=row["days"],
        guardrails=tuple(row["guardrails"]),
        milestones=tuple(Step(Words(step["en"], step["zh"]), step["days"]) for step in row["milestones"]),
    )
