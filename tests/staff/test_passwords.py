"""Two profiles of password rules, and what is remembered of old passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.utils import timezone
from time_machine import travel

from offices.models import City, County
from staff.models import PasswordRecord
from staff.passwords import is_expired, left_without
from staff.signals import password_changed
from tests.admin.staff import at_keyboard
from tests.staff.people import PASSWORD, sign_in, superuser, words
from tests.test_settings import load

pytestmark = pytest.mark.django_db
CHANGE = "/admin/password_change/"
STRONG = "Kettle-9-marble"


@pytest.fixture
def places(db: None) -> None:
    city = City.objects.create(slug="dazhou", name="达州市", province="四川省", area_code="0818")
    County.objects.create(city=city, slug="xuanhan", name="宣汉县", kind="county")


@pytest.fixture
def modern(monkeypatch: pytest.MonkeyPatch) -> Any:
    loaded = load(monkeypatch, PASSWORD_PROFILE="modern")
    with override_settings(**{name: loaded[name] for name in ("AUTH_PASSWORD_VALIDATORS", "PASSWORD_DAYS")}):
        yield


def refusals(password: str, user: User | None = None) -> str:
    """What is said against it; "" for nothing."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return "".join(error.messages)
    return ""


def test_the_profile_of_the_protection_scheme_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch)["PASSWORD_PROFILE"] == settings.PASSWORD_PROFILE == "dengbao"
    assert load(monkeypatch)["PASSWORD_DAYS"] == 90
    assert load(monkeypatch, PASSWORD_PROFILE="modern")["PASSWORD_DAYS"] is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Kettle-9-mar", ""),
        (STRONG, ""),
        ("水壶kettle弹珠茶杯海浪", "四类"),
        ("Kettle-9-ma", "至少要 12 个字符"),
        ("kettle-marble-tea", "四类"),
        ("kettlemarbletea9", "四类"),
        ("Suining@2024!", "容易猜到"),
        ("Dazhou-Yibao-2024", "容易猜到"),
        ("XuanHan#123456", "容易猜到"),
        ("达州医保Ab1234567", "容易猜到"),
        ("四川省宣汉县Ab1!", "容易猜到"),
        ("D4zh0u-Y1b40-99", "容易猜到"),
        ("Admin@1234567", "容易猜到"),
        ("Chen.jian.guo-77", "用户名"),
    ],
)
def test_the_default_profile(places: None, password: str, why: str) -> None:
    City.objects.create(slug="suining", name="遂宁市", area_code="0825", position=1)
    said = refusals(password, User(username="chen.jian.guo"))
    assert (why in said) if why else said == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kettle marble tea", ""),
        ("水壶弹珠茶杯海浪雨伞窗户", ""),
        ("kettle tea", "至少要 12 个字符"),
        ("dazhouyibao123456", "容易猜到"),
        ("passwordpassword", "容易猜到"),
    ],
)
def test_the_modern_profile(places: None, modern: None, password: str, why: str) -> None:
    said = refusals(password)
    assert (why in said) if why else said == ""


def test_letters_written_as_digits_are_the_same_word() -> None:
    assert left_without("d4zh0u!x", {"dazhou"}) == 2
    assert left_without("xyz", {"dazhou"}) == 3


def test_the_last_five_may_not_come_again(client: Client) -> None:
    user = superuser()
    used = [f"Kettle-{number}-marble" for number in range(6)]
    for password in used:
        user.set_password(password)
        user.save()
    assert [bool(refusals(password, user)) for password in used] == [False, True, True, True, True, True]
    assert PasswordRecord.objects.of(user).count() == 5
    assert not [record for record in PasswordRecord.objects.all() if record.encoded in used]


def test_the_first_password_is_noted_when_it_is_used_and_may_not_come_again_either(client: Client) -> None:
    user = superuser()
    sign_in(client)
    user.set_password(STRONG)
    user.save()
    assert "最近用过" in refusals(PASSWORD, user)


def test_the_password_that_stands_counts_even_when_it_was_never_noted() -> None:
    user = superuser()
    PasswordRecord.objects.all().delete()
    assert "最近用过" in refusals(PASSWORD, user)


def test_another_s_password_is_nobody_s_business() -> None:
    superuser()
    assert refusals(PASSWORD, User.objects.create_user("wang")) == ""


def test_an_old_password_lets_in_to_change_it_and_nowhere_else() -> None:
    now = timezone.now()
    with travel(now - timedelta(days=89)):
        user = superuser()
    assert at_keyboard(user).get("/admin/").status_code == 200
    with travel(now + timedelta(days=1, seconds=9)):
        desk = at_keyboard(user)
        page = desk.get("/admin/guides/guide/", follow=True)
        assert page.redirect_chain[-1][0].startswith(CHANGE)
        assert "密码已经到期" in words(page)
        typed = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
        assert "最近用过" in words(desk.post(CHANGE, typed))
        typed |= {"new_password1": STRONG, "new_password2": STRONG}
        assert desk.post(CHANGE, typed, follow=True).status_code == 200
        assert desk.get("/admin/").status_code == 200


def test_an_account_from_before_counts_from_its_making(modern: None) -> None:
    user = User(date_joined=timezone.now() - timedelta(days=91), pk=0, password="md5$x$y")
    assert not is_expired(user)
    with override_settings(PASSWORD_DAYS=90):
        assert is_expired(user)
        assert not is_expired(User(date_joined=timezone.now() - timedelta(days=89), pk=0, password="md5$x$y"))


def test_every_new_password_is_told_to_who_listens() -> None:
    heard: list[User] = []

    def hear(**said: Any) -> None:
        heard.append(said["user"])

    password_changed.connect(hear)
    user = superuser()
    user.set_password(STRONG)
    user.save()
    password_changed.disconnect(hear)
    assert heard == [user]


def test_the_rules_are_said_in_chinese_where_a_password_is_chosen(client: Client) -> None:
    page = words(at_keyboard(superuser()).get(CHANGE))
    for rule in ("至少12个字符", "四类里至少要有3类", "最近5次", "容易猜到的词不算数"):
        assert rule in page, rule


def test_the_rules_hold_where_a_superuser_sets_a_password() -> None:
    desk = at_keyboard(superuser())
    typed = {
        "username": "wang",
        "first_name": "",
        "is_staff": "on",
        "password1": "Admin@123456",
        "password2": "Admin@123456",
    }
    typed |= {"duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"}
    assert "容易猜到" in words(desk.post("/admin/auth/user/add/", typed))
    assert not User.objects.filter(username="wang").exists()
