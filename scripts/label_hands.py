"""Labelling hands in a clip by eye; what is kept are numbers, never pictures.

    python -m scripts.label_hands sheet CLIP OUT.png --frames 0-19            # a contact sheet, frames numbered
    python -m scripts.label_hands sheet CLIP OUT.png --frames 17-22 --part 140,60,200,150   # enlarged, with a grid in px
    python -m scripts.label_hands step CLIP LABELS.csv                        # a window, keys and clicks
    python -m scripts.label_hands check FOLDER                                # tests/data/signers against its clips

In the window: space goes on, b back; l and r change the left and the right hand (no, yes, unclear); 1 to 5 choose a finger
(thumb to little finger) and s the side whose tip the next click marks; u takes the frame's marks back; q saves and ends.
The rows are those of tests/data/signers: hands.csv, and fingertips.csv beside it.
"""

import argparse
import csv
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.tracking.labels import FINGERS, read_labels
from benchmarks.tracking.scenes import MEDIA
from facetrack.packets import SIDES

Image = NDArray[np.uint8]
ANSWERS: Final = ("no", "yes", "unclear")
GRID_PX: Final = 20
_COLUMNS: Final = 5
_TILE_PX: Final = 400
_ENLARGED_PX: Final = 660
_GREEN, _WHITE = (0, 255, 0), (255, 255, 255)


@dataclass(slots=True)
class Session:
    """Labels of one clip while they are made. hands: for every frame an answer for each side. tips: by frame, side, finger."""

    frames: int
    at: int = 0
    side: int = 1
    finger: int = 1
    hands: list[list[str]] = field(default_factory=list)
    tips: dict[tuple[int, int, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hands = [["no", "no"] for _ in range(self.frames)]

    def press(self, key: str) -> bool:
        """Whether to go on. A frame that is come to for the first time starts with the answers of the one before."""
        if key == " " and self.at + 1 < self.frames:
            self.at += 1
            if self.hands[self.at] == ["no", "no"]:
                self.hands[self.at] = list(self.hands[self.at - 1])
        elif key == "b":
            self.at = max(self.at - 1, 0)
        elif key in ("l", "r"):
            side = "lr".index(key)
            self.hands[self.at][side] = ANSWERS[(ANSWERS.index(self.hands[self.at][side]) + 1) % len(ANSWERS)]
        elif key == "s":
            self.side = 1 - self.side
        elif key in set("12345"):
            self.finger = int(key) - 1
        elif key == "u":
            self.tips = {where: tip for where, tip in self.tips.items() if where[0] != self.at}
        return key != "q"

    def click(self, x: int, y: int) -> None:
        self.tips[self.at, self.side, self.finger] = x, y

    def save(self, clip: str, file: Path) -> None:
        """hands as runs of equal frames into ``file``, fingertips beside it."""
        with file.open("w", encoding="utf-8", newline="") as lines:
            rows = csv.writer(lines, lineterminator="\n")
            rows.writerow(["clip", "first", "last", *SIDES])
            for answers, run in groupby(range(self.frames), key=lambda k: tuple(self.hands[k])):
                numbers = list(run)
                rows.writerow([clip, numbers[0], numbers[-1], *answers])
        with file.with_name("fingertips.csv").open("w", encoding="utf-8", newline="") as lines:
            rows = csv.writer(lines, lineterminator="\n")
            rows.writerow(["clip", "frame", "side", "finger", "x_px", "y_px"])
            for (frame, side, finger), tip in sorted(self.tips.items()):
                rows.writerow([clip, frame, SIDES[side], FINGERS[finger], *tip])


def contact_sheet(images: list[Image], numbers: list[int], part: tuple[int, int, int, int] | None) -> Image:
    """The frames side by side with their numbers; with a part of the picture (x, y, width, height): enlarged, under a grid."""
    tiles = [_tile(images[number], number, part) for number in numbers]
    columns = _COLUMNS if part is None else 3
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    return np.vstack([np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)])


def _tile(image: Image, number: int, part: tuple[int, int, int, int] | None) -> Image:
    x, y, width, height = part or (0, 0, image.shape[1], image.shape[0])
    scale = (_TILE_PX if part is None else _ENLARGED_PX) / width
    size = round(width * scale), round(height * scale)
    tile = cv2.resize(
        image[y : y + height, x : x + width], size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    )
    if part is not None:
        for place in range(-(-x // GRID_PX) * GRID_PX, x + width, GRID_PX):
            _line(tile, (round((place - x) * scale), 0), (round((place - x) * scale), size[1]), str(place))
        for place in range(-(-y // GRID_PX) * GRID_PX, y + height, GRID_PX):
            _line(tile, (0, round((place - y) * scale)), (size[0], round((place - y) * scale)), str(place))
    cv2.putText(tile, str(number), (6, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.9, _GREEN, 2)
    return tile.astype(np.uint8)


def _line(tile: NDArray[np.uint8], start: tuple[int, int], end: tuple[int, int], words: str) -> None:
    cv2.line(tile, start, end, _WHITE, 1)
    cv2.putText(tile, words, (start[0] + 2, max(start[1], 12)), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _GREEN, 1)


def read_clip(file: Path) -> list[Image]:
    video, images = cv2.VideoCapture(str(file)), []
    while True:
        more, image = video.read()
        if not more:
            break
        images.append(image.astype(np.uint8))
    video.release()
    if not images:
        raise SystemExit(f"{file} has no frames that can be read")
    return images


def step_through(images: list[Image], clip: str, file: Path) -> None:
    session, window = Session(len(images)), f"{clip}: space on, b back, l r hands, 1-5 s finger, click, q save"
    cv2.namedWindow(window)
    cv2.setMouseCallback(window, lambda event, x, y, *_: session.click(x, y) if event == cv2.EVENT_LBUTTONDOWN else None)
    going = True
    while going:
        shown = images[session.at].copy()
        state = f"{session.at}  left {session.hands[session.at][0]}  right {session.hands[session.at][1]}"
        cv2.putText(shown, f"{state}  {SIDES[session.side]} {FINGERS[session.finger]}", (6, 24), 0, 0.6, _GREEN, 2)
        for (frame, _, _), tip in session.tips.items():
            if frame == session.at:
                cv2.circle(shown, tip, 4, _GREEN, 1)
        cv2.imshow(window, shown)
        key = cv2.waitKey(30)
        going = key < 0 or session.press(chr(key & 0xFF))
    session.save(clip, file)
    cv2.destroyAllWindows()


def check(folder: Path) -> list[str]:
    """What is wrong with the labels of the signers' clips."""
    wrong = []
    for clip, labels in read_labels(folder).items():
        file = MEDIA / f"crop_intel_asl_{clip}.mp4"
        if not file.exists():
            wrong.append(f"{clip}: the clip is not here")
            continue
        images = read_clip(file)
        if len(images) != len(labels.visible):
            wrong.append(f"{clip}: {len(images)} frames, {len(labels.visible)} labelled")
        marked = ~np.isnan(labels.tips_px[..., 0]).all(axis=-1)
        wrong += [
            f"{clip} {k}: a fingertip of a hand that is not visible" for k in np.flatnonzero((marked & ~labels.visible).any(1))
        ]
        tips = labels.tips_px[~np.isnan(labels.tips_px[..., 0])]
        if len(tips) and ((tips < 0) | (tips >= images[0].shape[1::-1])).any():
            wrong.append(f"{clip}: a fingertip outside the picture")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.label_hands", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    sheet = commands.add_parser("sheet", help="frames side by side")
    sheet.add_argument("clip", type=Path)
    sheet.add_argument("out", type=Path)
    sheet.add_argument("--frames", default="0-19", metavar="FIRST-LAST")
    sheet.add_argument("--part", metavar="X,Y,WIDTH,HEIGHT")
    step = commands.add_parser("step", help="label in a window")
    step.add_argument("clip", type=Path)
    step.add_argument("labels", type=Path)
    commands.add_parser("check", help="hold labels to their clips").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "sheet":
        images = read_clip(arguments.clip)
        first, last = (int(number) for number in arguments.frames.split("-"))
        x_y_w_h = tuple(int(number) for number in arguments.part.split(",")) if arguments.part else None
        numbers = list(range(first, min(last + 1, len(images))))
        cv2.imwrite(str(arguments.out), contact_sheet(images, numbers, x_y_w_h))  # type: ignore[arg-type]
    elif arguments.command == "step":
        step_through(read_clip(arguments.clip), arguments.clip.stem, arguments.labels)
    else:
        wrong = check(arguments.folder)
        raise SystemExit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
