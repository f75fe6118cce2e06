"""What a change of secrets/ and .sops.yaml means: who can decrypt, and what is missing."""

from collections.abc import Callable

import pytest

from tests.plan.conftest import APP, Document, History, container
from tests.sealed import OPERATOR, OTHER, STRANGER, rules, sealed_file

FILE = f"secrets/{APP}.sops.yaml"
KEYS = {f"{APP}-env": ("SECRET_KEY", "DATABASE_URL")}
WITHOUT_URL = {f"{APP}-env": ("SECRET_KEY",)}


def encrypt(history: History, *recipients: str, keys: Document = KEYS, file: str = FILE) -> None:
    (history.folder / "secrets").mkdir(exist_ok=True)
    (history.folder / file).write_text(sealed_file(APP, keys, recipients))


def state(history: History, *recipients: str) -> None:
    (history.folder / ".sops.yaml").write_text(rules(*recipients))


def add_to_both(history: History) -> None:
    encrypt(history, OPERATOR, OTHER, STRANGER)
    state(history, OPERATOR, OTHER, STRANGER)


@pytest.fixture
def shared(history: History) -> History:
    """A repository in which two operators share a file."""
    encrypt(history, OPERATOR, OTHER)
    state(history, OPERATOR, OTHER)
    history.commit("secrets")
    return history


ADDED: dict[str, Callable[[History], None]] = {
    "to the file alone": lambda history: encrypt(history, OPERATOR, OTHER, STRANGER),
    "to .sops.yaml alone": lambda history: state(history, OPERATOR, OTHER, STRANGER),
    "to both": add_to_both,
    "instead of another": lambda history: encrypt(history, OPERATOR, STRANGER),
    "to a new file": lambda history: encrypt(history, STRANGER, file="secrets/notizen.sops.yaml"),
}


@pytest.mark.parametrize("change", ADDED.values(), ids=ADDED)
def test_added_reader_is_an_error_until_a_trailer_names_them(
    shared: History, change: Callable[[History], None]
) -> None:
    change(shared)
    planned = shared.plan(code=1)
    assert planned["added_readers"] == [STRANGER]
    assert planned["unacknowledged"] == [f"Acknowledge-Recipient: {STRANGER}"]
    shared.commit(f"add\n\nAcknowledge-Recipient: {OPERATOR}")
    shared.plan("HEAD~1", "HEAD", code=1)
    shared.git("commit", "--quiet", "--amend", "-m", f"add\n\nacknowledge-recipient: {STRANGER}")
    assert shared.plan("HEAD~1", "HEAD", code=0)["added_readers"] == []


def test_first_file_is_for_somebody_new(history: History) -> None:
    encrypt(history, OPERATOR)
    state(history, OPERATOR)
    assert history.plan(code=1)["added_readers"] == [OPERATOR]


def test_added_reader_is_on_top_in_every_form(shared: History) -> None:
    encrypt(shared, OPERATOR, OTHER, STRANGER)
    said = f"{FILE}: {STRANGER} is added to those who can decrypt Secrets"
    answer = shared.ops("plan", "HEAD", "--html", "page.html", folder=shared.folder)
    assert answer.stdout.splitlines()[1].startswith(f"error: {said}")
    assert said in (shared.folder / "page.html").read_text().partition("<section>")[0]
    comment = shared.ops("plan", "HEAD", "--markdown", folder=shared.folder).stdout
    assert STRANGER in comment.partition("###")[0]


def test_removed_reader_is_told_with_what_remains_to_be_done(shared: History) -> None:
    encrypt(shared, OPERATOR)
    (note,) = shared.plan(code=0)["secrets"]
    assert note.startswith(f"{FILE}: {OTHER} can no longer decrypt it")


def test_nothing_is_said_of_files_that_stay(shared: History) -> None:
    (shared.folder / "notes.txt").write_text("nothing")
    planned = shared.plan(code=0)
    assert (planned["added_readers"], planned["secrets"]) == ([], [])


def test_file_of_no_app_is_named(shared: History) -> None:
    shared.git("mv", FILE, "secrets/vergabe_teilnahme.sops.yaml")
    (note,) = shared.plan()["secrets"]
    assert note == "secrets/vergabe_teilnahme.sops.yaml: is no app's, so nothing reads it"


def test_key_that_pods_read_and_the_file_lacks_is_an_error(shared: History) -> None:
    def read(deployment: Document) -> None:
        source = {"secretKeyRef": {"name": f"{APP}-env", "key": "EMAIL_HOST_PASSWORD"}}
        container(deployment)["env"].append({"name": "X", "valueFrom": source})

    shared.change("Deployment", read)
    (error,) = shared.plan(code=1)["apps"][0]["errors"]
    assert error["subject"] == FILE
    assert "lacks EMAIL_HOST_PASSWORD of Secret vergabe-teilnahme-env" in error["problem"]
    assert f"Deployment {APP}/{APP}" in error["problem"]
    assert error["fix"].startswith(f"run `ops secrets init --app {APP}`")


def test_key_that_leaves_the_file_is_an_error(shared: History) -> None:
    encrypt(shared, OPERATOR, OTHER, keys=WITHOUT_URL)
    shared.replace(":483a4df@", ":1234567@")
    errors = shared.plan(code=1)["apps"][0]["errors"]
    assert ["lacks DATABASE_URL" in error["problem"] for error in errors] == [True]
