"""Does the grafted face model give what the old FaceMesh gave? Compares the two, landmark by landmark, on single pictures.

    python benchmarks/graft_equality.py [PICTURE ...]

The old FaceMesh is in mediapipe 0.10.21, which can't live beside ours: the script makes an environment of its own for it
in the cache folder (Python 3.9 to 3.12; a few hundred megabytes through pip, once). Without arguments it takes the rendered
face, upright and turned, and the portraits of ../shared/media where that folder exists. Ends with 1 if a landmark's x or y
differs by more than LIMIT_PX. What difference there is lies in how the two releases resample the face's crop (it is spread
over all points and grows with the face: 0.03 % of its width); an error of the graft would be tenths of the face.

z is told and not judged: the task graph scales it by the width of the turned crop, which on pictures that are not square
depends on the roll of the head (8 % at 17 degrees in 2:3); that is the graph's doing, not the model's.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

LIMIT_PX: Final = 0.05
REFERENCE: Final = "mediapipe==0.10.21"
MEDIA: Final = Path(__file__).parents[2] / "shared" / "media"

_IN_REFERENCE = """
import sys, numpy, mediapipe
mesh = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True)
out = {}
for name in sys.argv[2:]:
    rgb = numpy.load(name)
    found = mesh.process(rgb).multi_face_landmarks
    out[name] = [[p.x, p.y, p.z] for p in found[0].landmark] if found else []
import json
json.dump(out, open(sys.argv[1], "w"))
"""


def main(arguments: list[str]) -> int:
    import numpy as np

    pictures = _given(arguments) if arguments else {**_rendered(), **_portraits()}
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{k}.npy" for k, name in enumerate(pictures)}
        for name, file in files.items():
            np.save(file, pictures[name])
        reference = _reference(_reference_python(), list(files.values()), Path(folder) / "reference.json")
    ours = _ours(pictures)
    worst = 0.0
    for name, file in files.items():
        old, new = reference[str(file)], ours[name]
        if len(old) == 0 or len(new) == 0:
            print(f"{name:32} no face: {'reference' if len(old) == 0 else ''} {'ours' if len(new) == 0 else ''}")
            worst = worst if len(old) == len(new) else float("inf")
            continue
        height, width = pictures[name].shape[:2]
        off = np.abs((np.asarray(old) - new) * [width, height, width]).max(axis=0)
        worst = max(worst, float(off[:2].max()))
        print(f"{name:32} {width:5} x {height:<5} largest difference in x, y {off[:2].max():.4f} px, in z {off[2]:.4f} px")
    print(f"worst {worst:.4f} px, limit {LIMIT_PX} px: {'equal' if worst <= LIMIT_PX else 'DIFFERENT'}")
    return 0 if worst <= LIMIT_PX else 1


def _rendered() -> dict[str, Any]:
    import cv2

    from facetrack.tracking.models import self_test

    face = cv2.imread(str(Path(self_test.__file__).parent / "self_test_face.png"))
    assert face is not None
    height, width = face.shape[:2]
    out = {}
    for degrees in (-25, -10, 0, 10, 25):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turned = cv2.warpAffine(face, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        out[f"rendered, {degrees} degrees"] = cv2.cvtColor(turned, cv2.COLOR_BGR2RGB)
    return out


def _portraits() -> dict[str, Any]:
    return _given(sorted(str(path) for path in MEDIA.glob("*") if path.suffix in (".png", ".jpg")))


def _given(names: list[str]) -> dict[str, Any]:
    import cv2

    out = {}
    for name in names:
        image = cv2.imread(name)
        if image is None:
            sys.exit(f"{name} is no picture that OpenCV can read")
        out[Path(name).name] = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return out


def _ours(pictures: dict[str, Any]) -> dict[str, Any]:
    from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, picture
    from facetrack.tracking.models import ensure_models

    landmarker = FaceLandmarker(ensure_models().face, num_faces=1, video=False)
    found = {name: landmarker.detect(picture(rgb)) for name, rgb in pictures.items()}
    landmarker.close()
    return {name: faces[0] if len(faces) else faces for name, faces in found.items()}


def _reference(python: Path, files: list[Path], answer: Path) -> dict[str, Any]:
    command = [str(python), "-c", _IN_REFERENCE, str(answer), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{REFERENCE} failed:\n{done.stderr}")
    table: dict[str, Any] = json.loads(answer.read_text())
    return table


def _reference_python() -> Path:
    """The Python of the reference's own environment, made on first use."""
    from facetrack.system.paths import cache_dir

    folder = cache_dir() / "graft-equality" / REFERENCE
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / "ready"
    if ready.exists():
        return python
    print(f"Making an environment for {REFERENCE} in {folder}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([_base_python(), "-m", "venv", str(folder)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REFERENCE], check=True)
    ready.touch()
    return python


def _base_python() -> str:
    if sys.version_info < (3, 13):
        return sys.executable
    for name in ("python3.12", "python3.11", "python3.10"):
        if found := shutil.which(name):
            return found
    sys.exit(f"{REFERENCE} needs Python 3.12 or older, and none was found on the PATH")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
