package io.mailgenius.api.node;

import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.node.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this node takes part in the work. */
@Configuration(proxyBeanMethods = false)
class EngineOfNode {

    private static final String NAMESPACE = "mailgenius";

    @Bean
    EngineSettings engineSettings(NodeSettings settings) {
        return new EngineSettings(
                NAMESPACE,
                settings.roles(),
                settings.lease(),
                settings.has(Role.WORKER) ? settings.workerConcurrency() : 0,
                EngineSettings.DEFAULT_MAX_FAILURES,
                EngineSettings.DEFAULT_JOBS,
                EngineSettings.DEFAULT_DRAIN);
    }
}
