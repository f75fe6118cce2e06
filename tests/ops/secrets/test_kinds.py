"""Every kind of secret that an app can declare: made, given, rotated, compared."""

import base64
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from ops.cluster.client import Cluster
from ops.documents.fleet import App, load
from ops.errors import OpsError
from ops.host.threads import begin
from ops.kinds.namespace import Namespace
from ops.kinds.secret import Secret
from ops.objects.base import Document, Object, ObjectMeta
from ops.preflight import secrets_readiness
from ops.preflight.subject import Subject
from ops.results.result import State
from ops.secrets.apply import Applying
from ops.secrets.wanted import Wanted
from tests.conftest import rendered
from tests.made_up import WERKSTATT, WITH_VALKEY
from tests.ops.secrets.conftest import Refused, begun
from tests.ops.secrets.operator import Operator

FILE = "secrets/werkstatt.sops.yaml"
ENV, CREDENTIALS, VALKEY = "werkstatt-env", "werkstatt-app-credentials", "werkstatt-valkey"
ACL = "user default on ~* &* +@all"
KEY = b"\x00\xff signing\r\n\xc3("
LOGIN = "registry-username=puller\nregistry-password=p:ss wort\n"
REGISTRY = "gitea.coulomb.social"


@pytest.fixture(scope="session")
def begun_workshop(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator of an app that asks for everything, who has a key pair and no file."""
    manifests = rendered([WERKSTATT], tmp_path_factory.mktemp("manifests"), None, WITH_VALKEY)
    operator = begun(manifests, tmp_path_factory.mktemp("begun"))
    operator.app = "werkstatt"
    (operator.home / "signing.key").write_bytes(KEY)
    assert operator.ops("init", "--make-key").returncode == 2
    return operator


def copied(operator: Operator, place: Path) -> Operator:
    for name in ("repository", "home"):
        shutil.copytree(operator.folder.parent / name, place / name, symlinks=True)
    return Operator(place / "repository", place / "home", operator.app)


@pytest.fixture
def new(begun_workshop: Operator, tmp_path: Path) -> Operator:
    return copied(begun_workshop, tmp_path)


@pytest.fixture(scope="session")
def made_workshop(begun_workshop: Operator, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = copied(begun_workshop, tmp_path_factory.mktemp("made"))
    answer = operator.ops("init", "--stdin", *signing(operator), stdin=LOGIN)
    assert answer.returncode == 0, answer.stderr
    assert not [value for value in all_values(operator) if value in answer.stdout + answer.stderr]
    return operator


@pytest.fixture
def workshop(made_workshop: Operator, tmp_path: Path) -> Operator:
    return copied(made_workshop, tmp_path)


def signing(operator: Operator) -> tuple[str, str]:
    return "--file", f"signing.key={operator.home}/signing.key"


def all_values(operator: Operator) -> list[str]:
    values = operator.values().values()
    return [value for held in values for key, value in held.items() if key != "username"]


def test_init_makes_every_kind(workshop: Operator) -> None:
    values = workshop.values()
    env, password = values[ENV], values[CREDENTIALS]["password"]
    valkey = values[VALKEY]["password.conf"].removeprefix(f"{ACL} >")
    assert len(valkey) > 40
    assert valkey.replace("-", "").replace("_", "").isalnum()
    assert (len(env["WERKSTATT_SECRET"]), len(env["WERKSTATT_SALT"])) == (64, 50)
    assert env["WERKSTATT_SALT"].isalnum()
    assert env["WERKSTATT_DB_PASS"] == password != valkey
    assert env["VALKEY_PASSWORD"] == valkey
    assert env["CELERY_BROKER_URL"] == f"redis://:{valkey}@werkstatt-valkey:6379/0"
    assert env["CACHE_URL"] == f"redis://:{valkey}@werkstatt-valkey:6379/1"
    assert len(env) == 6
    assert values["werkstatt-files"] == {"signing.key": KEY.decode("latin-1")}
    login = json.loads(values["werkstatt-registry"][".dockerconfigjson"])
    assert login["auths"][REGISTRY] == {
        "username": "puller",
        "password": "p:ss wort",
        "auth": base64.b64encode(b"puller:p:ss wort").decode(),
    }


def test_file_holds_no_value_and_the_types_that_kubernetes_asks_for(workshop: Operator) -> None:
    content = workshop.file.read_bytes()
    for value in (*all_values(workshop), "puller", base64.b64encode(KEY).decode()):
        assert value.encode() not in content
    assert content.count(b"type: Opaque") == 3
    assert content.count(b"type: kubernetes.io/dockerconfigjson") == 1
    assert content.count(b"type: kubernetes.io/basic-auth") == 1


def test_init_takes_the_passwords_from_where_they_are_repeated(workshop: Operator) -> None:
    before = workshop.values()
    conf = before[VALKEY]["password.conf"]
    answer = workshop.edit(f"    password.conf: {conf}\n", "")
    assert answer.returncode == 0, answer.stderr
    answer = workshop.ops("init")
    assert f"{FILE}: added password.conf\n" in answer.stdout, answer.stderr
    assert workshop.values() == before


@pytest.mark.parametrize("key", ["password.conf", "VALKEY_PASSWORD"])
def test_former_password_of_valkey_is_valid_until_the_next_rotation(
    workshop: Operator, key: str
) -> None:
    workshop.edit("werkstatt-valkey:6379/1", "werkstatt-valkey:6379/1?timeout=5")
    first = workshop.values()[ENV]["VALKEY_PASSWORD"]
    answer = workshop.ops("rotate", key)
    names = "password.conf, CACHE_URL, CELERY_BROKER_URL, VALKEY_PASSWORD"
    assert answer.stdout.startswith(f"{FILE}: changed {names}\n"), answer.stderr
    assert "--platform" not in answer.stdout
    second = workshop.values()[ENV]["VALKEY_PASSWORD"]
    assert workshop.values()[VALKEY]["password.conf"] == f"{ACL} >{second} >{first}"
    assert workshop.ops("rotate", key).returncode == 0
    values = workshop.values()
    third = values[ENV]["VALKEY_PASSWORD"]
    assert len({first, second, third}) == 3
    assert values[VALKEY]["password.conf"] == f"{ACL} >{third} >{second}"
    assert values[ENV]["CACHE_URL"] == f"redis://:{third}@werkstatt-valkey:6379/1?timeout=5"


@pytest.mark.parametrize("key", ["password", "WERKSTATT_DB_PASS"])
def test_password_of_the_role_is_rotated_by_either_name(workshop: Operator, key: str) -> None:
    answer = workshop.ops("rotate", key, "--stdin", stdin=f"{key}=a/b\n")
    assert answer.stdout.startswith(f"{FILE}: changed password, WERKSTATT_DB_PASS\n")
    assert "ops secrets apply --platform" in answer.stdout
    values = workshop.values()
    assert (values[CREDENTIALS]["password"], values[ENV]["WERKSTATT_DB_PASS"]) == ("a/b", "a/b")


@pytest.mark.parametrize("key", ["WERKSTATT_SECRET", "WERKSTATT_SALT"])
def test_generated_value_is_generated_again_alone(workshop: Operator, key: str) -> None:
    before = workshop.values()
    assert workshop.ops("rotate", key).returncode == 0
    after = workshop.values()
    was, now = before[ENV].pop(key), after[ENV].pop(key)
    assert (was != now, len(was) == len(now)) == (True, True)
    assert after == before


def test_file_and_login_are_rotated(workshop: Operator) -> None:
    (workshop.home / "new.key").write_text("new\n")
    answer = workshop.ops("rotate", "signing.key", "--file", f"{workshop.home}/new.key")
    assert answer.returncode == 0, answer.stderr
    assert workshop.values()["werkstatt-files"] == {"signing.key": "new\n"}
    login = LOGIN.replace("puller", "other")
    answer = workshop.ops("rotate", ".dockerconfigjson", "--stdin", stdin=login)
    assert answer.returncode == 0, answer.stderr
    text = workshop.values()["werkstatt-registry"][".dockerconfigjson"]
    assert json.loads(text)["auths"][REGISTRY]["username"] == "other"


WRONG_USE = {
    "URL of Valkey": (
        ("rotate", "CACHE_URL"),
        "",
        "CACHE_URL follows from Valkey's password; rotate password.conf",
    ),
    "given password of Valkey": (
        ("rotate", "password.conf", "--stdin"),
        "password.conf=geheim\n",
        "entry 1 on standard input is not one of these keys: none",
    ),
    "file without a path": (
        ("rotate", "signing.key"),
        "",
        "signing.key is a file; give it with --file PATH",
    ),
    "path for what is no file": (
        ("rotate", "WERKSTATT_SALT", "--file", "geheim"),
        "",
        "WERKSTATT_SALT is not a file; omit --file",
    ),
    "user name with a colon": (
        ("rotate", ".dockerconfigjson", "--stdin"),
        "registry-username=geheim:x\nregistry-password=geheim\n",
        "registry-username holds a colon",
    ),
    "login without a password": (
        ("rotate", ".dockerconfigjson", "--stdin"),
        "registry-username=geheim\n",
        "registry-password must be given",
    ),
    "file that is there": (
        ("init", "--file", "signing.key=geheim"),
        "",
        (
            "--file names signing.key, which is not one of the files to add: none; `ops secrets"
            " rotate KEY --app NAME --file PATH` replaces one"
        ),
    ),
    "file without a key": (("init", "--file", "geheim"), "", "--file takes KEY=PATH"),
    "file twice": (("init", *("--file", "a=geheim") * 2), "", "--file names a key twice"),
}


@pytest.mark.parametrize(("arguments", "stdin", "message"), WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_named(
    workshop: Operator, arguments: tuple[str, ...], stdin: str, message: str
) -> None:
    before = workshop.file.read_bytes()
    answer = workshop.ops(*arguments, stdin=stdin)
    assert (answer.returncode, message in answer.stderr) == (2, True), answer.stderr
    assert "geheim" not in answer.stderr
    assert workshop.file.read_bytes() == before


def test_init_says_which_files_it_needs(new: Operator) -> None:
    answer = new.ops("init", "--stdin", stdin=LOGIN)
    assert answer.returncode == 2
    assert "signing.key must be given as a file: --file signing.key=PATH" in answer.stderr
    assert not new.file.exists()


def too_large(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate((1 << 20) + 1)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "cannot be read: No such file or directory; give the path"),
    "a folder": (lambda file: file.mkdir(), "cannot be read: Is a directory"),
    "empty": (lambda file: file.touch(), "is empty"),
    "too large": (too_large, "has more than 1048576 bytes, which no Secret holds"),
}


@pytest.mark.parametrize(("make", "message"), FILES.values(), ids=FILES)
def test_file_that_cannot_be_taken_is_named(
    workshop: Operator, refused: Refused, make: Callable[[Path], object], message: str
) -> None:
    path = workshop.home / "geheim"
    make(path)
    said = refused(workshop.ops("rotate", "signing.key", "--file", str(path)))
    assert f"the file for signing.key {message}" in said
    assert "geheim" not in said


def test_file_in_the_repository_is_refused(workshop: Operator, refused: Refused) -> None:
    (workshop.folder / "signing.key").write_bytes(KEY)
    said = refused(workshop.ops("rotate", "signing.key", "--file", "signing.key"))
    assert "is in the repository, where it could be committed; move it out" in said


def test_secret_that_kubernetes_would_refuse_is_not_written(
    workshop: Operator, refused: Refused
) -> None:
    before = workshop.file.read_bytes()
    large = f"WERKSTATT_SALT={'x' * (1 << 20)}\n"
    said = refused(workshop.ops("rotate", "WERKSTATT_SALT", "--stdin", stdin=large))
    assert re.search(rf"Secret {ENV} would have \d+ bytes, at most 1048576 fit", said)
    assert workshop.file.read_bytes() == before


def change_dist(operator: Operator, change: Callable[[list[Document]], list[Document]]) -> None:
    """Changes what is rendered, in the operator's own copy."""
    dist = operator.folder / "dist"
    text = (dist / "werkstatt.k8s.yaml").read_text()
    documents = change(list(yaml.load_all(text, yaml.CSafeLoader)))
    dist.unlink()
    dist.mkdir()
    (dist / "werkstatt.k8s.yaml").write_text(yaml.safe_dump_all(documents))


def test_two_keys_of_one_name_are_refused(workshop: Operator, refused: Refused) -> None:
    def rename(documents: list[Document]) -> list[Document]:
        text = json.dumps(documents).replace('"key": "WERKSTATT_SALT"', '"key": "password"')
        return list(json.loads(text))

    change_dist(workshop, rename)
    said = refused(workshop.ops("check"))
    assert f"password is a key of the Secret {ENV} and of {CREDENTIALS}" in said


def test_password_of_valkey_is_wanted_where_its_url_is(workshop: Operator) -> None:
    change_dist(workshop, lambda documents: [d for d in documents if d["kind"] != "StatefulSet"])
    assert f"{VALKEY} password.conf" in workshop.ops("check").stdout


def test_check_lists_every_key(workshop: Operator) -> None:
    found = json.loads(workshop.ops("check", "--json").stdout)
    assert [(row["secret"], row["key"]) for row in found["keys"] if row["in_file"]] == [
        *((ENV, key) for key in ("CACHE_URL", "CELERY_BROKER_URL", "VALKEY_PASSWORD")),
        *((ENV, f"WERKSTATT_{key}") for key in ("DB_PASS", "SALT", "SECRET")),
        ("werkstatt-files", "signing.key"),
        ("werkstatt-registry", ".dockerconfigjson"),
        (VALKEY, "password.conf"),
        (CREDENTIALS, "username"),
        (CREDENTIALS, "password"),
    ]


def applying(operator: Operator, monkeypatch: pytest.MonkeyPatch, cluster: object) -> Applying:
    """Applies to a cluster that is not there, in this process."""
    monkeypatch.chdir(operator.folder)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(operator.key_file))
    app = load().app()
    return Applying(cast("Cluster", cluster), Wanted.by(app), app.manifest(Namespace))


class Empty:
    """A cluster that takes whatever is applied."""

    def __init__(self) -> None:
        self.applied: list[dict[str, Any]] = []

    def get(self, *_: object) -> None:
        return None

    def apply(self, document: dict[str, Any], **_: object) -> None:
        self.applied.append(document)


def test_apply_writes_every_secret_as_pods_get_it(
    workshop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Empty()
    applying(workshop, monkeypatch, cluster).run(platform=False)
    secrets = {d["metadata"]["name"]: d for d in cluster.applied if d["kind"] == "Secret"}
    assert base64.b64decode(secrets["werkstatt-files"]["data"]["signing.key"]) == KEY
    assert secrets["werkstatt-registry"]["type"] == "kubernetes.io/dockerconfigjson"
    assert list(secrets) == [
        *(f"werkstatt-{name}" for name in ("env", "files", "registry", "valkey")),
        CREDENTIALS,
    ]


DISAGREEING = {
    "variable of the role's password": (
        "WERKSTATT_DB_PASS: ",
        "WERKSTATT_DB_PASS: x",
        (
            f"WERKSTATT_DB_PASS has another password than {CREDENTIALS}; make them equal with `ops"
            " secrets edit --app werkstatt`, or `ops secrets rotate password --app werkstatt`"
        ),
    ),
    "URL of Valkey": (
        "CACHE_URL: redis://:",
        "CACHE_URL: redis://:x",
        (
            f"CACHE_URL has another password than {VALKEY}; make them equal with `ops secrets"
            " edit --app werkstatt`, or `ops secrets rotate password.conf --app werkstatt`"
        ),
    ),
    "variable of Valkey's password": (
        "VALKEY_PASSWORD: ",
        "VALKEY_PASSWORD: x",
        f"VALKEY_PASSWORD has another password than {VALKEY}",
    ),
    "another database of Valkey": (
        ":6379/1",
        ":6379/2",
        (
            "CACHE_URL is not for the declared database 1; fix it with `ops secrets edit --app"
            " werkstatt`"
        ),
    ),
    "a password without an ACL": (
        f"{ACL} >",
        "requirepass x",
        f"password.conf holds no password, as `{ACL} >PASSWORD` does",
    ),
    "a login to another registry": (
        REGISTRY,
        "registry.example.org",
        (
            f"werkstatt-registry is no login to {REGISTRY}; `ops secrets rotate .dockerconfigjson"
            " --app werkstatt`"
        ),
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), DISAGREEING.values(), ids=DISAGREEING)
def test_values_that_contradict_each_other_are_not_applied(
    workshop: Operator, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    assert workshop.edit(old, new).returncode == 0
    values = all_values(workshop)
    cluster = Empty()
    with pytest.raises(OpsError) as refusal:
        applying(workshop, monkeypatch, cluster).run(platform=True)
    assert message in str(refusal.value)
    assert not cluster.applied
    assert not any(value in str(refusal.value) for value in values)


class Lacking(Empty):
    """A cluster with every Secret of an app but for one key."""

    def __init__(self, app: App, name: str, key: str) -> None:
        super().__init__()
        self.keys = {
            secret: dict.fromkeys(keys, "eA==") for secret, keys in app.secret_keys.items()
        }
        del self.keys[name][key]

    def get(self, _: type[Object], name: str, namespace: str) -> Secret:  # type: ignore[override]
        return Secret(metadata=ObjectMeta(name=name, namespace=namespace), data=self.keys[name])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("werkstatt-files", "signing.key"),
        ("werkstatt-registry", ".dockerconfigjson"),
        (VALKEY, "password.conf"),
        (ENV, "WERKSTATT_SALT"),
    ],
)
def test_preflight_finds_every_key_that_pods_need(new: Operator, name: str, key: str) -> None:
    fleet = load(new.folder)
    app = fleet.app()
    cluster = cast("Cluster", Lacking(app, name, key))
    found = secrets_readiness.complete(
        Subject(app, fleet.root, cluster, begin(lambda: (1, 34)), with_argocd=True)
    )
    assert (found.state, f"Secret werkstatt/{name} has no {key}" in found.evidence) == (
        State.FAILED,
        True,
    )
