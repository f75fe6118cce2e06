"""Values that would be wrong on the cluster, or arrive otherwise, are refused or rendered right."""

import re
from pathlib import Path
from typing import Any

import pytest

from ops.documents import manifest_files
from ops.documents.workload import Workload
from ops.gate import schemas
from railiance import (
    AdditionalHost,
    ConfigurationFile,
    DataFolder,
    DeclarationError,
    MediaVolume,
    Resources,
    ScratchFolder,
    SharedDatabase,
    Valkey,
    Worker,
)
from railiance.fleet import check
from tests.conftest import ROOT, rendered
from tests.frozen import RAILIANCE01
from tests.synth.test_declarations import app, change, entry, image


def media(path: str, **more: Any) -> Any:
    return app(media=MediaVolume(mount_path=path, size="5Gi"), **more)


def cpu(request: str, limit: str = "1") -> Resources:
    return Resources(cpu_request=request, cpu_limit=limit)


def file(content: str) -> ConfigurationFile:
    return ConfigurationFile(path="/etc/app/app.cfg", content=content)


BAD: dict[str, tuple[Any, str]] = {
    "value in quotes": (
        lambda: app(environment={"LANGUAGE_CODE": '"de"'}),
        "'LANGUAGE_CODE' is in quotes, which would be part of its value; remove them",
    ),
    "value in single quotes": (
        lambda: app(environment={"A": "'de'"}),
        "'A' is in quotes, which would be part of its value",
    ),
    "blank after a value": (
        lambda: app(environment={"EMAIL_PORT": "587 "}),
        "'EMAIL_PORT' begins or ends with a blank; remove it",
    ),
    "blank before an address": (
        lambda: app(environment={"SENTRY": " https://sentry.whywhynot.de/1"}),
        "'SENTRY' begins or ends with a blank; remove it",
    ),
    "line end of Windows in a value": (
        lambda: app(environment={"A": "b\r"}),
        "'A' has a line break in its value; give one line",
    ),
    "line separator in a value": (
        lambda: app(environment={"A": "b\u2028c"}),
        "'A' has a Unicode line separator in its value; remove it",
    ),
    "byte order mark in a value": (
        lambda: app(environment={"A": "\ufeffb"}),
        "'A' has a byte order mark in its value; remove it",
    ),
    "NUL in a value": (lambda: app(environment={"A": "\0"}), "'A' has a NUL character in its val"),
    "control character in an argument": (
        lambda: Worker(name="a", command=("celery", "\x7f")),
        "an argument has the control character U+007F; remove it",
    ),
    "line separator in smoke's fields": (
        lambda: entry(fields={"text": "a\u2029b"}),
        "'text' has a Unicode paragraph separator in its value; remove it",
    ),
    "file with the line ends of Windows": (
        lambda: file("a\r\nb\r\n"),
        "has the line ends of Windows; read it in text mode, or save it with LF",
    ),
    "file with a byte order mark": (
        lambda: file("\ufeff[site]\n"),
        "begins with a byte order mark; read it with encoding='utf-8-sig'",
    ),
    "file that is half a character": (
        lambda: file("\udc80"),
        "has the control character U+DC80; only text can be mounted",
    ),
    "cores instead of thousandths": (
        lambda: cpu("100", "500"),
        "'100' is 100 cores, which no node has; for thousandths of a core write '100m'",
    ),
    "thousandths instead of cores": (
        lambda: cpu("1m", "2m"),
        "Resources: cpu_limit 2m is too little for a process to start; for cores leave out the m",
    ),
    "memory without a unit": (
        lambda: Resources(memory_limit="512"),
        "'512' is not a size; give '512Mi' or '512Gi'",
    ),
    "memory in KiB": (
        lambda: Resources(memory_request="512Ki"),
        "'512Ki' is a size that no pod has; give one like '512Mi' or '5Gi'",
    ),
    "memory of a process that cannot start": (
        lambda: Resources(memory_request="2Mi", memory_limit="5Mi"),
        "memory_limit 5Mi is too little for a process to start; give one like 512Mi",
    ),
    "memory in TiB": (
        lambda: Resources(memory_limit="512Ti"),
        "Resources.memory_limit: '512Ti' is a size that no pod has",
    ),
    "more memory than a node has": (
        lambda: Resources(memory_limit="2Ti"),
        "'2Ti' is more memory than a node has; give an amount like '512Mi' or '2Gi'",
    ),
    "volume without a unit": (
        lambda: MediaVolume(mount_path="/media", size="5"),
        "'5' is not a size; give '5Mi' or '5Gi'",
    ),
    "uploads of 256 bytes": (
        lambda: ScratchFolder(path="/tmp", size="256"),  # noqa: S108 (in the container)
        "ScratchFolder.size: '256' is not a size; give '256Mi' or '256Gi'",
    ),
    "Valkey without memory": (
        lambda: Valkey(memory="128Ki", urls={"CACHE_URL": 0}),
        "Valkey.memory: '128Ki' is a size that no pod has",
    ),
    "media over the code": (
        lambda: media("/app"),
        "'/app' is where images have their code, which it would hide; mount a folder below it",
    ),
    "media over the stated code": (
        lambda: media("/srv/site", working_folder="/srv/site/src"),
        "'/srv/site' would hide the code in '/srv/site/src'; mount a folder below it",
    ),
    "data over Python": (
        lambda: app(
            python="/opt/paperless/venv/bin/python",
            data_folders=(DataFolder(name="data", path="/opt/paperless", size="1Gi"),),
        ),
        "'/opt/paperless' would hide the code in '/opt/paperless/venv/bin/python'",
    ),
    "scratch over the system": (
        lambda: app(scratch_folders=(ScratchFolder(path="/usr/local"),)),
        "'/usr/local' would hide the image's own files; mount a folder below it",
    ),
    "host of a local network": (
        lambda: app(host="vergabe.local"),
        "DjangoApp.host: 'vergabe.local' ends in .local, which is not public; no authority",
    ),
    "internal host": (lambda: app(host="a.internal"), "ends in .internal, which is not public"),
    "host of a home network": (lambda: app(host="app.home.arpa"), "ends in .arpa, which is not"),
    "Service as host": (lambda: app(host="plain.plain.svc"), "ends in .svc, which is not public"),
    "host that stands for any": (
        lambda: AdditionalHost(host="www.example.com"),
        "'www.example.com' is a placeholder of documentation, which no authority certifies",
    ),
    "host with a number at its end": (
        lambda: app(host="app.v2"),
        "ends in .v2, which is no top-level domain; no authority certifies it",
    ),
    "host of too many labels": (
        lambda: app(host="a.b.c.d.e.f.g.h.i.j.de"),
        "has 11 labels; authorities certify at most 10",
    ),
    "host with a reserved label": (
        lambda: app(host="ab--c.de"),
        "has the label 'ab--c', which is reserved; no authority certifies it",
    ),
    "international host": (
        lambda: app(host="bücher.whywhynot.de"),
        "is an international name; write it as DNS has it, 'xn--bcher-kva.whywhynot.de'",
    ),
    "international host in capitals": (
        lambda: app(host="MÜLLER.DE"),
        "write it as DNS has it, 'xn--mller-kva.de'",
    ),
    "host with a sharp s": (lambda: app(host="straße.de"), "'xn--strae-oqa.de'"),
    "host in two code points": (lambda: app(host="mu\u0308ller.de"), "'xn--mller-kva.de'"),
    "international origin": (
        lambda: app(csrf_trusted_origins=("https://bücher.de",)),
        "write it as DNS has it, 'xn--bcher-kva.de'",
    ),
    "international host with a path": (lambda: app(host="bücher.de/x"), "is not a host name"),
    "host with a dot at its end": (
        lambda: app(host="plain.whywhynot.de."),
        "begins or ends with a blank or a dot; write 'plain.whywhynot.de'",
    ),
    "host with a line end": (
        lambda: app(host="plain.whywhynot.de\n"),
        "begins or ends with a blank or a dot; write 'plain.whywhynot.de'",
    ),
    "origin with a slash": (
        lambda: app(csrf_trusted_origins=("https://plain.whywhynot.de/",)),
        "ends with a slash, which no origin has; write 'https://plain.whywhynot.de'",
    ),
    "settings in a folder for development": (
        lambda: app(settings_module="plain.dev.settings"),
        "'plain.dev.settings' is not for production; give the production settings",
    ),
    "settings for continuous integration": (
        lambda: app(settings_module="plain.settings.ci"),
        "is not for production",
    ),
    "settings of a second developer": (
        lambda: app(settings_module="plain.settings.local2"),
        "is not for production",
    ),
    "settings with joined words": (
        lambda: app(settings_module="plain.settings.DevLocal"),
        "is not for production",
    ),
    "tag of uncommitted code": (
        lambda: image(tag="483a4df-dirty"),
        "Image.tag: '483a4df-dirty' is the tag of a build for development; give that of a",
    ),
    "tag of a snapshot": (lambda: image(tag="1.4.0-SNAPSHOT"), "is the tag of a build for develop"),
    "tag of an environment": (lambda: image(tag="staging"), "'staging' moves from build to build"),
}


@pytest.mark.parametrize(("declare", "message"), BAD.values(), ids=BAD)
def test_wrong_value_is_refused_when_declared(declare: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)):
        declare()


@pytest.mark.parametrize("name", ["gitea"])
def test_database_of_another_service_is_refused(name: str) -> None:
    wrong = change(database=SharedDatabase(name=name, role="notizen"))
    message = f"notizen: database '{name}' belongs to another service; name one for this app alone"
    with pytest.raises(DeclarationError, match=message):
        check([wrong], RAILIANCE01)


GOOD: dict[str, Any] = {
    "prefix with a blank": lambda: app(environment={"EMAIL_SUBJECT_PREFIX": "Vergabe "}),
    "greeting with a blank": lambda: app(environment={"GREETING": "Liebe Leute, "}),
    "list in quotes": lambda: app(environment={"NAMES": '"a","b"'}),
    "project named like a test": lambda: app(settings_module="test_portal.settings.prod"),
    "production settings in a local folder": lambda: app(settings_module="plain.local.production"),
    "tag of a branch's commit": lambda: image(tag="main-483a4df"),
    "international host as DNS has it": lambda: app(host="xn--bcher-kva.whywhynot.de"),
    "media below the code": lambda: media("/app/media"),
    "media where other images have code": lambda: media("/app", working_folder="/usr/src/site"),
    "whole cores": lambda: cpu("2", "4"),
}


@pytest.mark.parametrize("declare", GOOD.values(), ids=GOOD)
def test_value_that_only_looks_wrong_is_taken(declare: Any) -> None:
    assert declare()


ODD = ("0o644", "-0O7", "7e_8", "6e7_1", "1_000", "1:30", "yes", "~", ".5", "2026-01-01", "a #b")
"""What one reader of YAML or another takes for something else than text."""


def test_text_that_looks_like_a_number_arrives_as_text(tmp_path: Path) -> None:
    environment = {f"ODD_{number}": text for number, text in enumerate(ODD)}
    odd = app(
        environment=environment,
        configuration_files=(file("mode: 0o644\nfactor: 7e_8\n- 0o644\n"),),
        upgrade_steps=(("chmod", "0o644"),),
    )
    rendered([odd], tmp_path)
    target = tmp_path / "dist/plain.k8s.yaml"
    answers = schemas.validate([target], RAILIANCE01.kubernetes_version, ROOT)
    assert {answer["status"] for answer in answers} == {"statusValid"}
    manifests = {manifest.kind: manifest for manifest in manifest_files.read(target)}
    for kind in ("Deployment", "Job"):
        workload = Workload(manifests[kind])
        assert {name: workload.value(name) for name in environment} == environment
    assert (Workload(manifests["Job"]).containers[0].command or [])[-1] == "0o644"
    assert manifests["ConfigMap"].content["data"] == {
        "etc_app_app.cfg": "mode: 0o644\nfactor: 7e_8\n- 0o644\n"
    }
