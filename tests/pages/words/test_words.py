"""Everything the code says is in the catalogues: a key that is missing would take a page down when it is needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.statement import Statement
from pages.words.catalogue import LANGUAGES, Catalogue, texts

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(p for folder in ("analysis", "data_access", "pages") for p in (ROOT / folder).rglob("*.py"))
SPEAKERS = {"text", "Statement", "BadInput", "NothingToShow", "Unreachable", "NotAllowed", "Problem", "tell", "note"}
KEYS = {*texts("en"), *(key.removeprefix("chart.") for key in texts("en"))}  # charts speak in their own section


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Keys the code speaks with, as patterns: what is put in at run time matches anything."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SPEAKERS:
            yield from ((node.lineno, pattern) for pattern in patterns(node.args[0]))


def patterns(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and re.fullmatch(r"\w+(\.\w+)+", key.value):
        yield re.escape(key.value)
    elif isinstance(key, ast.JoinedStr):
        parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w.]+" for p in key.values]
        if all(re.fullmatch(r"[\w.]*", str(p.value)) for p in key.values if isinstance(p, ast.Constant)):  # no prose
            yield "".join(parts)
    elif isinstance(key, ast.IfExp):
        yield from (*patterns(key.body), *patterns(key.orelse))


def test_every_key_the_code_speaks_with_has_a_text() -> None:
    spoken = [(path, line, key) for path in FILES for line, key in said(path)]
    known = "\n".join(KEYS)
    patterned = {key for _, _, key in spoken} - {re.escape(key) for key in KEYS}
    without = {key for key in patterned if not re.search(f"^{key}$", known, flags=re.MULTILINE)}
    assert [f"{path.relative_to(ROOT)}:{line} {key}" for path, line, key in spoken if key in without] == []


FORMER = {  # findings of earlier versions, which pinned evidence still holds
    "drivers.step_yes": {"per_step": 1.0, "per_step_low": 0.5, "per_step_high": 1.5},
    "drivers.step": {"step": "5\u00a0min", "per_step": 1.0, "per_step_low": 0.5, "per_step_high": 1.5},
    "dose.yes_no": {"slope": -1.0, "trend_p": 0.01},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", FORMER)
def test_evidence_of_an_earlier_version_still_speaks(key: str, language: str) -> None:
    values = {"driver": {"dimension": "solved"}, "unit": "rate", **FORMER[key]}
    sentence = Catalogue.load(language).recall(Statement(key, values))
    assert "solved" in sentence and "1.0" in sentence
