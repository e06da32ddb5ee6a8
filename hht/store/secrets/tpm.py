"""The TPM 2.0 slot: a random part of the key that a chip gives out for the right PIN alone.

The chip itself counts the wrong ones (its dictionary attack protection) and then gives out nothing
for a while, whatever was done to hht's own files. It is used through tpm2-tools; what is secret
goes to them through pipes and memory, never in an argument or a file.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hht.spans import counted
from hht.store.errors import StoreError, StoreLocked

VARIABLE = "TPM2TOOLS_TCTI"
NO_TPM = "none"  # as tpm2-tools has it: there is no TPM to be used
DEVICE = Path("/dev/tpmrm0")
_TOOLS = ("createprimary", "create", "load", "unseal", "flushcontext", "getcap")
# The slowest chips take some seconds to make a key; one that takes this long does not answer.
_TOOL_SECONDS = 30
_LOCKED_OUT = b"(0x921)"  # TPM_RC_LOCKOUT
_WRONG_AUTH = b"(0x98e)"  # TPM_RC_AUTH_FAIL of the first session: counted
_OTHER_CHIP = b"(0x1df)"  # TPM_RC_INTEGRITY: it was sealed under another chip's seed
_OWNER_HAS_PASSWORD = b"(0x9a2)"  # TPM_RC_BAD_AUTH of the first session: not counted
_SEALED = "fixedtpm|fixedparent|userwithauth"
# No PIN guards the parent, so no count of wrong ones may keep it from being used (noda).
_PARENT = f"{_SEALED}|sensitivedataorigin|restricted|decrypt|noda"
_NUMBER = re.compile(r"^\s*TPM2_PT_(\w+): 0x([0-9A-Fa-f]+)\s*$", re.MULTILINE)
_REMEDY = "Enter the recovery code that was shown when the PIN was set."


class TpmTrouble(StoreError):
    """The TPM cannot do its part; nothing was learnt of the PIN."""

    code = "DB-11"


@dataclass(frozen=True, slots=True)
class Counting:
    """How the chip counts: after `most` wrong PINs one more each `seconds`.

    `is_guarded` says that a password is needed to put its counter back.
    """

    most: int
    seconds: int
    is_locked_out: bool
    is_guarded: bool


class Tpm:
    """The TPM at an address of tpm2-tools (TCTI)."""

    def __init__(self, address: str) -> None:
        self._address = address

    def seal(self, secret: bytes, auth: bytes) -> bytes:
        """Have the chip keep up to 128 bytes for the holder of `auth` (32); what it is known by."""
        with self._folder() as folder:
            public, private = folder / "public", folder / "private"
            with _in_memory(b"hex:" + auth.hex().encode()) as descriptor:
                self._work(
                    "create",
                    *("-C", str(folder / "parent"), "-a", _SEALED, "-i", "-"),
                    *("-u", str(public), "-r", str(private), "-p", f"file:/dev/fd/{descriptor}"),
                    given=secret,
                    passed=descriptor,
                )
            return public.read_bytes() + private.read_bytes()

    def unseal(self, sealed: bytes, auth: bytes) -> bytes | None:
        """Return what was sealed; None where `auth` is wrong, which the chip has counted.

        StoreLocked while the chip allows no try, TpmTrouble where it cannot be asked.
        """
        with self._folder() as folder:
            _take_apart(sealed, folder)
            parts = ("-u", str(folder / "public"), "-r", str(folder / "private"))
            loaded = str(folder / "loaded")
            self._work("load", "-Q", "-C", str(folder / "parent"), *parts, "-c", loaded)
            given = b"hex:" + auth.hex().encode()
            code, out, said = self._run("unseal", "-c", loaded, "-p", "file:-", given=given)
        if not code:
            return out
        if _WRONG_AUTH in said:
            return None
        raise self._locked_out() if _LOCKED_OUT in said else _trouble(said)

    def counting(self) -> Counting:
        """Return how the chip counts wrong PINs now; TpmTrouble where it does not answer."""
        text = self._work("getcap", "properties-variable").decode("ascii", "replace")
        numbers = {name: int(digits, 16) for name, digits in _NUMBER.findall(text)}
        return Counting(
            numbers.get("MAX_AUTH_FAIL", 0),
            numbers.get("LOCKOUT_INTERVAL", 0),
            re.search(r"inLockout:\s*1", text) is not None,
            re.search(r"lockoutAuthSet:\s*1", text) is not None,
        )

    def _locked_out(self) -> StoreLocked:
        return StoreLocked(
            "Too many wrong PINs: the TPM lets nobody try for now",
            remedy=f"Try again in {in_words(self.counting().seconds)}, with the machine left on.",
        )

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Provide a folder with the parent of what is sealed, the same key each time; no secret."""
        with tempfile.TemporaryDirectory(prefix="hht-tpm-") as name:
            parent = str(Path(name) / "parent")
            self._work("createprimary", "-Q", "-C", "o", "-G", "ecc", "-a", _PARENT, "-c", parent)
            yield Path(name)

    def _work(self, *command: str, given: bytes = b"", passed: int | None = None) -> bytes:
        code, out, said = self._run(*command, given=given, passed=passed)
        if code:
            raise _trouble(said)
        return out

    def _run(
        self, *command: str, given: bytes = b"", passed: int | None = None
    ) -> tuple[int, bytes, bytes]:
        """Return one tool's exit code, output and lower-case complaint."""
        done = self._tool(*command, given=given, passed=passed)
        if not self._address.endswith(str(DEVICE)) and "-c" in command:
            self._tool("flushcontext", "-t")  # only the kernel's resource manager does so by itself
        return done.returncode, done.stdout, done.stderr.lower()

    def _tool(
        self, name: str, *arguments: str, given: bytes = b"", passed: int | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(
                [f"tpm2_{name}", *arguments],
                input=given,
                capture_output=True,
                pass_fds=() if passed is None else (passed,),
                env=os.environ | {VARIABLE: self._address, "TSS2_LOG": "all+none"},
                timeout=_TOOL_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise TpmTrouble("The TPM does not answer", remedy=_REMEDY) from None


def find_tpm() -> Tpm | None:
    """Return the TPM that hht may use here.

    `why_no_tpm` says what is missing where there is none.
    """
    return None if why_no_tpm()[0] else Tpm(_address())


def set_with_tpm(set_pin: Callable[[Tpm | None], str], without: Callable[[str], object]) -> str:
    """Set a PIN with the machine's TPM, and return what `set_pin` does: a recovery code.

    `without` is called where there is one that cannot be used, and the PIN is set all the same.
    """
    chip = find_tpm()
    if chip is None:
        return set_pin(None)
    try:
        chip.counting()
        return set_pin(chip)
    except TpmTrouble as error:
        without(f"{error.what}: the PIN is set without it.")
        return set_pin(None)


def has_tpm() -> bool:
    """Return whether the machine has one, also where hht may not use it."""
    return bool(_address())


def why_no_tpm() -> tuple[str, str]:
    """Return what is missing and what to do about it; both empty where nothing is."""
    if not has_tpm():
        return "no TPM 2.0 here", "None is needed: hht counts wrong PINs by itself then."
    missing = [name for name in _TOOLS if not shutil.which(f"tpm2_{name}")]
    if missing:
        return "tpm2-tools is not installed", "Install tpm2-tools to have the TPM used."
    if VARIABLE not in os.environ and not os.access(DEVICE, os.R_OK | os.W_OK):
        return f"{DEVICE} may not be used", "Add this user to the group tss to have it used."
    return "", ""


def in_words(seconds: int) -> str:
    """Return a wait that a person can plan with."""
    if seconds < 120:
        return counted(seconds, "second")
    if seconds < 7200:
        return counted(round(seconds / 60), "minute")
    return counted(round(seconds / 3600), "hour")


def tpm_missing() -> TpmTrouble:
    """Build the error for data bound to a TPM that is not at hand."""
    return TpmTrouble(f"A part of the key is in a TPM: {why_no_tpm()[0]}", remedy=_REMEDY)


def _address() -> str:
    if not hasattr(os, "memfd_create"):  # a system other than Linux
        return ""
    named = os.environ.get(VARIABLE, "")
    if named == NO_TPM:
        return ""
    return named or (f"device:{DEVICE}" if DEVICE.exists() else "")


def _trouble(said: bytes) -> TpmTrouble:
    if _OTHER_CHIP in said:
        what = "A part of the key is in another machine's TPM, or this one was cleared"
        return TpmTrouble(what, remedy=_REMEDY)
    if _OWNER_HAS_PASSWORD in said:
        return TpmTrouble("The TPM's owner hierarchy has a password", remedy=_REMEDY)
    last = [line for line in said.decode("ascii", "replace").splitlines() if "(0x" in line][-1:]
    found = f" ({last[0].removeprefix('error: ').strip()})" if last else ""
    return TpmTrouble(f"The TPM cannot be used{found}", remedy=_REMEDY)


def _take_apart(sealed: bytes, folder: Path) -> None:
    """Write the two parts, each of which begins with its length (TPM2B: 2 bytes, high first)."""
    end = 2 + int.from_bytes(sealed[:2])
    (folder / "public").write_bytes(sealed[:end])
    (folder / "private").write_bytes(sealed[end:])


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """Provide a descriptor of a file that is on no disk."""
    descriptor = os.memfd_create("hht")
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
