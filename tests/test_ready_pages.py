"""Pages kept ready: the same bytes without Django, and new ones as soon as what they say has changed."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import brotli
import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError
from django.db.models.signals import pre_init
from pytest_django import DjangoAssertNumQueries

from guides.editing import apply_guide, apply_office, delete_entry, save_entry
from guides.models import Alias, Guide, Stamp
from guides.ready import ReadyPages
from guides.ready.shelf import Page, Shelf
from guides.ready.watching import Seen
from guides.sheets.shelf import site_shelf
from tests.cast import Cast, assemble

pytestmark = pytest.mark.usefixtures("one_connection")
XUANHAN = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
DAZHU = "/guides/dazhou/zhuyuan-baoxiao/dazhu/"
ENROLMENT = "/guides/dazhou/zhigong-canbao/xuanhan/"


class Answer(NamedTuple):
    """What a reader gets."""

    status: int
    headers: dict[str, str]
    body: bytes


class Site:
    """The site behind its ready pages, and how often Django was asked."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.asked = 0
        self.ready = ReadyPages(self._ask_django)
        self.ready.watch.begin = self._look  # type: ignore[method-assign]

    def _ask_django(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self.django(environ, start_response)

    def _look(self) -> Seen:
        return self.ready.watch.seen

    def get(self, url: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address; headers as in the WSGI environment."""
        path, _, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        began: list[Any] = []
        chunks = self.ready(environ, lambda *said: began.extend(said))
        body = b"".join(chunks)
        return Answer(int(began[0].split()[0]), dict(began[1]), body)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def site(cast: Cast) -> Site:
    """A site whose worker looks for changes when the test says so."""
    made = Site()
    made.ready.watch.look()
    return made


def test_the_second_reader_gets_the_same_bytes_without_django_or_database(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = site.get(XUANHAN)
    with django_assert_num_queries(0):
        assert site.get(XUANHAN) == first
    assert site.asked == 1
    assert first.status == 200
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert int(first.headers["Content-Length"]) == len(first.body)


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, deflate, br", "br"), ("gzip;q=0.8", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_a_page_is_compressed_as_the_browser_likes(site: Site, accepted: str, coding: str) -> None:
    plain, coded = site.get(XUANHAN), site.get(XUANHAN, HTTP_ACCEPT_ENCODING=accepted)
    assert coded.headers["Content-Encoding"] == coding
    decode = brotli.decompress if coding == "br" else gzip.decompress
    assert decode(coded.body) == plain.body
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert site.asked == 1


def test_who_has_the_page_already_is_told_so(site: Site) -> None:
    page = site.get(XUANHAN)
    again = site.get(XUANHAN, HTTP_IF_NONE_MATCH=f'"other", {page.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == page.headers["ETag"]
    assert "Content-Security-Policy" in again.headers
    assert site.get(XUANHAN, HTTP_IF_NONE_MATCH='"other"').status == 200
    assert site.get(XUANHAN, HTTP_IF_MODIFIED_SINCE=page.headers["Last-Modified"]).status == 304


def another_process() -> Site:
    """A worker of this or of another server, just started."""
    made = Site()
    made.ready.watch.look()
    return made


def test_who_has_the_page_is_told_so_by_a_process_that_has_not_made_it(
    site: Site, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = site.get(XUANHAN, HTTP_ACCEPT_ENCODING="br")
    known = {"HTTP_ACCEPT_ENCODING": "br", "HTTP_IF_NONE_MATCH": f'"other", {page.headers["ETag"]}'}
    other = another_process()
    with django_assert_num_queries(0):
        again = other.get(XUANHAN, **known)
    assert (again.status, again.body) == (304, b"")
    assert again.headers == {
        name: value
        for name, value in page.headers.items()
        if name not in {"Content-Type", "Content-Length", "Content-Encoding"}
    }
    assert (
        other.get(XUANHAN, **known | {"HTTP_ACCEPT_ENCODING": "gzip"}).status == 200
    )  # he has another form of it
    assert other.get(DAZHU, **known).status == 200
    assert another_process().get(XUANHAN, HTTP_COOKIE="display=large", **known).status == 200
    apply_guide({**cast.inpatient.document(), "audience": "新的受理对象。"})
    assert another_process().get(XUANHAN, **known).status == 200


def test_a_star_names_no_page_that_is_not_there(site: Site) -> None:
    assert site.get("/guides/dazhou/nothing/", HTTP_IF_NONE_MATCH="*").status == 404
    assert site.get(XUANHAN, HTTP_IF_NONE_MATCH="*").status == 304


def test_without_any_stamp_a_page_is_known_by_its_bytes(site: Site) -> None:
    Stamp.objects.all().delete()
    other = another_process()
    page = other.get(XUANHAN)
    assert another_process().get(XUANHAN, HTTP_IF_NONE_MATCH=page.headers["ETag"]).status == 304
    Guide.objects.update(audience="没有人说过改了。")
    assert another_process().get(XUANHAN, HTTP_IF_NONE_MATCH=page.headers["ETag"]).status == 200


def test_head_has_the_headers_alone(site: Site) -> None:
    head = site.get(XUANHAN, method="HEAD")
    page = site.get(XUANHAN)
    assert (head.status, head.headers, head.body) == (200, page.headers, b"")
    assert site.asked == 1


def test_an_edit_is_seen_at_the_next_look_and_other_pages_stay(site: Site, cast: Cast) -> None:
    old, other, place = site.get(XUANHAN), site.get(ENROLMENT), site.get(DAZHU)
    document = Guide.objects.with_details().get(pk=cast.inpatient.pk).document()
    apply_guide({**document, "audience": "换成了新的服务对象。"})
    assert site.get(XUANHAN) == old
    site.ready.watch.look()
    new = site.get(XUANHAN)
    assert "换成了新的服务对象。".encode() in new.body
    assert new.headers["ETag"] != old.headers["ETag"]
    assert "换成了新的服务对象。".encode() in site.get(DAZHU).body
    made = site.asked
    assert site.get(ENROLMENT) == other
    assert site.asked == made
    assert place.body != site.get(DAZHU).body


def test_a_number_changed_at_an_office_changes_its_guides(site: Site, cast: Cast) -> None:
    site.get(XUANHAN)
    office = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).office
    document = office.document()
    document["phones"][0]["number"] = "0818-7654321"
    apply_office(document)
    site.ready.watch.look()
    assert b"0818-7654321" in site.get(XUANHAN).body


def test_a_guide_that_is_withdrawn_is_gone_at_the_next_look(site: Site, cast: Cast) -> None:
    assert site.get(XUANHAN).status == 200
    document = Guide.objects.with_details().get(pk=cast.inpatient.pk).document()
    apply_guide(document, status="withdrawn")
    site.ready.watch.look()
    assert site.get(XUANHAN).status in (404, 410)
    assert site.get("/guides/").status == 200
    assert "住院费用报销（达州市）".encode() not in site.get("/guides/?city=dazhou").body


def test_what_belongs_to_the_whole_site_changes_every_page(site: Site, cast: Cast) -> None:
    site.get(ENROLMENT)
    alias = Alias(matter=cast.inpatient.matter, text="住院怎么报")
    save_entry(alias)
    site.ready.watch.look()
    site.get(ENROLMENT)
    assert site.asked == 2
    delete_entry(alias)
    site.ready.watch.look()
    site.get(ENROLMENT)
    assert site.asked == 3


def test_parameters_no_page_knows_make_no_page_of_their_own(site: Site) -> None:
    plain = site.get(XUANHAN)
    for query in ("utm_source=x", "a1=b&b2=c", "%ff=%00", "=&&;"):
        assert site.get(f"{XUANHAN}?{query}") == plain
    assert site.asked == 1


@pytest.mark.parametrize("path", [XUANHAN, "/data/guides.json", "/offices/dazhou/", f"{XUANHAN}sheet.pdf"])
def test_parameters_that_this_page_does_not_read_make_no_page_of_their_own(site: Site, path: str) -> None:
    plain = site.get(path)
    for number in range(30):
        assert site.get(f"{path}?city={number}&county=x&q=y&page={number}") == plain
    assert site.asked == len(site.ready.pages) + len(site.ready.papers) == 1
    assert not len(site.ready.questions)


def test_choices_without_end_cannot_push_out_the_pages(site: Site) -> None:
    site.get("/matters/zhuyuan-baoxiao/?city=dazhou")
    site.get("/matters/zhuyuan-baoxiao/?city=suining&city=dazhou")
    assert (len(site.ready.pages), len(site.ready.questions)) == (1, 1)


def test_every_mode_is_a_page_of_its_own_and_a_made_up_one_is_none(site: Site) -> None:
    plain = site.get(XUANHAN)
    large = site.get(XUANHAN, HTTP_COOKIE="a=b; display=large")
    assert b'data-size="large"' in large.body
    assert site.get(XUANHAN, HTTP_COOKIE="display=enormous; x=display=large") == plain
    assert site.asked == 2


def test_what_visitors_write_cannot_push_out_the_pages(site: Site) -> None:
    site.get(XUANHAN)
    room = site.ready.questions.room
    site.ready.questions.room = 400_000
    for number in range(30):
        site.get(f"/guides/?q=word{number}")
    assert len(site.ready.pages) == 1
    assert site.ready.questions.taken <= 400_000 < room


@pytest.mark.parametrize(
    "url",
    [
        "/nowhere/",
        "/guides/dazhou/nothing/",
        "/admin/login/",
        "/display/?mode=large",
        "/guides/?city=nowhere",
    ],
)
def test_what_is_no_page_is_not_kept(site: Site, url: str) -> None:
    site.get(url)
    site.get(url)
    assert len(site.ready.pages) == len(site.ready.questions) == 0


def test_a_host_that_is_not_ours_gets_no_page_and_leaves_none(site: Site) -> None:
    site.get(XUANHAN)
    assert site.get(XUANHAN, HTTP_HOST="evil.example").status == 400
    assert len(site.ready.pages) == 1


def test_readers_go_on_while_the_database_is_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page = site.get(XUANHAN)

    def refuse(*_: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(site.ready.watch, "look", refuse)
    site.ready.watch._look_quietly()  # noqa: SLF001 - what the thread does once a second
    assert site.get(XUANHAN) == page


def test_nobody_waits_for_a_missing_file_or_a_probe_while_the_database_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(site.ready.watch, "answers", lambda database: False)
    site.ready.watch.looked.set()
    with django_assert_num_queries(0):
        assert site.get("/static/nothing.css").status == 503
        assert site.get("/readyz").status == 503
        assert site.get("/healthz").status == 200


@pytest.fixture
def edit_while_a_page_is_made(cast: Cast) -> Iterator[list[int]]:
    """An editor saves as soon as the guide has been read, so often."""
    times, busy = [1], list[bool]()

    def save(**_: Any) -> None:
        if times[0] and not busy:
            times[0] -= 1
            busy.append(True)
            document = Guide.objects.with_details().get(pk=cast.inpatient.pk).document()
            apply_guide({**document, "audience": f"还剩 {times[0]} 次。"})
            busy.clear()

    pre_init.connect(save, sender=Guide)
    yield times
    pre_init.disconnect(save, sender=Guide)


def test_a_page_made_during_an_edit_is_made_again(site: Site, edit_while_a_page_is_made: list[int]) -> None:
    assert "还剩 0 次。".encode() in site.get(XUANHAN).body


def test_a_page_that_edits_never_leave_alone_is_shown_and_not_kept(
    site: Site, edit_while_a_page_is_made: list[int]
) -> None:
    edit_while_a_page_is_made[0] = 100
    answer = site.get(XUANHAN)
    assert answer.status == 200
    assert "X-Content-Changed" not in answer.headers
    assert len(site.ready.pages) == 0


def test_numbers_of_stamps_only_grow(cast: Cast) -> None:
    before = Stamp.objects.newest()
    save_entry(Alias(matter=cast.inpatient.matter, text="甲"))
    save_entry(Alias(matter=cast.inpatient.matter, text="乙"))
    assert Stamp.objects.newest() == before + 2
    assert [stamp.number for stamp in Stamp.objects.since(before + 1)] == [before + 2] * 2


def test_a_shelf_holds_no_more_than_its_room_and_the_longest_unused_goes() -> None:
    shelf = Shelf(100_000)
    page = Page([], b"x" * 1000, {}, "")
    for number in range(100):
        shelf.put((str(number),), page)
        shelf.get(("0",))
    assert shelf.taken <= 100_000
    assert shelf.get(("0",)) is page
    assert shelf.get(("1",)) is None
    shelf.put(("huge",), Page([], b"x" * 60_000, {}, ""))
    assert shelf.get(("huge",)) is None


def test_a_paper_is_set_once_a_day_and_sent_as_it_is(site: Site, cast: Cast) -> None:
    address = f"{XUANHAN}sheet.pdf"
    with time_machine.travel(datetime(2026, 11, 20, 2, tzinfo=UTC), tick=False):
        first = site.get(address, HTTP_ACCEPT_ENCODING="gzip, br")
        assert first.status == 200
        assert first.body.startswith(b"%PDF-")
        assert "Content-Encoding" not in first.headers
        assert "Last-Modified" not in first.headers
        assert site.get(address).body == first.body
        assert site.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"]).status == 304
        assert site.asked == 1
    with time_machine.travel(datetime(2026, 11, 21, 2, tzinfo=UTC), tick=False):
        assert site.get(address).body != first.body
        assert site.asked == 2


def test_a_paper_that_another_process_has_had_set_is_taken_from_the_shelf(site: Site, cast: Cast) -> None:
    address = f"{XUANHAN}sheet.pdf"
    first, other = site.get(address), another_process()
    found = other.get(address)
    assert (found.body, found.headers, other.asked) == (first.body, first.headers, 0)
    assert other.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"]).status == 304
    assert site.get(f"{XUANHAN}sheet.pdf?size=large").body != first.body


def test_a_noted_paper_is_of_its_day_its_content_and_its_program(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{XUANHAN}sheet.pdf"
    site.get(address)

    def asked_of_another_process() -> bool:
        other = another_process()
        assert other.get(address).status == 200
        return other.asked == 1

    assert not asked_of_another_process()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert asked_of_another_process()
    apply_guide({**cast.inpatient.document(), "audience": "新的受理对象。"})
    assert asked_of_another_process()
    assert not asked_of_another_process()
    Stamp.objects.update(
        changed_at=datetime(2020, 1, 1, tzinfo=UTC)
    )  # the same number once more, after a restored backup
    assert asked_of_another_process()
    monkeypatch.setattr("guides.ready.marks.program", lambda: "the next release")
    assert asked_of_another_process()


def test_without_its_paper_or_cut_off_a_note_is_worth_nothing(site: Site, cast: Cast) -> None:
    address = f"{XUANHAN}sheet.pdf"
    first = site.get(address)
    shelf = site_shelf().folder
    for file in shelf.glob("*.page"):
        file.write_text(file.read_text()[:-3])
    other = another_process()
    assert (other.get(address).body, other.asked) == (first.body, 1)
    for file in shelf.glob("*.pdf"):
        file.unlink()
    other = another_process()
    assert (other.get(address).status, other.asked) == (200, 1)


class Stream:
    """A body as Django's ``StreamingHttpResponse`` gives it: made while it is sent."""

    streaming = True

    def __init__(self) -> None:
        self.made = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(3):
            self.made += 1
            yield b"part"

    def close(self) -> None:
        self.is_closed = True


def test_a_body_that_is_streamed_is_passed_on_as_it_is_made(site: Site) -> None:
    stream = Stream()

    def application(environ: Any, start_response: Any) -> Stream:
        start_response("200 OK", [("Content-Type", "application/json")])
        return stream

    site.ready.application = application
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/data/guides.json", "QUERY_STRING": ""}
    chunks = iter(site.ready(environ, lambda *_: None))
    assert next(chunks) == b"part"
    assert stream.made == 1
    assert list(chunks) == [b"part", b"part"]
    assert stream.is_closed
    assert len(site.ready.pages) == 0


def test_who_has_what_is_too_long_to_be_held_is_told_so_until_an_edit(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("guides.views.data.FEW", 1)
    data = site.get("/data/guides.json", HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Length" not in data.headers
    assert len(json.loads(data.body)) == Guide.objects.published().count()
    known = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_IF_NONE_MATCH": data.headers["ETag"]}
    other = another_process()
    with django_assert_num_queries(0):
        again = other.get("/data/guides.json", **known)
    assert (again.status, again.body) == (304, b"")
    assert again.headers == {name: value for name, value in data.headers.items() if name != "Content-Type"}
    apply_guide({**cast.inpatient.document(), "audience": "新的受理对象。"})
    edited = another_process().get("/data/guides.json", **known)
    assert edited.status == 200
    assert edited.headers["ETag"] != data.headers["ETag"]
    assert "新的受理对象。" in edited.body.decode()


def test_a_text_that_no_list_shows_leaves_the_lists_ready(site: Site, cast: Cast) -> None:
    lists = ("/", "/guides/", "/guides/?city=dazhou&county=xuanhan")
    others = ("/guides/?q=住院", "/matters/zhuyuan-baoxiao/", "/data/guides.json", ENROLMENT)
    for address in (*lists, *others):
        site.get(address)
    document = Guide.objects.with_details().get(pk=cast.enrolment.pk).document()
    apply_guide(document | {"audience": "所有单位"})
    site.ready.watch.look()
    asked = site.asked
    for address in lists:
        site.get(address)
    assert site.asked == asked
    for address in others:
        site.get(address)
    assert site.asked == asked + len(others)
    apply_guide(
        document | {"time_limits": [{"applies_to": "", "kind": "instant", "days": None, "text": "马上办结"}]}
    )
    site.ready.watch.look()
    assert "马上办结" in site.get("/guides/?city=dazhou&county=xuanhan").body.decode()
