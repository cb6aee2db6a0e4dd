"""Settings: a local start needs nothing, an unsafe production start is refused with the setting's name."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
NAMES = ("ENVIRONMENT", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL")
FOLDERS = ("PAPER_CACHE",)
REPLICAS = ("DATABASE_URL_REPLICA",)
DOOR = ("REQUIRE_SECOND_FACTOR", "PASSWORD_PROFILE")
BY_WSGI = ("SERVING",)
"""Set by config/wsgi.py, not by people."""
PUBLISHER = (
    "SITE_NAME",
    "SITE_ID_CODE",
    "SITE_SPONSOR",
    "SITE_OPERATOR",
    "SITE_CONTACT",
    "ICP_NUMBER",
    "POLICE_NUMBER",
    "ERROR_REPORT_URL",
)
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "$starts-with-a-dollar-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "yibao.example.gov.cn",
    "SITE_URL": "https://yibao.example.gov.cn",
    "DATABASE_URL": "postgres://yibao@db.example/yibao?sslmode=require",
}


def environment(values: dict[str, str]) -> dict[str, str]:
    """Every variable of ours; an empty one counts as missing and hides a developer's .env."""
    return dict.fromkeys(NAMES + FOLDERS + REPLICAS + DOOR + BY_WSGI + PUBLISHER, "") | values


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, Any]:
    """The settings as Django would load them with these variables."""
    for name, value in environment(values).items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(PROJECT / "config" / "settings.py"))


def test_a_local_start_needs_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings["DEBUG"] is False
    assert "127.0.0.1" in settings["ALLOWED_HOSTS"]
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings["SECRET_KEY"] == settings["INSECURE_LOCAL_SECRET_KEY"]
    assert settings["DATABASES"]["default"]["NAME"] == PROJECT / "var" / "db.sqlite3"
    assert settings["PAPER_CACHE"] == PROJECT / "var" / "paper"
    assert settings["SECURE_SSL_REDIRECT"] is False


def test_good_production_values_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, **PRODUCTION)
    assert settings["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    assert settings["ALLOWED_HOSTS"] == ["yibao.example.gov.cn"]
    assert settings["SITE_URL"] == "https://yibao.example.gov.cn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + "0123456789abcdefghijklmnopqrstuvwxyz"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "yibao.example.gov.cn,*"),
        ("SITE_URL", ""),
        ("SITE_URL", "http://yibao.example.gov.cn"),
        ("SITE_URL", "https://"),
        ("DATABASE_URL", ""),
        ("SITE_ID_CODE", "510000"),
        ("POLICE_NUMBER", "川公网安备"),
        ("ERROR_REPORT_URL", "javascript:alert(1)"),
    ],
)
def test_production_is_refused_and_only_the_bad_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        load(monkeypatch, **PRODUCTION | {name: value})
    assert [known for known in NAMES + PUBLISHER if known in str(refusal.value)] == [name]


def test_all_bad_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        load(monkeypatch, ENVIRONMENT="production", DEBUG="1")
    assert [name for name in NAMES if name in str(refusal.value)] == list(NAMES[1:])


def test_the_local_key_is_not_accepted_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    key = load(monkeypatch)["INSECURE_LOCAL_SECRET_KEY"]
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load(monkeypatch, **PRODUCTION | {"SECRET_KEY": key})


def test_a_misspelt_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT"):
        load(monkeypatch, **PRODUCTION | {"ENVIRONMENT": "prodution"})


def test_who_runs_the_site_is_nobody_until_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    local = load(monkeypatch)
    assert {local[name] for name in PUBLISHER} == {""}
    said = dict.fromkeys(PUBLISHER, "示例") | {
        "SITE_ID_CODE": "5100000001",
        "POLICE_NUMBER": "川公网安备51000000000001号",
        "ERROR_REPORT_URL": "https://example.gov.cn/?site_code=5100000001",
    }
    settings = load(monkeypatch, **PRODUCTION | said)
    assert {name: settings[name] for name in PUBLISHER} == said


def test_the_second_factor_is_wanted_in_production_unless_somebody_says_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(monkeypatch)["REQUIRE_SECOND_FACTOR"] is False
    assert load(monkeypatch, REQUIRE_SECOND_FACTOR="true")["REQUIRE_SECOND_FACTOR"] is True
    assert load(monkeypatch, **PRODUCTION)["REQUIRE_SECOND_FACTOR"] is True
    assert load(monkeypatch, **PRODUCTION, REQUIRE_SECOND_FACTOR="false")["REQUIRE_SECOND_FACTOR"] is False


def test_a_profile_of_password_rules_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="PASSWORD_PROFILE"):
        load(monkeypatch, PASSWORD_PROFILE="strict")


def test_cookies_of_production_belong_to_this_host_and_travel_by_tls_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load(monkeypatch, **PRODUCTION)
    for kind in ("SESSION", "CSRF"):
        assert settings[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert settings[f"{kind}_COOKIE_SECURE"] is settings[f"{kind}_COOKIE_HTTPONLY"] is True
        assert settings[f"{kind}_COOKIE_SAMESITE"] == "Lax"
        assert f"{kind}_COOKIE_DOMAIN" not in settings
        assert f"{kind}_COOKIE_PATH" not in settings


def test_the_header_of_nginx_is_believed_behind_nginx_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch)["BEHIND_NGINX"] is False
    assert load(monkeypatch, **PRODUCTION)["BEHIND_NGINX"] is True


def test_every_setting_is_explained_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    assert [
        name for name in NAMES + FOLDERS + REPLICAS + DOOR + PUBLISHER if f"| `{name}` |" not in readme
    ] == []


@pytest.mark.parametrize("url", ["mysql://db/yibao", "oracle://db/yibao"])
def test_another_database_engine_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        load(monkeypatch, DATABASE_URL=url)


def test_sqlite_waits_for_a_writer_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    database = load(monkeypatch, DATABASE_URL="sqlite:////srv/yibao.db")["DATABASES"]["default"]
    assert database["NAME"] == "/srv/yibao.db"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_sqlite_keeps_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch)["DATABASES"]["default"]["CONN_MAX_AGE"] > 0


@pytest.mark.parametrize("serving", ["", "1"])
def test_postgresql_keeps_a_checked_pool_and_the_options_of_its_url(
    monkeypatch: pytest.MonkeyPatch, serving: str
) -> None:
    databases = load(monkeypatch, **PRODUCTION, SERVING=serving)["DATABASES"]
    for database in databases.values():
        assert database["CONN_HEALTH_CHECKS"] is True
        assert database["CONN_MAX_AGE"] == 0
        assert database["OPTIONS"]["pool"]["timeout"] <= (2 if serving else 10)
        assert database["OPTIONS"]["sslmode"] == "require"


def test_who_waits_for_an_answer_waits_less_than_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = load(monkeypatch, **PRODUCTION)["DATABASES"]
    assert set(commands) == {"default"}
    served = load(monkeypatch, **PRODUCTION, SERVING="1")["DATABASES"]
    waits = [limits(database) for database in (served["readers"], served["default"], commands["default"])]
    for name in ("lock_timeout", "statement_timeout"):
        short, longer, longest = (each[name] for each in waits)
        assert short < longer < longest
    assert waits[0]["lock_timeout"] + served["readers"]["OPTIONS"]["pool"]["timeout"] * 1000 <= 3000
    assert waits[0]["statement_timeout"] <= 3000


def limits(database: dict[str, Any]) -> dict[str, int]:
    """The limits of a connection, in milliseconds."""
    given = database["OPTIONS"]["options"].replace("-c ", "").split()
    return {name: int(value) for name, value in (each.split("=") for each in given)}


def test_public_pages_are_read_from_the_replicas_in_their_order_and_from_the_primary_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replicas = (
        "postgres://yibao@one.example,two.example/yibao?sslmode=require, postgres://yibao@three.example/yibao"
    )
    settings = load(monkeypatch, **PRODUCTION, SERVING="1", DATABASE_URL_REPLICA=replicas)
    assert settings["READING_DATABASES"] == ["replica_1", "replica_2", "readers"]
    hosts = [settings["DATABASES"][name]["HOST"] for name in settings["READING_DATABASES"]]
    assert hosts == ["one.example,two.example", "three.example", "db.example"]
    assert settings["DATABASES"]["replica_1"]["OPTIONS"]["sslmode"] == "require"
    assert settings["DATABASE_ROUTERS"] == ["guides.ready.databases.Router"]
    assert settings["DATABASES"]["default"]["OPTIONS"]["target_session_attrs"] == "read-write"


def test_commands_know_the_primary_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, **PRODUCTION, DATABASE_URL_REPLICA="postgres://yibao@replica.example/yibao")
    assert set(settings["DATABASES"]) == {"default"}
    assert settings["READING_DATABASES"] == ["default"]


@pytest.mark.parametrize(
    "urls",
    [
        {"DATABASE_URL": "", "DATABASE_URL_REPLICA": "postgres://yibao@replica.example/yibao"},
        {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "DATABASE_URL_REPLICA": "sqlite:////srv/replica.db"},
        {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "DATABASE_URL_REPLICA": "replica.example"},
    ],
)
def test_only_postgresql_has_replicas(monkeypatch: pytest.MonkeyPatch, urls: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL_REPLICA"):
        load(monkeypatch, **urls)


def test_the_deployment_check_has_nothing_to_say_about_good_settings() -> None:
    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=DEBUG"],
        cwd=PROJECT,
        # The browser tests set the last one for this process; it is no part of a deployment.
        env=os.environ | environment(PRODUCTION) | {"DJANGO_ALLOW_ASYNC_UNSAFE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout
