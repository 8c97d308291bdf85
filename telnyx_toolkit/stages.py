"""A mission in stages: what the brief, as JSON, comes to in one of them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from telnyx_toolkit.model import Json, Target, targets_of

#: Parts that belong to a stage alone.
_OWN = ("objective", "rubric", "book")
#: Parts that a stage may have in place of the brief's.
_INSTEAD = ("leverage", "mandate")


def whole(document: Json) -> Json:
    """A document with lists for those that are held packed: what goes out, or is validated."""
    return {name: _plain(value) for name, value in document.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str | list | tuple) or not isinstance(value, Sequence):
        return cast("Any", value)
    return [*cast("Sequence[Any]", value)]


def stages_of(brief: Json) -> list[Json]:
    """The stages of a brief's document; none where it is all one."""
    return list(brief.get("stages") or ())


def at_stage(brief: Json, number: int, names: Iterable[str]) -> Json:
    """The brief for one stage, counted from 1, which calls only the targets of these names.

    It is a brief of the stage's own strategy; one without stages is the same throughout. Where the
    targets were found is told in the first stage only.
    """
    stages = stages_of(brief)
    if not stages:
        return whole(brief)
    stage = stages[number - 1]
    by_name = {target["name"]: target for target in brief["targets"]}
    targets = [by_name[name] for name in names]
    details = [text for text in (brief["details"], stage["details"]) if text]
    return {
        **brief,
        **{name: stage[name] for name in _OWN},
        **{name: stage[name] or brief[name] for name in _INSTEAD},
        "strategy": stage["strategy"],
        "collect": {**brief["collect"], **stage["collect"]},
        "details": "\n".join(details),
        "targets": targets if number == 1 else [{**t, "source": ""} for t in targets],
        "stages": [],
    }


def targets_at(brief: Json, number: int, names: Iterable[str]) -> tuple[Target, ...]:
    """The targets of a stage, in the order of `names`, each with a step of that stage."""
    by_name: dict[str, Target] = {target.name: target for target in targets_of(brief)}
    chosen = [by_name[name] for name in names]
    if number == 1:
        return tuple(chosen)
    moved: list[dict[str, Any]] = [
        {**vars(target), "step_id": f"s{number}-{target.step_id}"} for target in chosen
    ]
    return tuple(Target(**fields) for fields in moved)
