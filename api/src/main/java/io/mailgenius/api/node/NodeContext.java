package io.mailgenius.api.node;

import io.mailgenius.api.access.Firewall;
import io.mailgenius.api.access.ManagementPort;
import io.mailgenius.console.ConsoleConfiguration;
import io.mailgenius.engine.EngineConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.observation.LettuceObservationAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;

/**
 * The application context of a node. Roles are Spring profiles: without {@code api} there is
 * neither the REST API nor the console.
 */
@SpringBootConfiguration
// UserDetailsService auto-configuration is excluded because it would log a generated password;
// Lettuce metrics because they cost a seventh of the CPU of Lettuce's threads and are not used.
@EnableAutoConfiguration(
        exclude = {
            UserDetailsServiceAutoConfiguration.class,
            LettuceObservationAutoConfiguration.class
        })
@ComponentScan({"io.mailgenius.jobs", "io.mailgenius.api.problems"})
@Import({
    EngineConfiguration.class,
    NodeEngineConfiguration.class,
    SandboxConfiguration.class,
    ResendConfiguration.class,
    TracingConfiguration.class,
    HealthOnly.class,
    StuckNode.class,
    Firewall.class,
    ManagementPort.class
})
class NodeContext {

    @Configuration(proxyBeanMethods = false)
    @Profile("api")
    @ComponentScan("io.mailgenius.api")
    @Import(ConsoleConfiguration.class)
    static class WithApi {}
}
