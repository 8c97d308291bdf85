"""Rehearsals by the hundred: many runs of one brief, in a few processes, and what they say."""

from collections.abc import Iterator, Sequence
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.distributions import figures, finish, outcomes, sample, shares, summary
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.habits import asked_in
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.rehearsal import NEXT, Scenery, play, rehearse, spoken, staged
from telnyx_toolkit.rehearsal_warnings import warnings_of
from telnyx_toolkit.run_record import RunRecord, objectives_of, record_of
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.workers import Workers

Document = dict[str, Any]
ABOUT = (
    "Rehearsals on a sandbox with a virtual clock: nobody was called, and nothing was kept. Who"
    " answers is drawn; what is assumed of people is in the mix."
)
MOST_RUNS = 1_000
#: With fewer, starting another process takes longer than it saves.
_WORTH_A_PROCESS = 20
#: So many characters of the sample's words are told, until transcripts are asked for.
_SAMPLE_LIMIT = 1_200


def rehearsed(toolkit: Toolkit, args: RehearseMission) -> Document:
    """One rehearsal, or what many of them say.

    Raises:
        InvalidInput: the brief, the mix, the callees or a number cannot be used.
        PolicyDenied: the plan is refused.
    """
    _check(args)
    return rehearse_many(toolkit, args) if args.runs > 1 else rehearse(toolkit, args).document


def rehearse_many(toolkit: Toolkit, args: RehearseMission) -> Document:
    """Play the brief `args.runs` times, each time with other people; say how likely each end is.

    The same brief, mix and seed give the same document, in however many processes. Interrupted
    from the keyboard, it says what the runs so far say.

    Args:
        toolkit: Whose `progress` is told of every run, and whose `processes` says how many
            processes may be used; its ledger is not touched.
        args: The brief, how many runs, the seed and the mix.

    Raises:
        InvalidInput: the brief, the mix, the callees or the start cannot be used.
        PolicyDenied: the plan is refused.
    """
    brief = parse_brief(args.brief)
    done: list[RunRecord] = []
    with staged(toolkit, brief, args) as scenery:
        try:
            for record in _records(toolkit, args, scenery):
                done.append(record)
                toolkit.progress(len(done), args.runs)
        except KeyboardInterrupt:
            if not done:
                raise
        done.sort(key=lambda run: run.number)
        return _document(scenery, done, args)


def one_run(scenery: Scenery, number: int) -> RunRecord:
    """Play one of the runs, counted from 1."""
    played = play(scenery.of_run(number), is_settled=False)
    return record_of(number, scenery.brief, played.state, played.payload, played.events)


def serve(toolkit: Toolkit, args: RehearseMission, numbers: Iterator[int]) -> Iterator[RunRecord]:
    """What another process does: play each run that it is told to."""
    with staged(toolkit, parse_brief(args.brief), args) as scenery:
        for number in numbers:
            yield one_run(scenery, number)


def _records(toolkit: Toolkit, args: RehearseMission, scenery: Scenery) -> Iterator[RunRecord]:
    """The record of every run, as they come."""
    yield one_run(scenery, 1)  # a brief that cannot be played is found here, and told as always
    others = min(toolkit.processes, args.runs // _WORTH_A_PROCESS) - 1
    with Workers(serve, toolkit.settings, args, toolkit.prompts, max(0, others)) as workers:
        yield from workers.shared(range(2, args.runs + 1), lambda n: one_run(scenery, n))


def _check(args: RehearseMission) -> None:
    if not 1 <= args.runs <= MOST_RUNS:
        raise InvalidInput(f"runs is {args.runs}: give 1 to {MOST_RUNS}")
    if args.replay < 0:
        raise InvalidInput(f"replay is {args.replay}: runs are counted from 1")
    if args.replay and args.runs > 1:
        raise InvalidInput("replay plays one of the runs alone: leave runs out")
    if (args.mix is not None or args.seed) and args.runs == 1 and not args.replay:
        raise InvalidInput(
            "mix and seed are for drawn people, and a single rehearsal draws none",
            fix="Say how many runs, such as runs 200, or which one of them, such as replay 1.",
        )


def _document(scenery: Scenery, runs: Sequence[RunRecord], args: RehearseMission) -> Document:
    brief = scenery.brief
    finished = finish(runs, _zone(brief))
    told = figures(runs)
    happened = shares(runs, has_deadline=brief.calling.finish_by is not None)
    unit = _unit(brief)
    return {
        "about": ABOUT,
        "runs": len(runs),
        "asked": args.runs,
        "seed": args.seed,
        "summary": list(summary(runs, args.runs, finished, told, happened, unit)),
        "warnings": warnings_of(brief, runs),
        "shares": happened,
        "finish": finished,
        "figures": told,
        "unit": unit,
        "outcomes": outcomes(runs),
        "sample": _sample(scenery, runs, args),
        "next": NEXT,
    }


def _sample(scenery: Scenery, runs: Sequence[RunRecord], args: RehearseMission) -> Document:
    chosen, why = sample(runs)
    played = play(scenery.of_run(chosen.number), is_settled=False)
    lines = list(_words(spoken(played)))
    told: list[str] = []
    for line in lines:
        if not args.transcripts and sum(map(len, told)) + len(line) > _SAMPLE_LIMIT:
            break
        told.append(line)
    return {
        "run": chosen.number,
        "why": why,
        "result_summary": played.text.splitlines()[0] if played.text else "",
        "transcript": told,
        "left_out": len(lines) - len(told),
        "replay": f"--replay {chosen.number} --seed {args.seed} --transcripts",
    }


def _words(views: Sequence[Document]) -> Iterator[str]:
    """Every line spoken, with who spoke it: strangers' words, on one line each."""
    for view in views:
        for turn in view["transcript"]:
            who = "assistant" if turn["role"] == "assistant" else one_line(view["target"], 60)
            yield f"{who}: {one_line(str(turn['text']), 400)}"


def _zone(brief: Brief) -> str:
    """Where the first target is."""
    first = brief.everybody[0]
    return (zones_of(first.phone, first.timezone) or ("UTC",))[0]


def _unit(brief: Brief) -> str:
    """What the last objective is counted in."""
    fields = [objective.field for objective in objectives_of(brief)]
    return asked_in(brief)[fields[-1]].unit if fields else ""
