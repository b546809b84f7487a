"""Writes what is made from the routine format and the face's map: the JSON Schema and the map's picture.

    python scripts/write_routine_files.py

A test holds the files to their sources.
"""

from pathlib import Path

from face_map_picture import map_svg

from facetrack.routine.file.schema import schema_text

TOP = Path(__file__).parents[1]
FILES = {TOP / "routines" / "routine.schema.json": schema_text, TOP / "docs" / "face-map.svg": map_svg}

if __name__ == "__main__":
    for path, text in FILES.items():
        path.write_text(text(), encoding="utf-8", newline="\n")
        print(path)
