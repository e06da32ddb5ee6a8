"""The enumerations of the ASN.1 use cases, each member named as the standard names it.

Source: GBCS section 13 and Annexes (ASN.1 modules), as seen in the RTDS 4.5.0 messages.
"""

from enum import IntEnum, IntFlag


class DeviceType(IntEnum):
    """What kind of Device a Device Log entry is."""

    GSME = 0
    ESME = 1
    CHF = 2
    GPF = 3
    HCALCS = 4
    PPMID = 5
    TYPE_2 = 6


class JoinMethod(IntEnum):
    """How two Devices agree a key, and which of them begins (CS03)."""

    METHOD_A_INITIATOR = 0
    METHOD_A_RESPONDER = 1
    METHOD_B = 2
    METHOD_C = 3


class JoinResult(IntEnum):
    """CS03A1, CS03A2, CS03B, CS03C and GCS59."""

    SUCCESS = 0
    INVALID_MESSAGE_CODE_FOR_JOIN_METHOD_AND_ROLE = 1
    INVALID_JOIN_METHOD_AND_ROLE = 2
    INCOMPATIBLE_WITH_EXISTING_ENTRY = 3
    DEVICE_LOG_FULL = 4
    WRITE_FAILURE = 5
    KEY_AGREEMENT_NO_RESOURCES = 6
    KEY_AGREEMENT_UNKNOWN_ISSUER = 7
    KEY_AGREEMENT_UNSUPPORTED_SUITE = 8
    KEY_AGREEMENT_BAD_MESSAGE = 9
    KEY_AGREEMENT_BAD_KEY_CONFIRM = 10
    INVALID_OR_MISSING_CERTIFICATE = 11
    NO_PARTNER_LINK_KEY_RECEIVED = 12
    NO_CBKE_RESPONSE = 13


class UnjoinResult(IntEnum):
    """CS04AC and CS04B."""

    SUCCESS = 0
    OTHER_DEVICE_NOT_IN_DEVICE_LOG = 1
    OTHER_FAILURE = 2


class ActivationResult(IntEnum):
    """CS06, activate firmware."""

    SUCCESS = 0
    NO_IMAGE_HELD = 1
    HASH_MISMATCH = 2
    ACTIVATION_FAILURE = 3


class ReadResult(IntEnum):
    """CS07, read Device join details, and CS08, read firmware version."""

    SUCCESS = 0
    READ_FAILURE = 1


class FirmwareTransferResult(IntEnum):
    """CCS08, the Communications Hub gave an image to a PPMID or HCALCS."""

    SUCCESS = 0
    IMAGE_DISCARDED = 1
    HARDWARE_VERSION_MISMATCH = 2
    FILE_TRANSFER_FAILURE = 3


class ImageActivationResult(IntEnum):
    """CS09, a PPMID or HCALCS reports what became of its new image."""

    SUCCESS = 0
    FAILURE = 1


class TimeStatus(IntEnum):
    """GCS28, how good the Device holds its own clock to be."""

    RELIABLE = 0
    INVALID = 1
    UNRELIABLE = 2


class IssueCredentialsResult(IntEnum):
    """CS02c, when there is no certification request."""

    INVALID_KEY_USAGE = 1
    KEY_PAIR_GENERATION_FAILED = 2
    CERTIFICATION_REQUEST_PRODUCTION_FAILED = 3


class UpdateCertificateResult(IntEnum):
    """CS02d, update the Device's own certificate."""

    SUCCESS = 0
    INVALID_CERTIFICATE = 1
    WRONG_DEVICE_IDENTITY = 2
    INVALID_KEY_USAGE = 3
    NO_CORRESPONDING_KEY_PAIR_GENERATED = 4
    WRONG_PUBLIC_KEY = 5
    CERTIFICATE_STORAGE_FAILED = 6
    PRIVATE_KEY_CHANGE_FAILED = 7


class ProvideCertificateResult(IntEnum):
    """CS02e, when there is no certificate."""

    INVALID_KEY_USAGE = 1
    NO_CERTIFICATE_HELD = 2
    CERTIFICATE_RETRIEVAL_FAILURE = 3


class RemotePartyRole(IntEnum):
    """Whose credentials a trust anchor cell holds."""

    ROOT = 0
    RECOVERY = 1
    SUPPLIER = 2
    NETWORK_OPERATOR = 3
    ACCESS_CONTROL_BROKER = 4
    TRANSITIONAL_CHANGE_OF_SUPPLIER = 5
    WAN_PROVIDER = 6
    ISSUING_AUTHORITY = 7
    LOAD_CONTROLLER = 8
    OTHER = 127


class ReplacementMode(IntEnum):
    """CS02b and CS02g: whose credentials are replaced, and by whose authority."""

    ROOT_BY_SUPPLIER = 0
    ROOT_BY_WAN_PROVIDER = 1
    SUPPLIER_BY_SUPPLIER = 2
    NETWORK_OPERATOR_BY_NETWORK_OPERATOR = 3
    ACCESS_CONTROL_BROKER_BY_ACCESS_CONTROL_BROKER = 4
    WAN_PROVIDER_BY_WAN_PROVIDER = 5
    TRANSITIONAL_COS_BY_TRANSITIONAL_COS = 6
    SUPPLIER_BY_TRANSITIONAL_COS = 7
    ANY_EXCEPT_ABNORMAL_ROOT_BY_RECOVERY = 8
    ANY_BY_CONTINGENCY = 9
    LOAD_CONTROLLER_BY_LOAD_CONTROLLER = 10
    LOAD_CONTROLLER_BY_SUPPLIER = 11


class CellUsage(IntEnum):
    """Which of a Remote Party's Key Agreement keys a cell holds."""

    MANAGEMENT = 0
    PREPAYMENT_TOP_UP = 1


class CounterUsage(IntEnum):
    """Which specialist counter a floor is for."""

    PREPAYMENT_TOP_UP = 0


class TimeChecks(IntEnum):
    """Whether certification path validation minds the validity periods."""

    APPLY = 0
    DISAPPLY = 1


class TrustAnchorStatus(IntEnum):
    """What came of reading or replacing one trust anchor cell (CS02a, CS02b)."""

    SUCCESS = 0
    BAD_CERTIFICATE = 5
    NO_TRUST_ANCHOR = 10
    INSUFFICIENT_MEMORY = 17
    TRUST_ANCHOR_NOT_FOUND = 25
    RESOURCES_BUSY = 30
    OTHER = 127


class KeyUsage(IntFlag):
    """What a key may do: the first octet of X.509's keyUsage bits."""

    DIGITAL_SIGNATURE = 0x80
    KEY_AGREEMENT = 0x08
    KEY_CERT_SIGN = 0x04
    CRL_SIGN = 0x02
