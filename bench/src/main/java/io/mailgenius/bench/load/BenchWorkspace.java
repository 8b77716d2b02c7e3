package io.mailgenius.bench.load;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A further tenant, for measurements beside the first one. */
public final class BenchWorkspace {

    private BenchWorkspace() {}

    /**
     * @param owner the login that owns the tables
     * @return the id of the workspace
     */
    public static long make(DataSource owner) {
        return JdbcClient.create(owner)
                .sql("INSERT INTO workspace (name) VALUES ('bench') RETURNING id")
                .query((row, _) -> row.getLong(1))
                .single();
    }
}
