"""What a sheet says, as plain data: the typst template and the print page set the same words.

Functions over rows that ``with_details()`` has fetched. Texts that set 《forms》 and stamps apart are *runs*, lists of
``[text, kind]`` with ``form``, ``stamp`` or nothing for a kind; phones are ``{"number", "for", "doubt", …}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from guides.alternatives import alternatives
from guides.doubts import Doubts, doubts_about
from guides.models import Channel, Guide, Material, Note
from guides.reading import (
    UNSTATED,
    Case,
    Whereabouts,
    cases,
    choices,
    choices_of,
    limits,
    where_from,
    whereabouts,
)
from guides.related import carried_on_to
from guides.subpoints import split_subpoints
from guides.wording import pieces
from offices.models import County

from . import room
from .options import USUAL, Options
from .places import doubts_said, networks_said, phones_said, place_said
from .qr import qr_svg

Json = dict[str, Any]
STAMP = "（加盖单位公章）"


def sheet_content(
    guide: Guide,
    county: County | None,
    options: Options = USUAL,
    version: str = "",
    *,
    printed: date | None = None,
    doubts: Doubts | None = None,
    said_before: Iterable[Note] | None = None,
) -> Json:
    """The sheet of one guide for a county, or with ``None`` for the whole city.

    ``version`` is ``SheetVersion.label``; ``printed`` is ``None`` on a page whose reader fills the day in. Doubts and
    remarks that are fetched for many guides at once are handed in; otherwise they are asked for.
    """
    doubts = doubts_about([guide]) if doubts is None else doubts
    before = carried_on_to(guide) if said_before is None else list(said_before)
    where = whereabouts(guide, county)
    said = {
        **head(guide, county, options),
        "version": version,
        "printed": day_in_words(printed),
        "box": box(where, doubts, guide.city.name),
        "rows": rows(guide, where, doubts, options, before),
        "table": table(where, doubts),
    }
    return said | {"spare": room.spare(said)}


def head(guide: Guide, county: County | None, options: Options) -> Json:
    """What the sheet is, where the words come from, and what was left out of it."""
    url = page_url(guide, county)
    place = county.full_name if county else guide.city.name
    return {
        "name": guide.name,
        "place": place,
        "kind": f"{place}医疗保障办事指南",
        "title": f"{guide.name}（{place}）办事指南",
        "large": options.is_large,
        "chosen": chosen(options),
        "source": where_from(guide),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": f"二维码：{guide.name}（{place}）的网页",
    }


def page_url(guide: Guide, county: County | None) -> str:
    """The address of the guide's page on the public site."""
    of_guide = [guide.city.slug, guide.matter.slug]
    path = (
        reverse("guides:county_guide", args=[*of_guide, county.slug]) if county else guide.get_absolute_url()
    )
    return f"{settings.SITE_URL}{path}"


def day_in_words(day: date | None) -> str:
    """A day as paper writes it."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""


def chosen(options: Options) -> str:
    """A sentence about what is not on the sheet; empty when all is."""
    left_out = [name for name, is_out in (("办理流程", options.steps), ("备注", options.notes)) if is_out]
    said = [
        f"只列出“{options.case}”的材料、时限和渠道" if options.case else "",
        f"未印{'、'.join(left_out)}" if left_out else "",
    ]
    words = "；".join(filter(None, said))
    return f"{words}。全部内容见网页。" if words else ""


def box(where: Whereabouts, doubts: Doubts, city: str) -> Json:
    """The counters to go to, one by one, and what to know of their numbers; empty when a table lists them."""
    if not where.boxed and not where.is_unstated:
        return {}
    return {
        "warning": unstated_county(where, city),
        "places": [place_said(place, doubts) for place in where.boxed],
        **doubts_said(where.boxed, doubts),
    }


def unstated_county(where: Whereabouts, city: str) -> str:
    """That the handbook names no counter of the county; empty when it does."""
    if not where.is_unstated or where.county is None:
        return ""
    city_level = f"；以下是{city}本级窗口" if where.city_level else ""
    return f"手册没有载明{where.county.name}的窗口，出门前请先拨打咨询电话{city_level}。"


def table(where: Whereabouts, doubts: Doubts) -> Json:
    """All counters of a city that has many; empty otherwise."""
    if not where.tabled:
        return {}
    return {
        "title": "办理地点、时间和电话",
        "caption": "各县（市、区）的办理地点、时间和电话",
        "places": [place_said(place, doubts) for place in where.tabled],
        **doubts_said(where.tabled, doubts),
    }


def rows(
    guide: Guide, where: Whereabouts, doubts: Doubts, options: Options, before: Sequence[Note]
) -> list[Json]:
    """The form: ``{"heading", "kind", …}`` in the order of the handbook."""
    only = Only(guide, options.case)
    form: list[Json] = [
        text_row("服务对象", guide.audience),
        {"heading": "办理材料", "kind": "papers", **papers(guide, only, before)},
        {"heading": "办理渠道", "kind": "channels", "channels": channels(guide, only)},
        {"heading": "办理时限", "kind": "limits", "limits": limits_said(guide, only)},
    ]
    if not options.steps:
        form.append({"heading": "办理流程", "kind": "steps", "steps": steps(guide)})
    if guide.notes.all() and not options.notes:
        notes = [sentence(note.text) for note in guide.notes.all()]
        form.append({"heading": "备注", "kind": "notes", "notes": notes})
    form += [text_row("进度查询", guide.progress), text_row("服务评价", guide.evaluation)]
    if where.city_wide:
        networks = networks_said(where.city_wide, doubts)
        form.append({"heading": "其他网点", "kind": "networks", "networks": networks})
    ask = phones_said(where.to_ask, doubts)
    return [row | {"ask": ask} if is_unstated(row) else row for row in form]


def is_unstated(row: Json) -> bool:
    """Whether the handbook gives nothing for a row that has a list, so that one has to ask."""
    return any(row.get(name) == [] for name in ("cases", "limits", "steps")) and not row.get("none")


def text_row(heading: str, text: str) -> Json:
    """A row of plain words."""
    return {"heading": heading, "kind": "text", "text": text or UNSTATED}


class Only:
    """What a visitor of one case sees; of no case, everything."""

    def __init__(self, guide: Guide, case: str = "") -> None:
        self.choices = choices(guide)
        self.case = case

    def has(self, applies_to: str) -> bool:
        """Whether what is for this case is shown."""
        return not self.case or self.case in (self.seen_by(applies_to) or [self.case])

    def seen_by(self, applies_to: str) -> list[str]:
        """The choices that see what is for this case; none when all do."""
        return choices_of(applies_to, self.choices)


def papers(guide: Guide, only: Only, before: Sequence[Note]) -> Json:
    """What to bring, by case, and the remarks that hold for all papers."""
    shown = [case for case in cases(guide) if only.has(case.name)]
    carried = [runs(note.text) for note in before] if shown else []
    return {
        "cases": [case_said(case, guide, only) for case in shown],
        "none": "不需要带材料。" if not shown and guide.materials_state == "none" else "",
        "note": runs(guide.materials_note),
        "before": carried,
        "before_lead": f"手册在“{before[0].guide.name}”里写明、后面各事项相同的：" if carried else "",
    }


def case_said(case: Case, guide: Guide, only: Only) -> Json:
    """The papers of one case."""
    return {
        "name": case.name,
        "seen_by": only.seen_by(case.name),
        "papers": [paper(material, guide) for material in case.materials],
    }


def paper(material: Material, guide: Guide) -> Json:
    """One paper: its words, or the options of which one is enough; ``key`` tells it from all others of the guide."""
    choice = alternatives(material.text)
    stamp = material.needs_stamp and "公章" not in material.text and not guide.materials_note
    words = {"lead": runs(choice.lead), "points": []} if choice.options else sentence(material.text)
    return {
        "key": f"{material.applies_to}|{material.text}",
        **words,
        "options": [runs(option) for option in choice.options],
        "stamp": STAMP if stamp else "",
    }


def channels(guide: Guide, only: Only) -> list[Json]:
    """The ways to apply, in the order of the handbook."""
    shown = [channel for channel in guide.channels.all() if only.has(channel.applies_to)]
    return [
        {"words": channel_words(channel), "seen_by": only.seen_by(channel.applies_to)} for channel in shown
    ]


def channel_words(channel: Channel) -> str:
    """A way to apply and for whom."""
    return channel.name + (f"（限{channel.applies_to}）" if channel.applies_to else "")


def limits_said(guide: Guide, only: Only) -> list[Json]:
    """The time limits, by case."""
    return [
        {"case": runs(limit.case), "seen_by": only.seen_by(limit.case), "words": runs(limit.words)}
        for limit in limits(guide)
        if only.has(limit.case)
    ]


def steps(guide: Guide) -> list[Json]:
    """The steps of the procedure."""
    return [{"title": runs(step.title), **sentence(step.text)} for step in guide.steps.all()]


def sentence(text: str) -> Json:
    """A sentence of the handbook and the points ①②③ inside it."""
    split = split_subpoints(text)
    return {"lead": runs(split.lead), "points": [runs(point) for point in split.points]}


def runs(text: str) -> list[list[str]]:
    """A text with its 《forms》 and stamps told apart."""
    return [list(piece) for piece in pieces(text)]
