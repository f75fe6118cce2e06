"""mailman-web: Postorius and HyperKitty, the pages and the archive of Mailman's lists.

Looked at: 0.5.3, web/Dockerfile, entry point, settings.py and uwsgi.ini of docker-mailman.
Image: maxking/mailman-web, mirrored; it runs as any user.
Missing: Mailman Core, which is no Django app and runs elsewhere; it needs an address of its own,
and reaches HyperKitty at the public host. The entry point changes owners as root, and copies the
local settings into the image: they are mounted there. Its uwsgi.ini starts worker and jobs in the
web container, serves no static files and drops from root to a user: one of our own stands here.
"""

from railiance import (
    ConfigurationFile,
    DataFolder,
    DjangoApp,
    Image,
    Names,
    Schedule,
    SharedDatabase,
    Worker,
)

SETTINGS = """\
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
COMPRESS_OFFLINE = True
"""
UWSGI = """\
[uwsgi]
strict = true
http-socket = :8000
chdir = /opt/mailman-web
module = wsgi:application
master = true
processes = 2
threads = 2
enable-threads = true
buffer-size = 8190
static-map = /static=/opt/mailman-web-data/static
hook-master-start = unix_signal:15 gracefully_kill_them_all
"""
JOBS = {
    "minutely": "*/10 * * * *",
    "quarter-hourly": "*/15 * * * *",
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
}

MAILMAN_WEB = DjangoApp(
    name="mailman-web",
    host="lists.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/mirror/maxking/mailman-web",
        tag="0.5.3",
        digest="sha256:" + "0b" * 32,
    ),
    settings_module="settings",
    run_as_user=100,
    working_folder="/opt/mailman-web",
    launcher=("python3", "manage.py"),
    python="python3",
    upgrade_steps=(("collectstatic", "--noinput", "--clear"), ("compress", "--force")),
    database=SharedDatabase(name="mailman_web", role="mailman_web"),
    names=Names(hosts="DJANGO_ALLOWED_HOSTS", origins=None),
    secret_keys=("SECRET_KEY", "DATABASE_URL", "HYPERKITTY_API_KEY", "MAILMAN_REST_PASSWORD"),
    environment={
        "DATABASE_TYPE": "postgres",
        "DJANGO_LOG_URL": "/tmp/mailmanweb.log",
        "LOG_TO_CONSOLE": "yes",
        "MAILMAN_HOSTNAME": "mailman-core.whywhynot.de",
        "MAILMAN_REST_URL": "https://mailman-core.whywhynot.de",
        "MAILMAN_REST_USER": "restadmin",
        "SERVE_FROM_DOMAIN": "lists.whywhynot.de",
        "SMTP_HOST": "mail.whywhynot.de",
    },
    configuration_files=(
        ConfigurationFile(path="/opt/mailman-web/settings_local.py", content=SETTINGS),
        ConfigurationFile(path="/etc/mailman-web/uwsgi.ini", content=UWSGI),
    ),
    data_folders=(
        DataFolder(name="data", path="/opt/mailman-web-data", size="10Gi", in_migrate=True),
    ),
    web_command=("uwsgi", "--ini=/etc/mailman-web/uwsgi.ini"),
    health_path="/accounts/login/",
    workers=(Worker(name="queue", manage=("qcluster",), longest_task_seconds=300, connections=5),),
    schedules=tuple(
        Schedule(name=name, cron=cron, manage=("runjobs", name.replace("-", "_")))
        for name, cron in JOBS.items()
    ),
)
