# syntax=docker/dockerfile:1
# Three images of one code, none with any data in it: `docker build .` makes the service, `--target assets` Dagster with
# MLflow, `--target ui` the dashboard. docs/deploy.md says how they are run.
ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

FROM ${BASE} AS sources
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY deploy/install.sh deploy/
COPY steel_energy/__init__.py steel_energy/

FROM sources AS wheel
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

# The service without torch answers from every champion but one that a neural network is part of; for such a one:
# --build-arg EXTRAS=service,onnx,chronos
FROM sources AS service-environment
ARG EXTRAS=service,onnx
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN --mount=type=cache,target=/root/.cache/pip deploy/install.sh libraries /opt/venv "${EXTRAS}" "${TORCH_INDEX}"
COPY --from=wheel /dist /dist
RUN deploy/install.sh package /opt/venv /dist/*.whl

FROM sources AS assets-environment
ARG ASSETS_EXTRAS=assets,chronos,onnx
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN --mount=type=cache,target=/root/.cache/pip deploy/install.sh libraries /opt/venv "${ASSETS_EXTRAS}" "${TORCH_INDEX}"
COPY --from=wheel /dist /dist
RUN deploy/install.sh package /opt/venv /dist/*.whl

FROM sources AS ui-environment
RUN --mount=type=cache,target=/root/.cache/pip deploy/install.sh libraries /opt/venv ui
COPY --from=wheel /dist /dist
RUN deploy/install.sh package /opt/venv /dist/*.whl

# What all three run on. The root file system may be read-only: they write to /data and /tmp alone.
FROM ${BASE} AS runtime
# hadolint ignore=DL3008 # Debian's mirrors keep no older version that a pin could name
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libgomp1 \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 steel \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin steel \
  && install --directory --owner 10001 --group 10001 /data
ENV PATH=/opt/venv/bin:${PATH} \
  HOME=/tmp \
  PYTHONUNBUFFERED=1 \
  PYTHONDONTWRITEBYTECODE=1 \
  BENTOML_DO_NOT_TRACK=true \
  BENTOML_HOME=/tmp/bentoml \
  DO_NOT_TRACK=1 \
  MLFLOW_DISABLE_TELEMETRY=true \
  STEEL_HOME=/app \
  STEEL_DATA_DIR=/data
WORKDIR /app
COPY params.yaml workspace.yaml ./
COPY data/plants data/plants
COPY data/tariffs data/tariffs

FROM runtime AS assets
COPY --from=assets-environment /opt/venv /opt/venv
ENV DAGSTER_HOME=/data/dagster \
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
  CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 3000, timeout=5); c.request('GET', '/server_info'); exit(c.getresponse().status != 200)"]
CMD ["dagster-webserver", "--workspace", "workspace.yaml", "--host", "0.0.0.0", "--port", "3000"]

FROM runtime AS ui
COPY --from=ui-environment /opt/venv /opt/venv
ENV STEEL_UI_HOST=0.0.0.0
USER 10001:10001
EXPOSE 5006
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 5006, timeout=5); c.request('GET', '/liveness'); exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "steel_ui"]

# Last, so that it is what `docker build .` makes. On 0.0.0.0 it starts only with keys: see docs/deploy.md.
FROM runtime AS service
COPY --from=service-environment /opt/venv /opt/venv
ENV STEEL_API_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/readyz'); exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "steel_service"]
