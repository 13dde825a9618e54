"""The report on a class as a workbook: points by hand and by the product with their sums as formulas. Pure."""

from __future__ import annotations

from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from analysis.training.class_results import RIGHT, GroupResult
from pages.words.answer_words import best_promise
from pages.words.deck import class_told as parts
from pages.words.deck.class_told import ClassTold
from pages.words.deck.fonts import clean
from pages.words.writers.spreadsheet import Formula, to_excel


def class_workbook(told: ClassTold) -> bytes:
    """The .xlsx: a sheet for each part of the report; truth and reference only once they were revealed."""
    key = told.results.key
    sheets = {"beside": _beside(told), "scores": _scores(told), "quiz": _quiz(told), "comments": _comments(told)}
    if key is not None:
        both = (told.text("class_report.reference_part"), told.text("class_report.reference"))
        options = [told.text(f"class_report.{name}") for name in ("option", "gain", "cost")]
        chain = [[told.text("desk.reference_part.chain"), f"{n}. {why} ({shown})" if shown else f"{n}. {why}"]
                 for n, why, shown in parts.chain_rows(told, key)]  # fmt: skip
        truth = [told.text("desk.rubric_group"), told.text("desk.row.where"), told.text("desk.row.match")]
        sheets |= {
            "bets": _bets(told),
            "truth": pd.DataFrame(parts.match_rows(told), columns=truth, dtype=object),
            "reference": pd.DataFrame([*parts.reference_rows(told, key), *chain], columns=both, dtype=object),
            "tradeoffs": pd.DataFrame(parts.tradeoff_rows(told, key), columns=options, dtype=object),
        }
    named = {told.text(f"class_report.sheet.{name}"): table for name, table in sheets.items() if len(table)}
    return to_excel(named, facts=_facts(told), title=told.text("class_report.sheet.class"))


def _facts(told: ClassTold) -> dict[str, str]:
    key, klass = told.results.key, told.results.klass
    found = {told.text("class_report.class"): clean(klass.title), **parts.facts(told)}
    if key is None:
        return found | {told.text("class_report.reference"): told.text("class_report.not_revealed_note")}
    return found | {told.text("desk.truth" if key.truth.kind else "desk.truth_own"): parts.planted(told, key)}


def _beside(told: ClassTold) -> pd.DataFrame:
    """A row a group: what it found, with the share kept and the gain as numbers."""
    rows, found = parts.beside(told), []
    for place, (name, one) in enumerate(zip(told.names, told.groups, strict=True)):
        cells = [value for cells in rows.values() for value in (clean(cells[place].text), clean(cells[place].note))]
        best = best_promise(one.answer) if one.answer else None
        handed_in = one.group.submitted_at
        found.append([name, one.people, handed_in.replace(tzinfo=None) if handed_in else None, *cells,
                      parts.kept_of(one), best.expected_lift if best else None])  # fmt: skip
    heads = [told.text("desk.rubric_group"), told.text("class_report.people"), told.text("class_report.handed_in")]
    for name in rows:
        heads += [told.text(f"desk.row.{name}"), f"{told.text(f'desk.row.{name}')} +"]
    heads += [told.text("form.fact.kept_of_all"), told.text("workshop.field.expected_lift")]
    return pd.DataFrame(found, columns=heads, dtype=object)


def _scores(told: ClassTold) -> pd.DataFrame:
    """Points by criterion; totals are what the row adds up to, less the hints."""
    criteria = [told.text(f"desk.criterion.{code}") for code in told.worth]
    heads = [told.text("desk.rubric_group"), told.text("desk.column.hints"), told.text("class_report.hints_cost")]
    for key in ("by_hand", "by_product"):
        heads += [f"{name}, {told.text(f'class_report.{key}')}" for name in criteria]
        heads.append(told.text("class_report.total" if key == "by_hand" else "class_report.product_total"))
    rows = [_points(told, one, name, place) for place, (name, one) in
            enumerate(zip(told.names, told.groups, strict=True), start=2)]  # fmt: skip
    return pd.DataFrame(rows, columns=heads, dtype=object)


def _points(told: ClassTold, one: GroupResult, name: str, row: int) -> list[Any]:
    cost = parts.cost_of(one)
    found: list[Any] = [name, one.hints, cost]
    for points in (parts.by_hand(told, one), parts.by_product(told, one)):
        first, last = len(found), len(found) + len(points) - 1
        total = parts.total(points, cost)
        cells = f"{xl_col_to_name(first)}{row}:{xl_col_to_name(last)}{row}"
        found += [*points, None if total is None else Formula(f"=MAX(0,SUM({cells})-C{row})", total)]
    return found


def _quiz(told: ClassTold) -> pd.DataFrame:
    heads = [told.text("desk.rubric_group"), told.text("class_report.quiz"), told.text("class_report.quiz_asked"),
             told.text("class_report.quiz_share")]  # fmt: skip
    rows = []
    for place, (name, one) in enumerate(zip(told.names, told.groups, strict=True), start=2):
        share = parts.quiz_share(one)
        shown = None if share is None else Formula(f"=B{place}/C{place}", share)
        rows.append([name, one.quiz_right, one.quiz_asked, shown])
    return pd.DataFrame(rows, columns=heads, dtype=object)


def _bets(told: ClassTold) -> pd.DataFrame:
    """The Brier score as what it is: the squared distance between the bet and what came true."""
    heads = [told.text("desk.rubric_group"), *(told.text(f"desk.column.{name}") for name in
                                               ("bet", "was_right", "brier"))]  # fmt: skip
    rows: list[list[Any]] = []
    for place, (name, one) in enumerate(zip(told.names, told.groups, strict=True), start=2):
        right = None if one.match is None else int(one.match in RIGHT)
        score = None if one.brier is None else Formula(f"=(B{place}-C{place})^2", one.brier)
        rows.append([name, one.group.bet, right, score])
    return pd.DataFrame(rows, columns=heads, dtype=object)


def _comments(told: ClassTold) -> pd.DataFrame:
    heads = [told.text("desk.rubric_group"), told.text("class_report.criterion"), told.text("desk.points"),
             told.text("class_report.comment")]  # fmt: skip
    return pd.DataFrame(parts.comment_rows(told), columns=heads, dtype=object)
