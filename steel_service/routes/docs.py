"""GET /docs: the Swagger page, from files that come with BentoML; the page loads nothing from outside."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

ASSETS_PATH = "/docs/assets"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""What the page may load: its own files, and the one script that stands in it."""

router = APIRouter(include_in_schema=False)


def install_docs(app: FastAPI) -> None:
    """Serve the Swagger page and its files, and lead ``/`` there."""
    app.mount(ASSETS_PATH, StaticFiles(directory=swagger_folder()), name="docs-assets")
    app.router.routes.extend(router.routes)


def swagger_folder() -> Path:
    """Folder of the Swagger files that are installed with BentoML."""
    spec = find_spec("bentoml")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("bentoml is missing: pip install 'steel-energy-copilot[service]'")
    return Path(spec.origin).parent / "_internal" / "server" / "static_content"


@router.get("/")
async def root() -> RedirectResponse:
    """The docs are the front page."""
    return RedirectResponse("/docs")


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The Swagger page; its validator badge would call an outside server, so it is off."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Steel energy API",
        swagger_js_url=f"{ASSETS_PATH}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS_PATH}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS_PATH}/favicon-light-32x32.png",
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0},
    )
    page.headers["Content-Security-Policy"] = content_policy(page.body)
    return page


def content_policy(page: bytes | memoryview) -> str:
    """The policy under which a page runs the scripts that stand in it and no other."""
    digests = (b64encode(sha256(script).digest()).decode() for script in INLINE_SCRIPT.findall(bytes(page)))
    return POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in digests))
