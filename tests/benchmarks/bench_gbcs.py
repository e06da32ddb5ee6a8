"""How fast GBCS messages are read and checked, and how much of that is P-256 itself.

Run it: `python tests/benchmarks/bench_gbcs.py [FOLDER]`, the folder holding messages/ and keystore/
(default: rtds/ of HHT_SHARED or ../shared). One core; secrets are agreed before the clock starts.
Figures of P-256 are OpenSSL's own, measured in the same run, so the shares travel between machines.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from hht.gbcs import dlms, gbz
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message, read_headers
from hht.gbcs.payload import Asn1Payload, decode_payload
from hht.gbcs.protection import check_mac, check_signature

ROUNDS = 5
SHARED = Path(os.environ.get("HHT_SHARED", Path(__file__).parents[3] / "shared"))


def decode_fully(raw: bytes) -> Message:
    """Everything a description needs: typed payload, named elements, fields of ZCL frames."""
    message = Message.parse(raw)
    payload = decode_payload(message)
    if isinstance(payload, Asn1Payload):
        _ = payload.element
    elif isinstance(payload, gbz.GbzPayload):
        for component in payload.components:
            gbz.decode_fields(component.cluster, component.frame)
    elif isinstance(payload, dlms.Notification):
        _ = payload.alert_code
    return message


def seconds(work: Callable[[bytes], object], raws: Iterable[bytes]) -> float:
    """CPU time of the best of some rounds, on which other work on the machine has less effect."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for raw in raws:
            work(raw)
        best = min(best, time.process_time() - start)
    return best


def p256_seconds() -> tuple[float, float]:
    """One ECDH and one verification by OpenSSL."""
    own, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signature = own.sign(b"message", ec.ECDSA(SHA256()))
    public, peer = own.public_key(), other.public_key()
    times = [b""] * 500
    agree = seconds(lambda _: own.exchange(ec.ECDH(), peer), times) / len(times)
    verify = seconds(lambda _: public.verify(signature, b"message", ec.ECDSA(SHA256())), times)
    return agree, verify / len(times)


def main(folder: Path) -> None:
    """Measure and print."""
    raws = [bytes.fromhex(path.read_text()) for path in sorted(folder.rglob("*.HEX"))]
    keys = PemFolder(folder / "keystore")
    messages = {raw: decode_fully(raw) for raw in raws}
    signed = sum(bool(message.signature) for message in messages.values())
    sealed = sum(message.mac is not None for message in messages.values())

    def check(raw: bytes) -> None:
        message = decode_fully(raw)
        check_mac(message, keys)
        check_signature(message, keys)

    seconds(check, raws)  # fills the cache of agreed secrets
    agree, verify = p256_seconds()
    print(f"{len(raws)} messages, {sum(map(len, raws))} bytes, {sealed} MACs, {signed} signatures")
    print(f"OpenSSL P-256: {1 / agree:,.0f} agreements/s, {1 / verify:,.0f} verifications/s")
    parts = {
        "routing headers": seconds(read_headers, raws),
        "envelope": seconds(Message.parse, raws),
        "full decode": seconds(decode_fully, raws),
        "MACs alone": seconds(lambda raw: check_mac(messages[raw], keys), raws),
        "signatures alone": seconds(lambda raw: check_signature(messages[raw], keys), raws),
        "decode, MACs and signatures": seconds(check, raws),
    }
    for name, taken in parts.items():
        print(
            f"{name:28} {len(raws) / taken:>10,.0f} messages/s {taken * 1e6 / len(raws):>7.1f} us"
        )
    whole = parts["decode, MACs and signatures"]
    print(f"share of P-256 in the last: {signed * verify / whole:.0%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "rtds")
