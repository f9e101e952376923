"""Certificates of one day, by openssl: a test authority and what it issues."""

import pathlib
import ssl
import subprocess
from dataclasses import dataclass

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Identity:
    """Who somebody is on TLS, and whose word about others he takes."""

    certificate: pathlib.Path | None
    key: pathlib.Path | None
    authority: pathlib.Path

    def context(self, purpose: ssl.Purpose) -> ssl.SSLContext:
        """Asks a client for a certificate, and a server for one of its name; a client without one is taken too."""
        context = ssl.create_default_context(purpose, cafile=str(self.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        if purpose is ssl.Purpose.CLIENT_AUTH:
            context.verify_mode = ssl.CERT_OPTIONAL
        return context


class Authority:
    """Issues certificates that whoever trusts `certificate` believes."""

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self._key = folder / "authority.pem", folder / "authority.key"
        _openssl("req", "-x509", *_KEY, "-keyout", self._key, "-out", self.certificate, "-days", "1",
                 "-subj", "/CN=Authority of the interop tests")

    def identity(self, domain: str, folder: pathlib.Path) -> Identity:
        return Identity(*self.issue(domain, folder), self.certificate)

    def issue(self, domain: str, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
        """DOMAIN.crt and DOMAIN.key in the folder."""
        certificate, key, request = _paths(domain, folder)
        extension = folder / f"{domain}.ext"
        extension.write_text(f"subjectAltName=DNS:{domain}\n")
        _openssl("req", "-new", *_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={domain}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
                 "-out", certificate, "-days", "1", "-extfile", extension)
        return certificate, key


def self_signed(domain: str, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """DOMAIN.crt and DOMAIN.key in the folder; nobody has a reason to believe them."""
    certificate, key, _ = _paths(domain, folder)
    _openssl("req", "-x509", *_KEY, "-keyout", key, "-out", certificate, "-days", "1", "-subj", f"/CN={domain}",
             "-addext", f"subjectAltName=DNS:{domain}")
    return certificate, key


def _paths(domain: str, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{domain}.crt", folder / f"{domain}.key", folder / f"{domain}.csr"


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, capture_output=True,
                   timeout=60)
