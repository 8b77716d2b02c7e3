package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/** A request with a key and a JSON body, as bytes on the wire. */
final class JsonRequest {

    private JsonRequest() {}

    /**
     * @param more further header lines, each with its line end
     */
    static byte[] post(String path, String host, String key, String more, String json) {
        byte[] body = json.getBytes(UTF_8);
        byte[] head =
                String.format(
                                Locale.ROOT,
                                """
                POST %s HTTP/1.1\r
                Host: %s\r
                Authorization: Bearer %s\r
                Content-Type: application/json\r
                %sContent-Length: %d\r
                \r
                """,
                                path,
                                host,
                                key,
                                more,
                                body.length)
                        .getBytes(UTF_8);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }
}
