"""InvenTree: keeps stock and parts.

Looked at: 1.x, contrib/container (Dockerfile, init.sh, compose file), docs/start/config.md.
Image: not inventree/inventree, but one built from it: all Python packages are in /root/.local,
which only root can read (https://github.com/inventree/InvenTree/pull/12760 changes that). One line
makes them readable: `RUN chmod -R a+rX /root`; made for user 1000.
Missing: its own image, for that reason. Static files and media, which Caddy serves beside it, go to
a bucket instead. Plugins are installed at the start, which needs another image as well.
"""

from railiance import (
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    Names,
    ObjectStorage,
    Resources,
    SharedDatabase,
    StorageNames,
    Valkey,
    Worker,
)

HOME = "/home/inventree"

INVENTREE = DjangoApp(
    name="inventree",
    host="inventree.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/inventree",
        tag="1.0.0-readable",
        digest="sha256:" + "0d" * 32,
    ),
    settings_module="InvenTree.settings",
    working_folder=f"{HOME}/src/backend/InvenTree",
    launcher=("python3", "manage.py"),
    python="python3",
    upgrade_steps=(("remove_stale_contenttypes", "--include-stale-apps", "--no-input"),),
    database=SharedDatabase(name="inventree", role="inventree"),
    names=Names(
        secret_key="INVENTREE_SECRET_KEY",
        database_url=None,
        database=DatabaseParts(
            name="INVENTREE_DB_NAME",
            user="INVENTREE_DB_USER",
            password="INVENTREE_DB_PASSWORD",
            host="INVENTREE_DB_HOST",
            port="INVENTREE_DB_PORT",
        ),
        hosts="INVENTREE_ALLOWED_HOSTS",
        origins="INVENTREE_TRUSTED_ORIGINS",
    ),
    environment={
        "INVENTREE_DEBUG": "False",
        "INVENTREE_DB_ENGINE": "postgresql",
        "INVENTREE_SITE_URL": "https://inventree.whywhynot.de",
        "INVENTREE_USE_X_FORWARDED_PROTO": "True",
        "INVENTREE_CACHE_ENABLED": "True",
        "INVENTREE_STORAGE_TARGET": "s3",
    },
    valkey=Valkey(
        purpose="cache",
        host="INVENTREE_CACHE_HOST",
        port="INVENTREE_CACHE_PORT",
        password="INVENTREE_CACHE_PASSWORD",
    ),
    storage=ObjectStorage(
        endpoint="https://s3.whywhynot.de",
        bucket="inventree",
        region="us-east-1",
        names=StorageNames(
            endpoint="INVENTREE_S3_ENDPOINT_URL",
            bucket="INVENTREE_S3_BUCKET_NAME",
            region="INVENTREE_S3_REGION_NAME",
            access_key="INVENTREE_S3_ACCESS_KEY",
            secret_key="INVENTREE_S3_SECRET_KEY",
        ),
    ),
    data_folders=(DataFolder(name="data", path=f"{HOME}/data", size="5Gi", in_migrate=True),),
    web_command=(
        *("gunicorn", f"--config={HOME}/gunicorn.conf.py", "InvenTree.wsgi"),
        "--bind=0.0.0.0:8000",
    ),
    request_timeout_seconds=90,
    web_connections=16,
    health_path="/api/",
    resources=Resources(memory_request="512Mi", memory_limit="2Gi"),
    migrate_timeout_seconds=1800,
    workers=(Worker(name="queue", manage=("qcluster",), longest_task_seconds=300, connections=5),),
)
