"""What people say when they are called, and which files may describe them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.callees import load_callee, load_callees

Doc = dict[str, Any]
CALLEES = Path(__file__).parents[2] / "fixtures" / "callees"
LAKEFRONT, CHICAGO, PRAIRIE = "+13125550101", "+13125550102", "+13125550103"


def answers(call: Doc, part: str = "answers") -> Doc:
    fields = json.loads(call["insight"]["result"])[part]
    return {name: cell["value"] for name, cell in fields.items()}


@pytest.mark.parametrize(
    ("phone", "told", "opening", "price"),
    [
        (LAKEFRONT, "", 65, 65),
        (LAKEFRONT, "$62", 65, 65),
        (CHICAGO, "", 58, 66),
        (CHICAGO, "$65 per person", 58, 62),
        (CHICAGO, "$63", 58, 62),
        (CHICAGO, "$66", 58, 66),
        (CHICAGO, "$62", 58, 66),
        (PRAIRIE, "", 70, 70),
        (PRAIRIE, "$62 per person", 70, 65),
        (PRAIRIE, "$63", 70, 65),
        (PRAIRIE, "$64", 70, 64),
        (PRAIRIE, "$65", 70, 64),
    ],
)
def test_a_caterer_answers_according_to_the_offer_it_was_told(
    call: Callable[..., Doc], phone: str, told: str, opening: float, price: float
) -> None:
    ended = call(phone, best_offer=told)
    final = {"includes_dessert": True, "service_fee_percent": 0, "available": True}
    assert answers(ended) == final | {"price_per_person": price}
    assert answers(ended, "opening")["price_per_person"] == opening
    assert answers(ended, "opening")["includes_dessert"] is (phone != CHICAGO)
    assert 10 <= len(ended["lines"]) <= 16


def test_every_cited_word_was_spoken_by_the_callee_and_holds_its_figure(
    call: Callable[..., Doc],
) -> None:
    cells: list[tuple[Any, str, list[str]]] = []
    for phone in (LAKEFRONT, CHICAGO, PRAIRIE, "+13125550177"):
        for told in ("", "$65", "$62"):
            ended = call(phone, best_offer=told)
            spoken = [line["text"] for line in ended["lines"] if line["role"] == "user"]
            result = json.loads(ended["insight"]["result"])
            fields = [*result["opening"].values(), *result["answers"].values()]
            cells += [(cell["value"], cell["words"], spoken) for cell in fields]
    for value, words, spoken in cells:
        assert words
        assert any(words in line for line in spoken), words
        if not isinstance(value, bool):
            assert str(value) in re.findall(r"\d+", words), words


def test_a_voicemail_counts_as_completed_and_says_who_answered(call: Callable[..., Doc]) -> None:
    ended = call("+13125550110")
    assert ended["event"]["status"] == "completed"
    assert ended["lines"][-1]["role"] == "user"
    assert "leave a message" in ended["lines"][-1]["text"]
    result = json.loads(ended["insight"]["result"])
    assert result["answered_by"] == "voicemail"
    assert result["answers"]["price_per_person"] == {"value": None, "words": ""}


def test_one_callee_asks_never_to_be_called_again(call: Callable[..., Doc]) -> None:
    result = json.loads(call("+13125550113")["insight"]["result"])
    assert (result["asked_not_to_be_called_again"], result["declined"]) == (True, True)


def test_the_default_callee_answers_whatever_the_insights_ask_and_always_the_same(
    call: Callable[..., Doc],
) -> None:
    first, second = call("+13125550177"), call("+13125550177")
    assert first["insight"] == second["insight"]
    price = json.loads(first["insight"]["result"])["answers"]["price_per_person"]
    assert price["words"] == f"For price per person, it is ${price['value']}."
    other = call("+13125550178")
    assert answers(other) != answers(first)


@pytest.mark.parametrize(
    ("keys", "by", "price"),
    [
        ("", "phone_tree", None),
        ("1", "phone_tree", None),
        ("2", "phone_tree", None),
        ("2,2", "phone_tree", None),
        ("21", "phone_tree", None),
        ("2,1", "person", 63),
        ("2ww, 1", "person", 63),
        ("2,1,4", "person", 63),
    ],
)
def test_the_right_keys_reach_a_person(
    call: Callable[..., Doc], keys: str, by: str, price: int | None
) -> None:
    ended = call("+13125550118", keys=keys)
    assert json.loads(ended["insight"]["result"])["answered_by"] == by
    assert answers(ended)["price_per_person"] == price
    got_on = any("To plan an event" in line["text"] for line in ended["lines"])
    assert got_on == (keys.split(",", maxsplit=1)[0].strip("w") == "2")


def test_a_callee_may_say_something_else_at_the_second_dial(call: Callable[..., Doc]) -> None:
    first, second = call("+13125550119"), call("+13125550119")
    assert json.loads(first["insight"]["result"])["call_back"]["wanted"]
    assert answers(first)["price_per_person"] is None
    assert answers(second)["price_per_person"] == 62


def test_the_document_lists_every_callee_with_its_number() -> None:
    text = (CALLEES.parents[1] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for path in CALLEES.glob("*.yaml"):
        phone = load_callee(path).phone or "any other"
        assert re.search(rf"^\| `{re.escape(path.stem)}` \| {re.escape(phone)} \|", text, re.M), (
            path
        )


def test_an_unresolved_variable_is_read_aloud(
    http: httpx.Client, ready: Doc, call: Callable[..., Doc]
) -> None:
    http.post(f"/ai/assistants/{ready['assistant']}", json={"greeting": "This is {{nobody}}."})
    assert call(CHICAGO)["lines"][0]["text"] == "This is {{nobody}}."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("turnz: []", "turnz: Extra inputs"),
        ("phone: '3125550102'", "phone: String should match"),
        ("attempts: [shrug]", "attempts.0: Input should be one of"),
        ("turns: [{agent: a, callee: b}]", "turns.0: one of agent, callee and improvise"),
        ("turns: [{agent: a, learns: {x: 1}}]", "only the callee's words"),
        ("turns: [{callee: 'Yes', learns: {a: {value: 1, words: 'No'}}}]", "nobody says: No"),
        ("turns: [{callee: a, if_keys: 'one'}]", "turns.0.if_keys: String should match"),
        ("turns: [{callee: a, on_call: 0}]", "turns.0.on_call: Input should be"),
        ("turns: [{callee: a, if_told: {at_least: 3}}]", "turns.0.if_told.at_least: Extra"),
    ],
)
def test_a_callee_file_with_a_mistake_is_refused_with_its_place(
    tmp_path: Path, change: str, words: str
) -> None:
    file = tmp_path / "somebody.yaml"
    lines = ["name: Somebody", "about: A test.", "phone: '+13125550150'"]
    file.write_text("\n".join([*(ln for ln in lines if ln[:5] != change[:5]), change]))
    with pytest.raises(InvalidInput) as problem:
        load_callee(file)
    assert words in problem.value.message
    assert problem.value.message.startswith("somebody.yaml: ")


def test_two_callees_cannot_have_one_number(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = f"name: {name}\nabout: x\nphone: '+13125550150'\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=r"\+13125550150 is one"):
        load_callees(tmp_path)


def test_every_fixture_is_valid_and_fictional() -> None:
    callees = load_callees(CALLEES)
    assert callees.default.name == "A polite stranger"
    assert len(callees.by_phone) >= 10
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", phone) for phone in callees.by_phone)
