"""The two ZigBee Device Object messages the HHT needs: Match_Desc_req and Match_Desc_rsp."""

PROFILE = 0x0000
ENDPOINT = 0  # of ZDO in every device
MATCH_REQUEST = 0x0006
MATCH_RESPONSE = 0x8006
_SUCCESS = 0x00


def match_request(sequence: int, about: int, profile: int, cluster: int) -> bytes:
    """Encode the question which endpoint of the node `about` serves the cluster."""
    head = bytes([sequence]) + about.to_bytes(2, "little") + profile.to_bytes(2, "little")
    return head + b"\x01" + cluster.to_bytes(2, "little") + b"\x00"


def matched_endpoints(payload: bytes) -> list[int]:
    """Read the endpoints in a Match_Desc_rsp; none when it says so or is cut short."""
    if len(payload) < 5 or payload[1] != _SUCCESS:
        return []
    return list(payload[5 : 5 + payload[4]])
