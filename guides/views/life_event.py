"""A moment in life: which matters it needs, in order."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.lookup import find_life_event
from guides.models import Guide, LifeEventStep
from guides.nearby import FEW_CITIES, guides_at
from guides.paths import path_among
from offices.addresses import address, to_one_address, understands
from offices.place import PARAMETERS, Place, asked_place, place_choice


@dataclass(frozen=True)
class Card:
    """One step, and the guides to its matter at the visitor's place."""

    step: LifeEventStep
    guides: tuple[Guide, ...]


@require_safe
@understands(*PARAMETERS)
def life_event(request: HttpRequest, event: str) -> HttpResponse:
    """The two sentences, then the matters in order with what each takes."""
    found = find_life_event(event)

    def page(place: Place) -> str:
        return address(found.get_absolute_url(), place.pairs)

    place = asked_place(request, page)
    if redirect := to_one_address(request, place.pairs):
        return redirect
    steps = list(found.steps.all())
    guides = guides_at(place, [step.matter for step in steps])
    path = path_among(step.matter.slug for step in steps)
    choice = place_choice(place, page)
    context = {
        "event": found,
        "cards": [Card(step, tuple(guides.get(step.matter_id, ()))) for step in steps],
        "place": place,
        "choice": choice,
        "only_some_cities": not place.city and choice.is_of_more_than(FEW_CITIES),
        "path": path,
        "path_url": address(reverse("guides:path", args=[path.slug]), place.pairs) if path else "",
    }
    return render(request, "guides/life_event.html", context)
