"""Does a browser keep to itself? Switches change their names from one version to the next, so each is tried out."""

import asyncio
from contextlib import closing, suppress
from socket import AF_INET, SOCK_DGRAM, create_server, socket

from playwright.async_api import Browser, Error, Route

URL = "http://probe.invalid/"
PAGE = """<!doctype html><link rel="preconnect" href="http://{address}"><img src="http://{address}/"><script>
const peer = new RTCPeerConnection({{iceServers: [
  {{urls: "stun:{address}"}}, {{urls: "turn:{address}?transport=tcp", username: "x", credential: "x"}}
]}});
const gathered = new Promise(done => {{
  peer.onicegatheringstatechange = () => peer.iceGatheringState == "complete" && done();
}});
peer.createDataChannel("x");
peer.createOffer().then(offer => peer.setLocalDescription(offer));
new WebSocket("ws://{address}/");
</script>"""
"""Every way in which a page is known to make a browser dial past the requests that it reports."""
LONGEST_TRY = 3.0
"""Seconds; a browser that may dial does so within some milliseconds."""


async def reaches_out(browser: Browser) -> bool:
    """Whether a page brings the browser to dial an address, here a port of this machine."""
    with closing(create_server(("127.0.0.1", 0))) as streams, closing(socket(AF_INET, SOCK_DGRAM)) as datagrams:
        host, port = streams.getsockname()
        datagrams.bind((host, port))
        streams.setblocking(False)
        datagrams.setblocking(False)
        await _show(browser, PAGE.format(address=f"{host}:{port}"))
        return _came(streams) or _came(datagrams)


async def _show(browser: Browser, html: str) -> None:
    async def answer(route: Route) -> None:
        with suppress(Error):
            if route.request.url == URL:
                await route.fulfill(body=html, content_type="text/html")
            else:
                await route.abort()

    context = await browser.new_context(service_workers="block")
    try:
        await context.route("**/*", answer)
        page = await context.new_page()
        with suppress(TimeoutError, Error):
            async with asyncio.timeout(LONGEST_TRY):
                await page.goto(URL)
                await page.evaluate("gathered")
    finally:
        await context.close()


def _came(listening: socket) -> bool:
    """Whether a connection or a datagram waits."""
    try:
        if listening.type == SOCK_DGRAM:
            listening.recv(1)
        else:
            listening.accept()[0].close()
    except BlockingIOError:
        return False
    return True
