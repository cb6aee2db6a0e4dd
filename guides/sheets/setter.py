"""The child process that sets one paper: a job of JSON comes in, a PDF goes out.

Run by its path with ``python -I``: it sees the standard library, typst, the folders named in the job, and neither
Django nor a setting. What typst has to say goes to standard error; the exit code is 1 when there is no PDF.

With ``many`` for an argument it stays: each line that comes in is a job, and out goes a line of JSON (``size`` in bytes,
what was ``said``, whether the child has ``ended``) and then the PDF, of no bytes when there is none.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from functools import cache
from typing import Any

LIMITS = {
    resource.RLIMIT_AS: 2 << 30,  # bytes; an address space holds much that is never used
    resource.RLIMIT_FSIZE: 0,  # bytes of any file it might want to write
    resource.RLIMIT_CORE: 0,
}
NICENESS = 5
"""Pages of the site go first."""
ENOUGH = 256 << 20
"""Bytes of memory at which a child that stays has remembered enough of what it set: another one begins with nothing."""


def confine() -> None:
    """Give up what setting papers does not need, for good."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    os.nice(NICENESS)


def limit_time(seconds: int, longest: int) -> None:
    """From now on, seconds of a processor and by the clock; then the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most, hard = int(used.ru_utime + used.ru_stime) + seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    signal.alarm(longest)  # should the site have died meanwhile, nobody else ends this process


@cache
def fonts_in(folder: str) -> Any:
    """The fonts of a folder and no others; reading them takes as long as setting a sheet."""
    import typst  # noqa: PLC0415 - under the limits

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def set_paper(job: dict[str, Any]) -> tuple[bytes, list[str]]:
    """The PDF, and what typst warns about."""
    import typst  # noqa: PLC0415 - under the limits

    compiler = typst.Compiler(
        job["template"],
        root=job["root"],
        font_paths=fonts_in(job["fonts"]),
        ignore_system_fonts=True,
        sys_inputs={"content": job["content"]},
        package_path=job["packages"],
        package_cache_path=job["packages"],
    )
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no PDF")
    return pdf, [f"{warning.message} {warning.hints}" for warning in warnings]


def set_one() -> None:
    """Read the job, write the PDF."""
    job = json.load(sys.stdin.buffer)
    confine()
    limit_time(job["seconds"], job["longest"])
    try:
        pdf, warnings = set_paper(job)
    except RuntimeError as error:
        sys.exit(reason(error))
    for warning in warnings:
        sys.stderr.write(f"{warning}\n")
    sys.stdout.buffer.write(pdf)


def set_many() -> None:
    """Set a paper for each line until there are no more, or until there is too much in memory."""
    confine()
    ended = False
    while not ended and (line := sys.stdin.buffer.readline()):
        job = json.loads(line)
        limit_time(job["seconds"], job["longest"])
        try:
            pdf, said = set_paper(job)
        except RuntimeError as error:
            pdf, said = b"", [reason(error)]
        signal.alarm(0)
        ended = memory() > ENOUGH
        answer = {"size": len(pdf), "said": said, "ended": ended}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pdf)
        sys.stdout.buffer.flush()


def memory() -> int:
    """Bytes of memory this process has now; ``ru_maxrss`` also knows those of the process it was forked from."""
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123 (nothing is imported for a line)
        return int(pages.read().split()[1]) * resource.getpagesize()


def reason(error: RuntimeError) -> str:
    """Why there is no PDF; typst's own errors name the line of the template."""
    return getattr(error, "diagnostic", "") or str(error)


if __name__ == "__main__":
    set_many() if sys.argv[1:] == ["many"] else set_one()
