"""The Koblitz curves, held against published vectors, group laws and, where found, OpenSSL."""

import ctypes
import ctypes.util
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hht.zse.cbke.binary_curve import SECT163K1, SECT283K1, BinaryCurve, InvalidPoint

VECTORS = json.loads(Path(__file__).with_name("cbke-vectors.json").read_text())
CURVES = {"suite1": SECT163K1, "suite2": SECT283K1}
both = pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)


def by_doubling(curve, factor, point):
    total = None
    while factor:
        if factor & 1:
            total = curve.add(total, point)
        point = curve.add(point, point)
        factor >>= 1
    return total


@both
@given(data=st.data(), times=st.integers(0, 300))
def test_squaring_many_times_at_once_is_squaring_so_many_times(curve, data, times):
    value = data.draw(st.integers(0, 2**curve.field.degree - 1))
    expected = value
    for _ in range(times):
        expected = curve.field.square(expected)
    assert curve.field.square_times(value, times) == expected


@pytest.mark.parametrize("suite", CURVES)
@pytest.mark.parametrize("device", ["dev1", "dev2"])
@pytest.mark.parametrize("kind", ["", "eph_"])
def test_published_private_keys_give_their_published_public_keys(suite, device, kind):
    curve, keys = CURVES[suite], VECTORS[suite][device]
    point = curve.multiply(int(keys[f"{kind}private"], 16), curve.generator)
    assert point is not None
    assert curve.encode(point).hex() == keys[f"{kind}public"]


@both
def test_multiplication_is_repeated_addition(curve):
    for factor in (1, 2, 3, 4, 7, 12345, 2**150 + 99, curve.order - 1, curve.order + 5):
        expected = by_doubling(curve, factor, curve.generator)
        assert curve.multiply(factor, curve.generator) == expected


@both
def test_the_order_takes_the_generator_to_infinity(curve):
    assert curve.multiply(curve.order, curve.generator) is None
    assert curve.multiply(0, curve.generator) is None


@both
def test_a_point_and_its_negative_add_to_infinity(curve):
    assert curve.add(curve.generator, curve.negate(curve.generator)) is None
    assert curve.add(None, curve.generator) == curve.generator


@settings(max_examples=10, deadline=None)
@given(left=st.integers(1, 2**280), right=st.integers(1, 2**280))
def test_factors_distribute_over_addition(left, right):
    curve, base = SECT283K1, SECT283K1.generator
    apart = curve.add(curve.multiply(left, base), curve.multiply(right, base))
    assert curve.multiply(left + right, base) == apart
    assert curve.combine([(left, base), (right, base)]) == apart


@both
def test_a_point_off_the_curve_is_refused(curve):
    length = curve.point_length - 1
    off = 0
    for x in range(2, 40):
        try:
            point = curve.decode(b"\x02" + x.to_bytes(length, "big"))
        except InvalidPoint:
            off += 1
        else:
            assert curve.contains(point)
    assert 5 < off < 33


@both
@pytest.mark.parametrize("x", [0, 1])
@pytest.mark.parametrize("parity", [2, 3])
def test_points_of_low_order_are_refused(curve, x, parity):
    with pytest.raises(InvalidPoint):
        curve.decode(bytes((parity,)) + x.to_bytes(curve.point_length - 1, "big"))


def test_the_points_refused_as_low_order_are_all_of_them():
    order_four = [(1, y) for y in range(2) if SECT283K1.contains((1, y))]
    assert len(order_four) == 2
    for point in [(0, 1), *order_four]:
        assert SECT283K1.times_cofactor(point) is None
    assert SECT163K1.times_cofactor((0, 1)) is None


@both
def test_infinity_is_refused(curve):
    for raw in (b"\x00", bytes(curve.point_length), b""):
        with pytest.raises(InvalidPoint):
            curve.decode(raw)


@both
def test_an_unreduced_coordinate_is_refused(curve):
    with pytest.raises(InvalidPoint, match="field"):
        curve.decode(b"\x02" + b"\xff" * (curve.point_length - 1))


@both
@given(data=st.data())
def test_any_bytes_are_a_point_of_the_curve_or_an_invalid_point(curve, data):
    length = curve.point_length
    raw = data.draw(st.binary(min_size=length, max_size=length) | st.binary(max_size=40))
    try:
        point = curve.decode(bytes((2 + raw[0] % 2,)) + raw[1:] if raw else raw)
    except InvalidPoint:
        return
    assert curve.contains(point)
    assert curve.times_cofactor(point) is not None


def openssl() -> ctypes.CDLL:
    name = ctypes.util.find_library("crypto")
    if not name:
        pytest.skip("no OpenSSL library to compare with")
    library = ctypes.CDLL(name)
    for function in ("EC_GROUP_new_by_curve_name", "EC_POINT_new", "BN_new", "BN_bin2bn"):
        getattr(library, function).restype = ctypes.c_void_p
    return library


def openssl_multiple(library: ctypes.CDLL, curve: BinaryCurve, factor: int) -> bytes:
    nid = {"sect163k1": 721, "sect283k1": 729}[curve.name]
    pointer = ctypes.c_void_p
    group = library.EC_GROUP_new_by_curve_name(nid)
    if not group:
        pytest.skip(f"this OpenSSL has no {curve.name}")
    raw = factor.to_bytes(40, "big")
    number = library.BN_bin2bn(raw, len(raw), None)
    point = library.EC_POINT_new(pointer(group))
    assert library.EC_POINT_mul(pointer(group), pointer(point), pointer(number), None, None, None)
    out = ctypes.create_string_buffer(64)
    size = library.EC_POINT_point2oct(pointer(group), pointer(point), 2, out, 64, None)
    return out.raw[:size]


@both
def test_multiples_of_the_generator_are_openssls(curve):
    library = openssl()
    source = random.Random(283)
    for _ in range(10):
        factor = source.randrange(1, curve.order)
        ours = curve.encode(curve.multiply(factor, curve.generator))
        assert ours == openssl_multiple(library, curve, factor)
