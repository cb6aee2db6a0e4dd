"""Search on the pages: reasons, readings, nothing found, suggestions, and the count of what was not found."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guides.editing import save_entry
from guides.models import Alias, Matter, Posting, UnfoundQuery
from guides.search.finding import find
from tests.cast import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handbooks")]


def test_a_result_says_why_it_matches(client: Client) -> None:
    page = client.get("/guides/?q=医保卡里的钱").content.decode()
    assert "也叫：" in page
    assert "<mark>" in page


def test_results_come_best_first_with_both_cities(client: Client) -> None:
    page = client.get("/guides/?q=看病报销").content.decode()
    first, second = (
        page.index("/guides/suining/zhuyuan-baoxiao/"),
        page.index("/guides/dazhou/zhuyuan-baoxiao/"),
    )
    assert first < second
    assert "/guides/dazhou/menzhen-baoxiao/" in page


def test_a_reading_is_said_and_the_literal_search_offered(client: Client) -> None:
    page = client.get("/guides/?q=生玉津贴").content.decode()
    assert "按“<strong>生育津贴</strong>”查找" in page
    assert "literal=1" in page
    literal = text_of(client.get("/guides/?q=生玉津贴&literal=1"))
    assert "共 0 项" in literal


def test_nothing_found_offers_shelves_and_the_countys_phones(client: Client) -> None:
    text = text_of(client.get("/guides/?q=驾照换证&city=dazhou&county=xuanhan"))
    assert "没有找到“驾照换证”" in text
    assert "参保登记" in text
    assert "0818-5872688" in text


def test_offices_are_found_in_the_same_box(client: Client) -> None:
    page = client.get("/guides/?q=宣汉县窗口").content.decode()
    assert 'href="/offices/dazhou/xuanhan/">宣汉县医保窗口' in page


def test_suggestions_are_short_and_may_be_cached(client: Client) -> None:
    response = client.get("/search/suggest/?q=shengyu")
    assert "生育津贴支付" in [entry["label"] for entry in response.json()]
    assert "public" in response.headers["Cache-Control"]
    assert client.get("/search/suggest/?q=").json() == []
    assert client.get("/search/suggest/?q=%00").json() == []


def test_only_words_that_find_nothing_are_counted(client: Client) -> None:
    for words in ("驾照换证", "驾照换证", "住院报销", "", "长" * 80):
        assert client.post("/search/unfound/", {"q": words}).status_code == 204
    assert list(UnfoundQuery.objects.values_list("words", "times")) == [("驾照换证", 2)]
    UnfoundQuery.objects.all().delete()


def test_looking_for_something_writes_nothing(client: Client) -> None:
    client.get("/guides/?q=驾照换证")
    assert not UnfoundQuery.objects.exists()


def test_an_editor_makes_an_alias_of_what_was_not_found(client: Client) -> None:
    UnfoundQuery.objects.create(words="驾照换证")
    client.force_login(User.objects.create_superuser("editor"))
    page = client.get("/admin/guides/unfoundquery/").content.decode()
    assert "/admin/guides/alias/add/?text=%E9%A9%BE" in page
    assert 'value="驾照换证"' in client.get("/admin/guides/alias/add/?text=驾照换证").content.decode()
    UnfoundQuery.objects.all().delete()


def test_a_new_alias_is_found_at_once() -> None:
    assert not find("糯米团子").sure
    save_entry(Alias(matter=Matter.objects.get(slug="zhuyuan-baoxiao"), text="糯米团子"))
    assert find("糯米团子").matters[0].slug == "zhuyuan-baoxiao"
    Alias.objects.get(text="糯米团子").delete()


def test_a_bare_database_gets_its_postings_at_the_first_search() -> None:
    Posting.objects.all().delete()
    assert find("住院费用报销").matters[0].slug == "zhuyuan-baoxiao"
