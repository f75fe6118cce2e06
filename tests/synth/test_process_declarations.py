"""Wrong workers, schedules, names, files and Valkeys are refused where they are written."""

import dataclasses
import re
from typing import Any

import pytest

from railiance import (
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DeclarationError,
    DjangoApp,
    Heartbeat,
    MediaVolume,
    Names,
    Schedule,
    ScratchFolder,
    SecretFile,
    Valkey,
    Worker,
)
from railiance.fleet import check
from tests.frozen import RAILIANCE01
from tests.made_up import PLAIN, WERKSTATT, WITH_VALKEY


def plain(**changes: Any) -> DjangoApp:
    return dataclasses.replace(PLAIN, **changes)


def worker(**changes: Any) -> Worker:
    return Worker(**{"name": "mail", "command": ("celery", "worker"), **changes})


def schedule(**changes: Any) -> Schedule:
    given: dict[str, Any] = {"name": "nightly", "cron": "10 3 * * *", "manage": ("clearsessions",)}
    return Schedule(**given | changes)


def file(path: str = "/etc/app/a.cfg", content: str = "a = 1\n") -> ConfigurationFile:
    return ConfigurationFile(path=path, content=content)


def folder(**changes: Any) -> DataFolder:
    return DataFolder(**{"name": "data", "path": "/srv/data", "size": "1Gi", **changes})


WRONG: dict[str, tuple[Any, str]] = {
    "worker without a command": (
        lambda: worker(command=()),
        "Worker: give either command= or manage=",
    ),
    "worker with two commands": (
        lambda: worker(manage=("rqworker",)),
        "Worker: give either command= or manage=",
    ),
    "worker with a command line": (
        lambda: worker(command="celery worker"),
        "Worker.command: takes a tuple, not text; write it ('one', 'two')",
    ),
    "worker with a number as argument": (
        lambda: worker(command=("celery", 4)),
        "Worker.command: item 2: takes text, not a whole number",
    ),
    "worker with a password as argument": (
        lambda: worker(command=("celery", "--broker=redis://:geheim@redis/0")),
        "an argument looks like a secret; read it from the environment instead",
    ),
    "worker named like another part": (
        lambda: worker(name="migrate"),
        "Worker.name: 'migrate' names another part of every app; give another name",
    ),
    "worker with a capital": (lambda: worker(name="Mail"), "'Mail' is not a DNS label"),
    "single worker twice": (
        lambda: worker(single=True, replicas=2),
        "Worker: single allows one pod, replicas is 2; remove one",
    ),
    "too many workers": (lambda: worker(replicas=11), "11 is out of range; give 1 to 10 replicas"),
    "task without an end": (lambda: worker(longest_task_seconds=0), "give 1 to 86400 seconds"),
    "heartbeat by a relative path": (
        lambda: Heartbeat(path="alive"),
        "Heartbeat.path: 'alive' is not an absolute path",
    ),
    "heartbeat that is always too old": (
        lambda: Heartbeat(path="/tmp/alive", max_age_seconds=1),  # noqa: S108 (in the container)
        "1 is out of range; give 10 to 86400 seconds",
    ),
    "heartbeat where nothing can be written": (
        lambda: plain(workers=(worker(heartbeat=Heartbeat(path="/srv/alive")),)),
        "DjangoApp: the heartbeat '/srv/alive' of mail is in no writable folder; put it in /tmp",
    ),
    "two workers of one name": (
        lambda: plain(workers=(worker(), worker())),
        "two workers, schedules or folders are named 'mail'; rename one",
    ),
    "worker and schedule of one name": (
        lambda: plain(workers=(worker(name="nightly"),), schedules=(schedule(),)),
        "two workers, schedules or folders are named 'nightly'; rename one",
    ),
    "worker instead of a tuple": (
        lambda: plain(workers=worker()),
        "DjangoApp.workers: takes a tuple, not Worker; write it ('one', 'two')",
    ),
    "schedule of four fields": (
        lambda: schedule(cron="10 3 * *"),
        "Schedule.cron: '10 3 * *' is not a cron expression; give five fields such as '10 3 * * *'",
    ),
    "schedule by name": (lambda: schedule(cron="@daily"), "'@daily' is not a cron expression"),
    "schedule that Kubernetes does not know": (
        lambda: schedule(cron="0 0 L * *"),
        "'0 0 L * *' is not a cron expression",
    ),
    "schedule for the 8th weekday": (
        lambda: schedule(cron="0 0 * * 7"),
        "'0 0 * * 7' has the weekday 7; write 0 for Sunday",
    ),
    "schedule for hour 24": (lambda: schedule(cron="0 24 * * *"), "'0 24 * * *' matches no time"),
    "schedule for 31 February": (lambda: schedule(cron="0 0 31 2 *"), "matches no time"),
    "schedule in a zone that is none": (
        lambda: schedule(time_zone="Europe/Bonn"),
        "Schedule.time_zone: 'Europe/Bonn' is not a time zone; give one like 'Europe/Berlin'",
    ),
    "schedule in a zone by path": (
        lambda: schedule(time_zone="../etc/passwd"),
        "'../etc/passwd' is not a time zone",
    ),
    "schedule with unknown concurrency": (
        lambda: schedule(concurrency="forbid"),
        "'forbid' is not one of 'Forbid', 'Allow', 'Replace'",
    ),
    "schedule with a long name": (
        lambda: plain(schedules=(schedule(name="n" * 50),)),
        "shorten the schedule's name",
    ),
    "launcher that is empty": (
        lambda: plain(launcher=()),
        "launcher and python must not be empty; remove them for the defaults",
    ),
    "working folder that is relative": (
        lambda: plain(working_folder="src"),
        "DjangoApp.working_folder: 'src' is not an absolute path",
    ),
    "upgrade step that is empty": (
        lambda: plain(upgrade_steps=((),)),
        "upgrade_steps has an empty command; remove it",
    ),
    "upgrade step as text": (
        lambda: plain(upgrade_steps=("rebuild",)),
        "DjangoApp.upgrade_steps: item 1: takes a tuple, not text; write it ('one', 'two')",
    ),
    "no database": (
        lambda: plain(names=Names(database_url=None)),
        "names state no database; give database_url= or database=",
    ),
    "one name for two settings": (
        lambda: Names(secret_key="KEY", database_url="KEY"),
        "Names: two settings have the same name; give each its own",
    ),
    "database part without a password": (
        lambda: DatabaseParts(name="DB_NAME"),  # type: ignore[call-arg]
        "DatabaseParts.password: missing; give password=…",
    ),
    "hosts with a strange separator": (
        lambda: Names(host_separator="|"),
        "'|' is not one of ',', ' ', ';'",
    ),
    "setting that a name has taken": (
        lambda: plain(names=Names(hosts="SITE_HOSTS"), environment={"SITE_HOSTS": "*"}),
        "environment sets 'SITE_HOSTS', which is set already; remove it",
    ),
    "generated secret that is short": (
        lambda: plain(generated_secrets={"SALT": 8}),
        "8 is out of range; give 16 to 256 characters",
    ),
    "generated secret that is a setting": (
        lambda: plain(generated_secrets={"SALT": 50}, environment={"SALT": "x"}),
        "environment sets 'SALT', which is set already; remove it",
    ),
    "secret file under a strange key": (
        lambda: SecretFile(path="/etc/app/key", key="../key"),
        "SecretFile.key: '../key' is not a key of a Secret",
    ),
    "two secret files under one key": (
        lambda: plain(
            secret_files=(SecretFile(path="/a/b", key="k"), SecretFile(path="/a/c", key="k"))
        ),
        "two secret_files have the key 'k'; give each its own",
    ),
    "secret file under the key of another secret": (
        lambda: plain(secret_files=(SecretFile(path="/a/b", key="password"),)),
        "another secret has the key 'password' of a file; rename it",
    ),
    "configuration file with a password": (
        lambda: file(content="url = postgres://u:geheim@db/a\n"),
        "looks like it holds a secret; use secret_files, or read the environment",
    ),
    "configuration file that is empty": (lambda: file(content=""), "has 0 bytes; give 1 to 262144"),
    "configuration file of the kernel": (
        lambda: file(path="/proc/sys/a"),
        "'/proc/sys/a' is the kernel's",
    ),
    "configuration file with a way up": (
        lambda: file(path="/etc/../a"),
        "'/etc/../a' is not an absolute path",
    ),
    "two files at one path": (
        lambda: plain(configuration_files=(file(), file())),
        "'/etc/app/a.cfg' is mounted twice; give each its own path",
    ),
    "scratch folder in /etc": (
        lambda: ScratchFolder(path="/etc/app"),
        "ScratchFolder.path: '/etc/app' is reserved in the container",
    ),
    "scratch folder of a size in bytes": (
        lambda: ScratchFolder(path="/srv/cache", size="5G"),
        "ScratchFolder.size: '5G' is not a size; give one like '512Mi' or '5Gi'",
    ),
    "data folder in /tmp": (lambda: folder(path="/tmp/data"), "is reserved in the container"),  # noqa: S108
    "data folder where media is": (
        lambda: plain(
            media=MediaVolume(mount_path="/srv/data", size="1Gi"), data_folders=(folder(),)
        ),
        "'/srv/data' is mounted twice; give each its own path",
    ),
    "data folder named like Valkey's": (lambda: folder(name="valkey"), "names another part"),
    "Valkey for an unknown purpose": (
        lambda: Valkey(purpose="sessions", urls={"REDIS_URL": 0}),
        "Valkey.purpose: 'sessions' is not one of 'cache', 'queues'",
    ),
    "Valkey that nobody knows of": (
        Valkey,
        "Valkey: no variable states its address; give urls= or host=",
    ),
    "Valkey with a database that it has not": (
        lambda: Valkey(urls={"REDIS_URL": 16}),
        "16 is out of range; give 0 to 15 as a database",
    ),
    "Valkey with one variable for two": (
        lambda: Valkey(urls={"REDIS": 0}, host="REDIS"),
        "repeats a variable; give each its own",
    ),
}


@pytest.mark.parametrize(("declare", "message"), WRONG.values(), ids=WRONG)
def test_wrong_value_is_refused_when_declared(declare: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)) as refused:
        declare()
    assert "geheim" not in str(refused.value)


def test_valkey_needs_an_image_of_the_platform() -> None:
    check([WERKSTATT], WITH_VALKEY)
    problem = "werkstatt: railiance01 has no Valkey image; set valkey_image of the platform"
    with pytest.raises(DeclarationError, match=re.escape(problem)):
        check([WERKSTATT], RAILIANCE01)


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        ("gitea.coulomb.social/platform/valkey:9.1.2", "is not pinned"),
        ("gitea.coulomb.social/platform/valkey:latest@sha256:" + "a" * 64, "moves from build"),
        ("valkey:9.1.2@sha256:" + "a" * 64, "is not a host name"),
    ],
)
def test_platform_pins_its_valkey_image(image: str, problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        dataclasses.replace(RAILIANCE01, valkey_image=image)
