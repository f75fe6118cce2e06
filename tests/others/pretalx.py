"""pretalx: plans conferences, from the call for papers to the schedule.

Looked at: 2026.1.2, settings.py, common/settings/config.py; the Dockerfile of pretalx-docker.
Image: pretalx/standalone, mirrored; made for user 999.
Worker: pretalx acknowledges a task when it begins, so one that its worker was killed in is lost.
Missing: uploaded pictures on pages, because neither pretalx nor its image serves /media/, which its
documentation leaves to a web server in front. Its start script migrates in each container, and its
standard command is supervisord with web and worker in one container; web and worker stand apart
here. SECRET_KEY is read from a file alone, so an operator gives that file.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    Names,
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
        repository="gitea.coulomb.social/mirror/pretalx/standalone",
        tag="v2026.1.2",
        digest="sha256:" + "03" * 32,
    ),
    settings_module="pretalx.settings",
    run_as_user=999,
    working_folder="/pretalx/src",
    launcher=("python3", "-m", "pretalx"),
    python="python3",
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
        "PRETALX_FILESYSTEM_LOGS": "/tmp/logs",
        "PRETALX_SITE_URL": "https://pretalx.whywhynot.de",
    },
    valkey=Valkey(
        purpose="queues",
        urls={"PRETALX_REDIS": 0, "PRETALX_CELERY_BROKER": 1, "PRETALX_CELERY_BACKEND": 2},
    ),
    data_folders=(DataFolder(name="data", path="/data", size="5Gi", in_migrate=True),),
    web_command=(
        *("gunicorn", "pretalx.wsgi", "--workers=2", "--max-requests=1200"),
        *("--max-requests-jitter=50", "--bind=0.0.0.0:8000"),
    ),
    health_path="/healthcheck/",
    workers=(
        Worker(
            name="tasks",
            command=(
                *("python3", "-m", "celery", "--app=pretalx.celery_app", "worker"),
                "--concurrency=2",
            ),
            longest_task_seconds=300,
            connections=3,
        ),
    ),
    schedules=(
        Schedule(name="periodic", cron="*/10 * * * *", manage=("runperiodic",)),
        Schedule(
            name="sessions",
            cron="30 3 * * *",
            time_zone="Europe/Berlin",
            manage=("clearsessions",),
        ),
    ),
    smoke=Smoke(login_path="/orga/login/", dashboard_path="/orga/event/"),
)
