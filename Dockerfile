# A static binary on an empty image: no shell, no user but ours.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev gcc g++ make cmake perl
WORKDIR /src
COPY . .
# Alpine's target is musl: the binary needs no library of the system.
RUN cargo build --release --locked && mkdir /data

FROM scratch
COPY --from=build /src/target/release/mock-vneid /mock-vneid
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV MOCK_VNEID_LISTEN=0.0.0.0:8080
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=5s --timeout=3s CMD ["/mock-vneid", "readyz", "--listen", "127.0.0.1:8080"]
ENTRYPOINT ["/mock-vneid"]
