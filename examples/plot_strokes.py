"""Draws a session's strokes as arrows on the face's map, as an SVG picture for any browser:

python examples/plot_strokes.py SESSION strokes.svg
"""

import sys
from pathlib import Path

import facetrack

COLOURS = {"along": "#0072b2", "across": "#e69f00", "against": "#d55e00"}
"""Colours of judged strokes; lifted returns and uncertain movements are left out."""
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="-110 -110 220 220" stroke-width="1.5">
<marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="4" markerHeight="4" orient="auto">
<path d="M0 0 6 3 0 6z" fill="context-stroke"/></marker>
"""


def svg(strokes: facetrack.DataTable) -> str:
    """The picture as seen in a mirror: the user's left is on the left."""
    columns = ("kind", "start_x_mm", "start_y_mm", "end_x_mm", "end_y_mm")
    lines = [
        f'<path d="M{-x0:.1f} {-y0:.1f} {-x1:.1f} {-y1:.1f}" stroke="{COLOURS[kind]}" marker-end="url(#tip)"/>'
        for kind, x0, y0, x1, y1 in zip(*(strokes[name] for name in columns), strict=True)
        if kind in COLOURS
    ]
    return HEAD + "\n".join(lines) + "\n</svg>\n"


def main(folder_or_id: str, target: str) -> None:
    strokes = facetrack.load_session(folder_or_id).strokes
    Path(target).write_text(svg(strokes), encoding="utf-8")
    print(f"{target}: {strokes.rows} movements")


if __name__ == "__main__":
    main(*sys.argv[1:])
