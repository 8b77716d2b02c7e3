package io.mailgenius.api.demo;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import io.mailgenius.api.client.Client;
import io.mailgenius.api.samples.SampleContacts;
import io.mailgenius.api.samples.SampleContacts.Expected;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole pipeline, from a file to the figures, over HTTP. */
@ExtendWith(TestApi.Ends.class)
class WalkTest {

    @TempDir static Path folder;

    private static String key;
    private static Expected expected;
    private static Result result;
    private final TestApi api = TestApi.program();

    @BeforeAll
    static void walk() throws Exception {
        // A separate workspace, because other tests use the first one.
        key = TestApi.keyOfAnotherWorkspace("walk");
        Path file = folder.resolve("contacts.csv");
        try (OutputStream out = Files.newOutputStream(file)) {
            expected = new SampleContacts(1_000, 42).writeTo(out);
        }
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true);
        try (Client client = new Client(TestApi.url("/"), key)) {
            result = new Walk(client, nowhere, false).go(file, expected);
        }
    }

    @Test
    void every_figure_fits_what_was_in_the_file() {
        assertThat(result.wrong(expected)).isEmpty();
        assertThat(result.rows().created()).isEqualTo(980);
        assertThat(result.counts().sent()).isEqualTo(expected.pro());
    }

    @Test
    void the_last_line_is_one_object_with_the_figures() {
        assertThat(result.json())
                .doesNotContain("\n")
                .startsWith("{\"imported\":980,\"recipients\":" + expected.pro() + ",\"sent\":")
                .contains("\"seconds\":{\"import\":");
    }

    @Test
    void an_inconsistent_figure_is_reported() {
        Expected other =
                new Expected(
                        expected.rows(),
                        expected.valid() + 1,
                        expected.duplicate(),
                        expected.bad(),
                        expected.pro());

        assertThat(result.wrong(other))
                .containsExactly("980 contacts imported, but 981 valid addresses");
    }

    @Test
    void rejects_of_an_import_can_be_downloaded_and_corrected() throws Exception {
        HttpResponse<String> rejects =
                api.get(
                        "/api/v1/imports/" + onlyOne("imports") + "/rejects.csv",
                        "Authorization",
                        "Bearer " + key);

        assertThat(rejects.statusCode()).isEqualTo(200);
        assertThat(rejects.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        assertThat(rejects.body().lines().count()).isGreaterThan(10);
        assertThat(rejects.body()).contains("no-at-sign.example.com");
    }

    @Test
    void a_job_lists_the_owners_of_its_chunks() throws Exception {
        JsonNode jobs = json(api.get("/api/v1/jobs", "Authorization", "Bearer " + key));
        long campaign = 0;
        for (JsonNode job : jobs.path("items")) {
            if (job.path("job").asString().equals("campaign")) {
                campaign = job.path("executionId").asLong();
            }
        }

        JsonNode job = json(api.get("/api/v1/jobs/" + campaign, "Authorization", "Bearer " + key));

        JsonNode partition = job.path("steps").path(0).path("partitions").path(0);
        assertThat(partition.path("chunks").path("DONE").asLong()).isPositive();
        assertThat(partition.path("owners").path(0).path("chunks").asLong()).isPositive();
        assertThat(partition.path("counts").path("sent").asLong()).isPositive();
    }

    private long onlyOne(String noun) throws Exception {
        JsonNode items =
                json(api.get("/api/v1/" + noun, "Authorization", "Bearer " + key)).path("items");
        assertThat(items).hasSize(1);
        return items.path(0).path("id").asLong();
    }

    @Test
    void every_page_of_the_console_shows_what_there_is() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(key);

        long imported = onlyOne("imports");
        long campaign = onlyOne("campaigns");
        assertThat(page(browser, "/")).contains("Delivered", "campaign " + campaign);
        assertThat(page(browser, "/imports")).contains("contacts.csv", "COMPLETED");
        assertThat(page(browser, "/imports/" + imported)).contains("Rejected", "Download");
        assertThat(page(browser, "/campaigns")).contains("News for pro", "SENT");
        assertThat(page(browser, "/campaigns/" + campaign)).contains("Unsubscribed", "Hour");
        String jobs = page(browser, "/jobs");
        assertThat(jobs)
                .contains("import " + imported, "segment " + onlyOne("segments") + ":0")
                .doesNotContain("rollup");
        Matcher job = Pattern.compile("/jobs/\\d+").matcher(jobs);
        assertThat(job.find()).isTrue();
        assertThat(page(browser, job.group())).contains("Steps and partitions", "DONE");
        assertThat(page(browser, "/nodes")).contains("ALIVE");
        assertThat(page(browser, "/nothing-is-here", 404)).contains("Nothing is here");
    }

    @Test
    void a_sandbox_mail_is_shown_in_a_sandboxed_frame() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(key);
        Matcher link = Pattern.compile("/sandbox/[0-9a-f-]{36}").matcher(page(browser, "/sandbox"));
        assertThat(link.find()).isTrue();

        HttpResponse<String> mail = browser.get(link.group(), "Accept", "text/html");

        assertThat(mail.body()).contains("sandbox=\"\"", "srcdoc=\"&lt;h1&gt;Hello");
        assertThat(mail.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self';");
    }

    @Test
    void the_link_in_a_mail_unsubscribes_by_a_button_and_not_by_a_get() throws Exception {
        String mail = mailOfUnsuppressedContact();
        Matcher link = Pattern.compile("/u/[A-Za-z0-9_-]+").matcher(mail);
        assertThat(link.find()).isTrue();

        assertThat(api.get(link.group(), "Accept", "text/html").statusCode()).isEqualTo(200);
        assertThat(suppression(mail).statusCode()).isEqualTo(404);

        HttpResponse<String> done =
                api.post(
                        link.group(),
                        "List-Unsubscribe=One-Click",
                        "Content-Type",
                        "application/x-www-form-urlencoded");

        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(json(suppression(mail)).path("reason").asString()).isEqualTo("UNSUBSCRIBED");
        assertThat(api.get(link.group() + "x", "Accept", "text/html").statusCode()).isEqualTo(404);
    }

    /** One in a hundred addresses bounces in the sandbox and is then suppressed. */
    private String mailOfUnsuppressedContact() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(key);
        Matcher mails =
                Pattern.compile("/sandbox/[0-9a-f-]{36}").matcher(page(browser, "/sandbox"));
        while (mails.find()) {
            String mail = page(browser, mails.group());
            if (suppression(mail).statusCode() == 404) {
                return mail;
            }
        }
        throw new AssertionError("Every recipient is suppressed");
    }

    private HttpResponse<String> suppression(String mail) throws Exception {
        Matcher address =
                Pattern.compile("[a-z.0-9]+@example\\.com")
                        .matcher(mail.substring(mail.indexOf(">To<")));
        assertThat(address.find()).isTrue();
        return api.get("/api/v1/suppressions/" + address.group(), "Authorization", "Bearer " + key);
    }

    private static String page(TestApi browser, String path) throws Exception {
        return page(browser, path, 200);
    }

    private static String page(TestApi browser, String path, int status) throws Exception {
        HttpResponse<String> response = browser.get(path, "Accept", "text/html");
        assertThat(response.statusCode()).as(path).isEqualTo(status);
        return response.body();
    }
}
