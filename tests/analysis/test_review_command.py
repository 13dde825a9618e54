"""The command that writes a review: what it refuses, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main
from data_access.workshop.store import open_store


@pytest.mark.parametrize(("words", "told"), [
    (["--export", "{folder}/a.docx"], ".pptx"),
    (["--export", "{folder}/none/a.pptx"], "none"),
    (["--export", "{folder}/a.pptx", "--meeting", "ABC234"], "meeting"),
    (["--export", "{folder}/a.pptx", "--meeting", "ABC234", "--metric", "score"], "--meeting"),
])  # fmt: skip
def test_one_sentence_says_what_is_wrong(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "w.sqlite"
    open_store(f"sqlite:///{store}")
    given = [word.format(folder=tmp_path) for word in words]
    assert main(["review", *given, "--store", str(store)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and told in err.lower() and not (tmp_path / "a.pptx").exists()
