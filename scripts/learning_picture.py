"""Draws docs/pictures/learning.jpg, from the repository's top: python -m scripts.learning_picture

Left, what is seen at the camera; right, a learnt step over the ways that the hands took.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from benchmarks.learning.cases import lessons, taught_performance
from benchmarks.learning.figures import frames_of
from facetrack.learn.parts import joined_parts
from facetrack.learn.routine import LearntRoutine, write_routine
from facetrack.learn.step import learn_step
from facetrack.mannequin import Appearance, Camera, HeadPose, Scene
from facetrack.mannequin.render.renderer import Renderer
from facetrack.overlay import Overlay
from facetrack.overlay.mannequin_face import mannequin_face
from facetrack.overlay.step_picture import step_picture
from facetrack.packets import Frame
from facetrack.routine import load_routine
from facetrack.routine.file.load import read_routine
from tests.flow import people
from tests.overlay.screens import State, States

OUT = Path(__file__).parents[1] / "docs" / "pictures" / "learning.jpg"
SIZE = (640, 480)
STEP, SEED = "fascia/forehead", 1


def pages() -> np.ndarray:
    """What is asked for while a step is shown, and when it is kept, one above the other."""
    image = Renderer(Scene(look=Appearance(tone=5), camera=Camera(SIZE))).frame(HeadPose())
    seen = people.observation(0.0)
    routine = load_routine("fascia")
    states = {state.name: state for state in States(routine, "forehead", None, np.zeros((2, 2))).learning()}  # type: ignore[arg-type]

    def drawn(state: State) -> np.ndarray:
        frame = Frame(image, 0.0, 0)
        return Overlay().draw(frame, seen, people.points(seen), None, state.verdict, routine, state.screen).copy()

    return np.vstack([drawn(states["showing"]), drawn(states["shown"])])


def learnt() -> np.ndarray:
    """A step as it was learnt from three strokes."""
    (lesson,) = lessons(SEED, frozenset({STEP}))
    step = learn_step([joined_parts(frames_of(lesson.teacher, taught_performance(lesson)))])
    with TemporaryDirectory() as folder:
        file = write_routine(
            LearntRoutine((step,)), Path(folder) / "learnt.toml", title=None, language="en", step_id="forehead"
        )
        return step_picture(read_routine(file).steps[0], mannequin_face(), step.film_mm)


def main() -> None:
    left, right = pages(), learnt()
    wide = round(left.shape[0] * right.shape[1] / right.shape[0])
    both = np.hstack([left, cv2.resize(right, (wide, left.shape[0]), interpolation=cv2.INTER_AREA)])
    cv2.imwrite(str(OUT), both, [cv2.IMWRITE_JPEG_QUALITY, 80])


if __name__ == "__main__":
    main()
