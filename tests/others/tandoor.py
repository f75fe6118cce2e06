"""Tandoor: keeps recipes and shopping lists.

Looked at: 2.6.11, Dockerfile, boot.sh, recipes/settings.py, its Kubernetes example.
Image: vabene1111/recipes, mirrored; it runs as any user.
Missing: pictures served by nginx, which the image starts beside gunicorn: Django serves /media/
here, which is slower. Static files are collected into a volume by the migrate Job, because the
image has none; plugins, which are built at the start, need an image of one's own.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    MediaVolume,
    Names,
    ScratchFolder,
    SharedDatabase,
    Valkey,
)

TANDOOR = DjangoApp(
    name="tandoor",
    host="rezepte.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/vabene1111/recipes",
        tag="2.6.11",
        digest="sha256:" + "08" * 32,
    ),
    settings_module="recipes.settings",
    python="/opt/recipes/venv/bin/python",
    working_folder="/opt/recipes",
    upgrade_steps=(("collectstatic", "--noinput", "--clear"),),
    database=SharedDatabase(name="tandoor", role="tandoor", extensions=("pg_trgm", "unaccent")),
    names=Names(
        database_url=None,
        database=DatabaseParts(
            name="POSTGRES_DB",
            user="POSTGRES_USER",
            password="POSTGRES_PASSWORD",
            host="POSTGRES_HOST",
            port="POSTGRES_PORT",
        ),
    ),
    environment={
        "DB_ENGINE": "django.db.backends.postgresql",
        "DEBUG": "0",
        "GUNICORN_MEDIA": "1",
        "REDIS_USERNAME": "default",
        "TZ": "Europe/Berlin",
    },
    valkey=Valkey(purpose="cache", host="REDIS_HOST", port="REDIS_PORT", password="REDIS_PASSWORD"),
    scratch_folders=(ScratchFolder(path="/tmp", size="1Gi"),),
    media=MediaVolume(mount_path="/opt/recipes/mediafiles", size="10Gi"),
    data_folders=(
        DataFolder(name="static", path="/opt/recipes/staticfiles", size="1Gi", in_migrate=True),
    ),
    web_command=(
        *("/opt/recipes/venv/bin/gunicorn", "recipes.wsgi", "--bind=0.0.0.0:8080"),
        *("--workers=2", "--threads=2", "--access-logfile=-"),
    ),
    request_timeout_seconds=60,
    port=8080,
    health_path="/offline/",
)
