"""An app that does not exist, so that nothing can be specific to the first real one."""

from railiance import DjangoApp, Image, MediaVolume, Resources, SharedDatabase, Smoke, SmokeEntry

NOTIZEN = DjangoApp(
    name="notizen",
    host="notizen.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/notizen",
        tag="v1.4.0",
        digest="sha256:" + "0123456789abcdef" * 4,
    ),
    settings_module="notizen.settings.production",
    allowed_hosts=("notizen.whywhynot.de", "www.notizen.whywhynot.de"),
    environment={"LANGUAGE_CODE": "de", "TIME_ZONE": "Europe/Berlin", "FEATURE_IMPORT": "yes"},
    secret_keys=("SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD"),
    port=9000,
    health_path="/gesund/",
    replicas=2,
    database=SharedDatabase(name="notizen_db", role="notizen"),
    media=MediaVolume(mount_path="/srv/media", size="500Mi"),
    resources=Resources(cpu_request="50m", memory_limit="1Gi"),
    graceful_timeout_seconds=60,
    migrate_timeout_seconds=1800,
    run_as_user=10001,
    smoke=Smoke(
        login_path="/anmelden/",
        dashboard_path="/start/",
        htmx_path="/notizen/neueste/",
        entry=SmokeEntry(
            create_path="/notizen/neu/",
            title_field="titel",
            fields={"text": "Größe: groß"},
            list_path="/notizen/",
            delete="../loeschen/",
        ),
    ),
)

PLAIN = DjangoApp(
    name="plain",
    host="plain.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/plain", tag="1", digest="sha256:" + "a" * 64
    ),
    settings_module="plain.settings",
    database=SharedDatabase(name="plain", role="plain"),
)
"""Only what every app must say, so everything else is a default."""
