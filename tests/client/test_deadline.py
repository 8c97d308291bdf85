"""The deadline holds against servers that hang, drip, cut and close."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached
from telnyx_toolkit.settings import ApiKey
from telnyx_toolkit.telnyx.http import Http

DEADLINE_S = 0.3
SLACK_S = 0.7
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
Behaviour = Callable[[socket.socket, threading.Event], None]


@contextmanager
def server(behave: Behaviour) -> Generator[str]:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                heard = b"?"
                while heard and not heard.endswith(b"{}"):
                    heard = connection.recv(65536)
                behave(connection, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/v2"
        finally:
            over.set()
            thread.join()


def hang(_: socket.socket, over: threading.Event) -> None:
    over.wait(5)


def hang_after(first: bytes) -> Behaviour:
    def behave(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        over.wait(5)

    return behave


def drip_after(first: bytes) -> Behaviour:
    def behave(connection: socket.socket, over: threading.Event) -> None:
        try:
            connection.sendall(first)
            while not over.wait(0.05):
                connection.sendall(b" ")
        except OSError:
            pass

    return behave


def late_half(connection: socket.socket, over: threading.Event) -> None:
    over.wait(0.9)
    connection.sendall(HEAD)
    over.wait(5)


def say(everything: bytes) -> Behaviour:
    def behave(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(everything)

    return behave


def ask(url: str, deadline_s: float = DEADLINE_S) -> object:
    with Http(url, ApiKey("example"), deadline_s=deadline_s) as http:
        return http.request("POST", "/x", body={})


@pytest.mark.parametrize(
    "behave", [hang, hang_after(HEAD + b'{"a":'), drip_after(HEAD)], ids=["hang", "half", "drip"]
)
def test_a_slow_server_is_given_up_at_the_deadline(behave: Behaviour):
    started = time.monotonic()
    with server(behave) as url, pytest.raises(NoResponse):
        ask(url)

    assert DEADLINE_S * 0.9 < time.monotonic() - started < DEADLINE_S + SLACK_S


def test_a_late_answer_leaves_less_time_for_the_rest_of_it():
    started = time.monotonic()
    with server(late_half) as url, pytest.raises(NoResponse):
        ask(url, deadline_s=1.0)

    assert time.monotonic() - started < 1.6


def test_a_reply_cut_short_is_an_unknown_outcome():
    with server(say(HEAD + b'{"a": 1}')) as url, pytest.raises(NoResponse, match="RemoteProtocol"):
        ask(url)


def test_a_connection_closed_without_a_word_is_an_unknown_outcome():
    with server(say(b"")) as url, pytest.raises(NoResponse, match=r"RemoteProtocol|ReadError"):
        ask(url)


def test_an_error_status_counts_though_its_text_never_ends():
    head = HEAD.replace(b"200 OK", b"403 Forbidden")

    with server(hang_after(head + b"no balan")) as url, pytest.raises(ErrorResponse) as caught:
        ask(url)

    assert caught.value.status == 403
    assert "no balan" in caught.value.message


def test_a_port_where_nobody_listens_is_not_reached():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(NotReached, match=r"POST /x never left: ConnectError"):
        ask(f"http://127.0.0.1:{port}/v2")


def test_nothing_is_sent_once_the_deadline_has_passed():
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                heard.append(connection.recv(65536))

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v2"
        with (
            Http(url, ApiKey("example"), deadline_s=0.000001) as http,
            pytest.raises(NotReached, match="never left"),
        ):
            http.request("POST", "/x")
        socket.create_connection(listening.getsockname()).close()
        thread.join()

    assert heard == [b""]


def test_a_whole_answer_is_read_from_a_real_socket():
    answer = b'HTTP/1.1 201 Created\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{"a": 1}'

    with server(say(answer)) as url:
        assert ask(url) == {"a": 1}


def test_a_server_on_this_machine_is_not_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

    with server(say(answer)) as url:
        assert ask(url) is None
