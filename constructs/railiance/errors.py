"""Why a synth stops: every error says what is wrong, where, and what mends it.

SynthError
├── DeclarationError   a declared value is wrong, or two declarations contradict each other
├── InputError         a file that is rendered from cannot be read
├── ToolError          Node.js is not there
├── OutputError        dist/ or argocd/ cannot be written; they stay as they were
└── RenderError        cdk8s failed
"""

import traceback
from pathlib import Path

INVALID_SYNTAX = "invalid syntax"
"""What Python says of a SyntaxError that it has no other words for."""


class SynthError(Exception):
    """A synth cannot go on; the message is meant for the person who started it."""


class DeclarationError(SynthError, ValueError):
    """A declared value is wrong."""


class InputError(SynthError):
    """A file that is rendered from cannot be read."""


class ToolError(SynthError):
    """A tool that a synth needs is missing."""


class OutputError(SynthError):
    """The rendered files cannot be written."""


class RenderError(SynthError):
    """cdk8s failed."""


def described(error: Exception, declarations: Path) -> str:
    """The error as a sentence, with file and line if it arose in the folder of declarations.

    Anything else that is no SynthError is a fault of this project, and raised again with its
    traceback.
    """
    place = _place(error, declarations)
    if isinstance(error, SynthError):
        return f"{place}{error}"
    if not place:
        raise error
    what = _syntax(error) if isinstance(error, SyntaxError) else error
    return f"{place}{type(error).__name__}: {what}"


def _syntax(error: SyntaxError) -> str:
    """The message; it begins alike in every version of Python, of which newer ones say more."""
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
