"""Who may do what: a person sees and changes what is his, and every other door is closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.test import Client

from guides.access import CITY_ADMIN, COUNTY_EDITOR, ROLES
from guides.admin.guarded import Guarded, GuardedInline
from guides.editing import Change, apply_guide, apply_office, delete_entry
from guides.models import Duty, Finding, Guide, GuideOffice, Handbook, Matter, Proposal, Revision
from offices.models import City, County, Office
from staff.admin import ForSuperusers
from tests.admin.conftest import typed
from tests.admin.staff import OF_SUINING, at_keyboard, everyone, member, role, url, words
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    return everyone(cast.dazhou, cast.xuanhan)


@pytest.fixture
def boss(people: dict[str, User]) -> Client:
    """The admin of 达州."""
    return at_keyboard(people[CITY_ADMIN])


@pytest.fixture
def county(people: dict[str, User]) -> Client:
    """The editor of 宣汉县."""
    return at_keyboard(people[COUNTY_EDITOR])


def said(guide: Guide) -> dict[str, Any]:
    return Guide.objects.with_details().get(pk=guide.pk).document()


def place(document: dict[str, Any], county: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["offices"] if each["county"] == county)
    return found


def test_every_page_of_the_admin_is_guarded() -> None:
    for model, page in admin.site._registry.items():  # noqa: SLF001 - Django offers no other list
        assert isinstance(page, Guarded | ForSuperusers), model
        assert all(issubclass(inline, GuardedInline) for inline in page.inlines), model


def test_the_roles_come_with_the_migration(db: None) -> None:
    for name in ROLES:
        permissions = role(name).permissions
        assert permissions.filter(codename="view_guide").exists()
        assert not permissions.filter(content_type__app_label__in=("auth", "admin")).exists()
        assert not permissions.filter(codename__endswith="_duty").exists()
    assert not role("审计").permissions.exclude(codename__startswith="view_").exists()
    assert not role("窗口人员").permissions.exclude(codename__startswith="view_").exists()


def test_a_superuser_makes_a_county_editor_on_one_page(cast: Cast) -> None:
    superuser = at_keyboard(User.objects.create_superuser("root"))
    data = typed(superuser.get(url(User, "add"))) | {
        "username": "zhou",
        "first_name": "周编辑",
        "password1": "yi-bao-2027-xuanhan",
        "password2": "yi-bao-2027-xuanhan",
        "groups": [role(COUNTY_EDITOR).pk],
        "duties-0-city": cast.dazhou.pk,
        "duties-0-county": cast.xuanhan.pk,
    }
    response: Any = superuser.post(url(User, "add"), data)
    assert response.status_code == 302, response.context_data["errors"]
    made = User.objects.get(username="zhou")
    assert made.is_staff
    assert at_keyboard(made).get(url(Office, "changelist")).status_code == 200
    page = words(superuser.get(url(User, "changelist")))
    assert "周编辑" in page
    assert "达州市宣汉县" in page
    data = typed(superuser.get(url(User, "change", made.pk))) | {"duties-0-city": cast.suining.pk}
    assert "不属于遂宁市" in words(superuser.post(url(User, "change", made.pk), data))


def test_nobody_else_reaches_accounts_roles_and_duties(people: dict[str, User], cast: Cast) -> None:
    people[CITY_ADMIN].user_permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    for name in ROLES:
        client = at_keyboard(people[name])
        for model in (User, Duty):
            assert client.get(url(model, "changelist")).status_code == 403
            assert client.get(url(model, "add")).status_code == 403
        assert client.get(url(User, "change", people["超级用户"].pk)).status_code in (403, 404)


@pytest.mark.parametrize("name", ROLES)
def test_no_list_filter_or_autocomplete_names_another_city(
    people: dict[str, User], cast: Cast, name: str
) -> None:
    client = at_keyboard(people[name])
    apply_guide(said(cast.inpatient_in_suining) | {"notes": ["遂宁的备注"]})
    for model in (Guide, Office, County, City, Handbook, Finding, Revision, Proposal):
        for query in ({}, {"q": "遂宁"}, {"city__id__exact": cast.suining.pk}):
            page = client.get(url(model, "changelist"), query)
            if page.status_code == 200:
                body = page.content.decode().replace('value="遂宁"', "").replace("q=%E9%81%82%E5%AE%81", "")
                assert not [each for each in OF_SUINING if each in body], (model, query)
    for label, field in (
        ("finding", "county"),
        ("finding", "guide"),
        ("finding", "handbook"),
        ("guide", "matter"),
    ):
        asked = {"app_label": "guides", "model_name": label, "field_name": field, "term": ""}
        body = client.get("/admin/autocomplete/", asked).content.decode()
        assert not [each for each in OF_SUINING if each in body.encode().decode("unicode_escape")], (
            label,
            field,
        )


@pytest.mark.parametrize("name", ROLES)
def test_no_page_of_the_own_city_names_another(people: dict[str, User], cast: Cast, name: str) -> None:
    client = at_keyboard(people[name])
    office = Office.objects.get(county=cast.xuanhan)
    for page in (
        client.get(url(Guide, "change", cast.inpatient.pk)),
        client.get(url(Office, "change", office.pk)),
        client.get(url(Office, "history", office.pk)),
        client.get(url(Guide, "add")),
        client.get(url(Office, "add")),
        client.get("/admin/"),
    ):
        assert not [each for each in OF_SUINING if each in page.content.decode()]


@pytest.mark.parametrize("name", ROLES)
def test_the_address_of_anothers_row_is_not_told(people: dict[str, User], cast: Cast, name: str) -> None:
    client = at_keyboard(people[name])
    kind = ContentType.objects.get_for_model(Guide).pk
    assert client.get(f"/admin/r/{kind}/{cast.inpatient.pk}/").status_code == 302
    assert client.get(f"/admin/r/{kind}/{cast.inpatient_in_suining.pk}/").status_code == 404
    users = ContentType.objects.get_for_model(User).pk
    assert client.get(f"/admin/r/{users}/{people[name].pk}/").status_code == 404


def test_a_guide_cannot_be_made_in_another_city(boss: Client, cast: Cast) -> None:
    matter = Matter.objects.get(slug="dianzi-pingzheng")
    data = typed(boss.get(url(Guide, "add"))) | {
        "matter": matter.pk,
        "name": "医保电子凭证申领",
        "materials_state": "unstated",
    }
    assert boss.post(url(Guide, "add"), data | {"city": cast.suining.pk}).status_code == 200
    assert Guide.objects.filter(matter=matter).count() == 1
    assert boss.post(url(Guide, "add"), data | {"city": cast.dazhou.pk}).status_code == 302


def test_a_place_cannot_be_swapped_for_an_office_of_another_city(boss: Client, cast: Cast) -> None:
    before = said(cast.inpatient)
    theirs = Office.objects.get(city=cast.suining, kind="counter")
    data = typed(boss.get(url(Guide, "change", cast.inpatient.pk)))
    page = boss.post(url(Guide, "change", cast.inpatient.pk), data | {"guide_offices-1-office": theirs.pk})
    assert page.status_code == 200
    assert said(cast.inpatient) == before


def test_a_row_of_another_guide_is_not_touched(boss: Client, cast: Cast) -> None:
    """Django takes a row it does not know for a new one; only what was typed counts, and only in this guide."""
    address, theirs = url(Guide, "change", cast.inpatient.pk), cast.inpatient_in_suining
    before = said(theirs)
    row, material = theirs.guide_offices.all()[0], theirs.materials.all()[0]
    for forged in (
        {"guide_offices-0-id": row.pk, "guide_offices-0-scope": "伪造"},
        {"materials-0-id": material.pk, "materials-0-text": "伪造"},
        {"materials-0-guide": theirs.pk, "materials-0-text": "伪造"},
        {"materials-0-id": material.pk, "materials-0-DELETE": "on"},
    ):
        boss.post(address, typed(boss.get(address)) | forged)
        assert said(theirs) == before


def test_another_citys_history_is_not_compared_or_restored(boss: Client, cast: Cast) -> None:
    apply_guide(said(cast.inpatient_in_suining) | {"audience": "改过"})
    theirs = cast.inpatient_in_suining.pk
    assert boss.get(url(Guide, "history", theirs)).status_code == 404
    assert boss.get(url(Guide, "compare", theirs), {"old": "0"}).status_code == 404
    assert boss.get(url(Guide, "restore", theirs, 0)).status_code == 404
    assert boss.post(url(Guide, "restore", theirs, 0), {"seen_version": "1"}).status_code == 404
    assert said(cast.inpatient_in_suining)["audience"] == "改过"
    revision = Revision.objects.get(guide=theirs)
    assert boss.get(url(Revision, "change", revision.pk)).status_code == 404


def test_a_county_editor_does_not_restore_a_guide(county: Client, cast: Cast) -> None:
    apply_guide(said(cast.inpatient) | {"audience": "改过"})
    assert "恢复初版" not in words(county.get(url(Guide, "history", cast.inpatient.pk)))
    assert county.post(url(Guide, "restore", cast.inpatient.pk, 0), {"seen_version": "1"}).status_code == 403
    assert said(cast.inpatient)["audience"] == "改过"


def test_rows_of_others_are_not_deleted_from_a_list(boss: Client, county: Client, cast: Cast) -> None:
    free = Office.objects.create(city=cast.suining, key="空", name="空", kind="network")
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [str(free.pk)]}
    boss.post(url(Office, "changelist"), chosen)
    assert Office.objects.filter(pk=free.pk).exists()
    mine = Office.objects.create(city=cast.dazhou, county=cast.xuanhan, key="空", name="空", kind="network")
    county.post(url(Office, "changelist"), chosen | {"_selected_action": [str(mine.pk)]})
    assert Office.objects.filter(pk=mine.pk).exists()
    boss.post(url(Office, "changelist"), chosen | {"_selected_action": [str(mine.pk), str(free.pk)]})
    assert set(Office.objects.filter(key="空")) == {free}


def test_what_somebody_typed_cannot_be_brought_to_another_entry_or_person(
    people: dict[str, User], cast: Cast
) -> None:
    boss = at_keyboard(people[CITY_ADMIN])
    data = typed(boss.get(url(Guide, "change", cast.inpatient.pk)))
    apply_guide(said(cast.inpatient) | {"audience": "别人写的"})
    page: Any = boss.post(url(Guide, "change", cast.inpatient.pk), data | {"audience": "我写的"})
    assert page.status_code == 409
    signed = {"_choosing": page.context_data["typed"], "theirs_version": "1"}
    choices = {f"choice-{number}": "yours" for number in range(30)}
    before = said(cast.enrolment)
    boss.post(url(Guide, "change", cast.enrolment.pk), signed | choices)
    assert said(cast.enrolment) == before
    theirs = at_keyboard(member("遂宁的", CITY_ADMIN, cast.suining))
    answer = theirs.post(url(Guide, "change", cast.inpatient_in_suining.pk), signed | choices)
    assert answer.status_code == 302
    assert theirs.post(url(Guide, "change", cast.inpatient.pk), signed | choices).status_code == 404
    colleague = at_keyboard(member("同事", CITY_ADMIN, cast.dazhou))
    colleague.post(url(Guide, "change", cast.inpatient.pk), signed | choices)
    assert said(cast.inpatient)["audience"] == "别人写的"
    boss.post(url(Guide, "change", cast.inpatient.pk), signed | choices)
    assert said(cast.inpatient)["audience"] == "我写的"


def test_a_county_editor_changes_his_office_and_no_other(county: Client, cast: Cast) -> None:
    mine, neighbour = (Office.objects.get(county=each) for each in (cast.xuanhan, cast.dazhu))
    data = typed(county.get(url(Office, "change", mine.pk)))
    assert "大竹县" not in words(county.get(url(Office, "change", mine.pk)))
    assert county.post(url(Office, "change", mine.pk), data | {"address": "新址"}).status_code == 302
    assert Office.objects.get(pk=mine.pk).address == "新址"
    assert Revision.objects.of(mine)[0].author_name == "周县区"
    for wrong in ({"county": cast.dazhu.pk}, {"county": ""}):
        data = typed(county.get(url(Office, "change", mine.pk))) | wrong
        assert county.post(url(Office, "change", mine.pk), data).status_code == 200
    assert county.get(url(Office, "change", neighbour.pk)).status_code == 200
    assert county.post(url(Office, "change", neighbour.pk), data).status_code == 403
    assert Office.objects.get(pk=neighbour.pk).address == neighbour.address


def test_a_county_editor_changes_his_places_at_once_and_proposes_the_rest(county: Client, cast: Cast) -> None:
    address = url(Guide, "change", cast.inpatient.pk)
    page = county.get(address)
    assert "作为修改建议送市级管理员审核" in words(page)
    assert "大竹县医保窗口" in words(page)
    data = typed(page)
    assert "status" not in data
    assert data["guide_offices-TOTAL_FORMS"] == 1
    wanted = {
        "guide_offices-0-consult_phones": "0818-5872699",
        "audience": "改过的服务对象",
        "materials-0-text": "改过的材料",
        "change_reason": "来电核对",
    }
    answer = county.post(address, data | wanted, follow=True)
    assert "本县的办理点已经更新；其余2处改动已送市级管理员审核" in words(answer)
    now = said(cast.inpatient)
    assert place(now, "xuanhan")["consult_phones"] == [{"number": "0818-5872699", "for": ""}]
    assert now["audience"] != "改过的服务对象"
    proposal = Proposal.objects.get()
    assert (proposal.county, proposal.author_name, proposal.reason) == (cast.xuanhan, "周县区", "来电核对")
    assert proposal.before == now
    assert proposal.after["audience"] == "改过的服务对象"
    assert proposal.after["offices"] == now["offices"]
    assert proposal.base_version == Guide.objects.get(pk=cast.inpatient.pk).version


def test_saving_the_page_unchanged_proposes_nothing(county: Client, cast: Cast) -> None:
    address = url(Guide, "change", cast.inpatient.pk)
    assert "没有改动" in words(county.post(address, typed(county.get(address)), follow=True))
    assert not Proposal.objects.exists()
    assert not Revision.objects.exists()


def test_forged_rows_and_fields_of_others_are_neither_saved_nor_proposed(county: Client, cast: Cast) -> None:
    address, before = url(Guide, "change", cast.inpatient.pk), said(cast.inpatient)
    theirs = GuideOffice.objects.get(guide=cast.inpatient, office__county=cast.dazhu)
    for forged in (
        {"guide_offices-0-id": theirs.pk, "guide_offices-0-scope": "伪造"},
        {"guide_offices-0-office": theirs.office_id},
        {"status": "withdrawn", "city": cast.suining.pk, "successor": cast.enrolment.pk},
    ):
        county.post(address, typed(county.get(address)) | forged)
        now = said(cast.inpatient)
        assert now | {"offices": []} == before | {"offices": []}
        assert [each for each in now["offices"] if each["county"] != "xuanhan"] == [
            each for each in before["offices"] if each["county"] != "xuanhan"
        ]
        assert not Proposal.objects.exists()
    assert Guide.objects.get(pk=cast.inpatient.pk).status == "published"


def test_a_county_editor_who_comes_second_chooses_and_keeps_within_his_limits(
    county: Client, cast: Cast
) -> None:
    address = url(Guide, "change", cast.inpatient.pk)
    data = typed(county.get(address))
    apply_guide(said(cast.inpatient) | {"audience": "市里写的", "evaluation": "市里的"})
    page: Any = county.post(address, data | {"audience": "我写的", "guide_offices-0-scope": "初审"})
    assert page.status_code == 409
    numbers = [number for number, field, _ in page.context_data["fields"] if not field.default]
    signed = {"_choosing": page.context_data["typed"], "theirs_version": "1"}
    answer = county.post(address, signed | {f"choice-{number}": "yours" for number in numbers}, follow=True)
    assert "其余1处改动已送市级管理员审核" in words(answer)
    now = said(cast.inpatient)
    assert (now["audience"], now["evaluation"]) == ("市里写的", "市里的")
    assert place(now, "xuanhan")["scope"] == "初审"
    assert Proposal.objects.get().after["audience"] == "我写的"


def test_the_right_is_asked_again_where_a_document_is_written(people: dict[str, User], cast: Cast) -> None:
    by_county = Change(source="bulk", author=people[COUNTY_EDITOR])
    by_city = Change(source="bulk", author=people[CITY_ADMIN])
    guide, theirs = said(cast.inpatient), said(cast.inpatient_in_suining)
    office = Office.objects.with_details().get(county=cast.xuanhan).document()
    neighbour = Office.objects.with_details().get(county=cast.dazhu).document()
    for refused in (
        lambda: apply_guide(guide | {"audience": "改"}, by_county),
        lambda: apply_guide(guide, by_county, status="withdrawn"),
        lambda: apply_guide(guide | {"offices": guide["offices"][:1]}, by_county),
        lambda: apply_office(neighbour | {"address": "改"}, by_county),
        lambda: apply_office(office | {"county": "dazhu"}, by_county),
        lambda: apply_office(office | {"county": ""}, by_county),
        lambda: apply_guide(theirs | {"audience": "改"}, by_city),
        lambda: delete_entry(Office.objects.get(city=cast.suining, kind="network"), by_city),
        lambda: apply_guide(guide | {"audience": "改"}, Change(author=people["审计"])),
        lambda: apply_guide(guide | {"audience": "改"}, Change(author=people["窗口人员"])),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert (said(cast.inpatient), said(cast.inpatient_in_suining)) == (guide, theirs)
    apply_guide(guide | {"audience": "改"}, by_city)
    apply_office(office | {"address": "改"}, by_county)


def test_somebody_who_has_left_may_do_nothing(people: dict[str, User], cast: Cast) -> None:
    for name in (CITY_ADMIN, "超级用户"):
        gone = User.objects.get(pk=people[name].pk)
        gone.is_active = False
        with pytest.raises(PermissionDenied):
            apply_guide(said(cast.inpatient) | {"audience": "改"}, Change(author=gone))


def test_the_page_needs_as_few_queries_for_a_county_editor(
    county: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60):
        county.get(url(Guide, "change", cast.inpatient.pk))
