"""The index of papers and forms: which matters need the one in my hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.models import Guide, Material, Matter
from guides.outline import Pair, PaperLine, cities_in_order, either, first_of, paper_lines
from guides.papers import Entry, Need, index, names_of, needs
from offices.addresses import Pairs, address, asked, refuse_further_pages, to_one_address, understands
from offices.lookup import NothingHere, WayOn
from offices.place import Place, asked_place, place_choice

Lines = list[PaperLine]
PARAMETERS = ("q", "city", "county", "paper", "page")
LONGEST_PAPER = 500
"""Characters of a paper's name: some are whole sentences."""
CITIES_SHOWN = 12
"""How many cities a matter names on a paper's page; beyond that it points to the matter's own page."""
NEAREST = 5


@require_safe
@understands(*PARAMETERS)
def materials(request: HttpRequest) -> HttpResponse:
    """The index, narrowed by a word and a city; or, with ``paper``, the one entry of that name."""
    everything = [WayOn("查看全部材料和表格", reverse("guides:materials"))]
    refuse_further_pages(request, everything)
    paper = asked(request, "paper", everything, longest=LONGEST_PAPER)
    question = asked(request, "q", everything)
    question = "" if paper else question
    place = asked_place(request, lambda place: at(place, question=question, paper=paper))
    if redirect := to_one_address(request, pairs(place, question, paper)):
        return redirect
    lines = paper_lines(place.city)
    return one_paper(request, lines, paper, place) if paper else whole_index(request, lines, question, place)


def pairs(place: Place, question: str = "", paper: str = "") -> Pairs:
    """The parameters of a page of the index."""
    return [("q", question), *place.pairs, ("paper", paper)]


def at(place: Place, *, question: str = "", paper: str = "") -> str:
    """An address of the index."""
    return address(reverse("guides:materials"), pairs(place, question, paper))


def whole_index(request: HttpRequest, lines: Lines, question: str, place: Place) -> HttpResponse:
    """All entries whose name contains the words."""
    wanted = question.split()
    entries = [entry for entry in index_of(lines) if all(word in entry.name for word in wanted)]
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


def one_paper(request: HttpRequest, lines: Lines, name: str, place: Place) -> HttpResponse:
    """The matters that need one paper, city by city; a city that never asks for it says so."""
    asking = called(lines, name)
    if not asking and not (place.city and called(paper_lines(), name)):
        raise NothingHere(f"各市的办事指南没有“{name}”这样材料。", nearest(lines, name, place))
    context = {
        "name": name,
        "city": place.city,
        "matters": by_matter(asking, name),
        "nearest": [] if asking else nearest(lines, name, place),
        "place": place,
        "choice": place_choice(place, lambda place: at(place, paper=name)),
        "all_url": at(place),
        "every_city_url": at(Place(), paper=name),
    }
    return render(request, "guides/paper.html", context)


def index_of(lines: Lines) -> list[Entry]:
    """The index of these lines."""
    return index((line.text, line.form, line.matter) for line in lines)


def called(lines: Lines, name: str) -> Lines:
    """The lines that are found under this name."""
    return [line for line in lines if name in names_of(line.text, line.form)]


def who_needs(asking: Lines, pairs: Collection[Pair], name: str) -> list[Need]:
    """The needs of these guides that ask for it in one of these lines."""
    texts = {(line.text, line.form) for line in asking}
    guides = Guide.objects.published().filter(either(pairs)).values("pk")
    rows = Material.objects.filter(guide__in=guides, text__in={text for text, _ in texts})
    rows = (
        rows.select_related("guide__city", "guide__matter")
        .defer("guide__imported_document")
        .order_by(
            "guide__matter__position",
            "guide__matter__slug",
            "guide__city__position",
            "guide__city__slug",
            "position",
        )
    )
    return needs([(row.guide, row) for row in rows if (row.text, row.form) in texts], name)


@dataclass(frozen=True)
class MatterNeeds:
    """One matter and the guides to it that need the paper: the first few cities, and how many more there are."""

    matter: Matter
    needs: tuple[Need, ...]
    more: int


def by_matter(asking: Lines, name: str) -> list[MatterNeeds]:
    """The needs matter by matter."""
    cities: dict[Matter, int] = {}
    for line in asking:
        cities[line.matter] = cities.get(line.matter, 0) | line.cities
    order = cities_in_order()
    shown = {matter: first_of(there, order, CITIES_SHOWN) for matter, there in cities.items()}
    pairs = [(matter.pk, city) for matter, here in shown.items() for city in here]
    groups: dict[Matter, list[Need]] = {}
    for need in who_needs(asking, pairs, name) if pairs else ():
        groups.setdefault(need.guide.matter, []).append(need)
    return [
        MatterNeeds(matter, tuple(group), cities[matter].bit_count() - len(shown[matter]))
        for matter, group in groups.items()
    ]


def nearest(lines: Lines, name: str, place: Place) -> list[WayOn]:
    """The names most like the one asked for, then the whole index."""
    names = [entry.name for entry in index_of(lines)]
    close = get_close_matches(name, names, NEAREST, 0.4)
    return [
        *(WayOn(like, at(place, paper=like)) for like in close),
        WayOn("查看全部材料和表格", at(place)),
    ]
