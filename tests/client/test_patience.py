"""What is sent again by itself, how often and after how long; and what never is."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached, TelnyxError
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import TelnyxClient

Ending = Callable[[], httpx.Response]
Ask = Callable[[TelnyxClient], object]
ANSWERED = "Wed, 21 Oct 2026 07:28:00 GMT"
WELL = {"id": "1", "mission_id": "m", "run_id": "r", "scheduled_event_id": "v"}
MISSION: dict[str, Any] = {
    "name": "n",
    "description": "d",
    "instructions": "i",
    "metadata": {"nonce": "x"},
}


def raises(problem: Exception) -> Ending:
    def end() -> httpx.Response:
        raise problem

    return end


def answers(status: int, code: str = "1", **headers: str) -> Ending:
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"errors": [{"code": code, "title": "No"}]}
    return lambda: httpx.Response(status, json=body, headers=spelled)


def says(content: bytes) -> Ending:
    return lambda: httpx.Response(200, content=content)


REFUSED = raises(httpx.ConnectError("nobody listens"))
RESET = raises(httpx.ReadError("reset"))
IN_FLIGHT = answers(409, "10036")
#: How a request may end, by what is known of it then.
DID_NOT_HAPPEN = {
    "refused": REFUSED,
    "slow to connect": raises(httpx.ConnectTimeout("slow")),
    "429": answers(429, "10011"),
}
MAY_HAVE_HAPPENED = {
    "reset": RESET,
    "no answer": raises(httpx.ReadTimeout("slow")),
    "half sent": raises(httpx.WriteError("pipe")),
    "cut": raises(httpx.RemoteProtocolError("cut")),
    "truncated": says(b'{"data": {"id": "1'),
    "html": says(b"<html>Welcome</html>"),
    **{str(status): answers(status) for status in (408, 500, 501, 502, 503, 504, 599)},
}
DECIDED = {
    **{str(status): answers(status) for status in (301, 400, 401, 403, 404, 410, 413, 422)},
    "409 duplicate": answers(409, "10012"),
    "400 with that code": answers(400, "10036"),
}
ENDINGS = {**DID_NOT_HAPPEN, **MAY_HAVE_HAPPENED, **DECIDED, "409 in flight": IN_FLIGHT}

LOOK: Ask = lambda telnyx: telnyx.missions.get("m")  # noqa: E731 - a table of one-liners
KEYED: Ask = lambda telnyx: telnyx.assistants.create({}, idempotency_key="k")  # noqa: E731
DIAL: Ask = lambda telnyx: telnyx.calls.schedule("a", b"{}", idempotency_key="k")  # noqa: E731
CHANGES: dict[str, Ask] = {
    "POST": lambda telnyx: telnyx.missions.create_run("m", input={}, metadata={}),
    "PUT": lambda telnyx: telnyx.missions.update("m", **MISSION),
    "PATCH": lambda telnyx: telnyx.missions.update_run("m", "r", status="running"),
    "DELETE": lambda telnyx: telnyx.missions.delete("m"),
    "POST keyed": KEYED,
}
ASKS = {"GET": LOOK, **CHANGES, "dial": DIAL}


def is_repeated(ask: str, ending: str) -> bool:
    """The rule, written down a second time."""
    if ask == "dial":
        return False
    if ending in DID_NOT_HAPPEN:
        return True
    if ending == "409 in flight":
        return ask == "POST keyed"
    return ask == "GET" and ending in MAY_HAVE_HAPPENED


class Line:
    """A client whose requests end as told, then well; pauses are noted, not waited for."""

    def __init__(self, *endings: Ending, jitter: float | None = None, patient: bool = True) -> None:
        self.sent: list[httpx.Request] = []
        self.heard: list[str] = []
        self.pauses: list[float] = []
        self._endings = list(endings)
        self._jitter = jitter
        self.telnyx = TelnyxClient(
            TELNYX_URL,
            ApiKey("example"),
            httpx.MockTransport(self._answer),
            pause=self.pauses.append if patient else None,
            jitter=None if jitter is None else self,
        )

    def random(self) -> float:
        assert self._jitter is not None
        return self._jitter

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        try:
            answer = self._endings.pop(0)() if self._endings else httpx.Response(200, json=WELL)
        except httpx.TransportError as problem:
            self.heard.append(type(problem).__name__)
            raise
        self.heard.append(str(answer.status_code))
        return answer

    def reached(self) -> "Line":
        """As after a first exchange that ended well."""
        endings, self._endings = self._endings, []
        self.telnyx.missions.delete("m")
        self.sent.clear()
        self.heard.clear()
        self._endings = endings
        return self

    def fails(self, ask: Ask) -> TelnyxError:
        with pytest.raises(TelnyxError) as caught:
            ask(self.telnyx)
        return caught.value


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("ask", ASKS)
def test_only_what_is_safe_is_sent_again(ask: str, ending: str):
    line = Line(ENDINGS[ending])

    if is_repeated(ask, ending):
        ASKS[ask](line.telnyx)
        assert line.pauses == [0.5]
        first, again = line.sent
        assert (first.method, first.url, first.content, first.headers.get("idempotency-key")) == (
            (again.method, again.url, again.content, again.headers.get("idempotency-key"))
        )
    else:
        line.fails(ASKS[ask])
        assert line.pauses == []
        assert len(line.sent) == 1


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("ask", ASKS)
def test_without_a_pause_nothing_is_sent_again(ask: str, ending: str):
    line = Line(ENDINGS[ending], patient=False)

    line.fails(ASKS[ask])

    assert len(line.sent) == 1


@pytest.mark.parametrize("ending", [REFUSED, RESET, answers(429), answers(503)])
def test_three_repeats_are_the_most_and_each_pause_is_longer(ending: Ending):
    line = Line(*[ending] * 9).reached()

    problem = line.fails(LOOK)

    assert len(line.sent) == 4
    assert line.pauses == [0.5, 1.0, 2.0]
    assert problem.message.endswith(" (after 4 tries).")
    assert str(problem) == problem.message


def test_jitter_makes_pauses_up_to_a_quarter_shorter():
    shortest, between = Line(*[RESET] * 3, jitter=1.0), Line(*[RESET] * 3, jitter=0.4)

    LOOK(shortest.telnyx)
    LOOK(between.telnyx)

    assert shortest.pauses == [0.375, 0.75, 1.5]
    assert between.pauses == pytest.approx([0.45, 0.9, 1.8])


def test_one_try_is_not_counted():
    assert "tries" not in Line(RESET).fails(CHANGES["POST"]).message
    assert "tries" not in Line(answers(404)).fails(LOOK).message


def test_the_last_error_is_the_one_that_is_told():
    line = Line(RESET, answers(503), REFUSED, answers(404, "10005"))

    problem = line.fails(LOOK)

    assert isinstance(problem, ErrorResponse)
    assert (problem.status, problem.telnyx_code) == (404, "10005")
    assert (
        problem.message == "Telnyx answered 404 to GET /ai/missions/m: No (10005) (after 4 tries)."
    )
    assert problem.__cause__ is None
    assert problem.__suppress_context__


def test_a_change_is_not_sent_again_once_it_may_have_happened():
    line = Line(REFUSED, answers(429), RESET)

    problem = line.fails(CHANGES["POST"])

    assert isinstance(problem, NoResponse)
    assert len(line.sent) == 3
    assert line.pauses == [0.5, 1.0]


@pytest.mark.parametrize("last", [REFUSED, answers(429)])
def test_what_was_under_way_is_never_said_not_to_have_happened(last: Ending):
    problem = Line(IN_FLIGHT, *[last] * 3).fails(KEYED)

    assert isinstance(problem, ErrorResponse)
    assert problem.status == 409
    assert problem.may_have_happened


def test_a_refusal_of_what_was_under_way_is_the_last_word():
    problem = Line(IN_FLIGHT, answers(403)).fails(KEYED)

    assert isinstance(problem, ErrorResponse)
    assert problem.status == 403


def test_a_network_that_is_not_there_is_told_after_one_repeat():
    line = Line(*[REFUSED] * 9)

    first, second = line.fails(LOOK), line.fails(CHANGES["POST"])

    assert isinstance(first, NotReached)
    assert isinstance(second, NotReached)
    assert first.message.endswith("(after 2 tries).")
    assert line.pauses == [0.5, 0.5]
    assert len(line.sent) == 4


@pytest.mark.parametrize("ending", [RESET, answers(503), answers(429)])
def test_a_server_that_was_heard_or_hit_once_is_given_every_repeat(ending: Ending):
    line = Line(REFUSED, ending, REFUSED)

    LOOK(line.telnyx)

    assert line.pauses == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"retry_after": "7"}, [7.0]),
        ({"retry_after": "30"}, [30.0]),
        ({"retry_after": "0"}, [0.5]),
        ({"retry_after": "0.2"}, [0.5]),
        ({"retry_after": "soon"}, [0.5]),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:09 GMT", "date": ANSWERED}, [9.0]),
        ({"x_ratelimit_reset": "12"}, [12.0]),
        ({"x_ratelimit_remaining": "0"}, [0.5]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_telnyx_is_given_the_time_it_asks_for(
    headers: dict[str, str], pauses: list[float], status: int
):
    line = Line(answers(status, **headers))

    LOOK(line.telnyx)

    assert line.pauses == pauses


@pytest.mark.parametrize(("asked", "told"), [("30.5", "31 s"), ("600", "600 s")])
@pytest.mark.parametrize("ask", ["GET", "POST"])
def test_a_longer_time_is_told_and_left_to_the_caller(ask: str, asked: str, told: str):
    line = Line(answers(429, retry_after=asked))

    problem = line.fails(ASKS[ask])

    assert line.pauses == []
    assert len(line.sent) == 1
    assert problem.message.endswith(f"; Telnyx says: try again in {told}.")
    assert problem.transient


def test_a_longer_time_ends_the_repeats():
    line = Line(RESET, answers(429, retry_after="31"))

    problem = line.fails(LOOK)

    assert line.pauses == [0.5]
    assert problem.message.endswith(" (after 2 tries); Telnyx says: try again in 31 s.")


def test_a_success_that_leaves_nothing_of_the_rate_is_a_success():
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"}
    line = Line(lambda: httpx.Response(200, json=WELL, headers=headers))

    LOOK(line.telnyx)

    assert line.pauses == []


def test_a_clock_that_cannot_be_asked_leaves_the_error_as_it_was():
    def gone(_: float) -> None:
        raise NotReached("The clock is gone.")

    transport = httpx.MockTransport(lambda _: answers(503)())
    telnyx = TelnyxClient(TELNYX_URL, ApiKey("example"), transport, pause=gone)

    with pytest.raises(ErrorResponse, match="answered 503") as caught:
        telnyx.missions.get("m")

    assert "tries" not in caught.value.message
    assert caught.value.__cause__ is None


def test_what_somebody_else_raises_is_passed_on_at_once():
    line = Line(raises(KeyboardInterrupt()))  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        LOOK(line.telnyx)

    assert len(line.sent) == 1


ASKED_FOR = st.one_of(st.none(), st.floats(0, 100).map("{:.3f}".format))
HOWEVER_LONG = ASKED_FOR.flatmap(
    lambda seconds: st.sampled_from([429, 500, 503, 408]).map(
        lambda status: answers(status, **({"retry_after": seconds} if seconds else {}))
    )
)
HOWEVER = st.lists(st.one_of(st.sampled_from(list(ENDINGS.values())), HOWEVER_LONG), max_size=9)


def ended(line: Line, ask: Ask) -> Sequence[httpx.Request]:
    with suppress(TelnyxError):
        ask(line.telnyx)
    return line.sent


@given(endings=HOWEVER, ask=st.sampled_from(list(ASKS)), jitter=st.floats(0, 1))
def test_one_request_waits_at_most_ninety_seconds_in_all(
    endings: list[Ending], ask: str, jitter: float
):
    line = Line(*endings, jitter=jitter)

    sent = ended(line, ASKS[ask])

    assert len(sent) <= 4
    assert len(line.pauses) == len(sent) - 1
    assert all(0 < pause <= 30 for pause in line.pauses)
    assert sum(line.pauses) <= 90


@given(endings=HOWEVER, ask=st.sampled_from(list(CHANGES)))
def test_a_change_that_may_have_happened_is_never_sent_twice(endings: list[Ending], ask: str):
    line = Line(*endings)

    sent = ended(line, CHANGES[ask])

    nothing_happened = {"ConnectError", "ConnectTimeout", "429"}
    under_way = {"409"} if ask == "POST keyed" else set[str]()
    assert set(line.heard[: len(sent) - 1]) <= nothing_happened | under_way


@given(endings=HOWEVER, before=st.booleans())
def test_a_dial_is_sent_exactly_once_however_it_ends(endings: list[Ending], before: bool):
    line = Line(*endings)
    if before:
        line.reached()

    assert len(ended(line, DIAL)) == 1
    assert line.pauses == []
