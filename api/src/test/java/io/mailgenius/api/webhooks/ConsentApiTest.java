package io.mailgenius.api.webhooks;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.providers.sandbox.Sandbox;
import io.mailgenius.jobs.providers.sandbox.SandboxMail;
import io.mailgenius.jobs.workspaces.Workspaces;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Unsubscribing, preferences and forms over HTTP, without an API key. */
@ExtendWith(TestApi.Ends.class)
class ConsentApiTest {

    private static final TestApi API = TestApi.program();
    private static final String FORM = "application/x-www-form-urlencoded";

    @Test
    void a_form_subscribes_whoever_confirms_and_nobody_who_only_looks() throws Exception {
        String email = "delivered+form@resend.dev";
        long list = id(post("/api/v1/lists", "{\"name\":\"By form\",\"public\":true}"));
        JsonNode form = json(form("Subscribing", list, "https://www.example.com:8443/welcome"));
        String path = "/s/" + form.path("key").asString();

        HttpResponse<String> first =
                API.post(
                        path,
                        "{\"email\":\"%s\",\"firstName\":\"Ada\",\"attributes\":{\"plan\":\"pro\"}}"
                                .formatted(email),
                        "Content-Type",
                        "application/json",
                        "X-Forwarded-For",
                        "192.0.2.1");
        HttpResponse<String> again =
                API.post(
                        path,
                        "{\"email\":\"%s\"}".formatted(email),
                        "Content-Type",
                        "application/json",
                        "X-Forwarded-For",
                        "192.0.2.1");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(again.body()).as("known or not").isEqualTo(first.body());
        JsonNode contact = json(get("/api/v1/contacts?email=" + email.replace("+", "%2B")));
        long id = contact.path("items").path(0).path("id").asLong();
        String about = "/api/v1/contacts/" + id;
        assertThat(status(about)).isEqualTo("PENDING");

        String link =
                await().atMost(Duration.ofSeconds(30)).until(() -> link(email), l -> !l.isEmpty());
        HttpResponse<String> page = API.get(link, "User-Agent", "Scanner");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("I want &lt;news&gt;.", "method=\"post\"");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("form-action 'self' https://www.example.com:8443");
        assertThat(status(about)).isEqualTo("PENDING");

        for (int n = 0; n < 2; n++) {
            HttpResponse<String> confirmed =
                    API.post(link, "", "Content-Type", FORM, "User-Agent", "Reader/1.0");
            assertThat(confirmed.statusCode()).isEqualTo(303);
            assertThat(confirmed.headers().firstValue("Location"))
                    .contains("https://www.example.com:8443/welcome");
        }
        assertThat(status(about)).isEqualTo("SUBSCRIBED");
        assertThat(json(get("/api/v1/lists/" + list)).path("members").asInt()).isEqualTo(1);
        JsonNode proofs = json(get(about + "/consent")).path("items");
        assertThat(proofs).hasSize(1);
        assertThat(proofs.path(0).path("userAgent").asString()).isEqualTo("Reader/1.0");
        assertThat(proofs.path(0).path("consentText").asString()).isEqualTo("I want <news>.");
        assertThat(proofs.path(0).path("requestedIp").asString()).isEqualTo("192.0.2.1");
        assertThat(
                        json(get("/api/v1/forms/" + form.path("id").asLong() + "/requests"))
                                .path("items"))
                .extracting(item -> item.path("status").asString())
                .containsExactly("IGNORED", "CONFIRMED");
    }

    /** Empty until the mail has been sent. */
    private static String link(String email) {
        Optional<SandboxMail> mail =
                TestApi.bean(Sandbox.class).mails(null, 50).stream()
                        .filter(it -> it.to().contains(email))
                        .findFirst();
        Matcher link =
                Pattern.compile("/c/[0-9a-f-]{36}").matcher(mail.map(SandboxMail::html).orElse(""));
        return link.find() ? link.group() : "";
    }

    @Test
    void a_form_of_a_page_is_told_what_is_wrong_and_robots_are_told_nothing() throws Exception {
        JsonNode form = json(form("Robots", null, null));
        String path = "/s/" + form.path("key").asString();
        HttpResponse<String> robot =
                submit(path, "email=robot%40example.com&website=x", "192.0.2.2");
        assertThat(robot.statusCode()).isEqualTo(202);
        assertThat(robot.body()).contains("Check your mailbox");
        assertThat(
                        json(get("/api/v1/forms/" + form.path("id").asLong() + "/requests"))
                                .path("items"))
                .isEmpty();

        assertThat(submit(path, "email=nobody", "192.0.2.2").body()).contains("email-is-malformed");
        assertThat(submit(path, "email=a%40b.test&age=7", "192.0.2.2").body())
                .contains("unknown-form-field", "age");
        assertThat(submit("/s/nothing", "email=a%40b.test", "192.0.2.2").statusCode())
                .isEqualTo(404);
        assertThat(API.get("/c/nothing").statusCode()).isEqualTo(404);
        int status = 0;
        for (int n = 0; n < 40 && status != 429; n++) {
            HttpResponse<String> many = submit(path, "email=x", "192.0.2.3");
            status = many.statusCode();
            if (status == 429) {
                assertThat(many.headers().firstValue("Retry-After")).isPresent();
            }
        }
        assertThat(status).as("of one client that does not stop").isEqualTo(429);
        assertThat(submit(path, "email=x", "192.0.2.4").statusCode()).isEqualTo(422);
    }

    @Test
    void a_person_chooses_leaves_and_comes_back_by_the_link_of_a_mail() throws Exception {
        long open = id(post("/api/v1/lists", "{\"name\":\"Open <list>\",\"public\":true}"));
        long hidden = id(post("/api/v1/lists", "{\"name\":\"Hidden list\"}"));
        long topic = id(post("/api/v1/topics", "{\"name\":\"Offers of a test\"}"));
        long contact = id(post("/api/v1/contacts", "{\"email\":\"chooser@example.com\"}"));
        for (long list : new long[] {open, hidden}) {
            post("/api/v1/lists/" + list + "/add", "{\"contactIds\":[" + contact + "]}");
        }
        String page = "/p/" + token(contact);
        String about = "/api/v1/contacts/" + contact;

        HttpResponse<String> shown = API.get(page);
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body())
                .contains("Open &lt;list&gt;", "Offers of a test", "c…@example.com")
                .doesNotContain("Hidden list", "chooser");
        String of = "action=SAVE&shownList=" + open + "&shownTopic=" + topic;
        assertThat(submit(page, of, "192.0.2.5").body()).contains("Your choice is saved");
        assertThat(members(open)).isZero();
        assertThat(json(get(about + "/topics")).toString())
                .contains("\"wanted\":false,\"chosen\":true");
        submit(page, of + "&list=" + open + "&topic=" + topic, "192.0.2.5");
        submit(page, "action=SAVE&shownList=" + hidden, "192.0.2.5");
        submit(page, "action=SAVE", "192.0.2.5");
        assertThat(members(open)).isEqualTo(1);
        assertThat(members(hidden)).as("not for people to leave").isEqualTo(1);

        assertThat(API.get("/u" + page.substring(2)).body()).contains("href=\"" + page);
        assertThat(submit(page, "action=LEAVE", "192.0.2.5").body())
                .contains("unsubscribed from everything");
        assertThat(status(about)).isEqualTo("UNSUBSCRIBED");
        API.get(page);
        assertThat(status(about)).isEqualTo("UNSUBSCRIBED");
        assertThat(submit(page, "action=RETURN", "192.0.2.5").body()).contains("subscribed again");
        assertThat(status(about)).isEqualTo("SUBSCRIBED");
        assertThat(json(get(about + "/consent")).path("items"))
                .extracting(
                        item -> item.path("act").asString() + " " + item.path("words").asString())
                .containsExactly(
                        "RETURNED subscribed again by themself",
                        "CHOSE list \"Open <list>\" on, topic \"Offers of a test\" on",
                        "CHOSE list \"Open <list>\" off, topic \"Offers of a test\" off");

        post(
                "/api/v1/suppressions",
                "{\"email\":\"chooser@example.com\",\"reason\":\"COMPLAINED\"}");
        assertThat(submit(page, "action=RETURN", "192.0.2.5").body())
                .contains("cannot change that");
        assertThat(status(about)).isEqualTo("COMPLAINED");
        assertThat(API.get("/p/" + token(contact).substring(1)).statusCode()).isEqualTo(404);
        assertThat(submit(page, "action=DANCE", "192.0.2.5").statusCode()).isEqualTo(400);
    }

    @Test
    void a_campaign_says_where_its_sender_lives_once_the_workspace_says_so() throws Exception {
        long campaign = draft("{{ unsubscribe_url }}");
        assertThat(json(get("/api/v1/campaigns/" + campaign + "/check")).toString())
                .contains("postal-address-not-set", "WARNING");
        try {
            patch("{\"postalAddress\":\"Acme GmbH, 1 Main St, Springfield\"}");
            assertThat(json(get("/api/v1/campaigns/" + campaign + "/check")).toString())
                    .contains("postal-address-missing", "ERROR");
            HttpResponse<String> refused = post("/api/v1/campaigns/" + campaign + "/send", "{}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("campaign-not-sound", "{{ postal_address }}");
            long sound = draft("{{ unsubscribe_url }} {{ postal_address }} {{ preferences_url }}");
            assertThat(json(get("/api/v1/campaigns/" + sound + "/check")).path("findings"))
                    .isEmpty();
            assertThat(patch("{\"postalAddress\":\"here\"}").body())
                    .contains("postal-address-invalid");
        } finally {
            patch("{\"postalAddress\":\"\"}");
        }
        assertThat(json(get("/api/v1/workspace")).path("postalAddress").isNull()).isTrue();
    }

    @Test
    void a_link_finds_its_page_whatever_a_mail_program_takes_for_a_part_of_it() throws Exception {
        long contact = id(post("/api/v1/contacts", "{\"email\":\"torn@example.com\"}"));
        String token = token(contact);
        for (String page : new String[] {"/u/", "/p/"}) {
            for (String behind :
                    new String[] {"", ")", ").", "%3E", "%3E.", "/", ".", ",", "%22", "!"}) {
                assertThat(API.get(page + token + behind).statusCode())
                        .as(page + "…" + behind)
                        .isEqualTo(200);
            }
            assertThat(API.get(page + token + "x").statusCode()).isEqualTo(404);
        }
        assertThat(status("/api/v1/contacts/" + contact)).isEqualTo("SUBSCRIBED");
        submit("/u/" + token + ").", "List-Unsubscribe=One-Click", "192.0.2.6");
        assertThat(status("/api/v1/contacts/" + contact)).isEqualTo("UNSUBSCRIBED");
    }

    @Test
    void a_link_unsubscribes_the_address_that_was_mailed_whatever_became_of_the_contact()
            throws Exception {
        long ada = id(post("/api/v1/contacts", "{\"email\":\"ada.of.then@example.com\"}"));
        String link =
                TestApi.bean(UnsubscribeTokens.class)
                        .sign(
                                new UnsubscribeTokens.Recipient(
                                        TestApi.bean(Workspaces.class).ids().getFirst(),
                                        draft("{{ unsubscribe_url }}"),
                                        ada,
                                        "ada.of.then@example.com"));
        patch("/api/v1/contacts/" + ada, "{\"email\":\"ada.of.now@example.com\"}");
        long anew = id(post("/api/v1/contacts", "{\"email\":\"ada.of.then@example.com\"}"));
        assertThat(API.get("/p/" + link).body()).contains("a…@example.com");
        assertThat(API.post("/u/" + link, "", "Content-Type", FORM).statusCode()).isEqualTo(200);
        assertThat(status("/api/v1/contacts/" + ada)).isEqualTo("SUBSCRIBED");
        assertThat(status("/api/v1/contacts/" + anew)).isEqualTo("UNSUBSCRIBED");
        assertThat(get("/api/v1/suppressions/ada.of.then@example.com").statusCode()).isEqualTo(200);
    }

    private static String token(long contact) throws Exception {
        long workspace = TestApi.bean(Workspaces.class).ids().getFirst();
        return TestApi.bean(UnsubscribeTokens.class)
                .sign(
                        new UnsubscribeTokens.Recipient(
                                workspace, draft("{{ unsubscribe_url }}"), contact));
    }

    private static long draft(String text) throws Exception {
        return id(
                post(
                        "/api/v1/campaigns",
                        """
                        {"name":"Consent","subject":"Hello","from":"news@example.com","text":"Hello %s",
                         "audience":{"all":true}}
                        """
                                .formatted(text)));
    }

    private static HttpResponse<String> form(String name, Long list, String redirect)
            throws Exception {
        HttpResponse<String> created =
                post(
                        "/api/v1/forms",
                        """
                        {"name":"%s","listIds":[%s],"from":"News <news@example.com>","subject":"Is it you?",
                         "html":"<a href='{{ confirm_url }}'>Yes</a>","consentText":"I want <news>.",
                         "redirectUrl":%s}
                        """
                                .formatted(
                                        name,
                                        list == null ? "" : list,
                                        redirect == null ? "null" : '"' + redirect + '"'));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created;
    }

    private static HttpResponse<String> submit(String path, String fields, String ip)
            throws Exception {
        return API.post(path, fields, "Content-Type", FORM, "X-Forwarded-For", ip);
    }

    private static int members(long list) throws Exception {
        return json(get("/api/v1/lists/" + list)).path("members").asInt();
    }

    private static String status(String contact) throws Exception {
        return json(get(contact)).path("status").asString();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return API.postJson(path, body);
    }

    private static HttpResponse<String> patch(String body) throws Exception {
        return patch("/api/v1/workspace", body);
    }

    private static HttpResponse<String> patch(String path, String body) throws Exception {
        return API.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method("PATCH", BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + TestApi.KEY,
                "Content-Type",
                "application/json");
    }

    private static long id(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return json(created).path("id").asLong();
    }
}
