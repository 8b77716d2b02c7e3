package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogLineEncoderTest {

    private static final Map<String, String> IDS =
            Map.of(
                    "request",
                    "r-1",
                    "workspace",
                    "7",
                    "job",
                    "import",
                    "execution",
                    "3",
                    "chunk",
                    "9");

    private static String line(String format) {
        LoggerContext context = new LoggerContext();
        LogLineEncoder encoder = new LogLineEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.setPattern("%-5level %logger{0}: %msg%n");
        encoder.start();
        LoggingEvent event =
                new LoggingEvent(
                        "fqcn",
                        context.getLogger("io.mailgenius.Test"),
                        Level.WARN,
                        "It is {}",
                        new IllegalStateException("broken"),
                        new Object[] {"so\nfar"});
        event.setMDCPropertyMap(IDS);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash"})
    void a_structured_line_is_one_object_with_all_ids(String format) {
        String line = line(format);
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode object = JsonMapper.shared().readTree(line);
        assertThat(object.path("message").asString()).isEqualTo("It is so\nfar");
        IDS.forEach((name, id) -> assertThat(object.path(name).asString()).as(name).isEqualTo(id));
        assertThat(line).contains("IllegalStateException");
    }

    @Test
    void without_the_setting_lines_are_text() {
        assertThat(line("text")).startsWith("WARN  Test: It is so");
    }

    @Test
    void formats_and_senders_that_cannot_be_are_refused_by_name() {
        for (String setting :
                new String[] {
                    "MAILGENIUS_LOG_FORMAT",
                    "MAILGENIUS_ALERT_FROM",
                    "MAILGENIUS_OTLP_ENDPOINT",
                    "MAILGENIUS_TRACE_PERCENT",
                    "OTEL_EXPORTER_OTLP_HEADERS"
                }) {
            assertThatThrownBy(() -> NodeSettings.from(Map.of(setting, "what is this")))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageContaining(setting);
        }
        WatchSettings watching =
                NodeSettings.from(
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://collector:4318/",
                                        "OTEL_EXPORTER_OTLP_HEADERS",
                                        "api-key=a=b, x=y",
                                        "MAILGENIUS_ALERT_FROM",
                                        "Ops <ops@example.com>"))
                        .watching();
        assertThat(watching.otlpEndpoint()).hasToString("http://collector:4318");
        assertThat(watching.otlpHeaders()).isEqualTo(Map.of("api-key", "a=b", "x", "y"));
        assertThat(watching.toString()).doesNotContain("a=b");
    }
}
