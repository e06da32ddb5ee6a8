"""Why nothing came back from a gateway, in words for a person."""

import os
import ssl


def why_nothing_came(error: BaseException) -> str:
    """Return what went wrong; nothing in it is what the other side says."""
    import aiohttp

    certificate = getattr(error, "certificate_error", None)
    match certificate or error:
        case aiohttp.ClientHttpProxyError(status=status):
            return f"the proxy answers HTTP {status}"
        case aiohttp.ClientResponseError():
            return "what came back is not HTTP as it should be"
        case ssl.SSLCertVerificationError(verify_message=message):
            return f"its certificate is not accepted: {message}"
        case ssl.SSLError(reason=str(reason)):
            return f"TLS: {reason.replace('_', ' ').lower()}"
        case aiohttp.ClientConnectorDNSError(host=host):
            return f"the name {host} is not known here"
        case aiohttp.ClientConnectorError(host=host, port=port, os_error=cause):
            return f"{host}:{port} can't be reached{_system_says(cause)}"
        case aiohttp.ServerDisconnectedError():
            return "the connection was closed before an answer came"
        case OSError() as cause:
            return f"the connection broke off{_system_says(cause)}"
    return type(error).__name__


def _system_says(cause: OSError) -> str:
    """Return the system's own text in brackets: libraries put theirs in its place."""
    return f" ({os.strerror(cause.errno)})" if cause.errno and cause.errno > 0 else ""
