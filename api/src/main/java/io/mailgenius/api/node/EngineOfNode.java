package io.mailgenius.api.node;

import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.node.Role;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this node takes part in the work. */
@Configuration(proxyBeanMethods = false)
class EngineOfNode {

    @Bean
    EngineSettings engineSettings(NodeSettings settings, DataSource dataSource)
            throws SQLException {
        return new EngineSettings(
                namespace(dataSource),
                settings.roles(),
                settings.lease(),
                settings.has(Role.WORKER) ? settings.workerConcurrency() : 0,
                EngineSettings.DEFAULT_MAX_FAILURES,
                EngineSettings.DEFAULT_JOBS,
                EngineSettings.DEFAULT_DRAIN);
    }

    /** The database's name, so that installations with one Redis wake nobody of each other. */
    private static String namespace(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return "mailgenius:" + connection.getCatalog();
        }
    }
}
