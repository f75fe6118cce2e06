"""An image that the node cannot pull or run is refused, in words that say why."""

import base64
import json
import os
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import pytest

from box.certificates import Authority
from ops.errors import RegistryError
from ops.registry import Reference, registry_client
from ops.registry.runnable import Found, find
from tests.ops.image.conftest import APP, HOST, RENDERED, REPOSITORY, Desk, reaching
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import INDEX, MANIFEST, Pusher, digest_of, layer
from tests.ops.kubeconfig import nowhere

TAG = "v1.4.0"
NAME = f"{HOST}/{REPOSITORY}:{TAG}"
LOGIN = base64.b64encode(b"operator:geheim").decode()
SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
Push = Callable[[Pusher], str]


@pytest.fixture
def machine(
    gateway: Gateway, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that reaches the registry through the gateway, without any login."""
    for name in ("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in reaching(gateway, authority, tmp_path).items():
        monkeypatch.setenv(name, value)


def found(architecture: str = "amd64") -> Found:
    return find(Reference.parse(NAME), architecture)


def problem(architecture: str = "amd64") -> str:
    with pytest.raises(RegistryError) as caught:
        found(architecture)
    return str(caught.value)


def of_several(pusher: Pusher, *platforms: str) -> str:
    """An index whose images have these platforms."""
    images = []
    for number, platform in enumerate(platforms):
        system, _, name = platform.partition("/")
        digest = pusher.image(f"part{number}", layer("a"), os=system, architecture=name)
        images.append((digest, platform))
    return pusher.index(TAG, *images)


UNSUITABLE: dict[str, tuple[Push, str]] = {
    "built on a Mac": (
        lambda pusher: pusher.image(TAG, layer("a"), architecture="arm64"),
        "but for linux/arm64; build it with `docker build --platform linux/amd64` and push it",
    ),
    "an index without the node's": (
        lambda pusher: of_several(pusher, "linux/arm64", "linux/s390x"),
        "is not built for linux/amd64, which the node needs, but for linux/arm64, linux/s390x",
    ),
    "an index with an attestation alone": (
        lambda pusher: of_several(pusher, "linux/arm64", "unknown/unknown"),
        "which the node needs, but for linux/arm64; build",
    ),
    "an index of nothing": (
        lambda pusher: pusher.index(TAG),
        "which the node needs, nor for any other; build it",
    ),
    "an index that lies": (
        lambda pusher: pusher.index(
            TAG, (pusher.image("part", layer("a"), architecture="arm64"), "linux/amd64")
        ),
        "which the node needs, but for linux/arm64",
    ),
    "for Windows": (
        lambda pusher: pusher.image(TAG, layer("a"), os="windows"),
        "which the node needs, but for windows/amd64",
    ),
    "without a platform": (
        lambda pusher: pusher.image(TAG, layer("a"), os=None, architecture=None),
        "which the node needs, but for None/None",
    ),
    "a Helm chart": (
        lambda pusher: pusher.artifact(TAG, "application/vnd.cncf.helm.config.v1+json"),
        f"{NAME} is a Helm chart, not an image; push the image under this tag",
    ),
    "an artifact": (
        lambda pusher: pusher.artifact(
            TAG, "application/vnd.oci.empty.v1+json", artifactType="application/vnd.acme.rocket"
        ),
        "is an artifact of the type application/vnd.acme.rocket, not an image",
    ),
    "a bill of materials": (
        lambda pusher: pusher.artifact(
            TAG, "application/vnd.oci.empty.v1+json", artifactType="application/spdx+json"
        ),
        "is a bill of materials, not an image",
    ),
    "a signature": (
        lambda pusher: pusher.image(
            TAG, b"{}", media_type="application/vnd.dev.cosign.simplesigning.v1+json"
        ),
        f"{NAME} is a signature, not an image; push the image under this tag",
    ),
    "without a layer": (lambda pusher: pusher.image(TAG), "has no layer, so nothing can run"),
    "encrypted": (
        lambda pusher: pusher.image(
            TAG, layer("a"), media_type="application/vnd.oci.image.layer.v1.tar+gzip+encrypted"
        ),
        "which the node cannot unpack; push it gzipped and unencrypted",
    ),
}


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(("push", "message"), UNSUITABLE.values(), ids=UNSUITABLE)
def test_image_that_the_node_cannot_run_is_refused(
    pusher: Pusher, push: Push, message: str
) -> None:
    push(pusher)
    assert message in problem()


@pytest.mark.usefixtures("machine")
def test_image_for_several_platforms_has_the_digest_of_all(pusher: Pusher) -> None:
    digest = of_several(pusher, "linux/arm64", "linux/amd64", "unknown/unknown")
    assert found() == found("arm64") == Found(digest, "")
    assert "which the node needs, but for linux/arm64, linux/amd64" in problem("s390x")


@pytest.mark.usefixtures("machine")
def test_image_of_the_first_schema_is_named_as_such(gateway: Gateway) -> None:
    content = json.dumps({"schemaVersion": 1, "fsLayers": []}).encode()
    headers = {"Content-Type": SCHEMA_1, "Docker-Content-Digest": digest_of(b"its payload")}
    gateway.faults[f"/v2/{REPOSITORY}/manifests"] = (200, headers, content)
    assert "is Docker's old schema 1, which the node cannot pull; push it again" in problem()


@pytest.mark.usefixtures("machine")
def test_manifest_of_another_kind_is_named(gateway: Gateway) -> None:
    kind = "application/vnd.oci.artifact.manifest.v1+json"
    content = json.dumps({"mediaType": kind}).encode()
    gateway.faults[f"/v2/{REPOSITORY}/manifests"] = (200, {}, content)
    assert f"is an artifact of the type {kind}; push the image under this tag" in problem()


def kept(folder: Path, content: object) -> None:
    (folder / "config.json").write_text(json.dumps(content))


@pytest.mark.usefixtures("machine")
def test_private_image_is_read_with_a_login_and_said_to_be(
    gateway: Gateway, pusher: Pusher, tmp_path: Path
) -> None:
    gateway.token, gateway.login = "for-the-operator", LOGIN
    digest = pusher.image(TAG, layer("a"))
    assert "refuses an anonymous user (403)" in problem()
    kept(tmp_path, {"auths": {HOST: {"auth": LOGIN}}})
    assert found() == Found(digest, "", str(tmp_path / "config.json"))


@pytest.mark.usefixtures("machine")
def test_public_image_is_read_without_the_login(
    gateway: Gateway, pusher: Pusher, tmp_path: Path
) -> None:
    gateway.token = "for-anybody"
    digest = pusher.image(TAG, layer("a"))
    kept(tmp_path, {"auths": {HOST: {"auth": base64.b64encode(b"nobody:nothing").decode()}}})
    assert found() == Found(digest, "")


HELPER = '#!/bin/sh\nread host\ntest "$1 $host" = "get $EXPECTED" || exit 9\nprintf %s '


def helper(folder: Path, answer: str, code: int = 0) -> None:
    program = folder / "docker-credential-tresor"
    program.write_text(f"{HELPER}'{answer}'\nexit {code}\n")
    program.chmod(0o755)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("names", [{"credsStore": "tresor"}, {"credHelpers": {HOST: "tresor"}}])
def test_login_that_a_helper_keeps_is_used(
    gateway: Gateway,
    pusher: Pusher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: dict[str, object],
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("EXPECTED", HOST)
    gateway.token, gateway.login = "for-the-operator", LOGIN
    digest = pusher.image(TAG, layer("a"))
    kept(tmp_path, {"auths": {HOST: {}}, **names})
    assert "docker-credential-tresor is missing: install it, or keep the login for" in problem()
    helper(tmp_path, "credentials not found in native keychain", 1)
    assert "refuses an anonymous user (403)" in problem()
    helper(tmp_path, json.dumps({"Username": "operator", "Secret": "geheim"}))
    assert found() == Found(digest, "", "docker-credential-tresor")
    helper(tmp_path, json.dumps({"Username": "<token>", "Secret": "geheim"}))
    said = problem()
    assert "keeps a token for gitea.coulomb.social that only docker can use; `docker login" in said
    helper(tmp_path, "geheim", 2)
    assert "the login for gitea.coulomb.social cannot be read: docker-cred" in problem()
    assert "geheim" not in problem()


@pytest.mark.usefixtures("machine")
def test_login_that_podman_keeps_is_used(
    gateway: Gateway, pusher: Pusher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCKER_CONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    file = tmp_path / "containers/auth.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"auths": {HOST: {"auth": LOGIN}}}))
    gateway.token, gateway.login = "for-the-operator", LOGIN
    digest = pusher.image(TAG, layer("a"))
    assert found() == Found(digest, "", str(file))


ODD: dict[str, tuple[tuple[int, dict[str, str], bytes], str]] = {
    "a wait until a time": (
        (429, {"Retry-After": formatdate(time.time() + 7 * 86400, usegmt=True)}, b""),
        "too many requests (429); try again in 10",
    ),
    "a wait in words": ((429, {"Retry-After": "soon"}, b""), "try again in a minute"),
    "a login page": (
        (302, {"Location": f"https://{HOST}/user/login?next=/v2/"}, b""),
        f"answers with a redirect to {HOST}/user/login, and there with HTTP 404",
    ),
}


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(("fault", "message"), ODD.values(), ids=ODD)
def test_registry_that_puts_off_is_understood(
    gateway: Gateway, fault: tuple[int, dict[str, str], bytes], message: str
) -> None:
    gateway.faults[f"/v2/{REPOSITORY}/manifests"] = fault
    assert message in problem()


@pytest.mark.usefixtures("machine")
def test_registry_that_moved_its_tokens_is_named(gateway: Gateway) -> None:
    gateway.token = "right"
    gateway.faults["/token"] = (301, {"Location": "https://auth.whywhynot.de/token?x=1"}, b"")
    said = problem()
    assert "its token: redirects to https://auth.whywhynot.de/token (301); check the reg" in said


@pytest.mark.usefixtures("machine")
def test_registry_that_takes_too_long_is_given_up(
    pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    pusher.image(TAG, layer("a"))
    monkeypatch.setattr(registry_client, "LONGEST_SECONDS", -1)
    assert "has not answered in full within -1 s; check the network" in problem()


def test_set_refuses_what_the_node_cannot_run(desk: Desk, pusher: Pusher) -> None:
    pusher.image(TAG, layer("a"), architecture="arm64")
    assert "is not built for linux/amd64" in desk.refusal("image", "set", TAG)
    assert desk.is_clean


def test_set_refuses_an_image_whose_code_the_media_hide(desk: Desk, pusher: Pusher) -> None:
    pusher.image(TAG, layer("a"), config={"WorkingDir": "/app/media"})
    refusal = desk.refusal("image", "set", TAG)
    assert "the volume media at /app/media hides the image's code in /app/media; mount" in refusal


@pytest.fixture
def at_home(desk: Desk, tmp_path: Path) -> Desk:
    """The operator, logged in to a private registry, with the cluster away."""
    kept(tmp_path, {"auths": {HOST: {"auth": LOGIN}}})
    return Desk(desk.folder, desk.run, {**desk.variables, "KUBECONFIG": str(nowhere(tmp_path))})


def line(desk: Desk) -> dict[str, str]:
    answer = desk.ops("preflight", "--json")
    results = json.loads(answer.stdout)["results"]
    return next(result for result in results if result["id"] == "image")


def test_private_image_fails_unless_the_pods_have_a_login(
    at_home: Desk, gateway: Gateway, pusher: Pusher
) -> None:
    gateway.token, gateway.login = "for-the-operator", LOGIN
    digest = pusher.image(TAG, layer("a"))
    answer = at_home.ops("image", "set", TAG)
    assert answer.returncode == 0
    assert "warning: " in answer.stderr
    assert "nobody without one can read it: make the package public, or declare" in answer.stderr

    at_home.use(TAG, digest)
    asked = line(at_home)
    assert asked["state"] == "failed"
    assert "read with the login in" in asked["evidence"]
    assert "nobody without one can, and the pods have none" in asked["evidence"]
    assert "make the package public on gitea.coulomb.social, or declare reg" in asked["fix"]

    file = at_home.folder / RENDERED
    secret = f"      imagePullSecrets:\n        - name: {APP}-registry\n      containers:\n"
    file.write_text(re.sub(r"^      containers:\n", secret, file.read_text(), flags=re.M))
    asked = line(at_home)
    assert asked["state"] == "ok"
    assert f"the pods have that of Secret {APP}-registry" in asked["evidence"]


def test_preflight_names_an_image_for_another_architecture(at_home: Desk, pusher: Pusher) -> None:
    at_home.use(TAG, pusher.image(TAG, layer("a"), architecture="arm64"))
    asked = line(at_home)
    assert asked["state"] == "failed"
    assert asked["evidence"].endswith("which the node needs, but for linux/arm64")
    assert asked["fix"].startswith("build it with `docker build --platform linux/amd64`")

    root = at_home.folder / "argocd/root.yaml"
    stated = '    platform.railiance.io/architecture: "arm64"\n'
    first = "    platform.railiance.io/argocd-namespace"
    root.write_text(root.read_text().replace(first, f"{stated}{first}"))
    asked = line(at_home)
    assert asked["state"] == "ok"
    assert asked["evidence"].endswith("as rendered, for linux/arm64")


def test_index_with_wrong_entries_is_said(gateway: Gateway, machine: None) -> None:  # noqa: ARG001
    for entries in ("x", [1], [{"platform": 1}]):
        content = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        body = json.dumps(content).encode()
        gateway.faults[f"/v2/{REPOSITORY}/manifests"] = (200, {}, body)
        assert "its manifest has no manifests; check the registry" in problem()
    body = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": "x"}).encode()
    gateway.faults[f"/v2/{REPOSITORY}/manifests"] = (200, {}, body)
    assert "is an artifact, not an image" in problem()
