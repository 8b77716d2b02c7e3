package io.mailgenius.api.node;

import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this node takes part in the work. */
@Configuration(proxyBeanMethods = false)
class NodeEngineConfiguration {

    @Bean
    EngineSettings engineSettings(
            NodeSettings settings, @Value("${spring.datasource.url}") String databaseUrl) {
        return new EngineSettings(
                namespace(databaseUrl),
                settings.roles(),
                settings.lease(),
                settings.has(Role.WORKER) ? settings.workerConcurrency() : 0,
                EngineSettings.DEFAULT_MAX_FAILURES,
                EngineSettings.DEFAULT_JOBS,
                EngineSettings.DEFAULT_DRAIN,
                settings.keepJobs());
    }

    /** Of the database's name, so that installations with one Redis wake nobody of each other. */
    static String namespace(String databaseUrl) {
        String path = databaseUrl.replaceFirst("\\?.*", "");
        return "mailgenius:" + path.substring(path.lastIndexOf('/') + 1);
    }
}
