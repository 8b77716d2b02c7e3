package io.mailgenius.engine;

import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.database.DatabaseTimeouts;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.OneConnectionPerThread;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node in this JVM, on the given database and the shared Redis. Several of them form a cluster.
 */
public final class TestNode implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private TestNode(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Settings by which all nodes on one database form a cluster, separate from other users of this
     * Redis.
     */
    public static EngineSettings settings(TestDatabase database, Set<Role> roles) {
        return settings(database, roles, 4);
    }

    public static EngineSettings settings(TestDatabase database, Set<Role> roles, int slots) {
        String url = database.url();
        return new EngineSettings(
                url.substring(url.lastIndexOf('/') + 1),
                roles,
                Duration.ofSeconds(2),
                slots,
                3,
                8,
                Duration.ofSeconds(3),
                Duration.ofDays(30));
    }

    /**
     * @param sources configurations with chunked steps, chunk works and jobs
     */
    public static TestNode start(
            TestDatabase database, EngineSettings settings, Class<?>... sources) {
        return start(database, settings, List.of(), sources);
    }

    /** Makes a node use the given clock. */
    public static BeanPostProcessor by(Clock clock) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof Clock ? clock : bean;
            }
        };
    }

    /**
     * @param changes replacements of the engine's beans, for instance a clock or fault injection
     */
    public static TestNode start(
            TestDatabase database,
            EngineSettings settings,
            List<BeanPostProcessor> changes,
            Class<?>... sources) {
        return start(database, settings, changes, Map.of(), sources);
    }

    /**
     * @param more properties with precedence over those of all test nodes, for instance the {@code
     *     spring.datasource.url} of a relay
     */
    public static TestNode start(
            TestDatabase database,
            EngineSettings settings,
            List<BeanPostProcessor> changes,
            Map<String, Object> more,
            Class<?>... sources) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.datasource.url", database.url());
        properties.put("spring.datasource.username", database.username());
        properties.put("spring.datasource.password", database.password());
        properties.put("spring.datasource.hikari.maximum-pool-size", "16");
        properties.putAll(DatabaseTimeouts.of(settings.lease()));
        properties.put("spring.datasource.hikari.minimum-idle", "2");
        properties.put("spring.data.redis.url", TestRedis.uri().toString());
        properties.put("spring.main.banner-mode", "off");
        properties.putAll(more);
        SpringApplication application =
                new SpringApplicationBuilder(Base.class)
                        .sources(sources)
                        .web(WebApplicationType.NONE)
                        .properties(properties)
                        .initializers(
                                starting -> {
                                    var beans = starting.getBeanFactory();
                                    beans.registerSingleton("engineSettings", settings);
                                    beans.addBeanPostProcessor(oneConnectionPerThread());
                                    changes.forEach(beans::addBeanPostProcessor);
                                })
                        .build();
        // The contexts of a JVM share its logging, which this would set up and clean up for each.
        application.setListeners(
                application.getListeners().stream()
                        .filter(it -> !(it instanceof LoggingApplicationListener))
                        .toList());
        return new TestNode(application.run());
    }

    /** Per pool, because a thread may hold one connection of each pool. */
    private static BeanPostProcessor oneConnectionPerThread() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource pool ? new OneConnectionPerThread(pool) : bean;
            }
        };
    }

    public static TestNode start(TestDatabase database, List<Class<?>> sources, Role... roles) {
        return start(database, settings(database, Set.of(roles)), sources.toArray(Class<?>[]::new));
    }

    /**
     * A bean of the node. What the caller asks launches and ledger for concerns all workspaces,
     * unless it is in the scope of one.
     */
    public <T> T get(String bean, Class<T> type) {
        return context.getBean(bean, type);
    }

    public <T> T get(Class<T> type) {
        T bean = context.getBean(type);
        if (type == Launches.class) {
            ProxyFactory across = new ProxyFactory(bean);
            across.setProxyTargetClass(true);
            across.addAdvice((MethodInterceptor) TestNode::acrossWorkspaces);
            return type.cast(across.getProxy());
        }
        return type == Ledger.class ? type.cast(ledgerOfControlPlane()) : bean;
    }

    private static @Nullable Object acrossWorkspaces(MethodInvocation call) throws Throwable {
        return WorkspaceScope.current().isPresent()
                ? call.proceed()
                : WorkspaceScope.<@Nullable Object, Throwable>callAcrossWorkspaces(call::proceed);
    }

    private Ledger ledgerOfControlPlane() {
        return new Ledger(context.getBean(ControlDatabase.class).jdbc(), JsonMapper.shared());
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
