"""The sidebar: metric, period, baseline, filters, language, text size. One state in widget, link and value.

Widgets keep codes in the session; the address is written from them on every run. What a link asks for is checked
against the model and the data, and what does not fit is dropped with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from data_access.access import Scope
from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from pages.frame import address, linked_filters, open_mark, periods, whole_span
from pages.frame.periods import Calendar
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.links import parameter
from pages.words.markdown import escape_markdown
from pages.words.names import Names
from pages.words.one_line import told_apart
from pages.words.options import code_of, member_of, option_meant

SHOWN_FILTERS = 3
SPOKEN = "lang.spoken"  # the language of the previous run
CODED = frozenset({"metric", "period", "base", "data", "depth", "text", "import.formula", "import.cluster"})
WORDED = ("page.", "import.read.")  # so begin the keys of choices that are shown in words
CHOSEN = frozenset({"metric", "period", "own.from", "own.to", "base", "base_own.from", "base_own.to", "filters.more",
                    })  # fmt: skip
Members = Callable[[str], Sequence[str | None]]


def choose_language() -> str:
    """The language of this session: the link's, the one chosen, else the browser's."""
    address.take("lang", "lang", lambda values: values[0] if values[0] in LANGUAGES else None)
    if st.session_state.get("lang") not in LANGUAGES:
        browser = (st.context.locale or "").lower()
        st.session_state["lang"] = "zh-CN" if browser.startswith("zh") else "en"
    language = str(st.session_state["lang"])
    if st.session_state.get(SPOKEN, language) != language:
        _say_again()
    st.session_state[SPOKEN] = language
    address.write("lang", language)
    return language


def _say_again() -> None:
    """Tell the browser every choice anew: it keeps showing the words of the language before."""
    for key in list(st.session_state):
        if str(key) in CODED or str(key).startswith(WORDED):
            st.session_state[key] = st.session_state[key]


def choose_reading(words: Catalogue) -> bool:
    """Language and text size at the foot of the sidebar. Returns whether text is large."""
    address.take("text", "text", lambda values: values[0] if values[0] in ("normal", "large") else None)
    st.session_state.setdefault("text", "normal")
    st.segmented_control(
        words.text("sidebar.language"), LANGUAGES, key="lang", required=True, label_visibility="collapsed",
        format_func=lambda code: {"en": "English", "zh-CN": "简体中文"}[code], width="stretch",
    )  # fmt: skip
    st.segmented_control(
        words.text("sidebar.text"), ("normal", "large"), key="text", required=True, label_visibility="collapsed",
        format_func=lambda code: words.text(f"sidebar.text_{code}"), width="stretch",
    )  # fmt: skip
    address.write("text", st.session_state["text"])
    return bool(st.session_state["text"] == "large")


def choose_selection(
    model: SemanticModel,
    calendar: Calendar | None,
    *,
    members: Members,
    names: Names,
    words: Catalogue,
    scope: Scope,
    page: str,
) -> Selection:
    """Draw the filters and answer with the selection they stand for, narrowed to the scope."""
    linked_filters.rename(model, page)
    open_mark.arrive(page, model, members)
    metric = _choose_metric(model, names, words)
    period, baseline = _choose_periods(calendar, words) if calendar else (None, None)
    if whole_span.holds(page, period):
        period = baseline = None
    chosen = [part for name in _drawn(model) if (part := _choose_members(name, members, names, words, scope))]
    _add_filter(model, names, words)
    st.button(words.text("sidebar.clear"), icon=":material/filter_alt_off:", type="tertiary", on_click=_clear,
              args=(model.filterable,), key="filters.clear")  # fmt: skip
    return Selection(metric, period, baseline, tuple(chosen)).within(scope.filters)


def _choose_metric(model: SemanticModel, names: Names, words: Catalogue) -> str:
    options = list(model.metrics)
    address.take("metric", "metric", lambda values: option_meant(values[0], options, names.of_dimension))
    if st.session_state.get("metric") not in options:
        st.session_state["metric"] = options[0]
    chosen = st.selectbox(words.text("sidebar.metric"), options, key="metric", format_func=names.of_dimension)
    address.write("metric", chosen)
    return chosen


def _choose_periods(calendar: Calendar, words: Catalogue) -> tuple[Period | None, Period | None]:
    _take_periods(calendar)
    state = st.session_state
    if state.get("period") not in calendar.codes:
        state["period"] = calendar.usual
    code = st.selectbox(
        words.text("sidebar.period"),
        calendar.codes,
        key="period",
        on_change=whole_span.end,
        format_func=lambda c: _period_name(c, calendar, words),
    )
    own = _own_days("own", calendar, words) if code == periods.OWN else (calendar.first, calendar.last)
    period = calendar.period(code, own)
    if state.get("base") not in periods.BASELINES:
        state["base"] = periods.PREVIOUS
    base = st.selectbox(words.text("sidebar.baseline"), periods.BASELINES, key="base", disabled=period is None,
                        format_func=lambda c: words.text(f"baseline.{c}"))  # fmt: skip
    own = _own_days("base_own", calendar, words) if base == periods.OWN and period else own
    baseline = periods.baseline(base, period, own)
    _write_periods(period, base, baseline)
    return period, baseline


def _take_periods(calendar: Calendar) -> None:
    """Half-open dates of a link become the code of a period, or the first and last day of one's own."""
    state = st.session_state
    if list(state[address.ARRIVED].get("from", ())) == [periods.ALL]:
        address.requested("from")
        state["period"] = periods.ALL
    for name, key in (
        ("from", "own.from"),
        ("to", "own.to"),
        ("base_from", "base_own.from"),
        ("base_to", "base_own.to"),
    ):
        address.take(name, f"link.{key}", lambda values: _within(periods.parse_days(values), calendar))
    address.take("base", "base", lambda values: values[0] if values[0] in periods.BASELINES else None)
    if own := _span("own", "from, to"):
        state["period"] = calendar.code_of(own)
        state["own.from"], state["own.to"] = own.start, own.last_day
    if base := _span("base_own", "base_from, base_to"):
        state["base_own.from"], state["base_own.to"] = base.start, base.last_day


def _span(place: str, name: str) -> Period | None:
    """The period of a link's two dates; half of one, or one that runs backwards, is dropped with a note."""
    first, last = (st.session_state.pop(f"link.{place}.{end}", None) for end in ("from", "to"))
    if first and last and first < last:
        return Period(first, last)
    if first or last:
        address.note("link.dropped", name=name, value=", ".join(str(day) for day in (first, last) if day))
    return None


def _within(day: date | None, calendar: Calendar) -> date | None:
    return day if day and calendar.first.replace(day=1) <= day <= date(calendar.last.year + 1, 12, 31) else None


def _own_days(prefix: str, calendar: Calendar, words: Catalogue) -> tuple[date, date]:
    """Two single dates: a range widget would speak the browser's language."""
    days = []
    for end, default in (("from", calendar.last.replace(day=1)), ("to", calendar.last)):
        key = f"{prefix}.{end}"
        st.session_state.setdefault(key, default)
        days.append(st.date_input(words.text(f"sidebar.{end}"), key=key, format="YYYY-MM-DD"))
    return min(days), max(days)


def _write_periods(period: Period | None, base: str, baseline: Period | None) -> None:
    if period is None:
        address.write("from", periods.ALL)
        return
    address.write("from", period.start.isoformat())
    address.write("to", period.end.isoformat())
    address.write("base", base)
    if base == periods.OWN and baseline:
        address.write("base_from", baseline.start.isoformat())
        address.write("base_to", baseline.end.isoformat())


def _period_name(code: str, calendar: Calendar, words: Catalogue) -> str:
    if code in (*periods.RECENT, periods.ALL, periods.OWN):
        return words.text(f"period.{code}")
    period = calendar.period(code, (calendar.first, calendar.last))
    if periods.is_week(code):
        return words.text("period.week", week=int(code.split("-W")[1]), period=period)
    return words.show(period, "period")


def _drawn(model: SemanticModel) -> Sequence[str]:
    """Dimensions whose filter is on the page: the first few, those in use, and those asked for."""
    state = st.session_state
    for name in model.filterable:
        if parameter(name) in state[address.ARRIVED]:
            state.setdefault("filters.more", set()).add(name)
    used = {name for name in model.filterable if state.get(f"filter.{name}")}
    used |= state.get("filters.more", set())
    return [n for i, n in enumerate(model.filterable) if i < SHOWN_FILTERS or n in used]


def _add_filter(model: SemanticModel, names: Names, words: Catalogue) -> None:
    """Offer the dimensions whose filter is not drawn yet."""
    shown = set(_drawn(model))
    rest = [name for name in model.filterable if name not in shown]
    if rest:
        st.selectbox(words.text("sidebar.more"), rest, index=None, key="filters.add", on_change=_add,
                     label_visibility="collapsed",
                     placeholder=words.text("sidebar.more"), format_func=names.of_dimension)  # fmt: skip


def _add() -> None:
    chosen = st.session_state.get("filters.add")
    if chosen:
        st.session_state.setdefault("filters.more", set()).add(chosen)
        st.session_state["filters.add"] = None


def _choose_members(name: str, members: Members, names: Names, words: Catalogue, scope: Scope) -> Filter | None:
    key, called = f"filter.{name}", names.of_dimension(name)
    allowed = next((f.values for f in scope.filters if f.dimension == name), None)
    options = [code_of(v) for v in members(name) if allowed is None or v in allowed]

    def show(code: str) -> str:
        return words.show(member_of(code), "name", dimension=name)

    address.take(parameter(name), key, lambda values: linked_filters.known(called, values, options, show))
    st.session_state[key] = [code for code in st.session_state.get(key, []) if code in options]
    chosen = st.multiselect(
        escape_markdown(called),
        options,
        key=key,
        placeholder=words.text("sidebar.all"),
        select_all=False,
        format_func=told_apart(options, show),
    )
    if not chosen:
        return None
    address.write(parameter(name), *chosen)
    return Filter(name, tuple(member_of(code) for code in chosen))


def narrow(parts: Sequence[Filter]) -> None:
    """Let the filters of some dimensions stand for these values and no others; before the sidebar is drawn."""
    for part in parts:
        st.session_state[f"filter.{part.dimension}"] = [code_of(value) for value in part.values]
        st.session_state.setdefault("filters.more", set()).add(part.dimension)


def _clear(names: Sequence[str]) -> None:
    for name in names:
        st.session_state[f"filter.{name}"] = []
    st.session_state["filters.more"] = set()


def go_to(selection: Selection, calendar: Calendar | None, without: Sequence[str]) -> None:
    """Let the sidebar stand for another selection; `without` names the filters that are given up."""
    for name in without:
        st.session_state[f"filter.{name}"] = []
    if calendar is not None:
        _go_to_periods(selection, calendar)


def _go_to_periods(selection: Selection, calendar: Calendar) -> None:
    state, period, base = st.session_state, selection.period, selection.baseline
    state["period"] = calendar.code_of(period) if period else periods.ALL
    if state["period"] == periods.OWN and period:
        state["own.from"], state["own.to"] = period.start, period.last_day
    codes = [state["base"], *periods.BASELINES] if state["base"] != periods.OWN else periods.BASELINES
    state["base"] = next(c for c in codes if periods.baseline(c, period, _days_of(base)) == base)
    if base and state["base"] == periods.OWN:
        state["base_own.from"], state["base_own.to"] = base.start, base.last_day


def _days_of(period: Period | None) -> tuple[date, date]:
    return (period.start, period.last_day) if period else (date.min, date.min)


def forget() -> None:
    """Other data have come: what was chosen of the old ones means nothing any more."""
    for key in list(st.session_state):
        if str(key) in CHOSEN or str(key).startswith(("filter.", "option.")):
            del st.session_state[key]


def check_scope(model: SemanticModel, scope: Scope) -> None:
    """A scope over a dimension these data lack cannot be kept, so nothing is shown."""
    for part in scope.filters:
        if part.dimension not in model.dimensions:
            raise BadInput("access.scope_not_in_data", name=part.dimension)
