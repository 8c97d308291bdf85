"""A whole toolkit on a sandbox in this process: real ledger, real engine, manual clock."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import yaml

from telnyx_toolkit.cli.sandbox import START
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger import Place
from telnyx_toolkit.model import Event
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.results import held
from tests.sampling import leave_some_for_the_slow_suite

# How long an example takes says something about the machine, and nothing about the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

FIXTURES = Path(__file__).parents[1] / "fixtures"
Doc = dict[str, Any]
_USUAL_PACE = Pace()


class Rig:
    """A toolkit and the sandbox it lives on."""

    def __init__(
        self,
        home: Path,
        account: Path,
        faults: Sequence[Mapping[str, Any]],
        database: DatabaseUrl | None = None,
    ) -> None:
        self.clock = ManualClock(START)
        self.sandbox = Sandbox(
            self.clock,
            callees=FIXTURES / "callees",
            account=account,
            faults=faults,
        )
        self.home, self.database = home, database
        self.events: list[Event] = []
        self.ids = random.Random(0)
        self.toolkit = self.another()

    def another(  # noqa: PLR0913, PLR0917 - the seams of a toolkit
        self,
        app: Any = None,
        observe: Any = None,
        channel: Any = None,
        prompts: Any = None,
        clock: Any = None,
        wall: Any = None,
        pace: Pace = _USUAL_PACE,
        ways: Any = (),
        api_key: ApiKey | None = ApiKey("example"),  # noqa: B008 - it is a constant
        base_url: str = "http://127.0.0.1/v2",
    ) -> Toolkit:
        """A toolkit as another process would have it: the same ledger, the same account."""
        return Toolkit(
            Settings(base_url, self.home, api_key, pace, database=self.database),
            clock=clock or self.clock,
            wall=wall,
            transport=in_process(app or self.sandbox),
            new_id=lambda: str(UUID(int=self.ids.getrandbits(128), version=4)),
            jitter=random.Random(0),
            observe=observe or self._observe,
            channel=channel,
            prompts=prompts,
            ways=ways,
        )

    def shows_life(self, toolkit: Toolkit, token: str) -> None:
        """A toolkit lives under that token, as far as others can tell."""
        if signs := toolkit.ledger.signs:
            signs.show_life(token)

    def _observe(self, event: Event, _state: MissionState) -> None:
        self.events.append(event)

    def call(self, name: str, **arguments: Any) -> Doc:
        """Run one tool; its answer is held against its published schema."""
        return held(TOOLS[name], TOOLS[name](self.toolkit, arguments))

    def state(self, mission: str) -> MissionState:
        return self.toolkit.state(mission)

    def approved(self, brief: Doc) -> str:
        """A mission of this brief, planned and approved."""
        mission: str = self.call("create_mission", brief=brief)["mission_id"]
        plan_hash = self.call("plan_steps", mission_id=mission)["plan_hash"]
        self.call(
            "approve_plan",
            mission_id=mission,
            plan_hash=plan_hash,
            approved_by="Dana",
            words="Yes, go ahead",
        )
        return mission

    def ran(self, brief: Doc) -> Doc:
        """The summary of a mission of this brief, run to its end."""
        mission = self.approved(brief)
        self.call("run_mission", mission_id=mission)
        return self.call("summarize", mission_id=mission)

    def ask(self, method: str, path: str) -> Any:
        """One request to the sandbox beside our client; the decoded answer."""
        headers = {"authorization": "Bearer example"}
        bare, _, query = path.partition("?")
        sent = self.sandbox.exchange(method, f"/v2{bare}", query, headers, b"")
        return json.loads(sent.payload or b"null")

    def rang(self) -> list[Doc]:
        """Every call that the sandbox really placed."""
        return self.ask("GET", "/_sandbox/calls")["data"]

    def run_at_telnyx(self, mission: str) -> Doc:
        state = self.state(mission)
        path = f"/ai/missions/{state.telnyx_mission_id}/runs/{state.run_id}"
        return self.ask("GET", path)["data"]

    def log_at_telnyx(self, mission: str) -> list[Doc]:
        """The run's events as the sandbox lists them."""
        state = self.state(mission)
        path = f"/ai/missions/{state.telnyx_mission_id}/runs/{state.run_id}"
        return self.ask("GET", f"{path}/events?page[size]=1000")["data"]

    def steps_at_telnyx(self, mission: str) -> dict[str, str]:
        state = self.state(mission)
        path = f"/ai/missions/{state.telnyx_mission_id}/runs/{state.run_id}/plan"
        return {step["step_id"]: step["status"] for step in self.ask("GET", path)["data"]}

    def made_at_telnyx(self) -> dict[str, int]:
        """How many of the things that a mission makes are there."""
        lists = {
            "assistants": "/ai/assistants",
            "insights": "/ai/conversations/insights?page[size]=50",
            "groups": "/ai/conversations/insight-groups?page[size]=50",
            "applications": "/texml_applications",
        }
        counts = {name: self.ask("GET", path)["data"] for name, path in lists.items()}
        ours = [i for i in counts["insights"] if i.get("insight_type") != "default"]
        return {**{name: len(rows) for name, rows in counts.items()}, "insights": len(ours)}

    def connections(self) -> dict[str, str]:
        rows = self.ask("GET", "/phone_numbers?page[size]=250")["data"]
        return {row["phone_number"]: row["connection_id"] or "" for row in rows}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The default suite takes less than a minute: it leaves some of the long tests out."""
    if not config.option.file_or_dir or config.option.file_or_dir == ["tests"]:
        leave_some_for_the_slow_suite(items, config.rootpath)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What holds of a ledger, and of missions that are killed, holds on both kinds of ledger."""
    by_missions = "database" in metafunc.fixturenames and metafunc.definition.path.name in ON_BOTH
    for name in ["place"] * ("place" in metafunc.fixturenames) + ["database"] * by_missions:
        metafunc.parametrize(name, KINDS, indirect=True)


#: The modules of `tests/missions` whose missions have their ledger in Postgres, too.
ON_BOTH = {
    "test_account.py",
    "test_crash_points.py",
    "test_do_not_call.py",
    "test_fault_matrix.py",
    "test_leases.py",
    "test_lost_answers.py",
    "test_refusals.py",
    "test_rounds.py",
    "test_ticks.py",
}
KINDS = [
    pytest.param("sqlite", id=pytest.HIDDEN_PARAM),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A Postgres of this process; its tests are skipped where there is none."""
    from tests.postgres import binaries, server  # noqa: PLC0415 - psycopg, for who needs it

    found = binaries()
    if found is None:
        pytest.skip("no Postgres that can be started here: see tests/postgres.py")
    with server(found) as running:
        yield running


@pytest.fixture
def postgres(postgres_server: Any) -> Iterator[DatabaseUrl]:
    """A new and empty database."""
    place = postgres_server.fresh()
    yield place
    postgres_server.drop(place)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> DatabaseUrl | None:
    """Where the ledger of a rig is, if not in its home."""
    is_wanted = getattr(request, "param", "") == "postgres"
    return request.getfixturevalue("postgres") if is_wanted else None


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a ledger may be made: a directory, then a database."""
    is_postgres = request.param == "postgres"
    return request.getfixturevalue("postgres") if is_postgres else tmp_path / "state" / "toolkit"


@pytest.fixture
def make_rig(tmp_path: Path, database: DatabaseUrl | None) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(
        account: str = "default",
        faults: Sequence[Mapping[str, Any]] = (),
        change: Callable[[Doc], None] | None = None,
    ) -> Rig:
        path = FIXTURES / "accounts" / f"{account}.yaml"
        if change:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            change(document)
            path = tmp_path / f"account-{len(rigs)}.yaml"
            path.write_text(yaml.safe_dump(document), encoding="utf-8")
        assert not (rigs and database), "they would share a ledger"
        rigs.append(Rig(tmp_path / f"home-{len(rigs)}", path, faults, database))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.toolkit.close()
        assert rig.sandbox.problems == []


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()


@pytest.fixture
def catering() -> Doc:
    return yaml.safe_load((FIXTURES / "missions" / "catering.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def survey() -> Doc:
    """A sweep of two strangers."""
    return {
        "name": "Opening hours",
        "goal": "When are they open on Saturday?",
        "on_behalf_of": "Dana Reyes",
        "strategy": "sweep",
        "targets": [
            {"name": "North Hardware", "phone": "+13125550120", "timezone": "America/Chicago"},
            {"name": "South Hardware", "phone": "+13125550121", "timezone": "America/Chicago"},
        ],
        "collect": {"open_until": {"type": "string", "required": True}},
    }


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
