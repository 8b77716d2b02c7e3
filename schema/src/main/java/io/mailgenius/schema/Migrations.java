package io.mailgenius.schema;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Migrates a database to the schema that this version of the code requires. */
public final class Migrations {

    /** The role of the application. It obeys row-level security; the login need not. */
    public static final String WORKING_ROLE = "mailgenius_app";

    /** The initial statement of each connection. */
    public static final String WORK_AS_ROLE = "SET ROLE " + WORKING_ROLE;

    private Migrations() {}

    /**
     * Applies the migrations. Nodes that start concurrently migrate one after the other, because
     * Flyway holds a lock.
     *
     * @param owner connects as the login that owns the tables and may create roles
     */
    public static void apply(DataSource owner) {
        Flyway.configure()
                .dataSource(owner)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .load()
                .migrate();
    }
}
