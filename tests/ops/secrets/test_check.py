"""`ops secrets check` without a cluster, and with one that does not answer."""

import json

from tests.ops.secrets.operator import FILE, Operator


def test_without_a_cluster_it_says_so_and_does_not_pass(set_up: Operator) -> None:
    set_up.key_file.unlink()
    answer = set_up.ops("check")
    assert answer.returncode == 1
    assert answer.stdout.count("file: there") == 5
    assert "cluster: not checked: " in answer.stdout
    assert answer.stdout.endswith("the file is complete, the cluster was not checked\n")


def test_it_names_what_the_file_lacks(set_up: Operator) -> None:
    lines = set_up.file.read_text().splitlines(keepends=True)
    set_up.file.write_text("".join(line for line in lines if "SMTP_PASSWORD" not in line))
    answer = set_up.ops("check", "--json")
    found = json.loads(answer.stdout)
    lacking = [row["key"] for row in found["keys"] if not row["in_file"]]
    assert (answer.returncode, lacking) == (1, ["SMTP_PASSWORD"])
    assert found["cluster"]["checked"] is False
    assert {row["in_cluster"] for row in found["keys"]} == {None}


def test_file_that_cannot_be_used_is_not_said_to_lack_keys(set_up: Operator) -> None:
    set_up.file.write_text("")
    answer = set_up.ops("check")
    assert answer.returncode == 1
    assert answer.stdout.endswith("the file cannot be used: see above\n")


def test_without_a_file_every_key_is_missing(operator: Operator) -> None:
    answer = operator.ops("check")
    assert answer.returncode == 1
    assert answer.stdout.count("file: missing") == 5
    assert f"file: {FILE}: not there; `ops secrets init --app notizen` makes it" in answer.stdout
