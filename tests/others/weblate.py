"""Weblate: translates software.

Looked at: 2026.8.1, Dockerfile, start and supervisor configuration of its image;
settings_docker.py.
Image: weblate/weblate, mirrored; made for user 1000.
Missing: screenshots and custom fonts on pages, because only the image's nginx serves /media/;
static files are served by Granian. Its start script writes /etc/localtime's target and
supervisord's configuration, and starts all processes in one container; they stand apart here.
SECRET_KEY is read from a file alone, so an operator gives that file. All workers share one process
for five queues.
"""

from railiance import (
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    Names,
    Resources,
    ScratchFolder,
    SecretFile,
    SharedDatabase,
    Valkey,
    Worker,
)

CELERY = ("/app/venv/bin/celery", "--app=weblate.utils")
QUEUES = "celery,notify,memory,translate,backup"
NO_CUSTOMIZATION = "# no customization\n"

WEBLATE = DjangoApp(
    name="weblate",
    host="weblate.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/weblate/weblate",
        tag="2026.8.1.0",
        digest="sha256:" + "04" * 32,
    ),
    settings_module="weblate.settings_docker",
    launcher=("/app/venv/bin/weblate",),
    python="/app/venv/bin/python",
    upgrade_steps=(("ensure_stats",), ("collectstatic", "--noinput")),
    database=SharedDatabase(name="weblate", role="weblate", extensions=("btree_gin", "pg_trgm")),
    names=Names(
        secret_key=None,
        database_url=None,
        database=DatabaseParts(
            name="POSTGRES_DB",
            user="POSTGRES_USER",
            password="POSTGRES_PASSWORD",
            host="POSTGRES_HOST",
            port="POSTGRES_PORT",
        ),
        hosts="WEBLATE_ALLOWED_HOSTS",
        origins=None,
    ),
    secret_keys=("POSTGRES_PASSWORD", "WEBLATE_EMAIL_HOST_PASSWORD"),
    secret_files=(SecretFile(path="/app/data/secret", key="secret-key"),),
    environment={
        "WEBLATE_DEBUG": "0",
        "WEBLATE_SITE_DOMAIN": "weblate.whywhynot.de",
        "WEBLATE_ENABLE_HTTPS": "1",
        "WEBLATE_SECURE_PROXY_SSL_HEADER": "HTTP_X_FORWARDED_PROTO,https",
        "WEBLATE_ADMIN_EMAIL": "weblate@whywhynot.de",
        "WEBLATE_EMAIL_HOST": "mail.whywhynot.de",
        "REDIS_DB": "1",
    },
    valkey=Valkey(
        purpose="queues",
        memory="256Mi",
        host="REDIS_HOST",
        port="REDIS_PORT",
        password="REDIS_PASSWORD",
    ),
    configuration_files=(
        ConfigurationFile(path="/app/data/python/customize/__init__.py", content=NO_CUSTOMIZATION),
        ConfigurationFile(path="/app/data/python/customize/models.py", content=NO_CUSTOMIZATION),
    ),
    scratch_folders=(ScratchFolder(path="/tmp", size="1Gi"),),
    data_folders=(
        DataFolder(name="data", path="/app/data", size="20Gi", in_migrate=True),
        DataFolder(name="cache", path="/app/cache", size="5Gi", in_migrate=True),
    ),
    web_command=(
        *("/app/venv/bin/granian", "--host=0.0.0.0", "--port=8080", "--interface=wsgi", "--no-ws"),
        *("--workers=2", "--blocking-threads=4", "--respawn-failed-workers"),
        *("--static-path-route=/static", "--static-path-mount=/app/cache/static"),
        "weblate.wsgi:application",
    ),
    web_connections=8,
    port=8080,
    health_path="/healthz/",
    resources=Resources(memory_request="512Mi", memory_limit="2Gi"),
    migrate_timeout_seconds=3600,
    workers=(
        Worker(
            name="tasks",
            command=(*CELERY, "worker", "--concurrency=2", f"--queues={QUEUES}"),
            resources=Resources(memory_request="512Mi", memory_limit="2Gi"),
            longest_task_seconds=3600,
            connections=3,
        ),
        Worker(name="beat", command=(*CELERY, "beat", "--pidfile="), single=True),
    ),
)
