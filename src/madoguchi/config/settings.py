"""Django's settings. What an operator may change comes from the environment (`docs/reference/settings.md`)."""

from pathlib import Path

from django.conf import locale

from madoguchi.foundation import languages
from madoguchi.opendata.publishing import bucket
from madoguchi.paper.glyphs import DIRECTORY

from . import environment as env
from .database.roles import django_database

PROJECT = env.PROJECT
PACKAGE = Path(__file__).resolve().parents[1]
HOME = env.home()

DEBUG = env.flag("MADOGUCHI_DEBUG")
TESTING = env.flag("MADOGUCHI_TESTING")
PRODUCTION = env.flag("MADOGUCHI_PRODUCTION")
# A checkout of play money (payments/paying/providers/sandbox).
SANDBOX = env.flag("MADOGUCHI_SANDBOX", not PRODUCTION)
# How many cases the demo town's invented past has (simulation); 0: none.
DEMO_CASES = env.number("MADOGUCHI_DEMO_CASES", 3000)
STRIPE_KEY = env.text("MADOGUCHI_STRIPE_KEY")
STRIPE_WEBHOOK_SECRET = env.text("MADOGUCHI_STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.text("MADOGUCHI_STRIPE_API_BASE")
JPQR_MERCHANT = env.text("MADOGUCHI_JPQR_MERCHANT")
JPQR_NAME = env.text("MADOGUCHI_JPQR_NAME", "MINATONO PREFECTURE")
JPQR_CITY = env.text("MADOGUCHI_JPQR_CITY", "MINATONO")
# The line before an opening (bookings/line/rush.py); 0 lets everybody into the shop at once.
RUSH = env.flag("MADOGUCHI_RUSH", True)
# How much strangers may send, in percent of what `platform/brake/limits.py` says; 0: as much as they like.
BRAKE = env.number("MADOGUCHI_BRAKE", 100)
# Senders that are not braked: terminals in the hall's own rooms, for example.
BRAKE_SPARES = env.networks("MADOGUCHI_BRAKE_SPARES")
# What the code on a payment slip says (payments/paying/providers/slip/payloads.py); none: no slips are offered.
SLIP_PAYLOAD = env.text("MADOGUCHI_SLIP_PAYLOAD", "" if PRODUCTION else "plain")
SECRET_KEY = env.secret("MADOGUCHI_SECRET_KEY")
SECRET_IS_GIVEN = bool(env.text("MADOGUCHI_SECRET_KEY"))
PUBLIC_URL = env.text("MADOGUCHI_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# Opens /metrics; without it nothing is counted, and the address is not there.
METRICS_TOKEN = env.text("MADOGUCHI_METRICS_TOKEN")
# Where the operator's back-ups lie, for the age of the newest in /metrics.
BACKUPS = env.text("MADOGUCHI_BACKUPS")
ALLOWED_HOSTS = env.names("MADOGUCHI_HOSTS", "127.0.0.1,localhost,[::1]" + (",testserver" if TESTING else ""))

CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https:") else []
# Only where a proxy sets these headers itself and drops what visitors send: otherwise anybody could pretend.
BEHIND_PROXY = env.flag("MADOGUCHI_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

PROCEDURES_DIR = Path(env.text("MADOGUCHI_PROCEDURES") or PROJECT / "procedures")
REGISTERS_DIR = Path(env.text("MADOGUCHI_REGISTERS") or PROJECT / "registers")
FACILITIES_DIR = Path(env.text("MADOGUCHI_FACILITIES") or PROJECT / "facilities")
PROJECTS_DIR = Path(env.text("MADOGUCHI_PROJECTS") or PROJECT / "projects")
INDICATORS_DIR = Path(env.text("MADOGUCHI_INDICATORS") or PROJECT / "indicators")
USECASES_DIR = Path(env.text("MADOGUCHI_USECASES") or PROJECT / "usecases")
SEARCH_DIR = Path(env.text("MADOGUCHI_SEARCH") or PROJECT / "search")
FLOWS_DIR = Path(env.text("MADOGUCHI_FLOWS") or PROJECT / "flows")
TOWN_FILE = Path(env.text("MADOGUCHI_TOWN") or PROJECT / "town.yaml")
BUILD_DIR = PROJECT / "build"
FONTS_DIR = DIRECTORY
KEYS_DIR = HOME / "keys"
DATASETS_DIR = Path(env.text("MADOGUCHI_DATASETS") or HOME / "datasets")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # for allauth's list of passkeys
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "madoguchi.design",
    "madoguchi.people",
    "madoguchi.catalogue",
    "madoguchi.cases",
    "madoguchi.applications",
    "madoguchi.decisions",
    "madoguchi.credentials",
    "madoguchi.registers",
    "madoguchi.payments",
    "madoguchi.bookings",
    "madoguchi.participation",
    "madoguchi.figures",
    "madoguchi.opendata",
    "madoguchi.reform",
    "madoguchi.counter",
    "madoguchi.desk",
]

MIDDLEWARE = [
    "madoguchi.config.monitoring.requests.Named",
    "madoguchi.people.methods.Methods",
    "madoguchi.design.middleware.SecurityHeaders",
    "madoguchi.people.methods.Private",
    "madoguchi.people.methods.Programs",
    "madoguchi.people.methods.Shared",
    "madoguchi.people.methods.Storable",
    "madoguchi.people.sessions.SessionMiddleware",
    "madoguchi.design.middleware.Furigana",
    "madoguchi.design.middleware.Languages",
    "madoguchi.config.monitoring.views.Common",
    "madoguchi.people.access.OriginMiddleware",
    "madoguchi.people.access.TokenMiddleware",
    "madoguchi.people.sessions.AuthenticationMiddleware",
    "madoguchi.people.sessions.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "madoguchi.people.access.AccessMiddleware",
    "madoguchi.people.brake.middleware.BrakeMiddleware",
]

ROOT_URLCONF = "madoguchi.config.urls"
WSGI_APPLICATION = "madoguchi.config.wsgi.application"
SILENCED_SYSTEM_CHECKS = ["security.W003"]  # TokenMiddleware is Django's, see docs/decisions/0006

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "design" / "templates", PACKAGE / "catalogue"],  # questions/<type>/control.html
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "madoguchi.design.context.page",
                "madoguchi.town.context.here",
                "madoguchi.config.trail.page",
                "madoguchi.cases.context.past",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {
    "default": django_database(
        env.text("DATABASE_URL", "postgresql://madoguchi_app@/madoguchi?host=/nonexistent-start-with-make-run")
    )
}
# Shared by all workers: used sign-in codes and rate limits must be seen by each of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if TESTING
        else "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "madoguchi.people.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:inbox"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "madoguchi.config.monitoring.accounts.CountedAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"change_password": "madoguchi.people.accounts.OwnPassword"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Guesses are braked by people/brake/sign_in.py, which knows devices and never locks an officer out.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_FORMS = {
    "authenticate": "madoguchi.people.brake.sign_in.Factor",
    "reauthenticate": "madoguchi.people.brake.sign_in.FactorAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Madoguchi"
# django-allauth remembers a used code for half a minute only, so none lives longer; in a test it may just have ended.
MFA_TOTP_TOLERANCE = 1 if TESTING else 0

# Declared in `locale/<folder>/language.toml`; Django is told of those that it does not know.
for _one in languages.LANGUAGES:
    _told = {"bidi": False, "code": _one.code, "name": _one.name, "name_local": _one.name}
    locale.LANG_INFO.setdefault(_one.code, _told)
LANGUAGE_CODE = languages.SOURCE.code
LANGUAGES = [(one.code, one.name) for one in languages.LANGUAGES]
LOCALE_PATHS = [languages.HOME]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BUILD_DIR / "static"]
STATIC_ROOT = BUILD_DIR / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "datasets": bucket.storage(env.text("MADOGUCHI_DATASETS_BUCKET"), env.text("MADOGUCHI_DATASETS_ENDPOINT")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "madoguchi.people.store"
SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day, however much it is used
SESSION_IDLE_MINUTES = env.number("MADOGUCHI_SESSION_IDLE_MINUTES", 60, least=5)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_NAME = "__Host-desk" if SESSION_COOKIE_SECURE else "desk"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SESSION_COOKIE_SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "madoguchi.platform.cookies.Messages"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "madoguchi.design.errors.without_token"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["madoguchi.applications.files.uploads.LimitedUploads"]
UPLOAD_MAX_BYTES = env.number("MADOGUCHI_UPLOAD_MAX_BYTES", 20 * 1024 * 1024)
# What bodies on their way and answers not read yet may take of the disk, of each web process.
SPOOL_MAX_BYTES = env.number("MADOGUCHI_SPOOL_MAX_BYTES", 2 * 1024 * 1024 * 1024)

EMAIL_HOST = env.text("MADOGUCHI_SMTP_HOST")
EMAIL_PORT = env.number("MADOGUCHI_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("MADOGUCHI_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("MADOGUCHI_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("MADOGUCHI_SMTP_TLS")
EMAIL_BACKEND = f"madoguchi.config.monitoring.letters.{'Smtp' if EMAIL_HOST else 'Files'}"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 20
EMAIL_USE_LOCALTIME = True  # Date says +0900: -0000 would say that nobody knows where this clock stands (RFC 5322, 3.3)
DEFAULT_FROM_EMAIL = env.text("MADOGUCHI_MAIL_FROM", "madoguchi@minatono.example")

SECURITY_CONTACT = env.text("MADOGUCHI_SECURITY_CONTACT", f"mailto:{DEFAULT_FROM_EMAIL}")

TRUST_ROOT = Path(env.text("MADOGUCHI_TRUST_ROOT") or KEYS_DIR / "root.pem")
SIGNING_PKCS11_MODULE = env.text("MADOGUCHI_PKCS11_MODULE")
SIGNING_PKCS11_TOKEN = env.text("MADOGUCHI_PKCS11_TOKEN")
SIGNING_PKCS11_PIN = env.text("MADOGUCHI_PKCS11_PIN")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "madoguchi.config.masking.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {
        "outages": {"()": "madoguchi.platform.outages.log.OnlyOnce"},
        "balancers": {"()": "madoguchi.config.monitoring.quiet.Quiet"},
    },
    "handlers": {
        "console": {
            "class": "madoguchi.config.masking.Console",
            "formatter": "line",
            "filters": ["outages", "balancers"],
        }
    },
    "loggers": {"psycopg.pool": {"level": "ERROR"}},  # it warns of every try to connect
    "root": {"handlers": ["console"], "level": "WARNING"},
}

PROCRASTINATE_IMPORT_PATHS = ["madoguchi.sequence"]
