"""The Koblitz curves of ZigBee key establishment, sect163k1 and sect283k1 (SEC 2).

Points are pairs of integers (x, y) on y^2 + xy = x^3 + ax^2 + 1; None is the point at infinity.
Multiplication writes the factor in powers of the Frobenius map tau (Solinas 2000), because
tau(x, y) = (x^2, y^2) costs next to nothing here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hht.errors import HhtError
from hht.zse.cbke.binary_field import BinaryField

Point = tuple[int, int]
_Projective = tuple[int, int, int]  # Lopez-Dahab: x = X/Z, y = Y/Z^2; Z = 0 is infinity
_INFINITY: _Projective = (1, 0, 0)  # in projective coordinates Z = 0 is the neutral element


class InvalidPoint(HhtError):
    """Bytes that are not a point of the curve fit for key agreement."""

    code = "RAD-13"


@dataclass(frozen=True)
class BinaryCurve:
    """One Koblitz curve; `order` is the prime order of its generator."""

    name: str
    field: BinaryField
    a: int
    order: int
    cofactor: int
    generator: Point

    @property
    def point_length(self) -> int:
        """Return the bytes of a compressed point; a private key has one less."""
        return 1 + (self.field.degree + 7) // 8

    def contains(self, point: Point) -> bool:
        x, y = point
        field = self.field
        left = field.multiply(y ^ x, y)
        return left == field.multiply(field.square(x), x ^ self.a) ^ 1

    def negate(self, point: Point) -> Point:
        return point[0], point[0] ^ point[1]

    def add(self, left: Point | None, right: Point | None) -> Point | None:
        """Add two points, in every case."""
        if left is None or right is None:
            return left or right
        return self._affine(self._add_mixed((*left, 1), right))

    def times_cofactor(self, point: Point | None) -> Point | None:
        """Compute cofactor * point: infinity exactly for the points of low order."""
        for _ in range(self.cofactor.bit_length() - 1):
            point = self.add(point, point)
        return point

    def multiply(self, factor: int, point: Point) -> Point | None:
        """Compute factor * point; see `combine`."""
        return self.combine([(factor, point)])

    def combine(self, terms: Iterable[tuple[int, Point]]) -> Point | None:
        """Compute the sum of factor * point over the terms.

        For points outside the prime-order subgroup it is right only up to a point of low
        order, which `times_cofactor` removes.
        """
        plan = [(self._tau_digits(factor), self._multiples(point)) for factor, point in terms]
        length = max(len(digits) for digits, _ in plan)
        total = _INFINITY
        square = self.field.square
        for position in reversed(range(length)):
            total = square(total[0]), square(total[1]), square(total[2])
            for digits, multiples in plan:
                if position < len(digits) and digits[position]:
                    total = self._add_mixed(total, multiples[digits[position]])
        return self._affine(total)

    def encode(self, point: Point) -> bytes:
        """Compress a point (SEC 1, section 2.3.3)."""
        x, y = point
        parity = self.field.multiply(y, self.field.inverse(x)) & 1
        return bytes((2 + parity,)) + x.to_bytes(self.point_length - 1, "big")

    def decode(self, raw: bytes) -> Point:
        """Read a compressed point; InvalidPoint off the curve, at infinity or of low order."""
        if len(raw) != self.point_length or raw[0] not in (2, 3):
            raise InvalidPoint(f"not a compressed point of {self.name}")
        x = int.from_bytes(raw[1:], "big")
        if x.bit_length() > self.field.degree:
            raise InvalidPoint(f"the coordinate is not one of {self.name}'s field")
        point = x, self._y_of(x, raw[0] & 1)
        if not self.contains(point):
            raise InvalidPoint(f"the point is not on {self.name}")
        if x in (0, 1):  # the point of order 2, and on sect283k1 those of order 4
            raise InvalidPoint(f"the point is of low order on {self.name}")
        return point

    def _y_of(self, x: int, parity: int) -> int:
        if x == 0:
            return 1
        inverse_square = self.field.square(self.field.inverse(x))
        z = self.field.half_trace(x ^ self.a ^ inverse_square)
        return self.field.multiply(x, z & ~1 | parity)

    def _affine(self, point: _Projective) -> Point | None:
        x, y, z = point
        if z == 0:
            return None
        inverse = self.field.inverse(z)
        return self.field.multiply(x, inverse), self.field.multiply(y, self.field.square(inverse))

    def _add_mixed(self, left: _Projective, right: Point) -> _Projective:
        """Add Lopez-Dahab plus affine, 8 multiplications (Al-Daoud and others, 2002)."""
        x1, y1, z1 = left
        x2, y2 = right
        multiply, square = self.field.multiply, self.field.square
        if z1 == 0:
            return x2, y2, 1
        a = y1 ^ multiply(y2, square(z1))
        b = x1 ^ multiply(x2, z1)
        if b == 0:
            return self._double(right) if a == 0 else _INFINITY
        c = multiply(b, z1)
        z3 = square(c)
        d = multiply(x2, z3)
        x3 = square(a) ^ multiply(c, a ^ square(b) ^ (c if self.a else 0))
        y3 = multiply(d ^ x3, multiply(a, c) ^ z3) ^ multiply(y2 ^ x2, square(z3))
        return x3, y3, z3

    def _double(self, point: Point) -> _Projective:
        x, y = point
        square = self.field.square
        z3 = square(x)
        x3 = square(z3) ^ 1
        y3 = z3 ^ self.field.multiply(x3, (z3 if self.a else 0) ^ square(y) ^ 1)
        return x3, y3, z3

    @property
    def _mu(self) -> int:
        return 1 if self.a else -1

    def _multiples(self, point: Point) -> dict[int, Point]:
        """Compute what the digits 1, 3, -1, -3 stand for: 3 stands for 1 - mu * tau."""
        x, y = self.field.square(point[0]), self.field.square(point[1])
        twisted = (x, y) if self._mu < 0 else self.negate((x, y))
        third = self.add(point, twisted)
        assert third is not None
        return {1: point, 3: third, -1: self.negate(point), -3: self.negate(third)}

    def _tau_digits(self, factor: int) -> list[int]:
        """Compute the width-3 tau-adic non-adjacent form of a factor, lowest power first."""
        mu = self._mu
        r0, r1 = self._reduce_factor(factor)
        digits = []
        while r0 or r1:
            digit = 0
            if r0 & 1:
                digit = (r0 - 2 * mu * r1 + 4) % 8 - 4
                sign = 1 if digit > 0 else -1
                r0 -= sign
                r1 += sign * mu if abs(digit) == 3 else 0
            digits.append(digit)
            r0, r1 = r1 + mu * (r0 >> 1), -(r0 >> 1)
        return digits

    def _reduce_factor(self, factor: int) -> tuple[int, int]:
        """Shorten the factor to r0 + r1 tau modulo delta = (tau^m - 1) / (tau - 1)."""
        d0, d1 = self._delta
        mu = self._mu
        l0 = _nearest(factor * (d0 + mu * d1), self.order)
        l1 = _nearest(-factor * d1, self.order)
        return factor - l0 * d0 + 2 * l1 * d1, -l0 * d1 - l1 * d0 - mu * l1 * d1

    @cached_property
    def _delta(self) -> tuple[int, int]:
        """Compute the sum of tau^i for i below m: it maps the subgroup to infinity."""
        d0 = d1 = 0
        t0, t1 = 1, 0
        for _ in range(self.field.degree):
            d0, d1 = d0 + t0, d1 + t1
            t0, t1 = -2 * t1, t0 + self._mu * t1
        return d0, d1


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


SECT163K1 = BinaryCurve(
    name="sect163k1",
    field=BinaryField(163, (7, 6, 3)),
    a=1,
    order=0x04000000000000000000020108A2E0CC0D99F8A5EF,
    cofactor=2,
    generator=(
        0x02FE13C0537BBC11ACAA07D793DE4E6D5E5C94EEE8,
        0x0289070FB05D38FF58321F2E800536D538CCDAA3D9,
    ),
)
SECT283K1 = BinaryCurve(
    name="sect283k1",
    field=BinaryField(283, (12, 7, 5)),
    a=0,
    order=0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE9AE2ED07577265DFF7F94451E061E163C61,
    cofactor=4,
    generator=(
        0x0503213F78CA44883F1A3B8162F188E553CD265F23C1567A16876913B0C2AC2458492836,
        0x01CCDA380F1C9E318D90F95D07E5426FE87E45C0E8184698E45962364E34116177DD2259,
    ),
)
