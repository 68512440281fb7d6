"""What browsers may do with the cookies of the room."""

from archive.web.access.protection import Application, Message, Receive, Scope, Send

_OURS = ("path", "httponly", "secure")


def kept(app: Application, prefix: str) -> Application:
    """The application with cookies that no script reads, for its own prefix alone, and over https nothing else.

    Cookies that come and are no ASCII, as none of ours is, are taken for none.
    """

    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_https = scope.get("scheme") == "https"
                headers = [
                    (name, _as_kept(value.decode("latin-1"), prefix, is_https).encode("latin-1"))
                    if name.lower() == b"set-cookie"
                    else (name, value)
                    for name, value in message.get("headers", [])
                ]
                message = {**message, "headers": headers}
            await send(message)

        if scope["type"] == "http":
            came = [(name, value) for name, value in scope["headers"] if name != b"cookie" or value.isascii()]
            scope = {**scope, "headers": came}
        await app(scope, receive, send_with_cookies)

    return keeping


def _as_kept(cookie: str, prefix: str, is_https: bool) -> str:
    """
    >>> _as_kept("ds_actor=x; Path=/; SameSite=lax", "/archive/", True)
    'ds_actor=x; SameSite=lax; Path=/archive/; HttpOnly; Secure'
    """
    attributes = [part for part in cookie.split("; ") if part.partition("=")[0].lower() not in _OURS]
    return "; ".join((*attributes, f"Path={prefix}", "HttpOnly", *(("Secure",) if is_https else ())))
