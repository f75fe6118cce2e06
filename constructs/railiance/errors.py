"""Why a synth stops: every error says what is wrong, where, and what mends it.

SynthError
├── DeclarationError   a declared value is wrong, or two declarations contradict each other
├── ToolError          Node.js is not there
└── OutputError        dist/ or argocd/ cannot be written; they stay as they were
"""


class SynthError(Exception):
    """A synth cannot go on; the message is meant for the person who started it."""


class DeclarationError(SynthError, ValueError):
    """A declared value is wrong."""


class ToolError(SynthError):
    """A tool that a synth needs is missing."""


class OutputError(SynthError):
    """The rendered files cannot be written."""
