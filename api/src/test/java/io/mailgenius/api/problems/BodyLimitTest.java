package io.mailgenius.api.problems;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.RawHttp;
import io.mailgenius.api.RawHttp.Answer;
import io.mailgenius.api.TestApi;
import io.mailgenius.api.node.NodeSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No request, with or without a key, can exhaust the memory or the disk of a node. */
@ExtendWith(TestApi.Ends.class)
class BodyLimitTest {

    private static final String KEY = "Authorization: Bearer " + TestApi.KEY;
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final String PARTS = "Content-Type: multipart/form-data; boundary=b";
    private static final byte[] BEGINNING =
            ("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n"
                            + "x".repeat(50_000))
                    .getBytes(US_ASCII);

    private static final List<String> PUBLIC =
            List.of("/sign-in", "/s/x", "/p/x", "/c/x", "/nothing", "/actuator/health", "/error");

    /** The missing part of the body would be waited for if it were read. */
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE", "POST", "GET", "QUERY"})
    void a_form_of_hundreds_of_megabytes_is_refused_before_it_is_read(String method)
            throws Exception {
        List<String> paths = new ArrayList<>(PUBLIC);
        paths.addAll(List.of("/api/v1/contacts", "/api/v1/templates/1", "/", "/imports"));
        for (String path : paths) {
            Answer answer =
                    RawHttp.send(
                            method, path, List.of(FORM, "Content-Length: 734003200"), new byte[0]);

            assertThat(answer.status()).as(method + " " + path).isEqualTo(413);
            assertThat(answer.body()).contains("too-large");
        }
    }

    @Test
    void a_form_that_does_not_say_how_long_it_is_is_read_to_its_limit_at_most() throws Exception {
        StringBuilder chunks = new StringBuilder();
        for (int n = 0; n < 40; n++) {
            chunks.append("10000\r\n").append("x".repeat(0x10000)).append("\r\n");
        }
        for (String method : List.of("PUT", "PATCH", "POST")) {
            for (String path : List.of("/s/x", "/p/x", "/sign-in", "/api/v1/contacts")) {
                Answer answer =
                        RawHttp.send(
                                method,
                                path,
                                List.of(FORM, "Transfer-Encoding: chunked"),
                                chunks.toString().getBytes(US_ASCII));

                assertThat(answer.status()).as(method + " " + path).isBetween(400, 499);
            }
        }
    }

    @Test
    void unauthenticated_bodies_are_small() throws Exception {
        byte[] body =
                ("{\"email\":\"a@b.com\",\"firstName\":\"" + "x".repeat(70_000) + "\"}")
                        .getBytes(US_ASCII);
        for (List<String> length :
                List.of(List.of("Content-Length: " + body.length), List.<String>of())) {
            List<String> headers = new ArrayList<>(length);
            headers.add("Content-Type: application/json");
            byte[] sent = body;
            if (length.isEmpty()) {
                headers.add("Transfer-Encoding: chunked");
                sent = chunked(body);
            }
            Answer answer = RawHttp.send("POST", "/s/x", headers, sent);
            assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        }
    }

    private static byte[] chunked(byte[] body) {
        return (Integer.toHexString(body.length)
                        + "\r\n"
                        + new String(body, US_ASCII)
                        + "\r\n0\r\n\r\n")
                .getBytes(US_ASCII);
    }

    @Test
    void unauthenticated_multipart_is_neither_read_nor_written_to_disk() throws Exception {
        List<String> paths = new ArrayList<>(PUBLIC);
        paths.addAll(
                List.of(
                        "/u/x",
                        "/imports",
                        "/sign-out",
                        "/api/v1/contacts",
                        "/api/v1/imports",
                        "/api/v1/imports/preview",
                        "/api/v1/uploads",
                        "/webhooks/resend"));
        for (String path : paths) {
            for (String method : List.of("POST", "PUT", "GET")) {
                for (String type :
                        List.of(PARTS, "Content-Type: Multipart/Form-Data; boundary=b")) {
                    // Almost nothing of the announced length is sent, so that a reader would block.
                    Answer answer =
                            RawHttp.send(
                                    method,
                                    path,
                                    List.of(type, "Content-Length: 9000000000"),
                                    BEGINNING);

                    assertThat(answer.status())
                            .as("%s %s %s", method, path, answer.body())
                            .isBetween(300, 499);
                }
            }
        }
        assertThat(incoming()).isEmpty();
    }

    @Test
    void methods_that_imports_do_not_have_are_rejected_with_any_body() throws Exception {
        for (String path : List.of("/api/v1/imports", "/api/v1/imports/preview")) {
            for (String method : List.of("PUT", "PATCH", "DELETE", "QUERY", "GET")) {
                if (method.equals("GET") && !path.endsWith("/preview")) {
                    continue;
                }
                Answer answer =
                        RawHttp.send(
                                method, path, List.of(KEY, PARTS, "Content-Length: 7"), bytes());

                assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
                assertThat(answer.header("Allow")).contains("POST");
            }
        }
    }

    @Test
    void unexpected_multipart_is_rejected() throws Exception {
        for (String path : List.of("/p/x", "/s/x", "/c/x", "/sign-in", "/api/v1/contacts")) {
            Answer answer =
                    RawHttp.send("POST", path, List.of(KEY, PARTS, "Content-Length: 7"), bytes());

            assertThat(answer.status()).as(path).isEqualTo(415);
            assertThat(answer.body()).contains("media-type-not-supported");
        }
    }

    private static byte[] bytes() {
        return "--b--\r\n".getBytes(US_ASCII);
    }

    /** The CSRF token is in a part, so the parts of a signed-in user are read. */
    @Test
    void a_person_who_is_signed_in_imports_a_file() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);
        String page = browser.get("/imports", "Accept", "text/html").body();
        int at = page.indexOf("name=\"_csrf\" value=\"");
        String token = page.substring(at + 20, page.indexOf('"', at + 20));

        HttpResponse<String> started = post(browser, token);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(302);
        assertThat(started.headers().firstValue("Location").orElse("")).contains("/imports/");

        assertThat(post(browser, "not-the-token").statusCode()).isEqualTo(403);
        HttpResponse<String> nobody = post(TestApi.browser(), token);
        assertThat(nobody.statusCode()).isEqualTo(302);
        assertThat(nobody.headers().firstValue("Location").orElse("")).contains("/sign-in");
        assertThat(incoming()).isEmpty();
    }

    private static HttpResponse<String> post(TestApi browser, String token) throws Exception {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
        return browser.post(
                "/imports",
                part.formatted("_csrf", "", token)
                        + part.formatted(
                                "file",
                                "; filename=\"x.csv\"",
                                "email\nconsole%d@example.com".formatted(System.nanoTime()))
                        + "--b--\r\n",
                "Content-Type",
                "multipart/form-data; boundary=b",
                "Accept",
                "text/html");
    }

    @Test
    void a_piece_of_an_upload_is_one_only_where_uploads_are() throws Exception {
        String piece = "Content-Type: application/offset+octet-stream";
        for (String path : List.of("/s/x", "/sign-in", "/api/v1/contacts", "/api/v1/uploads")) {
            Answer answer =
                    RawHttp.send(
                            "POST",
                            path,
                            List.of(KEY, piece, "Content-Length: 900000000"),
                            new byte[0]);
            assertThat(answer.status()).as(path).isEqualTo(413);
        }
    }

    @Test
    void a_header_cannot_turn_a_read_of_uploads_into_a_delete() throws Exception {
        String all = "Authorization: Bearer " + TestApi.KEY;
        String reads = "Authorization: Bearer " + TestApi.keyWith("uploads:read");
        String tus = "Tus-Resumable: 1.0.0";
        String location =
                RawHttp.send(
                                "POST",
                                "/api/v1/uploads",
                                List.of(all, tus, "Upload-Length: 5", "Content-Length: 0"),
                                new byte[0])
                        .header("Location");
        for (String method : List.of("HEAD", "GET", "OPTIONS")) {
            for (String override : List.of("X-HTTP-Method-Override", "x-http-method-override")) {
                for (String wanted : List.of("DELETE", "PATCH", "POST")) {
                    RawHttp.send(
                            method,
                            location,
                            List.of(reads, tus, override + ": " + wanted, "Content-Length: 0"),
                            new byte[0]);
                }
            }
        }
        Answer still = RawHttp.send("HEAD", location, List.of(reads, tus), new byte[0]);
        assertThat(still.status()).isEqualTo(204);
        assertThat(still.header("Upload-Length")).isEqualTo("5");
        assertThat(still.header("Upload-Offset")).isEqualTo("0");
    }

    /** The files that Tomcat has written for parts. */
    private static List<Path> incoming() throws IOException {
        Path folder = TestApi.bean(NodeSettings.class).sharedDir().resolve("incoming");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
