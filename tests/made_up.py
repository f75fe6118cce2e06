"""An app that does not exist, so that nothing can be specific to the first real one."""

import dataclasses

from railiance import (
    AdditionalHost,
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Heartbeat,
    Image,
    MediaVolume,
    Names,
    Resources,
    Schedule,
    ScratchFolder,
    SecretFile,
    SharedDatabase,
    Smoke,
    SmokeEntry,
    Valkey,
    Worker,
)
from tests import frozen

VALKEY_IMAGE = "gitea.coulomb.social/platform/valkey:9.1.2@sha256:" + "5" * 64
WITH_VALKEY = dataclasses.replace(frozen.RAILIANCE01, valkey_image=VALKEY_IMAGE)
"""A platform that has what every app may ask for."""

NOTIZEN = DjangoApp(
    name="notizen",
    host="notizen.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/notizen",
        tag="v1.4.0",
        digest="sha256:" + "0123456789abcdef" * 4,
    ),
    settings_module="notizen.settings.production",
    allowed_hosts=("notizen.whywhynot.de", "www.notizen.whywhynot.de"),
    additional_hosts=(
        AdditionalHost(host="www.notizen.whywhynot.de"),
        AdditionalHost(host="notizen.whywhynot.org", redirect=True),
    ),
    environment={"LANGUAGE_CODE": "de", "TIME_ZONE": "Europe/Berlin", "FEATURE_IMPORT": "yes"},
    secret_keys=("SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD"),
    port=9000,
    health_path="/gesund/",
    replicas=2,
    database=SharedDatabase(name="notizen_db", role="notizen"),
    media=MediaVolume(mount_path="/srv/media", size="500Mi"),
    resources=Resources(cpu_request="50m", memory_limit="1Gi"),
    graceful_timeout_seconds=60,
    migrate_timeout_seconds=1800,
    run_as_user=10001,
    smoke=Smoke(
        login_path="/anmelden/",
        dashboard_path="/start/",
        htmx_path="/notizen/neueste/",
        entry=SmokeEntry(
            create_path="/notizen/neu/",
            title_field="titel",
            fields={"text": "Größe: groß"},
            list_path="/notizen/",
            delete="../loeschen/",
        ),
    ),
)

PLAIN = DjangoApp(
    name="plain",
    host="plain.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/plain", tag="1", digest="sha256:" + "a" * 64
    ),
    settings_module="plain.settings",
    database=SharedDatabase(name="plain", role="plain"),
)
"""Only what every app must say, so everything else is a default."""

WERKSTATT = DjangoApp(
    name="werkstatt",
    host="werkstatt.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/werkstatt",
        tag="2026.1",
        digest="sha256:" + "b" * 64,
    ),
    settings_module="werkstatt.settings",
    maintenance=True,
    launcher=("werkstatt",),
    python="/opt/venv/bin/python",
    working_folder="/srv/werkstatt",
    upgrade_steps=(("rebuild",), ("collectstatic", "--noinput")),
    web_command=("uvicorn", "werkstatt.asgi:application", "--host=0.0.0.0", "--port=8000"),
    request_timeout_seconds=120,
    database=SharedDatabase(
        name="werkstatt", role="werkstatt", extensions=("pg_trgm", "unaccent"), connection_limit=40
    ),
    names=Names(
        secret_key="WERKSTATT_SECRET",
        database_url=None,
        database=DatabaseParts(
            name="WERKSTATT_DB_NAME",
            user="WERKSTATT_DB_USER",
            password="WERKSTATT_DB_PASS",
            host="WERKSTATT_DB_HOST",
            port="WERKSTATT_DB_PORT",
        ),
        hosts="WERKSTATT_HOSTS",
        host_separator=" ",
    ),
    environment={"DEBUG": "False", "GREETING": "costs $(PRICE)"},
    generated_secrets={"WERKSTATT_SALT": 50},
    secret_files=(SecretFile(path="/etc/werkstatt/signing.key", key="signing.key"),),
    registry_login=True,
    configuration_files=(
        ConfigurationFile(path="/etc/werkstatt/site.cfg", content="[site]\nname = Werkstatt\n"),
    ),
    scratch_folders=(
        ScratchFolder(path="/tmp", size="2Gi"),  # noqa: S108 (a folder in the container)
        ScratchFolder(path="/srv/cache", size="64Mi"),
    ),
    media=MediaVolume(mount_path="/srv/media", size="5Gi"),
    data_folders=(
        DataFolder(name="data", path="/srv/data", size="1Gi", in_migrate=True),
        DataFolder(name="export", path="/srv/export", size="1Gi"),
    ),
    valkey=Valkey(
        purpose="queues",
        urls={"CELERY_BROKER_URL": 0, "CACHE_URL": 1},
        password="VALKEY_PASSWORD",
        host="VALKEY_HOST",
        port="VALKEY_PORT",
    ),
    workers=(
        Worker(
            name="mail",
            command=("celery", "--app=werkstatt", "worker"),
            replicas=2,
            longest_task_seconds=300,
            heartbeat=Heartbeat(path="/srv/cache/alive", max_age_seconds=60),
        ),
        Worker(name="beat", command=("celery", "--app=werkstatt", "beat"), single=True),
    ),
    schedules=(
        Schedule(
            name="nightly",
            cron="10 3 * * *",
            time_zone="Europe/Berlin",
            manage=("clearsessions",),
        ),
    ),
)
"""Everything that an app can ask for."""
