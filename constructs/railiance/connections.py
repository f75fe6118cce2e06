"""How many connections to PostgreSQL an app can open at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from railiance.django_app import DjangoApp

MIGRATE_CONNECTIONS = 2
"""A migration's own, and one that looks whether it is done."""


def most(app: DjangoApp) -> int:
    """The most connections that an app opens.

    During a rollout there is one more pod of each Deployment, but for a worker that must be alone.
    Each schedule runs once, and the migrate Job runs meanwhile.
    """
    web = (app.replicas + 1) * app.web_connections
    workers = sum(
        (worker.replicas + (not worker.single)) * worker.connections for worker in app.workers
    )
    schedules = sum(schedule.connections for schedule in app.schedules)
    return web + workers + schedules + MIGRATE_CONNECTIONS
