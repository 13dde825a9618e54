"""A class that is open, over data that were made for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.contribution import contribution
from data_access.access import Role, User
from data_access.frozen import freeze_case
from data_access.model_file import read_model
from data_access.selection import Selection
from data_access.training import Kind
from data_access.training_file import read_case, read_key
from data_access.warehouse import open_warehouse
from data_access.workshop.class_records import Member, TrainingClass
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, Pin, new_id
from data_access.workshop.store import Store
from sample_data.case import make

PASSCODE = "seven quiet lamps 42"


def opened_class(
    store: Store, data_folder: Path, teacher: User, *, groups: Sequence[str], kind: Kind = Kind.RULE
) -> TrainingClass:
    """A class on a case with a cause that is easy to find."""
    folder = make(data_folder / "cases", seed=11, difficulty=1, kind=kind)
    klass = TrainingClass(id=new_id(), title="Monday class", case=read_case(folder))
    version = freeze_case(teacher, folder, data_folder / "classes" / klass.id)
    klass = replace(klass, dataset=f"class-{klass.id}", data_version=version)
    return store.open_class(teacher, klass, read_key(folder), groups)


def seated(member: Member) -> User:
    """A member as the app knows who comes in."""
    return User(member.user_id, member.name, frozenset({Role.PARTICIPANT}), groups=frozenset({member.group} - {""}),
                attends=member.class_id)  # fmt: skip


def begun(store: Store, data_folder: Path, klass: TrainingClass, member: Member) -> Issue:
    """The issue of a group, begun by one of its members with what the data show."""
    folder = data_folder / "classes" / klass.id
    warehouse = open_warehouse(str(folder / "contacts.duckdb"), read_model(folder / "semantic.toml"))
    asked = Selection("score", klass.case.period, klass.case.baseline)
    lost = contribution(warehouse, asked, by=("business",))
    pin = Pin(method=lost.method, selection=lost.selection, data_version=klass.data_version,
              options={**lost.options, "data": klass.dataset}, statements=lost.findings,
              statistics=dict(lost.statistics), rows=headline_rows(lost.table),
              link=f"http://127.0.0.1/contribution?data={klass.dataset}")  # fmt: skip
    return store.begin(seated(member), f"Work of {member.group}", pin, ())
