package io.mailgenius.api;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mailgenius.api.RawHttp.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever a request looks like, it is not this side's fault. */
@ExtendWith(TestApi.Ends.class)
class StrangeRequestsTest {

    private static final String[] WITH_KEY = {"Authorization", "Bearer " + TestApi.KEY};
    private static final String KEY = "Authorization: Bearer " + TestApi.KEY;
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final byte[] NOTHING = {};

    private static final List<String> READ =
            List.of(
                    "/api/v1/contacts",
                    "/api/v1/contacts/1",
                    "/api/v1/contacts/export.csv.gz",
                    "/api/v1/lists",
                    "/api/v1/suppressions",
                    "/api/v1/imports",
                    "/api/v1/segments",
                    "/api/v1/templates",
                    "/api/v1/campaigns",
                    "/api/v1/campaigns/1/recipients.csv",
                    "/api/v1/analytics/overview",
                    "/api/v1/analytics/overview.csv",
                    "/api/v1/jobs",
                    "/api/v1/nothing",
                    "/v3/api-docs",
                    "/actuator/health",
                    "/static/console/console.css",
                    "/sign-in",
                    "/",
                    "/imports",
                    "/u/x",
                    "/p/x",
                    "/c/x");

    private static final List<String> POSTED =
            List.of(
                    "/u/x",
                    "/p/x",
                    "/c/x",
                    "/s/x",
                    "/sign-in",
                    "/sign-out",
                    "/imports",
                    "/api/v1/contacts",
                    "/api/v1/imports",
                    "/api/v1/uploads");

    private final TestApi api = TestApi.program();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1",
                "limit=5&=x",
                "search=%",
                "search=%zz",
                "search=%f",
                "search=%ff",
                "search=%C3",
                "search=%C0%80",
                "zone=%ED%A0%80",
                "%ff=1",
                "%=1",
                "a=1&b=%&c=3"
            })
    void a_query_that_cannot_be_read_is_a_bad_request_on_every_path(String query) throws Exception {
        for (String path : READ) {
            refused(400, "parameter-unreadable", "GET", path + "?" + query, List.of(KEY));
        }
        for (String path : POSTED) {
            refused(400, "parameter-unreadable", "POST", path + "?" + query, List.of(KEY, FORM));
            refused(400, "parameter-unreadable", "POST", path + "?" + query, List.of());
        }
    }

    @Test
    void a_person_is_shown_a_page_about_it() throws Exception {
        Answer page = send("GET", "/sign-in?=1", List.of("Accept: text/html"));

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("A parameter cannot be read");
    }

    @Test
    void a_form_that_cannot_be_read_is_a_bad_request() throws Exception {
        for (String path : List.of("/p/x", "/s/x", "/sign-in", "/sign-out")) {
            for (String form : List.of("=1", "key=%", "key=%zz", "key=%ff")) {
                byte[] body = form.getBytes(StandardCharsets.US_ASCII);
                Answer answer =
                        RawHttp.send(
                                "POST",
                                path,
                                List.of(FORM, "Content-Length: " + body.length),
                                body);
                assertThat(answer.status()).as("%s %s", path, form).isEqualTo(400);
                assertThat(answer.body()).contains("parameter-unreadable");
            }
        }
    }

    /** Whoever clicks wants to get somewhere, and mail gateways append what they like. */
    @Test
    void a_tracked_link_looks_at_no_query() throws Exception {
        for (String path : List.of("/t/x?=1", "/t/x?a=%zz", "/o/x?=1")) {
            assertThat(send("GET", path, List.of()).status()).as(path).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUERY", "PROPFIND", "M-SEARCH", "FOO"})
    void a_method_that_nobody_declared_is_told_those_that_are(String method) throws Exception {
        Stream.concat(
                        READ.stream().filter(it -> !it.endsWith("/nothing") && it.length() > 1),
                        Stream.of(
                                "/api/v1/uploads",
                                "/api/v1/uploads/x",
                                "/s/x",
                                "/t/x",
                                "/o/x",
                                "/webhooks/resend"))
                .filter(it -> !it.equals("/imports"))
                .forEach(
                        path -> {
                            Answer answer = send(method, path, List.of(KEY));
                            assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
                            assertThat(answer.header("Allow")).as(path).isNotEmpty();
                            assertThat(answer.header("Content-Type"))
                                    .startsWith("application/problem+json");
                        });
        assertThat(send(method, "/api/v1/contacts", List.of(KEY)).header("Allow"))
                .contains("GET", "POST");
        assertThat(send(method, "/u/x", List.of("Accept: text/html")).header("Allow"))
                .contains("GET", "POST");
        assertThat(send(method, "/api/v1/nothing", List.of(KEY)).status()).isEqualTo(404);
        assertThat(send(method, "/api/v1/contacts", List.of()).status()).isEqualTo(401);
    }

    @Test
    void methods_that_tomcat_answers_by_itself_are_no_fault_either() throws Exception {
        for (String method : List.of("CONNECT", "TRACE")) {
            Answer answer = send(method, "/api/v1/contacts", List.of(KEY));
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.header("Allow")).as(method).isNotEmpty();
        }
        Answer put = send("PUT", "/api/v1/uploads/x", List.of(KEY));
        assertThat(put.status()).isEqualTo(405);
        assertThat(put.header("Allow")).contains("PATCH", "DELETE");
    }

    @Test
    void a_byte_that_no_header_has_is_no_fault() throws Exception {
        for (int b = 0x80; b <= 0xFF; b += 5) {
            for (String before : List.of("", "gzip", "gzip, ", "gzip;q=")) {
                Answer answer =
                        send(
                                "GET",
                                "/api/v1/campaigns/987654/recipients.csv",
                                List.of(KEY, "Accept-Encoding: " + before + (char) b));
                assertThat(answer.status()).as("%s %02x", before, b).isIn(400, 404);
            }
        }
        for (String header : List.of("User-Agent", "X-Forwarded-For", "Accept", "Cookie")) {
            for (String path : READ) {
                Answer answer = send("GET", path, List.of(KEY, header + ": \u0085\u00ff"));
                assertThat(answer.status()).as(header + " " + path).isLessThan(500);
            }
            byte[] body = "action=SAVE&email=a".getBytes(StandardCharsets.US_ASCII);
            for (String path : POSTED) {
                List<String> headers =
                        List.of(FORM, header + ": \u0085", "Content-Length: " + body.length);
                assertThat(RawHttp.send("POST", path, headers, body).status())
                        .as(header + " " + path)
                        .isLessThan(500);
            }
        }
    }

    @Test
    void a_port_of_a_proxy_that_is_none_is_no_fault() throws Exception {
        for (String header : List.of("X-Forwarded-Port: x", "Forwarded: host=\"[::\";proto=x")) {
            for (String path : List.of("/swagger-ui.html", "/v3/api-docs", "/sign-in", "/")) {
                assertThat(send("GET", path, List.of(header)).status())
                        .as(header + " " + path)
                        .isLessThan(500);
            }
        }
    }

    @Test
    void a_long_accept_encoding_takes_no_time() throws Exception {
        JsonNode campaign =
                json(
                        api.postJson(
                                "/api/v1/campaigns",
                                "{\"name\":\"n\",\"subject\":\"s\",\"from\":\"a@b.com\",\"text\":\"x\",\"audience\":{\"all\":true}}"));
        String path = "/api/v1/campaigns/" + campaign.path("id").asLong() + "/recipients.csv";
        String[] accepted = {
            "gzip;q=1" + "x,".repeat(3_000), "gzip;q=0." + "0".repeat(6_000), ",".repeat(6_000)
        };
        for (String one : accepted) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () ->
                            assertThat(
                                            send(
                                                            "GET",
                                                            path,
                                                            List.of(KEY, "Accept-Encoding: " + one))
                                                    .status())
                                    .isEqualTo(200));
        }
        assertThat(packed(path, "gzip;q=0")).isFalse();
        assertThat(packed(path, "br, GZIP;q=0.5")).isTrue();
        assertThat(packed(path, "x-gzip")).isTrue();
        assertThat(packed(path, "gzipped")).isFalse();
    }

    private static boolean packed(String path, String accepted) throws Exception {
        return send("GET", path, List.of(KEY, "Accept-Encoding: " + accepted))
                .header("Content-Encoding")
                .equals("gzip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/contacts?limit=0x10",
                "/api/v1/contacts?listId=%23a",
                "/api/v1/contacts?limit=5.0",
                "/api/v1/contacts?limit=%D9%A5",
                "/api/v1/contacts?list_id=7",
                "/api/v1/contacts?listid=",
                "/api/v1/contacts/1?x=1",
                "/api/v1/contacts/0x1",
                "/api/v1/lists/%23a",
                "/api/v1/analytics/campaigns/compare?ids=1,0x2",
                "/api/v1/analytics/campaigns/compare?ids=1&ids=0x2"
            })
    void a_parameter_that_is_not_known_or_a_number_that_is_not_decimal_is_refused(String path) {
        Answer answer = send("GET", path, List.of(KEY));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"problem\":\"parameter-un");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/contacts?limit=",
                "/api/v1/contacts?limit=%205",
                "/api/v1/contacts?limit=%2B5",
                "/api/v1/contacts?limit=5&limit=6",
                "/api/v1/contacts?email=&search=&status=&listId=&segmentId=&after=",
                "/api/v1/contacts?status=%20SUBSCRIBED",
                "/api/v1/contacts?status=SUBSCRIBED&status=SUBSCRIBED",
                "/api/v1/contacts?search=a&search=b",
                "/api/v1/jobs?housekeeping=on",
                "/api/v1/jobs?housekeeping=1",
                "/api/v1/jobs?housekeeping=",
                "/api/v1/analytics/growth?from=&bucket=&zone="
            })
    void a_parameter_without_a_value_counts_as_absent_and_scripts_may_be_lax(String path) {
        Answer answer = send("GET", path, List.of(KEY));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":5}",
                "{\"name\":true}",
                "{\"name\":\"in quotes\",\"public\":\"true\"}",
                "{\"name\":\"without\",\"public\":1}"
            })
    void a_value_in_quotes_or_without_them_is_still_read(String body) throws Exception {
        HttpResponse<String> answer = api.postJson("/api/v1/lists", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"contactIds\":[\"1\"]}", "{\"contactIds\":[1.0]}"})
    void an_id_may_stand_in_quotes(String body) throws Exception {
        HttpResponse<String> answer = api.postJson("/api/v1/contacts/remove", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contactIds\":[1.5]}",
                "{\"contactIds\":[true]}",
                "{\"contactIds\":[null]}"
            })
    void an_id_that_is_no_whole_number_names_nobody(String body) throws Exception {
        HttpResponse<String> answer = api.postJson("/api/v1/contacts/remove", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("json-unreadable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50%@example.com",
                "a%2fb@example.com",
                "a%25@example.com",
                "^{|}@example.com",
                "a/b/c@example.com",
                "\"/../x\"@example.com",
                "a//b@example.com",
                "\"<\\\\\\\";\"@example.com",
                "\"a;b c\"@example.com",
                "\"./..\"@example.com",
                "?#&=+@example.com",
                "a+b@example.com"
            })
    void a_suppression_of_any_address_is_made_read_and_deleted(String email) throws Exception {
        HttpResponse<String> made =
                api.postJson(
                        "/api/v1/suppressions",
                        "{\"email\":\"%s\"}"
                                .formatted(email.replace("\\", "\\\\").replace("\"", "\\\"")));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).path("email").asString()).isEqualTo(email);
        String encoded =
                "/api/v1/suppressions/"
                        + URLEncoder.encode(email, StandardCharsets.UTF_8).replace("+", "%20");

        HttpResponse<String> read = api.get(encoded, WITH_KEY);
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        assertThat(json(read)).isEqualTo(json(made));
        String location = made.headers().firstValue("Location").orElseThrow();
        assertThat(json(api.get(location, WITH_KEY))).as(location).isEqualTo(json(made));
        assertThat(send("DELETE", encoded, List.of(KEY)).status()).isEqualTo(204);
        assertThat(api.get(encoded, WITH_KEY).statusCode()).isEqualTo(404);
    }

    @Test
    void what_is_encoded_in_other_paths_stays_refused() throws Exception {
        for (String path :
                List.of(
                        "/api/v1/contacts/%2f",
                        "/api/v1/contacts/1%252f",
                        "/static/console/..%2fconsole.css",
                        "/static/console/..%5cconsole.css",
                        "/api/v1/suppressions/..;/contacts")) {
            assertThat(send("GET", path, List.of(KEY)).status()).as(path).isIn(400, 404, 422);
        }
        assertThat(send("GET", "/api/v1/suppressions/..%2fcontacts", List.of(KEY)).body())
                .contains("email-is-malformed");
    }

    private static void refused(
            int status, String problem, String method, String path, List<String> headers)
            throws Exception {
        Answer answer = send(method, path, headers);
        assertThat(answer.status()).as(method + " " + path + answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).as(path).startsWith("application/problem+json");
        assertThat(answer.body()).as(path).contains("\"problem\":\"" + problem + "\"");
    }

    private static Answer send(String method, String path, List<String> headers) {
        try {
            return RawHttp.send(
                    method,
                    path,
                    Stream.concat(headers.stream(), Stream.of("Content-Length: 0")).toList(),
                    NOTHING);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }
}
