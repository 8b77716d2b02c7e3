package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void a_line_break_in_a_message_begins_no_new_line() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(getClass().getResource("/logback.xml")));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        OutputStreamAppender<ILoggingEvent> appender =
                (OutputStreamAppender<ILoggingEvent>) root.getAppender("log");

        String line =
                new String(
                        appender.getEncoder()
                                .encode(
                                        new LoggingEvent(
                                                "",
                                                root,
                                                Level.WARN,
                                                "a key of\r\n2026-12-01 INFO Keys: {}",
                                                null,
                                                new Object[] {"made\n"})),
                        StandardCharsets.UTF_8);

        assertThat(line).endsWith("a key of 2026-12-01 INFO Keys: made " + System.lineSeparator());
        assertThat(line.strip()).hasLineCount(1);
        context.stop();
    }
}
