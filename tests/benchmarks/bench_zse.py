"""What key establishment costs one side; run with `pytest tests/benchmarks/bench_zse.py`."""

import os

import pytest
from present import present

from hht.entity_id import EntityId
from hht.zse.cbke import ecqv
from hht.zse.cbke.exchange import CbkeIdentity, CbkeInitiator, CbkeResponder
from hht.zse.zcl import ZclFrame

HUB = EntityId.parse("00-DB-12-34-56-78-90-A3")
HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")


def identities(number: int) -> list[CbkeIdentity]:
    suite = ecqv.SUITES[number]
    private = ecqv.new_private_key(suite, os.urandom).to_bytes(suite.private_length, "big")
    public = ecqv.public_key_of(suite, private)
    made = []
    for subject in (HHT, HUB):
        certificate, key = ecqv.issue_certificate(suite, private, HUB, subject, os.urandom)
        made.append(CbkeIdentity(subject, certificate, key, public, number))
    return made


@pytest.mark.parametrize("number", [1, 2])
def test_both_sides_of_one_key_establishment(benchmark, number):
    hht, hub = identities(number)

    def exchange():
        initiator, responder = CbkeInitiator(hht, HUB), CbkeResponder(hub, HHT)
        frame: ZclFrame | None = initiator.start()
        while frame is not None:
            frame = initiator.receive(present(responder.receive(frame)))
        return initiator.link_key

    assert len(benchmark(exchange)) == 16
