package io.mailgenius.jobs;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** The doors of a fresh database with one workspace, called as the product calls them. */
public final class LaunchFixture implements AutoCloseable {

    public final TestDatabase database = TestDatabase.create();
    public final long workspace = database.workspace("first");

    private final AnnotationConfigApplicationContext context;

    public LaunchFixture(Class<?>... doors) {
        context = new AnnotationConfigApplicationContext();
        context.registerBean(
                PlatformTransactionManager.class,
                () -> new WorkspaceTransactionManager(database.dataSource()));
        context.registerBean(JdbcClient.class, () -> JdbcClient.create(database.dataSource()));
        context.register(Transactions.class);
        context.register(doors);
        context.refresh();
    }

    @EnableTransactionManagement(proxyTargetClass = true)
    static class Transactions {}

    public <T> T door(Class<T> type) {
        return context.getBean(type);
    }

    public <T> ObjectProvider<T> provider(Class<T> type) {
        return context.getBeanProvider(type);
    }

    public <R> R in(Supplier<R> work) {
        return WorkspaceScope.call(workspace, work::get);
    }

    public void run(Runnable work) {
        WorkspaceScope.run(workspace, work);
    }

    /** Sees every workspace. */
    public JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}
