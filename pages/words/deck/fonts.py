"""Which letters do the files use? Each run names a Latin and an East Asian font and its language.

PowerPoint and WPS take Chinese signs from a font of their own guess where a file names none, and show boxes where
that has none of them. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx.opc.package import OpcPackage, XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

EAST_ASIAN = "Microsoft YaHei"
LATIN = {"en": "Calibri", "zh-CN": "Microsoft YaHei"}
LANG = {"en": "en-US", "zh-CN": "zh-CN"}
PALETTE = {"dk2": "17212B", "lt2": "E7ECF2", "accent1": "1F3A5F", "accent2": "0072B2", "accent3": "A04400",
           "accent4": "7F7F7F", "accent5": "5B6670", "accent6": "B4BDC7"}  # fmt: skip
_BEFORE = tuple(qn(f"a:{name}") for name in (
    "ln", "noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill", "effectLst", "effectDag", "highlight",
    "uLnTx", "uLn", "uFillTx", "uFill",
))  # fmt: skip
_FONTS = tuple(qn(f"a:{name}") for name in ("latin", "ea", "cs"))
_RUNS = tuple(qn(f"a:{name}") for name in ("r", "br", "fld"))
_PROPERTIES = tuple(qn(f"a:{name}") for name in ("rPr", "defRPr", "endParaRPr"))
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without signs that are orders or that no file can hold; a new line and a tab are a space.

    >>> clean("a\\x1b[31m\\u202eb\\n c\\ud800")
    'a[31mb c'
    """
    kept = "".join(" " if sign in "\n\t\r\u2028\u2029" else sign for sign in text if not _is_order(sign))
    return re.sub(" +", " ", _UNWRITABLE.sub("", kept)).strip()


def dress(package: OpcPackage, language: str) -> None:
    """Give every run of slides, notes, charts and masters its fonts and its language, and the theme the same."""
    for part in package.iter_parts():
        if isinstance(part, XmlPart):
            _dress_runs(part._element, language)
        elif part.content_type.endswith("theme+xml"):
            part._blob = _themed(part.blob, language)


def _is_order(sign: str) -> bool:
    turns = "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"
    return turns or (unicodedata.category(sign) == "Cc" and sign not in "\n\t\r")


def _dress_runs(root: Any, language: str) -> None:
    for run in root.iter(*_RUNS):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, parse_xml(f'<a:rPr xmlns:a="{_A}"/>'))
    for properties in root.iter(*_PROPERTIES):
        _dress_one(properties, language)


def _dress_one(properties: Any, language: str) -> None:
    for known in [child for child in properties if child.tag in _FONTS]:
        properties.remove(known)
    place = sum(child.tag in _BEFORE for child in properties)
    for offset, font in enumerate(_fonts(language)):
        properties.insert(place + offset, font)
    properties.set("lang", LANG[language])
    if language != "en":
        properties.set("altLang", "en-US")


def _fonts(language: str) -> Iterator[Any]:
    for name, face in (("latin", LATIN[language]), ("ea", EAST_ASIAN), ("cs", LATIN[language])):
        yield parse_xml(f'<a:{name} xmlns:a="{_A}" typeface="{face}"/>')


def _themed(blob: bytes, language: str) -> bytes:
    """The theme with our fonts and colours, so that what people add looks alike."""
    root = parse_xml(blob)
    for fonts in root.iter(qn("a:majorFont"), qn("a:minorFont")):
        for name, face in (("latin", LATIN[language]), ("ea", EAST_ASIAN), ("cs", LATIN[language])):
            fonts.find(qn(f"a:{name}")).set("typeface", face)
    for colours in root.iter(qn("a:clrScheme")):
        for name, colour in PALETTE.items():
            place = colours.find(qn(f"a:{name}"))
            place[:] = [parse_xml(f'<a:srgbClr xmlns:a="{_A}" val="{colour}"/>')]
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
