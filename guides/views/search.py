"""Suggestions while somebody types, and the count of words that found nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from guides.editing import count_unfound
from guides.filters import LONGEST_QUESTION
from guides.search.finding import Finding, find

MOST_SUGGESTIONS = 6


@require_safe
@cache_control(public=True, max_age=600)
def suggestions(request: HttpRequest) -> JsonResponse:
    """Matters and offices for the words typed so far: ``[{"label": …, "url": …, "note": …}]``; [] for none."""
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUESTION].strip()
    found = find(words) if words else None
    entries = [*matter_entries(found), *office_entries(found)] if found else []
    return JsonResponse(entries, safe=False, json_dumps_params={"ensure_ascii": False})


def matter_entries(found: Finding) -> list[dict[str, str]]:
    """Matters to suggest, none when nothing was found for sure."""
    return [
        {
            "label": matter.name,
            "url": f"{reverse('guides:list')}?{urlencode({'q': matter.name})}",
            "note": "事项",
        }
        for matter in (found.matters[:MOST_SUGGESTIONS] if found.sure else ())
    ]


def office_entries(found: Finding) -> list[dict[str, str]]:
    """Offices to suggest."""
    return [
        {"label": office.name, "url": office.get_absolute_url(), "note": office.address or "窗口"}
        for office in found.offices[:2]
    ]


@csrf_exempt  # public pages carry no cookie and so no token; all this does is add one to a count
@require_POST
def unfound(request: HttpRequest) -> HttpResponse:
    """Count words that found nothing, for editors to see: the words alone, nothing of who asked. Always 204."""
    words = request.POST.get("q", "").replace("\0", "").strip()
    if words and len(words) <= LONGEST_QUESTION and not find(words).sure:
        count_unfound(words)
    return HttpResponse(status=204)
