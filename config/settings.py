"""Settings: the only place that reads the environment.

Variables come from the environment, or from an optional file ``.env`` beside ``manage.py``; the
environment wins, and an empty value counts as missing. A local start needs none of them. A
production start is refused while one of them is missing or unsafe (see ``refusals``).
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from guides.patience import Impatient, Patient

# Lets classes such as admin.ModelAdmin[Guide] be written as mypy wants them; Django 5.2 itself
# makes only querysets, managers and relations subscriptable.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

ENVIRONMENT: str = env.str("ENVIRONMENT", "") or "local"
PRODUCTION = ENVIRONMENT == "production"
DEBUG: bool = env.bool("DEBUG", default=False)

INSECURE_LOCAL_SECRET_KEY = "insecure-local-key-for-development-only-never-for-production"  # noqa: S105
# Not env.str(): it takes a leading $ for the name of another variable, and a generated key may begin so.
SECRET_KEY: str = env.ENVIRON.get("SECRET_KEY") or INSECURE_LOCAL_SECRET_KEY

# Without it anybody who may write the database can make a new audit trail that is whole. After a change the old key stays
# behind the new one, with a comma between them.
AUDIT_KEYS = [key for key in re.split(r"[,\s]+", env.ENVIRON.get("AUDIT_KEY") or "") if key]

# Whose age keys open the backups; without any they are not locked.
BACKUP_RECIPIENTS = [key for key in re.split(r"[,\s]+", env.str("BACKUP_RECIPIENTS", "")) if key]

LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[]) or ([] if PRODUCTION else LOCAL_HOSTS)

# The public origin: canonical links, QR codes and the sitemap are built from it, never from Host.
SITE_URL: str = (env.str("SITE_URL", "") or "http://127.0.0.1:8000").rstrip("/")

DATABASE_URL: str = env.str("DATABASE_URL", "")
# Streaming replicas for public pages, with commas or spaces between them, tried in this order.
DATABASE_REPLICAS = [url for url in re.split(r"[,\s]+(?=\w+://)", env.str("DATABASE_URL_REPLICA", "")) if url]

# Who runs the site: the footer and meta tags that 政府网站发展指引 (国办发〔2017〕47号) asks for. What is empty is
# left out of the pages; nothing is made up in its place.
SITE_NAME: str = env.str("SITE_NAME", "")
SITE_ID_CODE: str = env.str("SITE_ID_CODE", "")
SITE_SPONSOR: str = env.str("SITE_SPONSOR", "")
SITE_OPERATOR: str = env.str("SITE_OPERATOR", "")
SITE_CONTACT: str = env.str("SITE_CONTACT", "")
ICP_NUMBER: str = env.str("ICP_NUMBER", "")
POLICE_NUMBER: str = env.str("POLICE_NUMBER", "")
ERROR_REPORT_URL: str = env.str("ERROR_REPORT_URL", "")


def refusals() -> list[str]:
    """Why these values may not go into production: one clause for each setting that is missing or unsafe."""
    site = urlsplit(SITE_URL)
    key_is_weak = len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or "insecure" in SECRET_KEY
    rules = [
        (DEBUG, "DEBUG 必须关闭"),
        (key_is_weak, "SECRET_KEY 未设置、不足 50 个字符或是开发用的默认值"),
        (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS, "ALLOWED_HOSTS 未列出网站域名或含有 *"),
        (site.scheme != "https" or not site.netloc, "SITE_URL 未设置或不是 https:// 开头的网址"),
        (not DATABASE_URL, "DATABASE_URL 未设置"),
        (any(len(key) < 32 for key in AUDIT_KEYS), "AUDIT_KEY 不足 32 个字符"),
        (
            SITE_ID_CODE and not re.fullmatch(r"[0-9a-zA-Z]{10}", SITE_ID_CODE),
            "SITE_ID_CODE 不是 10 位的网站标识码",
        ),
        (POLICE_NUMBER and not re.search(r"\d{8,}", POLICE_NUMBER), "POLICE_NUMBER 里没有备案编号的数字"),
        (
            ERROR_REPORT_URL and not ERROR_REPORT_URL.startswith(("https://", "http://")),
            "ERROR_REPORT_URL 不是 http(s):// 开头的网址",
        ),
    ]
    return [clause for broken, clause in rules if broken]


if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(f"ENVIRONMENT 只能是 local 或 production，现在是 {ENVIRONMENT}。")
if PRODUCTION and (problems := refusals()):
    raise ImproperlyConfigured(f"以生产环境启动被拒绝：{'；'.join(problems)}。")


# Database

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
SQLITE_IN_TURN = "keeping.sqlite3"  # where eight who save at once wait for each other in a queue
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


class Waits(NamedTuple):
    """How long somebody waits for PostgreSQL, in seconds: for a connection, for others' locks, for one statement."""

    connection: float
    lock: float
    statement: float
    attributes: str = "read-write"
    patience: type[Patient] | None = None


# A writer at the desk waits for another's saving; a reader has nginx and the mirror behind him and waits for nobody.
# A command (an import, a migration) may work for long, and so may wait for long.
COMMANDS = Waits(connection=10, lock=30, statement=600)
DESK = Waits(connection=0.8, lock=5, statement=15, patience=Patient)
READERS = Waits(connection=0.5, lock=0.5, statement=2.5, attributes="any", patience=Impatient)
# config/wsgi.py says so to all that it loads: we are the web server, and somebody waits for each answer.
SERVING: bool = env.bool("SERVING", default=False)


def postgresql_options(waits: Waits) -> dict[str, Any]:
    """The pool and the limits of its connections.

    Keep max_size × pools × workers below max_connections - 10, and the server's threads below max_size: a thread
    without a connection waits and then answers 503.
    """
    milliseconds = {
        "lock_timeout": waits.lock,
        "statement_timeout": waits.statement,
        "idle_in_transaction_session_timeout": 2 * waits.statement,
    }
    pool: dict[str, Any] = {
        "min_size": 1,
        "max_size": 10,
        "timeout": waits.connection,
        "reconnect_timeout": 1,
    }
    return {
        "pool": pool | ({"connection_class": waits.patience} if waits.patience else {}),
        "connect_timeout": 2,
        "target_session_attrs": waits.attributes,
        "tcp_user_timeout": 3000,
        "keepalives_idle": 10,
        "options": " ".join(f"-c {name}={seconds * 1000:.0f}" for name, seconds in milliseconds.items()),
    }


def database(url: str, waits: Waits) -> dict[str, Any]:
    """Django's description of the database at ``url``, or of a SQLite file under ``var/`` when it is empty.

    The query of the URL (``?sslmode=require``) adds to our options and overrides them.
    """
    if url:
        given = env.db_url_config(url)
    else:
        VAR_DIR.mkdir(exist_ok=True)
        given = {"ENGINE": SQLITE, "NAME": VAR_DIR / "db.sqlite3"}
    ours: dict[str, dict[str, Any]] = {
        # Kept by the thread that opened it; not for long, or a file put in its place would not be noticed.
        SQLITE: {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": 60, "TEST": {"NAME": ":memory:"}},
        POSTGRESQL: {
            "OPTIONS": postgresql_options(waits),
            "CONN_MAX_AGE": 0,  # the pool keeps the connections
            "CONN_HEALTH_CHECKS": True,  # without it the pool hands out dead ones after a restart
        },
    }
    if given["ENGINE"] not in ours:
        raise ImproperlyConfigured("DATABASE_URL 只支持 sqlite:/// 和 postgres://。")
    engine = ours[given["ENGINE"]]
    if given["ENGINE"] == SQLITE:
        given = {**given, "ENGINE": SQLITE_IN_TURN}
    return {**engine, **given, "OPTIONS": {**engine["OPTIONS"], **given.get("OPTIONS", {})}}


DATABASES = {"default": database(DATABASE_URL, DESK if SERVING else COMMANDS)}
IS_POSTGRESQL = DATABASES["default"]["ENGINE"] == POSTGRESQL
if not all(IS_POSTGRESQL and url.startswith(("postgres://", "postgresql://")) for url in DATABASE_REPLICAS):
    raise ImproperlyConfigured(
        "DATABASE_URL_REPLICA 只支持 postgres://，且 DATABASE_URL 也须是 postgres://。"
    )
if SERVING and IS_POSTGRESQL:
    for number, url in enumerate(DATABASE_REPLICAS, start=1):
        DATABASES[f"replica_{number}"] = database(url, READERS)
    DATABASES["readers"] = database(DATABASE_URL, READERS)
    DATABASE_ROUTERS = ["guides.ready.databases.Router"]
# Where public pages are read, in the order in which they are tried; the last is the primary.
READING_DATABASES = [name for name in DATABASES if name != "default"] or ["default"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# In production every request comes through nginx, which overwrites X-Forwarded-* and X-Request-ID; elsewhere nobody does.
BEHIND_NGINX = PRODUCTION


# Application

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_filters",
    "keeping",
    "staff",
    "offices",
    "guides",
    "reports",
]
MIDDLEWARE = [
    "offices.access_log.note_requests",
    # What speaks to browsers stands before all that answers: redirects to TLS, probes, whitenoise's files.
    "offices.browser_rules.say_to_browsers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "guides.views.health.answer_probes",  # before what asks for the host: a probe names none
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reports.away.give_back",  # around the next one: what a reader wrote is shown back to him
    "guides.views.errors.in_chinese",
    "guides.ready.away.answer_at_once",
    "guides.ready.consistency.of_one_state",
    "guides.display.vary_by_display",
    "guides.former_addresses.lead_on",
    "keeping.asking.remember",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "staff.door.guard",  # before any page of the desk is looked for
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guides.display.display",
            ],
            "builtins": ["offices.templatetags.addresses"],
        },
    },
]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]


# The door: how the staff sign in (staff/)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # of an account, from a network
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = (
    False  # fifteen minutes, however often somebody tries meanwhile
)
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "staff.client.client_network"
AXES_LOCKOUT_CALLABLE = "staff.lockout.locked_page"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False  # staff/admin.py has its own, in Chinese
AXES_DISABLE_ACCESS_LOG = True  # the audit trail knows who came
AXES_VERBOSE = False

REQUIRE_SECOND_FACTOR: bool = (
    env.bool("REQUIRE_SECOND_FACTOR") if env.str("REQUIRE_SECOND_FACTOR", "") else PRODUCTION
)
OTP_TOTP_ISSUER = SITE_NAME or "医保办事指南"

# Seconds. SESSION_COOKIE_AGE counts from signing in, not from the last step.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # not one cookie more

PASSWORD_PROFILE: str = env.str("PASSWORD_PROFILE", "") or "dengbao"
PASSWORD_PROFILES: dict[str, dict[str, Any]] = {
    "dengbao": {"days": 90, "history": 5, "classes": 3},  # 网络安全等级保护, as inspectors read it
    "modern": {
        "days": None,
        "history": 0,
        "classes": 0,
    },  # as NIST SP 800-63B: length, and nothing that is guessed
}
if PASSWORD_PROFILE not in PASSWORD_PROFILES:
    raise ImproperlyConfigured(f"PASSWORD_PROFILE 只能是 dengbao 或 modern，现在是 {PASSWORD_PROFILE}。")


def password_rules(days: int | None, history: int, classes: int) -> list[dict[str, Any]]:
    """Django's list of validators for a profile; ``days`` is asked at signing in."""
    django_s = "django.contrib.auth.password_validation"
    rules: list[dict[str, Any]] = [
        {"NAME": "staff.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
        {"NAME": f"{django_s}.UserAttributeSimilarityValidator"},
        {"NAME": f"{django_s}.CommonPasswordValidator"},
        {
            "NAME": "staff.passwords.NoLocalWords",
            "OPTIONS": {"words_of_the_site": "offices.local_words.local_words"},
        },
        {"NAME": "staff.passwords.Remembered", "OPTIONS": {"history": history}},
    ]
    several = {"NAME": "staff.passwords.SeveralClasses", "OPTIONS": {"least": classes}}
    return [*rules, several] if classes else rules


AUTH_PASSWORD_VALIDATORS = password_rules(**PASSWORD_PROFILES[PASSWORD_PROFILE])
PASSWORD_DAYS: int | None = PASSWORD_PROFILES[PASSWORD_PROFILE]["days"]


# Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True


# Static files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files
# Hashed names need a collected folder. While templates are being written (DEBUG) there is none, and
# tests/conftest.py does the same for the tests.
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_STATIC_FILES = "offices.static_files.StaticFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN_STATIC_FILES if DEBUG else HASHED_STATIC_FILES},
}


# Paper

# PDFs that have been made; old ones are taken away by themselves, and the folder may be emptied at any time.
PAPER_CACHE = Path(env.str("PAPER_CACHE", "") or VAR_DIR / "paper")


# Security

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing but what the pages and the admin need, from this host alone; nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# No feature of a device is asked for on any page. The names are those Chromium and Firefox know; all are off.
NO_FEATURES = [
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]
HEADERS_OF_EVERY_ANSWER = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NO_FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
}

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if PRODUCTION else None  # never the host that was asked for
SECURE_REDIRECT_EXEMPT = [r"^(?:healthz|readyz)$"]
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
# A browser takes these names from this very host alone, over TLS, for all of it. Local sites have no TLS.
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = (
    "Lax"  # Strict would sign out whoever comes by a link in a message
)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# nginx ends TLS and speaks plain HTTP to granian, which listens on this host only. nginx must overwrite
# the header (proxy_set_header X-Forwarded-Proto $scheme), never pass on what a client sent. Locally
# nobody stands in front, so the header is not believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_NGINX else None

# What may be sent, in bytes: everything (a table of 5 MB with its form, as deploy/nginx/site.conf has it), and a form
# without its files (the trial of a table comes back in one). Beyond the last a file goes to the disk.
LARGEST_REQUEST = 6 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2560 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# 800 rows may be ticked on one page, and a guide's form has some fields for each of its places.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 2

CSRF_FAILURE_VIEW = "guides.views.errors.csrf_failure"


# Log: everything worth knowing goes to standard error, where systemd or the terminal keeps it.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        # While the database is away every request is answered so; that it is away has been logged once.
        "not_each_503": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) not in (503, 504) or record.exc_info,
        }
    },
    "formatters": {"line": {"()": "keeping.logs.JsonLines" if PRODUCTION else "keeping.logs.PlainLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["not_each_503"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "offices.access_log": {"level": "INFO" if PRODUCTION else "WARNING"},
        "keeping.trail": {"level": "INFO" if PRODUCTION else "WARNING"},
        # The application server has formatters of its own, which a visitor's line end could cheat.
        "_granian": {"handlers": ["stderr"], "propagate": False},
        "granian.access": {"handlers": ["stderr"], "propagate": False},
        "psycopg.pool": {
            "level": "ERROR"
        },  # it would say with each attempt what guides.ready.watching says once
    },
}
