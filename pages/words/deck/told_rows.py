"""Each part of an issue in words and rows, once for its slides and its workbook. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.diagnosis.gap_verdicts import ARTEFACT
from analysis.result import Result
from data_access.taxonomy_entries import CauseType
from data_access.workshop.records import Basis, Plan
from data_access.workshop.rules import smart_gaps
from data_access.workshop.standing import Standing
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance
from pages.words import path_words, plan_rows, plan_words, selection_words, why_tree
from pages.words.deck.layout import letters
from pages.words.deck.told import Told
from pages.words.format import is_missing, sentences, spaced
from pages.words.methods import known, presentation_of
from pages.words.tables import title_of

LONGEST_TITLE = 150
KEPT = ("kept", "kept_of_all", "lost_raw", "n", "share")  # what is told of each step of the path
LISTENED = ("standard_met", "other_promised", "rule_disliked", "log_disagrees")  # the questions of a listening form
Rows = list[list[str]]


def problem(told: Told) -> str:
    """The data problem in a sentence: what was pinned, else why it is traced without data, else that none is."""
    origin, issue = told.row.origin, told.row.issue
    if origin is not None and origin.statements:
        said = [spaced(told.words.recall(statement)) for statement in origin.statements]
        both = sentences(said[:2])
        return both if letters(both) <= LONGEST_TITLE else said[0]
    if issue.basis is not Basis.DATA:
        return told.text("trace_page.because", basis=told.text(f"workshop.basis.{issue.basis}"),
                         reason=issue.basis_reason)  # fmt: skip
    return told.text("deck.no_problem")


def cover_facts(told: Told) -> dict[str, str]:
    """Whose it is, and over which data."""
    issue, origin = told.row.issue, told.row.origin
    found = {
        told.text("deck.fact.group"): told.klass or (told.text("workshop.of_group", group=issue.group) if issue.group
                                                     else ""),
        told.text("deck.fact.state"): told.text(f"workshop.state.issue.{issue.state}"),
        told.text("deck.fact.data"): told.data,
        told.text("fact.version"): issue.data_version,
    }  # fmt: skip
    if origin is not None:
        found[told.text("form.fact.metric")] = selection_words.metric_name(told.words, origin.selection.metric)
        found[told.text("form.fact.period")] = period(told)
        found[told.text("form.fact.filters")] = filters(told)
    return found | {told.text("deck.fact.made"): told.show(told.made, "date")}


def period(told: Told) -> str:
    """The period, against the baseline where there is one."""
    selection = told.row.origin.selection if told.row.origin else None
    if selection is None:
        return ""
    if selection.baseline:
        return told.text("line.against", period=selection.period, baseline=selection.baseline)
    return told.show(selection.period, "period")


def filters(told: Told) -> str:
    """What the data problem is narrowed to."""
    selection = told.row.origin.selection if told.row.origin else None
    return spaced(" · ".join(selection_words.filters(told.words, told.words, selection))) if selection else ""


def step_names(told: Told) -> list[str]:
    """Everything, then each step of the path."""
    return [told.text("trace_page.everything"),
            *(spaced(path_words.step(told.words, part)) for part in told.row.issue.path)]  # fmt: skip


def places(told: Told, result: Result) -> list[int]:
    """Steps with a score that a reader compares: everything, and the last place on the path that has one."""
    scored = [place for place, value in enumerate(result.table["score"]) if not is_missing(value)]
    last = scored[-1] if "change" not in result.table else max(
        (p for p, v in enumerate(result.table["change"]) if not is_missing(v)), default=0)  # fmt: skip
    return sorted({0, last}) if scored else [0]


def problem_rows(told: Told, result: Result) -> Rows:
    """Of everything and of the place: number, before, difference, interval, answers, and their share of all."""
    table, names = result.table.to_dict("records"), step_names(told)
    found = []
    for place in places(told, result):
        row = table[place]
        name = names[0] if place == 0 else spaced(path_words.path(told.words, told.row.issue.path[:place]))
        found.append([
            name, told.show(row["score"], "metric"), told.show(row.get("score0"), "metric"),
            told.show(row.get("change"), "metric_change"), _interval(told, row, "change_low", "change_high"),
            told.show(row["n"], "count"), told.show(row["share"], "share"),
        ])  # fmt: skip
    return found


def _interval(told: Told, row: Mapping[str, Any], low: str, high: str) -> str:
    if is_missing(row.get(low)) or is_missing(row.get(high)):
        return told.text("format.none")
    return told.text("deck.interval", low=told.show(row[low], "metric_change"),
                     high=told.show(row[high], "metric_change"))  # fmt: skip


def column_title(told: Told, result: Result, name: str) -> str:
    """What a column of a result's table is called."""
    column = next(column for column in presentation_of(result.method).columns if column.name == name)
    return spaced(title_of(column, result, result.method, told.words))


def moved(told: Told, course: Result, place: str) -> str:
    """From where to where the number of a place moved; without a baseline, where it is."""
    s = course.statistics
    if is_missing(s.get("change")):
        return told.text("deck.at", place=place, score=s["score"], unit=course.unit)
    return told.text("deck.moved", place=place, score0=s["baseline_score"], score=s["score"], change=s["change"],
                     low=s["low"], high=s["high"], unit=course.unit)  # fmt: skip


def path_rows(told: Told, result: Result) -> Rows:
    """Each step with what it keeps of the loss of the first and of everything, its answers and their share."""
    return [
        [name, *(told.show(row[column], "count" if column in ("lost_raw", "n") else "share") for column in KEPT)]
        for name, row in zip(step_names(told), result.table.to_dict("records"), strict=True)
    ]  # fmt: skip


def why_lines(told: Told) -> Iterator[tuple[int, Any, str]]:
    """Each why after the one it explains: its depth, itself, and its level, status and evidence in words."""
    for depth, why in why_tree.in_order(told.row.whys):
        pieces = [piece for piece in told.row.evidence if piece.why_id == why.id]
        count = {stance: sum(piece.stance is stance for piece in pieces) for stance in Stance}
        counted = told.text("deck.evidence_count", supports=count[Stance.SUPPORTS], refutes=count[Stance.REFUTES])
        said = [told.text(f"workshop.level.{why.level}"), told.text(f"workshop.status.{why.status}"), counted]
        yield depth, why, " · ".join(said)


def evidence_rows(told: Told) -> Rows:
    """For which why, of which kind, for or against, and what it says; pins that no why names stand for the issue."""
    whys = {why.id: why.statement for why in told.row.whys}
    used = {piece.pin_id for piece in told.row.evidence}
    pinned = [[told.text("deck.whole_issue"), told.text("workshop.evidence_kind.pin"), "", _pinned(told, pin.id)]
              for pin in told.row.pins if pin.id not in used and pin.id != told.row.issue.origin]  # fmt: skip
    attached = [
        [whys.get(piece.why_id, told.text("deck.whole_issue")), told.text(f"workshop.evidence_kind.{piece.kind}"),
         told.text(f"workshop.stance.{piece.stance}"), _said(told, piece)] for piece in told.row.evidence
    ]  # fmt: skip
    return [*attached, *pinned]


def _said(told: Told, piece: Evidence) -> str:
    """What a piece of evidence says. Of contacts only how many: their ids are for who may see rows."""
    parts = [piece.text]
    if piece.kind is EvidenceKind.PIN:
        parts.insert(0, _pinned(told, piece.pin_id))
    if piece.kind is EvidenceKind.RULE:
        parts.insert(0, told.text("trace_page.rule_line", id=piece.rule_id, day=piece.effective))
    if piece.contacts:
        score = piece.statistics.get("score")
        key = "deck.contacts_alone" if is_missing(score) else "deck.contacts"
        parts.insert(0, told.text(key, count=len(piece.contacts), score=score, unit=told.unit_of(piece.metric)))
    parts += [f"{told.text(f'trace_page.ask.{name}')} {told.text(f'trace_page.answer.{piece.answers[name]}')}"
              for name in LISTENED if piece.answers.get(name)]  # fmt: skip
    said = [part for part in parts if part]
    ends = [part if part.endswith((".", "。")) else f"{part} ·" for part in said[:-1]]
    return spaced(sentences([*ends, *said[-1:]]))


def _pinned(told: Told, pin_id: str) -> str:
    pin = next((pin for pin in told.row.pins if pin.id == pin_id), None)
    if pin is None:
        return ""
    if pin.statements:
        return spaced(told.words.recall(pin.statements[0]))
    return told.text(f"page.{pin.method}") if known(pin.method) else pin.method


def kind_rows(told: Told) -> Rows:
    """Kind of cause, gap, service system, power and owner: what was chosen, and what its test says."""
    issue = told.row.issue
    owner = " · ".join(filter(None, [told.label("owner", issue.owner) if issue.owner else "", issue.person]))
    return [
        [told.text("workshop.field.cause_type"), told.label("cause_type", issue.cause_type), _type_test(told)],
        [told.text("workshop.field.gap"), told.label("gap", issue.gap), _gap_test(told)],
        [told.text("workshop.field.system"), told.label("system", issue.system), ""],
        [told.text("workshop.field.power"), told.label("power", issue.power), ""],
        [told.text("workshop.field.owner"), owner or told.text("workshop.field.not_set"), ""],
    ]


def _gap_test(told: Told) -> str:
    """What the test of the chosen gap finds; where none was chosen or tested, nothing."""
    causes, gap = told.results.causes, told.row.issue.gap
    if causes is None or not gap:
        return ""
    tested = zip(causes.table["code"], causes.table["verdict"], causes.findings, strict=False)
    return next((f"{told.text(f'deck.data_say.{verdict}')} "
                 f"{spaced(told.words.say(said))}"
                 for code, verdict, said in tested if code == gap), "")  # fmt: skip


def _type_test(told: Told) -> str:
    """What the data say of the chosen kind of cause, and what would tell it from others."""
    causes, chosen = told.results.causes, told.row.issue.cause_type
    types = causes.parts.get("cause_types") if causes else None
    if types is None or not chosen:
        return ""
    verdict = next((v for code, v in zip(types["code"], types["verdict"], strict=True) if code == chosen), None)
    entry = told.taxonomy.entry("cause_type", chosen)
    test = entry.supports.label(told.words.language) if isinstance(entry, CauseType) else ""
    said = [told.text(f"deck.data_say.{verdict or 'no_data'}")]
    return sentences([*said, told.text("trace_page.would_tell", test=test)] if test else said)


def missing(told: Told) -> list[str]:
    """The steps of the trace that nobody has done yet; who finds that nothing changed needs no plan."""
    row, issue = told.row, told.row.issue
    done = {"no_problem": row.origin is not None or issue.basis is not Basis.DATA,
            "no_path": bool(issue.path or issue.location_reason), "no_why": bool(row.whys),
            "no_evidence": bool(row.evidence or len(row.pins) > 1), "no_kind": bool(issue.cause_type),
            "no_plan": bool(told.plans) or issue.cause_type == ARTEFACT}  # fmt: skip
    return [name for name, is_done in done.items() if not is_done]


def plan_rows_of(told: Told) -> Rows:
    """What, who, by when, towards which target, with which gain, how it is checked, and what it still lacks."""
    found = []
    for plan in told.plans:
        unit = told.unit_of(plan.target_metric)
        metric = selection_words.metric_name(told.words, plan.target_metric)
        found.append([
            plan.action,
            plan_rows.owner_in_words(plan, told.words, told.taxonomy),
            told.show(plan.due, "date"),
            spaced(plan_words.target(told.words, plan, metric, unit)),
            spaced(plan_words.lift(told.words, plan.expected_lift, unit)),
            told.label("check_method", plan.check_method),
            lacking(told, plan),
        ])  # fmt: skip
    return found


def lacking(told: Told, plan: Plan) -> str:
    """What a plan lacks to be specific, measurable, owned and dated."""
    names = [told.text(f"workshop.field.{name}") for name in smart_gaps(plan)]
    return told.show(names, "names") if names else told.text("deck.complete")


def effect_facts(told: Told, plan: Plan, judged: Standing) -> Rows:
    """The verdict, what was gained with its interval beside what was promised, and from which data."""
    unit = told.unit_of(plan.target_metric)
    look = judged.look
    found = [
        [told.text("form.fact.verdict"), plan_rows.verdict_in_words(judged, told.words)],
        [told.text("form.fact.promised"), spaced(plan_words.lift(told.words, plan.expected_lift, unit))],
    ]
    if look is not None:
        found.insert(1, [told.text("form.fact.gain"), spaced(plan_words.gain(told.words, look.statistics, unit))])
        when = "planned" if look.planned else "early"
        found.append([told.text("verify.look.kind"), told.text(f"verify.look.{when}")])
        found.append([told.text("fact.version"), look.data_version])
    return found


def how_rows(told: Told) -> Rows:
    """How each of the numbers came about, and its caveats, with the data they are from."""
    found = []
    for name, result in (("where", told.results.along), ("when", told.results.course), ("kind", told.results.causes)):
        if result is None:
            continue
        said = [result.how.formula, *result.how.assumptions] if result.how else []
        told_of = [spaced(told.words.say(statement)) for statement in (*said, *result.caveats)]
        found.append([told.text(f"deck.how.{name}"), " ".join(told_of)])
    return found
