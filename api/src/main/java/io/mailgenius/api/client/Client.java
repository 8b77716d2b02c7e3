package io.mailgenius.api.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the REST API that uses only its documented behaviour. */
public final class Client implements AutoCloseable {

    private static final String BOUNDARY = "mailgenius-client-boundary";

    /**
     * The request timeout, because a node that is killed during a response would be waited for
     * forever.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.shared();
    private final URI base;
    private final String key;

    public Client(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return answer(request(path).timeout(TIMEOUT).GET());
    }

    public JsonNode post(String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        return answer(
                request(path)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    /** Streams the file, which may be larger than the memory. */
    public JsonNode upload(String path, Path file, Map<String, ?> options)
            throws IOException, InterruptedException {
        String parts =
                """
                --%1$s\r
                Content-Disposition: form-data; name="options"\r
                Content-Type: application/json\r
                \r
                %2$s\r
                --%1$s\r
                Content-Disposition: form-data; name="file"; filename="%3$s"\r
                Content-Type: text/csv\r
                \r
                """
                        .formatted(BOUNDARY, json.writeValueAsString(options), file.getFileName());
        BodyPublisher body =
                BodyPublishers.concat(
                        BodyPublishers.ofString(parts),
                        BodyPublishers.ofFile(file),
                        BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        return answer(
                request(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + key)
                .header("Accept", "application/json");
    }

    private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest asked = request.build();
        HttpResponse<String> response = http.send(asked, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    asked.method()
                            + " "
                            + asked.uri().getPath()
                            + " was answered with "
                            + response.statusCode()
                            + ": "
                            + response.body());
        }
        return json.readTree(response.body().isEmpty() ? "{}" : response.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
