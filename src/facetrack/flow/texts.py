"""Holds the texts of the pages and of the picture. Ids name them; the English is here and nowhere else, without translations.

The texts of corrections and hints are in ``coach/feedback/messages.py``.
"""

import math
from typing import Final

from facetrack.routine.compiled import CompiledStep

SAFETY: Final = (
    "facetrack can't tell whether massage is safe for you. Please ask a professional first if you are pregnant, have a health "
    "condition, are new to this, or had fillers or Botox (wait at least two weeks, and ask whoever treated you or your "
    "doctor). Stop at once if it hurts or your skin reacts badly."
)
"""The safety advice, shown before the first session of a day with each routine."""
TEXTS: Final = {
    "safety.title": "Before you begin",
    "safety.not-today": "Reasons not to massage today:",
    "safety.areas": "Leave out areas with:",
    "safety.ask": "To start, press any key or hold both open palms beside your face",
    "safety.ask-unseen": "To start, press any key",
    "framing.title": "Let me see you",
    "framing.good": "Good, stay like that",
    "framing.no-face": "Come into view",
    "framing.closer": "Come closer",
    "framing.back": "A little further away",
    "framing.middle": "More to the middle",
    "framing.lower": "Move down a little, or tilt the camera up",
    "framing.higher": "Move up a little, or tilt the camera down",
    "framing.neck": "Let me see your neck",
    "light.dark": "Turn the lamp towards you",
    "light.behind": "The light is behind you: turn the lamp towards you",
    "light.glare": "Too bright: turn the lamp away a little",
    "light.side": "One side is dark: turn the lamp to your face",
    "neutral.title": "Your face at rest",
    "neutral.ask": "Look at the camera, hands off your face",
    "pulse.title": "Your pulse at rest: {left_s} s",
    "pulse.ask": "Hands off your face, hold still",
    "pulse.say": "Your pulse at rest. Keep your hands off your face, look at the camera and hold still for twenty seconds.",
    "pulse.no-face": "Come into view",
    "pulse.hands": "Hands off your face",
    "pulse.motion": "Hold still",
    "pulse.dark": "Turn the lamp towards you",
    "pulse.note": "A cue for the tempo, not a medical reading",
    "pulse.result": "About {bpm:.0f} beats a minute",
    "pulse.typed": "Using the pulse you entered: {bpm:.0f} beats a minute",
    "pulse.none": "No reading",
    "pulse.without": "Continuing without your pulse",
    "pulse.why.short": "Too short: 15 to 20 seconds of a face at rest are needed",
    "pulse.why.frames": "The pictures came too slowly, or with gaps",
    "pulse.why.no-face": "No face was seen, or not for long enough at a time",
    "pulse.why.hands": "Hands were at the face",
    "pulse.why.motion": "The head moved",
    "pulse.why.dark": "Too little light on the face",
    "pulse.why.bright": "Too much light on the face",
    "pulse.why.exposure": "The light or the camera's exposure changed",
    "pulse.why.flicker": "The light flickers",
    "pulse.why.unclear": "No beat stood out clearly enough: more even light may help",
    "prepare.title": "Now your hands",
    "prepare.ask": "When your hands are ready, begin: {step}",
    "prepare.go": "Continue",
    "prepare.pause": "To pause later, hold both open palms beside your face.",
    "tool.title": "Your tool",
    "tool.ask": "Touch the tip of your nose with its edge, and turn it slowly",
    "tool.say": "If you like, show me your tool: touch the tip of your nose with its edge, and turn it slowly for two seconds.",
    "tool.other": "Good. Now the other hand's tool, if it holds one",
    "tool.both": "Good, I know both edges",
    "paused.title": "Paused",
    "paused.key": "To continue, press any key or hold up both open palms",
    "paused.key-unseen": "To continue, press any key",
    "paused.away": "Come back into view to continue",
    "paused.say": "Paused.",
    "paused.away-say": "Paused. Come back into view to continue.",
    "paused.camera-say": "Paused until the camera is back.",
    "resumed.say": "Continuing.",
    "end.title": "Well done",
    "end.over": "That was all",
    "end.report-say": "For the report, press R.",
    "end.report": "Report: press R now, or later type facetrack report --open",
    "end.again": "Go over an area once more?",
    "end.none": "Any key closes the window",
    "end.ask": "To repeat an area press its number, or hold up both palms for {step}. Any other key finishes.",
    "end.ask-unseen": "To repeat an area press its number. Any other key finishes.",
    "end.score": "Score {score} of 100: {grade}",
    "end.change": "Next time: {change}",
    "learn.step": "Show step {number}",
    "learn.once-more": "Step {number} once more",
    "learn.ask": "Do it three times, then hold up both open palms beside your face",
    "learn.kept": "Step {number} is kept",
    "learn.again": "Now show the next one. To show this one again, hold up both palms once more",
    "concern.title": "Once more?",
    "concern.ask": "Press their numbers. Without an answer none is offered at the end",
    "page.goes-on": "goes on in {left_s} s",
    "page.ends": "ends in {left_s} s",
    "prepare.beat": "For a beat in time with your pulse, press P: 20 seconds with your hands off your face.",
    "end.say": "To repeat {step}, hold up both open palms. Otherwise you are done.",
    "guide.note": "A guide only: nothing was judged",
    "demonstration": "Like this",
    "demonstration.first": "First step",
    "one-more": "One more.",
    "mended": "Good, like that",
    "silenced": "Still not right: {words}",
    "pressure": "Pressure: {pressure} (the camera can't see it)",
    "pressure.say": "Pressure: {pressure}.",
    "advice.title": "Keep in mind",
    "advice.place": "{number} of {count}",
    "side.left": "Left",
    "side.right": "Right",
    "balance.left": "left did",
    "balance.right": "right did",
    "count.of": "{done} of {target}",
    "count.times": "{done}\N{MULTIPLICATION SIGN}",
    "step.place": "Step {number} of {count}",
    "step.done": "Done",
    "step.paused": "{title} · paused",
    "pace.fast": "fast",
    "pace.slow": "slow",
    "foot.not-recording": "No picture is kept",
    "foot.recording": "This picture is recorded",
    "foot.demo": "Demo: a drawn person, with mistakes made on purpose",
    "foot.sound-off": "sound off",
    "foot.minutes-left": "about {minutes} min left",
    "foot.last-minute": "less than a minute left",
}
"""The texts by their ids."""
PRAISE: Final = ("Well done", "Nicely done", "Good", "Very good")
"""Words of praise, used in turn."""
KEYS: Final = (
    ("Space, any key", "pause, continue"),
    ("N", "next step"),
    ("A", "repeat this step"),
    ("M", "sound off, on"),
    ("F", "full screen, window"),
    ("H", "this help"),
    ("Q, Esc", "finish the session"),
    ("Open palms beside your face", "pause, continue"),
)
"""(key, what it does), as the help shows them."""


def whole_minutes(seconds: float) -> int:
    """Return the minutes that a person would say, at least 1."""
    return max(1, math.ceil(seconds / 60.0 - 0.25))


def duration_text(seconds: float, steps: int) -> str:
    """Return e.g. "About 4 minutes, 11 steps"."""
    minutes = whole_minutes(seconds)
    return f"About {minutes} minute{'s' if minutes != 1 else ''}, {steps} step{'s' if steps != 1 else ''}"


def point_text(step: CompiledStep, tool: bool = False) -> str:
    """Return what is said of a step once its movement is under way: its point, and the pressure that it asks for.

    tool: whether a hand holds one.
    """
    return " ".join(filter(None, (*points(step, tool), TEXTS["pressure.say"].format(pressure=step.pressure))))


def points(step: CompiledStep, tool: bool) -> tuple[str, ...]:
    """Return what there is to mind in a step."""
    return tuple(filter(None, (step.point, step.with_tool if tool else "")))


def step_ended_text(status: str, title: str, number: int, right: bool = True) -> str:
    """Return what is said of a step that ended. number: the step's number, so that praise varies and a replay says the same.

    right: whether nothing was wrong when it ended; what was wrong until then is not praised.
    """
    if status == "done":
        return PRAISE[number % len(PRAISE)] if right else f"{title} is over"
    over = {"skipped": "skipped", "unseen": "I could not see it", "partial": "partly done"}
    return f"{title}: {over[status]}" if status in over else ""


def steps_done(done: int, steps: int) -> str:
    """Return "3 of 9 steps done"."""
    return f"{done} of {steps} step{'s' if steps != 1 else ''} done"


def beat_text(per_beat: float, turns: bool) -> str:
    """Return how to keep to a beat. per_beat: movements to a beat. turns: they are turns of a spiral."""
    one, many = ("turn", "turns") if turns else ("stroke", "strokes")
    if per_beat == 1.0:
        return f"One {one} with each beat"
    return f"One {one} every {round(1 / per_beat)} beats" if per_beat < 1.0 else f"{round(per_beat)} {many} with each beat"
