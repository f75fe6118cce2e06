"""The gate holds secrets files against the workloads and .sops.yaml, without a private key."""

import pytest

from ops.gate.secrets_files import findings
from tests.ops.secrets.operator import APP, FILE, Operator
from tests.sealed import OPERATOR, STRANGER, rules, sealed_file


def found(operator: Operator) -> list[tuple[str, str]]:
    return [(finding.id, str(finding)) for finding in findings(operator.folder)]


def test_file_that_init_made_passes(set_up: Operator) -> None:
    set_up.key_file.unlink()
    assert found(set_up) == []


def test_line_ends_of_windows_and_byte_order_marks_pass(set_up: Operator) -> None:
    set_up.file.write_bytes(b"\xef\xbb\xbf" + set_up.file.read_bytes().replace(b"\n", b"\r\n"))
    rules_file = set_up.folder / ".sops.yaml"
    rules_file.write_bytes(b"\xef\xbb\xbf" + rules_file.read_bytes())
    assert found(set_up) == []
    assert set_up.values()[f"{APP}-env"]["SMTP_PASSWORD"] == "post & geheim"


@pytest.mark.parametrize("key", ["SMTP_PASSWORD", "SECRET_KEY", "username"])
def test_key_that_the_file_lacks_is_named(set_up: Operator, key: str) -> None:
    lines = set_up.file.read_text().splitlines(keepends=True)
    set_up.file.write_text("".join(line for line in lines if f"{key}:" not in line))
    ((id_, said),) = found(set_up)
    assert id_ == "secrets.E007"
    assert f"lacks the key {key} (`ops secrets init --app {APP}` adds it)" in said


OTHERS = {
    "of another namespace": ("namespace: notizen", "namespace: gitea", "is not of the namespace"),
    "of another name": ("name: notizen-env", "name: gitea-env", "is not one that notizen uses"),
    "of another type": ("kubernetes.io/basic-auth", "Opaque", "is not of type"),
    "twice": ("name: notizen-app-credentials", "name: notizen-env", "is in the file twice"),
}


@pytest.mark.parametrize(("old", "new", "message"), OTHERS.values(), ids=OTHERS)
def test_secret_that_is_not_the_apps_is_named(
    set_up: Operator, old: str, new: str, message: str
) -> None:
    text = set_up.file.read_text()
    assert old in text
    set_up.file.write_text(text.replace(old, new))
    assert {id_ for id_, _ in found(set_up)} == {"secrets.E007"}
    assert any(
        message in said and f"`ops secrets edit --app {APP}`" in said for _, said in found(set_up)
    )


NAMES = {
    "a module's": ("secrets/noti_zen.sops.yaml", f"rename it to {FILE}"),
    "in a folder": ("secrets/old/notizen.sops.yaml", f"rename it to {FILE}"),
}


@pytest.mark.parametrize(("name", "hint"), NAMES.values(), ids=NAMES)
def test_file_of_no_app_is_named_with_the_name_it_should_have(
    set_up: Operator, name: str, hint: str
) -> None:
    (set_up.folder / name).parent.mkdir(exist_ok=True)
    set_up.file.rename(set_up.folder / name)
    ((id_, said),) = found(set_up)
    assert (id_, hint in said) == ("secrets.E009", True)


def test_file_of_a_removed_app_is_named(set_up: Operator) -> None:
    keys = {"gitea-env": ("SECRET_KEY",)}
    set_up.file.with_name("gitea.sops.yaml").write_text(sealed_file("gitea", keys, [OPERATOR]))
    (set_up.folder / ".sops.yaml").write_text(rules(OPERATOR))
    ids = [id_ for id_, said in found(set_up) if "gitea" in said]
    assert ids == ["secrets.E009"]


def test_reader_whom_the_rules_do_not_name_is_named(set_up: Operator) -> None:
    set_up.file.write_text(
        set_up.file.read_text().replace(
            "recipient: age1", f"recipient: {STRANGER}\n          enc: x\n        - recipient: age1"
        )
    )
    ((id_, said),) = found(set_up)
    assert (id_, STRANGER in said) == ("secrets.E008", True)


@pytest.mark.parametrize(
    "key",
    ["pgp: [{fp: ABC}]", "kms: [{arn: 'arn:x'}]", "key_groups: [{age: [{recipient: age1x}]}]"],
)
def test_any_other_kind_of_key_is_a_reader_too(set_up: Operator, key: str) -> None:
    set_up.file.write_text(set_up.file.read_text().replace("sops:\n", f"sops:\n    {key}\n", 1))
    assert [id_ for id_, _ in found(set_up)] == ["secrets.E008"]


@pytest.mark.parametrize("text", [None, "creation_rules: []", "creation_rules: [{age: []}]"])
def test_rules_that_are_not_there_are_named_once(set_up: Operator, text: str | None) -> None:
    (set_up.folder / ".sops.yaml").unlink()
    if text:
        (set_up.folder / ".sops.yaml").write_text(text)
    ((id_, said),) = found(set_up)
    assert (id_, "no rule in .sops.yaml states" in said) == ("secrets.E008", True)


def test_reader_who_is_named_and_cannot_decrypt_is_named(set_up: Operator) -> None:
    file = set_up.folder / ".sops.yaml"
    file.write_text(f"{file.read_text()}      - {STRANGER}\n")
    ((id_, said),) = found(set_up)
    assert (id_, f"is not encrypted for {STRANGER}" in said) == ("secrets.E008", True)


RULES = {
    "of one text": "creation_rules: [{path_regex: secrets/, age: '%s'}]",
    "by an anchor": "keys: [&me %s]\ncreation_rules: [{path_regex: secrets/, age: [*me]}]",
    "in a group": "creation_rules: [{path_regex: secrets/, key_groups: [{age: [%s]}]}]",
    "of the file alone": (
        "creation_rules: [{path_regex: ^other$, age: age1x},"
        " {path_regex: 'notizen\\.sops\\.yaml$', age: '%s'}]"
    ),
    "for everything": "creation_rules: [{age: '%s'}]",
}


@pytest.mark.parametrize("text", RULES.values(), ids=RULES)
def test_rules_are_read_as_sops_reads_them(set_up: Operator, text: str) -> None:
    (set_up.folder / ".sops.yaml").write_text(text % _recipient(set_up))
    assert found(set_up) == []


def _recipient(operator: Operator) -> str:
    lines = operator.file.read_text().splitlines()
    return next(line.split()[-1] for line in lines if "recipient:" in line)
