"""Reads TOML that users wrote, hostile files included."""

import re
import tomllib
from typing import Any, Final

DEEPEST_KEY: Final = 40
"""Parts of a dotted key before the text is refused: no file of ours needs more than three, and reading takes their square."""
KEY_DOT: Final = re.compile(rb"\.[ \t]*(?:[A-Za-z_\"'-]|\d+[ \t]*\.)")
"""A dot that joins parts of a key, unlike one in a number."""


def parse_toml(raw: bytes) -> dict[str, Any]:
    """Parse the bytes of a file, which may begin with a byte order mark, as Windows' editors write it.

    Raises ValueError, which says in one line what is wrong and where.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8 text; save the file as UTF-8") from None
    for number, row in enumerate(raw.split(b"\n"), start=1):
        if len(KEY_DOT.findall(row)) > DEEPEST_KEY:
            raise ValueError(f"line {number} has a key of more than {DEEPEST_KEY} parts; three are enough")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("brackets are nested too deep; five are enough") from None
    except ValueError as error:  # TOMLDecodeError, and numbers or dates that Python refuses
        told = str(error).replace("Illegal character '\\n'", "a quotation mark is missing at the end of the text")
        words = "".join(letter if letter.isprintable() else "?" for letter in told)
        raise ValueError(f"not TOML: {words[:160]}") from None
