"""SIP messages as values (RFC 3261 section 7), as much of them as a test looks at."""

from dataclasses import dataclass, field

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "l": "content-length", "c": "content-type",
            "m": "contact", "s": "subject", "k": "supported", "e": "content-encoding"}


def _name(text: str) -> str:
    lower = text.strip().lower()
    return _COMPACT.get(lower, lower)


@dataclass
class SIPMessage:
    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def is_request(self) -> bool:
        return not self.start.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        return self.start.split(" ", 1)[0] if self.is_request else self.header("CSeq").split()[1]

    @property
    def uri(self) -> str:
        return self.start.split(" ")[1]

    @property
    def user(self) -> str:
        """The user part of the Request-URI, still percent-encoded."""
        return self.uri.partition(":")[2].partition("@")[0]

    @property
    def status(self) -> int:
        return int(self.start.split(" ")[1])

    @property
    def reason(self) -> str:
        return self.start.split(" ", 2)[2]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def header(self, name: str) -> str | None:
        values = self.all(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if _name(key) == _name(name)]

    @property
    def branch(self) -> str:
        """What identifies the transaction: branch and sent-by of the topmost Via (RFC 3261 section 17.2.3)."""
        via = self.header("Via").split(",")[0]
        sent_by, *parameters = [part.strip() for part in via.split(";")]
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "branch":
                return f"{value.strip()} {sent_by.split()[-1].lower()}"
        return ""

    @property
    def sender(self) -> str:
        """user@host of From, without display name, parameters and tag."""
        return address(self.header("From"))

    @property
    def recipient(self) -> str:
        """user@host of To, which no proxy changes on the way."""
        return address(self.header("To"))

    def octets(self) -> bytes:
        lines = [self.start]
        lines += [f"{name}: {value}" for name, value in self.headers if _name(name) != "content-length"]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + self.body

    def response(self, status: int, reason: str, tag: str, headers: list[tuple[str, str]] = ()) -> "SIPMessage":
        """The response of a user agent server (RFC 3261 section 8.2.6)."""
        copied = [("Via", value) for value in self.all("Via")]
        to = self.header("To")
        copied += [("From", self.header("From")), ("To", to if ";tag=" in to else f"{to};tag={tag}"),
                   ("Call-ID", self.header("Call-ID")), ("CSeq", self.header("CSeq"))]
        return SIPMessage(f"SIP/2.0 {status} {reason}", copied + list(headers))


def address(value: str) -> str:
    """user@host of a From, To or Contact value."""
    uri = value.split("<", 1)[1].split(">", 1)[0] if "<" in value else value
    return uri.partition(":")[2].split(";", 1)[0]


def parse(octets: bytes) -> SIPMessage:
    head, separator, body = octets.partition(b"\r\n\r\n")
    if not separator:
        raise ValueError(f"no end of headers in {octets[:80]!r}")
    start, *lines = head.decode("utf-8").split("\r\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in " \t" and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"no colon in header line {line!r}")
        headers.append((name.strip(), value.strip()))
    message = SIPMessage(start, headers, body)
    length = message.header("Content-Length")
    if length is not None:
        if int(length) > len(body):
            raise ValueError(f"Content-Length {length} but {len(body)} octets of body")
        message.body = body[: int(length)]
    return message


class StreamFramer:
    """Messages out of a TCP stream, by Content-Length (RFC 3261 section 18.3)."""

    def __init__(self):
        self._octets = b""

    def feed(self, octets: bytes) -> list[SIPMessage]:
        self._octets += octets
        messages = []
        while True:
            self._octets = self._octets.lstrip(b"\r\n")
            head, separator, rest = self._octets.partition(b"\r\n\r\n")
            if not separator:
                return messages
            length = parse_length(head)
            if len(rest) < length:
                return messages
            messages.append(parse(head + separator + rest[:length]))
            self._octets = rest[length:]


def parse_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if _name(name.decode("utf-8")) == "content-length":
            return int(value)
    raise ValueError(f"no Content-Length in a message over TCP: {head[:80]!r}")
