# syntax=docker/dockerfile:1
# One binary with everything inside: pages, styles, wasm, migrations. Debian 12 throughout, so the C libraries agree.

FROM rust:1-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends mold curl ca-certificates xz-utils \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add wasm32-unknown-unknown
COPY --from=node:22-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src

# The web tools change rarely: their layer is kept while the sources move.
COPY app/package.json app/package-lock.json app/.npmrc app/
RUN cd app && npm ci --no-fund --no-audit

COPY . .
# Assets first: the release binary embeds them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo xtask assets --release \
 && cargo build --release --locked -p app --bin thuoc \
 && install -D target/release/thuoc /out/thuoc

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --create-home thuoc
COPY --from=build /out/thuoc /usr/local/bin/thuoc
USER thuoc
WORKDIR /data
VOLUME /data
# Uploads are spooled where there is disk, not into a memory file system.
ENV THUOC_LISTEN=0.0.0.0:8080 THUOC_DATA=/data TMPDIR=/data LOG_FORMAT=json
EXPOSE 8080
# The shell's own TCP is enough to ask whether the process answers; no download tool in the image.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD \
    ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["tini", "--", "thuoc"]
CMD ["serve"]
