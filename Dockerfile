# syntax=docker/dockerfile:1
# The composition function as a container: Node, one file, nothing else. docs/guides/function.md says how it becomes a
# Crossplane package. Pin both images by digest where releases are built.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS bundle
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run bundle

FROM ${BASE_IMAGE}
COPY --from=bundle --chmod=0444 /src/build/function/owlnest.mjs /owlnest/owlnest.mjs
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
ENV NODE_ENV=production
EXPOSE 8080 9443
ENTRYPOINT ["/nodejs/bin/node", "/owlnest/owlnest.mjs", "serve"]
