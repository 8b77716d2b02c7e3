package io.mailgenius.api.webhooks;

import static io.mailgenius.api.TestApi.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.RawHttp;
import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.workspaces.Workspaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** RFC 8058: mailbox providers post to the link in the header, with different bodies. */
@ExtendWith(TestApi.Ends.class)
class OneClickUnsubscribeTest {

    private static final TestApi API = TestApi.program();
    private static final String ONE_CLICK = "List-Unsubscribe=One-Click";
    private static final String PARTS =
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";

    private static final String FORM = "application/x-www-form-urlencoded";

    static Stream<Arguments> bodies() {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 'x');
        return Stream.of(
                Arguments.of("multipart/form-data; boundary=b", PARTS.getBytes(US_ASCII)),
                Arguments.of("Multipart/Form-Data; Boundary=\"b\"", PARTS.getBytes(US_ASCII)),
                Arguments.of("multipart/form-data", PARTS.getBytes(US_ASCII)),
                Arguments.of("multipart/form-data; boundary=other", PARTS.getBytes(US_ASCII)),
                Arguments.of("multipart/mixed; boundary=b", PARTS.getBytes(US_ASCII)),
                Arguments.of("application/x-www-form-urlencoded", ONE_CLICK.getBytes(US_ASCII)),
                Arguments.of(
                        "application/x-www-form-urlencoded; charset=utf-8",
                        ONE_CLICK.getBytes(US_ASCII)),
                Arguments.of("application/x-www-form-urlencoded", "=%zz&%ff".getBytes(US_ASCII)),
                Arguments.of("text/plain", ONE_CLICK.getBytes(US_ASCII)),
                Arguments.of("application/json", "{\"a\":".getBytes(US_ASCII)),
                Arguments.of("application/octet-stream", new byte[] {0, 1, 2}),
                Arguments.of("no type at all", ONE_CLICK.getBytes(US_ASCII)),
                Arguments.of("", ONE_CLICK.getBytes(US_ASCII)),
                Arguments.of("", new byte[0]),
                Arguments.of("multipart/form-data; boundary=b", large),
                Arguments.of("application/x-www-form-urlencoded", large));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatever_the_body_is_the_reader_is_unsubscribed(String type, byte[] body)
            throws Exception {
        long contact = contact();
        List<String> headers = new ArrayList<>(List.of("Content-Length: " + body.length));
        if (!type.isEmpty()) {
            headers.add("Content-Type: " + type);
        }

        RawHttp.Answer answer = RawHttp.send("POST", "/u/" + token(contact), headers, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(status(contact)).isEqualTo("UNSUBSCRIBED");
    }

    @Test
    void a_body_in_pieces_is_honoured_too() throws Exception {
        long contact = contact();
        byte[] chunks = "1a\r\nList-Unsubscribe=One-Click\r\n0\r\n\r\n".getBytes(US_ASCII);

        RawHttp.Answer answer =
                RawHttp.send(
                        "POST",
                        "/u/" + token(contact),
                        List.of(
                                "Transfer-Encoding: chunked",
                                "Content-Type: application/x-www-form-urlencoded"),
                        chunks);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(status(contact)).isEqualTo("UNSUBSCRIBED");
    }

    /** Whoever has the mail can repeat it, and must not fill the database by that. */
    @Test
    void a_repetition_is_one_event_until_the_reader_subscribes_again() throws Exception {
        long contact = contact();
        String token = token(contact);
        for (int time = 0; time < 5; time++) {
            assertThat(API.post("/u/" + token, "").statusCode()).isEqualTo(200);
            assertThat(API.post("/p/" + token, "action=LEAVE", "Content-Type", FORM).statusCode())
                    .isEqualTo(200);
        }
        assertThat(unsubscribes(contact)).isEqualTo(1);

        assertThat(API.post("/p/" + token, "action=RETURN", "Content-Type", FORM).statusCode())
                .isEqualTo(200);
        assertThat(status(contact)).isEqualTo("SUBSCRIBED");
        assertThat(API.post("/u/" + token, "").statusCode()).isEqualTo(200);

        assertThat(status(contact)).isEqualTo("UNSUBSCRIBED");
        assertThat(unsubscribes(contact)).isEqualTo(2);
    }

    private static long unsubscribes(long contact) {
        return TestApi.owner()
                .sql(
                        "SELECT count(*) FROM event WHERE contact_id = :contact AND type = 'UNSUBSCRIBED'")
                .param("contact", contact)
                .query(Long.class)
                .single();
    }

    @Test
    void looking_changes_nothing() throws Exception {
        long contact = contact();
        String token = token(contact);
        for (String method : List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PROPFIND")) {
            for (String path :
                    List.of(
                            "/u/" + token,
                            "/u/" + token + "?List-Unsubscribe=One-Click",
                            "/p/" + token,
                            "/p/" + token + "?action=LEAVE")) {
                RawHttp.Answer answer =
                        RawHttp.send(
                                method,
                                path,
                                List.of(
                                        "X-HTTP-Method-Override: POST",
                                        "Content-Type: application/x-www-form-urlencoded",
                                        "Content-Length: 12"),
                                "action=LEAVE".getBytes(US_ASCII));
                assertThat(answer.status()).as("%s %s", method, path).isLessThan(500);
            }
        }
        assertThat(status(contact)).isEqualTo("SUBSCRIBED");
        assertThat(json(get("/api/v1/contacts/" + contact + "/consent")).path("items")).isEmpty();
        assertThat(json(get("/api/v1/contacts/" + contact + "/history")).toString())
                .doesNotContain("UNSUBSCRIBED");
    }

    private static long contact() throws Exception {
        JsonNode made =
                json(
                        API.postJson(
                                "/api/v1/contacts",
                                "{\"email\":\"one-click%d@example.com\"}"
                                        .formatted(System.nanoTime())));
        return made.path("id").asLong();
    }

    private static String token(long contact) throws Exception {
        JsonNode campaign =
                json(
                        API.postJson(
                                "/api/v1/campaigns",
                                """
                                {"name":"One click","subject":"Hello","from":"news@example.com",
                                 "text":"{{ unsubscribe_url }}","audience":{"all":true}}
                                """));
        return TestApi.bean(UnsubscribeTokens.class)
                .sign(
                        new UnsubscribeTokens.Recipient(
                                TestApi.bean(Workspaces.class).ids().getFirst(),
                                campaign.path("id").asLong(),
                                contact));
    }

    private static String status(long contact) throws Exception {
        return json(get("/api/v1/contacts/" + contact)).path("status").asString();
    }

    private static java.net.http.HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY);
    }
}
