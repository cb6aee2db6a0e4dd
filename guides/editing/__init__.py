"""Every change to published content goes through here: document → check → differences → apply."""

from .advice import Advice, advice_on_guide, advice_on_office, surroundings_of
from .applying import SCALARS, Outcome, apply_guide, apply_office
from .bulk import (
    BulkEdit,
    HoursEdit,
    Overtaken,
    PhoneEdit,
    apply_bulk,
    offices_touched,
    rehearse,
    restore_batch,
    seen_in,
)
from .catalogue import CatalogueError, load_catalogue
from .differences import Difference, differences
from .document_file import DocumentFile, DocumentFileError
from .documents import Document, DocumentError, DocumentProblem, limit_problem
from .elements import ELEMENTS, NotReadyError, how_to_mend, missing_elements, score
from .entries import StillPublishedError, delete_entry, save_entry, save_links, save_order, why_kept
from .handbooks import Loading, NotLoadableError, describe_city, load_handbook
from .importing import Wanted, propose_all
from .life import next_statuses
from .many import load_documents
from .meeting import Meeting, chosen, meetings, status_in, with_status
from .previewing import guide_as_if, office_as_if
from .proposal_lines import Line, lines_of
from .proposals import AlreadyDecidedError, Submission, Verdict, decide, propose, submit, withdraw
from .questioning import question_number, trust_number
from .renaming import city_called, county_called, matter_called, rename_city, rename_county, rename_matter
from .restoring import restorable, restore
from .reviewing import REVIEW_EVERY, confirm, set_beside
from .revisions import Change, Conflict, document_at, fresh, status_at, status_of
from .search_index import rebuild_search
from .settling import settle_advice, settle_finding, unsettle_advice, unsettle_finding
from .snapshots import complete_snapshots
from .spread import count_if_unknown, rebuild_spread, spread_problems
from .unfound import count_unfound
from .workdays import SeededYears, seed_workdays

__all__ = [
    "ELEMENTS",
    "REVIEW_EVERY",
    "SCALARS",
    "Advice",
    "AlreadyDecidedError",
    "BulkEdit",
    "CatalogueError",
    "Change",
    "Conflict",
    "Difference",
    "Document",
    "DocumentError",
    "DocumentFile",
    "DocumentFileError",
    "DocumentProblem",
    "HoursEdit",
    "Line",
    "Loading",
    "Meeting",
    "NotLoadableError",
    "NotReadyError",
    "Outcome",
    "Overtaken",
    "PhoneEdit",
    "SeededYears",
    "StillPublishedError",
    "Submission",
    "Verdict",
    "Wanted",
    "advice_on_guide",
    "advice_on_office",
    "apply_bulk",
    "apply_guide",
    "apply_office",
    "chosen",
    "city_called",
    "complete_snapshots",
    "confirm",
    "count_if_unknown",
    "count_unfound",
    "county_called",
    "decide",
    "delete_entry",
    "describe_city",
    "differences",
    "document_at",
    "fresh",
    "guide_as_if",
    "how_to_mend",
    "limit_problem",
    "lines_of",
    "load_catalogue",
    "load_documents",
    "load_handbook",
    "matter_called",
    "meetings",
    "missing_elements",
    "next_statuses",
    "office_as_if",
    "offices_touched",
    "propose",
    "propose_all",
    "question_number",
    "rebuild_search",
    "rebuild_spread",
    "rehearse",
    "rename_city",
    "rename_county",
    "rename_matter",
    "restorable",
    "restore",
    "restore_batch",
    "save_entry",
    "save_links",
    "save_order",
    "score",
    "seed_workdays",
    "seen_in",
    "set_beside",
    "settle_advice",
    "settle_finding",
    "spread_problems",
    "status_at",
    "status_in",
    "status_of",
    "submit",
    "surroundings_of",
    "trust_number",
    "unsettle_advice",
    "unsettle_finding",
    "why_kept",
    "with_status",
    "withdraw",
]
