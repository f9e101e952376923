"""Digest authentication (RFC 3261 section 22, RFC 8760), both halves: asking for it, and doing it."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from .sip_message import SIPMessage

_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
_PARAMETER = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


def parameters(value: str) -> dict[str, str]:
    """Those of a challenge or of credentials, names in lower case."""
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(value.partition(" ")[2])}


def response(algorithm: str, user: str, realm: str, password: str, method: str, uri: str, nonce: str, count: str,
             own: str, quality: str = "auth") -> str:
    digest = lambda text: _HASHES[algorithm](text.encode("utf-8")).hexdigest()  # noqa: E731
    secret, what = digest(f"{user}:{realm}:{password}"), digest(f"{method}:{uri}")
    return digest(f"{secret}:{nonce}:{count}:{own}:{quality}:{what}" if quality else f"{secret}:{nonce}:{what}")


@dataclass
class Credentials:
    """Answers challenges."""

    user: str
    password: str

    def answer(self, challenge: str, method: str, uri: str, count: int = 1) -> str:
        asked = parameters(challenge)
        algorithm, own, number = asked.get("algorithm", "MD5"), secrets.token_hex(8), f"{count:08x}"
        quality = "auth" if "qop" in asked else ""
        proof = response(algorithm, self.user, asked["realm"], self.password, method, uri, asked["nonce"], number, own,
                         quality)
        values = [f'username="{self.user}"', f'realm="{asked["realm"]}"', f'nonce="{asked["nonce"]}"', f'uri="{uri}"',
                  f'response="{proof}"', f"algorithm={algorithm}"]
        if quality:
            values += ["qop=auth", f"nc={number}", f'cnonce="{own}"']
        if "opaque" in asked:
            values.append(f'opaque="{asked["opaque"]}"')
        return f"Digest {', '.join(values)}"


@dataclass
class Challenger:
    """Asks whoever sends a request who he is; `refused` are the reasons for which credentials were not believed."""

    realm: str
    user: str
    password: str
    algorithms: tuple[str, ...] = ("MD5",)
    is_proxy: bool = True
    nonce: str = field(default_factory=lambda: secrets.token_hex(12))
    requests: int = 0
    unasked: int = 0
    refused: list[str] = field(default_factory=list)

    def __call__(self, request: SIPMessage) -> tuple[int, str, list[tuple[str, str]]]:
        self.requests += 1
        asks, proves = ("Proxy-Authenticate", "Proxy-Authorization") if self.is_proxy else (
            "WWW-Authenticate", "Authorization")
        if (value := request.header(proves)) and self._believes(value, request):
            return 200, "OK", []
        status = (407, "Proxy Authentication Required") if self.is_proxy else (401, "Unauthorized")
        return *status, [(asks, f'Digest realm="{self.realm}", nonce="{self.nonce}", algorithm={algorithm}, qop="auth"')
                         for algorithm in self.algorithms]

    def _believes(self, value: str, request: SIPMessage) -> bool:
        given = parameters(value)
        algorithm = given.get("algorithm", "MD5")
        if given.get("nonce") != self.nonce:
            # What was accepted before is sent along unasked (RFC 3261 section 22.3): who does not know it asks anew.
            self.unasked += 1
        elif given.get("realm") != self.realm or given.get("username") != self.user:
            self.refused.append(f"realm or user: {value}")
        elif given.get("uri") != request.uri or algorithm not in self.algorithms:
            self.refused.append(f"URI or algorithm: {value}")
        elif given["response"] != response(
                algorithm, self.user, self.realm, self.password, request.method, request.uri, self.nonce,
                given.get("nc", ""), given.get("cnonce", ""), given.get("qop", "")):
            self.refused.append(f"response: {value}")
        else:
            return True
        return False
