"""The page at the door: a code and a name, or the instructor's passcode. No script, and nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from data_access.statement import Statement
from pages.frame.door.address import below
from pages.words.catalogue import LANGUAGES, Catalogue

HERE = Path(__file__).parent
STYLE = (HERE / "join.css").read_text(encoding="utf-8")
LOGO = (HERE.parent / "logo.svg").read_text(encoding="utf-8")
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{HASH}'",
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
OWN_NAMES = {"en": "English", "zh-CN": "简体中文"}
LONGEST_CODE, LONGEST_NAME, LONGEST_PASSCODE = 16, 60, 200
CODE, PASSCODE = "code", "passcode"  # the two ways in
OFF = 'autocapitalize="off" autocorrect="off" spellcheck="false"'
ICON = "data:,"  # a browser would ask for one


@dataclass(frozen=True)
class Filled:
    """What stands in the form already. The passcode is never given back."""

    way: str = CODE
    code: str = ""
    name: str = ""
    passcode: str = field(default="", repr=False)


def drawn(words: Catalogue, filled: Filled, trouble: Statement | None = None) -> str:
    """The two forms, with what was wrong above the one that was sent."""
    text, by_code = words.text, filled.way == CODE
    fields = _code(text("door.code"), filled.code) + _name(text("door.name"), filled.name if by_code else "", CODE)
    leading = _name(text("door.name"), "" if by_code else filled.name, PASSCODE) + _passcode(text("door.passcode"))
    said = f'<p role="alert">{escape(words.say(trouble))}</p>' if trouble else ""
    return _page(
        words,
        f'<div class="card"><h1>{escape(text("door.title"))}</h1><p class="lead">{escape(text("door.lead"))}</p>'
        f"{said if by_code else ''}{_form(words, 'join', fields, text('door.join'), way=CODE)}</div>"
        f"<details{'' if by_code else ' open'}><summary>{escape(text('door.leads'))}</summary>"
        f"{_form(words, 'join', ('' if by_code else said) + leading, text('door.come_in'), way=PASSCODE)}</details>",
        {"code": filled.code} if filled.code else {},
    )


def drawn_inside(words: Catalogue, name: str) -> str:
    """For somebody who is in already: on to the class, or out."""
    on = f'<a class="go" href="{below()}/class?lang={words.language}">{escape(words.text("door.go_on"))}</a>'
    out = _form(words, "leave", "", words.text("door.leave"), kind="second")
    title = escape(words.text("door.inside", name=name))
    return _page(words, f'<div class="card"><h1>{title}</h1>{on}{out}</div>', {})


def _page(words: Catalogue, content: str, kept: Mapping[str, str]) -> str:
    title = escape(words.text("door.title"))
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8"><title>{title} · Satrace</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="{ICON}">'
        f"<style>{STYLE}</style></head><body><header>{LOGO}{_languages(words, kept)}</header>"
        f"<main>{content}</main></body></html>"
    )


def _languages(words: Catalogue, kept: Mapping[str, str]) -> str:
    """Links to the page in each language."""
    links = []
    for code in LANGUAGES:
        to = escape(f"{below()}/join?{urlencode({**kept, 'lang': code})}")
        current = ' aria-current="page"' if code == words.language else ""
        links.append(f'<a href="{to}" lang="{code}"{current}>{OWN_NAMES[code]}</a>')
    return f'<nav aria-label="{escape(words.text("sidebar.language"))}">{"".join(links)}</nav>'


def _form(words: Catalogue, to: str, fields: str, button: str, *, kind: str = "", way: str = "") -> str:
    hidden = f'<input type="hidden" name="lang" value="{words.language}">'
    hidden += f'<input type="hidden" name="way" value="{way}">' if way else ""
    style = f' class="{kind}"' if kind else ""
    return (
        f'<form method="post" action="{below()}/{to}" accept-charset="utf-8">{hidden}{fields}'
        f'<button type="submit"{style}>{escape(button)}</button></form>'
    )


def _code(label: str, value: str) -> str:
    more = (
        f'autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" value="{escape(value)}"'
    )
    return _field("code", "code", label, LONGEST_CODE, more)


def _name(label: str, value: str, way: str) -> str:
    return _field(f"name-{way}", "name", label, LONGEST_NAME, f'autocomplete="name" value="{escape(value)}"')


def _passcode(label: str) -> str:
    return _field("passcode", "passcode", label, LONGEST_PASSCODE,
                  f'type="password" autocomplete="current-password" {OFF}')  # fmt: skip


def _field(id: str, name: str, label: str, longest: int, more: str) -> str:
    return (
        f'<label for="{id}">{escape(label)}</label>'
        f'<input id="{id}" name="{name}" required maxlength="{longest}" {more}>'
    )
