"""Data health: what the checks noticed, city by city, and how many of the eight elements each guide has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from guides import editing
from guides.access import editable_by, visible_to
from guides.editing.elements import ELEMENTS, missing_elements, score
from guides.models import Finding, Guide, Handbook, SettledAdvice
from guides.vocabulary import FINDING_KINDS
from offices.models import City, County, Office

from .conflicts import by
from .judging import Advised, Documents, advised
from .pages import asked, cities_in_sight, page

STATES = {"open": "未处理", "settled": "已处理"}
MOST_FINDINGS = 300
LONGEST_ADVICE = 500
QUOTED = 80
"""So many characters of a line are quoted."""


@dataclass(frozen=True)
class Noticed:
    """One finding with the line of the book it is about, and where a reader sees that line ("" where nowhere)."""

    finding: Finding
    line: str
    source: str
    can_settle: bool


@dataclass(frozen=True)
class Scored:
    """One guide: its elements, how many findings are open, and how much there is to look at again."""

    guide: Guide
    score: int
    missing: list[str]
    open_findings: int
    open_advice: int


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """The cities to choose from; of the chosen one everything."""
    cities = cities_in_sight(request)
    city, county = asked(request, cities)
    if city is None:
        return page(request, "health_cities", "数据体检", {"rows": _cities(request, cities)})
    return _city_page(request, cities, city, county)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding is settled, with a note."""
    finding = _mine(request, pk)
    if note := _note(request):
        editing.settle_finding(finding, by(request), note, timezone.now())
        messages.success(request, f"已处理：{finding.message[:60]}")
    return _back(request)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A settled finding is open again."""
    finding = _mine(request, pk)
    editing.unsettle_finding(finding)
    messages.success(request, f"改回未处理：{finding.message[:60]}")
    return _back(request)


@require_POST
def settle_advice(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A piece of advice on a guide or an office is settled, with a note."""
    model: Any = {"guide": Guide, "office": Office}.get(kind)
    if model is None:
        raise Http404("没有这一条")
    subject = get_object_or_404(editable_by(model.objects.all(), request.user), pk=pk)
    text = request.POST.get("text", "")[:LONGEST_ADVICE]
    if text and (note := _note(request)):
        editing.settle_advice(subject, text, by(request), note, timezone.now())
        messages.success(request, f"已处理：{text[:60]}")
    return _back(request)


@require_POST
def reopen_advice(request: HttpRequest, pk: int) -> HttpResponse:
    """A settled piece of advice is open again."""
    settled = get_object_or_404(editable_by(SettledAdvice.objects.all(), request.user), pk=pk)
    editing.unsettle_advice(settled)
    messages.success(request, f"改回未处理：{settled.text[:60]}")
    return _back(request)


def _note(request: HttpRequest) -> str:
    """How it was settled; "" after telling that this has to be said."""
    note = request.POST.get("note", "").strip()[:200]
    if not note:
        messages.error(request, "请写明怎么处理的，例如：已打电话核对，是对的。没有保存。")
    return note


def _mine(request: HttpRequest, pk: int) -> Finding:
    findings = Finding.objects.select_related("guide", "county")
    return get_object_or_404(editable_by(findings, request.user), pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('admin_pages:health')}?{request.GET.urlencode()}")


def _cities(request: HttpRequest, cities: Sequence[City]) -> list[dict[str, Any]]:
    """Each city with how many guides it has, and how many findings are open and settled."""
    findings = visible_to(Finding.objects.all(), request.user).order_by().values("handbook__city")
    counted = findings.annotate(
        open=Count("pk", filter=Q(settled_on=None)), settled=Count("pk", filter=~Q(settled_on=None))
    )
    by_city = {row["handbook__city"]: row for row in counted}
    guides = Counter(visible_to(Guide.objects.all(), request.user).values_list("city", flat=True))
    return [{"city": city, "guides": guides[city.pk], **by_city.get(city.pk, {})} for city in cities]


def _city_page(
    request: HttpRequest, cities: Sequence[City], city: City, county: County | None
) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    kind = request.GET.get("kind", "")
    kind = kind if kind in FINDING_KINDS else ""
    findings: Any = visible_to(Finding.objects.in_city(city), request.user)
    counts = findings.aggregate(
        open=Count("pk", filter=Q(settled_on=None)), settled=Count("pk", filter=~Q(settled_on=None))
    )
    kinds = Counter(findings.order_by().values_list("kind", flat=True))
    chosen = findings.settled() if state == "settled" else findings.open()
    chosen = chosen.filter(**({"kind": kind} if kind else {}), **({"county": county} if county else {}))
    documents = _documents(request, city)
    advice = advised(request.user, city, documents)
    scored = _scored(documents, findings, advice)
    context = {
        "cities": cities,
        "city": city,
        "county": county,
        "counties": city.counties.all(),
        "kind": kind,
        "kinds": [
            (key, FINDING_KINDS[key], kinds[key]) for key in FINDING_KINDS if key in kinds or key == kind
        ],
        "state": state,
        "states": STATES,
        "counts": counts,
        "noticed": _noticed(request, chosen[:MOST_FINDINGS]),
        "more": max(0, chosen.count() - MOST_FINDINGS),
        "advice": _shown(advice, county, state),
        "scored": scored,
        "total": len(ELEMENTS),
        "mean": _mean(each.score for each in scored),
        "means": _means(documents, city),
    }
    return page(request, "health", f"数据体检：{city.name}", context)


def _noticed(request: HttpRequest, findings: QuerySet[Finding]) -> list[Noticed]:
    rows = list(
        findings.select_related("guide__matter", "guide__city", "county", "handbook").defer("handbook__text")
    )
    books = Handbook.objects.filter(pk__in={row.handbook_id for row in rows})
    lines = {book.pk: book.text.split("\n") for book in books}
    mine = set(
        editable_by(Finding.objects.filter(pk__in=[row.pk for row in rows]), request.user).values_list(
            "pk", flat=True
        )
    )
    return [
        Noticed(row, _quoted(lines[row.handbook_id], row.line), _source(row), row.pk in mine) for row in rows
    ]


def _quoted(lines: Sequence[str], number: int) -> str:
    """The words of one line, lines counted from 1."""
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}……"


def _source(finding: Finding) -> str:
    """The public page that shows the line; "" when no published guide does."""
    guide = finding.guide
    if not guide or guide.status != "published" or guide.handbook_id != finding.handbook_id:
        return ""
    if not (guide.first_line or 0) <= finding.line <= (guide.last_line or 0):
        return ""
    return f"{reverse('guides:source', args=[guide.city.slug, guide.matter.slug])}#line-{finding.line}"


def _documents(request: HttpRequest, city: City) -> list[tuple[Guide, editing.Document]]:
    """The guides of the city that count, those withdrawn left out, with what they say."""
    guides: Any = visible_to(Guide.objects.in_city(city).exclude(status="withdrawn"), request.user)
    return [(guide, guide.document()) for guide in guides.in_reading_order().with_details()]


def _shown(advice: Iterable[Advised], county: County | None, state: str) -> list[Advised]:
    """The advice of one county and state."""
    is_asked = state == "settled"
    return [each for each in advice if each.is_in(county) and bool(each.settled) == is_asked][:MOST_FINDINGS]


def _scored(documents: Documents, findings: Any, advice: Iterable[Advised]) -> list[Scored]:
    """Every guide, those with something to do first."""
    waiting = Counter(findings.open().values_list("guide", flat=True))
    again = Counter(each.subject.pk for each in advice if each.kind == "guide" and not each.settled)
    rows = [
        Scored(guide, score(said), missing_elements(said), waiting[guide.pk], again[guide.pk])
        for guide, said in documents
    ]
    return sorted(rows, key=lambda row: (row.score, -row.open_findings - row.open_advice))


def _means(documents: Documents, city: City) -> list[tuple[County, float | None]]:
    """The mean score in each county: a guide with the places people of the county can go to.

    None where the book names no place of the county at all.
    """
    named = {place["county"] for _, said in documents for place in said["offices"]}
    return [
        (
            county,
            _mean(score(_seen_from(said, county.slug)) for _, said in documents)
            if county.slug in named
            else None,
        )
        for county in city.counties.all()
    ]


def _seen_from(said: editing.Document, county: str) -> editing.Document:
    return {**said, "offices": [place for place in said["offices"] if place["county"] in ("", county)]}


def _mean(scores: Iterable[int]) -> float | None:
    found = list(scores)
    return round(sum(found) / len(found), 1) if found else None
