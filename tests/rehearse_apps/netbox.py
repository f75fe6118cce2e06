"""NetBox in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from box.images.others import recipes
from box.poll import until
from box.programs import TOOLS
from tests.e2e.repository import ROOT
from tests.others.netbox import EXTRA, NETBOX
from tests.rehearse.site import CLUSTER, DATABASES, POSTGRES
from tests.rehearse_apps.others_app import TASK_SECONDS, OthersApp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

IN_POSTGRES = ("exec", "--stdin", POSTGRES, "--container", "postgres", "--")
ABANDONED_SECONDS = 150
"""RQ gives a job up 90 s after the last sign of its worker, which comes every 30 s."""
STATES = """
import django_rq
from rq.job import Job as Queued
from core.models import Job
job = Job.objects.get(pk={task!r})
queue = django_rq.get_queue(job.queue_name)
queued = Queued.fetch(str(job.job_id), connection=queue.connection)
is_given_up = queued.id in queue.started_job_registry.get_expired_job_ids()
print("given up" if is_given_up else queued.get_status().value, job.status)
"""
"""The state of a task for RQ, and for NetBox."""
CONFIGURATION = f"""\
from os import environ

ALLOWED_HOSTS = environ["ALLOWED_HOSTS"].split(" ")
CSRF_TRUSTED_ORIGINS = environ["CSRF_TRUSTED_ORIGINS"].split(" ")
SECRET_KEY = environ["SECRET_KEY"]
DATABASES = {{
    "default": {{
        "ENGINE": "django.db.backends.postgresql",
        "NAME": environ["DB_NAME"],
        "USER": environ["DB_USER"],
        "PASSWORD": environ["DB_PASSWORD"],
        "HOST": environ["DB_HOST"],
        "PORT": environ["DB_PORT"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }}
}}
VALKEY = {{
    "HOST": environ["REDIS_HOST"],
    "PORT": int(environ["REDIS_PORT"]),
    "PASSWORD": environ["REDIS_PASSWORD"],
    "SSL": False,
}}
REDIS = {{
    "tasks": {{**VALKEY, "DATABASE": int(environ["REDIS_DATABASE"])}},
    "caching": {{**VALKEY, "DATABASE": int(environ["REDIS_CACHE_DATABASE"])}},
}}
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CENSUS_REPORTING_ENABLED = False
ISOLATED_DEPLOYMENT = True
{EXTRA}"""
"""What the image of netbox-docker brings, and reads its `extra.py` after."""
DUMP = ("pg_dump", "--no-owner", "--no-acl", "--no-comments", "netbox")


def dump() -> Path:
    """The migrated, empty database of this version, if a run has kept it."""
    return TOOLS / f"dumps/netbox-{recipes.NETBOX.version}.sql"


@dataclass
class NetBox(OthersApp):
    """Its worker is RQ's, with queues of three priorities."""

    recipe: ClassVar[recipes.App] = recipes.NETBOX
    declared: ClassVar[Path] = ROOT / "tests/others/netbox.py"
    changes: ClassVar[Mapping[str, str]] = {
        "launcher": '("python", "-m", "netbox")',
        "python": "",
        "web_command": "",
        "port": "",
        "configuration_files": (
            '(ConfigurationFile(path="/opt/netbox/netbox/conf/configuration.py",'
            f" content={CONFIGURATION!r}),)"
        ),
        "schedules": (
            '(Schedule(name="data-sources", cron="*/5 * * * *",'
            ' manage=("syncdatasource", "--all")),)'
        ),
    }
    worker: ClassVar[str] = "rq"
    schedule: ClassVar[str] = "data-sources"
    locked_table: ClassVar[str] = "dcim_device"
    task: ClassVar[str] = (
        "from extras.jobs import RenderConfigContextJob as Job\nprint(Job.enqueue().pk)"
    )
    is_done: ClassVar[str] = (
        "from core.models import Job\n"
        "print('done' if Job.objects.get(pk=task).status == 'completed' else 'not')"
    )

    def prepare(self) -> None:
        """Limit the role's connections, as the platform's repository does when preflight asks.

        Begin with the database that an earlier run has migrated: from nothing takes minutes.
        """
        cluster = self.site.get("cluster.postgresql.cnpg.io", "apps-pg", "databases")
        managed = cluster["spec"]["managed"]
        for role in managed["roles"]:
            if role["name"] == NETBOX.database.role:
                role["connectionLimit"] = NETBOX.database.connection_limit
        patch = json.dumps({"spec": {"managed": managed}})
        self.site.kubectl("patch", *DATABASES, CLUSTER, "--type=merge", f"--patch={patch}")
        if dump().exists():
            self.site.sql("CREATE DATABASE netbox OWNER netbox", database="postgres")
            psql = ("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "netbox")
            text = f"SET ROLE netbox;\n{dump().read_text()}"
            self.site.kubectl(*DATABASES, *IN_POSTGRES, *psql, stdin=text)

    def day_one(self, tag: str) -> None:
        """Keep what the migration has made, for the next run."""
        super().day_one(tag)
        if not dump().exists():
            dump().parent.mkdir(exist_ok=True)
            dump().write_text(self.site.kubectl(*DATABASES, *IN_POSTGRES, *DUMP))

    def look_after(self, lost: str) -> str:
        """RQ records it as failed once a worker starts after the time that it gives a job."""
        states = STATES.format(task=lost)

        def has(state: str) -> bool:
            return self.python(states) == f"{state} running"

        until(lambda: has("given up"), "RQ gives the job up", ABANDONED_SECONDS)
        self.kill_worker()
        self.wait_for_worker()
        until(lambda: has("failed"), "RQ records the job as failed", TASK_SECONDS)
        return (
            "the task is lost, and RQ records it as failed once a worker starts later than 90 s"
            " afterwards; NetBox shows it as running; another worker does the next one"
        )
