package io.mailgenius.api;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.RawHttp.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL or UTF-8 cannot hold is told so, and never becomes a fault of this side. */
@ExtendWith(TestApi.Ends.class)
class UnstorableTextTest {

    private static final String KEY = "Authorization: Bearer " + TestApi.KEY;
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final byte[] NOTHING = {};
    private static final List<String> READ =
            List.of(
                    "/api/v1/contacts",
                    "/api/v1/contacts/export.csv.gz",
                    "/api/v1/suppressions",
                    "/api/v1/analytics/overview",
                    "/api/v1/nothing",
                    "/actuator/health",
                    "/sign-in",
                    "/p/x");

    private final TestApi api = TestApi.program();

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "\\ud800", "a\\udc00b", "\\udc00\\ud800"})
    void a_text_that_cannot_be_stored_is_refused_wherever_it_stands(String text) throws Exception {
        String[][] bodies = {
            {"/contacts", "{'email':'%s@example.com'}"},
            {"/contacts", "{'email':'nul@example.com','firstName':'%s'}"},
            {"/contacts", "{'email':'nul@example.com','attributes':{'a':'%s'}}"},
            {"/contacts", "{'email':'nul@example.com','attributes':{'%s':1}}"},
            {"/contacts", "{'email':'nul@example.com','attributes':{'a':['%s']}}"},
            {"/contacts", "{'email':'nul@example.com','attributes':{'a':{'%s':1}}}"},
            {"/contacts/add", "{'contacts':[{'email':'nul@example.com','city':'%s'}]}"},
            {"/contacts/remove", "{'emails':['%s']}"},
            {"/lists", "{'name':'%s'}"},
            {"/lists/1/add", "{'emails':['%s']}"},
            {"/topics", "{'name':'Nul','description':'%s'}"},
            {"/suppressions", "{'email':'%s@example.com'}"},
            {"/segments", "{'name':'%s','rule':{'all':[]}}"},
            {
                "/segments",
                "{'name':'Nul','rule':{'all':[{'field':'city','op':'equals','value':'%s'}]}}"
            },
            {
                "/segments/preview",
                "{'rule':{'all':[{'field':'attributes.%s','op':'equals','value':'x'}]}}"
            },
            {"/templates", "{'name':'Nul','subject':'s','html':'%s'}"},
            {"/templates", "{'name':'Nul','subject':'%s','html':'x'}"},
            {"/templates", "{'name':'Nul','subject':'s','mjml':'%s'}"},
            {
                "/campaigns",
                "{'name':'n','subject':'s','from':'a@b.com','text':'%s','audience':{'all':true}}"
            },
            {
                "/campaigns",
                "{'name':'n','subject':'s','from':'%s <a@b.com>','text':'x','audience':{'all':true}}"
            },
            {"/forms", "{'name':'n','from':'a@b.com','subject':'s','html':'x','consentText':'%s'}"},
            {"/imports", "{'upload':'%s'}"},
            {"/imports/preview", "{'upload':'x','options':{'mapping':{'%s':'email'}}}"},
            {"/%s", "{'%s':1}"}
        };
        for (String[] one : bodies) {
            String path = "/api/v1" + one[0].replace("/%s", "/contacts");
            String body = one[1].replace('\'', '"').replace("%s", text);
            HttpResponse<String> answer = api.postJson(path, body);
            // A name with half of a character is no JSON.
            boolean name = body.contains(text + "\":");
            assertThat(json(answer).path("problem").asString())
                    .as("%s %s: %s", path, body, answer.body())
                    .isIn("text-not-storable", name ? "json-unreadable" : "text-not-storable");
            assertThat(answer.statusCode()).isIn(422, name ? 400 : 422);
        }
        long contact = json(api.postJson("/api/v1/contacts", email())).path("id").asLong();
        for (String patch :
                List.of("{\"city\":\"%s\"}", "{\"attributes\":{\"a\":\"%s\"}}", "{\"%s\":1}")) {
            HttpResponse<String> answer =
                    api.send(
                            HttpRequest.newBuilder(TestApi.url("/api/v1/contacts/" + contact))
                                    .method(
                                            "PATCH",
                                            BodyPublishers.ofString(patch.formatted(text))),
                            "Authorization",
                            "Bearer " + TestApi.KEY,
                            "Content-Type",
                            "application/merge-patch+json");
            assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
        }
        HttpResponse<String> form =
                api.post(
                        "/s/x",
                        "{\"email\":\"%s\"}".formatted(text),
                        "Content-Type",
                        "application/json");
        assertThat(form.statusCode()).as(form.body()).isEqualTo(422);
    }

    private static String email() {
        return "{\"email\":\"strange%d@example.com\"}".formatted(System.nanoTime());
    }

    @Test
    void characters_outside_of_the_basic_plane_are_texts_like_others() throws Exception {
        String name = "\\ud83d\\ude00 and 😀 " + System.nanoTime();
        HttpResponse<String> answer =
                api.postJson("/api/v1/lists", "{\"name\":\"%s\"}".formatted(name));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(json(answer).path("name").asString()).startsWith("😀 and 😀");
    }

    @Test
    void a_parameter_that_cannot_be_stored_is_refused_on_every_path() throws Exception {
        for (String query :
                List.of("search=%00", "email=a%00b", "after=%00", "zone=%00", "%00=1")) {
            for (String path : READ) {
                refused(422, "text-not-storable", "GET", path + "?" + query, List.of(KEY));
            }
        }
        for (String path : List.of("/s/x", "/p/x", "/sign-in")) {
            byte[] body = "email=a%00b".getBytes(StandardCharsets.US_ASCII);
            Answer answer =
                    RawHttp.send(
                            "POST", path, List.of(FORM, "Content-Length: " + body.length), body);
            assertThat(answer.status()).as(path + answer.body()).isEqualTo(422);
        }
        for (String path : List.of("/api/v1/suppressions/a%00@b.com", "/s/%00", "/u/%00")) {
            assertThat(send("POST", path, List.of(KEY)).status()).as(path).isEqualTo(400);
        }
    }

    @Test
    void a_file_whose_name_or_options_cannot_be_stored_is_refused() throws Exception {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
        String[][] files = {
            {part.formatted("options", "", "{\"name\":\"\\u0000\"}"), "; filename=\"x.csv\""},
            {part.formatted("options", "", "{\"x\\ud800\":1}"), "; filename=\"x.csv\""},
            {"", "; filename=\"x\0.csv\""},
            {"", "; filename*=UTF-8''x%00.csv"},
        };
        for (String path : List.of("/api/v1/imports", "/api/v1/imports/preview")) {
            for (String[] file : files) {
                byte[] body =
                        (file[0]
                                        + part.formatted("file", file[1], "email\na@example.com")
                                        + "--b--\r\n")
                                .getBytes(StandardCharsets.UTF_8);
                Answer answer =
                        RawHttp.send(
                                "POST",
                                path,
                                List.of(
                                        KEY,
                                        "Content-Type: multipart/form-data; boundary=b",
                                        "Content-Length: " + body.length),
                                body);
                assertThat(answer.status())
                        .as("%s %s", String.join(" ", file), answer.body())
                        .isBetween(400, 499);
            }
        }
    }

    @Test
    void an_upload_whose_name_cannot_be_stored_is_refused() throws Exception {
        String name = Base64.getEncoder().encodeToString("a\0.csv".getBytes());
        Answer created =
                send(
                        "POST",
                        "/api/v1/uploads",
                        List.of(
                                KEY,
                                "Tus-Resumable: 1.0.0",
                                "Upload-Length: 5",
                                "Upload-Metadata: filename " + name));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        Answer whole =
                RawHttp.send(
                        "PATCH",
                        created.header("Location"),
                        List.of(
                                KEY,
                                "Tus-Resumable: 1.0.0",
                                "Upload-Offset: 0",
                                "Content-Type: application/offset+octet-stream",
                                "Content-Length: 5"),
                        "email".getBytes(StandardCharsets.US_ASCII));
        assertThat(whole.status()).as(whole.body()).isEqualTo(204);
        String id = created.header("Location").substring("/api/v1/uploads/".length());

        HttpResponse<String> started =
                api.postJson("/api/v1/imports", "{\"upload\":\"%s\"}".formatted(id));

        assertThat(started.statusCode()).as(started.body()).isEqualTo(422);
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
