"""What hangs and stands at a county's counter: the booklet, the pages to swap in it, the poster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from guides.models import Category, Guide
from guides.phone_book import by_category
from guides.sheets import booklet as sheaf
from guides.sheets.options import LARGE
from guides.sheets.poster import poster_paper
from guides.sheets.typesetting import by_turns, one_by_one, pdf_response
from guides.sheets.versions import Replacements, Since, latest, read_since, replacements, versions
from offices.addresses import Pairs, all_asked, asked, to_one_address, understands
from offices.lookup import NothingHere, WayOn, find_city, find_county
from offices.models import County
from offices.place import Place, place_choice

PARAMETERS = ("category", "matters", "size", "since")
"""In the order of the one address."""
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Wish:
    """Which sheets of a county are asked for, how large, and whether only what has changed since."""

    county: County
    offered: tuple[Guide, ...]
    categories: tuple[Category, ...] = ()
    matters: tuple[Guide, ...] = ()
    """Guides that are ticked besides the categories."""
    size: str = ""
    since: Since | None = None

    @property
    def chosen(self) -> tuple[Guide, ...]:
        """The guides of the categories and the ticked ones; all when nothing is chosen."""
        return (
            tuple(guide for guide in self.offered if self.takes(guide)) if self.is_selection else self.offered
        )

    @property
    def is_selection(self) -> bool:
        """Whether less than everything is asked for."""
        return bool(self.categories or self.matters)

    def takes(self, guide: Guide) -> bool:
        """Whether the guide is one of the chosen."""
        slugs = {ticked.matter.slug for ticked in self.matters}
        return guide.matter.category in self.categories or guide.matter.slug in slugs

    @property
    def selection(self) -> str:
        """What is chosen, in words: ``医疗费用报销、生育保险，另 2 项（共 8 项）``; empty for everything."""
        if not self.is_selection:
            return ""
        names = "、".join(category.name for category in self.categories)
        others = [guide for guide in self.matters if guide.matter.category not in self.categories]
        if not names:
            return others[0].name if len(others) == 1 else f"{len(others)} 个事项"
        more = f"，另 {len(others)} 项" if others else ""
        return f"{names}{more}（共 {len(self.chosen)} 项）"

    @property
    def pairs(self) -> Pairs:
        """The wish as the address writes it, in its order."""
        return [
            *(("category", category.slug) for category in self.categories),
            *(("matters", guide.matter.slug) for guide in self.matters),
            ("size", self.size),
            ("since", "" if self.since is None else str(self.since)),
        ]


@require_safe
@understands(*PARAMETERS)
def booklet_choice(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The page to choose a booklet on: all of it, some categories or matters, large print, only what has changed."""
    wish = ask(request, city, county, "guides:booklet_choice")
    if isinstance(wish, HttpResponseRedirect):
        return wish
    return render(request, "guides/booklet_choice.html", choice_of(wish))


@require_safe
@one_by_one
@understands(*PARAMETERS)
def booklet(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The booklet, or with ``since`` the pages to swap; a page that says so when there are none."""
    wish = ask(request, city, county, "guides:booklet")
    if isinstance(wish, HttpResponseRedirect):
        return wish
    guides = with_details(wish.chosen)
    asked_for = sheaf.Booklet(wish.county, guides, wish.selection, is_large=wish.size == LARGE)
    if wish.since is None:
        paper = sheaf.paper(asked_for, timezone.localdate())
        return pdf_response(request, paper, f"{paper.title}.pdf")
    swap = to_swap(wish)
    if not swap.changed and not swap.gone:
        return render(request, "guides/booklet_choice.html", choice_of(wish) | {"is_unchanged": True})
    paper = sheaf.swap_paper(asked_for, swap, wish.since, timezone.localdate())
    return pdf_response(request, paper, f"{paper.title}.pdf")


@require_safe
@by_turns
def poster(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The poster of a county."""
    found = find_county(find_city(city), county, partial(page_of, "guides:poster"))
    paper = poster_paper(found, offered_in(found))
    return pdf_response(request, paper, f"{paper.title}.pdf")


def to_swap(wish: Wish) -> Replacements:
    """What to swap of the chosen sheets; sheets that are gone only when their kind is chosen."""
    found = replacements(wish.offered, wish.county, wish.since if wish.since is not None else 0)
    if not wish.is_selection:
        return found
    changed = tuple(guide for guide in found.changed if wish.takes(guide))
    return Replacements(changed, tuple(guide for guide in found.gone if wish.takes(guide)))


def with_details(guides: Sequence[Guide]) -> list[Guide]:
    """The same guides with everything a sheet shows."""
    rows = Guide.objects.filter(pk__in=[guide.pk for guide in guides]).with_details()
    return list(rows.in_reading_order())


def ask(request: HttpRequest, city: str, county: str, page: str) -> Wish | HttpResponseRedirect:
    """What the address asks for, or the way to its one address; raises ``NothingHere`` for what is not there."""
    found = find_county(find_city(city), county, partial(page_of, page))
    offered = offered_in(found)
    again = [
        WayOn("重新选择", page_of("guides:booklet_choice", found)),
        WayOn("整本（PDF）", page_of("guides:booklet", found)),
    ]
    categories = {guide.matter.category.slug: guide.matter.category for guide in offered}
    matters = {guide.matter.slug: guide for guide in offered}
    size = asked(request, "size", again)
    if size not in {"", LARGE}:
        raise NothingHere(f"“字号”没有“{size}”这个选项，可以是“{LARGE}”。", again)
    wish = Wish(
        found,
        offered,
        tuple(
            pick(
                all_asked(request, "category", again),
                categories,
                f"{found.full_name}没有“{{}}”这一类事项。",
                again,
            )
        ),
        tuple(
            pick(
                all_asked(request, "matters", again),
                matters,
                f"{found.full_name}没有“{{}}”这个事项的办事指南。",
                again,
            )
        ),
        size,
        since_of(asked(request, "since", again), again),
    )
    return to_one_address(request, wish.pairs) or wish


def pick(slugs: Sequence[str], known: dict[str, Kind], sentence: str, again: list[WayOn]) -> list[Kind]:
    """The ones named, in the order of the catalogue; raises ``NothingHere`` for a name nobody knows."""
    for slug in slugs:
        if slug not in known:
            raise NothingHere(sentence.format(Truncator(slug).chars(20)), again)
    return [one for slug, one in known.items() if slug in slugs]


def since_of(words: str, again: list[WayOn]) -> Since | None:
    """From when on changes count; raises ``NothingHere`` for what is neither a day nor a version."""
    if not words:
        return None
    try:
        return read_since(words)
    except ValueError:
        raise NothingHere(
            f"“{Truncator(words).chars(20)}”不是日期，也不是版本号。日期写成 2026-01-31，版本号是页脚上的数字。",
            again,
        ) from None


def offered_in(county: County) -> tuple[Guide, ...]:
    """The guides of the county; raises ``NothingHere`` when there are none."""
    rows = Guide.objects.published().in_county(county).select_related("city", "matter__category")
    guides = tuple(rows.defer("imported_document").in_reading_order())
    if not guides:
        raise NothingHere(
            f"{county.full_name}目前没有办事指南。", [WayOn(county.full_name, county.get_absolute_url())]
        )
    return guides


def choice_of(wish: Wish) -> dict[str, object]:
    """What the page to choose on shows."""
    place = Place(wish.county.city, wish.county)
    return {
        "wish": wish,
        "county": wish.county,
        "city": wish.county.city,
        "place": place,
        "choice": place_choice(place, of_place),
        "shelves": by_category(wish.offered),
        "version": latest(versions(wish.offered, wish.county).values()),
        "since_is_day": isinstance(wish.since, date),
        "whole_url": page_of("guides:booklet", wish.county),
    }


def page_of(page: str, county: County) -> str:
    """One of these pages for a county."""
    return reverse(page, args=[county.city.slug, county.slug])


def of_place(place: Place) -> str:
    """The page to choose on for a county; a whole city has none but its offices."""
    return page_of("guides:booklet_choice", place.county) if place.county else place.offices_url
