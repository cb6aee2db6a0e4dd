"""deploy/nginx in front of an application that a test steers: what is kept, and for whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event
from time import monotonic

from tests.operations.web_server import GUIDE, HOST, Asked, Said, WebServer, kept_in


def test_a_page_is_kept_and_the_application_only_asked_whether_it_changed(site: WebServer) -> None:
    def answer(asked: Asked) -> Said:
        is_known = asked.headers.get("If-None-Match") == '"one"'
        return Said(304 if is_known else 200, "" if is_known else "the page", {"ETag": '"one"'})

    site.app.answer = answer
    answers = []
    until = monotonic() + 20
    while (
        len(site.app.asked) < 3 and monotonic() < until
    ):  # a busy machine answers while the question before is on its way
        answers.append(site.get(GUIDE))
    assert {answer.body for answer in answers} == {"the page"}
    assert "x-accel-expires" not in answers[0].headers
    assert [asked.headers.get("If-None-Match") for asked in site.app.asked] == [None, '"one"', '"one"']
    assert site.get(GUIDE, If_None_Match='"one"').status == 304


def test_an_edit_and_a_takedown_are_seen_at_once_and_stay_when_the_application_goes(site: WebServer) -> None:
    for said in (Said(body="old"), Said(body="new"), Said(410, "withdrawn")):
        site.app.answer = lambda _, said=said: said  # type: ignore[misc]
        answer = site.get(GUIDE)
        assert (answer.status, answer.body) == (said.status, said.body)
        assert kept_in(site) == 1
    site.app.stop()
    assert (site.get(GUIDE).status, site.get(GUIDE).body) == (410, "withdrawn")


def test_a_crowd_waits_for_one_question_to_the_application(site: WebServer) -> None:
    site.get(GUIDE)
    others_are_answered = Event()
    site.app.answer = lambda _: Said(body="page again", after=others_are_answered)
    with ThreadPoolExecutor(20) as crowd:
        answers = as_completed([crowd.submit(site.get, GUIDE) for _ in range(20)])
        bodies = [next(answers).result().body for _ in range(19)]
        others_are_answered.set()
        assert bodies == [f"page {GUIDE}"] * 19
        assert next(answers).result().body == "page again"
    assert len(site.app.asked) == 2


def test_arguments_that_no_page_knows_make_no_entry(site: WebServer) -> None:
    for query in (
        "from=singlemessage&isappinstalled=0",
        "utm_source=wechat",
        "CITY=x",
        "x",
        "_=1&b.c=%2F..%2F",
    ):
        for target in ("/guides/", "/guides/?city=dazhou"):
            site.get(f"{target}{'&' if '?' in target else '?'}{query}")
    assert kept_in(site) == 2
    site.app.stop()
    assert site.get("/guides/").body.startswith("page /guides/")
    assert site.get("/guides/?city=dazhou").body.startswith("page /guides/?city=dazhou&")


def test_pages_of_a_place_are_kept_as_long_as_others_and_questions_are_not(site: WebServer) -> None:
    of_places = {
        "/?city=dazhou",
        "/guides/?city=dazhou&county=xuanhan",
        "/materials/?city=dazhou",
        "/sitemap/?city=dazhou",
        "/life-events/shengbing/?city=dazhou&county=xuanhan",
        "/paths/yidi/?city=dazhou",
        "/matters/zhuyuan-baoxiao/?city=dazhou",
    }
    questions = {
        "/guides/?city=dazhou&q=zhuyuan",
        "/guides/?city=dazhou&county=xuanhan&page=2",
        "/guides/?county=xuanhan",
        "/guides/?city=dazhou&city=suining",
        "/guides/?city=dazhou%20",
        "/matters/zhuyuan-baoxiao/?city=dazhou&county=anything",
        "/sitemap.xml?city=anything",
        f"{GUIDE}?city=anything",
    }
    for target in of_places | questions:
        site.get(target)
    site.get("/guides/?city=dazhou&county=xuanhan&utm_source=wechat")
    assert kept_in(site) == len(of_places | questions)
    assert keys_in(site, "pages") == {f"{HOST}{target} standard " for target in of_places}
    assert keys_in(site, "questions") == {f"{HOST}{target} standard " for target in questions}


def keys_in(site: WebServer, zone: str) -> set[str]:
    """Under what nginx keeps the answers of a zone, as it writes at the head of each file."""
    files = [path for path in (site.folder / "cache" / zone).rglob("*") if path.is_file()]
    return {path.read_bytes().split(b"\nKEY: ", 1)[1].split(b"\n", 1)[0].decode() for path in files}


def test_an_address_written_in_another_way_is_neither_kept_nor_answered_from_what_is_kept(
    site: WebServer,
) -> None:
    site.get("/guides/")
    for target in (
        "/guides/?%63ity=dazhou",
        "/guides/?utm=1&city=dazhou",
        "/guides/?&city=dazhou",
        "/guides/?a+b=1",
        "/guides/?x;city=dazhou",
        "/guides//",
        "/guides/%2e%2e/guides/",
        "/guides/%3Fcity=dazhou",
        "/guides/./",
        "/GUIDES/../guides/",
        "/guides/?q=" + "a" * 1100,
    ):
        assert site.get(target).body == f"page {target}"
    assert kept_in(site) == 1
    assert site.get("/guides/").body == "page /guides/"


def test_each_display_mode_has_its_own_page_and_other_cookies_change_nothing(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Cookie", "standard"))
    cookies = {
        "": "standard",
        "sessionid=secret": "standard",
        "display=huge": "standard",
        "display=large": "display=large",
        "a=b; display=large-contrast; sessionid=secret": "display=large-contrast",
        "display=contrast": "display=contrast",
    }
    assert {cookie: site.get(GUIDE, Cookie=cookie).body for cookie in cookies} == cookies
    assert kept_in(site) == 4


def test_each_coding_has_its_own_page_and_there_are_three(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Accept-Encoding", "none"))
    accepted = {
        "": "none",
        "identity": "none",
        "gzip, deflate, br": "br",
        "br;q=0, gzip": "gzip",
        "gzip;q=0.5": "gzip",
    }
    assert {coding: site.get(GUIDE, Accept_Encoding=coding).body for coding in accepted} == accepted
    assert kept_in(site) == 3


def test_what_is_for_one_reader_or_not_a_page_is_not_kept(site: WebServer) -> None:
    for said in (
        Said(headers={"Set-Cookie": "sessionid=1"}),
        Said(headers={"Cache-Control": "private"}),
        Said(headers={"Cache-Control": "max-age=0, no-store"}),
        Said(404),
        Said(500),
    ):
        site.app.answer = lambda _, said=said: said  # type: ignore[misc]
        assert "set-cookie" not in site.get(GUIDE).headers
        assert not kept_in(site), said


def test_forms_and_the_desk_are_passed_on_with_their_cookies_and_never_kept(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Cookie", ""), headers={"Set-Cookie": "a=b"})
    for target, method in [
        ("/admin/", "GET"),
        ("/admin/login/", "POST"),
        ("/display/?mode=large", "GET"),
        ("/search/suggest/?q=zy", "GET"),
        (GUIDE, "POST"),
    ]:
        for _ in range(2):
            answer = site.get(target, method, Cookie="sessionid=1")
            assert (answer.status, answer.body) == (200, "sessionid=1"), target
            assert answer.headers["set-cookie"] == "a=b"
    assert len(site.app.asked) == 10
