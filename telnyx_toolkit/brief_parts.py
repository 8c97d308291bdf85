"""The parts of a brief: whom to reach, what to ask, what is better, when, how much, which voice."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, cached_property
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    field_validator,
    model_validator,
)

from telnyx_toolkit.figures import as_number
from telnyx_toolkit.hours import day_or_instant, is_zone, span_of, weekdays
from telnyx_toolkit.number_gate import COUNTRIES
from telnyx_toolkit.patterns import Pattern

#: Six parts of 160 characters, less what joins them: longer texts are split by carriers or lost.
MESSAGE_LIMIT = 918
KEYS = Pattern(r"[0-9*#wW]*[0-9*#][0-9*#wW]*(?:,[0-9*#wW]*[0-9*#][0-9*#wW]*)*")
E164 = Pattern(r"\+[1-9][0-9]{6,14}")

AnswerType = Literal["number", "integer", "boolean", "string", "date"]
Channel = Literal["call", "sms"]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
#: Strict, so that 0 and 1 stay numbers; numbers stay numbers in JSON, so that they come back.
Figure = Annotated[Decimal, PlainSerializer(as_number, return_type=int | float)]
Wanted = Annotated[bool, Strict()] | Figure | str
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
#: What a collected value of each type is.
HOLDS: Mapping[AnswerType, type] = {
    "number": Decimal,
    "integer": Decimal,
    "boolean": bool,
    "string": str,
    "date": str,
}


class Part(BaseModel):
    """Frozen, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@cache
def _same(names: frozenset[str]) -> set[str]:
    """The one set of these names."""
    return set(names)


class Target(Part):
    """Someone to reach."""

    name: str = Field(min_length=1, max_length=120, description="As it should be spoken.")
    phone: str = Field(description="International form, in quotes: '+13125550101'.")
    timezone: str | None = Field(
        default=None,
        description="IANA zone of the person called; told from the number where unique.",
    )
    source: str = Field(
        default="", max_length=500, description="Where you found them; kept as evidence."
    )
    expects: Figure | None = Field(
        default=None,
        description="What you think they will quote, if you know: sets the order of calls, and is"
        " never spoken.",
    )
    channel: Channel = Field(
        default="call", description="How to reach them: call, or sms for one text message."
    )
    keys: str | None = Field(
        default=None,
        max_length=60,
        description="What to press in their phone tree, one group a menu, such as '1,0';"
        " w waits half a second.",
    )

    language: Language | None = Field(
        default=None, description="What they speak, such as es-MX; else voice.language."
    )

    def model_post_init(self, context: object, /) -> None:
        """Share the note of which fields were given: among thousands it is as large as they are."""
        del context
        given = _same(frozenset(self.__pydantic_fields_set__))
        object.__setattr__(self, "__pydantic_fields_set__", given)

    @field_validator("phone", mode="before")
    @classmethod
    def _international(cls, value: object) -> object:
        return e164(value)

    @field_validator("keys", mode="before")
    @classmethod
    def _pressable(cls, value: object) -> object:
        return value if value is None else pressable(value)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None and not is_zone(value):
            raise ValueError("is not an IANA time zone, such as America/Chicago")
        return value


class Question(Part):
    """One thing to find out in every call; becomes a field of the insight."""

    type: AnswerType = Field(description="What kind of answer it is.")
    unit: str = Field(
        default="", max_length=20, description="Currency code for money, else any unit."
    )
    required: bool = Field(default=False, description="The call is incomplete without it.")
    ask: str = Field(
        default="", max_length=300, description="How to ask; told from the name if absent."
    )


class Calling(Part):
    """When calls may ring, in the called person's own time."""

    days: str = Field(default="mon-fri", description="Such as mon-fri, or mon,wed,sat.")
    hours: str = Field(default="09:00-17:00", description="Such as 09:00-17:00.")
    not_before: date | datetime | None = Field(default=None, description="No call before this.")
    finish_by: date | datetime | None = Field(default=None, description="No call after this.")
    on_holidays: Annotated[bool, Strict()] = Field(
        default=False,
        description="Whether calls may ring on public holidays of the called person's region; "
        "where the law bars that, they never do.",
    )
    countries: tuple[Country, ...] = Field(
        default=COUNTRIES, min_length=1, description="ISO codes of the countries that are called."
    )

    @field_validator("days")
    @classmethod
    def _days(cls, value: str) -> str:
        weekdays(value)
        return value

    @field_validator("hours")
    @classmethod
    def _ordered(cls, value: str) -> str:
        opens, closes = span_of(value)
        if opens >= closes:
            raise ValueError("ends before it begins")
        return value

    @field_validator("not_before", "finish_by", mode="before")
    @classmethod
    def _day_or_instant(cls, value: object) -> object:
        return value if value is None else day_or_instant(value)

    @field_validator("not_before", "finish_by")
    @classmethod
    def _zoned(cls, value: date | datetime | None) -> date | datetime | None:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("has a time but no zone: write a plain date, or add Z or an offset")
        return value

    def __hash__(self) -> int:
        return hash((self.days, self.hours, self.not_before, self.finish_by, self.on_holidays))

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        first, last = self.not_before, self.finish_by
        if first is None or last is None:
            return self
        if isinstance(first, datetime) and isinstance(last, datetime):
            too_late = first > last
        else:
            too_late = f"{first:%Y-%m-%d}" > f"{last:%Y-%m-%d}"
        if too_late:
            raise ValueError("not_before is after finish_by, so no call would be allowed")
        return self

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Permitted days, Monday = 0."""
        return weekdays(self.days)

    @cached_property
    def opens(self) -> time:
        """Local time from which a call may ring."""
        return span_of(self.hours)[0]

    @cached_property
    def closes(self) -> time:
        """Local time at which calls end; 24:00 is the day's last microsecond."""
        return span_of(self.hours)[1]


class Limits(Part):
    """Caps that no retry and no agent can pass."""

    attempts_per_target: int = Field(default=3, ge=1, le=5, description="Tries at one target.")
    attempts_per_day: int | None = Field(
        default=None,
        ge=1,
        le=3,
        description="Of them on one day, theirs; else 1 for a professional, 3 for others.",
    )
    minutes_per_call: int = Field(
        default=10, ge=1, le=60, description="A call is cut at this length."
    )
    spend_usd: Money = Field(default=Decimal("5.00"), description="Estimated spending, at most.")
    hold_minutes: int = Field(
        default=5,
        ge=1,
        le=60,
        description="The assistant hangs up after so long on hold; never more than a whole call.",
    )
    reply_hours: int = Field(
        default=24, ge=1, le=168, description="How long the answer to a text message is waited for."
    )

    @property
    def longest_hold(self) -> int:
        """Minutes on hold after which the assistant hangs up."""
        return min(self.hold_minutes, self.minutes_per_call)


class Voice(Part):
    """How the assistant sounds."""

    language: Language = Field(
        default="en-US", description="What is spoken, such as en-US; a target may state its own."
    )
    voice: str | None = Field(default=None, max_length=120, description="A Telnyx voice id.")
    model: str | None = Field(default=None, max_length=120, description="A Telnyx model id.")


def pressable(value: object) -> str:
    """Keys as Telnyx's tool presses them, without blanks; for validators."""
    groups = value.replace(" ", "") if isinstance(value, str) else ""
    if KEYS.fullmatch(groups):
        return groups
    hint = "put them in quotes" if isinstance(value, int) else "separated by commas, one a menu"
    raise ValueError(f"are not keys of a telephone: digits, * and #, {hint}, such as '1,0'")


def e164(value: object) -> object:
    """The value, if it is a number in international form; for validators."""
    if isinstance(value, str) and E164.fullmatch(value):
        return value
    hint = "put it in quotes" if isinstance(value, int) else "with + and the country code"
    raise ValueError(f"is not a phone number in international form ({hint}: '+13125550101')")


def all_yes(value: object) -> object:
    """A list of fields as `field: true` for each; anything else as it is; for validators."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = cast("Sequence[Any]", value)
        if not all(isinstance(name, str) for name in names):
            raise ValueError("is a list of something else than field names")
        return dict.fromkeys(names, True)
    return value
