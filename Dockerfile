# Postmesh: one image; its first word is what it does: ingress | policy | signer | delivery | run | dev | broker | sink | load | health ...
# deploy/image/build lays out target/image and builds it. BASE needs a Java 25 at /usr/bin/java, glibc, libstdc++ and libssl3, no shell.
ARG BASE=gcr.io/distroless/java25-debian13:nonroot

FROM ${BASE} AS plain
# Tar files, unpacked by ADD with the times that stand in them: a copied folder has the time of the build.
ADD target/image/libraries.tar /
ADD target/image/ours.tar /
ADD target/image/data.tar /
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
# `postmesh health` for 0.32 s of processor instead of 0.74: for so short a life the AOT cache and the second compiler cost more than they give.
HEALTHCHECK --interval=10s --timeout=9s --start-period=60s --retries=3 \
  CMD ["/usr/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", "/opt/postmesh/postmesh.jar", "io.postmesh.local.Main", "health"]
LABEL org.opencontainers.image.title="Postmesh" \
      org.opencontainers.image.description="A mail mesh: SMTP in, policy, DKIM, delivery out, joined by Kafka" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
ENTRYPOINT ["/usr/bin/postmesh"]
CMD ["run"]
