"""Errors of a synth: each message states what is wrong, where, and how to fix it.

SynthError
├── DeclarationError   a declared value is wrong, or two declarations contradict each other
├── InputError         an input file cannot be read
├── ToolError          Node.js is missing
├── OutputError        dist/ or argocd/ cannot be written; both stay unchanged
└── RenderError        cdk8s failed
"""

import traceback
from pathlib import Path

INVALID_SYNTAX = "invalid syntax"
"""Python's message for a SyntaxError without details."""


class SynthError(Exception):
    """A synth cannot continue; the message is for the person who started it."""


class DeclarationError(SynthError, ValueError):
    """A declared value is wrong."""


class InputError(SynthError):
    """An input file cannot be read."""


class ToolError(SynthError):
    """A tool that a synth needs is missing."""


class OutputError(SynthError):
    """The rendered files cannot be written."""


class RenderError(SynthError):
    """cdk8s failed."""


def described(error: Exception, declarations: Path) -> str:
    """The error as one sentence, with file and line if it arose in the folder of declarations.

    An error that is neither a SynthError nor from a declaration is a bug of this project and is
    raised again with its traceback.
    """
    place = _place(error, declarations)
    if isinstance(error, SynthError):
        return f"{place}{error}"
    if not place:
        raise error
    what = _syntax(error) if isinstance(error, SyntaxError) else error
    return f"{place}{type(error).__name__}: {what}"


def _syntax(error: SyntaxError) -> str:
    """The message, starting alike in every version of Python; newer versions add details."""
    if (error.text or "").startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return "a merge conflict; resolve it"
    return INVALID_SYNTAX if error.msg == INVALID_SYNTAX else f"{INVALID_SYNTAX} ({error.msg})"


def _place(error: Exception, declarations: Path) -> str:
    if isinstance(error, SyntaxError):
        calls = [(error.filename or "", error.lineno)]
    else:
        calls = [
            (frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)
        ]
    inside = [call for call in calls if Path(call[0]).parent == declarations]
    return f"{declarations.name}/{Path(inside[-1][0]).name}:{inside[-1][1]}: " if inside else ""
