package io.mailgenius.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Writes log lines as text or, with MAILGENIUS_LOG_FORMAT, as JSON in one of the formats of Spring
 * Boot: with the ids of request, workspace, job, execution and chunk. Made by Logback, because the
 * embedded stores log before Spring starts.
 */
public final class LogLineEncoder extends EncoderBase<ILoggingEvent> {

    private static final String TEXT = "text";

    private String format = TEXT;
    private String pattern = "%msg%n";
    private @Nullable Encoder<ILoggingEvent> encoder;

    /** Called by Logback. An unknown format is text, and the settings refuse it. */
    public void setFormat(String format) {
        this.format = format;
    }

    /** Called by Logback. */
    public void setPattern(String pattern) {
        this.pattern = pattern;
    }

    @Override
    public void start() {
        Encoder<ILoggingEvent> made =
                format.equals("ecs") || format.equals("logstash") ? structured() : text();
        made.setContext(context);
        made.start();
        encoder = made;
        super.start();
    }

    private Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder made = new PatternLayoutEncoder();
        made.setPattern(pattern);
        made.setCharset(UTF_8);
        return made;
    }

    private Encoder<ILoggingEvent> structured() {
        if (context.getObject(Environment.class.getName()) == null) {
            StandardEnvironment environment = new StandardEnvironment();
            environment
                    .getPropertySources()
                    .addFirst(
                            new MapPropertySource(
                                    "log", Map.of("spring.application.name", "mailgenius")));
            context.putObject(Environment.class.getName(), environment);
        }
        StructuredLogEncoder made = new StructuredLogEncoder();
        made.setFormat(format);
        made.setCharset(UTF_8);
        return made;
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Encoder<ILoggingEvent> made = encoder;
        return made == null ? new byte[0] : made.encode(event);
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }
}
