"""What and how: the catalogue of matters, each city's guide, and the handbooks they come from."""

from .catalogue import Alias, Audience, Category, FormerMatterSlug, Matter
from .changes import SheetChange
from .duties import Duty
from .glossary import Term
from .guide import Guide, GuideQuerySet
from .handbook import Correction, Finding, Handbook
from .life_events import LifeEvent, LifeEventStep
from .lists import Channel, Material, Note, Step, TimeLimit
from .places import GuideOffice, GuidePhone
from .proposals import Proposal, ProposalLine
from .revisions import Revision
from .search import OfficePosting, Posting, UnfoundQuery
from .settled import SettledAdvice
from .snapshots import Snapshot
from .spread import CitySpread, MatterSpread
from .stamps import Stamp

__all__ = [
    "Alias",
    "Audience",
    "Category",
    "Channel",
    "CitySpread",
    "Correction",
    "Duty",
    "Finding",
    "FormerMatterSlug",
    "Guide",
    "GuideOffice",
    "GuidePhone",
    "GuideQuerySet",
    "Handbook",
    "LifeEvent",
    "LifeEventStep",
    "Material",
    "Matter",
    "MatterSpread",
    "Note",
    "OfficePosting",
    "Posting",
    "Proposal",
    "ProposalLine",
    "Revision",
    "SettledAdvice",
    "SheetChange",
    "Snapshot",
    "Stamp",
    "Step",
    "Term",
    "TimeLimit",
    "UnfoundQuery",
]
