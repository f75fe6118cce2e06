"""Mayan EDMS: keeps documents, with text recognition and workflows.

Looked at: 4.12.2, settings/base.py, smart_settings, task_manager/workers.py; the image's scripts
(4.3).
Image: mayanedms/mayanedms, mirrored; made for user 1000.
Missing: its start script, which changes users, owners and packages as root; its steps stand here as
commands. RabbitMQ and Elasticsearch are other services: Valkey is the broker, Whoosh the index, on
the data volume. Mounting an index as a file system needs a privilege. Settings are read as YAML, so
the hosts are a YAML list, which `names` cannot write. A lock in Valkey needs its URL within a YAML
dictionary, so the database locks.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    Names,
    Resources,
    ScratchFolder,
    SharedDatabase,
    Valkey,
    Worker,
)

BIN = "/opt/mayan-edms/bin"


def class_of_workers(letter: str) -> Worker:
    """The worker of one of Mayan's classes of queues; the image lists the queues of a class."""
    queues = f"MAYAN_WORKER_NAME=worker_{letter} {BIN}/mayan-edms.py platforms_template"
    celery = f"{BIN}/celery -A mayan worker -Ofair --without-gossip --concurrency=1"
    return Worker(
        name=f"worker-{letter}",
        command=("sh", "-c", f'exec {celery} --queues="$({queues} worker_queues)"'),
        resources=Resources(memory_request="256Mi", memory_limit="1Gi"),
        longest_task_seconds=600,
        connections=2,
    )


MAYAN = DjangoApp(
    name="mayan",
    host="mayan.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/mayanedms/mayanedms",
        tag="v4.12.2",
        digest="sha256:" + "07" * 32,
    ),
    settings_module="mayan.settings.production",
    launcher=(f"{BIN}/mayan-edms.py",),
    python=f"{BIN}/python3",
    upgrade_steps=(("common_perform_upgrade", "--no-dependencies"),),
    database=SharedDatabase(name="mayan", role="mayan"),
    names=Names(
        secret_key="MAYAN_SECRET_KEY",
        database_url=None,
        database=DatabaseParts(
            name="MAYAN_DATABASE_NAME",
            user="MAYAN_DATABASE_USER",
            password="MAYAN_DATABASE_PASSWORD",
            host="MAYAN_DATABASE_HOST",
            port="MAYAN_DATABASE_PORT",
        ),
        hosts=None,
        origins=None,
    ),
    environment={
        "MAYAN_ALLOWED_HOSTS": '["mayan.whywhynot.de"]',
        "MAYAN_CSRF_TRUSTED_ORIGINS": '["https://mayan.whywhynot.de"]',
        "MAYAN_DATABASE_ENGINE": "django.db.backends.postgresql",
        "MAYAN_LOCK_MANAGER_BACKEND": "mayan.apps.lock_manager.backends.model_lock.ModelLock",
        "MAYAN_MEDIA_ROOT": "/var/lib/mayan",
        "MAYAN_STATIC_ROOT": "/opt/mayan-edms/static",
    },
    valkey=Valkey(
        purpose="queues",
        memory="256Mi",
        urls={"MAYAN_CELERY_BROKER_URL": 0, "MAYAN_CELERY_RESULT_BACKEND": 1},
    ),
    scratch_folders=(ScratchFolder(path="/tmp", size="4Gi"),),
    data_folders=(DataFolder(name="data", path="/var/lib/mayan", size="50Gi", in_migrate=True),),
    web_command=(
        *(f"{BIN}/gunicorn", "mayan.wsgi", "--bind=0.0.0.0:8000", "--workers=2"),
        *("--max-requests=500", "--max-requests-jitter=50", "--limit-request-line=4094"),
    ),
    request_timeout_seconds=120,
    health_path="/authentication/login/",
    resources=Resources(memory_request="512Mi", memory_limit="1Gi"),
    migrate_timeout_seconds=3600,
    workers=(
        *(class_of_workers(letter) for letter in "abcdef"),
        Worker(name="beat", command=(f"{BIN}/celery", "-A", "mayan", "beat"), single=True),
    ),
)
