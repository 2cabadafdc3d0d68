"""Certificates for the TLS suites, made by openssl: an authority of our own and what it signs."""

import pathlib
import subprocess


def run(*args: str, cwd: pathlib.Path):
    subprocess.run(["openssl", *args], cwd=cwd, check=True, capture_output=True)


class Authority:
    def __init__(self, folder: pathlib.Path, name: str = "ca"):
        self.folder = folder
        self.name = name
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj",
            f"/CN=Signalbox test authority {name}", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", cwd=folder)

    @property
    def pem(self) -> str:
        return str(self.folder / f"{self.name}.pem")

    def sign(self, name: str, san: str, *, days: int = 2, usage: str = "serverAuth"
             ) -> tuple[str, str]:
        """(certificate, key) files for `san`; with negative `days` it is expired already."""
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", cwd=self.folder)
        (self.folder / f"{name}.ext").write_text(
            f"subjectAltName={san}\nextendedKeyUsage={usage}\nbasicConstraints=CA:FALSE\n")
        if days > 0:
            run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem", "-CAkey",
                f"{self.name}.key", "-CAcreateserial", "-out", f"{name}.pem", "-days", str(days),
                "-extfile", f"{name}.ext", cwd=self.folder)
        else:
            self._sign_in_the_past(name)
        return str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")

    def _sign_in_the_past(self, name: str):
        """`openssl ca` is the one command that takes both dates."""
        (self.folder / "index.txt").write_text("")
        (self.folder / "serial").write_text("77\n")
        (self.folder / "ca.conf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\n"
            "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
        run("ca", "-batch", "-config", "ca.conf", "-in", f"{name}.csr", "-out", f"{name}.pem",
            "-cert", f"{self.name}.pem", "-keyfile", f"{self.name}.key", "-startdate",
            "20200101000000Z", "-enddate", "20200102000000Z", "-extfile", f"{name}.ext", "-notext",
            cwd=self.folder)


def self_signed(folder: pathlib.Path, name: str, san: str) -> tuple[str, str]:
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name}", "-addext",
        f"subjectAltName={san}", cwd=folder)
    return str(folder / f"{name}.pem"), str(folder / f"{name}.key")
