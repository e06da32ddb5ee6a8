"""Commands of libraries that a ZigBee dongle from a shop lacks, and settings of no effect here.

Its firmware knows the frames and answers that the library is not there: CBKE needs a licence
for Certicom's code; touchlink, Green Power sinks and amplifier tables are other images.
"""

from collections.abc import Mapping

from hht.simulator.ncp.ezsp import Command
from hht.simulator.ncp.status import Status

_ABSENT = (
    "calculateSmacs",
    "calculateSmacs283k1",
    "clearTemporaryDataMaybeStoreLinkKey",
    "clearTemporaryDataMaybeStoreLinkKey283k1",
    "dGpSend",
    "dsaSign",
    "dsaVerify",
    "dsaVerify283k1",
    "generateCbkeKeys",
    "generateCbkeKeys283k1",
    "getCertificate",
    "getCertificate283k1",
    "gpProxyTableGetEntry",
    "gpSecurityTestVectors",
    "gpSinkCommission",
    "gpSinkTableGetEntry",
    "gpSinkTableSetEntry",
    "multiPhySetRadioChannel",
    "multiPhySetRadioPower",
    "multiPhyStart",
    "multiPhyStop",
    "savePreinstalledCbkeData283k1",
    "sendBootloadMessage",
    "setPreinstalledCbkeData",
    "zllNetworkOps",
    "zllSetInitialSecurityState",
    "zllSetRxOnWhenIdle",
    "zllSetSecurityStateWithoutKey",
    "zllStartScan",
    "readCtune",
    "readDhcVersion",
    "readPaCurve",
    "readPaCurveSegment",
    "readPaDescriptor",
    "readPaMetadata",
    "readPaMode",
    "readPaSignature",
    "readPaTable",
    "readPaVersion",
    "readPaVoltage",
    "readRssiOffset",
    "setSecurityKey",
    "setSecurityParameters",
    "writeCtune",
    "writeDhcVersion",
    "writePaCurve",
    "writePaCurveSegment",
    "writePaDescriptor",
    "writePaMetadata",
    "writePaMode",
    "writePaSignature",
    "writePaTable",
    "writePaVoltage",
    "writeRssiOffset",
)
_NOTHING_TO_DO = (
    "clearStoredBeacons",
    "gpClearProxyTable",
    "gpProxyTableRemoveEntry",
    "gpSinkTableClearAll",
    "gpSinkTableInit",
    "gpSinkTableRemoveEntry",
    "setMacPollFailureWaitTime",
    "setPendingNetworkUpdateChannel",
    "setHubConnectivity",
    "setLongUpTime",
    "setParentClassificationEnabled",
    "setZllAdditionalState",
    "setZllNodeType",
    "setZllPrimaryChannelMask",
    "setZllSecondaryChannelMask",
    "zllClearTokens",
    "zllSetDataToken",
    "zllSetRadioIdleMode",
    "zllSetNonZllNetwork",
)
_SETTINGS = (  # taken and kept nowhere: nothing on the simulated air depends on them
    "clearBindingTableOnLeave",
    "sendLinkPowerDeltaRequest",
    "sendManyToOneRouteRequest",
    "setBeaconClassificationParams",
    "setBrokenRouteErrorCode",
    "setConcentrator",
    "setPassiveAckConfig",
    "setNumBeaconToStore",
    "setRoutingShortcutThreshold",
    "writeNodeData",
)
_FIXED: dict[str, Mapping[str, object]] = {
    "getBeaconClassificationParams": {"status": Status.SUCCESS},
    "getDutyCycleState": {"status": Status.SUCCESS},
    "getFirstBeacon": {"status": Status.NOT_FOUND},
    "getNextBeacon": {"status": Status.NOT_FOUND},
    "getNumStoredBeacons": {"numStoredBeacons": 0},
    "getRoutingShortcutThreshold": {"routingShortcutThresh": 0xFF},
    "getParentClassificationEnabled": {"enabled": False},
    "getSecurityKeyStatus": {"status": Status.INVALID_CALL},
    "getXncpInfo": {"status": Status.INVALID_CALL},
    "getZllPrimaryChannelMask": {},
    "getZllSecondaryChannelMask": {},
    "gpProxyTableProcessGpPairing": {"gpPairingAdded": False},
    "gpProxyTableLookup": {"index": 0xFF},
    "gpSinkTableFindOrAllocateEntry": {"index": 0xFF},
    "gpSinkTableGetNumberOfActiveEntries": {"number_of_entries": 0},
    "gpSinkTableLookup": {"index": 0xFF},
    "isHubConnected": {"isHubConnected": False},
    "isUpTimeLong": {"hasLongUpTime": False},
    "isZllNetwork": {"isZllNetwork": False},
    "pendingAckedMessages": {"count": 0},
    "setSourceRouteDiscoveryMode": {"remainingTime": 0},
    "zllGetTokens": {},
    "zllRxOnWhenIdleGetActive": {"zllRxOnWhenIdleGetActive": False},
    "zllOperationInProgress": {"zllOperationInProgress": False},
}


class Absent:
    """Refusals and fixed answers."""

    def restart(self) -> None:
        """Do nothing: there is nothing to forget."""

    def commands(self) -> Mapping[str, Command]:
        refused: dict[str, Command] = {
            name: lambda _: {"status": Status.LIBRARY_NOT_PRESENT} for name in _ABSENT
        }
        empty: dict[str, Command] = {name: lambda _: {} for name in _NOTHING_TO_DO}
        taken: dict[str, Command] = {
            name: lambda _: {"status": Status.SUCCESS} for name in _SETTINGS
        }
        fixed = {name: _always(answer) for name, answer in _FIXED.items()}
        return {**refused, **empty, **taken, **fixed}


def _always(answer: Mapping[str, object]) -> Command:
    return lambda _: answer
