"""From JSON to typed replies: the id is certain, everything else may be missing or new."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from telnyx_toolkit.errors import NoResponse

Kind = TypeVar("Kind", bound="Reply")


class Reply(BaseModel):
    """One object of Telnyx.

    A field that is missing, null or of an unexpected type has its default.

    Attributes:
        raw: The object exactly as received, with the fields that have no name here.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        protected_namespaces=(),
        defer_build=True,  # a round of a mission meets few kinds of them
    )
    #: The field without which the object is of no use; "" where there is none.
    id_field: ClassVar[str] = "id"

    raw: dict[str, Any] = Field(default={}, repr=False, exclude=True)

    @property
    def identity(self) -> str:
        """The id, whatever this kind of object calls it; "" where it has none."""
        return str(getattr(self, self.id_field)) if self.id_field else ""

    @model_validator(mode="before")
    @classmethod
    def _keep_raw(cls, received: Any) -> Any:
        if not isinstance(received, dict):
            return received
        fields = cast(dict[str, Any], received)
        return {**fields, "raw": fields}

    @field_validator("*", mode="wrap")
    @classmethod
    def _fall_back(
        cls, value: Any, parse: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        try:
            return parse(value)
        except ValidationError:
            field = cls.model_fields[info.field_name or ""]
            if field.is_required():
                raise
            return field.get_default(call_default_factory=True)


def one(kind: type[Kind], answer: Any, where: str) -> Kind:
    """The object of an answer, whether bare or under `data`: the id tells which.

    Args:
        kind: What it should be.
        answer: The decoded JSON.
        where: Verb and path, for the error.

    Raises:
        NoResponse: it lacks its id, so nobody knows what happened.
    """
    if isinstance(answer, dict) and kind.id_field not in answer:
        return _read(kind, cast(dict[str, Any], answer).get("data"), where)
    return _read(kind, answer, where)


def many(kind: type[Kind], rows: Iterable[Any], where: str) -> list[Kind]:
    """The objects of a list, each id once: rows move between pages while they are read.

    Raises:
        NoResponse: a row lacks its id.
    """
    found = [_read(kind, row, where) for row in rows]
    if not kind.id_field:
        return found
    return list({each.identity: each for each in found}.values())


def rows_of(answer: Any, where: str) -> list[Any]:
    """The rows of a list answer, bare or under `data`.

    Raises:
        NoResponse: there is no list, which is not the same as an empty one.
    """
    found = cast(dict[str, Any], answer).get("data") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise NoResponse(f"{where} was answered, but without the list that it should hold.")
    return cast(list[Any], found)


def _read(kind: type[Kind], found: Any, where: str) -> Kind:
    try:
        return kind.model_validate(found)
    except ValidationError:
        lacking = f"a usable `{kind.id_field}`" if kind.id_field else "the object it should hold"
        raise NoResponse(f"{where} was answered, but without {lacking}.") from None
