"""What is a code of the taxonomy called in a field of a record? What no list knows stands as it is. Pure."""

from __future__ import annotations

from data_access.taxonomy import Taxonomy
from data_access.workshop.field_rules import CODES, NO_GAP
from pages.words.catalogue import Catalogue

NOT_SET = ""


def label(words: Catalogue, taxonomy: Taxonomy, name: str, code: str) -> str:
    """The words for a code of a field; what no list knows, such as the name of an owner, stands as it is."""
    if code == NOT_SET:
        return words.text("workshop.field.not_set")
    if name == "gap" and code == NO_GAP:
        return words.text("workshop.field.no_gap")
    if name == "person":
        return code
    section = CODES.get(name, name)
    known = taxonomy.label(section, code, words.language) if section in taxonomy.sections else None
    return known or code
