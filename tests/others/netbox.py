"""NetBox: documents networks.

Looked at: 4.7, upgrade.sh, urls.py, core/jobs.py; netbox-docker's configuration and start script.
Image: netboxcommunity/netbox, mirrored; it runs as any user.
Worker: RQ does not repeat a job that its worker was killed in. A worker that starts records it as
failed once the job's heartbeat is 90 s old; NetBox goes on showing it as running.
Missing: nothing of NetBox itself; plugins need an image of one's own. Its start script migrates in
each container, so the web command starts Granian directly, which serves static files as well.
Housekeeping is a job of NetBox's own worker since 4.3, so there is no schedule.
"""

from railiance import (
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    MediaVolume,
    Names,
    Resources,
    SharedDatabase,
    Smoke,
    SmokeEntry,
    Valkey,
    Worker,
)

EXTRA = """\
from os import environ

API_TOKEN_PEPPERS = {1: environ["API_TOKEN_PEPPER_1"]}
CHANGELOG_RETENTION = 365
"""

NETBOX = DjangoApp(
    name="netbox",
    host="netbox.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/netboxcommunity/netbox",
        tag="v4.7.3",
        digest="sha256:" + "06" * 32,
    ),
    settings_module="netbox.settings",
    working_folder="/opt/netbox/netbox",
    python="/opt/netbox/venv/bin/python",
    upgrade_steps=(("upgrade", "--no-input", "--skip-migrations", "--skip-static"),),
    database=SharedDatabase(
        name="netbox", role="netbox", extensions=("ltree",), connection_limit=40
    ),
    names=Names(
        database_url=None,
        database=DatabaseParts(
            name="DB_NAME",
            user="DB_USER",
            password="DB_PASSWORD",
            host="DB_HOST",
            port="DB_PORT",
        ),
        host_separator=" ",
    ),
    generated_secrets={"API_TOKEN_PEPPER_1": 64},
    environment={"DEBUG": "False", "REDIS_DATABASE": "0", "REDIS_CACHE_DATABASE": "1"},
    valkey=Valkey(
        purpose="queues",
        memory="256Mi",
        host="REDIS_HOST",
        port="REDIS_PORT",
        password="REDIS_PASSWORD",
    ),
    configuration_files=(ConfigurationFile(path="/etc/netbox/config/extra.py", content=EXTRA),),
    media=MediaVolume(mount_path="/opt/netbox/netbox/media", size="5Gi"),
    data_folders=(
        DataFolder(name="reports", path="/opt/netbox/netbox/reports", size="1Gi"),
        DataFolder(name="scripts", path="/opt/netbox/netbox/scripts", size="1Gi"),
    ),
    web_connections=8,
    web_command=(
        *("/opt/netbox/venv/bin/granian", "--host=0.0.0.0", "--port=8080", "--interface=wsgi"),
        *("--no-ws", "--workers=2", "--respawn-failed-workers", "--static-path-route=/static"),
        *("--static-path-mount=/opt/netbox/netbox/static", "netbox.granian:application"),
    ),
    port=8080,
    health_path="/login/",
    resources=Resources(memory_request="512Mi", memory_limit="1Gi"),
    migrate_timeout_seconds=1800,
    workers=(
        Worker(
            name="rq",
            manage=("rqworker", "high", "default", "low"),
            replicas=2,
            longest_task_seconds=300,
            connections=2,
        ),
    ),
    smoke=Smoke(
        login_path="/login/",
        entry=SmokeEntry(
            create_path="/tenancy/contacts/add/",
            title_field="name",
            list_path="/tenancy/contacts/",
            delete="delete/",
        ),
    ),
)
