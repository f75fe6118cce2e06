"""A wrong declaration is refused where it is written, in a sentence that names the fix."""

import dataclasses
import re
from typing import Any

import pytest

from railiance import (
    AdditionalHost,
    DeclarationError,
    DjangoApp,
    Image,
    MediaVolume,
    Resources,
    Schedule,
    SharedDatabase,
    Smoke,
    SmokeEntry,
    Worker,
)
from railiance.fleet import check
from railiance.platform import Platform
from tests.frozen import APPS, RAILIANCE01
from tests.made_up import NOTIZEN, PLAIN

IMAGE = {
    "repository": "gitea.coulomb.social/coulomb/plain",
    "tag": "483a4df",
    "digest": "sha256:" + "a" * 64,
}


def app(**changes: Any) -> DjangoApp:
    given: dict[str, Any] = {
        "name": "plain",
        "host": "plain.whywhynot.de",
        "image": Image(**IMAGE),
        "settings_module": "plain.settings.prod",
        "database": SharedDatabase(name="plain", role="plain"),
    }
    return DjangoApp(**given | changes)


def image(**changes: str) -> Image:
    return Image(**IMAGE | changes)


def entry(**changes: Any) -> SmokeEntry:
    given: dict[str, Any] = {
        "create_path": "/neu/",
        "title_field": "titel",
        "list_path": "/",
        "delete": "loeschen/",
    }
    return SmokeEntry(**given | changes)


BAD: dict[str, tuple[Any, str]] = {
    "name with a capital": (
        lambda: app(name="Plain"),
        "DjangoApp.name: 'Plain' is not a DNS label",
    ),
    "name with an underscore": (lambda: app(name="a_b"), "'a_b' is not a DNS label"),
    "name with a dot": (lambda: app(name="a.b"), "'a.b' is not a DNS label"),
    "name that ends in a hyphen": (lambda: app(name="a-"), "'a-' is not a DNS label"),
    "empty name": (lambda: app(name=""), "'' is not a DNS label"),
    "name of 64 characters": (lambda: app(name="a" * 64), "has 64 characters; a DNS label has at"),
    "name without room for a suffix": (lambda: app(name="a" * 60), "give at most 55 characters"),
    "name that starts with a digit": (lambda: app(name="1a"), "starts with a digit"),
    "name with a line break": (lambda: app(name="a\nb"), r"'a\nb' is not a DNS label"),
    "host with a scheme": (
        lambda: app(host="https://a.de"),
        "has a scheme; give the host alone, 'a.de'",
    ),
    "host with a port": (lambda: app(host="a.de:443"), "is not a host name"),
    "host with a path": (lambda: app(host="a.de/x"), "is not a host name"),
    "host without a dot": (lambda: app(host="intranet"), "is not a host name"),
    "host with capitals": (lambda: app(host="A.de"), "has capitals; write 'a.de'"),
    "wildcard host": (lambda: app(host="*.a.de"), "is a wildcard, which HTTP-01 cannot certify"),
    "address as host": (lambda: app(host="92.205.130.254"), "is an address; a certificate needs"),
    "host with an overlong label": (lambda: app(host="a" * 64 + ".de"), "is not a host name"),
    "host with an underscore": (lambda: app(host="a_b.de"), "is not a host name"),
    "empty host": (lambda: app(host=""), "'' is not a host name"),
    "host not among the allowed": (
        lambda: app(allowed_hosts=("other.de",)),
        "DjangoApp: allowed_hosts lacks the host 'plain.whywhynot.de'; add it",
    ),
    "host without its trusted origin": (
        lambda: app(csrf_trusted_origins=("https://other.de",)),
        "csrf_trusted_origins lacks 'https://plain.whywhynot.de'; add it",
    ),
    "additional host without its trusted origin": (
        lambda: app(
            additional_hosts=(AdditionalHost(host="b.de"),),
            csrf_trusted_origins=("https://plain.whywhynot.de",),
        ),
        "csrf_trusted_origins lacks 'https://b.de'; add it",
    ),
    "additional host not among the allowed": (
        lambda: app(
            additional_hosts=(AdditionalHost(host="b.de"),), allowed_hosts=("plain.whywhynot.de",)
        ),
        "allowed_hosts lacks the host 'b.de'; add it",
    ),
    "allowed host that nothing serves": (
        lambda: app(allowed_hosts=("plain.whywhynot.de", "b.de")),
        "allowed_hosts has 'b.de', which nothing serves; add AdditionalHost(host='b.de') to",
    ),
    "origin of a host that nothing serves": (
        lambda: app(csrf_trusted_origins=("https://plain.whywhynot.de", "https://b.de")),
        "csrf_trusted_origins has 'https://b.de', which nothing serves; add AdditionalHost(host='b",
    ),
    "main host redirected": (
        lambda: app(additional_hosts=(AdditionalHost(host="plain.whywhynot.de", redirect=True),)),
        "the host 'plain.whywhynot.de' would be redirected to itself; remove redirect",
    ),
    "additional host twice": (
        lambda: app(
            additional_hosts=(
                AdditionalHost(host="b.de"),
                AdditionalHost(host="b.de", redirect=True),
            )
        ),
        "the host 'b.de' is declared twice",
    ),
    "two hosts that would share a certificate's Secret": (
        lambda: app(
            additional_hosts=(AdditionalHost(host="a.b.de"), AdditionalHost(host="a-b.de"))
        ),
        "two hosts would have their certificate in Secret 'a-b-de-tls'; rename one of them",
    ),
    "host that would share the main host's Secret": (
        lambda: app(name="b-de", additional_hosts=(AdditionalHost(host="b.de"),)),
        "two hosts would have their certificate in Secret 'b-de-tls'",
    ),
    "additional host with a scheme": (
        lambda: AdditionalHost(host="https://b.de"),
        "AdditionalHost.host: 'https://b.de' has a scheme; give the host alone, 'b.de'",
    ),
    "additional host that is too long": (
        lambda: AdditionalHost(host=".".join(["a" * 60] * 4)),
        "has 243 characters; give at most 190",
    ),
    "additional host as text": (
        lambda: app(additional_hosts=("b.de",)),
        "DjangoApp.additional_hosts: item 1: takes AdditionalHost, not text",
    ),
    "redirect to a named host": (
        lambda: AdditionalHost(host="b.de", redirect="plain.whywhynot.de"),  # type: ignore[arg-type]
        "AdditionalHost.redirect: takes bool, not text",
    ),
    "origin without a scheme": (
        lambda: app(csrf_trusted_origins=("plain.whywhynot.de",)),
        "is not an https origin; write 'https://plain.whywhynot.de'",
    ),
    "origin over http": (
        lambda: app(csrf_trusted_origins=("http://plain.whywhynot.de",)),
        "is not an https origin; write 'https://plain.whywhynot.de'",
    ),
    "one host where several are taken": (
        lambda: app(allowed_hosts="plain.whywhynot.de"),
        "DjangoApp.allowed_hosts: takes a tuple, not text; write it ('one', 'two')",
    ),
    "list for a tuple": (
        lambda: app(allowed_hosts=["plain.whywhynot.de"]),
        "takes a tuple, not list; write it ('one', 'two')",
    ),
    "number for a host": (lambda: app(host=5), "DjangoApp.host: takes text, not a whole number"),
    "text for an image": (lambda: app(image="a/b:c"), "DjangoApp.image: takes Image, not text"),
    "text for a port": (lambda: app(port="8000"), "DjangoApp.port: takes a whole number, not text"),
    "truth for a port": (lambda: app(port=True), "takes a whole number, not bool"),
    "port 0": (lambda: app(port=0), "0 is out of range; give 1 to 65535 as a port"),
    "port 65536": (lambda: app(port=65536), "65536 is out of range"),
    "privileged port": (lambda: app(port=80), "80 needs a privilege that the pods do not have"),
    "no replicas": (lambda: app(replicas=0), "0 is out of range; give 1 to 10 replicas"),
    "root": (lambda: app(run_as_user=0), "0 is out of range; give 1 to 65535 as a user id"),
    "timeout of 0": (lambda: app(migrate_timeout_seconds=0), "give 1 to 3600 seconds"),
    "negative timeout": (lambda: app(graceful_timeout_seconds=-1), "give 1 to 3600 seconds"),
    "timeout in words": (lambda: app(migrate_timeout_seconds="10m"), "takes a whole number, not"),
    "fractional timeout": (lambda: app(migrate_timeout_seconds=1.5), "a whole number, not float"),
    "timeout of a day": (lambda: app(migrate_timeout_seconds=86400), "86400 is out of range"),
    "title among smoke's fields": (
        lambda: entry(fields={"titel": "Meiner"}),
        "SmokeEntry: fields sets the title field 'titel'; remove it there",
    ),
    "secret among smoke's fields": (
        lambda: entry(fields={"password": "geheim"}),
        "SmokeEntry.fields: 'password' looks like a secret",
    ),
    "form field with a space": (lambda: entry(title_field="a b"), "'a b' is not a form field"),
    "absolute path to remove at": (lambda: entry(delete="/x/"), "'/x/' is not a relative path"),
    "removing on another host": (lambda: entry(delete="//a.de/"), "is not a relative path"),
    "HTMX path with a query": (lambda: Smoke(htmx_path="/x?y"), "Smoke.htmx_path: '/x?y' is not"),
    "title field as a number": (lambda: entry(title_field=1), "takes text, not a whole number"),
    "relative health path": (lambda: app(health_path="health/"), "'health/' is not a path"),
    "health path with a query": (lambda: app(health_path="/h?x=1"), "is not a path"),
    "health path with a host": (lambda: app(health_path="https://a.de/h"), "is not a path"),
    "settings as a file": (lambda: app(settings_module="a/settings.py"), "is not a Python module"),
    "development settings": (
        lambda: app(settings_module="plain.settings.dev"),
        "'plain.settings.dev' is not for production",
    ),
    "latest tag": (lambda: image(tag="latest"), "Image.tag: 'latest' moves from build to build"),
    "tag in the repository": (
        lambda: image(repository="gitea.coulomb.social/coulomb/plain:483a4df"),
        "names a tag or digest; give those as tag= and digest=",
    ),
    "digest in the repository": (
        lambda: image(repository="gitea.coulomb.social/plain@sha256:" + "a" * 64),
        "names a tag or digest",
    ),
    "repository without a registry": (lambda: image(repository="coulomb/plain"), "is not a host"),
    "repository without a path": (
        lambda: image(repository="gitea.coulomb.social"),
        "is not an image repository",
    ),
    "repository with capitals": (
        lambda: image(repository="gitea.coulomb.social/Coulomb/plain"),
        "is not an image repository",
    ),
    "empty tag": (lambda: image(tag=""), "'' is not an image tag"),
    "tag with a blank": (lambda: image(tag="a b"), "'a b' is not an image tag"),
    "digest without its algorithm": (lambda: image(digest="a" * 64), "is not a digest"),
    "digest too short": (lambda: image(digest="sha256:abc"), "'sha256:abc' is not a digest"),
    "digest with capitals": (lambda: image(digest="sha256:" + "A" * 64), "is not a digest"),
    "missing digest": (
        lambda: Image(repository="gitea.coulomb.social/a", tag="1"),  # type: ignore[call-arg]
        "Image.digest: missing; give digest=…",
    ),
    "misspelt field": (
        lambda: app(hots="a.de"),
        "DjangoApp.hots: no such field; did you mean host?",
    ),
    "unknown field": (
        lambda: app(zzzzzz=1),
        "DjangoApp.zzzzzz: no such field; docs/reference/declaration.md lists its fields",
    ),
    "unknown field of a small part": (
        lambda: SharedDatabase(name="a", role="a", zzzzzz=1),  # type: ignore[call-arg]
        "no such field; it has name, role, extensions, connection_limit",
    ),
    "abbreviated field": (lambda: app(env={}), "DjangoApp.env: no such field; did you mean envi"),
    "abbreviated field in the plural": (lambda: app(envs={}), "did you mean environment?"),
    "field by its consonants": (lambda: app(db=None), "did you mean database?"),
    "first word of a field": (lambda: app(health="/"), "did you mean health_path?"),
    "last word of a field": (lambda: app(user=1000), "did you mean run_as_user?"),
    "word of several fields": (
        lambda: app(secrets=()),
        "did you mean secret_keys or secret_files?",
    ),
    "value without its name": (
        lambda: SharedDatabase("plain", "plain"),  # type: ignore[call-arg]
        "SharedDatabase: values are given by name, such as name=…",
    ),
    "CPU in words": (lambda: Resources(cpu_request="half"), "'half' is not a CPU quantity"),
    "memory in thousandths of a byte": (
        lambda: Resources(memory_limit="512m"),
        "Resources.memory_limit: '512m' is not a size; give one like '512Mi'",
    ),
    "memory without a unit": (lambda: Resources(memory_limit="512"), "'512' is not a size"),
    "memory request above its limit": (
        lambda: Resources(memory_request="1Gi"),
        "Resources: memory_request 1Gi exceeds memory_limit 512Mi",
    ),
    "CPU request above its limit": (
        lambda: Resources(cpu_request="1500m"),
        "Resources: cpu_request 1500m exceeds cpu_limit 1",
    ),
    "volume of a negative size": (
        lambda: MediaVolume(mount_path="/m", size="-5Gi"),
        "'-5Gi' is not a size",
    ),
    "volume in a relative folder": (
        lambda: MediaVolume(mount_path="media", size="5Gi"),
        "'media' is not an absolute folder",
    ),
    "volume that climbs": (
        lambda: MediaVolume(mount_path="/app/../etc", size="5Gi"),
        "is not an absolute folder",
    ),
    "database with a hyphen": (
        lambda: SharedDatabase(name="vergabe-db", role="vergabe"),
        "'vergabe-db' is not a plain PostgreSQL name",
    ),
    "superuser as role": (
        lambda: SharedDatabase(name="a", role="postgres"),
        "SharedDatabase.role: 'postgres' is reserved by PostgreSQL",
    ),
    "reserved role": (
        lambda: SharedDatabase(name="a", role="pg_monitor"),
        "is reserved by PostgreSQL",
    ),
    "role of the operator": (
        lambda: SharedDatabase(name="a", role="cnpg_pooler_pgbouncer"),
        "'cnpg_pooler_pgbouncer' is reserved by PostgreSQL or CloudNativePG",
    ),
    "extension with a blank": (
        lambda: SharedDatabase(name="a", role="a", extensions=("pg trgm",)),
        "SharedDatabase.extensions: 'pg trgm' is not an extension's name; give one like 'pg_trgm'",
    ),
    "extension twice": (
        lambda: SharedDatabase(name="a", role="a", extensions=("citext", "citext")),
        "SharedDatabase: extensions ('citext', 'citext') repeats one; fix the list",
    ),
    "extension that reads other databases": (
        lambda: SharedDatabase(name="a", role="a", extensions=("dblink",)),
        "'dblink' reaches outside of the database; remove it",
    ),
    "extensions in one text": (
        lambda: SharedDatabase(name="a", role="a", extensions="pg_trgm"),  # type: ignore[arg-type]
        "takes a tuple, not text; write it ('one', 'two')",
    ),
    "no connection at all": (
        lambda: SharedDatabase(name="a", role="a", connection_limit=0),
        "SharedDatabase.connection_limit: 0 is out of range; give 1 to 1000 connections",
    ),
    "fewer connections than web pods and the migration open": (
        lambda: app(
            replicas=2,
            web_connections=5,
            database=SharedDatabase(name="a", role="a", connection_limit=16),
        ),
        "Job can open 17 connections during a rollout; give at least 17",
    ),
    "fewer connections than all processes open": (
        lambda: app(
            workers=(
                Worker(name="a", manage=("work",), replicas=2, connections=3),
                Worker(name="beat", manage=("beat",), single=True),
            ),
            schedules=(Schedule(name="daily", cron="10 3 * * *", manage=("b",), connections=2),),
            database=SharedDatabase(name="a", role="a", connection_limit=21),
        ),
        "can open 22 connections during a rollout; give at least 22",
    ),
    "version of CloudNativePG that nobody tried": (
        lambda: dataclasses.replace(RAILIANCE01, cloudnative_pg="1.29"),
        "Platform.cloudnative_pg: '1.29' is not one of '1.28', '1.30'",
    ),
    "DEBUG": (lambda: app(environment={"DEBUG": "True"}), "'DEBUG' may only be turned off"),
    "DJANGO_DEBUG": (lambda: app(environment={"DJANGO_DEBUG": "on"}), "'DJANGO_DEBUG' may only"),
    "DJANGODEBUG": (lambda: app(environment={"DJANGODEBUG": "1"}), "'DJANGODEBUG' may only be"),
    "DEBUG that may be read as on": (lambda: app(environment={"DEBUG": "0.5"}), "may only be"),
    "DEBUG as a secret": (lambda: app(secret_keys=("DEBUG",)), "'DEBUG' may not be set"),
    "setting that the pods are made with": (
        lambda: app(environment={"HOME": "/srv"}),
        "environment sets 'HOME', which is set already; remove it",
    ),
    "line break in a setting": (
        lambda: app(environment={"A": "b\nc"}),
        "'A' has a line break in its value; give one line",
    ),
    "no secret keys": (lambda: app(secret_keys=()), "is empty or repeats a key"),
    "secret key twice": (lambda: app(secret_keys=("A", "A")), "is empty or repeats a key"),
    "plain setting as a secret": (
        lambda: app(secret_keys=("ALLOWED_HOSTS",)),
        "secret_keys names 'ALLOWED_HOSTS', which is not secret",
    ),
    "volume over the writable folder": (
        lambda: MediaVolume(mount_path="/tmp/media", size="5Gi"),  # noqa: S108
        "'/tmp/media' is reserved in the container",
    ),
    "moving tag": (lambda: image(tag="main"), "'main' moves from build to build"),
    "development settings by half a name": (
        lambda: app(settings_module="plain.settings.dev_local"),
        "is not for production",
    ),
    "health path that climbs": (lambda: app(health_path="/../x"), "'/../x' is not a path"),
    "no CPU at all": (lambda: Resources(cpu_request="0.000"), "'0.000' is not a CPU quantity"),
    "keyword DSN": (
        lambda: app(environment={"PG_OPTIONS": "host=a password=geheim"}),
        "'PG_OPTIONS' looks like a secret",
    ),
    "code from a folder of uploads": (
        lambda: app(environment={"PYTHONPATH": "/app/media"}),
        "'PYTHONPATH' makes programs load other code",
    ),
    "a library before all others": (
        lambda: app(environment={"LD_PRELOAD": "/app/media/a.so"}),
        "'LD_PRELOAD' makes programs load other code",
    ),
    "a proxy": (
        lambda: app(environment={"HTTPS_PROXY": "http://proxy.example.org:3128"}),
        "'HTTPS_PROXY' sends the app's connections elsewhere",
    ),
    "other authorities": (
        lambda: app(environment={"SSL_CERT_FILE": "/app/media/ca.pem"}),
        "'SSL_CERT_FILE' sends the app's connections elsewhere",
    ),
    "a database without TLS": (
        lambda: app(environment={"PGSSLMODE": "disable"}),
        "'PGSSLMODE' changes how PostgreSQL's client connects",
    ),
    "cookies without TLS": (
        lambda: app(environment={"CSRF_COOKIE_SECURE": "0"}),
        "'CSRF_COOKIE_SECURE' lets the browser send the cookie without TLS",
    ),
    "any host": (
        lambda: app(environment={"DJANGO_ALLOWED_HOSTS": "*"}),
        "'DJANGO_ALLOWED_HOSTS' has a wildcard",
    ),
    "a stage for development": (
        lambda: app(environment={"DJANGO_ENV": "development"}),
        "'DJANGO_ENV' is for development",
    ),
    "a secret that loads code": (
        lambda: app(secret_keys=("SECRET_KEY", "DATABASE_URL", "PYTHONSTARTUP")),
        "'PYTHONSTARTUP' makes programs load other code",
    ),
    "broken address as host": (
        lambda: app(host="http://[::1"),
        "has a scheme; give the host alone",
    ),
    "number in the environment": (
        lambda: app(environment={"WORKERS": 2}),
        "DjangoApp.environment: 'WORKERS': takes text, not a whole number; put it in quotes",
    ),
    "truth in the environment": (
        lambda: app(environment={"A": "b", "FEATURE": True}),
        "DjangoApp.environment: 'FEATURE': takes text, not bool; put it in quotes",
    ),
    "number as a name in the environment": (
        lambda: app(environment={8000: "b"}),
        "DjangoApp.environment: a key: takes text, not a whole number",
    ),
    "number among secret keys": (
        lambda: app(secret_keys=("A", 5)),
        "DjangoApp.secret_keys: item 2: takes text, not a whole number",
    ),
    "number in an upgrade step": (
        lambda: app(upgrade_steps=(("rebuild",), ("wait", 5))),
        "DjangoApp.upgrade_steps: item 2: item 2: takes text, not a whole number; put it in quotes",
    ),
    "lower case in the environment": (
        lambda: app(environment={"workers": "2"}),
        "'workers' is not an environment variable",
    ),
    "setting that has its own field": (
        lambda: app(environment={"ALLOWED_HOSTS": "*"}),
        "environment sets 'ALLOWED_HOSTS', which is set already; remove it",
    ),
    "secret by its name": (
        lambda: app(environment={"SMTP_PASSWORD": "x"}),
        "'SMTP_PASSWORD' looks like a secret; put it into the app's Secret and into secret_keys",
    ),
    "secret by its value": (
        lambda: app(environment={"CACHE": "redis://u:geheim@redis/0"}),
        "'CACHE' looks like a secret",
    ),
    "wrong Kubernetes version": (
        lambda: dataclasses.replace(RAILIANCE01, kubernetes_version="v1.34.2"),
        "Platform.kubernetes_version: 'v1.34.2' is not a Kubernetes minor version",
    ),
    "wrong public address": (
        lambda: dataclasses.replace(RAILIANCE01, public_address="92.205.130"),
        "'92.205.130' is not an IP address",
    ),
    "repository with credentials": (
        lambda: dataclasses.replace(RAILIANCE01, repository_url="https://u:geheim@git.de/a.git"),
        "Platform.repository_url: holds credentials",
    ),
    "database host of another cluster": (
        lambda: dataclasses.replace(RAILIANCE01, postgres_host="gitea-db-rw.databases"),
        "is not the Cluster's own; give 'apps-pg-rw.databases'",
    ),
}


@pytest.mark.parametrize(("declare", "message"), BAD.values(), ids=BAD)
def test_wrong_value_is_refused_when_declared(declare: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)):
        declare()


def test_refusal_never_repeats_a_secret() -> None:
    for wrong in ({"TOKEN": "geheim-1"}, {"CACHE": "redis://u:geheim-1@redis/0"}):
        with pytest.raises(DeclarationError) as refused:
            app(environment=wrong)
        assert "geheim" not in str(refused.value)


def change(**changes: Any) -> DjangoApp:
    return dataclasses.replace(NOTIZEN, **{"allowed_hosts": (), **changes})


COLLISIONS: dict[str, tuple[list[DjangoApp], str]] = {
    "same name": ([NOTIZEN, NOTIZEN], "notizen and notizen both have name 'notizen'"),
    "same host": (
        [PLAIN, change(host=PLAIN.host)],
        "notizen and plain both have host 'plain.whywhynot.de'",
    ),
    "same database": (
        [PLAIN, change(database=SharedDatabase(name="plain", role="notizen"))],
        "notizen and plain both have database.name 'plain'",
    ),
    "same role": (
        [PLAIN, change(database=SharedDatabase(name="notizen", role="plain"))],
        "notizen and plain both have database.role 'plain'",
    ),
    "Gitea's host": (
        [change(host="gitea.coulomb.social")],
        "host 'gitea.coulomb.social' belongs to another service on railiance01",
    ),
    "Gitea's role": (
        [change(database=SharedDatabase(name="notizen", role="gitea"))],
        "role 'gitea' belongs to another service",
    ),
    "another registry": (
        [change(image=image(repository="docker.io/library/notizen"))],
        "image 'docker.io/library/notizen' is not from the registry gitea.coulomb.social",
    ),
    "the databases' namespace": ([change(name="databases")], "'databases' belongs to the platform"),
    "a host among another app's additional ones": (
        [PLAIN, change(additional_hosts=(AdditionalHost(host=PLAIN.host, redirect=True),))],
        "notizen and plain both have host 'plain.whywhynot.de'",
    ),
    "Gitea's host as an additional one": (
        [change(additional_hosts=(AdditionalHost(host="gitea.coulomb.social"),))],
        "host 'gitea.coulomb.social' belongs to another service on railiance01",
    ),
    "the root Application's file": (
        [change(name="root")],
        "the name 'root' belongs to the platform",
    ),
    "the root Application's name": (
        [change(name="railiance01")],
        "the name 'railiance01' belongs to the platform",
    ),
    "cert-manager's namespace": (
        [change(name="cert-manager")],
        "the name 'cert-manager' belongs to the platform",
    ),
    "a system namespace": ([change(name="kube-public")], "'kube-public' belongs to the platform"),
}


@pytest.mark.parametrize(("apps", "message"), COLLISIONS.values(), ids=COLLISIONS)
def test_apps_that_collide_are_refused(apps: list[DjangoApp], message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)):
        check(apps, RAILIANCE01)


def test_declared_apps_fit_the_platform() -> None:
    check([*APPS, NOTIZEN, PLAIN], RAILIANCE01)


ABOUT_SECRETS = {
    "PASSWORD_RESET_TIMEOUT": "3600",
    "TOKEN_LIFETIME_SECONDS": "300",
    "REFRESH_TOKEN_LIFETIME": "14 days",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "30",
    "TOKEN_TTL": "15m",
    "TOKEN_COUNT": "5",
    "MAX_TOKEN": "4096",
    "PASSWORD_MIN_LENGTH": "12",
    "LOGIN_TOKEN_PER_USER": "3",
    "TOKEN_ROTATION_AT": "12:30",
    "USE_TOKEN": "true",
    "API_KEY_HEADER": "X-Api-Key",
}


@pytest.mark.parametrize("name", ABOUT_SECRETS)
def test_setting_about_secrets_is_no_secret(name: str) -> None:
    assert app(environment={name: ABOUT_SECRETS[name]})


SECRETS = {
    "a number as a password": ("PASSWORD", "123456"),
    "a number as a token": ("AUTH_TOKEN", "300"),
    "a text behind the word": ("TOKEN_FOR_MAIL", "geheim"),
    "a text that begins with a number": ("TOKEN_ROTATION", "12 geheim"),
    "a text that counts": ("MAX_PASSWORD", "geheim"),
}


@pytest.mark.parametrize(("name", "value"), SECRETS.values(), ids=SECRETS)
def test_setting_that_is_named_like_a_secret_is_refused(name: str, value: str) -> None:
    with pytest.raises(DeclarationError, match="looks like a secret"):
        app(environment={name: value})


def test_environment_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        NOTIZEN.environment["DEBUG"] = "True"  # type: ignore[index]


def test_declarations_cannot_be_changed_afterwards() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NOTIZEN.host = "other.de"  # type: ignore[misc]
    assert isinstance(RAILIANCE01, Platform)
