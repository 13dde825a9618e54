"""The house rules hold in every file: who may import what, where effects live, and how long things may be."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (  # from the ground up: a file imports from its own layer and from those before it
    "data_access", "analysis/stats", "analysis", "pages/words", "pages/charts", "pages/frame", "pages/report",
    "pages/record", "pages", "app.py",
)  # fmt: skip
APART = {"analysis/stats": ("analysis/stats",), "sample_data": ("sample_data", "data_access")}
TOP = {
    "app.py", "pages", "analysis", "data_access", "sample_data", "tests", "requirements.txt", "README.md",
    "Makefile", "pyproject.toml", ".ci", ".streamlit", ".gitignore", "CHANGELOG.md", "LICENSE",
}  # fmt: skip
ONLY_IN = {
    "streamlit": ("pages/", "app.py"),  # but for words and charts, which run without
    "plotly": ("pages/",),
    "sqlalchemy": ("data_access/",),
    "alembic": ("data_access/",),
    "psycopg": ("data_access/",),
    "duckdb": (
        "data_access/files/",
        "data_access/warehouse/dialects/",
        "data_access/frozen.py",
        "sample_data/bank/build.py",
        "sample_data/case/frames.py",
        "sample_data/make.py",
        "sample_data/tables.py",
    ),
    "sqlite3": ("data_access/warehouse/dialects/", "data_access/workshop/"),
    "pickle": (),
}
ENTRY_POINTS = (
    "analysis/__main__.py",
    "analysis/command.py",
    "analysis/plans_command.py",
    "analysis/deck_command.py",
    "analysis/review_command.py",
    "data_access/__main__.py",
    "data_access/commands/",
)  # speak
WIDGETS = {
    "audio_input", "button", "camera_input", "chat_input", "checkbox", "color_picker", "data_editor", "dataframe",
    "date_input", "datetime_input", "download_button", "feedback", "file_uploader", "form_submit_button",
    "multiselect", "number_input", "pills", "plotly_chart", "radio", "segmented_control", "select_slider",
    "selectbox", "slider", "text_area", "text_input", "time_input", "toggle",
}  # fmt: skip
SQL = re.compile(r"\b(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|CREATE (TABLE|VIEW)\s|GROUP BY\s)")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|opt|root|home)/\w")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|mirrors?\.\w+\.\w+|index-url[ =]")
UNSAFE = {"unsafe_allow_html", "unsafe_allow_javascript"}
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_PAGE, MEDIAN_FUNCTION = 60, 300, 40, 10


@cache
def tracked() -> tuple[str, ...]:
    """Files of the project as git sees them, those not added yet included; without git, all that lie here."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        hidden = re.compile(r"(^|/)(\.(?!ci|streamlit|gitignore)|__pycache__)")
        listed = [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*")]
        listed = [name for name in listed if not hidden.search(name)]
    return tuple(sorted(name for name in listed if (ROOT / name).is_file()))


def sources(*folders: str) -> list[str]:
    """Python files below the folders, or all of the project's own."""
    own = [name for name in tracked() if name.endswith(".py")]
    return [name for name in own if name.startswith(folders)] if folders else own


FILES = frozenset(sources())
PRODUCT = [name for name in sources() if not name.startswith("tests/")]


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """The syntax tree of a file, flat."""
    return tuple(ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"), name)))


@cache
def imports(name: str) -> frozenset[str]:
    """Full names of the modules that a file imports, relative ones resolved."""
    return frozenset(_imports(name))


def _imports(name: str) -> Iterator[str]:
    package = name.removesuffix(".py").split("/")[:-1]
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def below(module: str, parents: tuple[str, ...]) -> bool:
    return any(module == parent or module.startswith(f"{parent}.") for parent in parents)


@cache
def file_of(module: str) -> str | None:
    """The file of ours that a full name stands for, be it a module or something in one."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        if found := next((f for f in (f"{path}.py", f"{path}/__init__.py") if f in FILES), None):
            return found
    return None


@cache
def used_by(name: str) -> set[str]:
    """Our own files that a file imports."""
    return {found for module in imports(name) if (found := file_of(module)) and found != name}


def layer(name: str) -> str:
    return max((place for place in (*LAYERS, *APART) if name.startswith(place)), key=len)


def page(name: str) -> str:
    """The folder of a page, empty for what all pages share."""
    folder = name.rpartition("/")[0]
    return next((place for place in PAGES if f"{folder}/".startswith(f"{place}/")), "")


PAGES = [name.removesuffix("/page.py") for name in sources("pages/") if name.endswith("/page.py")]


def may_import(name: str, used: str) -> bool:
    """Whether a file may import another: downwards, and never one page another."""
    if name.startswith(ENTRY_POINTS):
        return layer(used) in (*LAYERS[: LAYERS.index("pages/words") + 1], "sample_data")
    if layer(name) in APART:
        return layer(used) in APART[layer(name)]
    if layer(used) == "sample_data":
        return layer(name) in ("pages/frame", "pages")
    downwards = LAYERS.index(layer(used)) <= LAYERS.index(layer(name))
    return downwards and (not page(used) or name == "app.py" or page(used) == page(name))


def test_imports_run_downwards() -> None:
    upwards = {(name, used) for name in PRODUCT for used in used_by(name) if not may_import(name, used)}
    assert upwards == set()


def test_imports_run_in_no_circle() -> None:
    """Not even for types only: two modules that need each other are one, or three."""
    left = {name: used_by(name) & set(PRODUCT) for name in PRODUCT if not name.endswith("__init__.py")}
    while ends := {name for name, used in left.items() if not used & set(left)}:
        left = {name: used for name, used in left.items() if name not in ends}
    assert {name: sorted(used & set(left)) for name, used in left.items()} == {}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_layer(library: str) -> None:
    users = {name for name in PRODUCT if any(below(module, (library,)) for module in imports(name))}
    assert {name for name in users if not name.startswith(ONLY_IN[library] or ("nowhere",))} == set()


def test_only_its_dialect_knows_an_engine() -> None:
    """No other module of the warehouse names one, so that a new engine is one new module."""
    modules = [name for name in sources("data_access/warehouse/") if "/dialects/" not in name]
    named = {
        name for name in modules if re.search("duckdb|sqlite|postgres|mysql", (ROOT / name).read_text("utf-8"), re.I)
    }
    assert modules and named == set()


def test_command_lines_words_and_charts_run_without_streamlit() -> None:
    places = ("analysis/", "data_access/", "pages/words/", "pages/charts/")
    left_out = ("migrations", "dialects/spark_driver.py")  # the latter needs a driver that not everybody has
    modules = [name.removesuffix(".py").replace("/", ".") for name in sources(*places)
               if not any(part in name for part in left_out)]  # fmt: skip
    code = "import importlib, sys\nfor module in sys.argv[1:]:\n importlib.import_module(module)\n"
    code += " if 'streamlit' in sys.modules: sys.exit(module)"
    done = subprocess.run([sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_top_level_stays_as_it_is() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP


def test_no_page_can_run_without_the_frame() -> None:
    """Streamlit serves every module directly in pages/ by its address, without app.py: no sign-in, no scope."""
    assert [name for name in sources("pages/") if name.count("/") == 1] == ["pages/__init__.py"]


def functions(name: str) -> Iterator[tuple[str, int]]:
    """Each function of a file and its length in lines."""
    for node in nodes(name):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def lines(name: str) -> int:
    return len((ROOT / name).read_text(encoding="utf-8").splitlines())


def test_functions_are_short() -> None:
    assert {at: length for name in sources() for at, length in functions(name) if length > LONGEST_FUNCTION} == {}
    assert statistics.median(length for name in PRODUCT for _, length in functions(name)) <= MEDIAN_FUNCTION


def test_files_are_short() -> None:
    assert {name: lines(name) for name in sources() if lines(name) > LONGEST_FILE} == {}


def test_a_page_reads_as_a_recipe() -> None:
    assert {
        f"{name}/page.py": lines(f"{name}/page.py") for name in PAGES if lines(f"{name}/page.py") > LONGEST_PAGE
    } == {}


def calls(name: str) -> Iterator[ast.Call]:
    yield from (node for node in nodes(name) if isinstance(node, ast.Call))


def test_every_widget_has_a_key() -> None:
    """Without one, a widget forgets its value as soon as its label changes: with the language, for one."""
    made = [(name, c) for name in sources("pages/", "app.py") for c in calls(name)]
    widgets = [(name, c) for name, c in made if isinstance(c.func, ast.Attribute) and c.func.attr in WIDGETS]
    without = [(name, c) for name, c in widgets if not {k.arg for k in c.keywords} & {"key", None}]
    assert [f"{name}:{c.lineno} {ast.unparse(c.func)}" for name, c in without] == []


def test_nothing_unsafe() -> None:
    made = [(name, c) for name in PRODUCT for c in calls(name)]
    evaluated = [name for name, c in made if isinstance(c.func, ast.Name) and c.func.id in ("eval", "exec")]
    raw = [name for name, c in made if {k.arg for k in c.keywords} & UNSAFE]
    known = [f"pages/frame/{name}.py" for name in ("class_strip", "in_browser", "kept", "top", "wall")]
    assert (evaluated, raw) == ([], known), "constant scripts, known by their hashes"


def texts(name: str) -> Iterator[ast.Constant]:
    """String constants of a file that are not docstrings."""
    said = {id(node.value) for node in nodes(name) if isinstance(node, ast.Expr)}
    for node in nodes(name):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


def test_no_sql_outside_its_layer() -> None:
    others = [name for name in PRODUCT if not name.startswith(("data_access/", "sample_data/"))]
    found = [f"{name}:{text.lineno}" for name in others for text in texts(name) if SQL.search(str(text.value))]
    assert found == []


@pytest.mark.parametrize("what", [MACHINE, REGISTRY], ids=["machine", "registry"])
def test_the_project_names_no_machine_and_no_registry(what: re.Pattern[str]) -> None:
    found = []
    for name in tracked():
        text = (ROOT / name).read_bytes().decode("utf-8", errors="ignore") if not name.endswith(".png") else ""
        found += [f"{name}: {hit.group()}" for hit in what.finditer(text)]
    assert found == []


def test_no_data_and_no_secret_lie_in_the_project() -> None:
    data = re.compile(r"\.(duckdb|sqlite3?|db|parquet|xlsx|pkl)(\.\w+)?$|truth\.json$|secrets\.toml$")
    made_up = "tests/cases/"  # small files as people have them, written for the tests
    assert [name for name in tracked() if data.search(name) and not name.startswith(made_up)] == []
    assert [name for name in tracked() if (ROOT / name).stat().st_size > 1_000_000] == []


def test_importing_the_app_starts_no_server() -> None:
    """A process spawned from a script that was `app.py` runs it again under another name."""
    code = "import runpy; runpy.run_path('app.py', run_name='__mp_main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
