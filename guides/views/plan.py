"""Several matters on one trip (一趟办几件): the choice lives in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from guides import plan as trip
from guides.doubts import doubts_about
from guides.models import Guide
from guides.nearby import handled_at
from offices.addresses import address, all_asked, to_one_address, understands
from offices.lookup import NothingHere, WayOn, find_city, find_county
from offices.memory import remembered
from offices.models import City, County
from offices.place import HANDFUL, Place, PlaceChoice, handful
from offices.place import Choice as PlaceLink


@require_safe
@understands("matters")
def plan(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The trip for the matters that are chosen; without a choice, the list to choose from."""
    choice = choose(request, city, county)
    if isinstance(choice, HttpResponseRedirect):
        return choice
    context = choice.context() | places_of(choice)
    if choice.problem or not choice.is_trip:
        status = 404 if choice.problem else 200
        return render(request, "guides/plan_choice.html", context, status=status)
    return render(request, "guides/plan.html", context | planned(choice))


@require_safe
@understands("matters")
def plan_print(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The trip on paper; a choice that makes no trip goes back to the list to choose from."""
    choice = choose(request, city, county)
    if isinstance(choice, HttpResponseRedirect):
        return choice
    if choice.problem or not choice.is_trip:
        return HttpResponseRedirect(choice.at("guides:plan"))
    return render(request, "guides/plan_print.html", choice.context() | places_of(choice) | planned(choice))


@dataclass(frozen=True)
class Choice:
    """The matters a visitor has chosen of those a county offers, and what is wrong with the choice."""

    county: County
    offered: tuple[Guide, ...]
    chosen: tuple[Guide, ...]
    unknown: tuple[str, ...]

    @property
    def problem(self) -> str:
        """The sentence to show; empty when nothing is wrong or nothing is chosen yet."""
        if self.unknown:
            named = "、".join(f"“{Truncator(slug).chars(20)}”" for slug in self.unknown[:3])
            return f"{self.county.full_name}没有{named}这个事项的办事指南，请在下面重新选择。"
        if len(self.chosen) > trip.MOST:
            return f"选了 {len(self.chosen)} 项，一张清单最多列 {trip.MOST} 项，请去掉一些。"
        return ""

    @property
    def is_trip(self) -> bool:
        """Whether enough is chosen to be handled together; one matter is a beginning."""
        return len(self.chosen) >= trip.FEWEST

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The choice as the address writes it."""
        return [("matters", guide.matter.slug) for guide in self.chosen]

    def at(self, page: str) -> str:
        """The address of one of the plan's pages for this choice."""
        path = reverse(page, args=[self.county.city.slug, self.county.slug])
        unknown = [("matters", slug) for slug in self.unknown]
        return address(path, [*self.pairs, *unknown])

    def context(self) -> dict[str, object]:
        """What both pages show of the choice."""
        return {
            "county": self.county,
            "city": self.county.city,
            "guides": self.offered,
            "chosen": self.chosen,
            "problem": self.problem,
            "place": Place(self.county.city, self.county),
            "fewest": trip.FEWEST,
            "most": trip.MOST,
        }


def choose(request: HttpRequest, city: str, county: str) -> Choice | HttpResponseRedirect:
    """Read the choice from the address, or send the visitor to the one address of the same choice."""

    def of_county(county: County) -> str:
        return reverse("guides:plan", args=[county.city.slug, county.slug])

    found = find_county(find_city(city), county, of_county)
    slugs = all_asked(request, "matters", [WayOn("重新选择事项", of_county(found))])
    offered = offered_in(found)
    if not offered:
        raise NothingHere(
            f"{found.full_name}目前没有办事指南。", [WayOn(found.full_name, found.get_absolute_url())]
        )
    chosen = tuple(guide for guide in offered if guide.matter.slug in slugs)
    known = {guide.matter.slug for guide in chosen}
    choice = Choice(found, offered, chosen, tuple(slug for slug in slugs if slug not in known))
    unknown = [("matters", slug) for slug in choice.unknown]
    return to_one_address(request, [*choice.pairs, *unknown]) or choice


def offered_in(county: County) -> tuple[Guide, ...]:
    """The guides to choose from; everybody who plans for the county gets the same."""
    guides = Guide.objects.published().in_county(county).select_related("city", "matter__category")
    return remembered(
        ("plan offers", county.pk), lambda: tuple(guides.defer("imported_document").in_reading_order())
    )


def places_of(choice: Choice) -> dict[str, PlaceChoice]:
    """The plan of the same matters, as far as they are handled there, for other counties and cities."""
    here = choice.county.city
    cities = handful(list(City.objects.with_counties()[: HANDFUL + 1]), here)
    counters = {city: first_of(city) for city in cities if city != here and city.counties.all()}
    counties = list(here.counties.all())
    handled = handled_at([*counties, *counters.values()], [guide.matter for guide in choice.chosen])

    def at(county: County) -> str:
        slugs = [g.matter.slug for g in choice.chosen if g.matter_id in handled[county.pk]]
        path = reverse("guides:plan", args=[county.city.slug, county.slug])
        return address(path, [("matters", slug) for slug in slugs])

    others = [PlaceLink(city.name, at(county)) for city, county in counters.items()]
    places = PlaceChoice(
        Place(here, choice.county),
        cities=(
            PlaceLink("各城市", reverse("offices:index")),
            PlaceLink(here.name, choice.at("guides:plan"), chosen=True),
            *others,
        ),
        counties=tuple(PlaceLink(county.name, at(county), county == choice.county) for county in counties),
        more=WayOn("其他城市", reverse("offices:index")) if len(cities) > HANDFUL else None,
    )
    return {"choice": places}


def first_of(city: City) -> County:
    """The county that stands for a city: its own counter's, else the first."""
    counties = list(city.counties.all())
    return next((county for county in counties if county.kind == "city_level"), counties[0])


def planned(choice: Choice) -> dict[str, object]:
    """The trip, its addresses, and each matter's own page."""
    rows = Guide.objects.with_details().in_reading_order()
    guides = list(rows.filter(pk__in=[guide.pk for guide in choice.chosen]))
    return {
        "plan": trip.plan(guides, choice.county),
        "doubts": doubts_about(guides),
        "page_url": choice.at("guides:plan"),
        "print_url": choice.at("guides:plan_print"),
        "choose_url": reverse("guides:plan", args=[choice.county.city.slug, choice.county.slug]),
        "site_url": settings.SITE_URL,
    }
