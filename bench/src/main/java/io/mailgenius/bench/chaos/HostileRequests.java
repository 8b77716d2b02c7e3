package io.mailgenius.bench.chaos;

import io.mailgenius.bench.chaos.HostileRequest.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One request of each kind that has harmed a node, or could have. */
final class HostileRequests {

    private static final int MEGABYTE = 1 << 20;
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final String PARTS = "Content-Type: multipart/form-data; boundary=b";
    private static final String JSON = "Content-Type: application/json";
    private static final Body NOTHING = out -> {};

    private static final List<String> PUBLIC =
            List.of("/sign-in", "/s/x", "/u/x", "/p/x", "/c/x", "/imports");

    private final String authorization;
    private final List<HostileRequest> all = new ArrayList<>();

    private HostileRequests(String key) {
        authorization = "Authorization: Bearer " + key;
    }

    static List<HostileRequest> all(String key) {
        HostileRequests requests = new HostileRequests(key);
        requests.largeBodies();
        requests.unreadable();
        requests.unstorable();
        requests.nested();
        requests.files();
        return requests.all;
    }

    private void add(String name, int times, Body body, String... head) {
        all.add(new HostileRequest(name, String.join("\r\n", head), body, times));
    }

    private void largeBodies() {
        for (String method : List.of("PUT", "PATCH", "DELETE")) {
            add(
                    method + " of a form of 700 MB",
                    4,
                    megabytes(700),
                    method + " /nothing HTTP/1.1",
                    FORM,
                    "Content-Length: " + 700 * MEGABYTE);
        }
        add(
                "a form without an end",
                4,
                chunks(700),
                "PUT /nothing HTTP/1.1",
                FORM,
                "Transfer-Encoding: chunked");
        for (String path : PUBLIC) {
            add(
                    "a file of 9 GB to " + path,
                    4,
                    out -> {
                        out.write(part("file", "x.csv"));
                        megabytes(300).write(out);
                    },
                    "POST " + path + " HTTP/1.1",
                    PARTS,
                    "Content-Length: 9000000000");
            add(
                    "JSON without an end to " + path,
                    4,
                    chunks(100),
                    "POST " + path + " HTTP/1.1",
                    JSON,
                    "Transfer-Encoding: chunked");
        }
        add(
                "a text of 15 MB",
                1,
                out -> {
                    out.write("{\"name\":\"".getBytes(StandardCharsets.US_ASCII));
                    megabytes(15).write(out);
                    out.write("\"}".getBytes(StandardCharsets.US_ASCII));
                },
                "POST /api/v1/lists HTTP/1.1",
                authorization,
                JSON,
                "Content-Length: " + (15 * MEGABYTE + 11));
    }

    private void unreadable() {
        for (String query : List.of("=1", "limit=5&=x", "a=%", "a=%zz", "a=%ff")) {
            for (String path : List.of("/api/v1/contacts", "/actuator/health", "/sign-in")) {
                add(
                        "a query " + query + " to " + path,
                        4,
                        NOTHING,
                        "GET " + path + "?" + query + " HTTP/1.1",
                        authorization);
            }
        }
        for (String method : List.of("QUERY", "PROPFIND", "CONNECT", "TRACE")) {
            add(
                    "method " + method,
                    4,
                    NOTHING,
                    method + " /api/v1/contacts HTTP/1.1",
                    authorization);
        }
        String csv = "GET /api/v1/campaigns/1/recipients.csv HTTP/1.1";
        for (String accepted :
                List.of(
                        "\u0085",
                        "gzip;q=1" + "x,".repeat(3_000),
                        "gzip;q=0." + "0".repeat(6_000))) {
            add(
                    "an Accept-Encoding of %,d characters".formatted(accepted.length()),
                    4,
                    NOTHING,
                    csv,
                    authorization,
                    "Accept-Encoding: " + accepted);
        }
    }

    private void unstorable() {
        for (String text : List.of("\\u0000", "\\ud800")) {
            json("text " + text, "/api/v1/lists", "{\"name\":\"%s\"}".formatted(text));
            json(
                    "attribute " + text,
                    "/api/v1/contacts",
                    "{\"email\":\"a@example.com\",\"attributes\":{\"%s\":1}}".formatted(text));
        }
        for (String email :
                List.of(
                        "<".repeat(900) + "@example.com",
                        "(".repeat(400) + "a@example.com" + ")".repeat(400),
                        "a@" + "xn--".repeat(200) + ".com",
                        "a@" + "\u0131\u0301".repeat(400) + ".com",
                        "mailto:".repeat(100) + "a@example.com")) {
            json(
                    "an address of %,d characters".formatted(email.length()),
                    "/api/v1/suppressions",
                    "{\"email\":\"%s\"}".formatted(email));
        }
    }

    private void nested() {
        json("nested lists", "/api/v1/segments", "{\"rule\":" + "[".repeat(5 * MEGABYTE));
        json("nested objects", "/api/v1/segments", "{\"rule\":".repeat(MEGABYTE));
        json(
                "a long number",
                "/api/v1/contacts",
                "{\"email\":\"a@example.com\",\"attributes\":{\"a\":"
                        + "9".repeat(MEGABYTE)
                        + "}}");
    }

    private void json(String name, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        add(
                name,
                1,
                out -> out.write(bytes),
                "POST " + path + " HTTP/1.1",
                authorization,
                JSON,
                "Content-Length: " + bytes.length);
    }

    private void files() {
        for (HostileFile file : HostileFile.values()) {
            for (String path : List.of("/api/v1/imports", "/api/v1/imports/preview")) {
                add(
                        file.words() + " to " + path,
                        1,
                        out -> {
                            OutputStream chunked = new Chunks(out);
                            chunked.write(part("file", file.fileName()));
                            file.writeTo(chunked);
                            chunked.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
                            chunked.close();
                        },
                        "POST " + path + " HTTP/1.1",
                        authorization,
                        PARTS,
                        "Transfer-Encoding: chunked");
            }
        }
    }

    private static byte[] part(String name, String fileName) {
        return ("--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
                        .formatted(name, fileName))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Body megabytes(int count) {
        return out -> {
            byte[] megabyte = megabyte();
            for (int n = 0; n < count; n++) {
                out.write(megabyte);
            }
        };
    }

    private static Body chunks(int megabytes) {
        return out -> {
            try (OutputStream chunked = new Chunks(out)) {
                megabytes(megabytes).write(chunked);
            }
        };
    }

    private static byte[] megabyte() {
        byte[] megabyte = new byte[MEGABYTE];
        Arrays.fill(megabyte, (byte) 'x');
        return megabyte;
    }

    /** The chunked transfer coding of HTTP/1.1; closing it ends the body, not the connection. */
    private static final class Chunks extends OutputStream {

        private final OutputStream out;

        Chunks(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write(
                        (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void close() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
