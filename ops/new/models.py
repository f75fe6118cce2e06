"""What kinds of apps `ops new` can declare: the fields that it adds to those of every app."""

import json
from collections.abc import Mapping

PLAIN, CELERY = "plain", "celery"
MODELS = (PLAIN, CELERY)
"""A web app alone; one with Celery, its queue in a Valkey, and a schedule."""


def fields(model: str, settings: str) -> Mapping[str, str]:
    """The source of the fields that a model adds, by their names."""
    if model == PLAIN:
        return {}
    project = json.dumps(f"--app={settings.partition('.')[0]}")
    return {
        "valkey": 'Valkey(purpose="queues", urls={"CELERY_BROKER_URL": 0, "CACHE_URL": 1})',
        "workers": f"""(
            Worker(name="worker", command=("celery", {project}, "worker")),
            Worker(
                name="beat",
                command=("celery", {project}, "beat", "--schedule=/tmp/celerybeat-schedule"),
                single=True,
            ),
        )""",
        "schedules": """(
            Schedule(name="clear-sessions", cron="10 3 * * *", manage=("clearsessions",)),
        )""",
    }


def classes(model: str) -> list[str]:
    """The declarations that these fields use."""
    return [] if model == PLAIN else ["Schedule", "Valkey", "Worker"]
