"""What is a name called in each language?"""

from __future__ import annotations

from dataclasses import dataclass

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Labels:
    """A name in each language; the technical name stands in where a language is missing."""

    name: str
    texts: tuple[tuple[str, str], ...] = ()

    def get(self, language: str) -> str:
        """
        >>> Labels("wait", (("en", "Wait"), ("zh-CN", "等候"))).get("zh-CN")
        '等候'
        """
        known = dict(self.texts)
        return known.get(language) or next(iter(known.values()), self.name)
