"""What Telnyx documents is answered its way; what it does not document is found out."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.simulator import Sandbox

Doc = dict[str, Any]
SOME_UUID = "11111111-1111-4111-8111-111111111111"
ASSISTANT = {"name": "A", "instructions": "x"}


def test_an_unknown_path_is_404_and_a_problem(sandbox: Sandbox, http: httpx.Client) -> None:
    missing = http.get("/ai/assistant")
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, "10005")
    assert sandbox.problems == ["SIM: GET /ai/assistant is no request that the sandbox knows"]


def test_a_path_outside_the_version_is_404_and_a_problem(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    assert http.get("http://sandbox.test/v1/balance").status_code == 404
    assert http.get("http://sandbox.test/balance").status_code == 404
    assert len(sandbox.problems) == 2


def test_a_wrong_method_is_405_and_a_problem(sandbox: Sandbox, http: httpx.Client) -> None:
    made = http.post("/ai/assistants", json=ASSISTANT).json()
    assert http.patch(f"/ai/assistants/{made['id']}", json={"name": "B"}).status_code == 405
    assert sandbox.problems[0].startswith(f"SIM: PATCH /ai/assistants/{made['id']}")


@pytest.mark.parametrize(
    ("method", "path", "body", "loc"),
    [
        ("POST", "/ai/assistants", ASSISTANT | {"voice": "x"}, ["body", "voice"]),
        (
            "POST",
            "/ai/assistants",
            ASSISTANT | {"telephony_settings": {"recording": True}},
            ["body", "telephony_settings", "recording"],
        ),
        (
            "POST",
            "/ai/assistants",
            ASSISTANT | {"tools": [{"type": "hangup", "hangup": {"when": "now"}}]},
            ["body", "tools", 0, "hangup", "when"],
        ),
        ("POST", "/ai/missions", {"name": "M", "status": "x"}, ["body", "status"]),
        ("GET", "/ai/missions?page[limit]=3", None, ["query", "page[limit]"]),
        ("GET", "/ai/assistants?page[size]=3", None, ["query", "page[size]"]),
        ("GET", "/ai/conversations?page[size]=3", None, ["query", "page[size]"]),
        ("GET", "/ai/conversations?assistant_id=eq.a", None, ["query", "assistant_id"]),
    ],
)
def test_an_unknown_name_is_422_and_a_problem(
    sandbox: Sandbox, http: httpx.Client, method: str, path: str, body: Doc | None, loc: list[Any]
) -> None:
    refused = http.request(method, path, json=body)
    assert refused.status_code == 422
    (flaw,) = refused.json()["detail"]
    assert (flaw["loc"], flaw["type"]) == (loc, "extra_forbidden")
    assert len(sandbox.problems) == 1
    assert sandbox.problems[0].startswith("SIM: ")


@pytest.mark.parametrize(
    ("path", "body", "kind", "loc"),
    [
        ("/ai/missions", {}, "missing", ["body", "name"]),
        ("/ai/missions", {"name": 3}, "string_type", ["body", "name"]),
        ("/ai/missions", {"name": "M", "execution_mode": "auto"}, "enum", None),
        ("/ai/assistants", ASSISTANT | {"dynamic_variables": {"x": None}}, "string_type", None),
        ("/ai/assistants", ASSISTANT | {"dynamic_variables": {"x": 1.5}}, "string_type", None),
        (
            "/ai/assistants",
            ASSISTANT | {"telephony_settings": {"time_limit_secs": 29}},
            "greater_than_equal",
            ["body", "telephony_settings", "time_limit_secs"],
        ),
        ("/ai/conversations", {"metadata": {"x": 1}}, "string_type", ["body", "metadata", "x"]),
    ],
)
def test_a_wrong_value_is_422_in_fastapis_envelope(
    sandbox: Sandbox, http: httpx.Client, path: str, body: Doc, kind: str, loc: list[Any] | None
) -> None:
    refused = http.post(path, json=body)
    assert refused.status_code == 422
    flaw = refused.json()["detail"][0]
    assert flaw["type"] == kind
    assert flaw["loc"] == (loc or flaw["loc"])
    assert sandbox.problems == []


def test_outside_ai_a_flaw_is_422_in_the_platforms_envelope(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    number = "/phone_numbers/1293384261075731492"
    refused = http.patch(number, json={"messaging_profile_id": "x", "tags": "y"})
    assert refused.status_code == 422
    first, second = refused.json()["errors"]
    assert (first["code"], first["source"]) == ("10015", {"pointer": "/messaging_profile_id"})
    assert (second["code"], second["source"]) == ("10026", {"pointer": "/tags"})
    assert "unknown body field messaging_profile_id" in sandbox.problems[0]
    query = http.get("/phone_numbers?filter[free]=true").json()["errors"][0]
    assert query["source"] == {"parameter": "filter[free]"}


@pytest.mark.parametrize(
    "path",
    [
        "/ai/missions/garbage",
        f"/ai/missions/{SOME_UUID}/runs/garbage",
        "/ai/conversations/insights/garbage",
        "/ai/conversations/insight-groups/garbage",
    ],
)
def test_an_id_that_is_no_uuid_is_422_and_an_unknown_one_404(
    sandbox: Sandbox, http: httpx.Client, path: str
) -> None:
    garbage = http.get(path)
    assert garbage.status_code == 422
    assert garbage.json()["detail"][0]["type"] == "uuid_parsing"
    unknown = http.get(path.replace("garbage", SOME_UUID))
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (404, "10005")
    assert sandbox.problems == []


@pytest.mark.parametrize("header", [None, "", "example", "Bearer ", "Bearer invalid", "Basic eA=="])
def test_a_request_without_a_usable_key_is_401(http: httpx.Client, header: str | None) -> None:
    del http.headers["Authorization"]
    if header is not None:
        http.headers["Authorization"] = header
    refused = http.get("/balance")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, "10009")
    assert http.get("/_sandbox/clock").status_code == 200


def test_a_body_must_be_json_and_say_so(sandbox: Sandbox, http: httpx.Client) -> None:
    typed = {"Content-Type": "application/json"}
    for content in (b"{", b'{"name": NaN}'):
        assert http.post("/ai/missions", content=content, headers=typed).status_code == 400
    assert http.post("/ai/missions", content=b"[]", headers=typed).status_code == 422
    assert sandbox.problems == []
    plain = {"Content-Type": "text/plain"}
    assert http.post("/ai/missions", content=b"{}", headers=plain).status_code == 415
    assert len(sandbox.problems) == 1


@pytest.mark.parametrize(
    ("path", "default", "most"),
    [
        ("/ai/missions", 20, 1000),
        ("/ai/missions/runs", 20, 1000),
        ("/ai/missions/events", 50, 1000),
        ("/ai/conversations/insights", 20, 99),
        ("/ai/conversations/insight-groups", 20, 99),
        ("/phone_numbers", 20, 250),
        ("/outbound_voice_profiles", 20, 250),
        ("/texml_applications", 20, 250),
    ],
)
def test_each_family_has_its_own_page_sizes(
    http: httpx.Client, path: str, default: int, most: int
) -> None:
    assert http.get(path).json()["meta"]["page_size"] == default
    assert http.get(path, params={"page[size]": most}).status_code == 200
    for size in (most + 1, 0, "x"):
        assert http.get(path, params={"page[size]": size}).status_code == 422
    assert http.get(path, params={"page[number]": 0}).status_code == 422


def test_detail_records_cut_large_pages_without_a_word(http: httpx.Client) -> None:
    query = {"filter[record_type]": "ai-voice-assistant", "page[size]": "200"}
    assert http.get("/detail_records", params=query).json()["meta"]["page_size"] == 50


def test_pages_together_hold_everything_once(http: httpx.Client) -> None:
    names = [f"mission {number}" for number in range(45)]
    for name in names:
        http.post("/ai/missions", json={"name": name})
    seen: list[str] = []
    for number in (1, 2, 3, 4):
        shown = http.get("/ai/missions", params={"page[number]": number}).json()
        seen += [mission["name"] for mission in shown["data"]]
        assert shown["meta"]["total_pages"] == 3
    assert seen == names[::-1]


def test_a_query_parameter_given_twice_is_422(http: httpx.Client) -> None:
    assert http.get("/ai/missions?page[size]=1&page[size]=2").status_code == 422


def test_every_request_is_kept_with_its_status(sandbox: Sandbox, http: httpx.Client) -> None:
    http.post("/ai/assistants", json=ASSISTANT, headers={"Idempotency-Key": "k-1"})
    http.get("/ai/assistants/none?from=a")
    http.get("/_sandbox/clock")
    first, second = sandbox.requests
    assert (first.method, first.path, first.status) == ("POST", "/ai/assistants", 200)
    assert (first.body, first.idempotency_key) == (ASSISTANT, "k-1")
    assert first.raw_body == b'{"name":"A","instructions":"x"}'
    assert (second.query, second.body, second.status) == ({"from": "a"}, None, 404)
    assert http.get("/_sandbox/requests").json()["data"] == [
        {"method": "POST", "path": "/ai/assistants", "status": 200},
        {"method": "GET", "path": "/ai/assistants/none", "status": 404},
    ]


def test_a_section_in_instructions_is_a_problem_because_it_would_be_read_aloud(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    header = "{{#integration_secret}}crm{{/integration_secret}}"
    http.post("/ai/assistants", json=ASSISTANT | {"instructions": header})
    assert sandbox.problems == []
    http.post("/ai/assistants", json=ASSISTANT | {"instructions": "{{#best}}x{{/best}}"})
    assert len(sandbox.problems) == 1


def test_the_same_seed_gives_the_same_bytes(
    make: Callable[..., Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
) -> None:
    def transcript(seed: int) -> list[bytes]:
        http = connect(make(seed=seed))
        prepare(http)
        mission = http.post("/ai/missions", json={"name": "M"})
        return [mission.content, http.get("/ai/assistants").content]

    assert transcript(1) == transcript(1)
    assert all(one != two for one, two in zip(transcript(1), transcript(2), strict=True))
