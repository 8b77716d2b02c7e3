package io.mailgenius.bench.load;

import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A node with the engine and {@link NoOpJob}, without the product. */
final class EngineAlone implements AutoCloseable {

    private static final int OTHER_CONNECTIONS = 8;

    private final ConfigurableApplicationContext context;

    private EngineAlone(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static EngineAlone start(EmbeddedDatabase database, String redisUrl, Role role, int slots) {
        EngineSettings settings =
                new EngineSettings(
                        "mailgenius:bench",
                        Set.of(role),
                        EngineSettings.DEFAULT_LEASE,
                        slots,
                        EngineSettings.DEFAULT_MAX_FAILURES,
                        EngineSettings.DEFAULT_JOBS,
                        EngineSettings.DEFAULT_DRAIN,
                        EngineSettings.DEFAULT_KEEP);
        Map<String, Object> properties =
                Map.of(
                        "spring.datasource.url",
                        database.jdbcUrl(),
                        "spring.datasource.username",
                        database.username(),
                        "spring.datasource.password",
                        database.password(),
                        "spring.datasource.hikari.connection-init-sql",
                        Migrations.WORK_AS_ROLE,
                        "spring.datasource.hikari.maximum-pool-size",
                        slots + OTHER_CONNECTIONS,
                        "spring.data.redis.url",
                        redisUrl);
        return new EngineAlone(
                new SpringApplicationBuilder(NoOpJob.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .logStartupInfo(false)
                        .registerShutdownHook(false)
                        .properties(properties)
                        .initializers(
                                starting ->
                                        starting.getBeanFactory()
                                                .registerSingleton("engineSettings", settings))
                        // The settings on the class path are the product's, which name health
                        // indicators that do not exist here.
                        .run("--management.endpoint.health.validate-group-membership=false"));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
