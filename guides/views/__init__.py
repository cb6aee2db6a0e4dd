"""The public pages: pure functions of the address, without session, cookie or clock."""

from .data import guides_json
from .errors import page_not_found
from .guide import county_guide, county_print, guide, guide_print, source
from .home import home, robots
from .listing import guide_list
from .matter import matter

__all__ = [
    "county_guide",
    "county_print",
    "guide",
    "guide_list",
    "guide_print",
    "guides_json",
    "home",
    "matter",
    "page_not_found",
    "robots",
    "source",
]
