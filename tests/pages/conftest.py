"""Pages under AppTest: a small sample warehouse, one run of a page, and every text a reader would see on it."""

from __future__ import annotations

import functools
import json
import re
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from google.protobuf.message import Message
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from sample_data import make

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "sample_data" / "semantic.toml"
CONTACTS = 60_000
OpenPage = Callable[..., AppTest]
Downloads = dict[str, Callable[[], bytes]]
# A word left in the other language shows in Chinese only; English is the second look, of `make prove`.
EACH_LANGUAGE = (pytest.param("zh-CN"), pytest.param("en", marks=pytest.mark.prove))
EACH_CATALOGUE = [
    pytest.param(Catalogue.load(look.values[0]), marks=look.marks, id=look.values[0]) for look in EACH_LANGUAGE
]


def in_both(cases: Iterable[str]) -> list[ParameterSet]:
    """Cases with a language: all in Chinese, and again in English when all is proven."""
    return [pytest.param(case, *look.values, marks=look.marks) for look in EACH_LANGUAGE for case in cases]


def in_turn(cases: Iterable[str]) -> list[ParameterSet]:
    """Cases with a language each in turn, as the words of one are as good as those of the other; then the rest."""
    turns = [(case, *(("zh-CN", "en") if number % 2 == 0 else ("en", "zh-CN"))) for number, case in enumerate(cases)]
    first = [pytest.param(case, language) for case, language, _ in turns]
    return first + [pytest.param(case, language, marks=pytest.mark.prove) for case, _, language in turns]


# fields of an element that are no words but names for machines
SILENT = {
    "id", "form_id", "key", "url", "url_pathname", "icon", "color", "column_config", "element_id", "type", "tag",
    "page", "query_string", "page_script_hash", "file_name", "deferred_file_id", "language", "format", "theme",
}  # fmt: skip
STYLE = re.compile(r"<(style|script)>.*?</\1>", re.DOTALL)
FIGURE_WORDS = {"text", "title", "name", "ticktext", "hovertemplate", "x", "y"}
MARKUP = re.compile(r"<[^<>]*>|&\w+;|:material/\w+:|:[\w-]+\[|%\{[^}]*\}")


@pytest.fixture(scope="session", autouse=True)
def _packages_are_scanned_once() -> Iterator[None]:
    """Each AppTest reads all installed packages in search of components, which takes longer than most pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(
            manifest_scanner.scan_component_manifests))  # fmt: skip
        yield


@pytest.fixture(scope="session")
def sample(sample_of: Callable[..., Path]) -> Path:
    """A small sample warehouse with every planted cause."""
    return sample_of(contacts=CONTACTS)


@pytest.fixture
def open_page(sample: Path, empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens a page of the app over the small sample by its address, with a workshop of its own."""
    if not (workshop := tmp_path / empty_store.name).exists():
        shutil.copy(empty_store, workshop)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(sample))
    monkeypatch.setenv("SATRACE_MODEL", str(MODEL))
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))

    def opened(page: str, *, claims: Mapping[str, Any] | None = None, **asked: str | Sequence[str]) -> AppTest:
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        app._page_hash = calc_hash(page)
        app.query_params.update({name: list(v) if not isinstance(v, str) else v for name, v in asked.items()})
        if claims is not None:
            app.secrets = {"auth": {"client_id": "satrace"}}
            everything = {"satrace_roles": ["analyst"], "satrace_scope": "*"}
            app.user = {"is_logged_in": True, "sub": "li", "iat": time.time(), **everything, **claims}
        return app.run()

    return opened


@pytest.fixture
def on_sample(open_page: OpenPage, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Pages over the sample of the installation, which is the small one here."""
    (tmp_path / f"{make.STEM}{make.fingerprint()}.duckdb").symlink_to(sample)
    monkeypatch.delenv("SATRACE_WAREHOUSE")
    monkeypatch.delenv("SATRACE_MODEL")
    return open_page


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download button of a page gives, by its file's name; made outside of any run, as in life."""
    offered: Downloads = {}
    original = MediaFileManager.add_deferred

    def remembered(self: MediaFileManager, make: Callable[[], bytes], *given: Any, **named: Any) -> str:
        offered[str(named["file_name"])] = make
        return original(self, make, *given, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", remembered)
    return offered


def file_of(downloads: Downloads, begins: str, ending: str, *of: str) -> Callable[[], bytes]:
    """The one file whose name begins so, and has these parts besides: of what, and of which days."""
    (made,) = (
        make for name, make in downloads.items()
        if name.startswith(f"{begins}_") and name.endswith(ending)
        and {*of} <= {*name.removesuffix(ending).split("_")}
    )  # fmt: skip
    return made


def seen(app: AppTest) -> str:
    """Every text of a page, one a line: labels, hints, options, tables, charts; not the link and not SQL."""
    return spaced(MARKUP.sub(" ", STYLE.sub(" ", "\n".join(_texts(app._tree)))))


def _texts(block: Any) -> Iterator[str]:
    for child in block.children.values():
        if getattr(child, "children", None) is not None:
            yield from strings(child.proto) if child.proto is not None else ()
            yield from _texts(child)
        elif child.type == "plotly_chart":
            yield from figure_words(json.loads(child.proto.spec))
        elif child.type in ("arrow_data_frame", "dataframe", "table"):
            yield from map(str, child.value.columns)
            yield from (text for text in child.value.to_numpy().ravel() if isinstance(text, str))
        elif child.type != "code":
            yield from strings(child.proto)


def strings(proto: Message) -> Iterator[str]:
    """The words of an element, without names for machines."""
    yield from (text for _, text in fields_with_text(proto, SILENT))


def fields_with_text(proto: Message, skipped: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The strings of a message and of those within it, each with the name of its field."""
    for field, value in proto.ListFields():
        if field.name in skipped:
            continue
        for part in value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]:
            if isinstance(part, str):
                yield field.name, part
            elif isinstance(part, Message):
                yield from fields_with_text(part, skipped)


def figure_words(node: Any, names: Collection[str] = FIGURE_WORDS, name: str = "") -> Iterator[str]:
    """The strings of a figure below any of some names."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from figure_words(value, names, key)
    elif isinstance(node, list):
        for value in node:
            yield from figure_words(value, names, name)
    elif isinstance(node, str) and name in names:
        yield node
