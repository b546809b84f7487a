"""Write golden verdicts anew: ``python -m tests.golden.write [NAME ...]``. See the package's docstring."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.golden.steps import FPS, step_clips
from tests.golden.streams import streams
from tests.golden.verdicts import save, verdicts_of


def write(names: list[str]) -> None:
    """Write the named goldens, all of them if there are no names."""
    for clip in step_clips():
        if not names or clip.name in names:
            save(clip.name, clip.verdicts(), 1 / FPS)
    for stream in streams():
        name = f"real/{stream.name}"
        if not names or name in names:
            save(name, stream.verdicts(), stream.frame_s)
    if not names or "demo" in names:
        demo = verdicts_of(_demo())
        save("demo", demo, 1 / demo["tracking"]["fps"])


def _demo() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "facetrack", "demo", "--headless", "--yes", "--out", place]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        document: dict[str, object] = json.loads((Path(place) / "session.json").read_text(encoding="utf-8"))
        return document


if __name__ == "__main__":
    write(sys.argv[1:])
