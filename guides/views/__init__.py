"""The public pages: pure functions of the address, without session, cookie or clock."""

from .data import guides_json
from .deadline import deadline
from .errors import page_not_found
from .guide import county_guide, county_print, guide, guide_print, source
from .home import home, robots
from .life_event import life_event
from .listing import city_list, guide_list
from .materials import materials
from .matter import compare_two, matter
from .path import guided_path
from .plan import plan, plan_print
from .search import suggestions, unfound

__all__ = [
    "city_list",
    "compare_two",
    "county_guide",
    "county_print",
    "deadline",
    "guide",
    "guide_list",
    "guide_print",
    "guided_path",
    "guides_json",
    "home",
    "life_event",
    "materials",
    "matter",
    "page_not_found",
    "plan",
    "plan_print",
    "robots",
    "source",
    "suggestions",
    "unfound",
]
