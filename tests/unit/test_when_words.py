"""What people mean by a time, on their own clock."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.when_words import when_told

#: Five past eleven on a Monday.
NOW = datetime(2026, 11, 23, 11, 5)  # noqa: DTZ001 - a clock on somebody's wall
OPENS, CLOSES = time(9), time(17)

TOLD = [
    ("at three this afternoon", "Mon 23 15:00"),
    ("tomorrow at 10", "Tue 24 10:00"),
    ("tomorrow", "Tue 24 00:00"),
    ("after lunch", "Mon 23 14:00"),
    ("in an hour", "Mon 23 12:05"),
    ("in half an hour", "Mon 23 11:35"),
    ("in an hour and a half", "Mon 23 12:35"),
    ("in a couple of hours", "Mon 23 13:05"),
    ("in twenty minutes", "Mon 23 11:25"),
    ("next Monday morning", "Mon 30 00:00"),
    ("Monday", "Mon 30 00:00"),
    ("next Friday at 9", "Fri 04 09:00"),
    ("this Friday at 9", "Fri 27 09:00"),
    ("Tuesday of next week", "Tue 01 00:00"),
    ("Thursday after 4", "Thu 26 16:00"),
    ("around half past two", "Mon 23 14:30"),
    ("at quarter to four", "Mon 23 15:45"),
    ("at twenty-five past three", "Mon 23 15:25"),
    ("3 p.m.", "Mon 23 15:00"),
    ("15:30", "Mon 23 15:30"),
    ("two o'clock", "Mon 23 14:00"),
    ("at nine", "Tue 24 09:00"),
    ("after 5", "Mon 23 17:00"),
    ("not before 3", "Mon 23 15:00"),
    ("between two and four", "Mon 23 14:00"),
    ("any time after ten tomorrow", "Tue 24 10:00"),
    ("before noon tomorrow", "Tue 24 00:00"),
    ("December 2nd at noon", "Wed 02 12:00"),
    ("Wednesday the 25th at two thirty", "Wed 25 14:30"),
    ("in two days", "Wed 25 00:00"),
    ("in the morning", "Tue 24 00:00"),
    ("a las tres de la tarde", "Mon 23 15:00"),
    ("a las tres y media", "Mon 23 15:30"),
    ("a las cuatro menos cuarto", "Mon 23 15:45"),
    ("ma\u00f1ana por la ma\u00f1ana", "Tue 24 00:00"),
    ("ma\u00f1ana a las diez", "Tue 24 10:00"),
    ("el lunes a las diez", "Mon 30 10:00"),
    ("dentro de una hora", "Mon 23 12:05"),
    ("pasado ma\u00f1ana por la tarde", "Wed 25 15:00"),
    ("el 2 de diciembre a las 11", "Wed 02 11:00"),
]
LATER_OF_SEVERAL = [
    ("at two or three", "Mon 23 15:00"),
    ("I am out tomorrow, so on Friday", "Fri 27 00:00"),
    ("I am here until 5, call at 3", "Mon 23 17:00"),
]
NOT_TOLD = [
    *("", "later", "later today", "some time", "may I ask", "we are 50 people", "it is 20 dollars"),
    *("in two or three hours", "by five", "half an hour", "in six weeks", "at 25", "this morning"),
    *("today at 9 in the morning", "call 312 555 0100", "end of the day", "January 31st"),
]


@pytest.mark.parametrize(("words", "at"), TOLD)
def test_words_for_a_time_tell_it(words: str, at: str):
    when = when_told(words, NOW, OPENS, CLOSES)

    assert when is not None
    assert f"{when.at:%a %d %H:%M}" == at


@pytest.mark.parametrize(("words", "at"), LATER_OF_SEVERAL)
def test_of_several_times_the_latest_counts_so_that_nobody_is_called_too_early(words: str, at: str):
    when = when_told(words, NOW, OPENS, CLOSES)

    assert when is not None
    assert f"{when.at:%a %d %H:%M}" == at


@pytest.mark.parametrize("words", NOT_TOLD)
def test_words_that_tell_no_time_for_certain_tell_none(words: str):
    assert when_told(words, NOW, OPENS, CLOSES) is None


@pytest.mark.parametrize(
    ("opens", "closes", "hour"),
    [(time(9), time(17), 15), (time(1), time(5), 27), (time(18), time(20), 15)],
)
def test_a_bare_hour_is_the_one_within_the_permitted_hours(opens: time, closes: time, hour: int):
    when = when_told("at 3", NOW, opens, closes)

    assert when is not None
    assert when.at == datetime.combine(NOW.date(), time()) + timedelta(hours=hour)
    assert when.any_day


WORDS = (
    "at after in on the next tomorrow monday friday 3 10 45 half past or two noon an hour minutes"
    " days week morning afternoon lunch 25th december am pm a las tres manana y media lunes proximo"
    " de la tarde not before between and until : , 2026 99"
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    words=st.lists(st.sampled_from(WORDS.split()), max_size=9),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
)
def test_whatever_is_said_it_is_never_in_the_past_nor_more_than_thirty_days_ahead(
    words: list[str], now: datetime
):
    when = when_told(" ".join(words), now, OPENS, CLOSES)

    assert when is None or now < when.at <= now + timedelta(days=30)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(words=st.text(max_size=60))
def test_no_words_are_too_strange_to_be_read(words: str):
    when_told(words, NOW, OPENS, CLOSES)
