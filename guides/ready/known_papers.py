"""Which paper lies on the shelf for an address: what one process has found out, the others need not find out again.

To know a paper by its content, the content has to be gathered first, and for a booklet that is most of a second. So a note
beside the papers says which of them a mark (:mod:`.marks`) stands for.
"""

from __future__ import annotations

import json

from guides.sheets.shelf import site_shelf

from .shelf import Headers


def find(mark: str) -> tuple[Headers, bytes] | None:
    """The paper and the headers it was sent with, if it has been made and still lies there."""
    if not mark or (written := site_shelf().note(mark)) is None:
        return None
    try:
        paper, headers = json.loads(written)
    except ValueError:  # cut off by a full disk
        return None
    pdf = site_shelf().get(paper)
    return None if pdf is None else ([(name, value) for name, value in headers], pdf)


def keep(mark: str, paper: str, headers: Headers) -> None:
    """Write down which paper the mark stands for: that with this ETag."""
    if mark and paper:
        site_shelf().write_note(mark, json.dumps([paper.strip('"'), headers]))
