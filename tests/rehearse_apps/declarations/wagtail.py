"""Wagtail: a site of pages, as `wagtail start` makes it.

Image: `python -m box.images.others`, Wagtail 8.0.1 from PyPI; its project takes its settings as
this project's defaults name them. It has no worker.
"""

from railiance import (
    DjangoApp,
    Image,
    MediaVolume,
    Resources,
    Schedule,
    SharedDatabase,
    Smoke,
    SmokeEntry,
)

WAGTAIL = DjangoApp(
    name="wagtail",
    host="wagtail.whywhynot.de",
    image=Image(
        repository="gitea.coulomb.social/others/wagtail",
        tag="8.0.1",
        digest="sha256:0000000000000000000000000000000000000000000000000000000000000000",
    ),
    settings_module="cms.settings.production",
    database=SharedDatabase(name="wagtail", role="wagtail"),
    media=MediaVolume(mount_path="/app/media", size="1Gi"),
    health_path="/",
    web_connections=8,
    resources=Resources(memory_request="256Mi", memory_limit="1Gi"),
    schedules=(Schedule(name="publish", cron="*/5 * * * *", manage=("publish_scheduled",)),),
    smoke=Smoke(
        dashboard_path="/admin/",
        entry=SmokeEntry(
            create_path="/admin/pages/add/home/homepage/3/",
            title_field="title",
            fields={"slug": "ops-smoke"},
            list_path="/admin/pages/3/",
            delete="../delete/",
        ),
    ),
)
