"""NetBox in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from box.images.others import recipes
from box.programs import TOOLS
from tests.rehearse.site import DATABASES, POSTGRES
from tests.rehearse_apps.others_app import OthersApp

if TYPE_CHECKING:
    from pathlib import Path

IN_POSTGRES = ("exec", "--stdin", POSTGRES, "--container", "postgres", "--")
DUMP = ("pg_dump", "--no-owner", "--no-acl", "--no-comments", "netbox")


def dump() -> Path:
    """The migrated, empty database of this version, if a run has kept it."""
    return TOOLS / f"dumps/netbox-{recipes.NETBOX.version}.sql"


@dataclass
class NetBox(OthersApp):
    """Its worker is RQ's, with queues of three priorities."""

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
        """Begin with the database that an earlier run has migrated: from nothing takes minutes."""
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
