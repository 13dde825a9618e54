"""A result as the body of a message for a group robot (DingTalk, WeCom): it is written, never sent."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.methods import presentation_of

# Robots know no escapes, so what they would take for markup or a mention stands in its full-width form.
_MARKUP = {ord(sign): ord(sign) + 0xFEE0 for sign in "\\`*_[](){}<>#@~|!$&+=:/"}


def to_webhook(result: Result, words: Catalogue) -> str:
    """The question as the title, what was found line by line, the version of the data."""
    told = replace(words, formatter=replace(words.formatter, escape=plain))
    title = words.text(presentation_of(result.method).question)
    lines = [f"### {title}", *(f"- {told.say(statement)}" for statement in (*result.findings, *result.caveats))]
    lines.append(f"`{plain(result.data_version)}`")
    body = {"msgtype": "markdown", "markdown": {"title": title, "text": "\n\n".join(lines)}}
    return json.dumps(body, ensure_ascii=False) + "\n"


def plain(text: str) -> str:
    """A text of the data on one line, as nothing but text.

    >>> plain("@all [x](http://a.example)")
    '＠all ［x］（http：／／a．example）'
    """
    return re.sub(r"\.(?=[^\W\d])", "．", " ".join(text.split()).translate(_MARKUP))
