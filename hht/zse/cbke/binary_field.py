"""Arithmetic in GF(2^m), elements being Python integers whose bits are the coefficients."""

_TABLE_FROM = 4
"""From so many squarings on, looking up a table is quicker than they are."""


class BinaryField:
    """GF(2^m) for odd m, reduced by x^m + x^t1 + x^t2 + x^t3 + 1, `taps` being t1 to t3.

    Addition is `^`. Not constant in time: Python integers are not.
    """

    def __init__(self, degree: int, taps: tuple[int, int, int]) -> None:
        self.degree = degree
        self._taps = taps
        self._mask = (1 << degree) - 1
        self._images: dict[int, list[dict[str, int]]] = {}

    def reduce(self, value: int) -> int:
        """Reduce a polynomial of any degree modulo the field's."""
        first, second, third = self._taps
        while high := value >> self.degree:
            low = value & self._mask
            value = low ^ high ^ high << first ^ high << second ^ high << third
        return value

    def multiply(self, left: int, right: int) -> int:
        """Multiply, four bits of `right` at a time over a table of multiples of `left`."""
        two, four, eight = left << 1, left << 2, left << 3
        three, twelve = two ^ left, eight ^ four
        table = {
            "0": 0, "1": left, "2": two, "3": three,
            "4": four, "5": four ^ left, "6": four ^ two, "7": four ^ three,
            "8": eight, "9": eight ^ left, "a": eight ^ two, "b": eight ^ three,
            "c": twelve, "d": twelve ^ left, "e": twelve ^ two, "f": twelve ^ three,
        }  # fmt: skip
        product = 0
        for digit in f"{right:x}":
            product = product << 4 ^ table[digit]
        return self.reduce(product)

    def square(self, value: int) -> int:
        """Square by spreading the bits apart: the binary digits read in base 4."""
        return self.reduce(int(f"{value:b}", 4))

    def square_times(self, value: int, times: int) -> int:
        """Square so many times: many at once by a table, as squaring is linear."""
        if times < _TABLE_FROM:
            for _ in range(times):
                value = self.square(value)
            return value
        total = 0
        for images, digit in zip(self._images_after(times), f"{value:x}"[::-1], strict=False):
            total ^= images[digit]
        return total

    def _images_after(self, times: int) -> list[dict[str, int]]:
        """Return what becomes of each value of each hexadecimal digit, the lowest first."""
        if times not in self._images:
            half, odd = divmod(times, 2)
            bits = [1 << at for at in range((self.degree + 3) // 4 * 4)]
            for part in (half, half, odd):
                bits = [self.square_times(bit, part) for bit in bits]
            self._images[times] = [_sums(bits[at : at + 4]) for at in range(0, len(bits), 4)]
        return self._images[times]

    def inverse(self, value: int) -> int:
        """Compute value^(2^m - 2) by the chain of Itoh and Tsujii; 0 for 0."""
        power, length = value, 1
        for bit in f"{self.degree - 1:b}"[1:]:
            power = self.multiply(power, self.square_times(power, length))
            length *= 2
            if bit == "1":
                power = self.multiply(self.square(power), value)
                length += 1
        return self.square(power)

    def half_trace(self, value: int) -> int:
        """Find the z of z^2 + z = value, where there is one."""
        total = value
        for _ in range((self.degree - 1) // 2):
            total = self.square_times(total, 2) ^ value
        return total


def _sums(images: list[int]) -> dict[str, int]:
    """Add up the images of the bits of each hexadecimal digit; the lowest bit's comes first."""
    sums = [0]
    for image in images:
        sums += [each ^ image for each in sums]
    return {f"{digit:x}": each for digit, each in enumerate(sums)}
