"""What is a name called in each language?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool
BETWEEN_CHINESE = re.compile("(?<=[一-鿿]) (?=[一-鿿])")


@dataclass(frozen=True)
class Labels:
    """A name in each language; the technical name stands in where a language is missing."""

    name: str
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """What it is called in any language, as it was written and as it is shown."""
        return tuple(dict.fromkeys(called for _, text in self.texts for called in (text, _shown(text))))

    def get(self, language: str) -> str:
        """
        >>> Labels("wait", (("en", "Wait"), ("zh-CN", "等候"))).get("zh-CN")
        '等候'
        """
        known = dict(self.texts)
        return _shown(known.get(language) or next(iter(known.values()), self.name))


def _shown(text: str) -> str:
    """Headers of two rows are joined by a blank, which Chinese does not have.

    >>> _shown("业务 大类"), _shown("5G 账单 金额"), _shown("Queue Offered")
    ('业务大类', '5G 账单金额', 'Queue Offered')
    """
    return BETWEEN_CHINESE.sub("", text)


def meant(text: str, called: Mapping[str, Collection[str]]) -> str | None:
    """The name that a text means: a name itself, else the only one that is called so; None where that is open.

    >>> called = {"wait": ["Wait", "等候"], "queue": ["Wait", "排队"]}
    >>> meant("wait", called), meant("排队", called), meant("Wait", called)
    ('wait', 'queue', None)
    """
    if text in called:
        return text
    wanted = text.strip().casefold()
    found = [name for name, words in called.items() if wanted in (word.casefold() for word in words)]
    return found[0] if len(found) == 1 else None
