package io.mailgenius.api.node;

import io.mailgenius.api.access.Firewall;
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
 * What a node is made of. The roles are profiles: without {@code api} neither REST nor console are
 * there, whatever the path.
 */
@SpringBootConfiguration
// Without a user store: its password would be made up and printed. Without timers of each command
// that goes to Redis: nobody is told of them, and they were a seventh of the work of its threads.
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
    HealthOnly.class,
    StuckNode.class,
    Firewall.class
})
class NodeContext {

    @Configuration(proxyBeanMethods = false)
    @Profile("api")
    @ComponentScan("io.mailgenius.api")
    static class WithApi {}
}
