"""Smoke on a real Django with a real PostgreSQL: whole, and broken one way each."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from box.certificates import Authority, Pair
from box.poll import until
from box.ports import LOOPBACK
from tests import frozen
from tests.standin.fixtures import WHO
from tests.standin.server import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin.fixtures import Superuser
    from tests.standin.postgres import Postgres
    from tests.standin.server import Address, Standin

TITLES = "SELECT titel FROM ausschreibungen_ausschreibung"


@dataclass(frozen=True)
class Smoke:
    """Calls the command as an operator does."""

    authority: Authority
    superuser: Superuser

    def command(self, at: Address, *further: str | Path) -> list[str | Path]:
        ports = (f"--https-port={at.https_port}", f"--http-port={at.http_port}")
        ops = (sys.executable, "-m", "ops", "smoke", f"--resolve={LOOPBACK}", *ports)
        return [*ops, *(further or self.usual)]

    @property
    def person(self) -> tuple[str, ...]:
        return (f"--user={self.superuser.name}", "--password-stdin")

    @property
    def usual(self) -> tuple[str | Path, ...]:
        return ("--ca", self.authority.pair.certificate, *self.person)

    def __call__(self, at: Address, *further: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(at, *further),
            cwd=frozen.FOLDER,
            input=f"{self.superuser.password}\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def states(self, at: Address, *further: str | Path) -> dict[str, str]:
        """The state of each check."""
        return states_of(self.checks(at, *further))

    def checks(self, at: Address, *further: str | Path) -> list[dict[str, str]]:
        """Each check as JSON tells it."""
        run = self(at, "--json", *(further or self.usual))
        assert run.stdout, run.stderr
        answer: dict[str, Any] = json.loads(run.stdout)
        assert answer["passed"] == (run.returncode == 0)
        assert self.superuser.password not in run.stdout + run.stderr
        return list(answer["results"])


@pytest.fixture
def smoke(authority: Authority, superuser: Superuser, postgres: Postgres) -> Iterator[Smoke]:
    """The command; what a broken app does not remove is removed for it."""
    yield Smoke(authority, superuser)
    left = "DELETE FROM ausschreibungen_ausschreibung WHERE titel LIKE 'ops smoke %'"
    postgres.sql(left, database="vergabe_db")
    # What was seeded belongs to others.
    assert len(postgres.sql(TITLES, database="vergabe_db")) == 2


def states_of(checks: list[dict[str, str]]) -> dict[str, str]:
    return {check["id"]: check["state"] for check in checks}


def failed(states: dict[str, str]) -> list[str]:
    return [check for check, state in states.items() if state == "failed"]


@pytest.mark.rehearsal(10, "smoke passes on an app that is well, and leaves nothing behind")
def test_app_that_is_well_passes(
    standin: Standin, certificate: Pair, smoke: Smoke, postgres: Postgres
) -> None:
    before = postgres.sql(TITLES, database="vergabe_db")
    with standin.serving(certificate) as at:
        run = smoke(at, *smoke.usual, "--logs", at.log)
        requests = at.log.read_text()
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith(f"smoke passed: 15 ok (https://{HOST})\n")
    assert postgres.sql(TITLES, database="vergabe_db") == before
    assert '"POST /ausschreibungen/neu/ HTTP/1.1" 302' in requests
    assert smoke.superuser.password not in run.stdout + run.stderr + requests


BROKEN = {
    "health": ("health", "/health/ answers 500"),
    "huge": ("health", "answers with more than 5 MiB"),
    "slow health": ("health", "/health/ is not answered: The read operation timed out"),
    "csrf": ("login", "/admin/login/ answers 403"),
    "echo": ("login", "refused: … {"),
    "dashboard": ("dashboard", "/ answers 500"),
    "loop": ("dashboard", "/ redirects more than 10 times"),
    "elsewhere": ("dashboard", "/ redirects to another origin, https://anderswo.example.org/"),
    "htmx": ("htmx", "answers HTMX with a whole page"),
    "refused": ("create", "the form came back: Dieses Feld ist zwingend erforderlich."),
    "logged out": ("create", "' may be there: asks to log in again, at /admin/login/"),
    "entry": ("create", "' may be there: /ausschreibungen/"),
    "nobody": ("login", "redirected to /admin/login/, but no session cookie was set"),
    "not saved": ("find", "/ausschreibungen/ has no link called 'ops smoke "),
    "not removed": ("remove", "' may be there: it is still listed; /ausschreibungen/ answered 200"),
    "logged out at the end": ("remove", "' may be there: asks to log in again, at /admin/login/"),
    "asks for another": ("remove", "/loeschen/ does not ask whether to remove it"),
    "static missing": ("static", ".js answers 404"),
    "content type": ("static", ".css is text/plain, not text/css"),
    "debug": ("debug", "shows Django's page for developers"),
    "no hsts": ("headers", "no Strict-Transport-Security"),
    "cookies": ("cookies", "sessionid is not Secure"),
}
"""What is broken, the check that must tell, and what it tells."""


@pytest.mark.parametrize(
    ("broken", "evidence"),
    [
        pytest.param(*pair, id=pair[0], marks=pytest.mark.rehearsal(11, f"smoke tells: {pair[0]}"))
        for pair in BROKEN.items()
    ],
)
def test_broken_app_fails_on_its_own_line(
    standin: Standin, certificate: Pair, smoke: Smoke, broken: str, evidence: tuple[str, str]
) -> None:
    with standin.serving(certificate, broken=broken) as at:
        checks = smoke.checks(at, *smoke.usual, "--timeout=5")
    check, told = evidence
    assert failed(states_of(checks)) == [check]
    assert told in next(line["evidence"] for line in checks if line["id"] == check)


@pytest.mark.rehearsal(12, "smoke that fails after saving removes what it created")
def test_failed_visit_removes_what_it_created(
    standin: Standin, certificate: Pair, smoke: Smoke, postgres: Postgres
) -> None:
    with standin.serving(certificate, broken="entry") as at:
        run = smoke(at)
    assert "not removed by its check; removing 'ops smoke 20" in run.stderr
    assert run.returncode == 1
    assert not left_over(postgres)


@pytest.mark.rehearsal(11, "smoke tells: no redirect")
def test_plain_http_that_is_served_fails(standin: Standin, certificate: Pair, smoke: Smoke) -> None:
    with standin.serving(certificate, redirects=False) as at:
        assert failed(smoke.states(at)) == ["redirect"]


@pytest.mark.rehearsal(11, "smoke tells: error in the log")
def test_error_in_the_log_fails(standin: Standin, certificate: Pair, smoke: Smoke) -> None:
    with standin.serving(certificate, broken="log") as at:
        states = smoke.states(at, *smoke.usual, "--logs", at.log)
    assert failed(states) == ["logs"]


def expired(authority: Authority, stem: Path) -> Pair:
    """The host's own certificate, of last year."""
    pair = authority.issue(stem, user=WHO, hosts=[HOST])
    fresh = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    signer = serialization.load_pem_private_key(authority.pair.key.read_bytes(), None)
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    year = datetime.timedelta(days=365)
    old = (
        x509.CertificateBuilder()
        .subject_name(fresh.subject)
        .issuer_name(fresh.issuer)
        .public_key(fresh.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(fresh.not_valid_before_utc - year)
        .not_valid_after(fresh.not_valid_after_utc - year)
    )
    for extension in fresh.extensions:
        old = old.add_extension(extension.value, critical=extension.critical)
    pair.write(old.sign(signer, hashes.SHA256()), key)
    return pair


@pytest.mark.parametrize(
    ("wrong", "check"),
    [("expired", "tls-chain"), ("unknown authority", "tls-chain"), ("other name", "tls-name")],
)
@pytest.mark.rehearsal(11, "smoke tells: wrong certificate")
def test_wrong_certificate_fails_and_no_password_is_sent(
    standin: Standin, smoke: Smoke, tmp_path: Path, wrong: str, check: str
) -> None:
    stranger = Authority(tmp_path)
    stranger.create()
    shown = {
        "expired": lambda: expired(smoke.authority, tmp_path / "shown"),
        "unknown authority": lambda: stranger.issue(tmp_path / "shown", user=WHO, hosts=[HOST]),
        "other name": lambda: smoke.authority.issue(
            tmp_path / "shown", user=WHO, hosts=["anderswo.example.org"]
        ),
    }[wrong]()
    with standin.serving(shown) as at:
        states = smoke.states(at)
        requests = at.log.read_text()
    assert failed(states) == [check]
    assert "/admin/login/" not in requests


def test_without_a_user_what_needs_one_is_no_pass(
    standin: Standin, certificate: Pair, smoke: Smoke, authority: Authority
) -> None:
    with standin.serving(certificate) as at:
        states = smoke.states(at, "--ca", authority.pair.certificate)
    assert not failed(states)
    passed = {"tls-chain", "tls-name", "redirect", "health", "static", "debug", "headers"}
    assert {check for check, state in states.items() if state == "ok"} == passed


def test_wrong_password_is_refused_in_the_apps_own_words(
    standin: Standin, certificate: Pair, smoke: Smoke, authority: Authority
) -> None:
    with standin.serving(certificate) as at:
        stranger = ("--user=niemand", "--password-stdin")
        run = smoke(at, "--ca", authority.pair.certificate, *stranger)
    assert run.returncode == 1
    assert "failed       login              refused: Bitte" in run.stdout
    assert smoke.superuser.password not in run.stdout


@pytest.mark.rehearsal(12, "smoke that is interrupted removes what it created")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_visit_removes_what_it_created(
    standin: Standin, certificate: Pair, smoke: Smoke, postgres: Postgres, number: signal.Signals
) -> None:
    """The list hangs once the entry is there, and works again after the interruption."""
    with standin.serving(certificate, broken="slow") as at:
        visit = subprocess.Popen(
            smoke.command(at),
            cwd=frozen.FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert visit.stdin
        visit.stdin.write(f"{smoke.superuser.password}\n")
        visit.stdin.flush()
        until(lambda: left_over(postgres), "the entry is there", 20)
        time.sleep(0.3)  # the list has been asked for
        os.kill(visit.pid, number)
        said = visit.communicate(timeout=30)[1]
    assert visit.returncode == 130
    assert "interrupted; removing 'ops smoke 20" in said
    assert "Traceback" not in said
    assert not left_over(postgres)


def left_over(postgres: Postgres) -> bool:
    titles = postgres.sql(TITLES, database="vergabe_db")
    return any(str(title).startswith("ops smoke ") for (title,) in titles)
