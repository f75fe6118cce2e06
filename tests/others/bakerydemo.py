"""Wagtail's bakerydemo: the site by which Wagtail, a content management system, shows itself.

Looked at: August 2026 (Wagtail 7.4), Dockerfile, settings/production.py, etc/uwsgi.ini.
Image: none is published; one built from its Dockerfile, in the platform's registry; made for user
1000.
Missing: Redis, because it appends the database's number to REDIS_URL, which has one already; its
cache stays in memory. Elasticsearch, because it is another service: PostgreSQL searches. Its
example content is loaded by `ops manage load_initial_data`, once.
"""

from railiance import DjangoApp, Image, MediaVolume, Names, Schedule, SharedDatabase

BAKERYDEMO = DjangoApp(
    name="bakerydemo",
    host="bakery.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/bakerydemo",
        tag="8e2b625",
        digest="sha256:" + "09" * 32,
    ),
    settings_module="bakerydemo.settings.production",
    python="/venv/bin/python",
    database=SharedDatabase(name="bakerydemo", role="bakerydemo"),
    names=Names(
        secret_key="DJANGO_SECRET_KEY",
        hosts="DJANGO_ALLOWED_HOSTS",
        origins=None,
    ),
    environment={"DJANGO_DEBUG": "off", "PRIMARY_HOST": "bakery.whywhynot.de"},
    media=MediaVolume(mount_path="/code/bakerydemo/media", size="5Gi"),
    web_command=(
        *("/venv/bin/uwsgi", "--ini=/code/etc/uwsgi.ini"),
        "--hook-master-start=unix_signal:15 gracefully_kill_them_all",
    ),
    web_connections=8,
    health_path="/admin/login/",
    schedules=(
        Schedule(name="publish", cron="*/5 * * * *", manage=("publish_scheduled",)),
        Schedule(name="index", cron="20 4 * * *", manage=("update_index",)),
    ),
)
