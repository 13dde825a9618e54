"""What does a metric count? A survey its answers; everything else, such as a rate of calls, its contacts.

The texts speak of answers and scores. Where nobody was asked they are said of contacts instead, by the pairs of words
under `counted.pairs`, so that no text is written twice and none is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

AREAS_APART = ("counted", "coverage", "data", "draft", "fact", "file", "model")  # of files, or of a survey alone


def of_contacts(words: Mapping[str, str]) -> Mapping[str, str]:
    """The texts of a language, said of contacts."""
    said = dict(pair.split("=") for pair in words["counted.pairs"].split("|"))
    longest_first = sorted(said, key=len, reverse=True)
    answers = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in longest_first))
    return MappingProxyType({
        key: answers.sub(lambda found: said[found[0]], text) if _counts_answers(key, text, words) else text
        for key, text in words.items()
    })  # fmt: skip


def _counts_answers(key: str, text: str, words: Mapping[str, str]) -> bool:
    speaks = any(word in text.lower() for word in words["counted.answer"].split("|"))
    return speaks and key.split(".")[0] not in AREAS_APART
