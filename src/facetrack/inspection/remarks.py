"""Holds the words of what is said once of a source, by their ids."""

from typing import Final

REMARKS: Final = {
    "turned": "The picture was turned: it is judged upright.",
    "own-mirrored": "This is facetrack's own annotated video, which is mirrored: it is judged the right way round.",
    "mirrored": "The picture looks mirrored: your left may be called right. If it is, say --input-mirrored.",
    "squeezed": "The picture is squeezed: the face has the wrong proportions. Convert the recording to square pixels "
    "(ffmpeg -vf scale) or set the camera to its own format.",
    "blank": "The pictures are of a single colour, such as black: there is nothing to see. Play the recording in a video "
    "player; if it shows a picture there, convert it (ffmpeg -i IN.mp4 -pix_fmt yuv420p OUT.mp4).",
    "still": "The picture stands still: it is one picture, shown again and again.",
}
"""What is said once of a source, by its id in session.json."""
