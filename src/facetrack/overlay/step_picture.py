"""Draws a picture of one routine step: the face, the zone tinted, the hands' paths as arrows on both sides, title and sentence.

The picture is that of a mirror: the user's left is on the left.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from facetrack.capture.opencv import Image
from facetrack.errors import FacetrackError
from facetrack.overlay.drawing import shapes
from facetrack.overlay.drawing.text import LINE_HEIGHT, fit, put
from facetrack.overlay.drawing.theme import THEME, Colour
from facetrack.overlay.parts.face_layer import along_path, sided
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.system.files import write_atomically
from facetrack.system.own_files import check_folder, check_writable

CAPTION_PX: Final = 222
"""Height of the caption."""
MARGIN_PX: Final = 20
"""Margin around the caption's text."""
TITLE_PX: Final = 34
"""Size of the title's letters."""
TEXT_PX: Final = 24
"""Size of the sentence's letters."""
SMALL_PX: Final = 19
"""Size of the small print's letters."""
PATH_PX: Final = 5
"""Thickness of a path."""
ARROW_GAP_MM: Final = 26.0
"""Distance between arrow heads on a path."""
ARROW_MM: Final = 5.0
"""Size of an arrow head."""
FINGER_RINGS_MM: Final = (4.0, 8.0)
"""Radii of the rings that show where fingertips rest."""
PALM_RINGS_MM: Final = (10.0, 24.0)
"""Radii of the rings that show where a palm rests."""
BACKGROUND: Final[Colour] = (245, 243, 240)
"""Colour of the caption's ground."""
PATH: Final[Colour] = (150, 70, 0)
"""Colour of paths and arrows."""
FILM: Final[Colour] = THEME.wrong
"""Colour of the ways that hands took in a film."""
PICTURE_MARK: Final = b"Software\0facetrack"
"""Text in a picture's file that says what made it."""
PNG_HEADER_BYTES: Final = 33
"""Length of a PNG file's signature and first chunk."""
ZONE_SHARE: Final = 0.45
"""How strongly the zone is tinted."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A face to draw on, as in a mirror."""

    image: Image  # the picture; it is not changed
    place: Callable[[Float], Float]  # converts mm on the face map (..., 2) to pixels of the picture
    px_per_mm: float  # scale of the picture at the face


def step_picture(step: CompiledStep, backdrop: Backdrop, film_mm: Sequence[Float] = ()) -> Image:
    """Draw the picture below a caption with the step's title, sentence and point to mind.

    film_mm: ways (N, 2) on the face map that hands took in a film, drawn below the step's paths.
    """
    face = backdrop.image.copy()
    sides = {"left": [0], "right": [1]}.get(step.hands, [0, 1])
    shapes.tint(
        face, [backdrop.place(sided(zone, side)) for side in sides for zone in step.zone], THEME.right_light, ZONE_SHARE
    )
    shapes.lines(face, [backdrop.place(way) for way in film_mm], FILM, 1)
    rings = PALM_RINGS_MM if step.contact == "palms" else FINGER_RINGS_MM
    for side in sides:
        for number, phase in enumerate(step.asked, start=1):
            _draw_phase(face, phase, side, backdrop, rings)
            if len(step.asked) > 1:
                _draw_number(face, number, phase, side, backdrop, rings)
    return np.concatenate([_caption(step, face.shape[1]), face])


def _caption(step: CompiledStep, width: int) -> Image:
    image: Image = np.full((CAPTION_PX, width, 3), BACKGROUND, dtype=np.uint8)
    room = width - 2 * MARGIN_PX
    baseline = MARGIN_PX
    rows = [(step.title, TITLE_PX, 700, 1, THEME.outline), (step.say, TEXT_PX, 400, 3, THEME.outline)]
    rows.append((f"{step.point} ({_facts(step)})" if step.point else _facts(step), SMALL_PX, 400, 2, PATH))
    for text, largest, weight, most, colour in rows:
        size, lines = fit(text, largest, weight, room, most)
        for line in lines:
            baseline += round(size * LINE_HEIGHT)
            put(image, line, MARGIN_PX, baseline - round(0.25 * size), colour, size, weight)
    return image


HANDS: Final = {
    "both": "both sides at once",
    "either": "one side after the other, or both",
    "any": "with one hand or both",
    "alternate": "sides by turns",
    "left": "left side only",
    "right": "right side only",
}


def _facts(step: CompiledStep) -> str:
    amount = f"{step.repetitions} times" if step.repetitions is not None else f"{step.seconds:g} seconds"
    return f"{' or '.join(step.contacts)}, {HANDS[step.hands]}, {amount}"


def _draw_phase(image: Image, phase: CompiledPhase, side: int, backdrop: Backdrop, rings_mm: tuple[float, ...]) -> None:
    place = backdrop.place
    if phase.motion == "hold":
        centre = place(sided(phase.path_mm[-1], side))
        for radius in rings_mm:
            shapes.ring(image, centre, radius * backdrop.px_per_mm, THEME.text_colour, PATH_PX + 3)
            shapes.ring(image, centre, radius * backdrop.px_per_mm, PATH, PATH_PX)
        return
    way = spiral_path(phase) if phase.motion == "spiral" else smooth_path(phase.path_mm)
    shapes.lines(image, [place(sided(way, side))], PATH, PATH_PX if phase.motion != "spiral" else 3, THEME.text_colour)
    if phase.motion == "spiral":
        shapes.lines(image, [place(sided(smooth_path(phase.path_mm), side))], PATH, 2)
        way = smooth_path(phase.path_mm)
    length = float(np.hypot(*np.diff(way, axis=0).T).sum())
    if phase.motion != "back-and-forth":
        _heads(image, *along_path(way, np.arange(length, 0.4 * ARROW_GAP_MM, -ARROW_GAP_MM)), side, backdrop)
        return
    points, tangents = along_path(way, np.array([length, 0.0]))
    ends = 2 if way[0, 0] > ARROW_MM else 1  # at the midline the other side's path continues
    _heads(image, points[:ends], (tangents * [[1.0], [-1.0]])[:ends], side, backdrop)


def _heads(image: Image, points: Float, tangents: Float, side: int, backdrop: Backdrop) -> None:
    tips = backdrop.place(sided(points, side))
    ahead = backdrop.place(sided(points + tangents, side)) - tips
    size = ARROW_MM * backdrop.px_per_mm
    for tip, direction in zip(tips, ahead / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None], strict=True):
        across = np.array([-direction[1], direction[0]])
        head = np.stack([tip + 0.9 * size * direction, tip - 0.6 * size * direction + 0.7 * size * across])
        head = np.concatenate([head, [tip - 0.3 * size * direction, tip - 0.6 * size * direction - 0.7 * size * across]])
        cv2.fillPoly(image, [shapes.fixed(head)], PATH, cv2.LINE_AA, 3)
        shapes.lines(image, [np.concatenate([head, head[:1]])], THEME.text_colour, 1)


def _draw_number(
    image: Image, number: int, phase: CompiledPhase, side: int, backdrop: Backdrop, rings_mm: tuple[float, ...]
) -> None:
    start = phase.path_mm[0] if phase.motion != "hold" else phase.path_mm[-1] + (rings_mm[-1], 0.0)
    at = backdrop.place(sided(start, side))
    shapes.ring(image, at, 13.0, PATH, -1)
    put(image, str(number), round(at[0]), round(at[1]) + 7, THEME.text_colour, 20, 700, align=0.5)


def smooth_path(path_mm: Float) -> Float:
    """Return a rounder line (N, 2) through the corners of a polyline (P, 2): uniform Catmull-Rom, ends kept."""
    if len(path_mm) < 3:
        return path_mm
    padded = np.concatenate([2 * path_mm[:1] - path_mm[1:2], path_mm, 2 * path_mm[-1:] - path_mm[-2:-1]])
    t = np.linspace(0.0, 1.0, 12, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*pieces, path_mm[-1:]])


def spiral_path(phase: CompiledPhase) -> Float:
    """Return the fingertip's path (N, 2) in a spiral phase: loops of its radius that drift along its path."""
    length = float(np.hypot(*np.diff(phase.path_mm, axis=0).T).sum())
    turns = max(2, round(length / phase.drift_mm))
    share = np.linspace(0.0, 1.0, 40 * turns)
    points, _ = along_path(phase.path_mm, share * length)
    angle = 2 * np.pi * turns * share
    loops: Float = points + phase.turn_radius_mm * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return loops


def picture_paths(routine: CompiledRoutine, folder: Path) -> list[Path]:
    """List the files of all steps' pictures. Raises UsageError where one is there that facetrack did not draw."""
    check_folder(folder)
    paths = [folder / f"{step.index + 1:02}-{step.id}.png" for step in routine.steps]
    _check_pictures(paths)
    return paths


def check_picture_folder(folder: Path) -> None:
    """Raise UsageError where a picture of any step could meet one that facetrack did not draw: before the steps are known."""
    check_folder(folder)
    _check_pictures(sorted(folder.glob("[0-9][0-9]-*.png")))


def _check_pictures(paths: list[Path]) -> None:
    for path in paths:
        check_writable(path, lambda ends: PICTURE_MARK in ends.head)


def write_step_pictures(
    routine: CompiledRoutine, backdrop: Backdrop, folder: Path, films_mm: Sequence[Sequence[Float]] = ()
) -> list[Path]:
    """Write ``01-forehead.png`` and so on into the folder, which is made if need be. Returns the files.

    films_mm: of each step the ways that hands took in a film; none if empty. Raises FacetrackError.
    """
    paths = picture_paths(routine, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for step, path, film_mm in zip(routine.steps, paths, films_mm or [()] * len(paths), strict=True):
            # OpenCV cannot write to every path on Windows; bytes can go anywhere.
            write_atomically(path, _marked(cv2.imencode(".png", step_picture(step, backdrop, film_mm))[1].tobytes()))
    except OSError as error:
        raise FacetrackError(f"{folder}: pictures cannot be written there ({error.strerror}); name another folder") from None
    return paths


def _marked(png: bytes) -> bytes:
    """Add to a PNG what made it (a tEXt chunk behind the header, PNG 11.3.4)."""
    chunk = b"tEXt" + PICTURE_MARK
    whole = struct.pack(">I", len(PICTURE_MARK)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:PNG_HEADER_BYTES] + whole + png[PNG_HEADER_BYTES:]
