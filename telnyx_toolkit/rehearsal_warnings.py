"""What a rehearsal shows to be amiss with a brief, and what to change in it. Pure."""

from collections.abc import Iterator, Sequence

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.distributions import is_capped, is_late
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.run_record import RunRecord, objectives_of, wanted_of

Warning_ = dict[str, str]
#: Shares from which on something is worth a warning; each was chosen so that chance alone, with
#: the shipped mix, does not reach it.
_OF_RUNS, _OF_CALLS, _OF_TARGETS, _OF_PEOPLE, _DENIED = 0.05, 0.05, 0.2, 0.1, 0.1
#: So many people must have answered before it means anything that none of them gave an answer.
_ENOUGH = 2


def warnings_of(brief: Brief, runs: Sequence[RunRecord]) -> list[Warning_]:
    """Each as code, message and fix; those that the brief alone shows come last.

    Args:
        brief: As the person gave it.
        runs: At least one.
    """
    found = (
        *_time(brief, runs),
        *_money(brief, runs),
        *_tries(brief, runs),
        *_talks(brief, runs),
        *_questions(brief, runs),
        *_wanted(brief, runs),
        *_denials(brief, runs),
        *_walk_away(brief, runs),
        *_alone(brief),
        *_zones(brief),
    )
    return [{"code": code, "message": message, "fix": fix} for code, message, fix in found]


_Found = Iterator[tuple[str, str, str]]


def _in(count: int, runs: Sequence[RunRecord]) -> str:
    return f"In {count} of {len(runs)} runs" if len(runs) > 1 else "In this run"


def _time(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    late = sum(is_late(run) for run in runs)
    if late > _OF_RUNS * len(runs):
        calling = brief.calling
        yield (
            "window_too_narrow",
            f"{_in(late, runs)} no permitted time was left for somebody ({calling.days}"
            f" {calling.hours}, finish_by {calling.finish_by}).",
            "Set calling.finish_by later, or widen calling.hours or calling.days.",
        )


def _money(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    capped = sum(is_capped(run) for run in runs)
    if capped > _OF_RUNS * len(runs):
        yield (
            "spend_cap_low",
            f"{_in(capped, runs)} limits.spend_usd {brief.limits.spend_usd} kept somebody from"
            " being called.",
            "Raise limits.spend_usd, lower limits.minutes_per_call, or name fewer targets.",
        )


def _tries(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    tries = brief.limits.attempts_per_target
    tried = sum(bool(kind != "not_called") for run in runs for kind in run.outcomes.values())
    missed = sum(run.used_up for run in runs)
    most = 5
    if tries < most and missed >= _ENOUGH and missed > _OF_TARGETS * tried:
        yield (
            "attempts_few",
            f"{missed} of {tried} people were never spoken to, with all {tries} tries made.",
            f"Raise limits.attempts_per_target (now {tries}, at most {most}).",
        )


def _talks(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    cut, calls = sum(run.cut for run in runs), sum(run.calls for run in runs)
    if cut > _OF_CALLS * calls:
        minutes = brief.limits.minutes_per_call
        yield (
            "calls_cut_off",
            f"{cut} of {calls} calls took as long as a call may, {minutes} min, and were cut.",
            "Raise limits.minutes_per_call, or ask less.",
        )


def _questions(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    required = {
        name
        for part in (brief, *brief.stages)
        for name, question in part.collect.items()
        if question.required
    }
    for name in sorted(required & {name for run in runs for name in run.told}):
        asked = [run for run in runs if name in run.told]  # a stage may end before it is asked
        spoken, told = sum(run.spoken for run in asked), sum(run.told[name] for run in asked)
        if spoken >= _ENOUGH and told < _OF_PEOPLE * spoken:
            yield (
                "question_unanswered",
                f"{told} of {spoken} people answered {name!r}, which collect requires.",
                f"Ask it otherwise (collect.{name}.ask), or make it required: false.",
            )


def _wanted(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    for name in wanted_of(brief):
        told = sum(run.told.get(name, 0) for run in runs)
        met = sum(run.met.get(name, 0) for run in runs)
        if told >= _ENOUGH and met < 0.02 * told:
            yield (
                "must_unmet",
                f"{met} of {told} answers to {name!r} were what the brief demands.",
                f"See whether {name} must really be so (like_for_like, must).",
            )


def _denials(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    """Whoever is recommended said no to something that is asked of everybody, and not demanded."""
    demanded = wanted_of(brief)
    chosen = sum(bool(run.chosen) for run in runs)
    required = [n for n, q in brief.collect.items() if q.required and q.type == "boolean"]
    for name in required:
        denied = sum(name in run.denied for run in runs)
        if name not in demanded and denied > _DENIED * chosen:
            where = "objective.like_for_like" if objectives_of(brief) else "must"
            yield (
                "no_is_no_bar",
                f"{_in(denied, runs)} whoever is recommended said no to {name!r}: the brief asks"
                " for it and does not demand it.",
                f"If they must say yes, name {name} in {where}.",
            )


def _walk_away(brief: Brief, runs: Sequence[RunRecord]) -> _Found:
    limits = [one.walk_away for one in objectives_of(brief) if one.walk_away is not None]
    priced = [run for run in runs if run.price is not None]
    if limits and priced and all(run.past_walk_away for run in priced):
        best = [run.price for run in priced if run.price is not None]
        sign = objectives_of(brief)[-1].sign
        yield (
            "walk_away_out_of_reach",
            f"{_in(len(priced), runs)} the best offer was past objective.walk_away {limits[-1]};"
            f" the best of all was {min(best) if sign > 0 else max(best):g}.",
            "Set objective.walk_away to what would still do, or the price range of the mix to what"
            " is usual.",
        )


def _alone(brief: Brief) -> _Found:
    if objectives_of(brief) and len(brief.everybody) == 1:
        yield (
            "one_target",
            "There is one target, so there is no offer to hold against theirs.",
            "Name at least two targets, or ask with strategy: sweep.",
        )


def _zones(brief: Brief) -> _Found:
    for target in brief.everybody:
        zones = zones_of(target.phone, target.timezone)
        if not target.timezone and len(zones) > 1:
            yield (
                "zone_ambiguous",
                f"{target.name}'s number may ring in {len(zones)} time zones ({zones[0]} to"
                f" {zones[-1]}): calls are placed only when all of them permit it.",
                f"State the timezone of {target.name}.",
            )
