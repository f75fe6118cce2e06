"""What a rehearsal does with an app that somebody else wrote, whichever it is."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from box import programs
from box.poll import until
from ops.smoke.browser import Browser
from ops.smoke.visit import Person
from tests.rehearse.site import DATABASES, POSTGRES, Site
from tests.rehearse.visitors import PATIENCE_SECONDS
from tests.rehearse_apps.desk import changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from box.images.others import recipes
    from tests.rehearse_apps.desk import Desk

TASK_SECONDS = 120
ADDRESS = "anna@localhost.de"
NO_DIGEST = "sha256:" + "0" * 64
LOCKED = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = '{database}'"
)
HOLD = "BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600);"
RELEASE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%'"
    " AND pid <> pg_backend_pid()"
)


@dataclass
class OthersApp:
    """One app on the node."""

    recipe: ClassVar[recipes.App]
    """What its image is made of."""
    declared: ClassVar[Path]
    """The file that declares it."""
    changes: ClassVar[Mapping[str, str]] = {}
    """Arguments that are others with this image, as Python; an empty one is left out."""
    site: Site
    desk: Desk
    person: Person = field(
        default_factory=lambda: Person("anna", secrets.token_urlsafe(16)), repr=False
    )
    worker: ClassVar[str] = ""
    """The name of its worker, if it has one."""
    schedule: ClassVar[str]
    """The name of its schedule."""
    files: ClassVar[tuple[str, ...]] = ()
    """Keys of its secret files."""
    locked_table: ClassVar[str] = ""
    """A table that its task reads and a request does not."""
    task: ClassVar[str] = ""
    """Python that queues a task and prints its id."""
    is_done: ClassVar[str] = ""
    """Python that prints `done` if the task whose id is in `task` is done."""

    @property
    def name(self) -> str:
        """The app's name."""
        return self.site.app

    def day_one(self, tag: str) -> None:
        """From nothing to a healthy app, by the runbook's lines."""
        self.desk.declare(self.name, self.declaration(tag))
        self.prepare()
        given = " ".join(f"--file {key}=<(head -c 36 /dev/urandom | base64)" for key in self.files)
        key = "" if (self.site.operator.folder / ".sops.yaml").exists() else "--make-key"
        self.site.do(
            "make synth",
            f"ops image set --app {self.name} {tag}",
            f"ops secrets init --app {self.name} --password-from-cluster {key} {given}",
            "make synth",
            "git add --all .sops.yaml secrets apps dist argocd constructs",
            f"git commit --quiet --message '{self.name} {tag}'",
            f"ops secrets apply --app {self.name}",
            "git push --quiet",
            "kubectl --context railiance01 apply --server-side --filename argocd/root.yaml",
            f"ops deploy --app {self.name}",
        )

    def declaration(self, tag: str) -> str:
        """Its declaration, with the image that rehearsals make of it; its digest comes later."""
        image = f'Image(repository="{self.recipe.repository}", tag="{tag}", digest="{NO_DIGEST}")'
        return changed(self.declared, {"image": image, **self.changes})

    def prepare(self) -> None:
        """What is there before the app."""

    def add_person(self) -> None:
        """Make a superuser of the app."""
        made = self.site.operator.ops(
            *("superuser", "--app", self.name, self.person.user, "--email", ADDRESS),
            "--password-stdin",
            stdin=f"{self.person.password}\n",
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def save_something(self) -> str:
        """Log in and save something as a person does; what was saved."""
        answer = self.site.operator.ops(
            *("smoke", "--app", self.name, "--user", self.person.user, "--password-stdin"),
            *("--context", "railiance01", "--ca", str(self.site.authority)),
            stdin=f"{self.person.password}\n",
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return "an entry, created, found and deleted by `ops smoke`"

    def rotate_valkey(self) -> None:
        """Give Valkey another password, by the runbook's lines."""
        self.site.do(
            f"ops secrets rotate --app {self.name} password.conf",
            "make synth",
            f"git commit --quiet --all --message 'Another password of {self.name}'",
            f"ops secrets apply --app {self.name}",
            "git push --quiet",
            f"ops deploy --app {self.name}",
        )

    def browser(self) -> Browser:
        """A visitor's browser."""
        return Browser(self.site.place, self.site.authority, PATIENCE_SECONDS)

    def python(self, program: str) -> str:
        """What a program prints that runs with the app's settings in a web pod."""
        where = ("--namespace", self.name, "--stdin", f"deployment/{self.name}")
        text = f"import django\ndjango.setup()\n{program}"
        run = ("exec", *where, "--container", "web", "--", "python", "-")
        return self.site.kubectl(*run, stdin=text).strip().splitlines()[-1]

    def queue_task(self) -> str:
        """Have the worker do something; the task's id."""
        return self.python(self.task)

    def has_done(self, task: str) -> bool:
        """Whether the worker has completed a task."""
        return self.python(f"task = {task!r}\n{self.is_done}") == "done"

    def wait_until_done(self, task: str) -> None:
        """Return once it has."""
        until(lambda: self.has_done(task), f"{self.name} completes a task", TASK_SECONDS)

    @contextlib.contextmanager
    def task_going_on(self) -> Iterator[str]:
        """A task that its worker does not finish before the end of the block; its id."""
        hold = HOLD.format(table=self.locked_table)
        psql = ("psql", "--no-psqlrc", "--quiet", self.name, "--command", hold)
        kubectl = [str(programs.path("kubectl")), f"--kubeconfig={self.site.box.kubeconfig}"]
        inside = [*DATABASES, "exec", POSTGRES, "--container", "postgres", "--", *psql]
        with subprocess.Popen(
            [*kubectl, *inside], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as holder:
            try:
                until(self._is_held, f"{self.locked_table} is locked", TASK_SECONDS)
                task = self.queue_task()
                until(self._is_waited_for, "the worker is in the task", TASK_SECONDS)
                yield task
            finally:
                self.site.sql(RELEASE, database=self.name)
                holder.wait(timeout=TASK_SECONDS)

    def _is_held(self) -> bool:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        return self.site.sql(query, database=self.name) == "1"

    def _is_waited_for(self) -> bool:
        query = LOCKED.format(database=self.name)
        return self.site.sql(query, database=self.name) != "0"

    def end_worker(self) -> None:
        """Delete the worker's pods as Kubernetes does; they are asked to end."""
        self._delete_worker("--wait=false")

    def kill_worker(self) -> None:
        """Delete the worker's pods, and return once they are killed and gone."""
        self._delete_worker("--grace-period=1")

    def _delete_worker(self, option: str) -> None:
        pods = f"--selector=app.kubernetes.io/component=worker-{self.worker}"
        self.site.kubectl("delete", "pod", pods, f"--namespace={self.name}", option)

    def wait_for_worker(self) -> None:
        """Return once its Deployment is complete."""
        deployment = f"deployment/{self.name}-{self.worker}"
        self.site.kubectl(
            "rollout", "status", f"--namespace={self.name}", deployment, "--timeout=180s"
        )

    def look_after(self, lost: str) -> str:
        """Assert what becomes of a task that its worker was killed in; what that is."""
        raise NotImplementedError

    def has_run_at_its_time(self) -> bool:
        """Whether the schedule has succeeded."""
        cron_job = self.site.get("cronjob", f"{self.name}-{self.schedule}")
        return "lastSuccessfulTime" in cron_job.get("status", {})
