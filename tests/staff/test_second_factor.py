"""The second factor: set up at the first sign-in, asked at every one, and no page of the desk without it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from time_machine import travel

from staff.models import SecondFactor
from staff.signals import second_factor_enrolled, second_factor_reset
from tests.admin.staff import at_keyboard, url
from tests.staff.people import ENROL, ENTRANCE, PASSWORD, code_of, enrolled, key_on, sign_in, superuser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("second_factor_wanted")]
QR = f"{ENROL}qr.svg"


@pytest.fixture
def desk(db: None) -> Client:
    """Somebody who has given his password, no more."""
    return at_keyboard(superuser())


def again(user: User) -> Client:
    """The same person at another sign-in."""
    return at_keyboard(User.objects.get(pk=user.pk))


def show(client: Client, code: str, **more: str) -> Any:
    return client.post(ENTRANCE, {"code": code, **more})


def test_the_first_sign_in_leads_to_setting_it_up_and_then_back(desk: Client) -> None:
    page = desk.get("/admin/guides/guide/?q=a", follow=True)
    assert page.redirect_chain[-1][0].startswith(ENROL)
    assert 'name="next" value="/admin/guides/guide/?q=a"' in page.content.decode()
    key = key_on(page)
    codes = desk.post(ENROL, {"code": code_of(key), "next": "/admin/guides/guide/?q=a"})
    assert 'href="/admin/guides/guide/?q=a"' in codes.content.decode()
    assert desk.get("/admin/").status_code == 200


def test_the_picture_and_the_key_say_the_same_and_nobody_keeps_them(desk: Client) -> None:
    page, picture = desk.get(ENROL), desk.get(QR)
    assert f'src="{QR}"' in page.content.decode()
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "style=" not in picture.content.decode()
    for answer in (page, picture):
        assert "no-store" in answer.headers["Cache-Control"]
    assert key_on(desk.get(ENROL)) == key_on(page)
    assert not TOTPDevice.objects.exists()


def test_the_picture_is_what_an_app_reads(desk: Client) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    key = key_on(desk.get(ENROL))
    import io  # noqa: PLC0415
    from base64 import b32encode  # noqa: PLC0415

    import segno  # noqa: PLC0415

    from staff.second_factor import picture  # noqa: PLC0415

    device = TOTPDevice(user=User.objects.get(), key=key.hex())
    assert desk.get(QR).content == picture(device)
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(out, kind="png", scale=4, border=4)
    read = zxingcpp.read_barcodes(image.open(out))[0].text
    assert read.startswith("otpauth://totp/")
    assert f"secret={b32encode(key).decode()}" in read


def test_a_wrong_code_sets_nothing_up(desk: Client) -> None:
    desk.get(ENROL)
    page = desk.post(ENROL, {"code": "000000"})
    assert "验证码不对" in words(page)
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()


def test_ten_codes_are_shown_once(desk: Client) -> None:
    _, codes = enrolled(desk)
    assert len(set(codes)) == 10
    for page in (
        desk.get(ENTRANCE),
        desk.get(ENROL, follow=True),
        desk.post(ENROL, {"code": "000000"}, follow=True),
    ):
        assert not [code for code in codes if code in page.content.decode()]
    assert StaticToken.objects.count() == 10


def test_the_field_tells_the_browser_what_it_is(desk: Client) -> None:
    assert 'autocomplete="one-time-code"' in desk.get(ENROL).content.decode()
    enrolled(desk)
    assert 'autocomplete="one-time-code"' in again(User.objects.get()).get(ENTRANCE).content.decode()


def test_the_app_s_code_opens_the_desk(desk: Client) -> None:
    device, _ = enrolled(desk)
    client = again(device.user)
    assert client.get("/admin/").headers["Location"] == f"{ENTRANCE}?next=%2Fadmin%2F"
    answer = show(
        client, f" {code_of(device.bin_key)[:3]} {code_of(device.bin_key)[3:]}", next="/admin/guides/"
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/guides/")
    assert client.get("/admin/").status_code == 200


def test_the_way_back_leads_to_no_other_site(desk: Client) -> None:
    device, _ = enrolled(desk)
    answer = show(again(device.user), code_of(device.bin_key), next="https://example.com/")
    assert answer.headers["Location"] == "/admin/"


def test_the_session_gets_a_new_key_when_the_code_was_right(desk: Client) -> None:
    device, _ = enrolled(desk)
    client = again(device.user)
    before = client.session.session_key
    show(client, code_of(device.bin_key))
    assert client.session.session_key != before


def test_the_same_code_is_refused_the_second_time(desk: Client) -> None:
    device, _ = enrolled(desk)
    code = code_of(device.bin_key)
    assert show(again(device.user), code).status_code == 302
    assert "验证码不对" in words(show(again(device.user), code))


def test_a_code_of_paper_works_once(desk: Client) -> None:
    device, codes = enrolled(desk)
    assert show(again(device.user), codes[0].upper()).status_code == 302
    assert "验证码不对" in words(show(again(device.user), codes[0]))
    assert StaticToken.objects.count() == 9


def test_wrong_codes_make_the_next_one_wait(desk: Client) -> None:
    device, codes = enrolled(desk)
    now = timezone.now()
    client = again(device.user)
    with travel(now, tick=False):
        for right in (code_of(device.bin_key), codes[0]):
            wrong = "000000" if right.isdecimal() else "aaaaaaaa"
            assert "验证码不对" in words(show(client, wrong))
            assert "要等1秒再试" in words(show(client, right))
    with travel(now + timedelta(seconds=2), tick=False):
        show(client, "000000")
        assert "要等2秒再试" in words(show(client, "111111"))
    with travel(now + timedelta(seconds=5), tick=False):
        assert show(client, code_of(device.bin_key)).status_code == 302


def test_another_s_code_does_not_open(desk: Client) -> None:
    device, codes = enrolled(desk)
    other = at_keyboard(superuser("wang"))
    enrolled_key = key_on(other.get(ENROL))
    other.post(ENROL, {"code": code_of(enrolled_key)})
    client = again(User.objects.get(username="wang"))
    assert show(client, code_of(device.bin_key)).status_code == 200
    assert show(client, codes[0]).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_whoever_has_an_app_cannot_set_up_another_with_the_password_alone(desk: Client) -> None:
    device, _ = enrolled(desk)
    client = again(device.user)
    assert client.get(ENROL).headers["Location"] == ENTRANCE
    assert client.post(ENROL, {"code": "000000"}).headers["Location"] == ENTRANCE
    assert client.get(QR).status_code == 404
    assert client.post(f"{ENTRANCE}codes/", {"code": code_of(device.bin_key)}).headers["Location"] == ENTRANCE
    assert TOTPDevice.objects.get().key == device.key


def test_the_password_again_in_a_verified_session_is_not_enough(desk: Client) -> None:
    enrolled(desk)
    assert desk.get("/admin/").status_code == 200
    sign_in(desk)
    assert desk.get("/admin/").status_code == 302


def test_new_codes_make_the_old_ones_void_and_want_the_app_again(desk: Client) -> None:
    device, codes = enrolled(desk)
    assert "验证码不对" in words(desk.post(f"{ENTRANCE}codes/", {"code": codes[0]}))
    with travel(timezone.now() + timedelta(seconds=2), tick=False):
        page = desk.post(f"{ENTRANCE}codes/", {"code": code_of(device.bin_key)})
    assert "只显示这一次" in words(page)
    assert StaticToken.objects.count() == 10
    assert not StaticToken.objects.filter(token__in=codes).exists()


def test_a_superuser_takes_another_s_away_and_it_is_logged_and_told(desk: Client) -> None:
    device, _ = enrolled(desk)
    heard: list[Any] = []

    def hear(**said: Any) -> None:
        heard.append((said["user"], said["by"]))

    boss = superuser("boss")
    with override_settings(REQUIRE_SECOND_FACTOR=False):
        second_factor_reset.connect(hear)
        client = at_keyboard(boss)
        assert "10个" in words(client.get(url(SecondFactor, "changelist")))
        page = client.get(url(SecondFactor, "delete", device.pk))
        assert "陈一" in words(page) or "chen的第二验证" in words(page)
        client.post(url(SecondFactor, "delete", device.pk), {"post": "yes"})
        second_factor_reset.disconnect(hear)
    assert heard == [(device.user, boss)]
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert LogEntry.objects.get(user=boss).object_repr == "chen的第二验证"
    assert desk.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_the_key_is_on_no_page_of_the_admin(desk: Client) -> None:
    device, codes = enrolled(desk)
    for page in ("changelist", "change"):
        address = url(SecondFactor, page, *([device.pk] if page == "change" else []))
        text = desk.get(address).content.decode()
        assert device.key not in text
        assert not [code for code in codes if code in text]
    assert desk.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert desk.get("/admin/otp_static/staticdevice/").status_code == 404


def test_nobody_but_a_superuser_takes_one_away(desk: Client) -> None:
    device, _ = enrolled(desk)
    clerk = User.objects.create_user("clerk", is_staff=True)
    with override_settings(REQUIRE_SECOND_FACTOR=False):
        client = at_keyboard(clerk)
        assert client.post(url(SecondFactor, "delete", device.pk), {"post": "yes"}).status_code == 403
    assert TOTPDevice.objects.exists()


def test_setting_it_up_is_told_to_who_listens(desk: Client) -> None:
    heard: list[Any] = []

    def hear(**said: Any) -> None:
        heard.append(said["user"])

    second_factor_enrolled.connect(hear)
    enrolled(desk)
    second_factor_enrolled.disconnect(hear)
    assert heard == [User.objects.get()]


def test_the_command_helps_the_last_superuser(desk: Client) -> None:
    device, _ = enrolled(desk)
    out = StringIO()
    call_command("reset_second_factor", "chen", stdout=out)
    assert "已清除 chen 的第二验证" in out.getvalue()
    assert desk.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert again(device.user).get("/admin/", follow=True).redirect_chain[-1][0].startswith(ENROL)
    with pytest.raises(CommandError, match="没有“nobody”"):
        call_command("reset_second_factor", "nobody")


@override_settings(REQUIRE_SECOND_FACTOR=False)
def test_where_it_is_not_wanted_nobody_is_asked(desk: Client) -> None:
    assert desk.get("/admin/").status_code == 200
    assert desk.get(ENROL).status_code == 404


def test_somebody_without_a_password_yet_sees_the_sign_in_page_only(client: Client) -> None:
    for address in (ENTRANCE, ENROL, QR):
        assert client.get(address).headers["Location"].startswith("/admin/login/")
    superuser()
    assert sign_in(client, password=PASSWORD).headers["Location"] == "/admin/"
