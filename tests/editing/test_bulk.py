"""One number or one set of hours for many rows at once: all or nothing, one revision each, undone in one go."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from guides.editing import (
    Change,
    HoursEdit,
    Overtaken,
    PhoneEdit,
    apply_bulk,
    apply_guide,
    apply_office,
    rehearse,
    restore_batch,
    seen_in,
)
from guides.editing.documents import DocumentError
from guides.models import Guide, OfficePosting, Revision, SheetChange
from offices.models import Office, Phone
from tests.cast import Cast, assemble

OLD, NEW = "0818-5872688", "0818-7226801"
HOURS = [{"days": "workdays", "opens": "09:00", "closes": "17:00", "note": ""}]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def bulk() -> Change:
    return Change(source="bulk", reason="换号", batch=uuid4())


def all_uses(number: str = OLD) -> frozenset[tuple[int, int]]:
    found = set()
    for phone in Phone.objects.filter(number=number):
        guides = list(phone.guide_phones.values_list("guide_office__guide", flat=True))
        found |= {(phone.pk, guide) for guide in guides or [0]}
    return frozenset(found)


def contents() -> dict[str, dict[str, object]]:
    rows = [*Guide.objects.with_details(), *Office.objects.with_details()]
    return {f"{type(row).__name__} {row.pk}": row.document() for row in rows}


def numbers(guide: Guide, office: str = "宣汉县医保窗口") -> list[str]:
    document = Guide.objects.with_details().get(pk=guide.pk).document()
    (place,) = (place for place in document["offices"] if place["name"] == office)
    return [phone["number"] for phone in place["consult_phones"]]


def edit_all() -> PhoneEdit:
    return PhoneEdit(OLD, NEW, all_uses())


def test_every_use_of_a_number_changes_with_one_revision_for_each_office_and_guide(cast: Cast) -> None:
    written = apply_bulk(edit_all(), bulk())
    assert sorted(str(each.guide or each.office) for each in written) == sorted(
        [str(cast.inpatient), str(cast.enrolment), "宣汉县医保窗口"]
    )
    assert {each.source for each in written} == {"bulk"}
    assert numbers(cast.inpatient) == numbers(cast.enrolment) == [NEW]
    assert not Phone.objects.filter(number=OLD).exists()
    assert OfficePosting.objects.filter(office__name="宣汉县医保窗口", token__contains="7226801").exists()
    assert SheetChange.objects.filter(county=cast.xuanhan).count() == 2


def test_only_the_chosen_guides_get_the_new_number(cast: Cast) -> None:
    phone = Phone.objects.get(number=OLD)
    written = apply_bulk(PhoneEdit(OLD, NEW, frozenset({(phone.pk, cast.inpatient.pk)})), bulk())
    assert {each.guide or each.office for each in written} == {cast.inpatient, phone.office}
    assert numbers(cast.inpatient) == [NEW]
    assert numbers(cast.enrolment) == [OLD]
    assert phone.office.phones.filter(purpose="consult").count() == 2


def test_an_office_that_has_the_new_number_already_does_not_have_it_twice(cast: Cast) -> None:
    office = Office.objects.with_details().get(name="宣汉县医保窗口")
    document = office.document()
    apply_office(
        {**document, "phones": [*document["phones"], {"purpose": "consult", "number": NEW, "for": ""}]}
    )
    before, written = contents(), apply_bulk(edit_all(), bulk())
    now = contents()
    assert len(written) == sum(before[key] != now[key] for key in before) == 3
    assert numbers(cast.inpatient) == numbers(cast.enrolment) == [NEW]
    assert list(office.phones.filter(purpose="consult").values_list("number", flat=True)) == [NEW]


def test_a_number_no_guide_uses_changes_at_its_office(cast: Cast) -> None:
    office = Office.objects.with_details().get(name="各乡镇（街道）便民服务中心")
    apply_office({**office.document(), "phones": [{"purpose": "consult", "number": OLD, "for": ""}]})
    apply_bulk(edit_all(), bulk())
    assert [phone.number for phone in Phone.objects.filter(office=office)] == [NEW]


def test_a_rehearsal_says_what_would_change_and_changes_nothing(cast: Cast) -> None:
    before = contents()
    written = rehearse(edit_all())
    assert len(written) == 3
    assert contents() == before
    assert not Revision.objects.exists()
    assert not SheetChange.objects.exists()


def test_nothing_is_written_when_somebody_changed_a_row_after_the_preview(cast: Cast) -> None:
    seen = seen_in(rehearse(edit_all()))
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["带伞"]})
    before = contents()
    with pytest.raises(Overtaken) as refused:
        apply_bulk(edit_all(), bulk(), seen)
    assert refused.value.subjects == [f"guide {guide.pk}"]
    assert contents() == before
    assert not Revision.objects.filter(source="bulk").exists()
    apply_bulk(edit_all(), bulk(), seen_in(rehearse(edit_all())))
    assert numbers(cast.inpatient) == [NEW]


def test_a_number_somebody_changed_meanwhile_is_noticed_too(cast: Cast) -> None:
    edit, seen = edit_all(), seen_in(rehearse(edit_all()))
    office = Office.objects.with_details().get(name="宣汉县医保窗口")
    document = office.document()
    phones = [
        {**phone, "number": phone["number"].replace(OLD, "0818-5201826")} for phone in document["phones"]
    ]
    apply_office({**document, "phones": phones})
    with pytest.raises(Overtaken) as refused:
        apply_bulk(edit, bulk(), seen)
    assert len(refused.value.subjects) == 3


def test_an_edit_with_one_bad_value_writes_nothing(cast: Cast) -> None:
    before = contents()
    with pytest.raises(DocumentError):
        apply_bulk(PhoneEdit(OLD, "12", all_uses()), bulk())
    assert contents() == before


def own_hours(cast: Cast) -> Guide:
    """入院报销 has hours of its own at 宣汉县."""
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    document = guide.document()
    own = [{"days": "saturday", "opens": "10:00", "closes": "12:00", "note": ""}]
    places = [
        {**place, "hours": own} if place["county"] == "xuanhan" else place for place in document["offices"]
    ]
    apply_guide({**document, "offices": places})
    return guide


def hours(guide: Guide, county: str = "xuanhan") -> list[str]:
    document = Guide.objects.with_details().get(pk=guide.pk).document()
    (place,) = (place for place in document["offices"] if place["county"] == county)
    return [session["opens"] for session in place["hours"]]


def test_hours_change_at_the_chosen_offices_and_guides_with_their_own_keep_them(cast: Cast) -> None:
    own_hours(cast)
    chosen = frozenset(
        Office.objects.filter(county__in=[cast.xuanhan, cast.dazhu]).values_list("pk", flat=True)
    )
    apply_bulk(HoursEdit(HOURS, chosen), bulk())
    assert (
        hours(cast.enrolment) == hours(cast.enrolment, "dazhu") == hours(cast.inpatient, "dazhu") == ["09:00"]
    )
    assert hours(cast.enrolment, "shibenji") == ["08:30", "14:30"]
    assert hours(cast.inpatient) == ["10:00"]


def test_a_guide_named_gives_up_its_own_hours(cast: Cast) -> None:
    guide = own_hours(cast)
    office = Office.objects.get(county=cast.xuanhan)
    apply_bulk(HoursEdit(HOURS, frozenset({office.pk}), frozenset({(office.pk, guide.pk)})), bulk())
    assert hours(guide) == ["09:00"]
    assert guide.guide_offices.get(office=office).own_hours == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_batch_is_undone_in_one_go(cast: Cast, whole: bool) -> None:
    own_hours(cast)
    before = contents()
    uses = all_uses() if whole else frozenset(list(all_uses())[:1])
    office = Office.objects.get(county=cast.xuanhan)
    every = frozenset({(office.pk, cast.inpatient.pk)}) if whole else frozenset()
    for edit in (PhoneEdit(OLD, NEW, uses), HoursEdit(HOURS, frozenset({office.pk}), every)):
        change = bulk()
        apply_bulk(edit, change)
        assert contents() != before
        assert isinstance(change.batch, UUID)
        written, refused = restore_batch(change.batch, Change())
        assert contents() == before
        assert refused == []
        assert {each.source for each in written} == {"restore"}
        assert len({(each.guide, each.office) for each in written}) == len(written)
    apply_bulk(HoursEdit(HOURS, frozenset({office.pk})), bulk())
    assert hours(cast.enrolment) == ["09:00"], "no guide kept the office's old hours as its own"


def test_an_undo_of_an_undo_changes_everything_again(cast: Cast) -> None:
    change = bulk()
    apply_bulk(edit_all(), change)
    after = contents()
    written, _ = restore_batch(change.batch, Change())  # type: ignore[arg-type]
    batch = Revision.objects.get(pk=written[0].pk).batch
    restore_batch(batch, Change())  # type: ignore[arg-type]
    assert contents() == after


def test_what_was_changed_since_is_left_alone_and_named(cast: Cast) -> None:
    change = bulk()
    apply_bulk(edit_all(), change)
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["带伞"]})
    _, refused = restore_batch(change.batch, Change())  # type: ignore[arg-type]
    assert [each.guide for each in refused] == [cast.inpatient]
    assert numbers(cast.inpatient) == [NEW]
    assert numbers(cast.enrolment) == [OLD]
    assert Guide.objects.with_details().get(pk=guide.pk).document()["notes"] == ["带伞"]


def test_guides_stay_with_an_office_that_was_changed_since(cast: Cast) -> None:
    office = Office.objects.with_details().get(county=cast.xuanhan)
    change = bulk()
    apply_bulk(HoursEdit(HOURS, frozenset({office.pk})), change)
    document = Office.objects.with_details().get(pk=office.pk).document()
    apply_office(
        {**document, "phones": [*document["phones"], {"purpose": "consult", "number": NEW, "for": ""}]}
    )
    written, refused = restore_batch(change.batch, Change())  # type: ignore[arg-type]
    assert written == []
    assert len(refused) == 3
    assert hours(cast.inpatient) == ["09:00"]
