"""What the browser is given beside the terminal's own script: pages, files, and their headers."""

from html import escape
from importlib.resources import files
from pathlib import Path

from hht.errors import HhtError

PACKAGE = "textual_serve"
TYPES = {"css": "text/css", "js": "text/javascript"}


def headers(host: str, scheme: str) -> dict[str, str]:
    """Return what every answer says: nothing from elsewhere, no frame around it, nothing kept.

    The terminal's script makes style elements and compiles its image decoder. `host` is the one
    that the door knows; older Safaris take 'self' for no WebSocket.
    """
    socket = f"{'wss' if scheme == 'https' else 'ws'}://{host}"
    policy = {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": f"'self' {socket}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(" ".join(each) for each in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def terminal_page(title: str, socket: str) -> str:
    """Return the page with the terminal; `socket` is the relative address of its WebSocket."""
    page = (files("assets") / "serve" / "terminal.html").read_text("utf-8")
    return page.replace("{title}", escape(title)).replace("{socket}", escape(socket))


def onward_page(where: str) -> str:
    """Return a page that leads on to a relative address."""
    onward = f'<meta http-equiv="refresh" content="0;url={escape(where)}">'
    return words_page("hht", "Opening …").replace("</head>", f"{onward}</head>")


def words_page(title: str, words: str) -> str:
    page = (files("assets") / "serve" / "words.html").read_text("utf-8")
    return page.replace("{title}", escape(title)).replace("{words}", escape(words))


def static_files(package: str = PACKAGE) -> dict[str, bytes]:
    """Return every file that is served, by its name: no other name leads anywhere.

    `package` has the terminal's script; HhtError where it is not installed.
    """
    ours, theirs = files("assets") / "serve", _theirs(package)
    return {
        "page.js": (ours / "page.js").read_bytes(),
        "page.css": (ours / "page.css").read_bytes(),
        "textual.js": (theirs / "js" / "textual.js").read_bytes(),
        "xterm.css": (theirs / "css" / "xterm.css").read_bytes(),
    }


def _theirs(package: str) -> Path:
    try:
        return Path(str(files(package) / "static"))
    except ModuleNotFoundError:
        raise HhtError(
            "A class in browsers needs the extra 'serve', which is not installed",
            remedy="Install it, in a checkout with: .venv/bin/pip install --require-hashes"
            " -r packaging/locked/serve.txt; else with the wheel by its path:"
            " pipx install --force './hht-VERSION-py3-none-any.whl[serve]'.",
        ) from None
