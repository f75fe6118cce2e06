"""Uploads move from the volume to a bucket by the how-to's own commands, while people upload."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from box.platform.object_store import REGION, ObjectStore
from ops.smoke.outcome import FailedError
from tests.conftest import ROOT
from tests.rehearse.inside import run, web
from tests.rehearse.meanwhile import Meanwhile
from tests.runbook import procedures

if TYPE_CHECKING:
    import threading

    from tests.rehearse.site import Site
    from tests.rehearse.writer import Writer

PAGE = (ROOT / "docs/how-to/move-media.md").read_text()
BUCKET = "vergabe-media"
DECLARATION = "apps/vergabe_teilnahme.py"
AUTHORITY = "/etc/ssl/box-ca.pem"
MEDIA = '    media=MediaVolume(mount_path="/app/media", size="5Gi"),\n'
TRUST = """\
{media}    environment={{"AWS_CA_BUNDLE": "{authority}"}},
    configuration_files=(ConfigurationFile(path="{authority}", content={certificate!r}),),
"""
"""The authority of the box is not among those that the image trusts."""
BESIDE = """\
{media}    storage=ObjectStorage(endpoint="{endpoint}", bucket="{bucket}", region="{region}"),
"""
OK = 200
SHOWN = """
import sys
import django
django.setup()
from django.core.files.storage import default_storage
for name in sys.argv[1:]:
    with default_storage.open(name, "rb") as upload:
        print(name, len(upload.read()))
"""
COPIED = re.compile(r"^(\d+) copied, .* (\d+) already there", re.MULTILINE)
ALIKE = re.compile(r"^(\d+) of (\d+) files have the same checksum", re.MULTILINE)


@dataclass
class Uploader(Meanwhile):
    """A person who keeps uploading documents, each of another name."""

    writer: Writer
    stored: dict[str, str] = field(default_factory=dict)
    """What the site said that it stored, by the file's name."""
    problems: list[str] = field(default_factory=list)

    def go_on(self, over: threading.Event) -> None:
        while not over.wait(0.5):
            self.upload(f"angebot-{time.time_ns()}")

    def upload(self, name: str) -> None:
        text = f"Angebot {name}\n" * 1000
        try:
            status = self.writer.send("/unterlagen/neu/", name=name, text=text)
        except FailedError as error:
            self.problems.append(str(error))
            return
        if status == OK:
            self.stored[f"{name}.txt"] = text
        else:
            self.problems.append(f"{name}: {status}")


@pytest.mark.rehearsal(9, "media moved from the volume to a bucket, with uploads meanwhile")
def test_media_moves_to_a_bucket(site: Site) -> None:
    store = ObjectStore(site.box)
    store.start(BUCKET)
    trust_the_box(site)
    steps = {heading: named(site, lines) for heading, lines in procedures(PAGE).items()}
    uploader = Uploader(site.writer())
    with site.unseen(9, "media moved to a bucket"):
        with uploader:
            declare(site, store, steps["Declare the bucket beside the volume"])
            site.do(*steps["Copy"])
            late = len(uploader.stored)
            push, deploy, copy = steps["Switch, and copy what came late"]
            site.do(push, deploy)
        assert len(uploader.stored) > late
        said = site.do(copy)
        copied, there = map(int, COPIED.search(said).groups())  # type: ignore[union-attr]
        assert copied > 0, "an old pod stored nothing on the volume after the first copy"
        assert there > 0
        assert every_file_is_alike(said)
        assert "\n0 copied" in site.do(copy)
        assert uploader.problems == []
        assert all_there(site, store, uploader)

        remove_the_volume(site, steps["Remove the volume"])
        uploader.upload("afterwards")
        assert "afterwards.txt" in uploader.stored
    assert all_there(site, store, uploader)
    assert not site.get("persistentvolumeclaim", f"{site.app}-media")


def named(site: Site, lines: list[str]) -> list[str]:
    return [line.replace("<app>", site.app) for line in lines]


def edit(site: Site, old: str, new: str) -> None:
    file = site.operator.folder / DECLARATION
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def trust_the_box(site: Site) -> None:
    """What a service with a public certificate does not need."""
    certificate = site.box.layout.authority.pair.certificate.read_text()
    edit(site, MEDIA, TRUST.format(media=MEDIA, authority=AUTHORITY, certificate=certificate))
    edit(site, "import DjangoApp,", "import ConfigurationFile, DjangoApp, ObjectStorage,")
    site.do("make synth", "git add apps dist argocd", "git commit --quiet --message 'Trust'")
    site.do("git push --quiet")
    site.deploy()


def declare(site: Site, store: ObjectStore, lines: list[str]) -> None:
    """The bucket beside the volume; the operator types the keys."""
    edit(
        site,
        MEDIA,
        BESIDE.format(media=MEDIA, endpoint=store.endpoint, bucket=BUCKET, region=REGION),
    )
    synth, init, *rest = lines
    site.do(synth)
    keys = store.keys
    code, said = site.operator.answer(
        init,
        {
            "AWS_S3_ACCESS_KEY_ID (not shown): ": keys.access_key,
            "AWS_S3_SECRET_ACCESS_KEY (not shown): ": keys.secret_key,
        },
    )
    assert code == 0, said
    assert not [key for key in (keys.access_key, keys.secret_key) if key in said]
    said = site.do(*rest)
    assert f"bucket {BUCKET}" in said
    assert store.objects(BUCKET) == {}


def remove_the_volume(site: Site, lines: list[str]) -> None:
    edit(site, MEDIA, "")
    edit(site, " MediaVolume,", "")
    *before, clear, delete = lines
    site.do(*before)
    assert site.get("persistentvolumeclaim", f"{site.app}-media"), "kept until it is deleted"
    site.do(clear, delete)


def every_file_is_alike(said: str) -> bool:
    alike, files = map(int, ALIKE.search(said).groups())  # type: ignore[union-attr]
    return alike == files


def all_there(site: Site, store: ObjectStore, uploader: Uploader) -> bool:
    """Whether the bucket has each upload as it was sent, and the app shows it."""
    objects = store.objects(BUCKET)
    assert uploader.stored
    for name, text in uploader.stored.items():
        # A form's lines end as HTTP has it.
        assert objects[name].decode().replace("\r\n", "\n") == text.strip(), name
    shown = run(site, web(site), SHOWN, *uploader.stored)
    return len(shown.splitlines()) == len(uploader.stored)
