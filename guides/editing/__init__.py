"""Every change to published content goes through here: document → check → differences → apply."""

from .applying import Outcome, apply_guide, apply_office
from .catalogue import CatalogueError, load_catalogue
from .differences import Difference, differences
from .documents import Document, DocumentError, DocumentProblem
from .entries import delete_entry, save_entry, save_links
from .handbooks import Loading, NotLoadableError, describe_city, load_handbook

__all__ = [
    "CatalogueError",
    "Difference",
    "Document",
    "DocumentError",
    "DocumentProblem",
    "Loading",
    "NotLoadableError",
    "Outcome",
    "apply_guide",
    "apply_office",
    "delete_entry",
    "describe_city",
    "differences",
    "load_catalogue",
    "load_handbook",
    "save_entry",
    "save_links",
]
