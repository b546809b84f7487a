"""Writes ELAN's .eaf files: empty tiers to label in, and facetrack's corrections, alone or under a person's labels."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, product
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from facetrack.packets import SIDES
from facetrack.routine.kinds import KINDS

TIERS: Final = tuple(f"{kind} {side}" for kind, side in product(KINDS, SIDES))
"""The tiers of a template: one for each kind and side, so that mistakes may go on at the same time."""
_TYPE: Final = "mistake"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"

Mark = tuple[float, float, str]
"""Start and end in s, and text."""


def new_document(media: str | None, tiers: Sequence[str], *, author: str) -> Element:
    """Return an ELAN document with empty tiers. media: the recording's file; None for a template (.etf)."""
    ElementTree.register_namespace("xsi", _XSI)
    root = Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": author,
            "DATE": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{{{_XSI}}}noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    if media is not None:
        kind = {"MEDIA_URL": media, "MIME_TYPE": "video/*", "RELATIVE_MEDIA_URL": f"./{media}"}
        SubElement(header, "MEDIA_DESCRIPTOR", kind)
    SubElement(root, "TIME_ORDER")
    for name in tiers:
        SubElement(root, "TIER", {"LINGUISTIC_TYPE_REF": _TYPE, "TIER_ID": name})
    _ensure_type(root)
    return root


def add_tiers(root: Element, tiers: Mapping[str, Iterable[Mark]]) -> None:
    """Add tiers with annotations under those that a document has. A name that is taken gets a number."""
    _ensure_type(root)
    order = root.find("TIME_ORDER")
    if order is None:
        order = Element("TIME_ORDER")
        root.insert(1, order)
    taken = {tier.get("TIER_ID") for tier in root.iter("TIER")}
    used = {one.get(name) for one in root.iter() for name in ("TIME_SLOT_ID", "ANNOTATION_ID")}
    free = (number for number in count(1) if not {f"ft{number}s", f"ft{number}e", f"fa{number}"} & used)
    for title, marks in tiers.items():
        name = next(one for one in (title, *(f"{title} {n}" for n in range(2, len(taken) + 3))) if one not in taken)
        taken.add(name)
        tier = Element("TIER", {"LINGUISTIC_TYPE_REF": _TYPE, "TIER_ID": name})
        root.insert(_after_tiers(root), tier)
        for start_s, end_s, text in marks:
            number = next(free)
            slots = [f"ft{number}s", f"ft{number}e"]
            for slot, time_s in zip(slots, (start_s, end_s), strict=True):
                SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": slot, "TIME_VALUE": str(round(1000 * time_s))})
            references = {"ANNOTATION_ID": f"fa{number}", "TIME_SLOT_REF1": slots[0], "TIME_SLOT_REF2": slots[1]}
            aligned = SubElement(SubElement(tier, "ANNOTATION"), "ALIGNABLE_ANNOTATION", references)
            SubElement(aligned, "ANNOTATION_VALUE").text = text


def document_bytes(root: Element) -> bytes:
    """Return a document as the bytes of its file."""
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _after_tiers(root: Element) -> int:
    return max((place for place, one in enumerate(root) if one.tag in ("HEADER", "TIME_ORDER", "TIER")), default=-1) + 1


def _ensure_type(root: Element) -> None:
    if not any(one.get("LINGUISTIC_TYPE_ID") == _TYPE for one in root.iter("LINGUISTIC_TYPE")):
        about = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true"}
        last = max((place for place, one in enumerate(root) if one.tag == "LINGUISTIC_TYPE"), default=_after_tiers(root) - 1)
        root.insert(last + 1, Element("LINGUISTIC_TYPE", about))
