"""The child process that sets one paper: a job of JSON comes in, a PDF goes out.

Run by its path with ``python -I``: it sees the standard library, typst, the folders named in the job, and neither
Django nor a setting. What typst has to say goes to standard error; the exit code is 1 when there is no PDF.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import Any

LIMITS = {
    resource.RLIMIT_AS: 2 << 30,  # bytes; an address space holds much that is never used
    resource.RLIMIT_FSIZE: 0,  # bytes of any file it might want to write
    resource.RLIMIT_CORE: 0,
}
NICENESS = 5
"""Pages of the site go first."""


def confine(seconds: int, longest: int) -> None:
    """Give up what setting a paper does not need, for good; seconds of a processor, and by the clock."""
    for limit, most in (LIMITS | {resource.RLIMIT_CPU: seconds}).items():
        resource.setrlimit(limit, (most, most))
    signal.alarm(longest)  # should the site have died meanwhile, nobody else ends this process
    os.nice(NICENESS)


def set_paper(job: dict[str, Any]) -> tuple[bytes, list[str]]:
    """The PDF, and what typst warns about."""
    import typst  # noqa: PLC0415 - under the limits

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]])
    compiler = typst.Compiler(
        job["template"],
        root=job["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"content": job["content"]},
        package_path=job["packages"],
        package_cache_path=job["packages"],
    )
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no PDF")
    return pdf, [f"{warning.message} {warning.hints}" for warning in warnings]


def main() -> None:
    """Read the job, write the PDF."""
    job = json.load(sys.stdin.buffer)
    confine(job["seconds"], job["longest"])
    try:
        pdf, warnings = set_paper(job)
    except RuntimeError as error:  # typst's own among them, with the line of the template
        sys.exit(getattr(error, "diagnostic", "") or str(error))
    for warning in warnings:
        sys.stderr.write(f"{warning}\n")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
