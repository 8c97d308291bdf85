"""What a tool is: a function, the shapes of its arguments and results, what it may cause."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.untrusted import clean_json

if TYPE_CHECKING:
    from telnyx_toolkit.toolkit import Toolkit

Document = dict[str, Any]
_LONGEST = 1_000_000  # longer than any text of ours: what is a stranger's was cut before
Kind = Literal["positional", "flag", "file", "text", "wait"]


class Effect(StrEnum):
    """The most that a tool may cause, from the least to the most."""

    NONE = "none"  # touches nothing: neither ledger nor account
    READS = "reads"  # looks, and changes nothing
    WRITES = "writes"  # changes the ledger or the Telnyx account
    SPENDS = "spends"  # may spend money without ringing: sends a text message
    CALLS = "calls"  # makes phones ring, and so spends money

    @property
    def only_looks(self) -> bool:
        """Whether nothing is other than before."""
        return self in {Effect.NONE, Effect.READS}


def arg(help_text: str, kind: Kind = "flag", *, inline: str = "", **default: Any) -> Any:
    """A field of a tool's arguments.

    Args:
        help_text: What it is, for people and agents alike.
        kind: How the command line takes it: by place, by flag, as what a YAML or JSON file says,
            as the text of a file, or as a time to wait.
        inline: What it is where no file is meant, but what the file would say.
        default: `default=…` where it may be left out.
    """
    said = {"help": help_text, "kind": kind, "inline": inline}
    return field(metadata=said, **default)


class Parameter(NamedTuple):
    """One argument of a tool, as its surfaces need it."""

    name: str
    kind: Kind
    help: str
    type: type
    required: bool
    default: Any
    choices: tuple[str, ...] = ()
    inline: str = ""

    @property
    def metavar(self) -> str:
        """What stands for its value in a usage line."""
        named = {"positional": "MISSION", "file": "FILE", "text": "FILE", "wait": "TIME"}
        if self.choices:
            return "|".join(self.choices)
        if self.type is bool:
            return ""
        return named.get(self.kind, "NUMBER" if self.type is int else "TEXT")

    @property
    def flag(self) -> str:
        """`--plan-hash`; the name itself where it goes by place."""
        flag = f"--{self.name.replace('_', '-')}"
        return self.name if self.kind == "positional" else flag


class Tool(NamedTuple):
    """One thing an agent can do; every surface is derived from this.

    Attributes:
        function: The function; its name and docstring are the tool's.
        arguments: A frozen dataclass.
        effect: The most that it may cause.
        needs_approval: It does nothing before a person has approved the plan.
        idempotent: However often the same call is repeated, it comes to what one undisturbed call
            comes to.
        destroys: It may end or remove what cannot be had back by another call.
        local: It looks at this machine alone: no key, no network.
        watched: It takes long enough for somebody to watch.
    """

    function: Callable[["Toolkit", Any], Document]
    arguments: type
    effect: Effect
    needs_approval: bool = False
    idempotent: bool = True
    destroys: bool = False
    local: bool = False
    watched: bool = False

    @property
    def name(self) -> str:
        """`create_mission`."""
        return self.function.__name__

    @property
    def command(self) -> str:
        """`create-mission`."""
        return self.name.replace("_", "-")

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]

    @property
    def parameters(self) -> list[Parameter]:
        """Its arguments in order."""
        hints = get_type_hints(self.arguments)
        return [_parameter(f, hints[f.name]) for f in fields(self.arguments)]

    def schema(self) -> Document:
        """JSON Schema of its arguments, as it takes them: what a file would say is given itself."""
        parameters = self.parameters
        return {
            "type": "object",
            "properties": {p.name: _schema(p) for p in parameters},
            "required": [p.name for p in parameters if p.required],
            "additionalProperties": False,
        }

    def results(self) -> Document:
        """JSON Schema of what it answers with."""
        from telnyx_toolkit.tool_results import results_of  # noqa: PLC0415 - who runs it has none

        return results_of(self.name)

    def __call__(self, toolkit: "Toolkit", arguments: Mapping[str, Any]) -> Document:
        """Run the tool; whatever strangers or Telnyx wrote into its answer is made harmless.

        Raises:
            ToolkitError: what happened, why, and what to do next.
        """
        known = [parameter.name for parameter in self.parameters]
        for name in arguments:
            if name not in known:
                near = did_you_mean(name, known)
                raise InvalidInput(f"{self.name} takes no argument {name!r}{near}.")
        for parameter in self.parameters:
            if parameter.required and parameter.name not in arguments:
                raise InvalidInput(f"{self.name} needs {parameter.name}: {parameter.help}")
            given = arguments.get(parameter.name, parameter.default)
            if parameter.kind != "file" and not _fits(given, parameter):
                wanted = _PLAIN.get(parameter.type, "text")
                raise InvalidInput(f"{parameter.name} is {given!r:.100}, which is not {wanted}.")
            if parameter.choices and given not in parameter.choices:
                allowed = ", ".join(parameter.choices)
                raise InvalidInput(f"{parameter.name} {given!r} is not one of: {allowed}")
        return clean_json(self.function(toolkit, self.arguments(**arguments)), _LONGEST)


_TYPES = {str: "string", int: "integer", bool: "boolean"}


def _schema(parameter: Parameter) -> Document:
    """Of one argument; a default that says nothing more than its absence is left out."""
    schema: Document = {
        "type": "object" if parameter.kind == "file" else _TYPES[parameter.type],
        "description": parameter.inline or parameter.help,
    }
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default:
        schema["default"] = parameter.default
    return schema


_PLAIN = {bool: "true or false", int: "a whole number"}


def _fits(given: Any, parameter: Parameter) -> bool:
    if given is None:
        return not parameter.required and parameter.default is None
    return isinstance(given, parameter.type) and isinstance(given, bool) == (parameter.type is bool)


def _parameter(argument: Field[Any], hint: Any) -> Parameter:
    required = argument.default is MISSING and argument.default_factory is MISSING
    options = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    plain = next((o for o in options if isinstance(o, type) and o is not types.NoneType), str)
    return Parameter(
        name=argument.name,
        kind=argument.metadata["kind"],
        help=argument.metadata["help"],
        type=plain,
        required=required,
        default=None if argument.default is MISSING else argument.default,
        choices=get_args(hint) if get_origin(hint) is Literal else (),
        inline=argument.metadata["inline"],
    )
