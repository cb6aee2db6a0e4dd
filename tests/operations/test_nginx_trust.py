"""What a client says of itself reaches nobody, and the log says nothing of what people look for."""

from __future__ import annotations

import json
from http.client import RemoteDisconnected

import pytest

from tests.operations.web_server import GUIDE, HOST, Said, WebServer, access_lines


def test_what_a_client_says_of_itself_is_written_over(site: WebServer) -> None:
    lies = {
        "X_Forwarded_For": "1.2.3.4",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "99",
        "X_Real_IP": "1.2.3.4",
        "X_Original_URL": "/evil/",
        "X_Rewrite_URL": "/evil/",
        "Forwarded": "for=1.2.3.4",
        "X_Request_ID": "mine",
        "Proxy": "evil",
    }
    for target in (GUIDE, "/admin/"):
        site.get(target, **lies)
    for asked in site.app.asked:
        told = asked.headers
        assert (told["Host"], told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == (
            "yibao.example",
            "127.0.0.1",
            "http",
        )
        assert len(told["X-Request-ID"]) == 32
        emptied = {"X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL"}
        assert not (emptied | {"Forwarded", "Proxy"}) & set(told)


def test_another_host_gets_no_answer(site: WebServer) -> None:
    for host in ("evil.example", "127.0.0.1", "www.yibao.example"):
        with pytest.raises(RemoteDisconnected):
            site.get("/", Host=host)
    assert not site.app.asked


def test_the_log_says_nothing_of_what_people_look_for(site: WebServer) -> None:
    site.get("/guides/?q=secret", Cookie="sessionid=secret", Referer="http://secret/", Authorization="secret")
    site.get("/admin/login/", "POST", body="password=secret")
    lines = access_lines(site, 2)
    assert len(lines) == 2
    assert '"path":"/guides/"' in lines[0]
    assert "secret" not in "".join(lines)


def test_one_name_is_in_the_answer_in_the_log_and_with_the_application(site: WebServer) -> None:
    (site.static / "base.css").write_text("body{}", "utf-8")
    answers = [site.get(target, X_Request_ID="0" * 32) for target in (GUIDE, "/admin/", "/nothing.pdf")]
    told = [asked.headers["X-Request-ID"] for asked in site.app.asked]
    said = [answer.headers["x-request-id"] for answer in answers]
    noted = [json.loads(line)["id"] for line in access_lines(site, 3)]
    assert told == said == noted
    assert len(set(said)) == 3
    assert "0" * 32 not in said
    assert len(site.get("/static/base.css").headers["x-request-id"]) == 32


def test_no_request_forges_a_line_of_the_log(site: WebServer) -> None:
    forged = "/a%0a%7B%22id%22:%22forged%22%7D%0d%e2%80%a8%1b"
    site.get(forged)
    site.get("/guides/", User_Agent='x"}\t{', Referer='"}')
    lines = access_lines(site, 2)
    assert [json.loads(line)["path"] for line in lines] == [forged, "/guides/"]


def test_a_request_for_another_host_is_not_answered_however_it_is_written(site: WebServer) -> None:
    for lines in (
        f"GET http://evil.example/guides/ HTTP/1.1\r\nHost: {HOST}\r\n",
        "GET /guides/ HTTP/1.0\r\n",
        f"GET /guides/ HTTP/1.1\r\nHost: evil.{HOST}\r\n",
    ):
        assert site.raw(lines) == "", lines
    for lines in (
        f"GET /guides/ HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\n",
        f"GET /guides/ HTTP/1.1\r\nHost: {HOST}\r\nHost: {HOST}\r\n",
        "GET /guides/ HTTP/1.1\r\n",
    ):
        answer = site.raw(lines)
        assert answer == "" or answer.startswith("HTTP/1.1 400"), lines
        assert "evil" not in answer
    assert not site.app.asked


def test_what_is_no_http_gets_the_chinese_page_or_nothing_but_never_a_version(site: WebServer) -> None:
    for lines in (
        "GET /%zz HTTP/1.1\r\nHost: x\r\n",
        f"GET /guides/../../x HTTP/1.1\r\nHost: {HOST}\r\n",
        "GET /" + "a" * 40_000 + f" HTTP/1.1\r\nHost: {HOST}\r\n",
        f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX: " + "a" * 40_000 + "\r\n",
        f"GET / HTTP/9.9\r\nHost: {HOST}\r\n",
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: evil\r\n",
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: x\r\n",
        "GARBAGE\r\n",
    ):
        answer = site.raw(lines)
        assert answer == "" or "static standard" in answer, (lines[:60], answer[:200])
        assert "nginx/" not in answer
        assert "<html>" not in answer


def test_lies_about_the_host_are_not_kept_for_others(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=" ".join(f"{k}={v}" for k, v in sorted(asked.headers.items())))
    lied = site.get(
        GUIDE,
        X_Forwarded_Host="evil.example",
        X_Original_URL="/evil",
        X_Rewrite_URL="/evil",
        Forwarded="host=evil.example",
        Content_Type="text/html; charset=evil",
        Accept_Language="evil",
        Authorization="evil",
    )
    assert "evil" not in lied.body
    site.app.stop()
    assert site.get(GUIDE).body == lied.body
