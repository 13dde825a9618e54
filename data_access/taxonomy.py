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

from data_access import taxonomy_entries
from data_access.statement import BadInput
from data_access.taxonomy_entries import CauseType, Entry, Gap, Reason, Remedy, System, Template

SHIPPED = Path(__file__).with_name("taxonomy.toml")
PLAIN_SECTIONS = ("power", "owner", "touchpoint", "action_type", "comparison")
NOT_STATED = "not_stated"


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All lists, by section. Entries keep the order of the file, gaps that in which they are asked."""

    sections: Mapping[str, tuple[Entry, ...]]
    reasons: tuple[Reason, ...]
    remedies: tuple[Remedy, ...]
    cause_types: tuple[CauseType, ...]
    gaps: tuple[Gap, ...]
    systems: tuple[System, ...]
    blocks: tuple[Entry, ...]
    templates: tuple[Template, ...]
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
    reasons = tuple(taxonomy_entries.reason(row) for row in content["reason"])
    remedies = tuple(taxonomy_entries.remedy(row) for row in content["remedy"])
    sections: dict[str, tuple[Entry, ...]] = {
        name: tuple(Entry(**taxonomy_entries.words_of(row)) for row in content[name]) for name in PLAIN_SECTIONS
    }
    causes = tuple(taxonomy_entries.cause_type(row) for row in content["cause_type"])
    gaps = tuple(sorted((taxonomy_entries.gap(row) for row in content["gap"]), key=lambda gap: gap.ask))
    systems = tuple(taxonomy_entries.system(row) for row in content["system"])
    # a list of an installation from before there were blocks and templates goes on without them
    blocks = tuple(Entry(**taxonomy_entries.words_of(row)) for row in content.get("block", ()))
    templates = tuple(taxonomy_entries.template(row) for row in content.get("template", ()))
    sections |= {"block": blocks, "template": templates}
    sections |= {"reason": reasons, "remedy": remedies, "cause_type": causes, "gap": gaps, "system": systems}
    by_code = {(name, entry.code): entry for name, entries in sections.items() for entry in entries}
    return Taxonomy(
        sections=sections, reasons=reasons, remedies=remedies, cause_types=causes, gaps=gaps, systems=systems,
        blocks=blocks, templates=templates,
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


def _plain(label: str) -> str:
    """Full-width forms become half-width, case and all white space go."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())
