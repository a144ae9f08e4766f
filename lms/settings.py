"""Settings. Everything that differs between installations comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import locale
from django.utils.translation import gettext_lazy as _

from lms import environment as env
from lms.work import WORK  # noqa: F401 - a setting

BASE_DIR = env.BASE
VAR = Path(env.text("VAR", str(BASE_DIR / "var")))
# What the build made: style sheets, fonts, collected static files. Only read, in containers part of the image.
BUILT = Path(env.text("BUILT") or VAR)
DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
PORT = env.text("PORT", "8000")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SECURE = SITE_URL.startswith("https://")

SECRET_KEY = env.secret("SECRET_KEY", VAR / "keys", DEMO)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# The first key writes, all of them read: how a key is changed without losing what is written.
NOTEBOOK_KEYS = env.secret("NOTEBOOK_KEYS", VAR / "keys", DEMO).replace(",", " ").split()

_own_host = SITE_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = [_own_host, "127.0.0.1", "localhost", "[::1]", *env.words("HOSTS")]
CSRF_TRUSTED_ORIGINS = [SITE_URL, *(f"https://{host}" for host in env.words("HOSTS") if host != "*")]

INSTALLED_APPS = [
    "lms.accounts",
    "lms.workplaces",
    "lms.openfigures",
    "lms.reports",
    "lms.tallies",
    "lms.home",
    "lms.keeping",
    "lms.outbox",
    "certificates",
    "mentoring",
    "modules",
    "media",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.accounts.apps.CmsUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "lms.watching.WatchingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "lms.doors.KnownMethodsMiddleware",
    "lms.doors.CmsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.doors.LightGZipMiddleware",
    "lms.doors.OneVersionMiddleware",
    "lms.home.page_cache.AnonymousPageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.doors.PrivateResponsesMiddleware",
    "lms.doors.StaffSessionsMiddleware",
    "lms.doors.SecondFactorMiddleware",
    "lms.doors.OpenRedirectsMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "lms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.home.branding.branding",
            ],
        },
    },
]

# Our own field and error templates come before Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -----------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL") or f"sqlite:///{VAR / 'db.sqlite3'}"
DATABASES = {"default": env.database(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing, readers never wait for a writer.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
    # A file, so that tests with several threads meet the real locks.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test" / "test.sqlite3")}
# Who was erased; apart from the database, so that no backup brings anybody back.
ERASURE_LIST = Path(env.text("ERASURE_LIST") or VAR / "erasures.jsonl")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_URL = env.text("VALKEY_URL")
CACHES = {
    # Shared by all processes: rate limits and Wagtail's own. While Valkey is away, each machine counts for itself.
    "default": {
        "BACKEND": "lms.steady_cache.SteadyCache",
        "OPTIONS": {"WAYS": ["valkey", "folder"] if VALKEY_URL else ["folder"]},
    },
    "folder": {
        "BACKEND": "lms.steady_cache.FolderCache",
        "LOCATION": VAR / "cache",
        # Django throws entries away at random above this: counted attempts must not be among them.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Each process its own: what is rendered from published content, keyed by its version.
    "content": {
        "BACKEND": "modules.memory.MemoryCache",
        "LOCATION": "content",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
if VALKEY_URL:
    CACHES["valkey"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": None},
    }

# --- Files ----------------------------------------------------------------------------------
MEDIA_ROOT = VAR / "files"
MEDIA_URL = "/files/"
S3_BUCKET = env.text("S3_BUCKET")
_files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if S3_BUCKET:
    _files = {
        "BACKEND": "media.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT") or None,
            "public_endpoint_url": env.text("S3_PUBLIC_ENDPOINT"),
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.secret("S3_ACCESS_KEY", VAR / "keys", False),
            "secret_key": env.secret("S3_SECRET_KEY", VAR / "keys", False),
            "addressing_style": env.text("S3_ADDRESSING", "auto"),
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            # Longer than the rendered lesson that holds the address is kept (an hour), and than somebody reads it.
            "querystring_expire": 4 * 3600,
        },
    }
STORAGES = {"default": _files, "staticfiles": {"BACKEND": "lms.assets.storage.FrontEndStorage"}}
STATIC_URL = "/static/"
STATIC_ROOT = BUILT / "static"
STATICFILES_DIRS = [BUILT / "assets" / "static"]
PRINT_FONTS = BUILT / "assets" / "print-fonts"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
# The widest sheet of a year has 300 rows of 14 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("nb", _("bokmål")),
    ("nn", _("nynorsk")),
    ("en", _("engelsk")),
    ("se", _("nordsamisk")),
]
locale.LANG_INFO.setdefault(
    "se", {"bidi": False, "code": "se", "name": "Northern Sami", "name_local": "davvisámegiella"}
)
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]
FORMAT_MODULE_PATH = ["lms.formats"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_I18N = True
WAGTAIL_I18N_ENABLED = True

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the address is unique by a constraint that also minds upper and lower case
    "security.W019",  # /cms/ shows its own pages in a frame; `frame-ancestors 'self'` keeps others out
]
# One alone, which has Django's permissions too: each of them would hash a refused password once.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_page"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lms.accounts.profile.ProfileFields"
ACCOUNT_FORMS = {
    "login": "lms.accounts.forms.LoginForm",
    "signup": "lms.accounts.forms.SignupForm",
    "add_email": "lms.accounts.forms.AddEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Other sessions end by themselves: their hash no longer fits. This one stays.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "lms.accounts.reset_links.ResetLinks"  # noqa: S105 - a class
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, least=0, most=10)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Refleks"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

# --- Wagtail ----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Refleks"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("nb", "bokmål"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "media.File"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "txt", "csv"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS = []

# --- Mail and background work -----------------------------------------------------------------
EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
OUTBOX_DELIVERY = {"file_path": str(VAR / "mail")}
SMTP_URL = env.text("SMTP_URL")
MAIL_FROM = env.text("MAIL_FROM")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM or "Refleks <refleks@example.org>"

if VALKEY_URL:
    CELERY_BROKER_URL = VALKEY_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_timeout": 15, "visibility_timeout": 900}
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "queue"),
        "data_folder_out": str(VAR / "queue"),
        "control_folder": str(VAR / "queue-control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Two hands, so that work that hangs holds up no mail; processes, because only those can be stopped.
CELERY_WORKER_CONCURRENCY = 2
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
# A message that nobody took in time is only a hint that comes too late: the next one is on its way.
CELERY_BEAT_SCHEDULE = {
    "send-waiting-mail": {"task": "lms.outbox.tasks.send_waiting_mail", "schedule": 20, "options": {"expires": 20}},
    "run-due-jobs": {"task": "lms.outbox.tasks.run_due_jobs", "schedule": 20, "options": {"expires": 20}},
}

# --- Doors ------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
LANGUAGE_COOKIE_NAME = "language"
CSRF_FAILURE_VIEW = "lms.home.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# Only Wagtail's own editor has inline scripts and styles; learners' pages never do.
CMS_CONTENT_SECURITY_POLICY = {"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}
if S3_BUCKET and (_files_from := env.text("S3_PUBLIC_ENDPOINT") or env.text("S3_ENDPOINT")):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(_files_from)

# --- Product ----------------------------------------------------------------------------------
# What stands below accounts and asks for a municipality gets the field from here.
MUNICIPALITY_FIELD = "lms.accounts.profile.MunicipalityField"
CERTIFICATE_GRACE_DAYS = env.number("CERTIFICATE_GRACE_DAYS", 7, least=0, most=365)
# How far the members of a group are to its certificate: groups ask, but stand below certificates.
MEMBER_STANDING = "certificates.members.standing_of"
MAIL_LOG_DAYS = env.number("MAIL_LOG_DAYS", 90, least=1, most=730)
# After the end of a group: days until what was not handed in goes, months until every note does.
NOTE_DRAFT_DAYS = env.number("NOTE_DRAFT_DAYS", 90, least=1, most=730)
NOTES_MONTHS = env.number("NOTES_MONTHS", 12, least=1, most=120)
# Up to so many enrolments, numbers are counted when somebody asks; above, from rows that are renewed now and then.
COUNT_LIVE_UP_TO = env.number("COUNT_LIVE_UP_TO", 20_000, least=0, most=10_000_000)
# So many must have answered before a mean of theirs is shown.
SURVEY_MEAN_FROM = env.number("SURVEY_MEAN_FROM", 5, least=3, most=1000)
# Published numbers: the fewest people that may be told of, and from how many municipalities are told apart.
SMALLEST_CELL = env.number("SMALLEST_CELL", 5, least=3, most=100)
MUNICIPALITIES_FROM = env.number("MUNICIPALITIES_FROM", 30_000, least=0, most=10_000_000)
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "stille-lys-over-fjorden")

# --- Watching ---------------------------------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "lms.watching.JsonLines"},
    },
    # Only the demo, where nobody is real, may have paths and words in its log.
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line" if DEMO else "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "refleks": {"level": "INFO"},
        "refleks.request": {"level": "WARNING" if DEMO else "INFO"},
        # What is not found is told by the line of the request.
        "django.request": {"level": "WARNING" if DEMO else "ERROR"},
        "gunicorn.error": {"level": "WARNING", "handlers": ["console"], "propagate": False},
    },
}

env.refuse_contradictions(globals())
