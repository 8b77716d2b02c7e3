package io.mailgenius.bench.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.bench.load.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The REST API over one persistent connection, with the key of any tenant. */
final class TenantApi implements AutoCloseable {

    private final URI node;
    private final HttpConnection httpConnection = new HttpConnection();

    TenantApi(URI node) {
        this.node = node;
    }

    HttpConnection.Answer get(String key, String path) throws IOException {
        return ask((head("GET", path, key) + "\r\n").getBytes(UTF_8));
    }

    HttpConnection.Answer post(String key, String path, Map<String, ?> body) throws IOException {
        String json = JsonMapper.shared().writeValueAsString(body);
        return ask(
                (head("POST", path, key)
                                + String.format(
                                        Locale.ROOT,
                                        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                                        json.getBytes(UTF_8).length,
                                        json))
                        .getBytes(UTF_8));
    }

    private String head(String method, String path, String key) {
        return """
        %s %s HTTP/1.1\r
        Host: %s\r
        Authorization: Bearer %s\r
        Accept: application/json\r
        """
                .formatted(method, path, node.getAuthority(), key);
    }

    private HttpConnection.Answer ask(byte[] request) throws IOException {
        try {
            return httpConnection.ask(node, request);
        } catch (IOException broken) {
            httpConnection.close();
            throw broken;
        }
    }

    @Override
    public void close() {
        httpConnection.close();
    }
}
