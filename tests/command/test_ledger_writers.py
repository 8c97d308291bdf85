"""Many processes write to one ledger at once: every fact that was taken is there, once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from telnyx_toolkit.ledger import Ledger, Place
from tests.command.conftest import ROOT
from tests.unit.ledgers import address_of, is_sound

OWN, SHARED = 4, 3

_WRITER = """
import json, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from telnyx_toolkit.errors import LedgerConflict, UnknownMission
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event
from tests.unit.ledgers import place_of
place, me, own, shared = place_of(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
at = datetime(2026, 12, 1, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
won = []
with closing(Ledger(place)) as ledger:
    def length():
        try:
            return len(ledger.events("m_shared"))
        except UnknownMission:
            return 0
    for seq in range(1, own + 1):
        ledger.append(Event(f"m_{me}", seq, "agent.noted", at, {"by": me}))
    while len(won) < shared:
        seq = length() + 1
        try:
            ledger.append(Event("m_shared", seq, "agent.noted", at, {"by": me}))
            won.append(seq)
        except LedgerConflict:
            pass
print(json.dumps(won))
"""


def _started(place: Place, count: int) -> Iterator["subprocess.Popen[str]"]:
    for n in range(count):
        yield subprocess.Popen(
            [sys.executable, "-c", _WRITER, address_of(place), str(n), str(OWN), str(SHARED)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )


def _race(place: Place, count: int) -> None:
    writers = list(_started(place, count))
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [json.loads(writer.communicate()[0]) for writer in writers]
    winners = {seq: str(n) for n, won in enumerate(told) for seq in won}

    assert sorted(seq for won in told for seq in won) == list(range(1, count * SHARED + 1))
    with closing(Ledger(place)) as ledger:
        shared = ledger.events("m_shared")
        assert {e.seq: e.data["by"] for e in shared} == winners
        for n in range(count):
            assert [e.data for e in ledger.events(f"m_{n}")] == [{"by": str(n)}] * OWN
        assert len(ledger.mission_ids()) == count + 1
    if isinstance(place, Path):
        assert is_sound(place / "ledger.db")


def test_ten_processes_that_write_at_once_lose_nothing_and_share_no_place(place: Place) -> None:
    _race(place, 10)


@pytest.mark.slow
@pytest.mark.parametrize("time", range(10))
def test_forty_processes_that_write_at_once_lose_nothing_ten_times_in_a_row(
    tmp_path: Path, time: int
) -> None:
    _race(tmp_path / f"home-{time}", 40)


_DIALLER = """
import json, sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from telnyx_toolkit.errors import LedgerConflict
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event
from telnyx_toolkit.policy import DIALS_A_DAY
from tests.unit.ledgers import place_of
place, me = place_of(sys.argv[1]), sys.argv[2]
at = datetime(2026, 12, 1, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
with closing(Ledger(place)) as ledger:
    below = lambda: len(ledger.traffic(at - timedelta(hours=24)).of("+13125550101")) < DIALS_A_DAY
    data = {"attempt_id": me, "phone": "+13125550101", "scheduled_at": at.isoformat()}
    try:
        ledger.append(Event(f"m_{me}", 1, "attempt.requested", at, data), only_if=below)
        print(1)
    except LedgerConflict:
        print(0)
"""


def test_f32_the_cap_of_a_number_is_exact_however_many_processes_reach_for_it(
    place: Place,
) -> None:
    dialers = [
        subprocess.Popen(
            [sys.executable, "-c", _DIALLER, address_of(place), str(n)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for n in range(8 if isinstance(place, Path) else 20)
    ]
    for dialer in dialers:
        assert dialer.stdout
        assert dialer.stdout.readline() == "ready\n"

    won = sum(int(dialer.communicate("go\n")[0]) for dialer in dialers)

    assert won == 3
