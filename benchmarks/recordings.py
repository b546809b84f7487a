"""Judges one clip in many containers, codecs, rates, sizes and turns: healthy ones as the original, cut ones called so.

python -m benchmarks.recordings [--only WORD] [--keep FOLDER]

Wants ffmpeg on the path, and leaves out what that ffmpeg can't encode. Without --only the table goes to
benchmarks/results/recordings.md.
"""

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facetrack.app.batch.analyze import analyse
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.shutdown import StopSignal
from facetrack.mannequin import Mistake, Style, perform
from facetrack.mannequin.clip import render_clip
from facetrack.routine import load_routine
from tests.capture import containers

RESULTS: Final = Path(__file__).parent / "results" / "recordings.md"
WORKERS: Final = 2
FPS: Final = 20.0
MOST_REPETITIONS: Final = 1
MOST_LATE_S: Final = 1.0
TRIMMED_S: Final = 0.5
X264: Final = "-c:v libx264 -preset veryfast -crf 18"
H264: Final = f"{X264} -pix_fmt yuv420p"
H265: Final = "-c:v libx265 -preset ultrafast -crf 20 -x265-params log-level=none"
VP8: Final = "-c:v libvpx -b:v 3M -deadline realtime -cpu-used 8"
VP9: Final = "-c:v libvpx-vp9 -b:v 3M -deadline realtime -cpu-used 8 -row-mt 1"
AV1: Final = "-c:v libsvtav1 -preset 10 -crf 25"
SOUND: Final = "-f lavfi -i sine=440:d=20"
INTERLACED: Final = "-flags +ilme+ildct -x264opts tff=1"


@dataclass(frozen=True, slots=True)
class Recording:
    """One form of the clip. options: ffmpeg's, behind the input."""

    name: str
    suffix: str
    options: str
    before: str = ""  # ffmpeg's options in front of the input
    piped: bool = False  # written where nothing can be corrected afterwards, as while it is sent
    sound: bool = False  # with a tone that is longer than the pictures


HEALTHY: Final = (
    Recording("MP4, H.264", "mp4", H264),
    Recording("MP4, H.264, index in front, sound longer", "mp4", f"{H264} -c:a aac -movflags +faststart", sound=True),
    Recording("MP4, trimmed by an edit list", "mp4", "-c copy", before=f"-ss {TRIMMED_S}"),
    Recording("MP4, fragmented", "mp4", f"{H264} -g 30 -movflags frag_keyframe+empty_moov", piped=True),
    Recording("MP4, DASH fragments", "mp4", f"{H264} -g 30 -movflags +dash+frag_keyframe+delay_moov+global_sidx"),
    Recording("MP4, H.264 10 bit", "mp4", f"{X264} -pix_fmt yuv420p10le"),
    Recording("MP4, H.264 4:4:4, 641 x 481", "mp4", f"-vf scale=641:481 {X264} -pix_fmt yuv444p"),
    Recording("MP4, HEVC", "mp4", f"{H265} -pix_fmt yuv420p -tag:v hvc1"),
    Recording("MOV, HEVC 10 bit, HLG", "mov", f"{H265} -pix_fmt yuv420p10le -tag:v hvc1 -color_trc arib-std-b67"),
    Recording("MP4, AV1", "mp4", f"{AV1} -pix_fmt yuv420p"),
    Recording("MP4, MPEG-4", "mp4", "-c:v mpeg4 -q:v 3 -bf 2"),
    Recording("MP4, anamorphic, pixels 4:3", "mp4", f"-vf scale=480:480,setsar=4/3 {H264}"),
    Recording("MP4, anamorphic, pixels 8:9", "mp4", f"-vf scale=720:480,setsar=8/9 {H264}"),
    Recording("MP4, 1280 x 960", "mp4", f"-vf scale=1280:960 {H264}"),
    Recording("MP4, 1440 x 1080 in 1920 x 1080", "mp4", f"-vf scale=1440:1080,pad=1920:1080:240 {H264}"),
    Recording("MOV, turned by a quarter", "mov", f"-vf transpose=cclock {H264}"),
    Recording("MOV, turned by half", "mov", f"-vf hflip,vflip {H264}"),
    Recording("MOV, turned by three quarters", "mov", f"-vf transpose=clock {H264}"),
    Recording("MP4, stored mirrored", "mp4", f"-vf hflip {H264}"),
    Recording("MP4, stored upside down", "mp4", f"-vf vflip {H264}"),
    Recording("MP4, 15 a second", "mp4", f"-r 15 {H264}"),
    Recording("MP4, 30 a second", "mp4", f"-r 30 {H264}"),
    Recording("MP4, 25 a second", "mp4", f"-r 25 {H264}"),
    Recording("MP4, 29.97 a second", "mp4", f"-r 30000/1001 {H264}"),
    Recording("MP4, 60 a second", "mp4", f"-vf minterpolate=fps=60:mi_mode=blend {H264}"),
    Recording("MP4, 120 a second", "mp4", f"-vf minterpolate=fps=120:mi_mode=blend {H264}"),
    Recording("MP4, variable rate", "mp4", f"-vf select='mod(n\\,7)*mod(n\\,3)' -fps_mode vfr {H264}"),
    Recording("3GP, H.264", "3gp", H264),
    Recording("MOV, ProRes", "mov", "-c:v prores_ks -profile:v 0"),
    Recording("MOV, MJPEG", "mov", "-c:v mjpeg -q:v 3 -pix_fmt yuvj422p"),
    Recording("MKV, H.264, sound longer", "mkv", f"{H264} -c:a aac", sound=True),
    Recording("MKV, begins at 100 s", "mkv", f"{H264} -output_ts_offset 100"),
    Recording("MKV, being written", "mkv", f"{H264} -c:a aac", piped=True, sound=True),
    Recording("MKV, HEVC", "mkv", f"{H265} -pix_fmt yuv420p"),
    Recording("MKV, FFV1", "mkv", "-c:v ffv1"),
    Recording("MKV, anamorphic, pixels 16:15", "mkv", f"-vf scale=600:480,setsar=16/15 {H264}"),
    Recording("WebM, VP8, sound longer", "webm", f"{VP8} -c:a libopus", sound=True),
    Recording("WebM, VP8, variable rate", "webm", f"-vf select='mod(n\\,7)*mod(n\\,3)' -fps_mode vfr {VP8}"),
    Recording("WebM, VP9", "webm", VP9),
    Recording("WebM, VP9, as a browser records", "webm", f"{VP9} -c:a libopus -live 1", piped=True, sound=True),
    Recording("WebM, AV1", "webm", f"{AV1} -pix_fmt yuv420p"),
    Recording("FLV, H.264, sound longer", "flv", f"{H264} -c:a aac", sound=True),
    Recording("FLV, being sent", "flv", f"{H264} -flvflags no_duration_filesize", piped=True),
    Recording("TS, H.264, sound longer", "ts", f"{H264} -c:a aac", sound=True),
    Recording("TS, MPEG-2", "ts", "-c:v mpeg2video -b:v 6M"),
    Recording("M2TS, AVCHD, interlaced", "m2ts", f"{H264} {INTERLACED} -c:a ac3", sound=True),
    Recording("MPG, MPEG-2, interlaced", "mpg", "-c:v mpeg2video -b:v 6M -flags +ilme+ildct"),
    Recording("VOB, DVD, PAL, interlaced", "vob", "-target pal-dvd -flags +ilme+ildct -aspect 4:3", sound=True),
    Recording("MPG, MPEG-1", "mpg", "-c:v mpeg1video -b:v 5M"),
    Recording("AVI, DV, PAL, interlaced", "avi", "-c:v dvvideo -s 720x576 -r 25 -pix_fmt yuv420p -aspect 4:3"),
    Recording("AVI, MJPEG", "avi", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p"),
    Recording("AVI, Xvid", "avi", "-c:v mpeg4 -vtag XVID -bf 2 -q:v 3 -c:a mp3", sound=True),
    Recording("WMV", "wmv", "-c:v wmv2 -b:v 4M"),
    Recording("OGV, Theora", "ogv", "-c:v libtheora -q:v 8"),
    Recording("GIF", "gif", "-r 25"),
)  # fmt: skip
CUT: Final = (
    "MP4, H.264",
    "MP4, H.264, index in front, sound longer",
    "MP4, fragmented",
    "MOV, turned by a quarter",
    "MKV, H.264, sound longer",
    "MKV, being written",
    "WebM, VP9",
    "WebM, VP9, as a browser records",
    "FLV, being sent",
    "TS, H.264, sound longer",
    "M2TS, AVCHD, interlaced",
    "MPG, MPEG-2, interlaced",
    "AVI, MJPEG",
    "WMV",
    "OGV, Theora",
    "GIF",
)
"""The recordings that are also tried cut off after 0.6 of their bytes."""
MATRICES: Final = {
    "MOV, turned by a quarter": (0, 1, -1, 0),
    "MOV, turned by half": (-1, 0, 0, -1),
    "MOV, turned by three quarters": (0, -1, 1, 0),
    "MP4, stored mirrored": (-1, 0, 0, 1),
    "MP4, stored upside down": (1, 0, 0, -1),
}
"""How these should be shown; written into the track's header afterwards."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a recording was judged as."""

    name: str
    status: int
    said: str
    repetitions: tuple[int, ...]
    corrections: tuple[tuple[str, str, float], ...]  # kind, side, start in seconds

    def equals(self, original: "Judged", shift_s: float) -> bool:
        """Compare with the original; everything may be ``shift_s`` earlier."""
        near = zip(self.repetitions, original.repetitions, strict=True)
        pairs = zip(self.corrections, original.corrections, strict=False)
        return (
            self.status == 0
            and all(abs(here - there) <= MOST_REPETITIONS for here, there in near)
            and len(self.corrections) == len(original.corrections)
            and all(a[:2] == b[:2] and abs(a[2] + shift_s - b[2]) <= MOST_LATE_S for a, b in pairs)
        )

    def row(self, verdict: str) -> str:
        told = ", ".join(f"{kind} {side} {start_s:.1f} s" for kind, side, start_s in self.corrections)
        counts = " + ".join(map(str, self.repetitions))
        return f"| {self.name} | {self.status} | {counts} | {told} | {self.said} | {verdict} |"


def original() -> Path:
    """Render the clip, or take it from the cache: strokes over the forehead, some of which go the wrong way."""
    step = load_routine("fascia").step("forehead")
    mistakes = [Mistake("direction", "right", 6.0, 8.0)]
    return render_clip(perform(step, mistakes, Style(order="together"), seconds=7.0), fps=FPS)


def encode(recording: Recording, clip: Path, folder: Path) -> Path | None:
    """Make the recording with ffmpeg; None if that can't."""
    path = folder / f"{recording.name.replace(',', '').replace(' ', '-').replace(':', '-')}.{recording.suffix}"
    if path.exists():
        return path
    inputs = [*recording.before.split(), "-i", str(clip), *(SOUND.split() if recording.sound else [])]
    container = {"mkv": "matroska", "ts": "mpegts"}.get(recording.suffix, recording.suffix)
    target = ["-f", container, "pipe:1"] if recording.piped else [str(path)]
    command = ["ffmpeg", "-v", "error", "-y", *inputs, *recording.options.split(), *target]
    with (path if recording.piped else Path(os.devnull)).open("wb") as out:
        made = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    if made.returncode != 0:
        path.unlink(missing_ok=True)
        print(f"left out: {recording.name}: {made.stderr.decode(errors='replace').strip().splitlines()[-1:]}")
        return None
    if recording.name in MATRICES:
        a, b, c, d = (containers.ONE * one for one in MATRICES[recording.name])
        containers.with_matrix(path, a, b, c, d)
    return path


def cut(path: Path) -> Path:
    """Copy the first part of a file."""
    target = path.with_stem(f"{path.stem}-cut")
    data = path.read_bytes()
    target.write_bytes(data[: int(0.6 * len(data))])
    return target


def judge(name: str, path: Path) -> Judged:
    """Analyse the file as ``facetrack analyze`` does."""
    result: AnalysisResult = analyse(AnalysisJob(path, "fascia", "forehead", alone=False), StopSignal(), lambda _: None)
    said = (result.message or "").replace(f"{path.parent}/", "")
    document = result.document
    steps: list[Any] = list(document.steps) if document is not None else []
    counts = tuple(side.repetitions for step in steps for side in (step.left, step.right))
    told = tuple((one.kind, one.side, one.t_start_s) for one in document.corrections) if document is not None else ()
    judged = Judged(name, result.exit_status, said, counts or (0, 0), told)
    print(judged.row(""), flush=True)
    return judged


def _tried(recording: Recording, clip: Path, folder: Path) -> tuple[Judged | None, Judged | None]:
    """Judge a recording, and where that is wanted, its first part."""
    path = encode(recording, clip, folder)
    if path is None:
        return None, None
    whole = judge(recording.name, path)
    return whole, judge(f"{recording.name}: cut off", cut(path)) if recording.name in CUT else None


def measure(only: str, folder: Path) -> str:
    """Judge all recordings whose name contains the word, and return the table."""
    clip = original()
    base = judge("the original", clip)
    chosen = [one for one in HEALTHY if only in one.name]
    with ProcessPoolExecutor(WORKERS) as pool:
        tried = list(pool.map(_tried, chosen, [clip] * len(chosen), [folder] * len(chosen)))
    healthy = [
        (whole, whole.equals(base, TRIMMED_S if "trimmed" in whole.name else 0.0)) for whole, _ in tried if whole is not None
    ]
    cuts = [(cut_off, cut_off.status == 3) for _, cut_off in tried if cut_off is not None]
    return table(base, healthy, cuts)


def table(base: Judged, healthy: list[tuple[Judged, bool]], cuts: list[tuple[Judged, bool]]) -> str:
    """Write what was judged, and whether that is right, in Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"
    rows = [base.row("")]
    rows += [judged.row("as the original" if fine else _refusal(judged)) for judged, fine in healthy]
    rows += [judged.row("called so" if fine else "WRONG") for judged, fine in cuts]
    return "\n".join([
        f"Made on {machine}, {_ffmpeg()}.",
        "",
        f"Of {len(healthy)} healthy recordings {sum(judged.status == 3 for judged, _ in healthy)} are called damaged, and "
        f"{sum(fine for _, fine in healthy)} judged as the original. Of {len(cuts)} that are cut off "
        f"{sum(fine for _, fine in cuts)} are called so.",
        "",
        "| recording | exit code | repetitions, left + right | corrections | said | |",
        "|---|---|---|---|---|---|",
        *rows,
    ])  # fmt: skip


def _refusal(judged: Judged) -> str:
    return "refused, with what to do" if judged.status == 1 and "ffmpeg -i" in judged.said else "WRONG"


def _ffmpeg() -> str:
    ran = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True)
    return " ".join(ran.stdout.split()[:3])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="part of the recordings' names")
    parser.add_argument(
        "--keep", type=Path, help="folder for the recordings, used again if they are there; otherwise they are deleted"
    )
    options = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        parser.exit(1, "There is no ffmpeg on the path: install it, it makes the recordings.\n")
    with tempfile.TemporaryDirectory() as folder:
        if options.keep is not None:
            options.keep.mkdir(parents=True, exist_ok=True)
        table = measure(options.only, options.keep or Path(folder))
    if options.only:
        print(table)
    else:
        RESULTS.write_text(f"{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
