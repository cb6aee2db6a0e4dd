"""Every change to published content goes through here: document → check → differences → apply."""

from .applying import Outcome, apply_guide, apply_office
from .catalogue import CatalogueError, load_catalogue
from .differences import Difference, differences
from .documents import Document, DocumentError, DocumentProblem, limit_problem
from .entries import StillPublishedError, delete_entry, save_entry, save_links, save_order, why_kept
from .handbooks import Loading, NotLoadableError, describe_city, load_handbook
from .meeting import Meeting, chosen, meetings, status_in, with_status
from .proposals import propose
from .restoring import restorable, restore
from .revisions import Change, Conflict, document_at, fresh, status_at, status_of
from .search_index import rebuild_search
from .unfound import count_unfound
from .workdays import SeededYears, seed_workdays

__all__ = [
    "CatalogueError",
    "Change",
    "Conflict",
    "Difference",
    "Document",
    "DocumentError",
    "DocumentProblem",
    "Loading",
    "Meeting",
    "NotLoadableError",
    "Outcome",
    "SeededYears",
    "StillPublishedError",
    "apply_guide",
    "apply_office",
    "chosen",
    "count_unfound",
    "delete_entry",
    "describe_city",
    "differences",
    "document_at",
    "fresh",
    "limit_problem",
    "load_catalogue",
    "load_handbook",
    "meetings",
    "propose",
    "rebuild_search",
    "restorable",
    "restore",
    "save_entry",
    "save_links",
    "save_order",
    "seed_workdays",
    "status_at",
    "status_in",
    "status_of",
    "why_kept",
    "with_status",
]
