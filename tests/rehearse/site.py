"""The site as a whole: the node, its platform, the operator who looks after it, its visitors."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from box.command import kubectl
from box.platform.apply import get
from box.poll import until
from ops.documents import fleet
from ops.smoke.place import Place
from ops.smoke.target import Target, target_of
from ops.smoke.visit import Person
from tests.e2e.argocd import is_done
from tests.e2e.rehearsal import APP
from tests.rehearse.visitors import Visitors
from tests.rehearse.writer import Writer
from tests.runbook import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from box.lifecycle import Box
    from box.platform.install import Platform
    from tests.e2e.operator import Operator
    from tests.rehearse.figures import Figures
    from tests.runner import Answer

DATABASES = ("--namespace", "databases")
CLUSTER, POSTGRES = "cluster.postgresql.cnpg.io/apps-pg", "pod/apps-pg-1"
HEALTHY_WITHIN_SECONDS = 180
CRASH = 'kill -KILL "$(head -n 1 "$PGDATA/postmaster.pid")"'
SETTLED_SECONDS = 3.0
"""How long visitors come before something is done, and go on coming afterwards."""


@dataclass
class People:
    """Who uses the site during a rehearsal."""

    visitors: Visitors
    writer: Writer
    seconds: float = 0.0
    """How long it took what was timed."""

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Time what is done meanwhile."""
        start = time.monotonic()
        yield
        self.seconds = time.monotonic() - start


@dataclass
class Site:
    """One app of the cluster, with all that a rehearsal does to it."""

    box: Box
    platform: Platform
    operator: Operator
    figures: Figures
    app: str = APP
    person: Person | None = field(default=None, repr=False)
    """Who may log in, once there is somebody."""
    well: str = ""
    """The last commit with which a rehearsal passed."""
    in_doubt: bool = True
    """Whether the last rehearsal failed, or left the app in another state than healthy."""

    @property
    def authority(self) -> Path:
        """What the certificates lead to."""
        return self.platform.acme_root

    @property
    def plan(self) -> Target:
        """What there is to visit, as the operator's clone has it."""
        return target_of(fleet.load(self.operator.folder).app(self.app))

    @property
    def address(self) -> str:
        """The node's public address."""
        assert self.box.network
        return self.box.network.node

    @property
    def place(self) -> Place:
        """Where it is visited."""
        return Place(host=self.plan.host, address=self.address)

    def visitors(self, at_a_time: int = 1) -> Visitors:
        """So many people who keep asking for the health page, and so the database."""
        return Visitors(self.place, self.authority, at_a_time, self.plan.health_path)

    def writer(self) -> Writer:
        """A person who keeps saving."""
        assert self.person, "nobody can log in yet"
        return Writer(self.plan, self.place, self.authority, self.person)

    @contextlib.contextmanager
    def in_use(self, number: int, title: str, *, seen: str, at_a_time: int = 1) -> Iterator[People]:
        """People use the site, from a while before something is done until a while after.

        What they saw becomes the rehearsal's line; nothing that they saved may be lost.
        """
        with self.visitors(at_a_time) as visitors, self.writer() as writer:
            people = People(visitors, writer)
            settle()
            yield people
            settle()
        self.figures.note(
            number, title, seconds=people.seconds, seen=seen, visitors=visitors, writer=writer
        )
        assert visitors.requests
        assert writer.saved
        assert self.figures.lines[-1].lost == 0

    @contextlib.contextmanager
    def unseen(
        self, number: int, title: str, at_a_time: int = 1, seen: str = "nothing"
    ) -> Iterator[People]:
        """The same, and none of them notices anything."""
        with self.in_use(number, title, seen=seen, at_a_time=at_a_time) as people:
            yield people
        assert people.visitors.failed == []
        assert people.writer.problems == []

    def do(self, *lines: str) -> str:
        """Give command lines as they stand in the runbook; each must succeed; what they said."""
        said = ""
        for line in lines:
            answer = self.operator.shell(line)
            assert answer.returncode == 0, f"{line}\n{answer.stdout}\n{answer.stderr}"
            said += answer.stdout
        return said

    def use_image(self, tag: str) -> None:
        """Have another version in git, by the runbook; not deployed yet."""
        *lines, _ = commands("Deploy a new tag", TAG=tag)
        self.do(*lines)

    def commit_secrets(self, message: str) -> None:
        """Commit a changed secrets file with what is rendered of it; not pushed yet."""
        self.do("make synth", "git add secrets dist", f"git commit --quiet --message '{message}'")

    def recover(self) -> None:
        """Have the app as it was when a rehearsal last ended well, but for the schema."""
        self.box.up()
        self.bring_database_back()
        if not self.is_healthy or self.operator.git("diff", "--stat", self.well):
            self.operator.git("read-tree", "--reset", "-u", self.well)
            self.operator.git("commit", "--allow-empty", "--quiet", "--all", "--message=As before")
            self.do(f"ops secrets apply --app {self.app} --platform", "git push --quiet")
            self.deploy()
        with self.visitors() as visitors:
            visitors.until_answered(HEALTHY_WITHIN_SECONDS)
            visitors.until_calm(SETTLED_SECONDS, HEALTHY_WITHIN_SECONDS)

    def begin_with(self, tag: str) -> None:
        """Have this version deployed, if it is not."""
        if f":{tag}@" not in self.image:
            self.use_image(tag)
            self.deploy()

    def take_database_away(self) -> None:
        """End PostgreSQL by a crash, and have CloudNativePG not start it again.

        Told to end it waits for its clients, which Django's are for ever. And deleted by force its
        pod is gone while it runs on: it would write beside the next one, which reads none of that.
        """
        self._hibernate("on")
        wait = ("wait", *DATABASES, POSTGRES, "--timeout=60s")
        self.kubectl(*wait, "--for=jsonpath={.metadata.deletionTimestamp}")
        self.kubectl("exec", *DATABASES, POSTGRES, "--container=postgres", "--", "sh", "-c", CRASH)
        self.kubectl(*wait, "--for=delete")

    def bring_database_back(self) -> None:
        """Have CloudNativePG start it, and return once it answers."""
        self._hibernate("off")
        ready = (
            "--for=jsonpath={.status.readyInstances}=1",
            f"--timeout={HEALTHY_WITHIN_SECONDS}s",
        )
        self.kubectl("wait", *DATABASES, CLUSTER, *ready)

    def _hibernate(self, state: str) -> None:
        annotation = f"cnpg.io/hibernation={state}"
        self.kubectl("annotate", *DATABASES, CLUSTER, "--overwrite", annotation)

    def deploy(self) -> None:
        """Deploy what is in git, and return once it is healthy."""
        self.do(f"ops deploy --app {self.app}")

    def failing_deploy(self) -> Answer:
        """Deploy what cannot be deployed; what the operator is told."""
        answer = self.operator.ops("deploy", "--app", self.app)
        assert answer.returncode == 1, answer.stdout + answer.stderr
        return answer

    def roll_back(self, option: str = "") -> None:
        """Take the last commit back and deploy that, by the runbook."""
        first, *lines = commands("Roll back")
        self.do(f"{first} {option}", *lines)

    @property
    def is_healthy(self) -> bool:
        """Whether Argo CD says that what is in git is there, and well."""
        application = self.get("application", namespace="argocd")
        return is_done(application, self.operator.git("rev-parse", "HEAD"))

    def wait_until_healthy(self) -> None:
        """Return once it is."""
        until(lambda: self.is_healthy, f"{self.app} is healthy", HEALTHY_WITHIN_SECONDS)

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Ask the cluster as an administrator."""
        return kubectl(self.box.kubeconfig, *arguments, stdin=stdin)

    def get(self, kind: str, name: str = "", namespace: str = "") -> dict[str, Any]:
        """A live object of the app, or of another namespace; empty while there is none."""
        return get(self.box.kubeconfig, namespace or self.app, kind, name or self.app)

    def certificate(self) -> dict[str, Any]:
        """The live Certificate of the app."""
        return self.get("certificate", f"{self.app}-tls")

    def all(self, kind: str, *selection: str) -> list[dict[str, Any]]:
        """The live objects of a kind in the app's namespace."""
        where = ("--namespace", self.app, *selection)
        listed = json.loads(self.kubectl("get", kind, *where, "--output=json"))
        return list(listed["items"])

    def web_pods(self) -> list[dict[str, Any]]:
        """The app's web pods, but for those that are ending."""
        pods = self.all("pods", "--selector=app.kubernetes.io/component=web")
        return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]

    @property
    def image(self) -> str:
        """The image of the app's web pods."""
        return str(self.web_pods()[0]["spec"]["containers"][0]["image"])

    def restarts(self) -> int:
        """How often the containers of the web pods were started again."""
        return sum(
            status["restartCount"]
            for pod in self.web_pods()
            for status in pod["status"].get("containerStatuses", [])
        )

    def sql(self, statement: str, database: str = "vergabe_db") -> str:
        """What PostgreSQL answers its administrator, without decoration."""
        inside = ("exec", POSTGRES, "--container", "postgres", "--")
        psql = ("psql", "--no-psqlrc", "--tuples-only", "--no-align", database)
        return self.kubectl(*DATABASES, *inside, *psql, "--command", statement).strip()


def settle() -> None:
    """Let visitors come and go for a while."""
    time.sleep(SETTLED_SECONDS)
