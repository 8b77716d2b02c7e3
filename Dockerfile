# syntax=docker/dockerfile:1

FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY schema schema
COPY engine engine
COPY jobs jobs
COPY api api
COPY bench/pom.xml bench/pom.xml
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -DskipTests -pl api -am package \
    && java -Djarmode=tools -jar api/target/mailgenius-program.jar extract --destination /opt/mailgenius \
    && mv /opt/mailgenius/mailgenius-program.jar /opt/mailgenius/mailgenius.jar

FROM eclipse-temurin:25-jre
# Uploads lie in the data folder, which the nodes share; the fixed id keeps them readable for each other.
RUN groupadd --system --gid 10001 mailgenius \
    && useradd --system --uid 10001 --gid mailgenius --home-dir /var/lib/mailgenius --shell /usr/sbin/nologin mailgenius \
    && install -d -o mailgenius -g mailgenius /var/lib/mailgenius
COPY --from=build /opt/mailgenius /opt/mailgenius
USER mailgenius
WORKDIR /var/lib/mailgenius
ENV MALLOC_ARENA_MAX=2 \
    MAILGENIUS_DATA_DIR=/var/lib/mailgenius \
    MAILGENIUS_PORT=8080 \
    MAILGENIUS_JAVA_OPTS="-XX:+UseParallelGC -XX:MaxRAMPercentage=70"
VOLUME /var/lib/mailgenius
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
    CMD curl --fail --silent --show-error "http://localhost:${MAILGENIUS_PORT}/actuator/health" || exit 1
ENTRYPOINT ["sh", "-c", "pages=; if grep -qsE '\\[(always|madvise)\\]' /sys/kernel/mm/transparent_hugepage/enabled; then pages=-XX:+UseTransparentHugePages; fi; exec java $pages -XX:MinHeapDeltaBytes=4m -XX:MetaspaceSize=128m -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError -XX:MaxInlineLevel=6 -XX:InlineSmallCode=1000 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $MAILGENIUS_JAVA_OPTS -jar /opt/mailgenius/mailgenius.jar \"$@\"", "mailgenius"]
CMD ["serve"]
