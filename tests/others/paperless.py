"""Paperless-ngx: files scanned documents, with text recognition.

Looked at: 3.0.5, Dockerfile, docker/rootfs (the services of s6), src/paperless/settings.
Image: paperless-ngx/paperless-ngx, mirrored; made for user 1000.
Missing: more languages for text recognition, which the image installs with apt at its start, as
root. s6, which would run four services in one container, is not used: each service is a process
here. Tika and Gotenberg, for office documents, are other services. Documents come in by web, API
and mail; the consume folder is a volume that nothing outside of the cluster reaches.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    MediaVolume,
    Names,
    Resources,
    ScratchFolder,
    SharedDatabase,
    Valkey,
    Worker,
)

PAPERLESS = DjangoApp(
    name="paperless",
    host="paperless.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/paperless-ngx/paperless-ngx",
        tag="3.0.5",
        digest="sha256:" + "05" * 32,
    ),
    settings_module="paperless.settings",
    working_folder="/usr/src/paperless/src",
    launcher=("python3", "manage.py"),
    python="python3",
    upgrade_steps=(("document_index", "reindex", "--if-needed", "--no-progress-bar"),),
    database=SharedDatabase(name="paperless", role="paperless"),
    names=Names(
        secret_key="PAPERLESS_SECRET_KEY",
        database_url=None,
        database=DatabaseParts(
            name="PAPERLESS_DBNAME",
            user="PAPERLESS_DBUSER",
            password="PAPERLESS_DBPASS",
            host="PAPERLESS_DBHOST",
            port="PAPERLESS_DBPORT",
        ),
        hosts="PAPERLESS_ALLOWED_HOSTS",
        origins="PAPERLESS_CSRF_TRUSTED_ORIGINS",
    ),
    environment={
        "PAPERLESS_DBENGINE": "postgresql",
        "PAPERLESS_URL": "https://paperless.whywhynot.de",
        "PAPERLESS_PROXY_SSL_HEADER": '["HTTP_X_FORWARDED_PROTO", "https"]',
        "PAPERLESS_OCR_LANGUAGE": "deu",
        "PAPERLESS_TIME_ZONE": "Europe/Berlin",
    },
    valkey=Valkey(purpose="queues", urls={"PAPERLESS_REDIS": 0}),
    scratch_folders=(ScratchFolder(path="/tmp", size="4Gi"),),
    media=MediaVolume(mount_path="/usr/src/paperless/media", size="50Gi"),
    data_folders=(
        DataFolder(name="data", path="/usr/src/paperless/data", size="5Gi", in_migrate=True),
        DataFolder(name="consume", path="/usr/src/paperless/consume", size="5Gi"),
        DataFolder(name="export", path="/usr/src/paperless/export", size="50Gi"),
    ),
    web_command=(
        *("granian", "--interface=asginl", "--ws", "--loop=uvloop", "--host=0.0.0.0"),
        *("--port=8000", "paperless.asgi:application"),
    ),
    health_path="/accounts/login/",
    migrate_timeout_seconds=3600,
    workers=(
        Worker(
            name="tasks",
            command=("celery", "--app=paperless", "worker", "--without-mingle", "--without-gossip"),
            resources=Resources(cpu_limit="2", memory_request="512Mi", memory_limit="3Gi"),
            longest_task_seconds=1800,
            connections=2,
        ),
        Worker(name="beat", command=("celery", "--app=paperless", "beat"), single=True),
        Worker(name="consumer", manage=("document_consumer",), single=True),
    ),
)
