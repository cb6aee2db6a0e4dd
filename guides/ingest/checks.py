"""Stage 5, check: findings across records, for a person to judge. A finding never changes the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from .records import CityDescription, Finding, GuideRecord, PhoneRecord, PlaceRecord

Check = Callable[[Sequence[GuideRecord], CityDescription], Iterator[Finding]]


def check(guides: Sequence[GuideRecord], city: CityDescription) -> list[Finding]:
    """All findings, in the order of their lines."""
    found = [finding for rule in CHECKS for finding in rule(guides, city)]
    return sorted(found, key=lambda finding: (finding.line, finding.kind, finding.message))


def _phones(place: PlaceRecord) -> tuple[PhoneRecord, ...]:
    return place.consult_phones + place.complaint_phones


def about_a_phone(
    kind: str, phone: PhoneRecord, message: str, guide: GuideRecord, place: PlaceRecord
) -> Finding:
    """A finding about one number, on the line where it stands."""
    return Finding(kind, phone.line, message, guide.name, place.county, phone.number)


def phone_of_other_county(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """A number that belongs to another county: it stands there in more guides than here."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for guide in guides:
        for place in guide.places:
            uses_here = {phone.number for phone in _phones(place)}
            for number in uses_here:
                uses[number][place.county] += 1
    names = {county.slug: county.name for county in city.counties}
    for guide in guides:
        for place in guide.places:
            for phone in _phones(place):
                owner, times = uses[phone.number].most_common(1)[0]
                if owner != place.county and times > uses[phone.number][place.county]:
                    here, there = names.get(place.county, place.name), names.get(owner, owner)
                    message = f"手册在{here}这一行印的是 {phone.number}，但在别处 {times} 次都是{there}的电话"
                    yield about_a_phone("phone_of_other_county", phone, message, guide, place)


def same_consult_and_complaint(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """One number printed both to ask and to complain."""
    for guide in guides:
        for place in guide.places:
            for phone in place.consult_phones:
                if phone.number in {other.number for other in place.complaint_phones}:
                    message = f"{place.name}的咨询电话与投诉电话都是 {phone.number}"
                    yield about_a_phone("same_consult_and_complaint", phone, message, guide, place)


def area_code(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """A number with another city's area code."""
    for guide in guides:
        for place in guide.places:
            for phone in _phones(place):
                if phone.number.startswith("0") and not phone.number.startswith(f"{city.area_code}-"):
                    message = f"{place.name}的 {phone.number} 不是{city.name}的区号 {city.area_code}"
                    yield about_a_phone("area_code", phone, message, guide, place)


def missing_step(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """A procedure that does not end with 办结."""
    for guide in guides:
        if guide.steps and "办结" not in {step.title for step in guide.steps}:
            message = f"流程止于“{guide.steps[-1].title}”，没有“办结”"
            yield Finding("missing_step", guide.steps[-1].line, message, guide.name)


def missing_section(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """No way to ask about progress, although most guides of the book have one."""
    for guide in guides:
        if not guide.progress:
            yield Finding("missing_section", guide.first_line, "没有“办理进度和结果查询”一栏", guide.name)


def online_text_without_channel(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """Asking online is described although every channel is a counter or an institution."""
    for guide in guides:
        kinds = {channel.kind for channel in guide.channels}
        if "网上" in guide.progress and kinds <= {"counter", "medical_institution"}:
            message = "办理渠道没有网上途径，却写网上查询办理进程和结果"
            yield Finding("online_text_without_channel", guide.lines["progress"], message, guide.name)


def channel_names(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """Two names that differ by one word at most two characters long: probably one channel."""
    first: dict[str, GuideRecord] = {}
    uses: Counter[str] = Counter()
    for guide in guides:
        for channel in guide.channels:
            first.setdefault(channel.name, guide)
            uses[channel.name] += 1
    for name in uses:
        for other in uses:
            if uses[name] < uses[other] and _nearly(name, other):
                line = first[name].lines["channels"]
                message = f"“{name}”（{uses[name]} 次）与“{other}”（{uses[other]} 次）可能是同一渠道"
                yield Finding("channel_names", line, message, first[name].name)


def _nearly(one: str, other: str) -> bool:
    """Same length, same ending, two characters apart side by side (国家医保信息平台APP / 国家医保服务平台APP)."""
    if len(one) != len(other) or one == other:
        return False
    apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(one) >= 6 and len(apart) <= 2 and apart[-1] - apart[0] < 2 and apart[0] >= 4


def hours_differ(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """A guide that words an office's hours unlike most guides do."""
    yield from _unlike_most(guides, "hours_differ", lambda place: place.hours_text, "办理时间")


def address_differ(guides: Sequence[GuideRecord], city: CityDescription) -> Iterator[Finding]:
    """A guide that prints a county counter's address unlike most guides do."""
    yield from _unlike_most(guides, "address_differ", lambda place: place.address, "地址")


def _unlike_most(
    guides: Sequence[GuideRecord], kind: str, value: Callable[[PlaceRecord], str], what: str
) -> Iterator[Finding]:
    values: Mapping[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for place in _all_places(guides):
        values[place.county, place.name][_normal(value(place))] += 1
    for guide in guides:
        for place in guide.places:
            common, times = values[place.county, place.name].most_common(1)[0]
            own = _normal(value(place))
            if own != common and values[place.county, place.name][own] < times:
                message = f"{place.name}的{what}写作“{value(place)}”，与另外 {times} 个事项不同"
                yield Finding(kind, place.line, message, guide.name, place.county)


def _normal(words: str) -> str:
    return words.removeprefix("经办窗口：")


def _all_places(guides: Iterable[GuideRecord]) -> Iterator[PlaceRecord]:
    return (place for guide in guides for place in guide.places)


CHECKS: tuple[Check, ...] = (
    phone_of_other_county,
    same_consult_and_complaint,
    area_code,
    missing_step,
    missing_section,
    online_text_without_channel,
    channel_names,
    hours_differ,
    address_differ,
)
