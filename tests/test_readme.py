"""What the README says is so: pages, variables, packages, commands, links."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pages.words.catalogue import texts

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = sorted(
    set(re.findall(r"python -m ((?:analysis|data_access|sample_data)\S*[^\n`>]*)", README)), key=README.index
)
ON_SAMPLE = [command for command in COMMANDS if command.startswith("analysis ") and "--source" not in command]
PINS = ("requirements.txt", "tests/requirements.txt")
REQUIREMENT = re.compile(r"^([A-Za-z0-9_-]+)(?:\[[a-z]+\])?==\S+", flags=re.MULTILINE)


def pages() -> list[str]:
    """Names of the pages in the order of the menu: the first argument of each Entry in app.py."""
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Entry"]
    return [str(ast.literal_eval(call.args[0])) for call in calls]


def direct(file: str) -> list[str]:
    """Requirements of a file that the project itself uses, by name."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return REQUIREMENT.findall(text.split("# What these bring along.")[0])


def help_of(module: str, verb: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself."""
    is_package = (ROOT / module.replace(".", "/")).is_dir()
    entry = importlib.import_module(f"{module}.__main__" if is_package else module)
    with pytest.raises(SystemExit) as ended:
        entry.main([*filter(None, [verb]), "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def run(command: str, *, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run `python -m <command>` at the top of the project."""
    asked = [sys.executable, "-m", *command.split()]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=timeout, encoding="utf-8")


def test_every_page_is_described() -> None:
    described = re.findall(r"^\*\*(.+?)\*\*", README.split("## The pages")[1].split("\n## ")[0], flags=re.MULTILINE)
    assert described == [texts("en")[f"page.{name}"] for name in pages()]


def test_every_variable_is_described_and_exists() -> None:
    said = set(re.findall(r"SATRACE_[A-Z_]+", README))
    places = [(ROOT / "data_access" / name).read_text(encoding="utf-8") for name in ("settings.py", "salt.py")]
    read = set(re.findall(r"SATRACE_[A-Z_]+", "".join(places)))
    assert said == {name for name in read if not name.endswith("_")}


def test_every_package_is_named_with_its_reason() -> None:
    table = dict(re.findall(r"^\| ([\w-]+) \| (.{4,}) \|$", README.split("## What it is built on")[1], re.MULTILINE))
    assert set(table) == set(direct("requirements.txt"))
    assert [name for name in direct("tests/requirements.txt") if name not in README] == []


@pytest.mark.parametrize("file", PINS)
def test_everything_is_pinned(file: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line and not REQUIREMENT.match(line) and not line.startswith("-r ")] == []


def test_the_pins_are_all_that_is_needed_and_fit_together() -> None:
    """A package that is not pinned would be another one next year."""
    lines = [line.split("#")[0].strip() for file in PINS for line in (ROOT / file).read_text("utf-8").splitlines()]
    pinned = {canonicalize_name(r.name): r for r in map(Requirement, filter(REQUIREMENT.match, lines))}
    for found in pinned.values():
        if found.marker is None or found.marker.evaluate():
            assert found.specifier.contains(version(found.name)), found
            for needed in needs(found):
                assert canonicalize_name(needed.name) in pinned, f"{found.name} needs {needed}"
                assert needed.specifier.contains(version(needed.name)), f"{found.name} needs {needed}"


def needs(package: Requirement) -> Iterator[Requirement]:
    """What a package needs here, for the extras asked of it."""
    for needed in map(Requirement, requires(package.name) or ()):
        if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in ("", *package.extras)):
            yield needed


@pytest.mark.parametrize("command", COMMANDS)
def test_options_of_a_command_exist(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, *rest = command.split()
    known = help_of(module, rest[0] if module == "data_access" else "", capsys)
    assert [word for word in rest if word.startswith("--") and word not in known] == []


@pytest.mark.slow
def test_the_first_command_makes_its_sample_and_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    done = run(ON_SAMPLE[0], timeout=120)
    assert (done.returncode, done.stdout.strip() != "") == (0, True), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ON_SAMPLE[1:])
def test_a_command_answers_on_the_sample(
    command: str, sample_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(sample_of().parent))
    module, *words = command.split()
    ended = importlib.import_module(f"{module}.__main__").main(words)
    said = capsys.readouterr()
    signals = 4 if words[0] == "monitor" else 0
    assert (ended, said.out.strip() != "", said.err) == (signals, True, "")


def test_targets_of_make_exist() -> None:
    rules = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"make (\w+)", "\n".join(text for _, text in BLOCKS))) <= set(rules)
    assert {"run", "test", "prove", "check", "bench"} <= set(rules)


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_what_it_links_to_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "toml"])
def test_settings_it_shows_are_toml(text: str) -> None:
    assert tomllib.loads(text)
