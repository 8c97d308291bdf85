"""The brief: what a person asked for, read strictly and kept unchanged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, Self, cast

from pydantic import Field, ValidationError, field_validator, model_validator

from telnyx_toolkit.brief_offers import Leverage, Mandate, Objective, check_objective
from telnyx_toolkit.brief_parts import (
    MESSAGE_LIMIT,
    Calling,
    FieldName,
    Limits,
    Part,
    Question,
    Target,
    Text,
    Voice,
    e164,
)
from telnyx_toolkit.brief_stages import Stage
from telnyx_toolkit.brief_strategies import Book, Rubric, check_book, check_rubric
from telnyx_toolkit.contacts import A_DAY
from telnyx_toolkit.disclosure import undisclosed
from telnyx_toolkit.kinds import KINDS, Kind
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.stages import at_stage


class Brief(Part):
    """A mission as a person asks for it."""

    name: str = Field(min_length=1, max_length=120, description="What to call the mission.")
    goal: Text = Field(description="What a good result is, in a sentence or two.")
    on_behalf_of: str = Field(min_length=1, max_length=200, description="Said in every greeting.")
    strategy: str = Field(
        description="; ".join(f"{kind.name} {kind.about}" for kind in KINDS.values()) + ".",
        json_schema_extra={"enum": list(KINDS)},
    )
    targets: tuple[Target, ...] = Field(
        min_length=1, max_length=10_000, description="Whom to call."
    )
    details: str = Field(default="", max_length=8_000, description="What the assistant may tell.")
    collect: Mapping[FieldName, Question] = Field(min_length=1, description="What to find out.")
    objective: Objective | None = Field(default=None, description="Needed to negotiate.")
    # The parts below are what they are by default; to check that would complete their classes.
    leverage: Leverage = Leverage.model_construct()
    mandate: Mandate = Mandate.model_construct()
    rubric: Rubric | None = Field(default=None, description="Needed to screen.")
    book: Book | None = Field(default=None, description="Needed to book.")
    stages: tuple[Stage, ...] = Field(
        default=(), max_length=6, description="For rounds: at least two, one after the other."
    )
    fallback: tuple[Target, ...] = Field(
        default=(), max_length=1_000, description="To book: whom to call when no target confirms."
    )
    contact: Literal["ivr", "business", "professional"] = Field(
        default="business", description="Sets how soon a missed call is tried again."
    )
    calling: Calling = Calling.model_construct()
    limits: Limits = Limits.model_construct()
    voice: Voice = Voice.model_construct()
    call_from: str | None = Field(
        default=None,
        description="The account's number to call from; else a free one of the called country.",
    )
    greeting: str | None = Field(
        default=None,
        min_length=1,
        max_length=600,
        description="The first words of every call, in place of ours; {target} is who is called."
        " They must say that an AI calls and for whom.",
    )
    message: str | None = Field(
        default=None,
        min_length=1,
        max_length=MESSAGE_LIMIT,
        description="The text that sms targets get; else one is made from goal and collect.",
    )
    strict: bool = Field(
        default=False,
        description="After an unheard answer, never call that target again without a person.",
    )
    record: bool = Field(default=False, description="Record the audio; the callee is told.")
    keep: bool = Field(
        default=False, description="Keep the assistant and insights after the mission."
    )

    @property
    def kind(self) -> Kind:
        """What kind of mission it is."""
        return KINDS[self.strategy]

    def at_stage(self, number: int, names: Iterable[str]) -> "Brief":
        """The brief for one stage, counted from 1, which calls only the targets of these names.

        Raises:
            pydantic.ValidationError: as a brief of its own it would make no sense.
        """
        if not self.stages:
            return self
        return Brief.model_validate(at_stage(self.model_dump(mode="json"), number, names))

    @property
    def at_once(self) -> int | None:
        """How many calls may be under way at once; None leaves it to the account."""
        if self.book:
            return self.book.at_once
        return 1 if self.kind.carries_offers else None

    @cached_property
    def everybody(self) -> tuple[Target, ...]:
        """Everybody who may be reached: the targets, then the fallback."""
        return (*self.targets, *self.fallback)

    @cached_property
    def decisive_fields(self) -> tuple[str, ...]:
        """The collected fields on which a result rests: required ones, and what is compared."""
        required = [name for name, question in self.collect.items() if question.required]
        compared = self.objective.fields if self.objective else ()
        judged = [name for part in (self.rubric, self.book) if part for name in part.fields]
        return tuple(dict.fromkeys([*required, *compared, *judged]))

    @property
    def attempts_a_day(self) -> int:
        """How often one target may be tried on one day of theirs."""
        return self.limits.attempts_per_day or A_DAY[self.contact]

    @cached_property
    def makes_calls(self) -> bool:
        """Whether anybody is to be called."""
        return any(target.channel == "call" for target in self.everybody)

    @cached_property
    def sends_texts(self) -> bool:
        """Whether anybody is to be sent a text message."""
        return any(target.channel == "sms" for target in self.everybody)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """What the targets speak, each language once, in the order of the targets."""
        spoken = [target.language or self.voice.language for target in self.everybody]
        return tuple(dict.fromkeys(spoken))

    @property
    def main_language(self) -> str:
        """The one language of all targets; where they differ, the brief's own."""
        return self.languages[0] if len(self.languages) == 1 else self.voice.language

    def language_of(self, target_name: str) -> str:
        """What the target of that name speaks; the main language where there is none."""
        return self._spoken_by.get(target_name, self.main_language)

    @cached_property
    def _spoken_by(self) -> Mapping[str, str]:
        return {t.name: t.language or self.voice.language for t in self.everybody}

    @field_validator("strategy")
    @classmethod
    def _known_strategy(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"is not one of: {', '.join(KINDS)}{did_you_mean(value, KINDS)}")
        return value

    @field_validator("call_from", mode="before")
    @classmethod
    def _our_number(cls, value: object) -> object:
        return value if value is None else e164(value)

    @model_validator(mode="before")
    @classmethod
    def _no_telnyx_syntax(cls, document: object) -> object:
        for where, text in _texts(document):
            if "{{" in text or "}}" in text:
                raise ValueError(
                    f"{where} contains '{{{{' or '}}}}', which Telnyx would read as a variable"
                )
        return document

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for noun, values in (
            ("name", [t.name for t in self.everybody]),
            ("phone", [t.phone for t in self.everybody]),
        ):
            if twice := [v for v, n in Counter(values).items() if n > 1]:
                raise ValueError(f"two targets have the {noun} {twice[0]!r}")
        self._check_kind()
        self._check_stages()
        if self.objective:
            check_objective(self.objective, self.collect)
        if self.rubric:
            check_rubric(self.rubric, self.collect)
        if self.book:
            check_book(self.book, self.collect)
        self._check_disclosure()
        self._check_languages()
        return self

    def _check_kind(self) -> None:
        for name, why in self.kind.needs.items():
            if not getattr(self, name):
                article = "an" if name[0] in "aeiou" else "a"
                raise ValueError(f"strategy {self.strategy!r} needs {article} {name}: {why}")
        for other in KINDS.values():
            for name in other.own:
                if getattr(self, name) and name not in self.kind.own:
                    raise ValueError(
                        f"strategy {self.strategy!r} has no use for {name}: {other.name!r} does"
                    )
        if self.sends_texts and not self.kind.by_text:
            able = " or ".join(repr(kind.name) for kind in KINDS.values() if kind.by_text)
            raise ValueError(
                f"strategy {self.strategy!r} is spoken: targets with channel 'sms' need {able}"
            )

    def _check_languages(self) -> None:
        own = [name for name in ("greeting", "message") if getattr(self, name)]
        if own and len(self.languages) > 1:
            raise ValueError(
                f"the {own[0]} is in one language, and the targets speak"
                f" {' and '.join(self.languages)}: leave it out, or make a brief for each"
            )

    def _check_stages(self) -> None:
        if not self.stages:
            return
        if len(self.stages) == 1:
            raise ValueError("there is one stage: use its strategy, without stages")
        if self.objective:
            raise ValueError("strategy 'rounds' has an objective in a stage, not beside them")
        for number, stage in enumerate(self.stages, 1):
            if stage.strategy == self.strategy:
                raise ValueError(f"stage {stage.name!r} is of rounds again")
            try:
                self.at_stage(number, [target.name for target in self.targets])
            except ValidationError as problem:
                first = problem.errors(include_url=False)[0]
                where = ".".join(str(part) for part in first["loc"])
                reason = str(first.get("ctx", {}).get("error", first["msg"]))
                told = f"{where} {reason}".strip()
                raise ValueError(f"stage {stage.name!r}: {told}") from None

    def _check_disclosure(self) -> None:
        for name, text in (("greeting", self.greeting), ("message", self.message)):
            if text and (missing := undisclosed(text, self.on_behalf_of)):
                raise ValueError(f"the {name} does not say at its start {' and '.join(missing)}")


def brief_schema() -> dict[str, Any]:
    """JSON Schema of a brief."""
    return Brief.model_json_schema()


def _texts(value: object, where: str = "the brief") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[Any, Any]", value).items():
            yield from _texts(inner, str(key))
    elif isinstance(value, Sequence):
        for inner in cast("Sequence[Any]", value):
            yield from _texts(inner, where)
