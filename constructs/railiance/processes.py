"""The declarations of an app's processes besides web: workers and schedules."""

from typing import Annotated

from railiance import checks, cron
from railiance.declaration import declaration
from railiance.resources import Resources

Argument = Annotated[str, checks.argument]
CONCURRENCY = ("Forbid", "Allow", "Replace")


@declaration
class Heartbeat:
    """A file that a worker touches while it is well, such as after each task or poll.

    Without one, a worker counts as well while its process runs: `celery inspect ping` restarts
    healthy workers under load and does not notice stuck ones.
    Source: github.com/sentry-kubernetes/charts, issue 1923; github.com/celery/celery, issue 9220.
    """

    path: Annotated[str, checks.absolute_file]
    """The file, in a writable folder such as /tmp."""
    max_age_seconds: Annotated[int, checks.between(10, 86400, "seconds")] = 120
    """The container is restarted once the file is older; longer than the longest task, if the
    worker touches the file only between tasks."""


@declaration
class Worker:
    """Pods that work in the background: Celery, RQ, a message consumer, beat.

    They have the image, environment, secrets, folders and identity of the web pods, wait for
    migrations as those do, and can be reached by nobody. A worker that is killed in the middle of
    a task loses it unless its queue delivers it again (Celery: task_acks_late).
    """

    name: Annotated[str, checks.process_name]
    """Names the Deployment, `<app>-<name>`."""
    command: tuple[Argument, ...] = ()
    """The whole command, such as ("celery", "--app=project", "worker")."""
    manage: tuple[Argument, ...] = ()
    """Or a management command: the arguments of the app's launcher, such as ("rqworker",)."""
    replicas: Annotated[int, checks.between(1, 10, "replicas")] = 1
    """Number of pods."""
    resources: Resources = Resources()
    """Resource requests and limits of each pod."""
    longest_task_seconds: Annotated[int, checks.between(1, 86400, "seconds")] = 60
    """How long a task may take: a pod that ends has this long to finish it, then it is killed."""
    single: bool = False
    """Whether two must never run at once, such as Celery's beat: the old pod ends first."""
    heartbeat: Heartbeat | None = None
    """A file that shows that the worker is well; by default only its process counts."""
    connections: Annotated[int, checks.between(0, 1000, "connections")] = 1
    """Number of database connections that one pod can open."""

    def validate(self) -> None:
        """Exactly one command, and one pod where only one may run."""
        require_one_command(self.command, self.manage)
        if self.single and self.replicas != 1:
            raise ValueError(f"single allows one pod, replicas is {self.replicas}; remove one")


@declaration
class Schedule:
    """A command that runs at set times, as a CronJob.

    Its pods are those of the workers, and end with the command. A failed run is shown by
    `ops status`; it does not make the Application Degraded.
    Source: Kubernetes, "CronJob"; Argo CD 3.2, resource_customizations/batch/CronJob.
    """

    name: Annotated[str, checks.process_name]
    """Names the CronJob, `<app>-<name>`."""
    cron: Annotated[str, cron.expression]
    """When it runs: minute, hour, day of month, month, weekday."""
    command: tuple[Argument, ...] = ()
    """The whole command."""
    manage: tuple[Argument, ...] = ()
    """Or a management command: the arguments of the app's launcher, such as ("clearsessions",)."""
    time_zone: Annotated[str, cron.time_zone] = "Etc/UTC"
    """The time zone of `cron`."""
    concurrency: Annotated[str, checks.one_of(*CONCURRENCY)] = "Forbid"
    """What happens while a run is still going on: Forbid skips the new run, Replace ends the old
    one, Allow runs both."""
    start_deadline_seconds: Annotated[int, checks.between(10, 86400, "seconds")] = 300
    """How late a run may still start; later it is skipped."""
    timeout_seconds: Annotated[int, checks.between(1, 86400, "seconds")] = 3600
    """Time after which an unfinished run counts as failed, and is killed."""
    resources: Resources = Resources()
    """Resource requests and limits of each pod."""
    connections: Annotated[int, checks.between(0, 1000, "connections")] = 1
    """Number of database connections that one run can open."""

    def validate(self) -> None:
        """Exactly one command."""
        require_one_command(self.command, self.manage)


def require_one_command(command: tuple[str, ...], manage: tuple[str, ...]) -> None:
    """Raises ValueError unless exactly one of both is given."""
    if bool(command) == bool(manage):
        raise ValueError("give either command= or manage=")
