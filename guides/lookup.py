"""Finding a matter or a guide by its address, or saying in Chinese what is wrong and where to go on."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.timezone import localtime

from offices.lookup import OFFERED, Gone, NothingHere, WayOn, find_county
from offices.models import City, County, Office
from offices.reversing import reverse

from .models import Guide, GuideQuerySet, LifeEvent, Matter, Revision
from .paths import PATHS, GuidedPath
from .stored import published_guide


def find_matter(slug: str) -> Matter:
    """The matter of this slug; raises ``NothingHere`` pointing to the list of all matters."""
    matter = Matter.objects.select_related("category").filter(slug=slug).first()
    if matter is None:
        raise NothingHere(f"本站没有“{slug}”这个事项。", [WayOn("查看全部办事指南", reverse("guides:list"))])
    return matter


def find_life_event(slug: str) -> LifeEvent:
    """The life event of this slug with its steps; raises ``NothingHere`` offering those there are."""
    event = LifeEvent.objects.with_steps().filter(slug=slug).first()
    if event is None:
        events = [WayOn(event.name, event.get_absolute_url()) for event in LifeEvent.objects.all()[:OFFERED]]
        raise NothingHere(f"本站没有“{slug}”这件事。", events)
    return event


def find_path(slug: str) -> GuidedPath:
    """The guided path of this slug; raises ``NothingHere`` offering those there are."""
    if slug not in PATHS:
        paths = [WayOn(path.title, reverse("guides:path", args=[path.slug])) for path in PATHS.values()]
        raise NothingHere(f"本站没有“{slug}”这组问题。", paths)
    return PATHS[slug]


def find_guide(city: City, slug: str, guides: GuideQuerySet | None = None) -> Guide:
    """The city's published guide to this matter.

    Raises ``Gone`` for one that was withdrawn, ``NothingHere`` for one that never was published, both offering where
    else the matter is handled.
    """
    guide = (
        published_guide(city, slug)
        if guides is None
        else guides.published().in_city(city).filter(matter__slug=slug).first()
    )
    if guide is not None:
        return guide
    matter = find_matter_for(city, slug)
    elsewhere = (
        Guide.objects.published().to_matter(matter).select_related("city", "matter").in_reading_order()
    )
    ways_on = [WayOn(str(other), other.get_absolute_url()) for other in elsewhere[:12]] + [all_of(city)]
    withdrawn = Guide.objects.withdrawn().in_city(city).to_matter(matter).select_related("city").first()
    if withdrawn is not None:
        raise gone(withdrawn, ways_on)
    raise NothingHere(f"{city.name}目前没有发布“{matter.name}”的办事指南。", ways_on)


def gone(guide: Guide, ways_on: list[WayOn]) -> Gone:
    """When a guide was withdrawn, what to read instead, and whom to ask."""
    revision = Revision.objects.withdrawal_of(guide)
    when = f"{localtime(revision.created_at):%Y年%-m月%-d日}" if revision else ""
    instead = guide.read_instead
    first = [WayOn(str(instead), instead.get_absolute_url())] if instead else []
    return Gone(
        f"{guide.city.name}的“{guide.name}”办事指南已{f'于{when}' if when else ''}撤下，请不要再按它准备材料。"
        "要办这件事，请先打电话问清。",
        first + [way for way in ways_on if way not in first],
        Office.objects.in_city(guide.city).at_city_level().with_details(),
    )


def find_matter_for(city: City, slug: str) -> Matter:
    """The matter of this slug; raises ``NothingHere`` pointing to the guides of this city."""
    matter = Matter.objects.filter(slug=slug).first()
    if matter is None:
        raise NothingHere(f"本站没有“{slug}”这个事项。", [all_of(city)])
    return matter


def find_county_of(guide: Guide, slug: str, address: Callable[[County], str] | None = None) -> County:
    """The county of this slug in the guide's city; raises ``NothingHere`` offering this guide's county pages."""

    def page(county: County) -> str:
        return reverse("guides:county_guide", args=[guide.city.slug, guide.matter.slug, county.slug])

    return find_county(guide.city, slug, address or page)


def all_of(city: City) -> WayOn:
    """The list of a city's guides."""
    return WayOn(f"查看{city.name}的全部办事指南", f"{reverse('guides:list')}?city={city.slug}")
