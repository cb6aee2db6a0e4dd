"""Handbook text → checked records. Standard library only; the one door is :func:`read_handbook`."""

from .corrections import load_corrections
from .reading import read_handbook
from .records import (
    CityDescription,
    Correction,
    CountyDescription,
    Finding,
    GuideRecord,
    HandbookReading,
    Problem,
)
from .report import markdown, report

__all__ = [
    "CityDescription",
    "Correction",
    "CountyDescription",
    "Finding",
    "GuideRecord",
    "HandbookReading",
    "Problem",
    "load_corrections",
    "markdown",
    "read_handbook",
    "report",
]
