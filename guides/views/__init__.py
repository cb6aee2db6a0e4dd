"""The public pages: pure functions of the address, without session, cookie or clock."""

from .booklet import booklet, booklet_choice, poster
from .counter import counter
from .data import city_json, guides_json
from .deadline import deadline
from .display import display, style
from .errors import bad_request, forbidden, page_not_found, server_error
from .guide import county_guide, guide, guide_text, source
from .home import home, robots
from .icons import apple_touch_icon, favicon, manifest
from .life_event import life_event
from .listing import city_list, guide_list
from .materials import materials
from .matter import compare_two, matter
from .notice import county_notice, guide_notice
from .path import guided_path
from .plan import plan, plan_print
from .search import suggestions, unfound
from .sheet import sheet_pdf, sheet_print
from .site_map import site_map, sitemap, sitemap_city, sitemap_general

__all__ = [
    "apple_touch_icon",
    "bad_request",
    "booklet",
    "booklet_choice",
    "city_json",
    "city_list",
    "compare_two",
    "counter",
    "county_guide",
    "county_notice",
    "deadline",
    "display",
    "favicon",
    "forbidden",
    "guide",
    "guide_list",
    "guide_notice",
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
    "poster",
    "robots",
    "server_error",
    "sheet_pdf",
    "sheet_print",
    "site_map",
    "sitemap",
    "sitemap_city",
    "sitemap_general",
    "source",
    "style",
    "suggestions",
    "unfound",
]
