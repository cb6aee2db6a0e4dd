"""A guided path: one question a page, then the matter that fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.lookup import find_path
from guides.models import Guide, Matter
from guides.nearby import FEW_CITIES, audience_words, guides_at
from guides.paths import Answer, GuidedPath, Position, Question, Taken, WrongTurn
from offices.addresses import Pairs, address, asked, to_one_address, understands
from offices.lookup import NothingHere, WayOn
from offices.place import PARAMETERS, Place, PlaceChoice, asked_place, place_choice


@require_safe
@understands("a", *PARAMETERS)
def guided_path(request: HttpRequest, path: str) -> HttpResponse:
    """The next question, or at the end the matter that fits; the answers so far are in the address."""
    found = find_path(path)
    given = asked(request, "a", [WayOn("从第一个问题开始", at(found, ""))])
    place = asked_place(request, lambda place: at(found, given, place))
    position = position_after(found, given, place)
    if redirect := to_one_address(request, pairs(given, place)):
        return redirect
    context: dict[str, Any] = {
        "path": found,
        "position": position,
        "place": place,
        "turns": [Turn(turn, at(found, turn.before, place)) for turn in position.taken],
        "start_url": at(found, "", place),
        "choice": place_choice(place, lambda place: at(found, given, place)),
        "all_url": address(reverse("guides:list"), [*place.pairs, ("category", found.category)]),
    }
    if position.question:
        context["offers"] = offers(found, position, position.question, place)
        return render(request, "guides/path_question.html", context)
    return render(request, "guides/path_result.html", context | result(found, position, context["choice"]))


@dataclass(frozen=True)
class Turn:
    """A question that has been answered, and the address where the answer can be changed."""

    taken: Taken
    url: str


@dataclass(frozen=True)
class Offer:
    """An answer that can be given, and the address it leads to."""

    answer: Answer
    url: str


def pairs(given: str, place: Place) -> Pairs:
    """The parameters of a page of a path."""
    return [("a", given), *place.pairs]


def at(path: GuidedPath, given: str, place: Place | None = None) -> str:
    """The address of the page after some answers."""
    return address(reverse("guides:path", args=[path.slug]), pairs(given, place or Place()))


def position_after(path: GuidedPath, given: str, place: Place) -> Position:
    """Where the answers lead; raises ``NothingHere`` offering the answers there are at a wrong one."""
    try:
        return path.follow(given)
    except WrongTurn as wrong:
        here = wrong.position
        ways_on = [WayOn("回到最后一个能看懂的回答", at(path, here.given, place))] if here.given else []
        if here.question:
            ways_on = [
                WayOn(offer.answer.label, offer.url) for offer in offers(path, here, here.question, place)
            ]
        question = f"“{here.question.text}”没有“{wrong.answer}”这个回答。" if here.question else ""
        raise NothingHere(
            question or f"问题已经答完，“{wrong.answer}”是多出来的回答。",
            [*ways_on, WayOn("从第一个问题开始", at(path, "", place))],
        ) from wrong


def offers(path: GuidedPath, position: Position, question: Question, place: Place) -> list[Offer]:
    """The answers to the question at this position, each with its address."""
    return [Offer(answer, at(path, position.after(answer).given, place)) for answer in question.answers]


@dataclass(frozen=True)
class Kind:
    """One of the matters a path can lead to, with the guides at the visitor's place and whom it is for."""

    matter: Matter
    guides: tuple[Guide, ...]

    @property
    def audience(self) -> list[str]:
        """Whom it is for, in the handbooks' own words."""
        return audience_words(self.guides)


def result(path: GuidedPath, position: Position, choice: PlaceChoice) -> dict[str, Any]:
    """The matter found and the other kinds; raises ``NothingHere`` when this site has no such matter."""
    matters = Matter.objects.by_slug(path.matters)
    place = choice.place
    guides = guides_at(place, matters.values())
    kinds = {
        slug: Kind(matters[slug], tuple(guides.get(matters[slug].pk, ())))
        for slug in path.matters
        if slug in matters
    }
    if position.matter not in kinds:
        raise NothingHere("本站目前没有这个事项。", [WayOn("查看全部办事指南", reverse("guides:list"))])
    return {
        "kind": kinds.pop(position.matter),
        "others": [kind for kind in kinds.values() if kind.guides],
        "only_some_cities": not place.city and choice.is_of_more_than(FEW_CITIES),
    }
