"""Whatever is written in a brief or said on the phone ends in words, never in a crash."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.engine.mirror import mirror
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.ledger import Progress
from telnyx_toolkit.negotiation import leverage
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.summary import build_summary, status_of
from telnyx_toolkit.views import status_view, transcript_view
from tests.unit.build import OBJECTIVE, PRAIRIE, Doc, Talk, called, document

REPEATABLY = settings(max_examples=50, deadline=None, derandomize=True)
PROMPTS = Prompts()
HEARD = (("user", "We can do $62 per person, 18 % on top, -5 or 0.000000001."),)
keys = st.sampled_from(
    ["type", "name", "phone", "minimize", "days", "hours", "finish_by", "value", "words"]
)
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["person", "voicemail", "We can do $62 per person", "1e999", "2026-12-04"])
)
anything = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
places = st.sampled_from(
    [(name,) for name in (*document(), "leverage", "contact", "calling", "limits", "voice", "x")]
    + [("objective", name) for name in {**OBJECTIVE, "maximize": 1} if name != "like_for_like"]
    + [("calling", name) for name in ("days", "hours", "not_before", "finish_by", "on_holidays")]
    + [("collect", "price_per_person"), ("limits", "spend_usd")]
)
told = st.fixed_dictionaries({}, optional={"value": anything, "words": anything}) | anything
answers = st.fixed_dictionaries({}, optional=dict.fromkeys(document()["collect"], told)) | anything
insights: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "answered_by": anything,
        "declined": anything,
        "asked_not_to_be_called_again": anything,
        "answers": answers,
        "opening": answers,
    },
)


@REPEATABLY
@given(place=places, value=anything)
def test_any_value_in_any_field_of_a_brief_is_read_or_explained(
    place: tuple[str, ...], value: object
):
    given_document: Doc = document()
    field, *inner = place
    outer = given_document.get(field, {})
    given_document[field] = {**outer, inner[0]: value} if inner else value

    with suppress(InvalidInput):
        parse_brief(given_document)


@REPEATABLY
@given(first=insights, second=insights)
def test_any_insights_come_to_a_result_of_a_bearable_size(
    first: Mapping[str, Any], second: Mapping[str, Any]
):
    story = called([Talk(HEARD, first), Talk(HEARD, second)])

    status = status_of(story.brief, story.state)
    payload = build_summary(story.brief, story.state, status, story.now)

    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
    assert len(PROMPTS.summary(payload)) < 20_000
    leverage(story.brief, story.state, PRAIRIE, story.now)
    assert status_view(story.state, Progress())["state"] == "running"
    assert transcript_view(story.state, story.targets[0])["transcript"]
    for event in story.events:
        mirror(event, story.state)
