package io.mailgenius.api.node;

import io.mailgenius.engine.census.WatchedFolders;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine settings of this node. */
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

    @Bean
    WatchedFolders watchedFolders(NodeSettings settings) {
        return new WatchedFolders(
                List.of(settings.dataDir(), settings.sharedDir(), settings.localDir()));
    }

    /**
     * Derives the Redis namespace from the name of the database, so that installations that share a
     * Redis do not interfere.
     */
    static String namespace(String databaseUrl) {
        String path = databaseUrl.replaceFirst("\\?.*", "");
        return "mailgenius:" + path.substring(path.lastIndexOf('/') + 1);
    }
}
