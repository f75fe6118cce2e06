"""pretalx: plans conferences, from the call for papers to the schedule.

Image: `python -m box.images.others`, pretalx 2026.1.2 from PyPI. The editor of schedules is missing
there, because it is built with npm. A task that a worker was killed in is lost: pretalx
acknowledges a task when it begins. A worker that is told to end finishes its tasks first.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    MediaVolume,
    Names,
    Resources,
    Schedule,
    SecretFile,
    SharedDatabase,
    Smoke,
    Valkey,
    Worker,
)

PRETALX = DjangoApp(
    name="pretalx",
    host="pretalx.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/others/pretalx",
        tag="2026.1.2",
        digest="sha256:0000000000000000000000000000000000000000000000000000000000000000",
    ),
    settings_module="pretalx.settings",
    launcher=("python", "-m", "pretalx"),
    database=SharedDatabase(name="pretalx", role="pretalx"),
    names=Names(
        secret_key=None,
        database_url=None,
        database=DatabaseParts(
            name="PRETALX_DB_NAME",
            user="PRETALX_DB_USER",
            password="PRETALX_DB_PASS",
            host="PRETALX_DB_HOST",
            port="PRETALX_DB_PORT",
        ),
        hosts=None,
        origins=None,
    ),
    secret_files=(SecretFile(path="/data/.secret", key="secret-key"),),
    environment={
        "PRETALX_DATA_DIR": "/data",
        "PRETALX_DB_TYPE": "postgresql",
        "PRETALX_FILESYSTEM_LOGS": "/tmp/logs",  # noqa: S108 (a folder in the container)
        "PRETALX_FILESYSTEM_MEDIA": "/media",
        "PRETALX_SITE_URL": "https://pretalx.whywhynot.de",
    },
    valkey=Valkey(
        purpose="queues",
        urls={"PRETALX_REDIS": 0, "PRETALX_CELERY_BROKER": 1, "PRETALX_CELERY_BACKEND": 2},
    ),
    media=MediaVolume(mount_path="/media", size="1Gi"),
    data_folders=(DataFolder(name="data", path="/data", size="1Gi", in_migrate=True),),
    health_path="/healthcheck/",
    web_connections=8,
    resources=Resources(memory_request="256Mi", memory_limit="1Gi"),
    workers=(
        Worker(
            name="tasks",
            command=(
                *("python", "-m", "celery", "--app=pretalx.celery_app", "worker"),
                *("--loglevel=info", "--concurrency=2"),
            ),
            resources=Resources(memory_request="256Mi", memory_limit="1Gi"),
            longest_task_seconds=120,
            connections=3,
        ),
    ),
    schedules=(Schedule(name="periodic", cron="*/5 * * * *", manage=("runperiodic",)),),
    smoke=Smoke(login_path="/orga/login/", dashboard_path="/orga/event/"),
)
