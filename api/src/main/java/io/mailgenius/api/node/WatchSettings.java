package io.mailgenius.api.node;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node reports about itself, and to whom.
 *
 * @param otlpEndpoint of the collector of traces, where {@code /v1/traces} is; null for no traces
 * @param otlpHeaders sent with every export, such as a key
 * @param tracePercent how many of a hundred traces are exported
 * @param alertFrom the sender of mails about alerts; null if there are none
 * @param alertWebhooksAnywhere whether webhooks of alerts may go to private addresses and over HTTP
 */
public record WatchSettings(
        @Nullable URI otlpEndpoint,
        Map<String, String> otlpHeaders,
        int tracePercent,
        @Nullable String alertFrom,
        boolean alertWebhooksAnywhere) {

    private static final List<String> LOG_FORMATS = List.of("text", "ecs", "logstash");

    public WatchSettings {
        otlpHeaders = Map.copyOf(otlpHeaders);
    }

    static WatchSettings from(Environment environment) {
        String format = environment.text("MAILGENIUS_LOG_FORMAT").orElse("text");
        if (!LOG_FORMATS.contains(format)) {
            throw Environment.refused(
                    "MAILGENIUS_LOG_FORMAT",
                    format,
                    "choose from " + String.join(", ", LOG_FORMATS));
        }
        Optional<String> from = environment.text("MAILGENIUS_ALERT_FROM");
        if (from.isPresent()
                && !from.get()
                        .matches("[^<>@\\r\\n]*(<[^<>@\\s]+@[^<>@\\s]+>|[^<>@\\s]+@[^<>@\\s]+)")) {
            throw Environment.refused(
                    "MAILGENIUS_ALERT_FROM",
                    from.get(),
                    "set it to an address such as MailGenius <alerts@example.com>");
        }
        return new WatchSettings(
                environment
                        .address("MAILGENIUS_OTLP_ENDPOINT")
                        .or(() -> environment.address("OTEL_EXPORTER_OTLP_ENDPOINT"))
                        .orElse(null),
                headers(environment),
                environment.number("MAILGENIUS_TRACE_PERCENT", 100, 0, 100),
                from.orElse(null),
                environment.yesOrNo("MAILGENIUS_ALERT_WEBHOOKS_ANYWHERE", false));
    }

    /** As OpenTelemetry specifies it: {@code key=value,key=value}. */
    private static Map<String, String> headers(Environment environment) {
        Map<String, String> headers = new LinkedHashMap<>();
        String text = environment.text("OTEL_EXPORTER_OTLP_HEADERS").orElse("");
        for (String header : text.split(",")) {
            if (header.isBlank()) {
                continue;
            }
            int sign = header.indexOf('=');
            if (sign < 1) {
                // The value may be a secret, so the message does not repeat it.
                throw new SettingRefused(
                        "OTEL_EXPORTER_OTLP_HEADERS cannot be what it is set to: separate headers"
                                + " by commas, each name from its value by =.");
            }
            headers.put(header.substring(0, sign).strip(), header.substring(sign + 1).strip());
        }
        return headers;
    }

    /** Headers may have keys of accounts. */
    @Override
    public String toString() {
        return "WatchSettings[" + otlpEndpoint + "]";
    }

    /** As properties of the application context. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (otlpEndpoint != null) {
            properties.put("mailgenius.otlp-endpoint", otlpEndpoint.toString());
        }
        properties.put("mailgenius.alert-from", alertFrom == null ? "" : alertFrom);
        properties.put("mailgenius.alert-webhooks-anywhere", alertWebhooksAnywhere);
        return properties;
    }
}
