package io.mailgenius.engine;

import io.mailgenius.engine.node.Role;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A node of its own in this JVM, on the given database and the shared Redis. Several of them make a
 * cluster.
 */
public final class TestNode implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private TestNode(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** All nodes on one database belong together, and to nobody else who uses this Redis. */
    public static EngineSettings settings(TestDatabase database, Set<Role> roles) {
        String url = database.url();
        return new EngineSettings(
                url.substring(url.lastIndexOf('/') + 1),
                roles,
                Duration.ofSeconds(2),
                4,
                3,
                8,
                Duration.ofSeconds(5));
    }

    /**
     * @param sources what the product brings: chunked steps, chunk works and jobs
     */
    public static TestNode start(
            TestDatabase database, EngineSettings settings, Class<?>... sources) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.datasource.url", database.url());
        properties.put("spring.datasource.username", database.username());
        properties.put("spring.datasource.password", database.password());
        properties.put("spring.datasource.hikari.connection-init-sql", Migrations.WORK_AS_ROLE);
        properties.put("spring.datasource.hikari.maximum-pool-size", "20");
        properties.put("spring.data.redis.url", TestRedis.uri().toString());
        properties.put("spring.main.banner-mode", "off");
        SpringApplication application =
                new SpringApplicationBuilder(Base.class)
                        .sources(sources)
                        .web(WebApplicationType.NONE)
                        .properties(properties)
                        .initializers(
                                starting ->
                                        starting.getBeanFactory()
                                                .registerSingleton("engineSettings", settings))
                        .build();
        return new TestNode(application.run());
    }

    public static TestNode start(TestDatabase database, List<Class<?>> sources, Role... roles) {
        return start(database, settings(database, Set.of(roles)), sources.toArray(Class<?>[]::new));
    }

    public <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(EngineConfiguration.class)
    static class Base {}
}
