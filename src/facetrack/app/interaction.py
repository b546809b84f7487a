"""Builds what a session has around the coach: pages and pauses, demonstrations, and what is remembered of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facetrack.app.session_config import SessionConfig
from facetrack.app.user_state import mark_concern, mark_safety_read, mark_steps_known
from facetrack.flow import SessionFlow
from facetrack.flow.pages.end_page import SessionSummary
from facetrack.flow.texts import TEXTS
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import SessionDocument

if TYPE_CHECKING:
    from facetrack.demonstration import BackgroundRenderer, DemonstrationPlayer


def build_flow(config: SessionConfig) -> SessionFlow | None:
    """Make the pages and pauses of the session; None where it has none."""
    options = config.presentation.flow
    if options is None:
        return None
    watch = None
    paced = options.interactive and options.judging and any(step.tempo is not None for step in config.judging.steps())
    if options.camera and (options.measure_pulse or paced):
        from facetrack.pulse import PulseWatch

        watch = PulseWatch()
    return SessionFlow(config.judging.routine, config.judging.steps(), options, watch)


def build_demonstrations(config: SessionConfig) -> "tuple[DemonstrationPlayer | None, BackgroundRenderer | None]":
    """Make the player that shows steps before they are known, and the process that renders those that are missing."""
    flow = config.presentation.flow
    if flow is None or not config.presentation.window:
        return None, None
    wanted = [step for step in config.judging.steps() if step.id not in flow.known or not flow.camera]
    if not wanted:
        return None, None
    from facetrack.demonstration import BackgroundRenderer, DemonstrationPlayer, demonstration_ready

    missing = [step.id for step in wanted if demonstration_ready(step) is None]
    name = config.presentation.routine_name
    making = BackgroundRenderer(name, list(dict.fromkeys(missing))) if name else None
    return DemonstrationPlayer(config.judging.routine, mirrored=config.presentation.mirrored), making


def remember_what_was_shown(flow: SessionFlow, routine_id: str) -> None:
    """Keep that the safety page was read, and which steps the user knows now."""
    if flow.safety_read:
        mark_safety_read(routine_id)
    mark_steps_known(routine_id, flow.known_steps)
    if flow.concern is not None:
        mark_concern(routine_id, flow.concern)


def summary_words(document: SessionDocument, routine: CompiledRoutine, kept: bool) -> SessionSummary:
    """Say in two lines how a session went. kept: there will be a report."""
    from facetrack.report.summary import summarise

    summary = summarise(document, lambda step_id: routine.step(step_id).title, {})
    score = "" if document.score is None else TEXTS["end.score"].format(score=document.score, grade=summary.grade.lower())
    if not score:  # what is said then is what was missing, no advice for the next time
        return SessionSummary(summary.grade, summary.change, kept)
    change = summary.change.removeprefix("Nothing: ")
    return SessionSummary(score, TEXTS["end.change"].format(change=change[:1].lower() + change[1:]), kept)


def steps_of_concern(routine: CompiledRoutine, areas: Sequence[str]) -> tuple[str, ...]:
    """Find the ids of the steps that areas of concern name, by their own ids or else by their zones, in the areas' order."""
    found: list[str] = []
    for area in areas:
        by_id = [step.id for step in routine.steps if step.id == area]
        found += by_id or [step.id for step in routine.steps if area in step.zone_names]
    return tuple(dict.fromkeys(found))
