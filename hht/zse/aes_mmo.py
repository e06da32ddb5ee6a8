"""AES-MMO: the hash that ZigBee builds from AES-128 (ZigBee specification, Annex B.6)."""

BLOCK = 16  # octets of an AES block
_INNER = bytes([0x36]) * BLOCK
_OUTER = bytes([0x5C]) * BLOCK


def digest(message: bytes) -> bytes:
    """Compute the 16-byte Matyas-Meyer-Oseas hash of a message of less than 2^32 bits."""
    # Here, not above: a job pack's Install Codes are checked, and a screen's first paint is not
    # to wait for a library of ciphers.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    state = bytes(BLOCK)
    padded = _padded(message)
    for at in range(0, len(padded), BLOCK):
        block = padded[at : at + BLOCK]
        encryptor = Cipher(algorithms.AES(state), modes.ECB()).encryptor()
        state = _xor(encryptor.update(block), block)
    return state


def hmac(key: bytes, message: bytes) -> bytes:
    """Compute HMAC (RFC 2104) over AES-MMO with its 16-byte block; the key has at most 16 bytes."""
    padded_key = key.ljust(BLOCK, b"\0")
    inner = digest(_xor(padded_key, _INNER) + message)
    return digest(_xor(padded_key, _OUTER) + inner)


def _padded(message: bytes) -> bytes:
    bits = 8 * len(message)
    tail = bits.to_bytes(2, "big") if bits < 0x10000 else bits.to_bytes(4, "big") + b"\0\0"
    zeros = -(len(message) + 1 + len(tail)) % BLOCK
    return message + b"\x80" + bytes(zeros) + tail


def _xor(left: bytes, right: bytes) -> bytes:
    mixed = int.from_bytes(left, "big") ^ int.from_bytes(right, "big")
    return mixed.to_bytes(BLOCK, "big")
