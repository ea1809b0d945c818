# syntax=docker/dockerfile:1
# The composition function as a container: Node, one file, nothing else. docs/guides/function.md says how it becomes a
# Crossplane package, and where the digests come from.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS bundle
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run bundle

FROM ${BASE_IMAGE}
COPY --from=bundle --chmod=0444 /src/build/function/owlnest.mjs /src/build/function/LICENSE /src/build/function/THIRD-PARTY-NOTICES.txt /owlnest/
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
ENV NODE_ENV=production
EXPOSE 8080 9443
ENTRYPOINT ["/nodejs/bin/node", "/owlnest/owlnest.mjs", "serve"]
