"""A program that plays openclaw, and servers on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.notify.stage import FakeOpenClaw, Server


@pytest.fixture
def openclaw() -> Iterator[FakeOpenClaw]:
    """Not below pytest's own folder, which may be on a disk that runs no programs."""
    with TemporaryDirectory() as folder:
        yield FakeOpenClaw(Path(folder))


@pytest.fixture
def make_server() -> Iterator[Callable[[], Server]]:
    started: list[Server] = []

    def make() -> Server:
        started.append(Server())
        return started[-1]

    yield make
    for server in started:
        server.close()


@pytest.fixture
def server(make_server: Callable[[], Server]) -> Server:
    return make_server()
