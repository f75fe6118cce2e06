"""The file: made, filled up, rotated and edited, and good without this tool."""

import stat
from urllib.parse import unquote, urlsplit

import yaml

from tests.ops.secrets.conftest import Refused
from tests.ops.secrets.operator import FILE, SOPS, Operator

ENV, CREDENTIALS = "notizen-env", "notizen-app-credentials"


def test_init_makes_a_file_that_is_good_without_this_tool(set_up: Operator) -> None:
    decrypted = set_up.run(SOPS, "decrypt", FILE)
    env, credentials = yaml.load_all(decrypted.stdout, yaml.CSafeLoader)
    for document in (env, credentials):
        assert (document["apiVersion"], document["kind"]) == ("v1", "Secret")
        assert document["metadata"]["namespace"] == "notizen"
    values = env["stringData"]
    assert set(values) == {"SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD"}
    assert len(values["SECRET_KEY"]) >= 50
    assert values["SMTP_PASSWORD"] == "post & geheim"
    assert credentials["type"] == "kubernetes.io/basic-auth"
    assert credentials["stringData"]["username"] == "notizen"
    url = urlsplit(values["DATABASE_URL"])
    assert unquote(url.password or "") == credentials["stringData"]["password"]
    assert (url.scheme, url.username, url.hostname, url.port, url.path) == (
        *("postgresql", "notizen", "apps-pg-rw.databases", 5432, "/notizen_db"),
    )


def test_one_mac_covers_all_documents_and_their_names(set_up: Operator) -> None:
    text = set_up.file.read_text()
    env, credentials = (document["sops"] for document in yaml.load_all(text, yaml.CSafeLoader))
    assert env["mac"] == credentials["mac"]
    set_up.file.write_text(text.replace("name: notizen-app-credentials", "name: other"))
    assert "MAC mismatch" in set_up.run(SOPS, "decrypt", FILE).stderr


def test_private_key_is_the_operators_alone_and_never_overwritten(set_up: Operator) -> None:
    key = set_up.key_file.read_text()
    assert stat.S_IMODE(set_up.key_file.stat().st_mode) == 0o600
    assert "AGE-SECRET-KEY-1" in key
    set_up.init(stdin="")
    assert set_up.key_file.read_text() == key


def test_without_a_key_init_says_what_to_do(operator: Operator, refused: Refused) -> None:
    said = refused(operator.ops("init"))
    assert f"there is no private key in {operator.key_file}" in said
    assert "age-keygen -o" in said
    assert not (operator.folder / ".sops.yaml").exists()


def test_init_again_changes_nothing(set_up: Operator) -> None:
    before = set_up.file.read_bytes()
    answer = set_up.ops("init")
    assert answer.stdout == f"{FILE}: lacks nothing\n"
    assert set_up.file.read_bytes() == before


def test_init_fills_up_what_lacks_and_keeps_the_rest(set_up: Operator) -> None:
    before = set_up.values()
    answer = set_up.edit(f"    SECRET_KEY: {quoted(before[ENV]['SECRET_KEY'], set_up)}\n", "")
    assert answer.returncode == 0, answer.stderr
    assert set_up.ops("init").returncode == 0
    after = set_up.values()
    assert after[ENV].pop("SECRET_KEY") != before[ENV].pop("SECRET_KEY")
    assert after == before


def quoted(value: str, operator: Operator) -> str:
    """The value as sops writes it."""
    text = operator.run(SOPS, "decrypt", FILE).stdout
    line = next(line for line in text.splitlines() if "SECRET_KEY:" in line)
    assert value in line.replace("''", "'")
    return line.partition(": ")[2]


def test_password_that_is_given_is_percent_encoded(operator: Operator) -> None:
    password = "p@ss:w/rd?#%& ü€'\"\\="
    operator.init(stdin=f"SMTP_PASSWORD=yes\npassword={password}\n")
    values = operator.values()
    assert values[CREDENTIALS]["password"] == password
    assert unquote(urlsplit(values[ENV]["DATABASE_URL"]).password or "") == password
    assert values[ENV]["SMTP_PASSWORD"] == "yes"


def test_values_are_taken_as_json_too(operator: Operator) -> None:
    operator.init(stdin='{"SMTP_PASSWORD": "two\\nlines"}')
    assert operator.values()[ENV]["SMTP_PASSWORD"] == "two\nlines"


def test_rotation_of_the_password_changes_both_places(set_up: Operator) -> None:
    before = set_up.values()
    answer = set_up.ops("rotate", "password")
    assert answer.stdout.startswith(f"{FILE}: changed password, DATABASE_URL\n")
    assert "ops secrets apply --platform" in answer.stdout
    after = set_up.values()
    password = after[CREDENTIALS]["password"]
    assert password != before[CREDENTIALS]["password"]
    assert urlsplit(after[ENV]["DATABASE_URL"]).password == password
    assert after[ENV]["SECRET_KEY"] == before[ENV]["SECRET_KEY"]


def test_rotation_of_the_password_keeps_what_else_stands_in_the_address(set_up: Operator) -> None:
    set_up.edit("/notizen_db", "/notizen_db?sslmode=require")
    set_up.ops("rotate", "password")
    assert set_up.values()[ENV]["DATABASE_URL"].endswith(":5432/notizen_db?sslmode=require")


def test_rotation_takes_a_password_that_is_given(set_up: Operator) -> None:
    assert set_up.ops("rotate", "password", "--stdin", stdin="password=a/b\n").returncode == 0
    values = set_up.values()
    assert values[CREDENTIALS]["password"] == "a/b"
    assert ":a%2Fb@" in values[ENV]["DATABASE_URL"]


def test_rotation_of_secret_key_changes_it_alone(set_up: Operator) -> None:
    before = set_up.values()
    assert set_up.ops("rotate", "SECRET_KEY").returncode == 0
    after = set_up.values()
    assert after[ENV].pop("SECRET_KEY") != before[ENV].pop("SECRET_KEY")
    assert after == before


def test_former_secret_key_becomes_the_fallback_where_an_app_reads_one(operator: Operator) -> None:
    read_fallbacks(operator)
    operator.init()
    former = operator.values()[ENV]["SECRET_KEY"]
    answer = operator.ops("rotate", "SECRET_KEY")
    assert "changed SECRET_KEY, SECRET_KEY_FALLBACKS" in answer.stdout
    assert operator.values()[ENV]["SECRET_KEY_FALLBACKS"] == former


def read_fallbacks(operator: Operator) -> None:
    """Has the workloads read SECRET_KEY_FALLBACKS too."""
    committed = operator.folder / "dist"
    text = (committed / "notizen.k8s.yaml").read_text()
    reference = "- name: {0}\n{1}valueFrom:\n{1}  secretKeyRef:\n{1}    name: notizen-env\n"
    one = (reference + "{1}    key: {0}\n").format("SECRET_KEY", " " * 14)
    assert one in text
    two = one + " " * 12 + one.replace("SECRET_KEY", "SECRET_KEY_FALLBACKS")
    committed.unlink()
    committed.mkdir()
    (committed / "notizen.k8s.yaml").write_text(text.replace(one, two))


def test_rotation_of_another_key_takes_its_value(set_up: Operator) -> None:
    answer = set_up.ops("rotate", "SMTP_PASSWORD", "--stdin", stdin="SMTP_PASSWORD=neu\n")
    assert answer.returncode == 0, answer.stderr
    assert set_up.values()[ENV]["SMTP_PASSWORD"] == "neu"


def test_edit_without_a_change_leaves_the_file(set_up: Operator) -> None:
    before = set_up.file.read_bytes()
    set_up.variables["EDITOR"] = "true"
    assert f"{FILE}: unchanged" in set_up.ops("edit").stdout
    assert set_up.file.read_bytes() == before


def test_another_operator_is_let_in(set_up: Operator, another: Operator, refused: Refused) -> None:
    assert "no private key here opens it" in refused(another.ops("rotate", "SECRET_KEY"))
    answer = another.ops("init", "--make-key")
    assert (answer.returncode, "sops updatekeys" in answer.stdout) == (0, True), answer.stderr
    added = set_up.run(SOPS, "updatekeys", "--yes", FILE)
    assert added.returncode == 0, added.stderr
    assert another.values() == set_up.values()
    rules = yaml.safe_load((set_up.folder / ".sops.yaml").read_text())["creation_rules"]
    assert len(rules[0]["age"]) == 2


def test_comments_in_the_rules_stay(set_up: Operator, another: Operator) -> None:
    rules = set_up.folder / ".sops.yaml"
    commented = rules.read_text().rstrip("\n") + " # the first operator\n# and nobody else\n"
    rules.write_text(commented)
    another.ops("init", "--make-key")
    text = rules.read_text()
    assert "# the first operator\n      - age1" in text
    assert text.endswith("\n# and nobody else\n")
