package io.mailgenius.schema;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the state that this version of the code expects. */
public final class Migrations {

    /** The role that the application works as: it obeys row-level security, its login need not. */
    public static final String WORKING_ROLE = "mailgenius_app";

    /** What a connection says first, before the application gets it. */
    public static final String WORK_AS_ROLE = "SET ROLE " + WORKING_ROLE;

    private Migrations() {}

    /**
     * Nodes that start together migrate one after the other: Flyway holds a lock.
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
