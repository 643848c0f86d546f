"""The site on this machine: built anew when its sources change; open pages reload themselves."""

from __future__ import annotations

import errno
import html
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from generator.build import Request, folders, raise_errors, run, site_source
from generator.errors import InputError, WorkingsError

HOST = "127.0.0.1"
VERSION = "/.version"
_RELOAD = """<script>
setInterval(() => fetch("%s").then(r => r.text()).then(v => v === "%d" || location.reload(), () => {}), 700)
</script>"""
_PROBLEM = '<!doctype html><meta charset="utf-8"><title>Not built</title><h1>Not built</h1><pre>%s</pre>'


@dataclass
class State:
    """What is served: a folder, the number of the build, and what went wrong with it."""

    folder: Path
    version: int = 0
    problem: str = ""


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; pages get a script that reloads them after a build."""

    def __init__(self, *args: Any, state: State) -> None:
        self.state = state
        super().__init__(*args, directory=str(state.folder))

    def do_GET(self) -> None:
        """Answer a request."""
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() else path
        if self.path == VERSION:
            self.reply(str(self.state.version), "text/plain")
        elif self.state.problem and page.suffix in ("", ".html"):
            self.reply(_PROBLEM % html.escape(self.state.problem), "text/html", 500)
        elif page.suffix == ".html" and page.is_file() and self.path.endswith(("/", ".html")):
            self.reply(page.read_text("utf-8"), "text/html")
        else:
            super().do_GET()

    def reply(self, text: str, kind: str, status: int = 200) -> None:
        """Send a text; a page with the script that reloads it."""
        if kind == "text/html":
            text += _RELOAD % (VERSION, self.state.version)
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for what is built."""


def serve(request: Request, port: int, tell: Callable[[str], object]) -> None:
    """Build the site, serve it on localhost, and build it again whenever a source changes; until interrupted.

    Raises:
        InputError: there is nothing to build, or no free port.
    """
    from watchfiles import watch

    folders(request.collections, request.content)
    # One process: forking beside the server's thread is not safe, and modules once loaded are fast.
    request = replace(request, pdf=False, site=True, jobs=1)
    state = State((request.output or Path("build")).absolute() / "site")
    server = start(state, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tell(f"http://{HOST}:{server.server_address[1]}/  (Ctrl-C ends)")
    try:
        rebuild(request, state, tell)
        for _ in watch(*sources(request)):
            rebuild(request, state, tell)
    finally:
        server.shutdown()
        server.server_close()


def start(state: State, port: int, tries: int = 20) -> ThreadingHTTPServer:
    """A server on the first free port from ``port`` on.

    Raises:
        InputError: none of them is free.
    """
    for number in range(port, min(port + tries, 65536)):
        try:
            return ThreadingHTTPServer((HOST, number), lambda *args: Handler(*args, state=state))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise InputError(f"no port from {port} on is free", hint="choose another one with --port")


def rebuild(request: Request, state: State, tell: Callable[[str], object]) -> None:
    """Build once; what goes wrong is told, and shown instead of the pages."""
    try:
        documents = run(request)
        raise_errors([d.error for d in documents if d.error])
        state.problem = ""
        for document in documents:
            tell(document.summary)
    except WorkingsError as error:
        state.problem = str(error)
        tell(f"error: {error}")
    state.version += 1


def sources(request: Request) -> list[Path]:
    """The folders whose files go into the site."""
    ours = (Path(__file__).parent / "templates", Path(__file__).parents[1] / "templates")
    places = [request.content, site_source(), *request.templates, *ours]
    return [place for place in places if place.is_dir()]
