"""One matter in several cities, and two cities in all their matters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from guides.comparison import compare, compare_cities
from guides.lookup import all_of, find_matter
from guides.models import Guide, Matter
from offices.addresses import address, all_asked, to_one_address, understands
from offices.long_lists import options
from offices.lookup import OFFERED, NothingHere, WayOn, find_city
from offices.models import City
from offices.place import HANDFUL, Choice, CityName, Place, PlaceChoice

SIDE_BY_SIDE = 6
"""How many cities one page compares; with more of them a visitor chooses."""
FEW = 24
"""Cities up to which each has a card and a box to tick; more of them stand province by province, and are added by one."""
FEW_PAIRS = 4
"""How many other pairs of cities are offered at the top of a comparison."""


@require_safe
@understands("city")
def matter(request: HttpRequest, matter: str) -> HttpResponse:
    """The cities side by side: where they agree and where they differ; ``city``, repeated, says which."""
    found = find_matter(matter)
    everywhere = cities_with(found)
    slugs = all_asked(request, "city", [WayOn(found.name, found.get_absolute_url())])
    wanted = [city for city in everywhere if city.slug in slugs]
    refuse_wrong_cities(found, everywhere, wanted, slugs)
    if redirect := to_one_address(request, [("city", city.slug) for city in wanted]):
        return redirect
    shown = [city.slug for city in wanted or everywhere[:SIDE_BY_SIDE]]
    to_matter = Guide.objects.published().to_matter(found).in_reading_order()
    guides = list(to_matter.filter(city__slug__in=shown).with_details())
    is_many = len(everywhere) > FEW
    context = {
        "place": Place(),
        "choice": places_of(found, everywhere, wanted),
        "matter": found,
        "count": len(everywhere),
        "cards": guides if is_many else list(to_matter.with_summary()),
        "provinces": by_province(found, everywhere) if is_many else [],
        "addable": options_besides(everywhere, shown) if is_many and len(wanted) < SIDE_BY_SIDE else "",
        "kept": [city.slug for city in wanted],
        "guides": guides,
        "is_chosen": bool(wanted),
        "most": SIDE_BY_SIDE,
        "questions": compare(guides),
        "pairs": [between(guides[0].city, guide.city) for guide in guides[1:]],
    }
    return render(request, "guides/matter.html", context)


def cities_with(matter: Matter) -> list[CityName]:
    """The cities that have a published guide to the matter."""
    guides = Guide.objects.published().to_matter(matter).order_by()
    cities = City.objects.filter(pk__in=guides.values("city"))
    return [CityName(*row) for row in cities.values_list(*CityName._fields)]


def guide_of(matter: Matter, city: CityName) -> str:
    """The address of a city's guide to the matter."""
    return reverse("guides:guide", args=[city.slug, matter.slug])


def by_province(matter: Matter, cities: list[CityName]) -> list[tuple[str, int, SafeString]]:
    """Each province, how many of the cities it has, and the links to their guides; those without one come under 其他."""
    path = guide_of(matter, CityName(0, "CITY", "", "")).partition("CITY")
    provinces: dict[str, list[tuple[str, str]]] = {}
    for city in cities:
        link = f"{path[0]}{city.slug}{path[2]}", city.name
        provinces.setdefault(city.province or "其他", []).append(link)
    return [
        (province, len(here), format_html_join("\n", '<li><a href="{}">{}</a></li>', here))
        for province, here in provinces.items()
    ]


def options_besides(cities: list[CityName], shown: list[str]) -> SafeString:
    """The cities that are not compared yet, to choose one more from."""
    return options((city.slug, city.name) for city in cities if city.slug not in shown)


def places_of(matter: Matter, everywhere: list[CityName], wanted: list[CityName]) -> PlaceChoice:
    """All cities or those compared; one city alone has its own guide."""
    return PlaceChoice(
        Place(),
        cities=(
            Choice("各城市", matter.get_absolute_url(), not wanted),
            *(Choice(city.name, guide_of(matter, city)) for city in everywhere[:HANDFUL]),
        ),
        speaks_for="、".join(city.name for city in wanted),
        more=WayOn("其他城市", "#cities") if len(everywhere) > HANDFUL else None,
    )


def refuse_wrong_cities(
    matter: Matter, everywhere: list[CityName], wanted: list[CityName], slugs: list[str]
) -> None:
    """Raise ``NothingHere`` for a city without a guide to this matter, or for too many cities."""
    page = matter.get_absolute_url()
    ways_on = [WayOn(f"{city.name}的{matter.name}", guide_of(matter, city)) for city in everywhere[:OFFERED]]
    known = {city.slug for city in wanted}
    for slug in slugs:
        if slug not in known:
            sentence = f"没有“{slug}”这个城市的“{matter.name}”办事指南。"
            raise NothingHere(sentence, [WayOn("各城市对比", page), *ways_on])
    if len(wanted) > SIDE_BY_SIDE:
        first = address(page, [("city", city.slug) for city in wanted[:SIDE_BY_SIDE]])
        raise NothingHere(
            f"选了 {len(wanted)} 个城市，一页最多对比 {SIDE_BY_SIDE} 个。",
            [WayOn(f"只看前 {SIDE_BY_SIDE} 个", first), WayOn("重新选择", page)],
        )


def between(one: City, other: City) -> WayOn:
    """The page of all differences between two cities."""
    return WayOn(f"{one.name}与{other.name}", reverse("guides:compare", args=[one.slug, other.slug]))


@require_safe
def compare_two(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """All differences between two cities, matter by matter."""
    first = find_city(one)
    others = list(City.objects.exclude(pk=first.pk))
    second = find_city(other, lambda city: between(first, city).url)
    if first == second:
        raise NothingHere(
            f"{first.name}不能和自己对比，请选另一个城市。",
            [between(*in_order(first, city)) for city in others[:OFFERED]],
        )
    if (first, second) != in_order(first, second):
        return HttpResponseRedirect(between(second, first).url)
    guides = Guide.objects.published().filter(city__in=[first, second])
    context = {
        "place": Place(),
        "choice": places_of_two((first, second), others),
        "cities": (first, second),
        "comparison": compare_cities((first, second), list(guides.with_details().in_reading_order())),
        "elsewhere": [
            between(*in_order(city, third))
            for city in (first, second)
            for third in others
            if third not in (first, second)
        ][:OFFERED],
    }
    return render(request, "guides/compare.html", context)


def places_of_two(cities: tuple[City, City], others: list[City]) -> PlaceChoice:
    """The two cities, each of them alone, and the first one beside a few others."""
    first, second = cities
    pairs = [between(*in_order(first, other)) for other in others if other != second]
    return PlaceChoice(
        Place(),
        cities=(
            Choice("各城市", reverse("guides:list")),
            *(Choice(f"只看{city.name}", all_of(city).url) for city in cities),
            *(Choice(way.label, way.url) for way in pairs[:FEW_PAIRS]),
        ),
        speaks_for=f"{first.name}与{second.name}",
        more=WayOn("和其他城市对比", "#elsewhere") if len(pairs) > FEW_PAIRS else None,
    )


def in_order(one: City, other: City) -> tuple[City, City]:
    """Two cities in the order in which all pages list them: each pair has one page."""
    first, second = sorted((one, other), key=lambda city: (city.position, city.slug))
    return first, second
