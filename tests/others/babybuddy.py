"""Baby Buddy: keeps a record of a baby's sleep, meals and diapers.

Looked at: 2.10.0, settings/base.py; Dockerfile, services and nginx configuration of its image.
Image: linuxserver/babybuddy, mirrored; it runs as any user.
Missing: s6, which starts as root; gunicorn is started directly, and serves static files itself.
Photographs go to a bucket, because only the image's nginx would serve them from a volume. The first
migration creates an administrator named admin with the password admin; change it before the host is
public.
"""

from railiance import DjangoApp, Image, ObjectStorage, Schedule, SharedDatabase, StorageNames

BABYBUDDY = DjangoApp(
    name="babybuddy",
    host="baby.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/linuxserver/babybuddy",
        tag="v2.10.0",
        digest="sha256:" + "0a" * 32,
    ),
    settings_module="babybuddy.settings.base",
    working_folder="/app/www/public",
    python="/lsiopy/bin/python3",
    upgrade_steps=(("createcachetable",),),
    database=SharedDatabase(name="babybuddy", role="babybuddy"),
    environment={
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_PROXY_SSL_HEADER": "True",
        "SESSION_COOKIE_SECURE": "True",
    },
    storage=ObjectStorage(
        endpoint="https://s3.whywhynot.de",
        bucket="babybuddy",
        region="us-east-1",
        names=StorageNames(
            region="AWS_DEFAULT_REGION",
            access_key="AWS_ACCESS_KEY_ID",
            secret_key="AWS_SECRET_ACCESS_KEY",
        ),
    ),
    web_command=(
        *("/lsiopy/bin/gunicorn", "babybuddy.wsgi", "--bind=0.0.0.0:8000"),
        *("--workers=2", "--threads=4", "--worker-class=gthread", "--log-file=-"),
    ),
    web_connections=8,
    health_path="/login/",
    schedules=(Schedule(name="sessions", cron="0 5 * * 0", manage=("clearsessions",)),),
)
