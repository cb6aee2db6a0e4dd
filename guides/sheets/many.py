"""Setting hundreds of papers: a child process that stays between two of them.

A child of its own for each paper is the safer way and what readers get; starting it takes longer than setting a sheet.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, cast

from .typesetting import ENVIRONMENT, SETTER, TEMPLATES, Paper, TypesettingFailed, job_of

log = logging.getLogger(__name__)


class StandingSetter:
    """One child at a time, under the same limits for each paper as a child of its own; for one thread of one process."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None

    def set(self, paper: Paper) -> bytes:
        """The PDF; raises ``TypesettingFailed`` whatever became of it."""
        try:
            pdf, said = self._ask(job_of(paper))
        except (OSError, ValueError, KeyError) as error:
            raise TypesettingFailed(f"{paper.title}: exit {self.close()}: {error}") from error
        if not pdf.startswith(b"%PDF-"):
            raise TypesettingFailed(f"{paper.title}: {said}")
        if said:
            log.warning("%s: %s", paper.title, said)
        return pdf

    def close(self) -> int:
        """End the child, if there is one; its exit code."""
        child, self.child = self.child, None
        if child is None:
            return 0
        with suppress(OSError):
            child.communicate()  # it finds no more jobs
        return child.returncode

    def _ask(self, job: bytes) -> tuple[bytes, str]:
        """What the child answers; raises ``OSError``, ``ValueError`` or ``KeyError`` when that is no answer."""
        self.child = self.child or start()
        into, out = cast("IO[bytes]", self.child.stdin), cast("IO[bytes]", self.child.stdout)
        into.write(job + b"\n")
        into.flush()
        answer: dict[str, Any] = json.loads(out.readline())
        pdf = out.read(answer["size"])
        if answer["ended"]:
            self.close()
        return pdf, "\n".join(answer["said"])


def start() -> subprocess.Popen[bytes]:
    """A child that waits for jobs. What it has to say is in its answers: it may write to no file."""
    return subprocess.Popen(  # noqa: S603 - our own script; the jobs are data
        [sys.executable, "-I", str(SETTER), "many"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=TEMPLATES,
    )
