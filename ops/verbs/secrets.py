"""`ops secrets`."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.errors import UsageError
from ops.verbs import options

if TYPE_CHECKING:
    from ops.secrets.wanted import Wanted

NEXT = """\
Next:
  make synth                      # the digest of the file rolls the pods
  git add secrets dist .sops.yaml && git commit
  {apply:32}# before Argo CD syncs the commit
  git push                        # and have Argo CD sync it now"""


@click.group("secrets")
def command() -> None:
    """Manage the apps' Secrets, encrypted with sops and age in secrets/.

    The file of an app holds plain Kubernetes Secrets of which only the values are encrypted, so
    `sops decrypt FILE | kubectl apply -f -` works without this tool. No value is ever shown.
    """


@command.command()
@options.app_option
@click.option("--make-key", is_flag=True, help="Make your age key pair, if you have none.")
@click.option(
    "--recipient", "named", multiple=True, metavar="AGE1…", help="Encrypt for this public key too."
)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read values from standard input.")
@click.option(
    "--password-from-cluster",
    is_flag=True,
    help="Take the role's password from the platform's Secret instead of making one.",
)
@click.option(
    "--file", "files", multiple=True, metavar="KEY=PATH", help="Take the file KEY from PATH."
)
@options.context_option
def init(
    app_name: str | None,
    named: tuple[str, ...],
    files: tuple[str, ...],
    context: str | None,
    *,
    make_key: bool,
    from_stdin: bool,
    password_from_cluster: bool,
) -> None:
    """Make the app's file, or add what it lacks.

    Your private key must be in the file that SOPS_AGE_KEY_FILE names, else in
    ~/.config/sops/age/keys.txt, with mode 600. Your public key goes into .sops.yaml.

    Generates SECRET_KEY, the password of the role and of Valkey, the URLs with them, and every
    other secret that is declared with a length. Prompts for other keys without echo, or reads them
    from standard input with --stdin: KEY=VALUE lines, or a JSON object. PATH may be a pipe.
    """
    from ops.documents.fleet import load
    from ops.secrets import given_files, init, keys, recipients, sops
    from ops.secrets.sealed import SecretsFile
    from ops.secrets.wanted import Wanted

    file = SecretsFile(Wanted.by(load().app(app_name)))
    if password_from_cluster and file.exists():
        fix = "`ops secrets rotate password --from-cluster` takes over the platform's password"
        raise UsageError(f"{file.path} is there, with a password; {fix}")
    paths = given_files.paths(files)
    taken = _platform_password(file.wanted, context) if password_from_cluster else {}
    own = init.own_recipients(named, make_key=make_key)
    added = recipients.add(sops.CONFIGURATION, own)
    for recipient in added:
        click.echo(f"{sops.CONFIGURATION}: added {recipient}")
    if added and file.exists():
        click.echo(
            f"{file.path}: someone who can decrypt it adds them with `sops updatekeys {file.path}`"
        )
        return
    filled = init.fill(
        file, lambda may, must: {**taken, **_given(may, must, from_stdin=from_stdin)}, paths
    )
    if not filled:
        click.echo(f"{file.path}: lacks nothing")
        return
    click.echo(f"{file.path}: added {', '.join(filled)}")
    click.echo(f"Your private key is in {keys.key_file()}: keep a copy where it cannot get lost.")
    _show_next(app_name)


@command.command()
@options.app_option
@options.context_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(app_name: str | None, context: str | None, *, as_json: bool) -> None:
    """Compare which keys the workloads need, the file has and the cluster has.

    Decrypts nothing and needs no key; names only. Exit code 0 if every key is in the file and on
    the cluster, 1 if one is missing or the cluster could not be read.
    """
    from ops.documents.fleet import load
    from ops.secrets import comparison
    from ops.secrets.wanted import Wanted

    found = comparison.report(Wanted.by(load().app(app_name)), context)
    click.echo(comparison.as_json(found) if as_json else "\n".join(comparison.lines(found)))
    sys.exit(0 if found.complete else 1)


@command.command()
@options.app_option
@click.option(
    "--platform",
    is_flag=True,
    help="Write the role's password for PostgreSQL too, where it is the platform's.",
)
@options.context_options
def apply(
    app_name: str | None, context: str | None, confirm_context: str | None, *, platform: bool
) -> None:
    """Apply the file's Secrets to the cluster.

    Decrypts in memory, makes the app's Namespace if it is missing, and applies each Secret; removes
    nothing. With CloudNativePG 1.30 the role's credentials in the databases' namespace are applied
    too. Before, they are the platform's, and only compared: if they differ, nothing is applied, for
    the app would be locked out.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.kinds.namespace import Namespace
    from ops.secrets.apply import Applying
    from ops.secrets.wanted import Wanted

    app = load().app(app_name)
    wanted, namespace = Wanted.by(app), app.manifest(Namespace)
    cluster = open_for_change(app.platform, context, confirm_context)
    for outcome in Applying(cluster, wanted, namespace).run(platform=platform):
        click.echo(str(outcome))


@command.command()
@click.argument("key")
@options.app_option
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the value from standard input.")
@click.option("--from-cluster", is_flag=True, help="Take the password from the platform's Secret.")
@click.option("--file", "path", type=Path, metavar="PATH", help="Take the file KEY from PATH.")
@options.context_option
def rotate(
    key: str,
    app_name: str | None,
    path: Path | None,
    context: str | None,
    *,
    from_stdin: bool,
    from_cluster: bool,
) -> None:
    """Give KEY a new value in the file: SECRET_KEY, password, or another.

    Generates what `ops secrets init` generates, unless --stdin gives it as KEY=VALUE; prompts for
    any other value without echo, or reads it from there. A new password goes into every key that
    repeats it. The former password of Valkey, whose KEY is password.conf, stays valid until the
    next rotation. Nothing happens on the cluster until `ops secrets apply` and a sync.
    """
    from ops.documents.fleet import load
    from ops.secrets.rotate import rotate
    from ops.secrets.sealed import SecretsFile
    from ops.secrets.wanted import Wanted
    from railiance.secret_names import PASSWORD

    file = SecretsFile(Wanted.by(load().app(app_name)))
    if from_cluster and key != PASSWORD:
        raise UsageError(f"the platform has no {key}, only the {PASSWORD}")
    taken = _platform_password(file.wanted, context) if from_cluster else {}
    changed = rotate(
        file, key, lambda may, must: {**_given(may, must, from_stdin=from_stdin), **taken}, path
    )
    click.echo(f"{file.path}: changed {', '.join(changed)}")
    is_platforms = PASSWORD in changed and not taken and not file.wanted.declares_role
    _show_next(app_name, *(["--platform"] if is_platforms else []))


@command.command()
@options.app_option
def edit(app_name: str | None) -> None:
    """Open the file in your editor (SOPS_EDITOR, EDITOR), decrypted in memory alone.

    The editor itself may write histories and backups elsewhere.
    """
    from ops.documents.fleet import load
    from ops.secrets.edit import edit
    from ops.secrets.sealed import SecretsFile
    from ops.secrets.wanted import Wanted

    file = SecretsFile(Wanted.by(load().app(app_name)))
    if edit(file):
        click.echo(f"{file.path}: changed")
        _show_next(app_name)
    else:
        click.echo(f"{file.path}: unchanged")


def _show_next(app_name: str | None, *more: str) -> None:
    """The steps after a change of the file, for the app that was named, if it had to be."""
    named = ["--app", app_name] if app_name else []
    click.echo(NEXT.format(apply=" ".join(["ops secrets apply", *named, *more])))


def _platform_password(wanted: "Wanted", context: str | None) -> dict[str, str]:
    """The role's password as the platform made it."""
    from ops.secrets.platform_password import password_on
    from railiance.secret_names import PASSWORD

    return {PASSWORD: password_on(wanted, context)}


def _given(may: Sequence[str], must: Sequence[str], *, from_stdin: bool) -> Mapping[str, str]:
    """The values of the keys that must be given, and of those that may be."""
    from ops.secrets import given

    read = given.from_stdin(may) if from_stdin else {}
    return {**read, **given.from_terminal([key for key in must if key not in read])}
