package io.mailgenius.engine.observation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.mailgenius.engine.observation.JobLog.Line;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Passes the log lines of this node's jobs and chunks on to the {@link JobLog}. */
final class JobLogAppender extends AppenderBase<ILoggingEvent> {

    private final String node;
    private final JobLog log;

    JobLogAppender(String node, JobLog log) {
        this.node = node;
        this.log = log;
        setName("job-log-" + node);
    }

    /** Does nothing if another library than Logback writes the log. */
    void attach() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setContext(context);
            start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this);
        }
    }

    void detach() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
            stop();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        Map<String, String> ids = event.getMDCPropertyMap();
        String launch = ids.get(LogContext.LAUNCH);
        // Several nodes may share a JVM, and so its loggers.
        if (launch == null
                || !node.equals(ids.get(LogContext.NODE))
                || !event.getLevel().isGreaterOrEqual(Level.INFO)) {
            return;
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        String name = event.getLoggerName();
        log.add(
                Long.parseLong(launch),
                new Line(
                        event.getInstant(),
                        event.getLevel().toString(),
                        node,
                        name.substring(name.lastIndexOf('.') + 1),
                        event.getFormattedMessage(),
                        number(ids.get(LogContext.EXECUTION)),
                        number(ids.get(LogContext.CHUNK)),
                        thrown == null ? null : ThrowableProxyUtil.asString(thrown)));
    }

    private static @Nullable Long number(@Nullable String id) {
        return id == null ? null : Long.valueOf(id);
    }
}
