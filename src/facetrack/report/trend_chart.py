"""Draws the score over past sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from facetrack.report.data import PastScore
from facetrack.report.summary import MUCH_UNSEEN
from facetrack.report.svg import element, line_path, number, picture, text

WIDTH: Final = 460.0
HEIGHT: Final = 150.0
LEFT: Final = 30.0
TOP: Final = 14.0
PLOT: Final = 106.0
MOST: Final = 30
"""The chart shows at most this many sessions: a month of one a day, or four months of two a week."""


def trend_chart(scores: Sequence[PastScore], description: str) -> Markup:
    """Draw the scores. scores: oldest first, this session last; at least two."""
    shown = scores[-MOST:]
    step = (WIDTH - LEFT - 20) / max(1, len(shown) - 1)
    at = [(LEFT + 6 + n * step, _y(one.score)) for n, one in enumerate(shown)]
    parts = []
    for level in (0, 50, 100):
        parts.append(element("path", d=f"M{number(LEFT)} {number(_y(level))}H{number(WIDTH)}", class_="grid"))
        parts.append(text(LEFT - 5, _y(level) + 4, str(level), "small", "end"))
    parts.append(element("path", d=line_path(at), class_="trend"))
    for one, (x, y) in zip(shown, at, strict=True):
        now = one is shown[-1]
        hollow = " hollow" if (one.withheld or 0.0) > MUCH_UNSEEN else ""
        parts.append(element("circle", cx=x, cy=y, r=6 if now else 3, class_=f"dot {'now' if now else 'left'}{hollow}"))
    parts.append(text(at[-1][0], max(10.0, at[-1][1] - 10), f"{shown[-1].score:.0f}", "this", "end"))
    parts.append(text(at[0][0], HEIGHT - 8, _day(shown[0].started_at)))
    parts.append(text(at[-1][0], HEIGHT - 8, _day(shown[-1].started_at), anchor="end"))
    return picture("trend", WIDTH, HEIGHT, "Score over your sessions", description, parts, class_="chart")


def sparkline(scores: Sequence[float]) -> Markup:
    """Draw a step's scores, small; decoration beside the numbers, so hidden from screen readers."""
    shown = scores[-MOST:]
    step = 56.0 / max(1, len(shown) - 1)
    points = [(2 + n * step, 2 + 16 * (1 - score / 100)) for n, score in enumerate(shown)]
    line = element("path", d=line_path(points), class_="trend")
    end = element("circle", cx=points[-1][0], cy=points[-1][1], r=2, class_="dot now")
    return element("svg", line + end, viewBox="0 0 60 20", class_="spark", aria_hidden="true")


def _y(score: float) -> float:
    return TOP + PLOT * (1 - score / 100)


def _day(started_at: str) -> str:
    moment = datetime.fromisoformat(started_at).astimezone()
    return f"{moment.day} {moment:%b %Y}"
