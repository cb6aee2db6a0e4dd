"""Every change to published content goes through here: document → check → differences → apply."""

from .applying import Outcome, apply_guide, apply_office
from .catalogue import CatalogueError, load_catalogue
from .differences import Difference, differences
from .documents import Document, DocumentError, DocumentProblem, limit_problem
from .entries import delete_entry, save_entry, save_links, save_order
from .handbooks import Loading, NotLoadableError, describe_city, load_handbook
from .search_index import rebuild_search
from .unfound import count_unfound
from .workdays import SeededYears, seed_workdays

__all__ = [
    "CatalogueError",
    "Difference",
    "Document",
    "DocumentError",
    "DocumentProblem",
    "Loading",
    "NotLoadableError",
    "Outcome",
    "SeededYears",
    "apply_guide",
    "apply_office",
    "count_unfound",
    "delete_entry",
    "describe_city",
    "differences",
    "limit_problem",
    "load_catalogue",
    "load_handbook",
    "rebuild_search",
    "save_entry",
    "save_links",
    "save_order",
    "seed_workdays",
]
