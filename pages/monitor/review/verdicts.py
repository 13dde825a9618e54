"""Did it work? The way from the finding to the check, then the verdict with its interval and its picture."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from data_access.workshop.records import Verdict
from pages import charts
from pages.charts.effect import Course
from pages.frame import wall
from pages.monitor.review.html import mark
from pages.monitor.review.seen import Seen
from pages.report import report
from pages.words import path_words, plan_words
from pages.words.format import is_missing, sentences
from pages.words.kept_names import verdict_of
from pages.words.markdown import escape_markdown

HIGH, HIGH_GAPS = 580, 520  # pixels of both pictures
NAMED = 3  # members of a control that are named one by one
KINDS = {Verdict.EFFECTIVE: "new", Verdict.NOT_EFFECTIVE: "", Verdict.NOT_ENOUGH_EVIDENCE: "calm"}


def chain(seen: Seen) -> None:
    """Finding, cause, action, check, one beside the other."""
    action = seen.facts.more["action"]
    st.title(escape_markdown(action), anchor=False)
    links = [_link(seen, row) for row in seen.slide.rows]
    st.html(f'<div class="wall-chain">{"<i>→</i>".join(links)}</div>')
    number = seen.about(seen.slide.subject, "verdict")
    if number:
        st.button(seen.words.text("review.to_verdict"), key="review.to_verdict", icon=":material/science:",
                  on_click=wall.go_to, args=(seen.meeting.code, number))  # fmt: skip


def _link(seen: Seen, row: Mapping[str, Any]) -> str:
    told = {"finding": _finding, "cause": _cause, "action": _action, "check": _check}[row["link"]](seen, row)
    lines = "".join(f"<p>{line}</p>" for line in told if line)
    heading = seen.text(f"review.link.{row['link']}")
    return f"<div><h2>{escape(heading)}</h2>{lines}</div>"


def _finding(seen: Seen, row: Mapping[str, Any]) -> list[str]:
    path = escape(path_words.path(seen.plain, row["path"])) if row.get("path") else ""
    return [f"<b>{escape(row['title'])}</b>", path, *(seen.html(said) for said in seen.slide.statements)]


def _cause(seen: Seen, row: Mapping[str, Any]) -> list[str]:
    codes = [seen.label(name, row[name]) for name in ("gap", "cause_type", "power") if row[name]]
    return [f"<b>{escape(row['cause'] or row['why'])}</b>", escape(" · ".join(codes)),
            escape(row["why"]) if row["cause"] and row["why"] != row["cause"] else ""]  # fmt: skip


def _action(seen: Seen, row: Mapping[str, Any]) -> list[str]:
    who = " · ".join(filter(None, [seen.label("owner", row["owner"]) if row["owner"] else "", row["person"]]))
    days = [seen.text("chart.effect.start", day=row["start"])] if row["start"] else []
    return [f"<b>{escape(row['action'])}</b>", escape(who), escape(" · ".join(days)),
            mark(seen.text(f"workshop.state.plan.{row['state']}"), "calm")]  # fmt: skip


def _check(seen: Seen, row: Mapping[str, Any]) -> list[str]:
    method = seen.label("check_method", row["check_method"]) if row["check_method"] else ""
    day = seen.text("chart.effect.check", day=row["check_on"]) if row["check_on"] else ""
    verdict = seen.text(f"workshop.verdict.{row['verdict']}") if row["verdict"] else seen.text("review.no_verdict")
    return [f"<b>{escape(method)}</b>", escape(day), mark(verdict, KINDS.get(row["verdict"], "calm"))]


def verdict(seen: Seen) -> None:
    """The verdict in a word with the effect and its interval, what it rests on, both groups before and since."""
    more, result = seen.facts.more, seen.result
    gain = plan_words.gain(seen.plain, result.statistics, seen.facts.unit)
    told = seen.text("review.verdict", verdict=verdict_of(seen.slide, seen.text), gain=gain, action=more["action"])
    st.title(escape_markdown(told), anchor=False)
    st.html(f'<p class="wall-say">{escape(" · ".join(_facts(seen)))}</p>')
    weeks = result.parts.get("weeks")
    if weeks is not None and len(weeks) and len(result.table):
        both = weeks["group"].nunique() > 1
        left, right = st.columns([5, 4], gap="medium") if both else (st.container(), st.container())
        with left:
            picture = charts.effect(weeks, result.table, _course(seen), look=seen.look)
            report.picture(seen.here, seen.tall(picture, HIGH), "review.effect")
        if both:
            with right:
                st.html(f'<p class="wall-quiet">{escape(seen.text("verify.before"))}</p>')
                gaps = charts.effect_gaps(weeks, _course(seen), look=seen.look)
                report.picture(seen.here, seen.tall(gaps, HIGH_GAPS), "review.gaps")
    said = [seen.html(statement) for statement in seen.slide.statements[:2]]
    st.html(f'<p class="wall-quiet">{sentences(said)}</p>')


def _facts(seen: Seen) -> list[str]:
    """The control by name, the answers of each cell, what the errors go by, and what was promised."""
    more, result = seen.facts.more, seen.result
    n, clusters = result.table["n"], result.statistics.get("clusters")
    told = [seen.text("verify.against", names=_named(seen, "control")) if more["control_count"]
            else seen.text("plan_form.no_control")]  # fmt: skip
    key = "verify.cells" if n.min() < n.max() else "verify.each_cell"
    told.append(seen.text(key, least=n.min(), most=n.max()))
    if not is_missing(clusters) and more["cluster"]:
        told.append(seen.text("verify.clusters", clusters=clusters, dimension={"dimension": more["cluster"]}))
    if more["promised"] is not None:
        told.append(seen.text("verify.promised", gain=plan_words.lift(seen.plain, more["promised"], seen.facts.unit)))
    return told


def _named(seen: Seen, group: str) -> str:
    """A group by the names of its members, of many the first ones and how many there are; people by their number."""
    members, more = seen.facts.more[group], seen.facts.more
    if not members:
        return seen.text(f"verify.{group}", count=more[f"{group}_count"])
    first = ", ".join(seen.plain.show(one, "name", dimension=more["dimension"]) for one in members[:NAMED])
    return seen.text("verify.more_names", names=first, count=len(members)) if len(members) > NAMED else first


def _course(seen: Seen) -> Course:
    """As on the plan's own page: a colour only where it worked, or did harm."""
    more, s = seen.facts.more, seen.result.statistics
    worked, harmed = s.get("verdict") == Verdict.EFFECTIVE, (s.get("gain_high") or 0.0) < 0
    return Course(
        start=more["start"], check_on=more["check_on"], noticed=more["noticed"], before=more["before"],
        treated=_short(seen, "treated"), control=_short(seen, "control"),
        effect=s.get("effect"), low=s.get("low"), high=s.get("high"),
        verdict="gain" if worked else "loss" if harmed else "none",
    )  # fmt: skip


def _short(seen: Seen, group: str) -> str:
    members, more = seen.facts.more[group], seen.facts.more
    if 0 < len(members) <= 2:
        return ", ".join(seen.plain.show(one, "name", dimension=more["dimension"]) for one in members)
    return seen.text(f"verify.{group}", count=more[f"{group}_count"])
