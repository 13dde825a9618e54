"""Records of a contact centre's export with objects and arrays inside: one level becomes columns."""

from __future__ import annotations

import json

from data_access.convert.limits import LONGEST_CELL
from data_access.files.draft import draft_model
from data_access.model_file import parse_model
from tests.data_access.files.conftest import Load, Told, rows_of, types_of


def contact(i: int) -> dict[str, object]:
    """A contact as Amazon Connect exports it."""
    return {
        "Agent": {"Username": f"agent{i % 7}", "AgentInteractionDuration": 60 + i % 50, "HierarchyGroups": None,
                  "RoutingProfile": {"Name": "Basic", "ARN": "arn:1"}},
        "Attributes": {"csat": str(i % 5 + 1), "language": "de" if i % 3 else "en"},
        "Channel": "VOICE",
        "ContactId": f"c-{i}",
        "InitiationTimestamp": f"2025-09-{i % 28 + 1:02}T10:00:00Z",
        "Queue": {"Name": "Returns" if i % 4 else "Billing", "Duration": i % 90},
        "Tags": ["new", "vip", "late"][: i % 4],
    }  # fmt: skip


def conversation(i: int) -> dict[str, object]:
    """A conversation as Genesys exports it: a survey is the only object of an array."""
    return {
        "conversationId": f"k{i}",
        "conversationStart": f"2025-09-{i % 28 + 1:02}T08:00:00.000Z",
        "participants": [{"purpose": "customer"}, {"purpose": "agent", "sessions": [{"mediaType": "voice"}]}],
        "surveys": [{"surveyFormName": "after call", "oSurveyTotalScore": i % 5 + 1}],
        "tHandle": 1000 * i + 500,
    }


def test_lines_of_contacts(told: Told) -> None:
    path = told.place / "contacts.jsonl"
    path.write_text("\n".join(json.dumps(contact(i)) for i in range(200)), "utf-8")
    model = told.drafted(path)
    assert model.metric("score").column == "Attributes.csat"
    assert told.figures("responses", "score") == (200, 60.0)
    assert {"Agent.Username", "Attributes.language", "Queue.Name"} <= {d.column for d in model.dimensions.values()}
    assert {"Agent.AgentInteractionDuration", "Queue.Duration"} <= {d.column for d in model.drivers.values()}
    assert told.ask('SELECT "Agent.RoutingProfile" FROM t LIMIT 1') == '{"Name": "Basic", "ARN": "arn:1"}'
    assert next(d.split for d in model.dimensions.values() if d.column == "Tags") == "|"


def test_an_array_of_conversations_within_an_object(load: Load) -> None:
    whole = {"conversations": [conversation(i) for i in range(100)], "totalHits": 100}
    loaded = load(json.dumps(whole), "export.json")
    assert types_of(loaded)["conversationStart"] == "TIMESTAMP WITH TIME ZONE"
    assert types_of(loaded)["surveys.oSurveyTotalScore"] == "BIGINT"
    column = [c.name for c in loaded.columns].index("participants.purpose")
    assert {row[column] for row in rows_of(loaded)} == {"customer|agent"}
    assert parse_model(draft_model(loaded).text).metric("score").column == "surveys.oSurveyTotalScore"


def test_a_cell_that_is_too_long_to_be_kept_whole_is_reported(load: Load) -> None:
    long = "x" * (LONGEST_CELL + 5)
    records = [{"id": i, "score": i % 5 + 1, "said": long if i == 3 else "word"} for i in range(20)]
    loaded = load(json.dumps(records), "d.json")
    said = [s.values for s in loaded.report if s.key == "file.cell_cut"]
    assert said == [{"row": 5, "column": "said", "length": len(long), "most": LONGEST_CELL}]
    assert max(len(row[2] or "") for row in rows_of(loaded)) == LONGEST_CELL
