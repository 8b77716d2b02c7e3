package io.mailgenius.bench.load;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One more tenant, for what is measured beside what the first one has. */
public final class BenchWorkspace {

    private BenchWorkspace() {}

    /**
     * @param owner connects as the login that owns the tables
     * @return its id
     */
    public static long make(DataSource owner) {
        return JdbcClient.create(owner)
                .sql("INSERT INTO workspace (name) VALUES ('bench') RETURNING id")
                .query((row, _) -> row.getLong(1))
                .single();
    }
}
