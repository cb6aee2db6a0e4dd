"""Offices, phones, guides and materials as sheets for Excel, and sheets back into rows of words. No Django here."""

from .reading import NotATable, Reading, read_table
from .sheets import GUIDES, MATERIALS, OFFICES, PHONES, Column, Line, Problem, Row, Sheet
from .writing import write_csv, write_xlsx

__all__ = [
    "GUIDES",
    "MATERIALS",
    "OFFICES",
    "PHONES",
    "Column",
    "Line",
    "NotATable",
    "Problem",
    "Reading",
    "Row",
    "Sheet",
    "read_table",
    "write_csv",
    "write_xlsx",
]
