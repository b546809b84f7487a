"""What a live session has beside the line: its flow, its voice, its demonstrations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from facetrack.packets import Frame, Observation

if TYPE_CHECKING:
    from facetrack.cli.line import Wish
    from facetrack.cues import SpeakingProcess
    from facetrack.demonstration import DemonstrationPlayer, Making
    from facetrack.flow import FlowOptions, SessionFlow
    from facetrack.pipeline.sinks import Ending, Tick
    from facetrack.pulse import PulseWatch
    from facetrack.routine.compiled import CompiledRoutine, CompiledStep


class BlindTracker:
    """Keeps ``Tracker``'s contract, needs no models and sees nothing: for guided sessions without a camera."""

    model_hashes: Final[dict[str, str]] = {}
    spare_s: Final = 0.0

    def update(self, frame: Frame, following: Callable[[], Frame | None] = lambda: None) -> Observation:  # noqa: ARG002
        """Nothing was seen."""
        height, width = frame.image_bgr.shape[:2]
        return Observation.empty(frame.t_s, (width, height))

    def close(self) -> None:
        """Nothing to let go of."""

    def __enter__(self) -> "BlindTracker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def steps_of(wish: "Wish") -> "tuple[CompiledStep, ...]":
    """The session's steps in their order, second passes included."""
    routine = wish.routine
    steps = routine.steps if wish.step is None else (routine.step(wish.step),)
    return (*steps, *(routine.step(name) for name in wish.again))


def flow_of(wish: "Wish") -> "SessionFlow | None":
    """The session's flow, if the command wants one."""
    if wish.flow is None:
        return None
    from facetrack.flow import SessionFlow

    return SessionFlow(wish.routine, steps_of(wish), wish.flow, _watch_of(wish.flow))


def _watch_of(flow: "FlowOptions") -> "PulseWatch | None":
    """What measures the pulse, where that is wanted and there is a face to be seen."""
    if not flow.measure_pulse or not flow.camera:
        return None
    from facetrack.pulse import PulseWatch

    return PulseWatch()


def concerned_steps(routine: "CompiledRoutine", areas: Sequence[str]) -> tuple[str, ...]:
    """The ids of the steps that areas of concern name, by their own ids or else by their zones, in the areas' order."""
    found: list[str] = []
    for area in areas:
        by_id = [step.id for step in routine.steps if step.id == area]
        found += by_id or [step.id for step in routine.steps if area in step.zone_names]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Sound:
    """speaker: None where there is no sound, or none is wanted. speaks: it has a voice. missing: what is missing, in a line."""

    speaker: "SpeakingProcess | None" = None
    speaks: bool = False
    missing: str | None = None


def sound_of(wish: "Wish") -> Sound:
    """The sound that the command wants, as far as this computer has any."""
    if not wish.voice:
        return Sound()
    from facetrack.cues import SpeakingProcess

    speaker = SpeakingProcess(wish.routine.language)
    if not speaker.found.anything:
        return Sound(missing="No sound: this computer has no voice and no way to play tones (facetrack doctor says more).")
    speaks = speaker.found.voice is not None
    return Sound(speaker, speaks, None if speaks else "No voice: tones stand for it (facetrack doctor says what to install).")


class WordsSink:
    """What would be spoken, as lines on stderr: for a live session that has neither window nor voice."""

    name = "The terminal"

    def take(self, tick: "Tick") -> None:
        from facetrack.cli.words import say_plain

        if tick.screen is not None and not tick.screen.muted:
            for one in tick.screen.say:
                if one.words != tick.frame.source_error:  # that has been told
                    say_plain(one.words)

    def finish(self, ending: "Ending") -> None:
        pass

    def close(self) -> None:
        pass


def demonstrations_of(wish: "Wish") -> "tuple[DemonstrationPlayer | None, Making | None]":
    """What shows a step before it is known, and the process that renders what is missing of it."""
    if wish.flow is None or not wish.window:
        return None, None
    wanted = [step for step in steps_of(wish) if step.id not in wish.flow.known or not wish.flow.camera]
    if not wanted:
        return None, None
    from facetrack.demonstration import DemonstrationPlayer, Making, demonstration_ready

    missing = [step.id for step in wanted if demonstration_ready(step) is None]
    making = Making(wish.routine_name, list(dict.fromkeys(missing))) if wish.routine_name else None
    return DemonstrationPlayer(wish.routine, mirrored=wish.mirrored), making


def remember_flow(flow: "SessionFlow", routine_id: str) -> None:
    """What need not be told again."""
    from facetrack.cli.remembered import remember_safety, remember_steps

    if flow.safety_read:
        remember_safety(routine_id)
    remember_steps(routine_id, flow.known)
