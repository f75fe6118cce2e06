"""A real registry under the production name, and a repository to change images in."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from box.certificates import Authority, Pair
from tests.conftest import Run, copy, equipped, frozen_copy
from tests.ops.image import registry
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher
from tests.runner import ops_here, own_code

HOST = "gitea.coulomb.social"
REPOSITORY = "coulomb/vergabe-teilnahme"
APP = "vergabe-teilnahme"
DECLARATION = "apps/vergabe_teilnahme.py"
RENDERED = "dist/vergabe-teilnahme.k8s.yaml"
OWN_CONFIGURATION = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
"""Has git forget how whoever runs the tests has set it up."""


@pytest.fixture(scope="session")
def registry_address() -> Iterator[str]:
    with registry.serving() as address:
        yield address


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("pki"))
    authority.create()
    return authority


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Pair:
    return authority.issue(authority.pki / "registry", user=HOST, hosts=[HOST])


@pytest.fixture
def gateway(registry_address: str, certificate: Pair) -> Iterator[Gateway]:
    with Gateway(registry_address, certificate) as gateway:
        yield gateway


@pytest.fixture
def pusher(registry_address: str) -> Pusher:
    return Pusher(registry_address, REPOSITORY)


def reaching(gateway: Gateway, authority: Authority, docker: Path) -> dict[str, str]:
    """The environment of a machine that reaches the registry through the gateway."""
    return {
        "HTTPS_PROXY": gateway.address,
        "SSL_CERT_FILE": str(authority.pair.certificate),
        "DOCKER_CONFIG": str(docker),
        "NO_PROXY": "",
        "no_proxy": "",
    }


@dataclass
class Desk:
    """A clone of the repository, and an operator who works in it."""

    folder: Path
    run: Run | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: OWN_CONFIGURATION)

    def ops(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        assert self.run
        return self.run(*arguments, folder=self.folder, **{**self.variables, **variables})

    def done(self, command: str) -> str:
        """What a printed command says, which has to succeed."""
        program, *rest = shlex.split(command)
        if program == "git":
            return self.git(*rest)
        if command == "make synth":
            synth = [sys.executable, "-O", "app.py"]
            return subprocess.run(
                synth,
                cwd=self.folder,
                env={**os.environ, **own_code(self.folder)},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        assert program == "ops"
        answer = self.ops(*rest)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def refusal(self, *arguments: str) -> str:
        """What is said on standard error by a command that fails with a sentence."""
        said = self.failure(*arguments)
        assert said.startswith("error: ")
        return said

    def failure(self, *arguments: str, code: int = 1) -> str:
        """What is said on standard error by a command that fails or is interrupted."""
        answer = ops_here(*arguments, folder=self.folder, variables=self.variables)
        assert answer.returncode == code, answer.stderr
        return answer.stderr

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments],  # noqa: S607 (whichever git there is)
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **self.variables},
        ).stdout

    def commit(self, message: str) -> str:
        self.git("commit", "--quiet", "--all", f"--message={message}")
        return self.git("rev-parse", "HEAD").strip()

    def use(self, tag: str, digest: str) -> str:
        """Commits another image, as `ops image set` would, and returns the commit."""
        for name in (DECLARATION, RENDERED):
            file = self.folder / name
            text = re.sub(r"sha256:[0-9a-f]{64}", digest, file.read_text())
            text = re.sub(r'(tag=")[^"]+|(vergabe-teilnahme:)[^@\s]+(?=@)', rf"\1\2{tag}", text)
            file.write_text(text)
        return self.commit(f"image {tag}")

    @property
    def image(self) -> str:
        """The tag that is rendered."""
        (tag,) = set(re.findall(r"image: \S+:([^@:]+)@", self.text(RENDERED)))
        return str(tag)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    @property
    def is_clean(self) -> bool:
        return not self.git("status", "--porcelain", "--untracked-files=no")


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen repository in git of its own, with one commit."""
    return under_git(equipped(frozen_copy(tmp_path_factory.mktemp("clone"))))


def under_git(folder: Path) -> Path:
    """Commits what a repository declares and renders."""
    desk = Desk(folder)
    copy((".gitignore", "pyproject.toml"), folder)
    desk.git("init", "--quiet", "--initial-branch=main")
    for name, value in {"user.name": "op", "user.email": "op@localhost"}.items():
        desk.git("config", name, value)
    desk.git("add", ".gitignore", "pyproject.toml", "app.py", "apps", "dist", "argocd")
    desk.commit("as it is")
    return folder


def copied(clone: Path, folder: Path) -> Path:
    """Another one like it."""
    return Path(shutil.copytree(clone, folder, symlinks=True))


@pytest.fixture
def desk(clone: Path, tmp_path: Path, ops: Run, gateway: Gateway, authority: Authority) -> Desk:
    """The operator's clone, on a machine that reaches the registry through the gateway."""
    folder = copied(clone, tmp_path / "clone")
    return Desk(folder, ops, OWN_CONFIGURATION | reaching(gateway, authority, tmp_path))
