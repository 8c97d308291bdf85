"""The address of a database is read strictly, and no password of it is ever shown."""

import pytest

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.settings import Settings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("postgresql://dana@db.example:5432/calls", "db.example:5432/calls"),
        ("postgres://dana:example@db.example/calls", "db.example/calls"),
        ("postgresql://dana:ex%40mple@[::1]:5432/calls", "[::1]:5432/calls"),
        ("postgresql:///calls", "localhost/calls"),
        ("postgresql://dana@/calls?host=/run/postgresql", "/run/postgresql/calls"),
        ("postgresql://%2Frun%2Fpostgresql/calls", "/run/postgresql/calls"),
        ("postgresql://one,two:5433/calls?target_session_attrs=read-write", "one,two:5433/calls"),
        (" postgresql://db.example/calls?password=example \n", "db.example/calls"),
    ],
)
def test_a_database_is_called_by_its_host_and_name(text: str, name: str):
    url = DatabaseUrl.parse(text)

    assert url.name == str(url) == name
    assert url.reveal() == text.strip()
    assert "example@" not in repr(url)
    assert "ex%40mple" not in repr(url)


@pytest.mark.parametrize(
    "text",
    [
        "mysql://dana:s3cret@db.example/calls",
        "dana:s3cret@db.example/calls",
        "postgresql://dana:s3cret@db.example",
        "postgresql://dana:s3cret@db.example/",
        "postgresql://dana:s3cret@db.example:high/calls",
        "postgresql://dana:s3cret@more@db.example/calls",
        "postgresql://dana:s3cret/more@db.example/calls",
        "postgresql://dana:12/s3cret@db.example/calls",
        "postgresql://dana:12#s3cret@db.example/calls",
        "postgresql://dana:12?s3cret@db.example/calls",
        "postgresql://dana:[s3cret@db.example/calls",
        "host=db.example password=s3cret",
        "s3cret",
    ],
)
def test_what_is_no_address_is_refused_without_a_word_of_it(text: str):
    with pytest.raises(ConfigError) as caught:
        DatabaseUrl.parse(text)

    told = str(caught.value.as_dict())
    assert "TELNYX_TOOLKIT_DATABASE_URL" in told
    assert "postgresql://user@host:5432/database" in caught.value.fix
    assert "s3cret" not in told
    assert "db.example" not in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_environment_names_a_database_or_the_home_is_where_the_ledger_is():
    url = "postgresql://dana:s3cret@db.example/calls"
    home = {"TELNYX_TOOLKIT_HOME": "/somewhere"}

    there = Settings.from_environment({**home, "TELNYX_TOOLKIT_DATABASE_URL": url})
    here = Settings.from_environment({**home, "TELNYX_TOOLKIT_DATABASE_URL": " "})
    never = Settings.from_environment({**home, "TELNYX_TOOLKIT_DATABASE_URL": "${DATABASE_URL}"})

    assert there.ledger == DatabaseUrl.parse(url)
    assert here.ledger == here.home == never.ledger
    assert "s3cret" not in repr(there)
