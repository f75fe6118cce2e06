"""The operator's terminal, handed to a program that runs elsewhere."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_AGAIN_SECONDS = 0.1
MOST_BYTES = 4096


@contextmanager
def handed_over(
    typed: Callable[[bytes], None], resized: Callable[[tuple[int, int]], None]
) -> Iterator[None]:
    """Hand on each key, Ctrl-C too, and the terminal's size in columns and lines.

    The terminal is as before when the block is left.
    """
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    over = threading.Event()
    reader = threading.Thread(target=_forward, args=(terminal, typed, over), daemon=True)
    former = signal.signal(signal.SIGWINCH, lambda *_: resized(_size(terminal)))
    try:
        tty.setraw(terminal)
        resized(_size(terminal))
        reader.start()
        yield
    finally:
        over.set()
        signal.signal(signal.SIGWINCH, former)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _size(terminal: int) -> tuple[int, int]:
    size = os.get_terminal_size(terminal)
    return size.columns, size.lines


def _forward(terminal: int, typed: Callable[[bytes], None], over: threading.Event) -> None:
    while not over.is_set():
        readable, _, _ = select.select([terminal], [], [], LOOK_AGAIN_SECONDS)
        if readable:
            data = os.read(terminal, MOST_BYTES)
            if not data:
                return
            typed(data)
