"""pretix: sells tickets.

Looked at: 2026.8.0, settings.py, helpers/config.py; the Dockerfile of pretix/standalone.
Image: pretix/standalone, mirrored; made for user 15371.
Missing: its own start script, which starts supervisord with sudo, as root. So the declaration
brings configuration of its own for the image's supervisord and nginx, which run as the image's
user: nginx is needed, because Django does not serve static and media files here. Custom domains of
organizers need an additional host each. Memcached is left out.
"""

from railiance import (
    AdditionalHost,
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Image,
    Names,
    Schedule,
    ScratchFolder,
    SharedDatabase,
    Valkey,
    Worker,
)

SUPERVISOR = """\
[supervisord]
nodaemon = true
logfile = /dev/null
logfile_maxbytes = 0
pidfile = /tmp/supervisord.pid

[program:gunicorn]
command = gunicorn pretix.wsgi --workers=3 --max-requests=1200 --bind=unix:/tmp/pretix.sock
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
redirect_stderr = true
stopwaitsecs = 40

[program:nginx]
command = nginx -c /etc/pretix/nginx.conf
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
redirect_stderr = true
stopsignal = QUIT
stopwaitsecs = 40
"""
NGINX = """\
daemon off;
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  client_body_temp_path /tmp/client;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  client_max_body_size 20m;
  server {
    listen 8000;
    location /static/ { alias /pretix/src/pretix/static.dist/; }
    location /media/ { alias /data/media/; }
    location ~ ^/media/(cachedfiles|invoices) { return 404; }
    location / {
      proxy_pass http://unix:/tmp/pretix.sock;
      proxy_set_header Host $http_host;
    }
  }
}
"""

PRETIX = DjangoApp(
    name="pretix",
    host="tickets.whywhynot.de",
    additional_hosts=(
        AdditionalHost(host="www.tickets.whywhynot.de", redirect=True),
        AdditionalHost(host="karten.whywhynot.de"),
    ),
    image=Image(
        repository="gitea.coulomb.social/mirror/pretix/standalone",
        tag="2026.8.0",
        digest="sha256:" + "02" * 32,
    ),
    settings_module="production_settings",
    run_as_user=15371,
    working_folder="/pretix/src",
    launcher=("python3", "-m", "pretix"),
    python="python3",
    database=SharedDatabase(name="pretix", role="pretix"),
    names=Names(
        secret_key="PRETIX_DJANGO_SECRET",
        database_url=None,
        database=DatabaseParts(
            name="PRETIX_DATABASE_NAME",
            user="PRETIX_DATABASE_USER",
            password="PRETIX_DATABASE_PASSWORD",
            host="PRETIX_DATABASE_HOST",
            port="PRETIX_DATABASE_PORT",
        ),
        hosts=None,
        origins=None,
    ),
    environment={
        "DATA_DIR": "/data",
        "PRETIX_DATABASE_BACKEND": "postgresql",
        "PRETIX_PRETIX_URL": "https://tickets.whywhynot.de",
        "PRETIX_PRETIX_TRUST_X_FORWARDED_FOR": "on",
        "PRETIX_PRETIX_TRUST_X_FORWARDED_PROTO": "on",
        "PRETIX_PRETIX_LOGDIR": "/tmp/logs",
        "PRETIX_PRETIX_CACHEDIR": "/tmp/cache",
        "PRETIX_REDIS_SESSIONS": "true",
    },
    valkey=Valkey(
        purpose="queues",
        memory="256Mi",
        urls={
            "PRETIX_REDIS_LOCATION": 0,
            "PRETIX_CELERY_BACKEND": 1,
            "PRETIX_CELERY_BROKER": 2,
        },
    ),
    configuration_files=(
        ConfigurationFile(path="/etc/pretix/supervisord.conf", content=SUPERVISOR),
        ConfigurationFile(path="/etc/pretix/nginx.conf", content=NGINX),
    ),
    scratch_folders=(ScratchFolder(path="/tmp", size="1Gi"),),
    data_folders=(DataFolder(name="data", path="/data", size="10Gi", in_migrate=True),),
    web_command=("supervisord", "-c", "/etc/pretix/supervisord.conf"),
    health_path="/healthcheck/",
    migrate_timeout_seconds=1800,
    workers=(
        Worker(
            name="tasks",
            command=("celery", "--app=pretix.celery_app", "worker", "--concurrency=2"),
            longest_task_seconds=600,
            connections=3,
        ),
    ),
    schedules=(Schedule(name="periodic", cron="15,45 * * * *", manage=("runperiodic",)),),
)
