"""The booklet of a county: its sheets with what makes a book of them, or the pages to swap in a ring binder.

Gathers the content for ``typst/booklet.typ``. A sheet's number is its matter's place in the catalogue, the same in every
county and every printing, so that a binder keeps its order when a sheet is swapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from pypinyin import lazy_pinyin

from guides.doubts import doubts_at, doubts_of_each
from guides.glossary import all_terms, texts_of, used
from guides.models import Guide, Matter, Note
from guides.papers import index
from guides.phone_book import Line, phone_book
from offices.models import County, Office
from offices.publisher import publisher
from offices.timetable import timetable

from .content import day_in_words, sheet_content
from .options import LARGE, Options
from .places import line_said, phone_said
from .qr import qr_svg
from .typesetting import Paper
from .versions import Replacements, SheetVersion, Since, latest, versions

Json = dict[str, Any]
SHORTENED = "县区市"
"""Left out where a county's name is a mark and not a name: 宣汉 12."""


@dataclass(frozen=True)
class Booklet:
    """What is to be printed: the sheets of some guides (fetched with details) for a county."""

    county: County
    guides: Sequence[Guide]
    selection: str = ""
    """What was chosen, in words; empty for all of the county's guides."""
    is_large: bool = False

    @property
    def title(self) -> str:
        """``达州市宣汉县医疗保障办事指南``."""
        return f"{self.county.full_name}医疗保障办事指南"


def number_of(matter: Matter) -> int:
    """The number of a matter's sheet, from 1."""
    return matter.position + 1


def mark_of(county: County) -> str:
    """The county in a sheet's mark: 宣汉, 市本级, 渠县."""
    is_whole = county.kind in {"city_level", "functional_zone"} or len(county.name) < 3
    return county.name if is_whole else county.name.rstrip(SHORTENED) or county.name


def paper(booklet: Booklet, printed: date) -> Paper:
    """The whole booklet."""
    return Paper("booklet.typ", content(booklet, printed), booklet.title)


def swap_paper(booklet: Booklet, swap: Replacements, since: Since, printed: date) -> Paper:
    """The pages to swap since then: a note of what to take out and put in, the contents, the sheets, what stands behind."""
    changed = {guide.pk for guide in swap.changed}
    said = content(booklet, printed, changed)
    title = f"{booklet.title}换页（{since_said(since)}）"
    swapped = {"since": since_said(since), "gone": [gone_said(guide) for guide in swap.gone]}
    return Paper("booklet.typ", {**said, "swap": swapped}, title)


def since_said(since: Since) -> str:
    """From when on changes count, in words."""
    return f"版本 {since} 之后" if isinstance(since, int) else f"{day_in_words(since)}以来"


def gone_said(guide: Guide) -> Json:
    """A sheet to take out for good."""
    return {"number": number_of(guide.matter), "name": guide.name}


def content(booklet: Booklet, printed: date, changed: set[int] | None = None) -> Json:
    """Everything the template sets; of the sheets only the ``changed`` ones (primary keys) when they are named."""
    guides, county = booklet.guides, booklet.county
    found = versions(guides, county)
    shown = [guide for guide in guides if changed is None or guide.pk in changed]
    return {
        "template": "booklet",
        **cover(booklet, latest(found.values()), printed),
        "entries": [entry(guide, found[guide.pk], shown) for guide in guides],
        "sheets": sheets(booklet, shown, found, printed),
        "offices": offices(county),
        "papers": papers(guides),
        "terms": terms(guides),
        "swap": {},
    }


def cover(booklet: Booklet, version: SheetVersion, printed: date) -> Json:
    """Whose booklet it is, after which books, who puts it out."""
    county, who = booklet.county, publisher()
    url = f"{settings.SITE_URL}{county.get_absolute_url()}"
    return {
        "place": county.full_name,
        "mark": mark_of(county),
        "heading": "医疗保障办事指南",
        "selection": booklet.selection,
        "count": len(booklet.guides),
        "books": list(dict.fromkeys(g.handbook.printed_title for g in booklet.guides if g.handbook)),
        "version": version.label,
        "printed": day_in_words(printed),
        "publisher": [
            [label, said] for label, said, _ in who.entries if label in {"主办单位", "承办单位", "联系方式"}
        ],
        "large": booklet.is_large,
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": f"二维码：{county.full_name}的窗口和电话的网页",
    }


def entry(guide: Guide, version: SheetVersion, shown: Iterable[Guide]) -> Json:
    """One line of the contents; ``id`` is what links go to, ``here`` whether the sheet is in this printing."""
    return {
        "id": guide.matter.slug,
        "number": number_of(guide.matter),
        "name": guide.name,
        "category": guide.matter.category.name,
        "version": version.label,
        "short": f"版本 {version.number}" if version.number else version.label,
        "here": guide in shown,
    }


def sheets(
    booklet: Booklet, guides: Sequence[Guide], found: Mapping[int, SheetVersion], printed: date
) -> list[Json]:
    """The sheets, in their order."""
    options = Options(size=LARGE if booklet.is_large else "")
    doubts, before = doubts_of_each(guides), said_before(guides)
    return [
        {
            "id": guide.matter.slug,
            "number": number_of(guide.matter),
            **sheet_content(
                guide,
                booklet.county,
                options,
                found[guide.pk].label,
                printed=printed,
                doubts=doubts[guide.pk],
                said_before=before[guide.pk],
            ),
        }
        for guide in guides
    ]


def said_before(guides: Iterable[Guide]) -> dict[int, list[Note]]:
    """``carried_on_to`` for each guide, by its primary key, in one query."""
    guides = list(guides)
    notes = list(Note.objects.holding_on({guide.handbook_id for guide in guides}))
    return {guide.pk: [note for note in notes if is_before(note.guide, guide)] for guide in guides}


def is_before(earlier: Guide, guide: Guide) -> bool:
    """Whether one guide stands before another in the same book."""
    return earlier.handbook_id == guide.handbook_id and (earlier.last_line or 0) < (guide.first_line or 0)


def offices(county: County) -> Json:
    """The county's counters and numbers; the city's own where the handbook names none of the county."""
    of_city = Office.objects.in_city(county.city).with_details()
    own = list(of_city.in_county(county))
    shown = own or list(of_city.at_city_level())
    book, doubts = phone_book(shown), doubts_at(shown)
    stand_in = f"以下是{county.city.name}本级的窗口和电话，出门前请先打电话问清。" if shown else ""
    return {
        "unstated": "" if own else f"手册没有载明{county.name}的窗口。{stand_in}",
        "counters": [
            {
                "name": office.name,
                "address": office.address or "手册未载明",
                "hours": [
                    line_said(line) for line in timetable([h.document() for h in office.opening_hours.all()])
                ],
                "phones": [phone_line(line) | phone_said(line.phone, doubts) for line in book[office.pk]],
                "doubts": [f"{'；'.join(doubt.messages)}。" for doubt in doubts.among(office.phones.all())],
            }
            for office in shown
        ],
        "networks": [office.name for office in of_city.city_wide()],
    }


def phone_line(line: Line) -> Json:
    """What a number is for, and the numbers of the sheets it answers for."""
    return {
        "purpose": line.phone.get_purpose_display(),
        "matters": in_runs(number_of(guide.matter) for guide in line.guides),
    }


def in_runs(numbers: Iterable[int]) -> list[str]:
    """Numbers in their order, three and more in a row as ``1–5``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [said for run in runs for said in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))]


def papers(guides: Sequence[Guide]) -> list[Json]:
    """The index of papers and forms: each with the sheets that ask for it."""
    rows = [(m.text, m.form, guide.matter) for guide in guides for m in guide.materials.all()]
    entries = sorted(index(rows), key=lambda entry: (lazy_pinyin(entry.name.strip("《》")), entry.name))
    groups = (("证件和其他材料", False), ("要填的表格", True))
    return [
        {
            "title": title,
            "entries": [
                {"name": entry.name, "uses": [[matter.slug, number_of(matter)] for matter in entry.matters]}
                for entry in entries
                if entry.is_form == is_form
            ],
        }
        for title, is_form in groups
    ]


def terms(guides: Iterable[Guide]) -> list[Json]:
    """The words the sheets use that a resident may not know."""
    texts = [text for guide in guides for text in texts_of(guide)]
    found = sorted(used(texts, all_terms()), key=lambda term: (lazy_pinyin(term.word), term.word))
    return [{"word": term.word, "meaning": term.meaning} for term in found]
