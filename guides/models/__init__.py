"""What and how: the catalogue of matters, each city's guide, and the handbooks they come from."""

from .catalogue import Alias, Audience, Category, LifeEvent, Matter
from .guide import Channel, Guide, GuideQuerySet, Material, Note, Step, TimeLimit
from .handbook import Correction, Finding, Handbook
from .places import GuideOffice, GuidePhone

__all__ = [
    "Alias",
    "Audience",
    "Category",
    "Channel",
    "Correction",
    "Finding",
    "Guide",
    "GuideOffice",
    "GuidePhone",
    "GuideQuerySet",
    "Handbook",
    "LifeEvent",
    "Material",
    "Matter",
    "Note",
    "Step",
    "TimeLimit",
]
