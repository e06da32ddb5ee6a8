"""The diagnostic log: a rotating file of mode 0600 in the data folder, without secrets.

Records are formatted and redacted where they are made, and written by a thread of their own. An
exception leaves its kind and its frames there: neither its message nor any local variable.
"""

import contextlib
import errno
import logging
import os
import re
import stat
import sys
import traceback
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.files import private_folder

if TYPE_CHECKING:
    from logging.handlers import QueueListener

LOG_FILE = "hht.log"
MOST_BYTES = 256 * 1024
"""Of one file: some thousand lines, enough for weeks of work, little enough to send by mail."""
KEPT_FILES = 3  # with the one in use 1 MiB, little beside the database
_OURS = "hht"
_LOGGERS = (_OURS, "asyncio", "aiohttp", "bellows")
"""What goes into the log; the libraries' would else be written to the terminal as they are."""
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f][ :.-]?){17,}(?![0-9A-Za-z])|\b\d{6,}\b")
"""Install Codes, keys, message bytes, MPxNs and PINs; an Entity Identifier has 16 digits."""
_LONG_TEXT = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
"""Base64 of keys and tokens."""
_IN_PLACE = re.compile(r"\b(?:Bearer|Basic) \S+|\b\d{2}(?: \d{4}){2} \d{3}\b|(?<=//)[^\s/@]+(?=@)")
"""Of any length: a token in its header, an MPAN in its groups, user and password in a URL."""


def redacted(text: str) -> str:
    """Replace whatever may be a secret or a customer's number."""
    for secret in (_IN_PLACE, _LONG_NUMBER, _LONG_TEXT):
        text = secret.sub("[removed]", text)
    return text


def log_files(data_dir: Path) -> list[Path]:
    """Return the log and what it was before it was rotated, the newest first."""
    names = [LOG_FILE, *(f"{LOG_FILE}.{number}" for number in range(1, KEPT_FILES + 1))]
    return [path for name in names if (path := data_dir / name).is_file()]


class Log(logging.Handler):
    """The log in `data_dir`; its file, and the thread that fills it, come with the first record."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(logging.INFO)
        self.path = data_dir / LOG_FILE
        self.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._listener: QueueListener | None = None
        self._queue: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if sys.is_finalizing():
            return  # no thread can begin any more
        try:
            if self._queue is None:
                self._start()
            assert self._queue is not None
            self._queue.emit(record)
        except (OSError, HhtError):
            pass  # a diagnosis that cannot be written must not stop the work

    def _start(self) -> None:
        from logging.handlers import QueueHandler, QueueListener
        from queue import SimpleQueue

        private_folder(self.path.parent)
        queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._listener = QueueListener(queue, _private_file(self.path))
        self._listener.start()
        self._queue = QueueHandler(queue)
        self._queue.setFormatter(self.formatter)

    def close(self) -> None:
        """Write what is still waiting, and close the file."""
        listener, self._listener, self._queue = self._listener, None, None
        if listener is not None:
            listener.stop()
            for handler in listener.handlers:
                with contextlib.suppress(OSError):  # what is left of it finds no room
                    handler.close()
        super().close()


def start_log(data_dir: Path) -> Log:
    """Send what the program logs to the data folder, in place of where it went before."""
    for handler in [each for each in logging.getLogger(_OURS).handlers if isinstance(each, Log)]:
        stop_log(handler)
    log = Log(data_dir)
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(log)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return log


def stop_log(log: Log) -> None:
    """Write what is still waiting, and have nothing more written."""
    for name in _LOGGERS:
        logging.getLogger(name).removeHandler(log)
    log.close()


def log_unforeseen(error: BaseException) -> Path | None:
    """Leave the traceback in the log; its path, None where no log was started or can be written."""
    logger = logging.getLogger(_OURS)
    logger.error("An unforeseen error", exc_info=error)
    log = next((each for each in logger.handlers if isinstance(each, Log)), None)
    if log is None:
        return None
    log.close()
    return log.path if log.path.is_file() else None


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Of a copy: a traceback that is formatted stays with its record, for all other formatters.
        record = copy(record)
        record.exc_text = None
        if record.name.partition(".")[0] != _OURS:
            # A library writes values after that: asyncio the message of an unretrieved error.
            first = re.split(r"[\n(<]", record.getMessage(), maxsplit=1)[0]
            record.msg, record.args = first, None
        return redacted(super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's own name)
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_lines(error)) if isinstance(error, BaseException) else ""


def _lines(error: BaseException | None) -> Iterator[str]:
    """Yield kind and frames of an error and of those that it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__


def _private_file(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    class PrivateFile(RotatingFileHandler):
        def _open(self) -> object:  # type: ignore[override]
            return os.fdopen(_opened(self.baseFilename), "a", encoding="utf-8")

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's own)
            """Pass over it: on a full card each line would be a traceback on the terminal."""

    return PrivateFile(path, maxBytes=MOST_BYTES, backupCount=KEPT_FILES, encoding="utf-8")


def _opened(path: str) -> int:
    """Open the log's own file to write; OSError for a link, another file's second name, a pipe."""
    flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # no pipe is waited for
    descriptor = os.open(path, flags, 0o600)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(descriptor)
        raise OSError(errno.EEXIST, "It is no file of its own", path)
    return descriptor
