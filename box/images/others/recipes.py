"""What each image of another person's app consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILES = Path(__file__).parent / "files"
"""Our files in the images."""
PINS = Path(__file__).parent
REPOSITORY = "gitea.coulomb.social/others"


@dataclass(frozen=True, kw_only=True)
class App:
    """An app from PyPI, and what makes an image of it."""

    name: str
    """The name of its image, and of its pins."""
    settings: str
    """DJANGO_SETTINGS_MODULE."""
    wsgi: str
    """The module with its WSGI application."""
    build_environment: Mapping[str, str] = field(default_factory=dict)
    """What its settings need before they load; `{folder}` is an empty folder."""
    build_files: Mapping[str, str] = field(default_factory=dict)
    """The same, as files in that folder."""
    start: str = ""
    """Python that writes the app's project into the current folder, if it is no program by itself.
    """
    files: Mapping[str, str] = field(default_factory=dict)
    """Files below /app, each with the name of the file in `files` that it is."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """More variables of its containers."""
    folders: tuple[str, ...] = ()
    """Mount points."""

    @property
    def repository(self) -> str:
        """The name of its image without a tag."""
        return f"{REPOSITORY}/{self.name}"

    @property
    def pins(self) -> Path:
        """Its packages, as wheels."""
        return PINS / f"{self.name}.txt"

    @property
    def sources(self) -> Path | None:
        """Its packages of which there is no wheel; they are in pure Python."""
        file = PINS / f"{self.name}-source.txt"
        return file if file.exists() else None

    @property
    def version(self) -> str:
        """The tag of its first image: its own version."""
        pins = self.pins.read_text().splitlines()
        pin = next(line for line in pins if line.startswith(f"{self.name}=="))
        return pin.split()[0].partition("==")[2]


PRETALX = App(
    name="pretalx",
    settings="pretalx.settings",
    wsgi="pretalx.wsgi",
    build_environment={"PRETALX_DATA_DIR": "{folder}"},
    environment={"PRETALX_FILESYSTEM_STATIC": "/app/static", "SERVED_MEDIA": "yes"},
    folders=("data",),
)
NETBOX = App(
    name="netbox",
    settings="netbox.settings",
    wsgi="netbox.wsgi",
    build_environment={"NETBOX_ROOT": "{folder}"},
    build_files={
        "conf/configuration.py": (
            "ALLOWED_HOSTS = []\n"
            f"SECRET_KEY = '{'unused' * 10}'\n"
            "DATABASES = {'default': {}}\n"
            "REDIS = {'tasks': {}, 'caching': {}}\n"
        )
    },
    environment={"NETBOX_ROOT": "/opt/netbox/netbox"},
    folders=tuple(f"opt/netbox/netbox/{name}" for name in ("conf", "media", "reports", "scripts")),
)
WAGTAIL = App(
    name="wagtail",
    settings="cms.settings.production",
    wsgi="cms.wsgi",
    start=(
        "import sys; from wagtail.bin.wagtail import main;"
        " sys.argv[1:] = ['start', 'cms', '.']; main()"
    ),
    files={"cms/settings/local.py": "local.py"},
    build_environment={
        "SECRET_KEY": "unused",
        "ALLOWED_HOSTS": "unused",
        "CSRF_TRUSTED_ORIGINS": "https://unused",
    },
    environment={"SERVED_MEDIA": "yes"},
    folders=("app/media",),
)
APPS = (PRETALX, NETBOX, WAGTAIL)
