"""vergabe-teilnahme: participation in public tenders, a Django 6 app in German."""

from railiance import DjangoApp, Image, MediaVolume, SharedDatabase, Smoke, SmokeEntry

VERGABE_TEILNAHME = DjangoApp(
    name="vergabe-teilnahme",
    host="vergabe-teilnahme.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/coulomb/vergabe-teilnahme",
        tag="483a4df",
        digest="sha256:e9bbceb35b0239c835d339295a0ae1d2d8b6d08c02a7b4e992c0ecd37de86d7a",
    ),
    settings_module="vergabe_teilnahme.settings.prod",
    allowed_hosts=("vergabe-teilnahme.whywhynot.de",),
    csrf_trusted_origins=("https://vergabe-teilnahme.whywhynot.de",),
    port=8000,
    health_path="/health/",
    replicas=1,
    database=SharedDatabase(name="vergabe_db", role="vergabe"),
    secret_keys=("SECRET_KEY", "DATABASE_URL"),
    media=MediaVolume(mount_path="/app/media", size="5Gi"),
    # These paths and fields are assumptions; verify them against the app's own repository.
    smoke=Smoke(
        htmx_path="/ausschreibungen/",
        entry=SmokeEntry(
            create_path="/ausschreibungen/neu/",
            title_field="titel",
            fields={"auftraggeber": "Probelauf", "frist": "2099-12-31"},
            list_path="/ausschreibungen/",
            delete="loeschen/",
        ),
    ),
)
