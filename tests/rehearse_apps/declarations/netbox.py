"""NetBox: documents networks.

Image: `python -m box.images.others`, NetBox 4.7.3 from PyPI, with WhiteNoise for its static files.
A first migration takes minutes. A job that a worker was killed in is not run again: RQ records it
as failed once a worker looks for abandoned jobs, and NetBox goes on showing it as running. A
worker that is told to end finishes its job first.
"""

from railiance import (
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    MediaVolume,
    Names,
    Resources,
    Schedule,
    SharedDatabase,
    Smoke,
    SmokeEntry,
    Valkey,
    Worker,
)

CONFIGURATION = """\
from os import environ

ALLOWED_HOSTS = environ["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = environ["CSRF_TRUSTED_ORIGINS"].split(",")
SECRET_KEY = environ["SECRET_KEY"]
API_TOKEN_PEPPERS = {1: environ["API_TOKEN_PEPPER_1"]}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": environ["DB_NAME"],
        "USER": environ["DB_USER"],
        "PASSWORD": environ["DB_PASSWORD"],
        "HOST": environ["DB_HOST"],
        "PORT": environ["DB_PORT"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
VALKEY = {
    "HOST": environ["REDIS_HOST"],
    "PORT": int(environ["REDIS_PORT"]),
    "PASSWORD": environ["REDIS_PASSWORD"],
    "SSL": False,
}
REDIS = {"tasks": {**VALKEY, "DATABASE": 0}, "caching": {**VALKEY, "DATABASE": 1}}
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CENSUS_REPORTING_ENABLED = False
ISOLATED_DEPLOYMENT = True
PAGINATE_COUNT = 500
"""

NETBOX = DjangoApp(
    name="netbox",
    host="netbox.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/others/netbox",
        tag="4.7.3",
        digest="sha256:0000000000000000000000000000000000000000000000000000000000000000",
    ),
    settings_module="netbox.settings",
    launcher=("python", "-m", "netbox"),
    upgrade_steps=(("upgrade", "--no-input", "--skip-migrations", "--skip-static"),),
    database=SharedDatabase(name="netbox", role="netbox", extensions=("ltree",)),
    names=Names(
        database_url=None,
        database=DatabaseParts(
            name="DB_NAME",
            user="DB_USER",
            password="DB_PASSWORD",
            host="DB_HOST",
            port="DB_PORT",
        ),
    ),
    generated_secrets={"API_TOKEN_PEPPER_1": 64},
    valkey=Valkey(
        purpose="queues",
        memory="256Mi",
        host="REDIS_HOST",
        port="REDIS_PORT",
        password="REDIS_PASSWORD",
    ),
    configuration_files=(
        ConfigurationFile(path="/app/conf/configuration.py", content=CONFIGURATION),
    ),
    media=MediaVolume(mount_path="/app/media", size="1Gi"),
    data_folders=(
        DataFolder(name="reports", path="/app/reports", size="1Gi"),
        DataFolder(name="scripts", path="/app/scripts", size="1Gi"),
    ),
    health_path="/login/",
    web_connections=8,
    resources=Resources(memory_request="512Mi", memory_limit="2Gi"),
    migrate_timeout_seconds=1800,
    workers=(
        Worker(
            name="rq",
            manage=("rqworker", "high", "default", "low"),
            resources=Resources(memory_request="256Mi", memory_limit="1Gi"),
            longest_task_seconds=300,
            connections=2,
        ),
    ),
    schedules=(
        Schedule(name="data-sources", cron="*/5 * * * *", manage=("syncdatasource", "--all")),
    ),
    smoke=Smoke(
        login_path="/login/",
        entry=SmokeEntry(
            create_path="/tenancy/contacts/add/",
            title_field="name",
            list_path="/tenancy/contacts/",
            delete="delete/",
        ),
    ),
)
