"""Whatever is wrong ends in a sentence with its fix, and the file stays as it was."""

import io
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.errors import OpsError, UsageError
from ops.secrets import edit, given
from ops.secrets.sealed import SecretsFile
from ops.secrets.wanted import Wanted
from tests.ops.secrets.conftest import Refused
from tests.ops.secrets.operator import FILE, Operator


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def one_value_swapped(text: str) -> str:
    """The value of one key moved to another; each decrypts by itself, and the whole does not."""
    return re.sub(r"type: Opaque", "type: example.org/other", text)


TAMPERED = {
    "a type": (one_value_swapped, "was changed without sops"),
    "a value": (lambda text: re.sub(r"data:....", "data:AAAA", text), "was changed without sops"),
    "a value in clear": (
        lambda text: re.sub(r"SMTP_PASSWORD: ENC\S+", "SMTP_PASSWORD: geheim", text),
        "holds a value that is not encrypted",
    ),
    "another namespace": (
        replaced("namespace: notizen", "namespace: kube-system"),
        "is not of the namespace notizen",
    ),
    "another Secret": (
        replaced("name: notizen-env", "name: notizen-tls"),
        "Secret notizen/notizen-tls is not one that notizen uses",
    ),
    "a Secret twice": (
        replaced("name: notizen-app-credentials", "name: notizen-env"),
        "holds the same Secret twice",
    ),
    "other credentials": (
        replaced("type: kubernetes.io/basic-auth", "type: Opaque"),
        "is not of type kubernetes.io/basic-auth",
    ),
}


@pytest.mark.parametrize(("change", "message"), TAMPERED.values(), ids=TAMPERED)
def test_file_that_is_not_what_sops_wrote_is_refused(
    set_up: Operator, refused: Refused, change: Callable[[str], str], message: str
) -> None:
    set_up.file.write_text(change(set_up.file.read_text()))
    before = set_up.file.read_bytes()
    said = refused(set_up.ops("rotate", "SECRET_KEY"))
    assert message in said
    assert "geheim" not in said
    assert set_up.file.read_bytes() == before


def test_edit_that_makes_a_file_of_another_app_says_so(set_up: Operator, refused: Refused) -> None:
    said = refused(set_up.edit("namespace: notizen", "namespace: kube-system"))
    assert "is not of the namespace notizen; change it with `ops secrets edit`" in said


def test_edit_that_makes_a_number_of_a_value_says_so(set_up: Operator, refused: Refused) -> None:
    set_up.edit("SMTP_PASSWORD: post & geheim", "SMTP_PASSWORD: 4711")
    said = refused(set_up.ops("rotate", "SECRET_KEY"))
    assert "Secret notizen-env: stringData.SMTP_PASSWORD is not a string; put it in quotes" in said
    assert "4711" not in said


def test_address_without_a_user_is_named(set_up: Operator, refused: Refused) -> None:
    set_up.edit("postgresql://notizen:", "postgresql://:")
    said = refused(set_up.ops("rotate", "password"))
    assert f"{FILE}: DATABASE_URL is not a URL with a user; fix it with `ops secrets edit`" in said


def test_rule_that_leaves_values_in_clear_is_refused(set_up: Operator, refused: Refused) -> None:
    rules, before = set_up.folder / ".sops.yaml", set_up.file.read_bytes()
    rules.write_text(rules.read_text().replace("^(data|stringData)$", "^SECRET_KEY$"))
    assert "not written, because it holds a value that is not encrypted" in refused(
        set_up.ops("rotate", "SECRET_KEY")
    )
    assert set_up.file.read_bytes() == before


RULES = {
    "not there": (None, ".sops.yaml: names no recipient; run `ops secrets init`"),
    "not YAML": ("{", ".sops.yaml: cannot be read"),
    "a text": ("text", ".sops.yaml: has no creation rule for secrets/"),
    "another rule": ("creation_rules: [{path_regex: x}]", "has no creation rule for secrets/"),
    "no recipient": (
        "creation_rules: [{path_regex: secrets/}]",
        ".sops.yaml: names no recipient; run `ops secrets init`",
    ),
    "no age recipient": (
        "creation_rules: [{path_regex: secrets/, age: [me]}]",
        "sops cannot encrypt it as .sops.yaml says",
    ),
}


@pytest.mark.parametrize(("text", "message"), RULES.values(), ids=RULES)
def test_rules_that_encrypt_for_nobody_are_refused(
    set_up: Operator, refused: Refused, text: str | None, message: str
) -> None:
    rules = set_up.folder / ".sops.yaml"
    rules.unlink()
    if text is not None:
        rules.write_text(text)
    assert message in refused(set_up.ops("rotate", "SECRET_KEY"))


OWN = "path_regex: ^secrets/"
ELSEWHERE = {
    "in one line": f"creation_rules: [{{{OWN}, age: %s}}]",
    "before another rule": f"creation_rules:\n  - {OWN}\n    age:\n      - %s\n"
    "  - path_regex: ^other/\n    age:\n      - %s\n",
    "not last": f"creation_rules:\n  - {OWN}\n    age:\n    encrypted_regex: ^data$\n",
    "null": f"creation_rules: [{{{OWN}, age: null}}]",
    "a number": f"creation_rules: [{{{OWN}, age: 5}}]",
}


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_rules_to_which_nobody_can_be_added_stay_as_they_are(
    set_up: Operator, another: Operator, refused: Refused, text: str
) -> None:
    rules = set_up.folder / ".sops.yaml"
    first = re.search(r"age1\w+", rules.read_text())
    assert first
    rules.write_text(text.replace("%s", first[0]))
    before = rules.read_text()
    said = refused(another.ops("init", "--make-key"))
    assert "add to its rule for secrets/: age1" in said
    assert rules.read_text() == before


KEYS = {
    "others may read it": (lambda file: file.chmod(0o644), "others may read it; `chmod 600"),
    "no key": (lambda file: file.write_text("# nothing\n"), "holds no age key"),
    "a broken key": (
        lambda file: file.write_text("AGE-SECRET-KEY-1GEHEIM\n"),
        "holds a broken age key",
    ),
    "no text": (lambda file: file.write_bytes(b"\xff\xfe\x00"), "cannot be read"),
}


@pytest.mark.parametrize(("change", "message"), KEYS.values(), ids=KEYS)
def test_key_file_that_cannot_serve_is_named(
    set_up: Operator, refused: Refused, change: Callable[[Path], object], message: str
) -> None:
    change(set_up.key_file)
    said = refused(set_up.ops("init"))
    assert f"{set_up.key_file}: {message}" in said
    assert "GEHEIM" not in said


RECIPIENTS = {
    "a private key": ("AGE-SECRET-KEY-1GEHEIM", "that is a private key; give the public one"),
    "no key": ("age1nobody", "'age1nobody' is not an age recipient"),
}


@pytest.mark.parametrize(("recipient", "message"), RECIPIENTS.values(), ids=RECIPIENTS)
def test_recipient_that_is_none_is_refused(
    operator: Operator, refused: Refused, recipient: str, message: str
) -> None:
    said = refused(operator.ops("init", "--recipient", recipient))
    assert message in said
    assert "GEHEIM" not in said


GIVEN = {
    "a key that is not needed": (
        "Geheim=x\n",
        "entry 1 on standard input is not one of these keys",
    ),
    "no equals sign": ("SMTP_PASSWORD geheim\n", "line 1 on standard input is not KEY=VALUE"),
    "no value": ("SMTP_PASSWORD=\n", "SMTP_PASSWORD on standard input is empty"),
    "a key twice": ("SMTP_PASSWORD=a\nSMTP_PASSWORD=b\n", "standard input names a key twice"),
    "broken JSON": ('{"SMTP_PASSWORD": "geheim', "standard input is not JSON"),
    "JSON of numbers": ('{"SMTP_PASSWORD": 1}', "may hold strings only"),
    "JSON without an end": ('{"a":' * 100_000, "standard input is not JSON"),
    "no UTF-8": ("SMTP_PASSWORD=geheim\udcff\n", "SMTP_PASSWORD on standard input is not UTF-8"),
    "a NUL": ("SMTP_PASSWORD=geheim\0\n", "SMTP_PASSWORD on standard input holds a NUL character"),
    "a made key": ("DATABASE_URL=geheim\n", "entry 1 on standard input is not one of these keys"),
}


@pytest.mark.parametrize(("stdin", "message"), GIVEN.values(), ids=GIVEN)
def test_value_that_cannot_be_taken_is_refused(
    monkeypatch: pytest.MonkeyPatch, stdin: str, message: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    with pytest.raises(UsageError, match=message) as refusal:
        given.from_stdin(["SMTP_PASSWORD", "SECRET_KEY"])
    assert "geheim" not in str(refusal.value).lower()


def test_value_that_nobody_gives_is_wrong_usage(set_up: Operator) -> None:
    set_up.file.unlink()
    answer = set_up.ops("init", "--stdin", stdin="SECRET_KEY=x\n")
    assert answer.returncode == 2
    assert "error: SMTP_PASSWORD must be given" in answer.stderr
    assert not set_up.file.exists()


def test_value_that_nobody_asks_for_is_wrong_usage(set_up: Operator) -> None:
    answer = set_up.ops("init", "--stdin", stdin="SMTP_PASSWORD=another\n")
    assert answer.returncode == 2
    assert "entry 1 on standard input is not one of these keys: none" in answer.stderr


@pytest.mark.parametrize("key", ["../x", "DATABASE_URL"])
def test_key_that_cannot_be_rotated_is_wrong_usage(set_up: Operator, key: str) -> None:
    answer = set_up.ops("rotate", key)
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: ")


def test_hostile_key_in_the_manifests_is_refused(set_up: Operator, refused: Refused) -> None:
    text = (set_up.folder / "dist/notizen.k8s.yaml").read_text()
    (set_up.folder / "dist").unlink()
    (set_up.folder / "dist").mkdir()
    hostile = text.replace("key: SMTP_PASSWORD", 'key: "a\\e[2J/../b"')
    assert hostile != text
    (set_up.folder / "dist/notizen.k8s.yaml").write_text(hostile)
    assert "is not a valid Secret key; run `make gate` for the location" in refused(
        set_up.ops("check")
    )


def test_missing_file_is_named(operator: Operator, refused: Refused) -> None:
    for verb in ("apply", "edit"):
        said = refused(operator.ops(verb))
        assert f"{FILE}: not there; `ops secrets init` makes it" in said or "kubeconfig" in said


def test_folder_that_cannot_be_written_is_named(set_up: Operator, refused: Refused) -> None:
    """A file where the folder would be: root may write into any folder that is there."""
    set_up.file.unlink()
    set_up.file.parent.rmdir()
    set_up.file.parent.write_text("")
    answer = set_up.ops("init", "--stdin", stdin="SMTP_PASSWORD=x\n")
    assert f"cannot write {FILE}" in refused(answer)


def test_without_a_folder_in_memory_nothing_is_decrypted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "notizen.sops.yaml").write_text("ciphertext")
    monkeypatch.setattr(edit, "MEMORY", tmp_path)
    monkeypatch.setattr(Wanted, "file", tmp_path / "notizen.sops.yaml")
    wanted = Wanted(
        app="notizen",
        namespace="notizen",
        all_keys=(),
        credentials="",
        platform_namespace="",
        declares_role=False,
        role="",
        database="",
        host="",
        registry="",
    )
    with pytest.raises(OpsError, match=r"is not in memory \(tmpfs\) here"):
        edit.edit(SecretsFile(wanted))


def test_interrupted_question_leaves_nothing(set_up: Operator) -> None:
    """Ctrl-C where SMTP_PASSWORD is asked for, on a terminal of its own."""
    set_up.file.unlink()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*set_up.command, "init"],
        cwd=set_up.folder,
        env=set_up.environment,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        assert process.stderr
        asked = b""
        while b"SMTP_PASSWORD (not shown)" not in asked:
            asked += os.read(process.stderr.fileno(), 1000)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
        os.close(ours)
    assert (process.returncode, b"Traceback" in said) == (130, False)
    assert not set_up.file.exists()
    assert set_up.ops("init", "--stdin", stdin="SMTP_PASSWORD=x\n").returncode == 0
