from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.errors import ConfigError
from steel_service.security.principals import Principal, Role
from steel_service.security.settings import SecuritySettings
from steel_service.security.tokens import Tokens, tokens_of

SECRET = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
PEM = serialization.Encoding.PEM


def claims(**other: Any) -> dict[str, Any]:
    return {"sub": "scada", "role": "operator", "exp": int(time.time()) + 60, **other}


def signed(payload: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **headers: Any) -> str:
    return jwt.encode(payload, key, algorithm=algorithm, headers=headers)


def part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def accepting(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Tokens]:
    def build(content: str | bytes = SECRET + "\n", **settings: Any) -> Tokens:
        file = tmp_path_factory.mktemp("jwt") / "key"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        tokens = tokens_of(SecuritySettings(api_jwt_key_file=file, **settings))
        assert tokens is not None
        return tokens

    return build


@pytest.fixture(scope="session")
def tokens(accepting: Callable[..., Tokens]) -> Tokens:
    return accepting()


def public_pem(private: Any) -> bytes:
    pem: bytes = private.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem


def private_pem(private: Any) -> bytes:
    plain = serialization.NoEncryption()
    pem: bytes = private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
    return pem


def test_a_signed_token_in_force_names_its_holder(tokens: Tokens) -> None:
    assert tokens.holder(signed(claims())) == Principal("scada", Role.OPERATOR, "token")


def test_what_an_identity_provider_adds_does_no_harm(tokens: Tokens) -> None:
    now = int(time.time())
    token = signed(claims(iat=now - 5, nbf=now - 5, jti="1", email="x@plant.example"), kid="key-2026", typ="at+jwt")

    assert tokens.holder(token) == Principal("scada", Role.OPERATOR, "token")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: signed(claims(exp=int(time.time()) - 1)), id="expired"),
        pytest.param(lambda: signed(claims(exp=0)), id="expired-in-1970"),
        pytest.param(lambda: signed(claims(exp="soon")), id="exp-no-number"),
        pytest.param(lambda: signed(claims(exp=None)), id="exp-null"),
        pytest.param(lambda: signed(claims(nbf=int(time.time()) + 60)), id="not-yet"),
        pytest.param(lambda: signed(claims(iat=int(time.time()) + 60)), id="issued-tomorrow"),
        pytest.param(lambda: signed({k: v for k, v in claims().items() if k != "exp"}), id="no-exp"),
        pytest.param(lambda: signed({k: v for k, v in claims().items() if k != "sub"}), id="no-sub"),
        pytest.param(lambda: signed({k: v for k, v in claims().items() if k != "role"}), id="no-role"),
        pytest.param(lambda: signed(claims(role="root")), id="unknown-role"),
        pytest.param(lambda: signed(claims(role="ADMIN")), id="role-in-capitals"),
        pytest.param(lambda: signed(claims(role=["admin"])), id="role-list"),
        pytest.param(lambda: signed(claims(role={"admin": 1})), id="role-object"),
        pytest.param(lambda: signed(claims(role=True)), id="role-true"),
        pytest.param(lambda: signed(claims(sub="")), id="empty-sub"),
        pytest.param(lambda: signed(claims(sub="a\nb")), id="sub-breaks-lines"),
        pytest.param(lambda: signed(claims(sub="x" * 129)), id="long-sub"),
        pytest.param(lambda: signed(claims(aud="another")), id="of-another-audience"),
        pytest.param(lambda: signed(claims(), OTHER), id="other-key"),
        pytest.param(lambda: signed(claims(), algorithm="HS512"), id="other-algorithm"),
        pytest.param(lambda: signed(claims(), "", algorithm="none"), id="alg-none"),
        pytest.param(lambda: f"{part({'alg': 'None'})}.{part(claims())}.", id="alg-None"),
        pytest.param(lambda: f"{part({'typ': 'JWT'})}.{part(claims())}.", id="no-alg"),
        pytest.param(lambda: f"{part({'alg': ['HS256']})}.{part(claims())}.AA", id="alg-list"),
        pytest.param(lambda: signed(claims()).rpartition(".")[0] + ".", id="unsigned"),
        pytest.param(lambda: signed(claims()).rpartition(".")[0], id="two-parts"),
        pytest.param(lambda: f"{signed(claims())}.", id="four-parts"),
        pytest.param(lambda: signed(claims(), kid="../../../dev/null"), id="kid-path"),
        pytest.param(lambda: signed(claims(), kid="' or 1=1 --"), id="kid-sql"),
        pytest.param(lambda: signed(claims(), jku="https://evil.example/keys"), id="jku"),
        pytest.param(lambda: signed(claims(), x5u="https://evil.example/chain"), id="x5u"),
        pytest.param(lambda: signed(claims(), jwk={"kty": "oct", "k": part(b"x" * 32)}), id="jwk"),
        pytest.param(lambda: signed(claims(), OTHER, jwk={"kty": "oct", "k": part(OTHER.encode())}), id="own-jwk"),
        pytest.param(lambda: signed(claims(), crit=["exp"]), id="crit"),
        pytest.param(lambda: signed(claims(), zip="DEF"), id="zip"),
        pytest.param(lambda: signed(claims(), typ="JWE"), id="another-type"),
        pytest.param(lambda: signed(claims(note="x" * 9000)), id="huge"),
        pytest.param(lambda: f"{part(b'[' * 5000)}.{part(claims())}.AA", id="nested-header"),
        pytest.param(lambda: f"{part(b'{}')}.{part(b'{}')}.{part(b'{}')}", id="empty-parts"),
    ],
)
def test_any_other_token_names_nobody(tokens: Tokens, wrong: Callable[[], str]) -> None:
    assert tokens.holder(wrong()) is None


@given(
    st.text() | st.lists(st.binary(max_size=40), min_size=3, max_size=3).map(lambda parts: ".".join(map(part, parts)))
)
def test_no_random_text_is_a_token(tokens: Tokens, text: str) -> None:
    assert tokens.holder(text) is None


def test_issuer_and_audience_must_be_the_ones_of_the_settings(accepting: Callable[..., Tokens]) -> None:
    tokens = accepting(api_jwt_issuer="https://id.example", api_jwt_audience="steel")
    right = {"iss": "https://id.example", "aud": ["steel", "mail"]}

    assert tokens.holder(signed(claims(**right))) is not None
    for wrong in ({"iss": "https://evil.example"}, {"aud": "mail"}):
        assert tokens.holder(signed(claims(**{**right, **wrong}))) is None
    for missing in right:
        assert tokens.holder(signed(claims(**{k: v for k, v in right.items() if k != missing}))) is None


def test_a_public_key_checks_and_cannot_sign(accepting: Callable[..., Tokens]) -> None:
    pairs = {"ES256": ec.generate_private_key(ec.SECP256R1()), "RS256": rsa.generate_private_key(65537, 2048)}
    for algorithm, private in pairs.items():
        tokens = accepting(public_pem(private), api_jwt_algorithm=algorithm)
        # the public key taken for a shared secret, as in the attack on libraries that let the token choose
        header, payload = part({"alg": "HS256", "typ": "JWT"}), part(claims())
        hmac_key = jwt.get_algorithm_by_name("HS256")
        forged = hmac_key.sign(f"{header}.{payload}".encode(), public_pem(private))

        assert tokens.holder(signed(claims(), private, algorithm)) == Principal("scada", Role.OPERATOR, "token")
        assert tokens.holder(f"{header}.{payload}.{part(forged)}") is None


@pytest.mark.parametrize(
    ("content", "algorithm", "words"),
    [
        pytest.param(b"short", "HS256", "below the", id="short-secret"),
        pytest.param(b"", "HS256", "holds no key of HS256", id="empty"),
        pytest.param(b"no pem", "RS256", "holds no key of RS256", id="no-pem"),
        pytest.param("public", "HS256", "holds no key of HS256", id="public-key-as-secret"),
        pytest.param("private", "ES256", "holds a private key", id="private-key"),
        pytest.param("public", "RS256", "holds no key of RS256", id="key-of-another-algorithm"),
        pytest.param(None, "HS256", "cannot be read", id="no-file"),
    ],
)
def test_a_key_that_does_not_fit_is_refused_at_start(
    tmp_path: Path, content: bytes | str | None, algorithm: Any, words: str
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    file = tmp_path / "key"
    written = {"public": public_pem(private), "private": private_pem(private)}.get(str(content), content)
    if isinstance(written, bytes):
        file.write_bytes(written)

    with pytest.raises(ConfigError, match=words) as raised:
        tokens_of(SecuritySettings(api_jwt_key_file=file, api_jwt_algorithm=algorithm))
    assert raised.value.field == "STEEL_API_JWT_KEY_FILE"


def test_without_a_key_file_there_are_no_tokens() -> None:
    assert tokens_of(SecuritySettings()) is None
