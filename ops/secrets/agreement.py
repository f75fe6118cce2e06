"""Whether the values of an app's file fit each other: `edit` can pull them apart."""

from ops.errors import OpsError
from ops.secrets import registry_login, repeated
from ops.secrets.content import Content
from ops.secrets.wanted_key import LOGIN, REPEATED, ROLE
from railiance.names import VALKEY_URL


def refuse_incomplete(content: Content) -> None:
    """OpsError if a key has no value."""
    if lacking := [f"{key.secret} {key.name}" for key in content.missing]:
        fix = f"`{content.wanted.command('init')}` adds it"
        raise OpsError(f"{content.wanted.file}: lacks {', '.join(lacking)}; {fix}")


def refuse_disagreeing(content: Content) -> None:
    """OpsError if a complete file has two values that contradict each other.

    The message names keys, never values.
    """
    wanted = content.wanted
    if problem := _role_problem(content):
        raise OpsError(f"{wanted.file}: {problem}; fix it with `{wanted.command('edit')}`")
    for source in REPEATED:
        _refuse_other_passwords(content, source)
    for key in wanted.of(VALKEY_URL):
        if not repeated.is_for_database(content.text(key), key.number):
            problem = f"{key.name} is not for the declared database {key.number}"
            raise OpsError(f"{wanted.file}: {problem}; fix it with `{wanted.command('edit')}`")
    for key in wanted.of(LOGIN):
        if not registry_login.is_for(wanted.registry, content.text(key)):
            problem = f"{key.secret} is no login to {wanted.registry}"
            fix = f"`{wanted.command('rotate', key.name)}` asks for one"
            raise OpsError(f"{wanted.file}: {problem}; {fix}")


def _role_problem(content: Content) -> str:
    wanted = content.wanted
    if any(content.text(key) != wanted.role for key in wanted.of(ROLE)):
        return f"the username in {wanted.credentials} is not the role {wanted.role}"
    return ""


def _refuse_other_passwords(content: Content, source: str) -> None:
    password = content.password(source)
    for held in content.wanted.of(source):
        for key in content.wanted.repeating(source):
            if not repeated.has_password(key, content.text(key), password):
                problem = f"{key.name} has another password than {held.secret}"
                wanted = content.wanted
                edit, rotate = wanted.command("edit"), wanted.command("rotate", held.name)
                fix = f"make them equal with `{edit}`, or `{rotate}`"
                raise OpsError(f"{wanted.file}: {problem}; {fix}")
