"""QR codes as drawings."""

from __future__ import annotations

from functools import lru_cache

import segno

SVG = "http://www.w3.org/2000/svg"
"""Who reads it outside of a page has to be told what it is."""
QUIET = 0
"""Modules of white in the drawing: where it stands, the paper gives the four that the standard asks for."""


@lru_cache(maxsize=2_000)  # a booklet and its sheets draw the same addresses
def qr_svg(text: str) -> str:
    """A QR code of the text as an SVG document without a size of its own, error correction M or better."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None)
    return drawing.replace("<svg ", f'<svg xmlns="{SVG}" ', 1)
