"""What is a file called that somebody takes along? After its content, so that it is found again. Pure.

Every system can hold the name: none of the signs, endings and words that Windows keeps for itself.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from analysis.result import Result
from data_access.selection import Period
from pages.words.catalogue import Catalogue
from pages.words.format import spaced

LONGEST_PART, LONGEST = 40, 80  # signs of a part and of the whole: Chinese ones take three bytes each, of 255
_KEPT_BY_WINDOWS = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff_\ud800-\udfff]+'
)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def file_name(*parts: str | date | Period | None, ending: str) -> str:
    """A name of what is known, from the general to the particular; `ending` without its dot.

    >>> file_name("周会纪要", "满意度", date(2026, 10, 31), "K7M4QX", ending="pptx")
    '周会纪要_满意度_2026-10-31_K7M4QX.pptx'
    >>> file_name("con", ending="csv"), file_name('a<b>: "c"/d. ', "", ending="xlsx")
    ('con_.csv', 'a b c d.xlsx')
    """
    said = [kept for part in parts if (kept := _safe(part))]
    whole = "_".join(said)[:LONGEST].rstrip(" ._") or "Satrace"
    return f"{_DEVICE.sub(lambda found: f'{found[0]}_', whole, count=1) if _DEVICE.match(whole) else whole}.{ending}"


def of_result(result: Result, words: Catalogue, *, ending: str) -> str:
    """A result: which analysis, of which metric, by what, of which days."""
    by = [words.show({"dimension": name}, "name") for name in result.options.get("by", ())]
    metric = words.show({"dimension": result.metric}, "name")
    return file_name(words.text(f"page.{result.method}"), metric, *by, result.selection.period, ending=ending)


def _safe(part: str | date | Period | None) -> str:
    if isinstance(part, Period):
        return "_".join(_days(part))
    if isinstance(part, date):
        return part.isoformat()[:10]
    text = " ".join(_KEPT_BY_WINDOWS.sub(" ", spaced(part or "")).split())
    return text[:LONGEST_PART].strip(" .")


def _days(period: Period) -> tuple[str, str]:
    """The first day and the last, which both count."""
    return period.start.isoformat(), (period.end - timedelta(days=1)).isoformat()
