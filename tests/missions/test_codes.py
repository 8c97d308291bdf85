"""Approval out of band: what the person never got, no agent can approve."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.channel import channel_by
from telnyx_toolkit.errors import ConfigError, PolicyDenied
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]


class Post:
    """What reached the person."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_broken = False

    def __call__(self, text: str) -> None:
        if self.is_broken:
            raise ConfigError("not sent", code="code_not_sent")
        self.texts.append(text)

    @property
    def code(self) -> str:
        found = re.search(r"this code: (\d{8})\n", self.texts[-1])
        assert found
        return found[1]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def guarded(rig: Any, post: Post) -> Iterator[Toolkit]:
    """A toolkit whose operator wants codes."""
    toolkit = rig.another(channel=post)
    yield toolkit
    toolkit.close()


def _plan(toolkit: Toolkit, brief: Doc, **more: Any) -> Doc:
    mission = TOOLS["create_mission"](toolkit, {"brief": brief})["mission_id"]
    return TOOLS["plan_steps"](toolkit, {"mission_id": mission, **more})


def _approve(toolkit: Toolkit, plan: Doc, code: str = "") -> Doc:
    given = {"mission_id": plan["mission_id"], "plan_hash": plan["plan_hash"]}
    return TOOLS["approve_plan"](
        toolkit, {**given, "approved_by": "Dana", "words": "Yes", "code": code}
    )


def _refused(toolkit: Toolkit, plan: Doc, code: str = "") -> str:
    with pytest.raises(PolicyDenied) as caught:
        _approve(toolkit, plan, code)
    assert caught.value.fix
    return caught.value.code


def test_the_person_gets_the_plan_with_a_code_and_the_agent_does_not(
    rig: Any, guarded: Toolkit, post: Post, catering: Doc
) -> None:
    plan = _plan(guarded, catering)

    assert "+13125550101" in post.texts[0]
    assert plan["plan_hash"] in post.texts[0]
    assert post.code not in json.dumps(plan)
    facts = [event.data for event in rig.toolkit.ledger.events(plan["mission_id"])]
    assert post.code not in json.dumps(facts)
    assert plan["next"].endswith("--code CODE")
    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_without_the_code_or_with_another_nothing_is_approved(
    guarded: Toolkit, post: Post, catering: Doc
) -> None:
    plan = _plan(guarded, catering)
    wrong = f"{(int(post.code) + 1) % 10**8:08}"

    assert _refused(guarded, plan) == "code_needed"
    assert _refused(guarded, plan, wrong) == "code_wrong"
    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_five_wrong_codes_void_it(guarded: Toolkit, post: Post, catering: Doc) -> None:
    plan = _plan(guarded, catering)
    good = post.code
    for n in range(5):
        assert _refused(guarded, plan, f"wrong {n}") == "code_wrong"

    assert _refused(guarded, plan, good) == "code_void"
    _plan(guarded, catering)
    assert post.code != good
    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_a_code_is_sent_once_for_a_plan_unless_it_is_asked_for(
    guarded: Toolkit, post: Post, catering: Doc
) -> None:
    plan = _plan(guarded, catering)
    first = post.code
    _plan(guarded, catering)
    assert len(post.texts) == 1
    _plan(guarded, catering, resend=True)
    assert len(post.texts) == 2

    assert _refused(guarded, plan, first) == "code_wrong"
    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_a_code_is_good_for_its_plan_only(guarded: Toolkit, post: Post, catering: Doc) -> None:
    plan, good = _plan(guarded, catering), post.code
    changed = {**catering, "details": "60 guests."}
    replaced = {"brief": changed, "replaces": plan["mission_id"]}
    TOOLS["create_mission"](guarded, replaced)
    other = TOOLS["plan_steps"](guarded, {"mission_id": plan["mission_id"]})

    assert _refused(guarded, other, good) == "code_wrong"
    assert _approve(guarded, other, post.code)["state"] == "approved"


def test_a_plan_that_was_sent_with_a_code_needs_it_whatever_the_environment_says_later(
    rig: Any, guarded: Toolkit, catering: Doc
) -> None:
    plan = _plan(guarded, catering)

    assert _refused(rig.toolkit, plan) == "code_needed"


def test_a_plan_of_before_needs_a_code_once_the_operator_wants_them(
    rig: Any, guarded: Toolkit, post: Post, catering: Doc
) -> None:
    plan = _plan(rig.toolkit, catering)

    assert _refused(guarded, plan) == "code_not_sent"
    _plan(guarded, catering)
    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_a_code_that_could_not_be_sent_is_sent_by_the_next_try(
    guarded: Toolkit, post: Post, catering: Doc
) -> None:
    post.is_broken = True
    with pytest.raises(ConfigError):
        _plan(guarded, catering)
    post.is_broken = False

    plan = _plan(guarded, catering, resend=True)

    assert _approve(guarded, plan, post.code)["state"] == "approved"


def test_a_plan_that_is_made_anew_needs_a_new_code(
    rig: Any, guarded: Toolkit, post: Post, catering: Doc
) -> None:
    plan, old = _plan(guarded, catering), post.code
    rig.clock.advance(8 * 86_400)

    assert _refused(guarded, plan, old) == "plan_expired"
    again = _plan(guarded, catering)
    assert again["plan_hash"] == plan["plan_hash"]
    assert len(post.texts) == 2
    assert _refused(guarded, plan, old) == "code_wrong"
    assert _approve(guarded, plan, post.code)["state"] == "approved"


PROGRAM = """
import os, sys
open(sys.argv[1], "w").write(sys.stdin.read() + str(os.environ.get("TELNYX_API_KEY")))
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture
def command(tmp_path: Path) -> Callable[[int], str]:
    program = tmp_path / "send.py"
    program.write_text(PROGRAM, encoding="utf-8")
    return lambda status: f"{sys.executable} {program} '{tmp_path / 'got it'}' {status}"


def test_the_operators_program_gets_the_text_and_no_key(
    command: Callable[[int], str], tmp_path: Path
) -> None:
    channel_by(command(0), {"TELNYX_API_KEY": "example", "PATH": ""})("the plan; $HOME `id`\n")

    assert (tmp_path / "got it").read_text(encoding="utf-8") == "the plan; $HOME `id`\nNone"


def test_a_program_that_fails_or_is_not_there_is_an_error(command: Callable[[int], str]) -> None:
    for broken in (command(3), "/nowhere/send", "", "'"):
        with pytest.raises(ConfigError) as caught:
            channel_by(broken, {})("the plan")
        assert caught.value.code == "code_not_sent"
