"""Words of the handbook that the page sets apart: 《forms》 to fill in and （加盖单位公章）."""

from __future__ import annotations

import re
from typing import NamedTuple

APART = re.compile(r"(?P<form>《[^》]{1,200}》)|(?P<stamp>（(?>[^（）]*?加盖)(?>[^（）]*?公章)[^（）]*）)")


class Piece(NamedTuple):
    """A run of text and what it is: ``form``, ``stamp`` or nothing special."""

    text: str
    kind: str = ""


def pieces(text: str) -> list[Piece]:
    """Cut a text at its forms and stamps; joining the pieces gives the text back."""
    found, end = [], 0
    for match in APART.finditer(text):
        found += [Piece(text[end : match.start()]), Piece(match[0], str(match.lastgroup))]
        end = match.end()
    found.append(Piece(text[end:]))
    return [piece for piece in found if piece.text]
