"""The rules of calling, asked before every ring: allow, not yet, or never."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.model import Listing
from telnyx_toolkit.policy import LEAD, Allow, Defer, Deny, Verdict, check, check_number
from telnyx_toolkit.spending import reserve, spent
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    PRAIRIE,
    RATES,
    SANDBOX,
    START,
    TELNYX,
    Story,
    Talk,
    make_brief,
    quote,
    running,
    talk,
    target,
)


def verdict(story: Story, step_id: str = LAKEFRONT, at: datetime | None = None) -> Verdict:
    return check(story.brief, story.state, story.state.target(step_id), at or story.now)


def denied(story: Story, step_id: str = LAKEFRONT) -> str:
    answer = verdict(story, step_id)
    assert isinstance(answer, Deny)
    return answer.code


def test_within_hours_a_call_rings_after_the_lead_time():
    assert verdict(running()) == Allow(START + LEAD)


def test_before_hours_the_call_is_put_off_to_the_opening():
    story = running(at=START - timedelta(hours=2))

    assert verdict(story) == Defer(START - LEAD, "Lakefront Catering is called later: before 09:00")
    assert verdict(story, at=START - LEAD) == Allow(START)


def test_a_number_on_the_do_not_call_list_is_denied_with_the_way_out():
    story = running()
    who = story.state.target(LAKEFRONT)
    since = datetime(2026, 11, 3, 17, 5, tzinfo=UTC)
    listed = Listing(who.phone, "add", "wrote a letter", "Kim", since)
    asked = Listing(who.phone, "add", "You are robots!", "mission m_1, attempt a", since, "m_1")

    answers = [
        check(story.brief, story.state, who, story.now, listed=entry) for entry in (listed, asked)
    ]

    reasons = [answer.reason for answer in answers if isinstance(answer, Deny)]
    where = f"Lakefront Catering: {who.phone} is on the do-not-call list since 2026-11-03 17:05 UTC"
    assert reasons == [
        f"{where}: wrote a letter.",
        f"{where}: they asked for it themselves in mission m_1.",
    ]
    for answer in answers:
        assert isinstance(answer, Deny)
        assert answer.code == "do_not_call"
        assert f"do-not-call remove --phone {who.phone} --reason WHY" in answer.fix


@pytest.mark.parametrize(
    ("early", "kind"),
    [(0, Allow), (119, Allow), (120, Allow), (239, Allow), (240, Allow), (241, Defer)],
)
def test_a_call_is_put_off_only_if_it_is_more_than_two_leads_away(early: int, kind: type[object]):
    story = running(at=START - timedelta(seconds=early))

    assert isinstance(verdict(story), kind)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(minutes=st.integers(0, 7 * 1_440), seconds=st.integers(0, 59))
def test_coming_back_when_told_to_is_always_allowed(minutes: int, seconds: int):
    at = START + timedelta(minutes=minutes, seconds=seconds)
    story = running(at=at)

    match verdict(story):
        case Allow(ring_at):
            assert LEAD <= ring_at - at <= 2 * LEAD
        case Defer(until):
            assert until > at
            assert verdict(story, at=until) == Allow(until + LEAD)
        case Deny() as never:
            raise AssertionError(never)


def test_when_no_permitted_time_is_left_the_call_is_denied():
    story = running(make_brief(calling={"finish_by": date(2026, 11, 30)}))

    answer = verdict(story)

    assert isinstance(answer, Deny)
    assert answer.code == "no_permitted_time"
    assert "mon-fri, 09:00-17:00 their time, finish by 2026-11-30" in answer.reason


@pytest.mark.parametrize(
    "said",
    [
        quote(65),
        quote(62, heard="We can do $68 per person"),
        talk("Call back at three."),
        talk("No.", declined=True),
        talk("Never again.", asked_not_to_be_called_again=True),
        talk("A private home.", answered_by="wrong_number"),
    ],
)
def test_whoever_was_reached_is_never_called_again(said: Talk):
    story = running().call(LAKEFRONT, said)

    assert denied(story) == "resolved"
    assert isinstance(verdict(story, GRILL), Allow)


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_a_target_is_tried_only_as_often_as_the_brief_allows(attempts: int):
    story = running(make_brief(limits={"attempts_per_target": attempts}))
    for _ in range(attempts):
        assert not isinstance(verdict(story), Deny)
        story.call(LAKEFRONT, "no-answer")

    assert denied(story) == "resolved"


def test_a_try_whose_end_is_unknown_counts_as_a_try():
    story = running(make_brief(limits={"attempts_per_target": 1}))
    story.tell("attempt.sent", attempt_id=story.request(LAKEFRONT))

    assert denied(story) == "attempts_used_up"


@pytest.mark.parametrize(
    ("contact", "said", "minutes"),
    [
        ("ivr", "no-answer", 15),
        ("ivr", "busy", 10),
        ("ivr", "failed", 5),
        ("business", "no-answer", 60),
        ("business", "busy", 20),
        ("business", "failed", 10),
        ("business", "canceled", 60),
        ("business", talk("Leave a message.", answered_by="voicemail"), 60),
        ("business", talk("Press 1.", answered_by="phone_tree"), 60),
        ("professional", "no-answer", 1_440),
        ("business", talk(answered_by="nobody"), 15),
        ("business", talk("For fifty we could", ended="cut_off"), 10),
    ],
)
def test_a_missed_target_is_left_in_peace_for_a_while(contact: str, said: Talk | str, minutes: int):
    story = running(make_brief(contact=contact)).call(LAKEFRONT, said)
    again = story.now + timedelta(minutes=minutes)

    assert verdict(story, at=again - LEAD) == Allow(again)
    assert verdict(story, at=again) == Allow(again + LEAD)
    assert verdict(story, at=again - 2 * LEAD) == Allow(again)
    reason = "Lakefront Catering is called later: they were tried not long ago"
    just_before = again - 2 * LEAD - timedelta(seconds=1)
    assert verdict(story, at=just_before) == Defer(again - LEAD, reason)
    assert verdict(story, GRILL) == Allow(story.now + LEAD)


@pytest.mark.parametrize("said", ["busy", "failed", "no-answer"])
def test_a_professional_is_not_called_twice_on_one_day(said: str):
    story = running(make_brief(contact="professional")).call(LAKEFRONT, said)
    tomorrow = START + timedelta(days=1)

    answer = verdict(story)

    assert isinstance(answer, Defer)
    assert answer.until >= tomorrow - LEAD
    assert verdict(story, at=tomorrow + timedelta(hours=1)) == Allow(
        tomorrow + timedelta(hours=1) + LEAD
    )


@pytest.mark.parametrize(("said", "minutes"), [("busy", 180), ("failed", 60)])
def test_unless_the_brief_asks_for_it(said: str, minutes: int):
    brief = make_brief(contact="professional", limits={"attempts_per_day": 2})
    story = running(brief).call(LAKEFRONT, said)
    again = story.now + timedelta(minutes=minutes)

    assert verdict(story, at=again) == Allow(again + LEAD)


@pytest.mark.parametrize(("contact", "times"), [("ivr", 2), ("business", 2), ("professional", 1)])
def test_a_voicemail_is_not_met_again_and_again(contact: str, times: int):
    story = running(make_brief(contact=contact, limits={"attempts_per_target": 5}))
    for n in range(times):
        story.now = START + timedelta(days=n)
        assert isinstance(verdict(story), Allow)
        story.call(LAKEFRONT, talk("Leave a message.", answered_by="voicemail"))
    story.now = START + timedelta(days=times)

    assert denied(story) == "resolved"


def test_the_pause_counts_from_the_latest_try():
    story = running().call(LAKEFRONT, "busy")
    story.now += timedelta(minutes=30)
    story.call(LAKEFRONT, "no-answer")

    assert verdict(story) == Defer(
        story.now + timedelta(hours=1) - LEAD,
        "Lakefront Catering is called later: they were tried not long ago",
    )


def test_a_try_that_never_became_a_call_needs_no_pause():
    story = running()
    attempt_id = story.request(LAKEFRONT)
    story.tell("attempt.abandoned", attempt_id=attempt_id, reason="never sent")

    assert verdict(story) == Allow(START + LEAD)


@pytest.mark.parametrize(
    ("seconds", "usd"), [(0, "0.00"), (1, "0.10"), (60, "0.10"), (61, "0.20"), (600, "1.00")]
)
def test_a_call_that_ended_costs_its_started_minutes(seconds: int, usd: str):
    story = running()
    story.end(story.schedule(LAKEFRONT), seconds=seconds)

    assert spent(story.state) == Decimal(usd)


@pytest.mark.parametrize("facts", [(), ("attempt.sent",), ("attempt.sent", "attempt.unknown")])
def test_a_call_nobody_heard_the_end_of_costs_what_was_reserved(facts: tuple[str, ...]):
    story = running()
    attempt_id = story.request(LAKEFRONT, reserved="1.00")
    for kind in facts:
        story.tell(kind, attempt_id=attempt_id, reason="lost")

    assert spent(story.state) == Decimal("1.00")
    story.tell("attempt.abandoned", attempt_id=attempt_id, reason="not there")
    assert spent(story.state) == 0


def test_what_is_reserved_is_the_longest_the_call_can_get():
    brief = make_brief(limits={"minutes_per_call": 10})

    assert reserve(brief, RATES, Story(brief).targets[0]) == Decimal("1.00")


@pytest.mark.parametrize(
    ("cap", "may_call"), [("1.99", False), ("2.00", True), ("2.01", True), ("1.00", False)]
)
def test_money_is_reserved_before_the_dial(cap: str, may_call: bool):
    story = running(make_brief(limits={"spend_usd": cap, "minutes_per_call": 10}))
    story.schedule(LAKEFRONT, reserved="1.00")

    answer = verdict(story, GRILL)

    assert isinstance(answer, Allow) == may_call
    if isinstance(answer, Deny):
        assert answer.code == "spend_cap"
        assert f"$1.00 so far, up to $1.00 more, cap ${cap}" in answer.reason


def test_money_that_was_reserved_and_not_used_is_free_again():
    story = running(make_brief(limits={"spend_usd": "1.00", "minutes_per_call": 10}))
    attempt_id = story.schedule(LAKEFRONT, reserved="1.00")
    assert denied(story, GRILL) == "spend_cap"

    story.end(attempt_id, "no-answer", seconds=0)

    assert isinstance(verdict(story, GRILL), Allow)


@pytest.mark.parametrize("url", [TELNYX, "https://api.telnyx.com/v2", "http://192.0.2.1/v2"])
def test_a_fictional_number_never_rings_on_real_phones(url: str):
    assert denied(running(base_url=url)) == "fictional_number"


def test_a_fictional_number_rings_in_a_sandbox():
    assert isinstance(verdict(running(base_url=SANDBOX), PRAIRIE), Allow)


@pytest.mark.parametrize(
    ("phone", "zone", "code"),
    [
        ("+18005551234", None, "needs_timezone"),
        ("+79161234567", None, "needs_timezone"),
        ("+18005551234", "America/Denver", None),
        ("+19005551234", "America/Denver", "premium_number"),
        ("+15555551234", "America/Denver", "invalid_number"),
    ],
)
def test_a_number_is_checked_with_its_zone(phone: str, zone: str | None, code: str | None):
    brief = make_brief(targets=[target("Acme", phone, zone)])
    abroad = Calling(countries=("US", "RU"))

    denial = check_number(abroad, running(brief).targets[0], fictional_ok=False)

    assert (denial and denial.code) == code
    if denial:
        assert denial.reason.startswith("Acme: ")
        assert denial.fix


def test_a_denial_of_the_number_goes_before_everything_else():
    brief = make_brief(targets=[target("Acme", "+19005551234")], limits={"spend_usd": "0.01"})

    assert denied(running(brief)) == "premium_number"


def test_the_verdict_depends_on_the_instant_given_and_on_no_clock():
    far = datetime(2031, 5, 6, 15, tzinfo=UTC)
    story = running()

    assert verdict(story, at=far) == Allow(far + LEAD)
    assert verdict(story, at=far) == verdict(story, at=far)
