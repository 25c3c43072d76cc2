# Postmesh: one image; its first word is what it does: ingress | policy | signer | delivery | run | dev | broker | sink | load | health ...
# deploy/image/build lays out target/image and builds it. BASE needs a Java 25 at /usr/bin/java, glibc, libstdc++ and libssl3, no shell.
ARG BASE=gcr.io/distroless/java25-debian13:nonroot

FROM ${BASE} AS plain
COPY target/image/lib/ /opt/postmesh/lib/
COPY target/image/app/ /opt/postmesh/
COPY target/image/bin/ /usr/bin/
COPY --chown=65532:65532 target/image/data/ /var/lib/postmesh/
USER 65532:65532

# Real mail through the mesh, by SMTP, policy, signature and SMTP: what a service loads, links and compiles in its first seconds is kept for
# it. The cache fits this class path, this JVM and this kind of processor only, so each platform trains its own.
FROM plain AS trained
RUN ["/usr/bin/java", "-XX:AOTCacheOutput=/tmp/postmesh.aot", "@/opt/postmesh/jvm.options", "io.postmesh.local.Main", "selftest"]

FROM plain
COPY --from=trained /tmp/postmesh.aot /opt/postmesh/postmesh.aot
ENV POSTMESH_DATA_DIR=/var/lib/postmesh \
    POSTMESH_HTTP_LISTEN=0.0.0.0:8080 \
    POSTMESH_SMTP_LISTEN=0.0.0.0:2525
VOLUME /var/lib/postmesh
EXPOSE 2525 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/bin/postmesh", "health"]
LABEL org.opencontainers.image.title="Postmesh" \
      org.opencontainers.image.description="A mail mesh: SMTP in, policy, DKIM, delivery out, joined by Kafka" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
ENTRYPOINT ["/usr/bin/postmesh"]
CMD ["run"]
