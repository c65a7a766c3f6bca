"""A real mail server and a real receiver of webhooks on this machine, whose answers a test lays down."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from steel_energy.alerts.alert import Alert
from steel_energy.alerts.message import Message, message_of
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.policy import Change, Notice
from steel_energy.alerts.settings import AlertSettings
from steel_energy.config import read_yaml
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT

USER, PASSWORD = "alerts", "correct-horse-battery"
SECRET_PATH = "/services/T0SECRET/B0SECRET/xyzzySECRET"  # noqa: S105 - nobody's
NOW = dt.datetime(2018, 12, 10, 9, 0, tzinfo=dt.UTC)
OK, BUSY, REFUSED = "250 OK", "451 try later", "554 no"


@pytest.fixture(scope="session")
def params() -> AlertParams:
    """The project's own, only that nobody waits long."""
    changes = {"pause_s": 0.02, "attempt_timeout_s": 3.0, "patience_s": 9.0}
    return AlertParams.model_validate(read_yaml(PROJECT_ROOT / "params.yaml")["alerts"] | changes)


def toy_alert(**changes: Any) -> Alert:
    values = {
        "key": "toy/drift",
        "plant": "toy",
        "kind": "drift",
        "severity": "warning",
        "title": "readings drifted (severe): usage_kwh",
        "facts": ("usage_kwh (severe): PSI 0.43, usually up to 0.12; mean 31.2 instead of 27.4.",),
        "since": dt.datetime(2018, 12, 3, tzinfo=dt.UTC),
        "advice": "Find out what changed.",
        "link": "http://127.0.0.1:3000/assets/drift_report",
    }
    return Alert.model_validate(values | changes)


@pytest.fixture(scope="session")
def make_alert() -> Callable[..., Alert]:
    """Makes a warning about drift of the toy plant, with changes."""
    return toy_alert


@pytest.fixture(scope="session")
def now() -> dt.datetime:
    return NOW


@pytest.fixture(scope="session")
def make_message() -> Callable[..., Message]:
    """Makes the message of some alerts, all of them new."""

    def make(*alerts: Alert, change: Change = "new") -> Message:
        notices = [Notice(alert=alert, change=change) for alert in alerts or (toy_alert(),)]
        return message_of(notices, channel="test", told={}, at=NOW)

    return make


@pytest.fixture(scope="session")
def answer() -> type[Answer]:
    """An answer of the receiver."""
    return Answer


@dataclass
class MailServer:
    """What a mail server took, and what it is to answer next; one answer a message, the last one for ever."""

    port: int
    ca_file: Path
    answers: list[str] = field(default_factory=lambda: [OK])
    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    attempts: int = 0
    delay_s: float = 0.0

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.attempts += 1
        time.sleep(self.delay_s)  # noqa: ASYNC251 - the whole server is to be slow
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == OK:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return answer

    def settings(self, security: str, **changes: Any) -> AlertSettings:
        values = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": security,
            "smtp_ca_file": self.ca_file,
            "mail_from": "Steel alerts <steel@plant.example>",
            "mail_to": "operator@plant.example, energy@plant.example",
        }
        return AlertSettings(**(values | changes))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of this machine that no one else trusts, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "plant")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem, key_file = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, key_file


@pytest.fixture
def mail_server(certificate: tuple[Path, Path]) -> Iterator[Callable[..., MailServer]]:
    """Starts mail servers: ``security`` as in the settings, and whether a login is asked for."""
    running: list[Controller] = []

    def start(security: str = "none", *, login: bool = False) -> MailServer:
        server = MailServer(free_port(), certificate[0])
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)

        def authenticate(_s: Any, _session: Any, _e: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
            server.logins.append(data.login.decode())
            is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
            return AuthResult(success=is_right, handled=False)  # the library answers

        options: dict[str, Any] = {"authenticator": authenticate, "auth_required": True} if login else {}
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        elif security == "tls":
            options |= {"ssl_context": context, "auth_require_tls": False} if login else {"ssl_context": context}
        controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
        controller.start()
        running.append(controller)
        return server

    yield start
    for controller in running:
        controller.stop()


@dataclass(frozen=True)
class Answer:
    """What a receiver says to one request."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    raw: bytes | None = None
    """In the place of an answer that is HTTP at all."""


@dataclass
class Receiver:
    """What a receiver got, and what it is to answer next; the last answer for ever."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def settings(self, **changes: Any) -> AlertSettings:
        return AlertSettings(webhook_url=SecretStr(self.url), **changes)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.times.append(time.monotonic())
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            time.sleep(answer.delay_s)
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                return
            if answer.status < 300:
                state.got.append(json.loads(body))
                state.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(answer.status)
            for name, value in ({"content-type": "text/plain"} | answer.headers).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):  # the caller had no more patience
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}{SECRET_PATH}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield state
        server.shutdown()
        thread.join()
