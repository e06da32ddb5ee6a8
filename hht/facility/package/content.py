"""What a package holds for its unit: Local Commands in their order, and the HHT half's identity."""

from collections.abc import Sequence

import msgspec

from hht.duis.job.words import MODES, TRAINING
from hht.duis.job_pack import JobPack, PackCommand
from hht.duis.local_command import LocalCommand
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.package.refusals import PackageRefused, Refusal
from hht.session.identity import HhtIdentity, parse_identity

FORMAT = "hht-unit/1"


class UnitCommand(msgspec.Struct, frozen=True):
    """One Local Command; `after` are the positions of those that must have succeeded."""

    title: str
    request_id: str
    service_reference: str
    service_reference_variant: str
    gbcs: bytes
    after: tuple[int, ...] = ()

    def __repr__(self) -> str:
        """Leave the message out: a CCS01 carries an Install Code."""
        return f"UnitCommand({self.title!r})"


class UnitContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The plain content of a package. Identities are text, `hht_install_code` hexadecimal.

    `identity` has the fields of hht-identity.json; empty where the unit brings its own.
    """

    format: str
    unit: str
    hht: str
    hht_install_code: str
    chf: str
    commands: tuple[UnitCommand, ...]
    gpf: str = ""
    mode: str = TRAINING
    identity: dict[str, str | int] = {}

    def __repr__(self) -> str:
        """Leave the secrets out."""
        return f"UnitContent({self.unit}, {len(self.commands)} commands)"

    @property
    def unit_id(self) -> EntityId:
        """The unit's identity as PPMID."""
        return EntityId.parse(self.unit)

    @property
    def hht_id(self) -> EntityId:
        """The unit's identity as HHT."""
        return EntityId.parse(self.hht)

    @property
    def chf_id(self) -> EntityId:
        """The hub's CHF."""
        return EntityId.parse(self.chf)

    @property
    def gpf_id(self) -> EntityId | None:
        """The hub's GPF, which names its network; None where the manifest did not say."""
        return EntityId.parse(self.gpf) if self.gpf else None

    @property
    def hht_identity(self) -> HhtIdentity | None:
        """The HHT half's credentials; None where the unit brings its own."""
        if not self.identity:
            return None
        return parse_identity(msgspec.json.encode(self.identity), self.unit)

    def job_pack(self) -> JobPack:
        """Make the job that the unit's store imports: its Commands, in order."""
        return JobPack(
            reference=f"unit {self.unit}",
            title="PPMID that lets itself in",
            premises="",
            hub_gpf=self.gpf_id,
            hub_chf=self.chf_id,
            profile="",
            mode=self.mode,
            devices=(),
            commands=tuple(map(pack_command, self.commands)),
        )


def unit_command(command: LocalCommand, title: str, after: Sequence[int]) -> UnitCommand:
    """Put a Local Command into the form that a package carries."""
    return UnitCommand(
        title=title,
        request_id=str(command.request_id),
        service_reference=command.service_reference,
        service_reference_variant=command.service_reference_variant,
        gbcs=command.raw,
        after=tuple(after),
    )


def encode_content(content: UnitContent) -> bytes:
    """Write the content as UTF-8 JSON, `gbcs` in Base64; the same content gives the same bytes."""
    return msgspec.json.encode(content)


def decode_content(plain: bytes) -> UnitContent:
    """Read the content and every part of it; PackageRefused where something is not what it says."""
    try:
        content = msgspec.json.decode(plain, type=UnitContent)
        _check(content)
    except (msgspec.DecodeError, ValueError, HhtError):
        # The cause may quote a secret: it goes no further.
        raise PackageRefused(Refusal.BAD_CONTENT) from None
    return content


def _check(content: UnitContent) -> None:
    if content.format != FORMAT or content.mode not in MODES:
        raise ValueError("another format or mode")
    bytes.fromhex(content.hht_install_code)
    _ = content.unit_id, content.hht_id, content.hht_identity
    content.job_pack()
    for position, command in enumerate(content.commands):
        if any(not 0 <= earlier < position for earlier in command.after):
            raise ValueError("a command waits for a later one")


def pack_command(command: UnitCommand, after: tuple[int, ...] | None = None) -> PackCommand:
    """Make the Command of a job; `after` in place of what it names itself."""
    local = LocalCommand.of(
        command.request_id,
        command.service_reference,
        command.service_reference_variant,
        command.gbcs,
        command.title,
    )
    return PackCommand(command.title, local, command.after if after is None else after)
