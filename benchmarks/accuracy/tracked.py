"""A case as the coach gets it: points on the face, with what the truth says of them.

Kept in the cache by the content of everything that made it, so that judging again after a change of the coach is quick.
"""

import hashlib
import os
import pickle
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

import facetrack
from benchmarks.accuracy.cases import Case, routine_of
from benchmarks.accuracy.judging import Event, stacked
from benchmarks.accuracy.measures import MapErrors, map_errors
from benchmarks.accuracy.projection import Projected
from benchmarks.accuracy.textbook import textbook_events
from facetrack.geometry import FaceMapper
from facetrack.geometry.quantisation import quantise
from facetrack.packets import Float, Observation
from facetrack.system.paths import cache_dir

_MADE_BY = ("geometry", "mannequin", "packets.py", "routine/compiled.py", "geometry/quantisation.py")
_HERE = Path(__file__).parent
_MADE_HERE = ("conditions", "cases", "projection", "noise", "textbook", "measures", "tracked")


@dataclass(frozen=True, slots=True)
class Tracked:
    """points: FacePoints of all frames as arrays. textbook: events of the baseline on the same observations."""

    points: dict[str, Float]
    errors: MapErrors
    textbook: tuple[Event, ...]


def tracked(case: Case, level: str, observe: Callable[[], tuple[list[Observation], Projected]], salt: str = "") -> Tracked:
    """From the cache, or made from what ``observe`` gives. salt: whatever else the observations depend on."""
    digest = hashlib.sha256(repr((level, salt, asdict(case), code_hash(), routine_of(case.routine).sha256)).encode())
    file = cache_dir() / "accuracy" / f"{digest.hexdigest()[:32]}.pickle"
    if file.exists():
        kept: Tracked = pickle.loads(zlib.decompress(file.read_bytes()))
        return kept
    observations, exact = observe()
    made = _track(case, observations, exact)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(zlib.compress(pickle.dumps(made, protocol=5), 1))
    part.replace(file)
    return made


def _track(case: Case, observations: list[Observation], exact: Projected) -> Tracked:
    mapper = FaceMapper()
    frames, fits = [], []
    for observation in observations:
        points, fit = mapper.update(observation)
        frames.append(quantise(points))
        fits.append(fit)
    points = stacked(frames)
    _, step = case.compiled()
    events = tuple(textbook_events(observations, step))
    return Tracked(points, map_errors(step, observations, exact, points["points_mm"], fits), events)


@cache
def code_hash() -> str:
    """Of everything up to the points on the face."""
    top = Path(facetrack.__file__).parent
    files = [file for name in _MADE_BY for file in _files(top / name)] + [_HERE / f"{name}.py" for name in _MADE_HERE]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    digest.update(np.__version__.encode())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
