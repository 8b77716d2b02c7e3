package io.mailgenius.api.node;

import io.mailgenius.api.node.NodeSettings.Tls;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TLS towards PostgreSQL and Redis, and of the node itself. */
final class TlsProperties {

    private static final String BUNDLE = "stores";

    private TlsProperties() {}

    /** Spring properties for Redis and for HTTPS. */
    static Map<String, Object> of(Tls tls, String redisUrl) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (tls.authorities() != null && redisUrl.startsWith("rediss:")) {
            properties.put(
                    "spring.ssl.bundle.pem." + BUNDLE + ".truststore.certificate",
                    resource(tls.authorities()));
            properties.put("spring.data.redis.ssl.bundle", BUNDLE);
        }
        if (tls.certificate() != null && tls.key() != null) {
            properties.put("server.ssl.certificate", resource(tls.certificate()));
            properties.put("server.ssl.certificate-private-key", resource(tls.key()));
        }
        return properties;
    }

    /**
     * The JDBC URL with the authorities that may have signed the certificate of PostgreSQL, and
     * with the check of its name. What the URL says by itself is left alone.
     */
    static String jdbcUrl(String url, @Nullable Path authorities) {
        if (authorities == null || url.contains("sslmode=") || url.contains("sslrootcert=")) {
            return url;
        }
        return url
                + (url.contains("?") ? "&" : "?")
                + "sslmode=verify-full&sslrootcert="
                + authorities;
    }

    private static String resource(Path file) {
        return file.toUri().toString();
    }
}
