"""Secrets in plain text in any file; all values are generated, so that none is in a repository."""

import base64
import json
import secrets
import string
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest

from ops.gate.plain_secrets import found_in
from tests.conftest import Run

WEAK, CURL = "Wintergarten", "curl -u"
Write = Callable[[str], str]


def text(length: int = 24, letters: str = string.ascii_letters + string.digits) -> str:
    """A random text, with letters and digits by turns often enough."""
    return "".join(secrets.choice(letters) for _ in range(length - 8)) + "k3Q9zR7m"


def django_key() -> str:
    return text(50, "abcdefghijklmnopqrstuvwxyz0123456789!@%^&*(-_=+)")


def base64_of(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


HELD: dict[str, tuple[str, Write]] = {
    "a .env": (".env", lambda v: f"SMTP_PASSWORD={v}"),
    "a .env with export and quotes": ("deploy/.env.prod", lambda v: f'export API_TOKEN="{v}"'),
    "a word that a person chose, in a .env": (".env", lambda _: f"SMTP_PASSWORD={WEAK}"),
    "a Django key": (".env", lambda _: f"SECRET_KEY={django_key()}"),
    "a key in settings": ("app/settings.py", lambda _: f'SECRET_KEY = "{django_key()}"'),
    "a password in settings": ("app/settings.py", lambda v: f"    'PASSWORD': '{v}',"),
    "a URL in a page": ("docs/a.md", lambda v: f"`psql postgresql://vergabe:{v}@192.0.2.1/db`"),
    "a URL with a weak password": ("a.md", lambda _: f"redis://:{WEAK}@cache.werkstatt.de:6379/0"),
    "a URL of a container": ("compose.yaml", lambda v: f"  url: postgres://vergabe:{v}@db:5432/x"),
    "a URL of this machine": ("a.sh", lambda v: f"curl https://me:{v}@localhost/"),
    "a role in SQL": ("role.sql", lambda v: f"ALTER ROLE vergabe WITH PASSWORD '{v}';"),
    "a role in SQL, weak": ("role.sql", lambda _: f"CREATE ROLE v LOGIN PASSWORD '{WEAK}';"),
    "a user of MySQL": ("a.sql", lambda v: f"CREATE USER v IDENTIFIED BY '{v}';"),
    "a line of .pgpass": (".pgpass", lambda v: f"apps-pg-rw.databases:5432:db:vergabe:{v}"),
    "a line of .netrc": ("a.txt", lambda v: f"machine gitea.x.de login me password {v}"),
    "parts of a DSN": ("a.py", lambda v: f'connect("host=pg dbname=db user=v password={v}")'),
    "a shell variable": ("a.sh", lambda v: f"PGPASSWORD={v} psql -h pg"),
    "an option": ("a.sh", lambda v: f"restic --password {v} backup"),
    "a login with curl": ("a.md", lambda v: f"{CURL} admin:{v} https://gitea.x.de/api"),
    "a header": ("a.md", lambda v: f'curl -H "Authorization: Bearer {v}{v}" https://x.de'),
    "a login in base64": ("config.json", lambda v: f'{{"auth": "{base64_of("me:" + v)}"}}'),
    "a note": ("notes.txt", lambda _: f"The password of the admin is {text(4)}"),
    "a note in German": ("notizen.txt", lambda v: f"Passwort: {v}"),
    "a note of an editor on Windows": ("notes.txt", lambda v: f"\ufeffPassword: {v}\r"),
    "a Dockerfile": ("Dockerfile", lambda v: f"ENV SECRET_KEY {v}"),
    "values of a chart": ("values.yaml", lambda v: f"  adminPassword: {v}"),
    "a container's variable": ("a.yaml", lambda v: f"- name: DB_PASSWORD\n  value: {v}"),
    "a generated Secret": ("kustomization.yaml", lambda v: f"    literals: [DB_PASSWORD={v}]"),
    "kubectl": ("a.sh", lambda v: f"kubectl create secret generic x --from-literal=PASSWORD={v}"),
    "variables of Terraform": ("a.tfvars", lambda _: f'db_password = "{WEAK}"'),
    "a Secret": (
        "k8s/secret.yaml",
        lambda _: "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  x: Garten9",
    ),
    "a Secret in base64": (
        "k8s/secret.yaml",
        lambda v: f"kind: Secret\nmetadata: {{name: a}}\ndata: {{url: {base64_of(v)}}}",
    ),
    "a Secret in JSON": (
        "a.json",
        lambda v: json.dumps({"kind": "Secret", "stringData": {"a": v}}),
    ),
    "a decrypted copy": (
        "secrets/vergabe-teilnahme.dec.yaml",
        lambda v: f"a: 1\n---\nkind: Secret\nstringData:\n  SECRET_KEY: |\n    {v}\n",
    ),
    "an age key": ("keys.txt", lambda _: f"AGE-SECRET-KEY-1{text(58).upper()}"),
    "a random value in a test": ("tests/test_a.py", lambda v: f'PASSWORD = "{v}"'),
    "a random value in an example": (".env.example", lambda v: f"SECRET_KEY={v}"),
}


@pytest.mark.parametrize(("name", "write"), HELD.values(), ids=HELD)
def test_secret_is_found_and_not_repeated(name: str, write: Write) -> None:
    value = text()
    found = list(found_in(write(value).encode(), PurePath(name)))
    assert found
    assert value not in str(found)


NOT_HELD = {
    "a placeholder": (".env", "SECRET_KEY=change-me\nDB_PASSWORD=<password>\nTOKEN=xxxxxxxx"),
    "an example": (".env.example", "SECRET_KEY=your-secret-key\nDATABASE_URL=postgres://a:b@c/d"),
    "a reference": (".env", "DB_PASSWORD=${VAULT_PASSWORD}\nTOKEN=$(pass show token)"),
    "an expression": ("a.py", 'SECRET_KEY = env("SECRET_KEY")\npassword = user.get_password()'),
    "made-up users of a test": ("tests/test_a.py", 'login(username="ada", password="lovelace12")'),
    "a URL of an example": ("docs/a.md", "postgresql://user:password@host:5432/db"),
    "a URL of this machine": ("a.md", "postgres://postgres:postgres@localhost/db"),
    "a URL of a container": ("compose.yaml", "DATABASE_URL: postgres://app:app@db/app"),
    "lifetimes": (".env", "TOKEN_LIFETIME_SECONDS=300\nPASSWORD_RESET_TIMEOUT=3600"),
    "counters": (".env", "MAX_TOKEN=4096\nPASSWORD_MIN_LENGTH=12\nTOKEN_BUCKET_SIZE=1000"),
    "times of day": (".env", "TOKEN_ROTATION_AT=12:30:00"),
    "switches": ("values.yaml", "usePassword: true\ntokenEnabled: false"),
    "names of Secrets": (
        "a.yaml",
        "secretName: vergabe-teilnahme-tls2024\nexistingSecret: db-pw-v2",
    ),
    "keys of Secrets": ("a.yaml", "secretKeyRef: {name: app-env, key: DATABASE_URL}"),
    "a hash": ("fixture.json", '"password": "pbkdf2_sha256$600000$abc$def"'),
    "a file": ("compose.yaml", "POSTGRES_PASSWORD_FILE: /run/secrets/db_password1"),
    "an encrypted value": (
        "secrets/a.sops.yaml",
        "kind: Secret\nstringData:\n  x: ENC[AES256_GCM,data:aB3=,iv:c4D=,tag:e5F=,type:str]",
    ),
    "an empty Secret": ("a.yaml", "kind: Secret\nmetadata: {name: a}\nstringData: {}"),
    "a Secret with placeholders": ("a.yaml", "kind: Secret\nstringData: {a: REPLACE_ME}"),
    "a table of a page": ("a.md", "| `SECRET_KEY` | generated: letters and digits |"),
    "a form in another language": ("locale/de.json", '"password": "Passwort2 eingeben"'),
}


@pytest.mark.parametrize(("name", "content"), NOT_HELD.values(), ids=NOT_HELD)
def test_what_is_no_secret_is_left_alone(name: str, content: str) -> None:
    assert list(found_in(content.encode(), PurePath(name))) == []


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


def test_what_git_ignores_is_left_alone_but_for_environment_files(
    ops: Run, repository: Path
) -> None:
    for name in (".gitignore", ".env", "scratch.sh", "notes.txt", "config.sh"):
        (repository / name).write_text(f"PGPASSWORD={text()}\n")
    (repository / ".gitignore").write_text(".env\nscratch.sh\n.venv\nimports\n.tools\n")
    git(repository, "init", "--quiet")
    git(repository, "add", "config.sh", "apps")
    answer = ops("gate", "--json", folder=repository)
    found = {f["file"]: f for f in json.loads(answer.stdout)["findings"]}
    assert {name: finding["id"] for name, finding in found.items()} == dict.fromkeys(
        (".env", "config.sh", "notes.txt"), "secrets.E004"
    )
    assert "treat it as compromised" in found["config.sh"]["hint"]
    assert "it is in no commit yet" in found["notes.txt"]["hint"]
