"""One rehearsal: an empty cluster, a repository, and the app that goes from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from box.poll import until
from tests import frozen
from tests.e2e.actors import Actor, CertManager, CloudNativePG, Traefik, acting
from tests.e2e.argocd import Application
from tests.e2e.platform import furnish
from tests.e2e.repository import Repository, read

if TYPE_CHECKING:
    from box.lifecycle import Box
    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

APP = "vergabe-teilnahme"
DIST = f"dist/{APP}.k8s.yaml"
ARGOCD = f"argocd/{APP}.yaml"
ROOT_APPLICATION = "argocd/root.yaml"
OTHER_DIGEST = f"sha256:{'0123456789abcdef' * 4}"


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal acts on, and its first steps, which most of them share."""

    box: Box
    cluster: Cluster
    repository: Repository

    @cached_property
    def actors(self) -> list[Actor]:
        """Everybody who has to write status before an app is healthy."""
        return [CloudNativePG(self.cluster), CertManager(self.cluster), Traefik(self.cluster)]

    def furnish(self) -> None:
        """Put on the cluster what the platform brings."""
        furnish(self.cluster)

    @cached_property
    def app(self) -> Application:
        """The app's Application, one and the same: it knows when it last looked."""
        return Application(self.cluster, APP)

    @cached_property
    def root(self) -> Application:
        """The root Application."""
        return Application(self.cluster, root_application()["metadata"]["name"])

    @cached_property
    def documents(self) -> list[Document]:
        """The rendered documents of the app."""
        return read(frozen.FOLDER / DIST)

    def one(self, kind: str) -> Document:
        """The app's one document of a kind, as rendered."""
        (found,) = (document for document in self.documents if document["kind"] == kind)
        return found

    def live(self, kind: str) -> Document | None:
        """The app's one document of a kind, as it is on the cluster."""
        metadata = self.one(kind)["metadata"]
        return self.cluster.get(kind, metadata["name"], metadata.get("namespace"))

    def exists(self, kind: str) -> bool:
        """Whether the app's one document of a kind is on the cluster."""
        return self.live(kind) is not None

    def existing(self, kind: str) -> Document:
        """The app's one document of a kind, which must be on the cluster."""
        found = self.live(kind)
        assert found is not None, f"there is no {kind} of {APP}"
        return found

    def begin(self) -> str:
        """Publish the rendered manifests and apply the root Application, and only that."""
        commit = self.repository.push("the rendered manifests")
        self.cluster.apply_files(self.repository.folder / ROOT_APPLICATION)
        return commit

    def install(self) -> str:
        """A first install from beginning to end."""
        with acting(*self.actors):
            commit = self.begin()
            until(lambda: self.app.document is not None, f"the Application {APP}", 30)
            self.app.wait_for(commit)
        return commit

    def deploy(self, message: str) -> str:
        """Publish what the repository now says and wait until it is what the cluster does."""
        with acting(*self.actors):
            commit = self.repository.push(message)
            self.app.wait_for(commit)
        return commit

    def roll_back(self) -> str:
        """Take the last commit back, as an operator does, and wait until the cluster has."""
        with acting(*self.actors):
            commit = self.repository.revert()
            self.app.wait_for(commit)
        return commit

    @cached_property
    def image(self) -> str:
        """The rendered image of the app's pods."""
        return image_of(self.one("Deployment"))

    def image_tagged(self, tag: str) -> str:
        """The app's image at another tag."""
        repository = self.image.partition("@")[0].rpartition(":")[0]
        return f"{repository}:{tag}@{OTHER_DIGEST}"

    def use_image(self, image: str) -> None:
        """Have the manifests ask for another image, wherever they ask for the app's."""
        path = self.repository.folder / DIST
        (deployment,) = (d for d in read(path) if d["kind"] == "Deployment")
        self.repository.replace(DIST, image_of(deployment), image)


def image_of(workload: Document) -> str:
    """The image of a workload's first container."""
    return str(workload["spec"]["template"]["spec"]["containers"][0]["image"])


def repository_address() -> str:
    """The address of the repository, as Argo CD knows it."""
    return str(root_application()["spec"]["source"]["repoURL"])


def root_application() -> Document:
    """The rendered root Application."""
    return application_in(read(frozen.FOLDER / ROOT_APPLICATION))


def application_in(documents: list[Document]) -> Document:
    """The one Application among documents."""
    (found,) = (document for document in documents if document["kind"] == "Application")
    return found
