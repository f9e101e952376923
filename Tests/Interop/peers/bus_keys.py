"""Keys for an encrypted bus, as `causeway keys` prints them."""

import re
import subprocess
from dataclasses import dataclass

from .gateway import binary

_LINE = re.compile(r'^ +(server-key|public-key|secret-key): "([^"]{40})"$', re.MULTILINE)


@dataclass(frozen=True)
class BusKeys:
    #: For the configuration of every service.
    service: dict[str, str]
    #: For the environment of a broker, over the same configuration.
    broker: dict[str, str]
    secrets: tuple[str, ...]


def fresh_keys() -> BusKeys:
    """A pair for the brokers and one for the services."""
    printed = subprocess.run([binary(), "keys"], capture_output=True, text=True, timeout=20, check=True)
    if printed.stderr:
        raise AssertionError(f"causeway keys said more than its keys: {printed.stderr}")
    found = _LINE.findall(printed.stdout)
    if [name for name, _ in found] != ["server-key", "secret-key", "server-key", "public-key", "secret-key"]:
        raise AssertionError(f"causeway keys printed {printed.stdout}")
    broker, service = dict(found[:2]), dict(found[2:])
    return BusKeys(service, {
        "CAUSEWAY_BUS_CURVE_SECRET_KEY": broker["secret-key"],
        "CAUSEWAY_BUS_CURVE_PUBLIC_KEY": "",
        "CAUSEWAY_BUS_CURVE_CLIENTS": service["public-key"],
    }, (broker["secret-key"], service["secret-key"]))
