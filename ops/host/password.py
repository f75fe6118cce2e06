"""The password, from the terminal or from standard input: nobody else sees it there."""

import getpass
import sys
import warnings

from ops.errors import UsageError

LONGEST = 4096


def from_stdin() -> str:
    """The first line of standard input; UsageError if there is none."""
    try:
        line = sys.stdin.buffer.readline(LONGEST).decode()
    except UnicodeDecodeError as error:
        raise UsageError("the password on standard input is not UTF-8") from error
    return _usable(line.rstrip("\r\n"))


def asked(user: str) -> str:
    """Asks on the terminal, without echo; UsageError if there is no terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return _usable(getpass.getpass(f"Password of {user}: "))
        except (getpass.GetPassWarning, EOFError) as error:
            raise UsageError(
                "no terminal to ask for the password: give --password-stdin"
            ) from error


def _usable(password: str) -> str:
    if not password:
        raise UsageError("the password is empty")
    return password
