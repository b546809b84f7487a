"""Writes small pieces of SVG. Colours come from the page's style sheet by class, so that light, dark and print just work."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from facetrack.packets import Float


def number(value: float) -> str:
    """Return a number with at most one decimal, without a trailing zero: short, and fine enough for a screen."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def element(name: str, content: str | Markup = "", **attributes: object) -> Markup:
    """Return an element; ``class_`` and ``stroke_width`` become class and stroke-width. Text is escaped, Markup is not."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}/>") if content == "" else Markup(f"<{name}{given}>{escape(content)}</{name}>")


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def together(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def text(x: float, y: float, content: str, class_: str = "small", anchor: str = "start") -> Markup:
    return element("text", content, x=float(x), y=float(y), class_=class_, text_anchor=anchor)


def line_path(points: Float | Sequence[tuple[float, float]]) -> str:
    """Return ``d`` of an open line."""
    return "M" + "L".join(f"{number(float(x))} {number(float(y))}" for x, y in points)


def picture(
    name: str, width: float, height: float, title: str, description: str, parts: Iterable[Markup], **more: object
) -> Markup:
    """Return a whole picture with a text alternative. name: unique in the page."""
    labelled = {"aria_labelledby": f"{name}-title {name}-desc"}
    head = (element("title", title, id=f"{name}-title"), element("desc", description, id=f"{name}-desc"))
    box = more.pop("viewBox", f"0 0 {number(width)} {number(height)}")
    return element("svg", together((*head, *parts)), viewBox=box, role="img", **labelled, **more)
