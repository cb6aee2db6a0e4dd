"""The index of papers and forms: which matters need the one in my hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.models import Guide, Material, Matter
from guides.papers import Entry, Need, index, names_of, needs
from offices.addresses import Pairs, address, asked, to_one_address
from offices.lookup import NothingHere, WayOn
from offices.models import City
from offices.place import Place, asked_place, place_choice

PARAMETERS = ("q", "city", "county", "paper")
LONGEST_PAPER = 500
"""Characters of a paper's name: some are whole sentences."""
CITIES_SHOWN = 12
"""How many cities a matter names on a paper's page; beyond that it points to the matter's own page."""
NEAREST = 5


@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    """The index, narrowed by a word and a city; or, with ``paper``, the one entry of that name."""
    everything = [WayOn("查看全部材料和表格", reverse("guides:materials"))]
    paper = asked(request, "paper", everything, longest=LONGEST_PAPER)
    question = asked(request, "q", everything)
    question = "" if paper else question
    place = asked_place(request, lambda place: at(place, question=question, paper=paper))
    if redirect := to_one_address(request, PARAMETERS, pairs(place, question, paper)):
        return redirect
    rows = rows_of(place.city)
    return one_paper(request, rows, paper, place) if paper else whole_index(request, rows, question, place)


Rows = list[tuple[str, str, Matter]]
"""Text, form and matter, each combination once."""


def pairs(place: Place, question: str = "", paper: str = "") -> Pairs:
    """The parameters of a page of the index."""
    return [("q", question), *place.pairs, ("paper", paper)]


def at(place: Place, *, question: str = "", paper: str = "") -> str:
    """An address of the index."""
    return address(reverse("guides:materials"), pairs(place, question, paper))


def rows_of(city: City | None) -> Rows:
    """What the published guides (of one city) ask for, in reading order."""
    guides = Guide.objects.published()
    if city:
        guides = guides.in_city(city)
    lines = Material.objects.filter(guide__in=guides).order_by().distinct()
    lines_of_matters = lines.values_list("text", "form", "guide__matter")
    matters = {matter.pk: matter for matter in Matter.objects.with_published_guides()}
    rows = [(text, form, matters[matter]) for text, form, matter in lines_of_matters]
    return sorted(rows, key=lambda row: (row[2].position, row[2].slug, row[0], row[1]))


def whole_index(request: HttpRequest, rows: Rows, question: str, place: Place) -> HttpResponse:
    """All entries whose name contains the words."""
    wanted = question.split()
    entries = [entry for entry in index(rows) if all(word in entry.name for word in wanted)]
    links = [(entry, at(place, paper=entry.name)) for entry in entries]
    groups = [
        Group("papers", "证件和其他材料", tuple(link for link in links if not link[0].is_form)),
        Group("forms", "要填的表格", tuple(link for link in links if link[0].is_form)),
    ]
    context = {
        "question": question,
        "city": place.city,
        "place": place,
        "choice": place_choice(place, lambda place: at(place, question=question)),
        "groups": [group for group in groups if group.links],
        "count": len(entries),
    }
    return render(request, "guides/materials.html", context)


@dataclass(frozen=True)
class Group:
    """Papers or forms, each with the address of its own page."""

    slug: str
    title: str
    links: tuple[tuple[Entry, str], ...]


def one_paper(request: HttpRequest, rows: Rows, name: str, place: Place) -> HttpResponse:
    """The matters that need one paper, city by city; a city that never asks for it says so."""
    texts = texts_of(rows, name)
    if not texts and not (place.city and texts_of(rows_of(None), name)):
        raise NothingHere(f"各市的办事指南没有“{name}”这样材料。", nearest(rows, name, place))
    context = {
        "name": name,
        "city": place.city,
        "matters": by_matter(who_needs(texts, name, place.city)) if texts else [],
        "nearest": [] if texts else nearest(rows, name, place),
        "place": place,
        "choice": place_choice(place, lambda place: at(place, paper=name)),
        "all_url": at(place),
        "every_city_url": at(Place(), paper=name),
    }
    return render(request, "guides/paper.html", context)


def texts_of(rows: Rows, name: str) -> set[tuple[str, str]]:
    """The lines, text and form, that are found under this name."""
    return {(text, form) for text, form, _ in rows if name in names_of(text, form)}


def who_needs(texts: set[tuple[str, str]], name: str, city: City | None) -> list[Need]:
    """The guides that ask for one of these texts."""
    guides = Guide.objects.published()
    if city:
        guides = guides.in_city(city)
    lines = Material.objects.filter(guide__in=guides, text__in={text for text, _ in texts})
    lines = (
        lines.select_related("guide__city", "guide__matter")
        .defer("guide__imported_document")
        .order_by(
            "guide__matter__position",
            "guide__matter__slug",
            "guide__city__position",
            "guide__city__slug",
            "position",
        )
    )
    return needs([(line.guide, line) for line in lines if (line.text, line.form) in texts], name)


@dataclass(frozen=True)
class MatterNeeds:
    """One matter and the guides to it that need the paper: the first few cities, and how many more there are."""

    matter: Matter
    needs: tuple[Need, ...]
    more: int


def by_matter(asking: Iterable[Need]) -> list[MatterNeeds]:
    """The needs matter by matter."""
    groups: dict[Matter, list[Need]] = {}
    for need in asking:
        groups.setdefault(need.guide.matter, []).append(need)
    return [
        MatterNeeds(matter, tuple(group[:CITIES_SHOWN]), max(0, len(group) - CITIES_SHOWN))
        for matter, group in groups.items()
    ]


def nearest(rows: Rows, name: str, place: Place) -> list[WayOn]:
    """The names most like the one asked for, then the whole index."""
    names = [entry.name for entry in index(rows)]
    close = get_close_matches(name, names, NEAREST, 0.4)
    return [
        *(WayOn(like, at(place, paper=like)) for like in close),
        WayOn("查看全部材料和表格", at(place)),
    ]
