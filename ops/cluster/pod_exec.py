"""A command in a running container: its output as it comes, its exit code at the end.

lightkube's own exec attaches no terminal, so this uses the WebSocket of the HTTP client below it.
Source: Kubernetes, apimachinery/pkg/util/remotecommand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from httpx2 import websockets

from ops.cluster.failures import failure
from ops.errors import ClusterError
from ops.objects.base import Part, WrongShapeError, typed

if TYPE_CHECKING:
    import httpx2

    from ops.kinds.pod import Pod

STDIN, STDOUT, STDERR, STATUS, RESIZE = range(5)
"""The first byte of each message: what it belongs to."""
SUBPROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"]
HTTP_SWITCHING_PROTOCOLS = 101
MOST_BYTES = 1 << 20
"""Of one message."""

Size = tuple[int, int]
"""Columns and lines."""
Keyboard = Callable[
    [Callable[[bytes], None], Callable[[Size], None]], AbstractContextManager[object]
]
"""Hands on what is typed, and the size of the terminal, for as long as it is entered."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A command, where it runs, and what becomes of its output."""

    pod: Pod
    container: str
    command: list[str]
    output: Callable[[bytes], object]
    errors: Callable[[bytes], object]
    keyboard: Keyboard | None = None
    """Attaches a terminal, which has no output of errors of its own."""

    def open(self, http: httpx2.Client, stack: ExitStack) -> websockets.WebSocketSession:
        """Start the command, and close the connection with the stack; a refusal is raised."""
        http.event_hooks = {"response": [_read_refusal]}
        has_terminal = self.keyboard is not None
        streams = {"stdin": has_terminal, "stdout": True, "stderr": not has_terminal}
        flags = {**streams, "tty": has_terminal}
        connection = http.websocket(
            f"/api/v1/namespaces/{self.pod.namespace}/pods/{self.pod.name}/exec",
            subprotocols=SUBPROTOCOLS,
            max_message_size_bytes=MOST_BYTES,
            params=[
                ("container", self.container),
                *(("command", argument) for argument in self.command),
                *((name, "true") for name, is_on in flags.items() if is_on),
            ],
        )
        try:
            return stack.enter_context(connection)
        except websockets.WebSocketUpgradeError as error:
            raise failure(error.response) from error

    def attend(self, session: websockets.WebSocketSession) -> int:
        """Show the command's output until it ends; its exit code.

        Raises ClusterError if it cannot be started, or if the connection is lost before it ends.
        """

        def send(data: bytes) -> None:
            session.send_bytes(bytes((STDIN,)) + data)

        def resize(size: Size) -> None:
            columns, lines = size
            text = json.dumps({"Width": columns, "Height": lines})
            session.send_bytes(bytes((RESIZE,)) + text.encode())

        with self.keyboard(send, resize) if self.keyboard else nullcontext():
            while True:
                try:
                    message = session.receive_bytes()
                except websockets.HTTPXWSException as error:
                    raise ClusterError(
                        f"the connection to Pod {self.pod.namespace}/{self.pod.name} was lost; the "
                        "command may still run there"
                    ) from error
                if message[:1] == bytes((STATUS,)):
                    return self._exit_code(message[1:])
                if data := message[1:]:
                    (self.errors if message[0] == STDERR else self.output)(data)

    def _exit_code(self, message: bytes) -> int:
        where = f"Pod {self.pod.namespace}/{self.pod.name}"
        try:
            ended = typed(CommandStatus, json.loads(message))
        except (ValueError, WrongShapeError) as error:
            raise ClusterError(f"{where} reports no readable outcome of the command") from error
        if ended.status == "Success":
            return 0
        for cause in ended.details.causes:
            if cause.reason == "ExitCode" and cause.message.isdecimal():
                return int(cause.message)
        raise ClusterError(f"cannot run the command in {where}: {ended.message or ended.reason}")


def _read_refusal(response: httpx2.Response) -> None:
    """Read why there is no connection, which can no more be read once that is raised."""
    if response.status_code != HTTP_SWITCHING_PROTOCOLS:
        response.read()


class Cause(Part, frozen=True):
    """One reason; the exit code is the message of one of them."""

    reason: str = ""
    message: str = ""


class Details(Part, frozen=True):
    """More about a failure."""

    causes: list[Cause] = []  # noqa: RUF012 (msgspec copies it)


class CommandStatus(Part, frozen=True):
    """How a command ended."""

    status: str = ""
    reason: str = ""
    message: str = ""
    details: Details = Details()
