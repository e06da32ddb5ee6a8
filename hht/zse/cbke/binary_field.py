"""Arithmetic in GF(2^m), elements being Python integers whose bits are the coefficients."""


class BinaryField:
    """GF(2^m) for odd m, reduced by x^m + x^t1 + x^t2 + x^t3 + 1, `taps` being t1 to t3.

    Addition is `^`. Not constant in time: Python integers are not.
    """

    def __init__(self, degree: int, taps: tuple[int, int, int]) -> None:
        self.degree = degree
        self._taps = taps
        self._mask = (1 << degree) - 1

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
        for _ in range(times):
            value = self.square(value)
        return value

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
