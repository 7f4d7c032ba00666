"""Django's settings, all of them from the environment that the supervisor hands out.

Names that a deployment sets: see `_text` calls below; each says its default.
Nothing here knows whether a store is embedded.
"""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def _flag(name: str) -> bool:
    return _text(name, "0") not in ("", "0", "false", "no")


def _database(url: str, *, pool: bool) -> dict[str, Any]:
    """A Django database from a libpq URL; parameters beyond the five usual ones become options."""
    given = conninfo_to_dict(url)
    options: dict[str, Any] = {
        key: value
        for key, value in given.items()
        if key not in ("user", "password", "host", "port", "dbname")
    }
    if pool:
        options["pool"] = {
            "min_size": 1,
            "max_size": int(_text("ANLAN_DATABASE_POOL", "8")),
            "timeout": 5,
            # the pool's own tries come ever more rarely: by default a minute's outage costs up to two
            "reconnect_timeout": 5,
            "name": "anlan",
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", ""),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATA = Path(_text("ANLAN_DATA", "."))
RUN = Path(_text("ANLAN_RUN", "."))
SECRET_KEY = _text("ANLAN_SECRET_KEY")
SCOPE_SECRET = _text("ANLAN_SCOPE_SECRET")
NATS_URL = _text("NATS_URL")
CLICKHOUSE_URL = _text("CLICKHOUSE_URL")
PARTITIONS = int(_text("ANLAN_PARTITIONS", "1"))
DEMO = _flag("ANLAN_DEMO")
BEHIND_TLS = _flag("ANLAN_TLS")
SIGN_IN_TRIES = 5
SIGN_IN_LOCK_MINUTES = 15

DATABASES = {"default": _database(_text("DATABASE_URL"), pool=True)}
if _text("DATABASE_OWNER_URL"):
    # Only `migrate --database=owner` has this; no code reads or writes rows through it.
    DATABASES["owner"] = _database(_text("DATABASE_OWNER_URL"), pool=False)

INSTALLED_APPS = [
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "anlan.platform.scope",
    "anlan.platform.audit",
    "anlan.platform.identity",
    "anlan.platform.commands",
    "anlan.platform.threads",
    "anlan.platform.outbox",
    "anlan.platform.resources",
    "anlan.platform.standards",
    "anlan.platform.provenance",
    "anlan.platform.geo",
    "anlan.platform.notices",
    "anlan.platform.deadlines",
    "anlan.platform.jobs",
    "anlan.platform.files",
    "anlan.domains.monitoring.enterprises",
    "anlan.domains.monitoring.points",
    "anlan.domains.monitoring.alarms",
    "anlan.domains.monitoring.hazards",
    "anlan.domains.monitoring.commitments",
    "anlan.domains.monitoring.warnings",
    "anlan.domains.monitoring.patrol",
    "anlan.domains.monitoring.weather",
    "anlan.domains.monitoring.risk",
    "anlan.domains.monitoring.access",
    "anlan.domains.monitoring.structures",
    "anlan.domains.data.population",
    "anlan.domains.command.incidents",
    "anlan.domains.command.simulation",
    "anlan.server",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "anlan.platform.http.session.act_for_session",
]
ROOT_URLCONF = "anlan.server.urls"
WSGI_APPLICATION = "anlan.server.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = []

DEBUG = False
ALLOWED_HOSTS = _text("ANLAN_HOSTS", "*").split(",")
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "zh-hans"

AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_NAME = "__Host-anlan" if BEHIND_TLS else "anlan"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [origin for origin in _text("ANLAN_ORIGINS").split(",") if origin]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # what a client did wrong is told to the client; requests of ours to ourselves interest nobody
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": _text("ANLAN_LOG_LEVEL", "INFO")},
}
