"""The public pages: pure functions of the address, without session, cookie or clock."""

from .data import guides_json
from .deadline import deadline
from .display import display, style
from .errors import page_not_found, server_error
from .guide import county_guide, county_print, guide, guide_print, guide_text, source
from .home import home, robots
from .icons import apple_touch_icon, favicon, manifest
from .life_event import life_event
from .listing import city_list, guide_list
from .materials import materials
from .matter import compare_two, matter
from .path import guided_path
from .plan import plan, plan_print
from .search import suggestions, unfound
from .site_map import site_map, sitemap, sitemap_city, sitemap_general

__all__ = [
    "apple_touch_icon",
    "city_list",
    "compare_two",
    "county_guide",
    "county_print",
    "deadline",
    "display",
    "favicon",
    "guide",
    "guide_list",
    "guide_print",
    "guide_text",
    "guided_path",
    "guides_json",
    "home",
    "life_event",
    "manifest",
    "materials",
    "matter",
    "page_not_found",
    "plan",
    "plan_print",
    "robots",
    "server_error",
    "site_map",
    "sitemap",
    "sitemap_city",
    "sitemap_general",
    "source",
    "style",
    "suggestions",
    "unfound",
]
