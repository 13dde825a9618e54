"""The list: masked ids, how likely, and why; as files with masked ids only."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.result import Result
from data_access.statement import BadInput
from pages.frame import address, taken_along
from pages.frame.context import Context
from pages.monitor.risk import apart
from pages.report import report
from pages.words.format import sentences
from pages.words.tables import exported
from pages.words.writers import spreadsheet


def free(here: Context, result: Result, rounds: apart.Known) -> Result:
    """The result without those in a round: some of them are held out, and nobody is called twice."""
    try:
        taken = apart.taken(here, result, rounds)
    except BadInput as problem:  # too many contacts to look for masked ids among
        st.warning(here.say(problem.statement), icon=":material/info:")
        taken = frozenset(case.contact for _, cases in rounds.values() for case in cases)
    table = result.table[~result.table["contact_id"].isin(taken)].reset_index(drop=True)
    return replace(result, table=table)


def about(here: Context, result: Result) -> None:
    """Whose contacts these are, and what must be assumed to say anything of them; the assumption only once."""
    s, told = result.statistics, []
    if s["chosen"]:
        most = s["chosen"] == s["capacity"] * s["days"]
        told.append(here.text("risk_page.ends.capacity" if most else "risk_page.ends.cost", **s))
    if s["first_day"] is not None:
        told.append(here.text("risk_page.whose", first_day=s["first_day"], last_day=s["last_day"]))
    if not here.at_least("intermediate"):
        told.append(here.say(result.caveats[0]))
    st.caption(sentences(told))


def show(here: Context, result: Result) -> None:
    """The customers to contact, and the two files; nothing where there is nobody."""
    if len(result.table):
        report.table(here, result)
    if len(result.table) < result.statistics["chosen"]:
        st.caption(here.text("risk_page.cut", shown=len(result.table), chosen=result.statistics["chosen"]))
    if len(result.table):
        _files(here, result)


def _files(here: Context, result: Result) -> None:
    """The list as it stands on the screen."""
    with st.container(horizontal=True, vertical_alignment="center"):
        link, days = address.link(), f"{result.statistics['last_day'] or ''}"
        name = "-".join(filter(None, ("satrace-risk", days)))
        st.download_button(
            here.text("action.excel"),
            taken_along.noted(here, lambda: report.workbook(here, result, link), "xlsx", result=result),
            f"{name}.xlsx", report.XLSX,
            icon=":material/table_view:", key="risk.excel", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            here.text("action.csv"),
            taken_along.noted(here, lambda: spreadsheet.to_csv(exported(result, here.plain)), "csv", result=result),
            f"{name}.csv", "text/csv", icon=":material/csv:", key="risk.csv", on_click="ignore",
        )  # fmt: skip
        report.copy_link(here)
