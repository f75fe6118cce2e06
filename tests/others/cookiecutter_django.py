"""The project that cookiecutter-django generates, with Celery, WhiteNoise and AWS for media.

Looked at: 2026.8.18, compose/production/django, config/settings, .envs of the generated project.
Image: the project's own, built from its Dockerfile in a private registry; it runs as any user.
Missing: Flower, which would need a host of its own; an uploads folder without AWS, because the
generated project leaves serving it to nginx. The image has no static files, so the migrate Job
collects them into a volume. Its entry point waits for the database, as the pods do here anyway.
"""

from railiance import (
    DataFolder,
    DjangoApp,
    Image,
    Names,
    ObjectStorage,
    Schedule,
    SharedDatabase,
    StorageNames,
    Valkey,
    Worker,
)

CELERY = ("celery", "--app=config.celery_app")

COOKIECUTTER_DJANGO = DjangoApp(
    name="awesome-project",
    host="awesome.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/awesome-project",
        tag="0.1.0",
        digest="sha256:" + "0c" * 32,
    ),
    registry_login=True,
    settings_module="config.settings.production",
    working_folder="/app",
    upgrade_steps=(("collectstatic", "--noinput"), ("compress",)),
    database=SharedDatabase(name="awesome_project", role="awesome_project"),
    names=Names(secret_key="DJANGO_SECRET_KEY", hosts="DJANGO_ALLOWED_HOSTS", origins=None),
    secret_keys=(*("DJANGO_SECRET_KEY", "DATABASE_URL", "DJANGO_ADMIN_URL", "MAILGUN_API_KEY"),),
    environment={
        "DJANGO_DEBUG": "False",
        "MAILGUN_DOMAIN": "mg.whywhynot.de",
        "WEB_CONCURRENCY": "2",
    },
    valkey=Valkey(purpose="queues", urls={"REDIS_URL": 0}),
    storage=ObjectStorage(
        endpoint="https://s3.whywhynot.de",
        bucket="awesome-project",
        region="us-east-1",
        names=StorageNames(
            endpoint="AWS_ENDPOINT_URL_S3",
            bucket="DJANGO_AWS_STORAGE_BUCKET_NAME",
            region="DJANGO_AWS_S3_REGION_NAME",
            access_key="DJANGO_AWS_ACCESS_KEY_ID",
            secret_key="DJANGO_AWS_SECRET_ACCESS_KEY",
        ),
    ),
    data_folders=(DataFolder(name="static", path="/app/staticfiles", size="1Gi", in_migrate=True),),
    web_command=("gunicorn", "config.wsgi", "--bind=0.0.0.0:5000", "--chdir=/app"),
    port=5000,
    health_path="/",
    workers=(
        Worker(
            name="tasks",
            command=(*CELERY, "worker", "--loglevel=INFO", "--concurrency=2"),
            longest_task_seconds=300,
            connections=3,
        ),
        Worker(name="beat", command=(*CELERY, "beat", "--loglevel=INFO"), single=True),
    ),
    schedules=(
        Schedule(
            name="sessions",
            cron="40 3 * * *",
            command=("python", "/app/manage.py", "clearsessions"),
            concurrency="Replace",
        ),
    ),
)
