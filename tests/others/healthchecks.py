"""Healthchecks: watches cron jobs, and tells when one is late.

Looked at: 4.3, docker/Dockerfile, docker/uwsgi.ini, hc/settings.py.
Image: healthchecks/healthchecks, mirrored; made for user 999.
Missing: pings by mail, because `smtpd` needs a port that is not HTTP. The image's uwsgi.ini
migrates and starts the two loops inside the web container, so the web command states uWSGI's
options itself.
"""

from railiance import DatabaseParts, DjangoApp, Image, Names, Schedule, SharedDatabase, Worker

HEALTHCHECKS = DjangoApp(
    name="healthchecks",
    host="healthchecks.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/healthchecks/healthchecks",
        tag="v4.3",
        digest="sha256:" + "01" * 32,
    ),
    settings_module="hc.settings",
    run_as_user=999,
    database=SharedDatabase(name="healthchecks", role="healthchecks"),
    names=Names(
        database_url=None,
        database=DatabaseParts(
            name="DB_NAME",
            user="DB_USER",
            password="DB_PASSWORD",
            host="DB_HOST",
            port="DB_PORT",
        ),
        origins=None,
    ),
    secret_keys=("SECRET_KEY", "DB_PASSWORD", "EMAIL_HOST_PASSWORD"),
    environment={
        "DB": "postgres",
        "DEBUG": "False",
        "SITE_ROOT": "https://healthchecks.whywhynot.de",
        "SECURE_PROXY_SSL_HEADER": "HTTP_X_FORWARDED_PROTO,https",
        "EMAIL_HOST": "mail.whywhynot.de",
        "EMAIL_HOST_USER": "healthchecks",
    },
    web_command=(
        *("uwsgi", "--strict", "--master", "--http-socket=:8000", "--module=hc.wsgi:application"),
        *("--processes=4", "--threads=1", "--enable-threads", "--harakiri=10"),
        *("--buffer-size=32768", "--post-buffering=16192", "--check-static=static-collected/"),
        "--hook-master-start=unix_signal:15 gracefully_kill_them_all",
    ),
    health_path="/api/v3/status/",
    workers=(
        Worker(name="alerts", manage=("sendalerts",), single=True),
        Worker(name="reports", manage=("sendreports", "--loop"), single=True),
    ),
    schedules=(
        Schedule(name="prune-users", cron="15 2 * * *", manage=("pruneusers",)),
        Schedule(name="prune-tokens", cron="25 2 * * *", manage=("prunetokenbucket",)),
    ),
)
