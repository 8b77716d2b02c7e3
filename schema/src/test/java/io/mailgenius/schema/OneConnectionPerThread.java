package io.mailgenius.schema;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Rejects a second connection of a thread that holds one. Threads that each hold one and wait for
 * another would deadlock when the pool is exhausted. This wraps every pool of the tests, so none of
 * the tested paths can cause that.
 */
public final class OneConnectionPerThread implements DataSource {

    private final DataSource pool;
    private final ThreadLocal<Throwable> heldSince = new ThreadLocal<>();

    public OneConnectionPerThread(DataSource pool) {
        this.pool = pool;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Throwable taken = heldSince.get();
        if (taken != null) {
            throw new IllegalStateException(
                    "This thread already holds a connection and asks for a second one", taken);
        }
        Connection connection = pool.getConnection();
        heldSince.set(new Throwable("Taken here"));
        Thread owner = Thread.currentThread();
        return (Connection)
                Proxy.newProxyInstance(
                        OneConnectionPerThread.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("close")
                                    && Thread.currentThread() == owner) {
                                heldSince.remove();
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return pool.getConnection(username, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || pool.isWrapperFor(type);
    }
}
