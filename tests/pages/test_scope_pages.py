"""To whom a part of the data is open sees, on every page and in every file, what data cut to that part would show."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.selection import Filter

from ..analysis.test_scope import random_scope
from ..cut import cut
from .conftest import Downloads, OpenPage, seen

Open = Callable[..., AppTest]
PAGES: dict[str, dict[str, Any]] = {
    "overview": {"depth": "advanced"},
    "change": {"by": "business", "depth": "advanced"},
    "contribution": {"by": "team", "depth": "advanced"},
    "contrast": {"by": "team", "depth": "advanced"},
    "drivers": {"driver": "wait"},
    "correlation": {},
    "trace": {},
    "workshop": {},
    "data": {},
}
QUICK, LISTS = ("contribution",), ("trace", "workshop")
# when something was made, and by which id it is known
MADE = re.compile(
    r"\d{4}-\d\d-\d\d(T| )\d\d:\d\d(:\d\d)?Z?|\d\d:\d\d"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|issue-[0-9a-f]{8}"
)


@pytest.fixture
def worlds(
    open_page: OpenPage, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[tuple[tuple[Filter, ...], tuple[Open, Open]]]:
    """A random scope, and pages over all data and over data cut to it, each with a workshop of its own."""
    copy = Path(shutil.copy(sample, tmp_path / "copy.duckdb"))  # the app holds the file itself open
    scope = random_scope(copy, request.param)
    paths = (sample, cut(copy, scope, tmp_path / "cut.duckdb"))

    def over(path: Path) -> Open:
        def opened(page: str, **asked: Any) -> AppTest:
            monkeypatch.setenv("SATRACE_WAREHOUSE", str(path))
            monkeypatch.setenv("SATRACE_DATA", str(tmp_path / path.stem))
            return open_page(page, **asked)

        return opened

    yield scope, (over(paths[0]), over(paths[1]))


def claims_of(scope: tuple[Filter, ...]) -> dict[str, Any]:
    return {"sub": "wang", "satrace_scope": {part.dimension: list(part.values) for part in scope}}


def everything(app: AppTest, downloads: Downloads) -> dict[str, str]:
    """Texts, code, link and files of a page; moments at which something was made left out."""
    told = {"seen": seen(app), "code": "\n".join(c.value for c in app.code), "link": str(app.query_params)}
    told |= {name: content_of(make()) for name, make in downloads.items()}
    downloads.clear()
    return {MADE.sub("…", name): MADE.sub("…", text) for name, text in told.items()}


def content_of(file: bytes) -> str:
    """What stands in a file: all parts of a workbook or of slides, and of the workbooks in these, or the text."""
    if not file.startswith(b"PK"):
        return file.decode("utf-8-sig", errors="backslashreplace")  # slides hold pictures
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        return "\n".join(f"{name}: {content_of(book.read(name))}" for name in book.namelist())


def looks() -> list[Any]:
    prove = pytest.mark.prove
    return [pytest.param(seed, page, marks=() if seed == 1 and page in QUICK else prove)
            for seed in (1, 2, 3) for page in PAGES]  # fmt: skip


@pytest.mark.parametrize(("worlds", "page"), looks(), indirect=["worlds"])
def test_a_page_shows_what_data_cut_to_the_scope_would_show(
    worlds: tuple[tuple[Filter, ...], tuple[Open, Open]], page: str, downloads: Downloads
) -> None:
    scope, opened = worlds
    told = []
    for open_it in opened:
        if page in LISTS:  # which ask nothing of data that nobody has opened yet
            open_it("overview", claims=claims_of(scope))
            downloads.clear()
        told.append(everything(open_it(page, claims=claims_of(scope), lang="en", **PAGES[page]), downloads))
    assert told[0] == told[1]


@pytest.mark.parametrize("worlds", [1, *(pytest.param(s, marks=pytest.mark.prove) for s in (2, 3))], indirect=True)
def test_what_an_analyst_of_all_data_pins_tells_a_reader_what_was_asked(
    worlds: tuple[tuple[Filter, ...], tuple[Open, Open]], tmp_path: Path, downloads: Downloads
) -> None:
    """The list, the issue, its history and its file say the same whatever was found beyond the reader's scope."""
    scope, opened = worlds
    told, titles = [], []
    for open_it in opened:
        app = open_it("contribution", claims={"sub": "li"}, lang="en", by="region")
        next(b for b in app.button if b.key == "pin.save.contribution").click().run()
        assert not app.exception and app.success
        open_it("overview", claims=claims_of(scope))
        downloads.clear()
        listed = open_it("workshop", claims=claims_of(scope), lang="en")
        told.append(everything(listed, downloads))
        issue = next(b.key.removeprefix("issue.open.") for b in listed.button if str(b.key).startswith("issue.open."))
        one = open_it("workshop", claims=claims_of(scope), lang="en", issue=issue)
        one.session_state[f"history.{issue}"] = True
        told.append(everything(one.run(), downloads))
        assert not one.exception and one.title
        titles.append(one.title[0].value)
    for one, other in zip(told[:2], told[2:], strict=True):
        for name in one:
            assert one[name].split("\n") == other[name].split("\n"), name
        assert list(one) == list(other)
    assert titles == ["Where are points lost? Satisfaction, October 2026"] * 2
