from __future__ import annotations

import re
from typing import Any

import pytest


def test_the_docs_page_loads_nothing_from_outside(service: Any) -> None:
    page = service.client.get("/docs").text

    loaded = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page)
    addresses = {address for pair in loaded for address in pair if address}
    assert addresses == {
        "/docs/assets/swagger-ui.css",
        "/docs/assets/swagger-ui-bundle.js",
        "/docs/assets/favicon-light-32x32.png",
        "/openapi.json",
    }
    assert "//" not in page.replace("<!--", "").replace("-->", "").replace("</", "<")
    assert {service.client.get(address).status_code for address in addresses} == {200}


def test_the_front_page_leads_to_the_docs(service: Any) -> None:
    answer = service.client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_every_field_of_a_request_is_described(service: Any) -> None:
    schemas = service.client.get("/openapi.json").json()["components"]["schemas"]

    silent = [
        f"{name}.{field}"
        for name in ("MeterReading", "Batch", "ForecastRequest")
        for field, schema in schemas[name]["properties"].items()
        if "description" not in schema
    ]
    assert silent == []


@pytest.mark.parametrize("path", ["/predict", "/predict/batch", "/forecast", "/health", "/model/info", "/history"])
def test_the_document_names_the_one_error_shape(service: Any, path: str) -> None:
    operations = service.client.get("/openapi.json").json()["paths"][path]

    errors = {
        content["schema"]["$ref"]
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status >= "400"
        for content in response["content"].values()
    }
    assert errors == {"#/components/schemas/ErrorAnswer"}
