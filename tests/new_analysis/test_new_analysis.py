"""A new analysis is a module, its Presentation, a page, a file of texts a language, and a line in two registries."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TREE = Path(__file__).parent / "tree"
ADDED = {
    "analysis/toy.py", "pages/words/methods/toy.py", "pages/explain/toy/__init__.py", "pages/explain/toy/page.py",
    "pages/words/text/en/toy.toml", "pages/words/text/zh-CN/toy.toml",
}  # fmt: skip
LINES = {  # the line, and the one before which it goes
    "analysis/methods.py": ('    "toy": "analysis.toy",\n', "}\n"),
    "app.py": ('            Entry("toy", ":material/toys:", "pages.explain.toy"),\n', '            Entry("trace"'),
}
COPIED = ("analysis", "data_access", "pages", "sample_data", "tests/pages", "tests/engines", ".streamlit")
CLEAN = shutil.ignore_patterns("__pycache__", "*.png")
ASKED = """
import contextlib, io, json, sys
from analysis.__main__ import main

said = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        assert not main(words)
    said.append(out.getvalue())
print(json.dumps(said))
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Path:
    return sample_of(contacts=60_000)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the analysis added: files that are new, and one line each in two that are there."""
    copy = tmp_path_factory.mktemp("new") / "satrace"
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=CLEAN)
    for path in (ROOT / "app.py", ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
        shutil.copy(path, copy / path.relative_to(ROOT))
    for name, path in files().items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy / name)
    for name, (line, before) in LINES.items():
        content = (copy / name).read_text("utf-8")
        assert content.count(before) == 1, f"{name} has no single place for the line"
        (copy / name).write_text(content.replace(before, line + before), encoding="utf-8")
    return copy


def files() -> dict[str, Path]:
    """The files by their places in the project; code is kept as text, since here it could import nothing new."""
    return {
        path.relative_to(TREE).as_posix().removesuffix(".txt"): path for path in TREE.rglob("*") if path.is_file()
    }


def run(copy: Path, sample: Path, *words: str) -> str:
    """What a command says in the copy."""
    environment = {**os.environ, "SATRACE_DATA": str(copy.parent / "data"), "TOY_SAMPLE": str(sample)}
    done = subprocess.run([sys.executable, "-m", *words], cwd=copy, env=environment, capture_output=True, text=True,
                          encoding="utf-8", timeout=600)  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def asked(copy: Path, sample: Path, *questions: Sequence[str]) -> list[str]:
    """What the command says to each question about the analysis, in one process."""
    source = ("--source", f"duckdb:///{sample}", "--model", str(copy / "sample_data" / "semantic.toml"))
    base = ("toy", "--by", "business", "--least", "1000", *source)
    (copy / "asked.py").write_text(ASKED, encoding="utf-8")
    return list(json.loads(run(copy, sample, "asked", json.dumps([[*base, *words] for words in questions]))))


def test_nothing_else_is_needed() -> None:
    assert set(files()) - {"tests/pages/test_toy.py"} == ADDED
    assert all(not (ROOT / name).exists() for name in ADDED)


def test_the_command_line_knows_it(copy: Path, sample: Path) -> None:
    answer, table, english, chinese, options = asked(
        copy, sample, (), ("--format", "csv"), *(("--format", "text", "--lang", lang) for lang in ("en", "zh-CN")),
        ("--help",),
    )  # fmt: skip
    found = json.loads(answer)
    assert found["method"] == "toy" and found["statistics"]["segments"] == len(found["table"]) > 3
    assert set(found["table"][0]) == {"segment", "n", "share", "score", "size"}
    (head, *rows) = csv.reader(io.StringIO(table))
    assert head[0] == "business" and [float(row[1]) for row in rows] == [row["n"] for row in found["table"]]
    assert "has most" in english and "large" in english and "最多，共" in chinese and "规模" in chinese
    assert re.search(r"^toy +segments of --by by their answers", options, re.MULTILINE)


def test_pages_files_pins_and_links_know_it(copy: Path, sample: Path) -> None:
    names = ("tests/pages/test_toy.py", "tests/pages/words/test_catalogue.py", "tests/pages/words/test_methods.py")
    run(copy, sample, "pytest", "-q", "-x", "-p", "no:xdist", f"--basetemp={copy.parent / 'inner'}", *names)
