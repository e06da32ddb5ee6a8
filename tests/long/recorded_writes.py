"""Records what SQLite hands to the operating system: each write, truncation, sync and deletion.

A VFS of our own, in front of the one that SQLite brings, is made the default one. Its structures
are those of sqlite3.h (version 3), which SQLite keeps as they are.
"""

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# SQLite keeps the pointer to a name, which must therefore be passed on as it came.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """`sqlite3_vfs`."""

    _fields_ = [
        *(("iVersion", c_int), ("szOsFile", c_int), ("mxPathname", c_int)),
        *(("pNext", c_void_p), ("zName", c_char_p), ("pAppData", c_void_p)),
        *(("xOpen", _OPEN), ("xDelete", _DELETE)),
        ("others", c_void_p * 14),
    ]


class _IoMethods(Structure):
    """`sqlite3_io_methods`."""

    _fields_ = [
        *(("iVersion", c_int), ("xClose", c_void_p), ("xRead", c_void_p), ("xWrite", _WRITE)),
        *(("xTruncate", _TRUNCATE), ("xSync", _SYNC)),
        ("others", c_void_p * 13),
    ]


class _File(Structure):
    """`sqlite3_file`, as far as it is the same for every VFS."""

    _fields_ = [("pMethods", POINTER(_IoMethods))]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a file: "write", "truncate", "sync", "delete", or "promise"."""

    kind: str
    file: str
    offset: int = 0
    data: bytes = field(default=b"", repr=False)


class Recorder:
    """The steps so far, of the files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.steps: list[Step] = []

    def add(self, kind: str, path: str, offset: int = 0, data: bytes = b"") -> None:
        if Path(path).parent == self._folder:
            self.steps.append(Step(kind, Path(path).name, offset, data))

    def promise(self, what: str) -> None:
        """Note what the program has been promised to be on the disk."""
        self.steps.append(Step("promise", what))


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Record what databases opened from now on do to the files of `folder`."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    recorder, real = Recorder(folder), library.sqlite3_vfs_find(None)
    shim = _Shim(real.contents, recorder)
    library.sqlite3_vfs_register(ctypes.byref(shim.vfs), 1)
    try:
        yield recorder
    finally:
        library.sqlite3_vfs_register(real, 1)
        library.sqlite3_vfs_unregister(ctypes.byref(shim.vfs))


class _Shim:
    """A VFS that does what the real one does, and notes it."""

    def __init__(self, real: Any, recorder: Recorder) -> None:
        self._real, self._recorder = real, recorder
        self._paths: dict[int, str] = {}
        self._methods: dict[int, tuple[_IoMethods, _IoMethods]] = {}
        self.vfs = _Vfs.from_buffer_copy(real)
        self.vfs.pNext, self.vfs.zName = None, b"recorded"
        self._kept: list[Callable[..., int]] = [_OPEN(self._open), _DELETE(self._delete)]
        self.vfs.xOpen, self.vfs.xDelete = self._kept[0], self._kept[1]

    def _open(self, vfs: int, name: int, file: int, flags: int, out: int) -> int:
        answer = int(self._real.xOpen(vfs, name, file, flags, out))
        if answer == 0 and name:
            self._paths[file] = ctypes.string_at(name).decode()
            methods = _File.from_address(file).pMethods
            address = ctypes.addressof(methods.contents)
            if address not in self._methods:
                self._methods[address] = self._wrapped(methods.contents)
            _File.from_address(file).pMethods = ctypes.pointer(self._methods[address][1])
        return answer

    def _delete(self, vfs: int, name: int, sync: int) -> int:
        self._recorder.add("delete", ctypes.string_at(name).decode())
        return int(self._real.xDelete(vfs, name, sync))

    def _wrapped(self, real: Any) -> tuple[_IoMethods, _IoMethods]:
        own, add, paths = _IoMethods.from_buffer_copy(real), self._recorder.add, self._paths

        def write(file: int, data: int, size: int, offset: int) -> int:
            add("write", paths[file], offset, ctypes.string_at(data, size))
            return int(real.xWrite(file, data, size, offset))

        def truncate(file: int, size: int) -> int:
            add("truncate", paths[file], size)
            return int(real.xTruncate(file, size))

        def sync(file: int, flags: int) -> int:
            answer = int(real.xSync(file, flags))
            add("sync", paths[file])
            return answer

        calls = (_WRITE(write), _TRUNCATE(truncate), _SYNC(sync))
        own.xWrite, own.xTruncate, own.xSync = calls
        self._kept += calls
        return real, own
