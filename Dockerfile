# syntax=docker/dockerfile:1

FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY schema schema
COPY engine engine
COPY console console
COPY jobs jobs
COPY api api
COPY bench/pom.xml bench/pom.xml
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -DskipTests -pl api -am package \
    && java -Djarmode=tools -jar api/target/mailgenius-program.jar extract --destination /opt/mailgenius \
    && mv /opt/mailgenius/mailgenius-program.jar /opt/mailgenius/mailgenius.jar

FROM eclipse-temurin:25-jre
# Nodes share the folder of uploads; the fixed id keeps those readable for each other. The journal of clicks is one
# node's own, where MAILGENIUS_LOCAL_DIR names the second folder.
RUN groupadd --system --gid 10001 mailgenius \
    && useradd --system --uid 10001 --gid mailgenius --home-dir /var/lib/mailgenius --shell /usr/sbin/nologin mailgenius \
    && install -d -o mailgenius -g mailgenius /var/lib/mailgenius /var/lib/mailgenius-local
COPY --from=build /opt/mailgenius /opt/mailgenius
COPY jvm.options /opt/mailgenius/jvm.options
USER mailgenius
WORKDIR /var/lib/mailgenius
ENV MALLOC_ARENA_MAX=2 \
    MAILGENIUS_DATA_DIR=/var/lib/mailgenius \
    MAILGENIUS_PORT=8080 \
    MAILGENIUS_JAVA_OPTS="-XX:+UseParallelGC -XX:MaxRAMPercentage=70"
VOLUME /var/lib/mailgenius
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
    CMD curl --fail --silent --show-error --insecure \
        "http${MAILGENIUS_TLS_CERTIFICATE:+s}://localhost:${MAILGENIUS_PORT}/actuator/health" || exit 1
ENTRYPOINT ["sh", "-c", "pages=; if grep -qsE '\\[(always|madvise)\\]' /sys/kernel/mm/transparent_hugepage/enabled; then pages=-XX:+UseTransparentHugePages; fi; exec java @/opt/mailgenius/jvm.options $pages $MAILGENIUS_JAVA_OPTS -jar /opt/mailgenius/mailgenius.jar \"$@\"", "mailgenius"]
CMD ["serve"]
