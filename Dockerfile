# Two stages: a virtual environment from pinned requirements, and an image without compilers.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/portalwatch
COPY requirements/runtime.txt requirements/
RUN /opt/portalwatch/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY agent agent
COPY probes probes
COPY demo demo
COPY config/requirements.yaml config/
# hatchling comes from the development lock, for this stage alone.
COPY requirements/dev.txt requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/dev.txt \
    && /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/portalwatch/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="portalwatch" \
      org.opencontainers.image.description="Synthetic monitoring for public-service portals" \
      org.opencontainers.image.licenses="Apache-2.0"
# certutil makes Chromium trust a private CA, setpriv ties the browser to the agent, the fonts have Vietnamese glyphs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium-headless-shell fonts-noto-core libnss3-tools tini util-linux \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home portalwatch \
    && install -d -o portalwatch -g portalwatch /data
COPY --from=build /opt/portalwatch /opt/portalwatch
COPY config /etc/portalwatch
USER portalwatch
WORKDIR /data
VOLUME /data
EXPOSE 9464
ENV PATH=/opt/portalwatch/bin:$PATH PYTHONUNBUFFERED=1
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["tini", "--", "portalwatch"]
CMD ["run", "--config", "/etc/portalwatch", "--data", "/data"]
