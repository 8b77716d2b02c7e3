package io.mailgenius.api.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.mailgenius.api.TestApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The console in a browser: that of the system, which {@code .ci/chromium} installs where it can.
 * {@code -Dmailgenius.docs.write=true} writes the pictures of docs/images, too.
 */
@ExtendWith(TestApi.Ends.class)
class ConsoleBrowserTest {

    private static final Path IMAGES = Path.of("../docs/images");

    private static final List<String> CHROMIUM =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private static final List<String> OPTIONS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private static Playwright playwright;
    private static Browser browser;
    private static String key;
    private static long chunk;

    @BeforeAll
    static void open() throws Exception {
        Optional<Path> chromium = chromium();
        if (chromium.isEmpty()) {
            String line = "No Chromium is installed: the console is not tested in a browser";
            System.err.println(line);
            Assumptions.abort(line);
        }
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium.get())
                                        .setArgs(OPTIONS));
        key = ConsoleFixture.fill();
        chunk = ConsoleFixture.failedChunk();
    }

    private static Optional<Path> chromium() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> CHROMIUM.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            playwright.close();
        }
    }

    private static Page signedIn(String with, String locale) {
        BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setBaseURL(TestApi.url("").toString())
                                .setLocale(locale)
                                .setTimezoneId("America/Sao_Paulo")
                                .setViewportSize(1366, 768));
        context.setDefaultTimeout(20_000);
        Page page = context.newPage();
        page.navigate("/sign-in#" + with);
        page.locator("#with-key button").click();
        page.waitForURL(Pattern.compile(".*/$"));
        return page;
    }

    private static List<String> screens() {
        String job = "/jobs/" + ConsoleFixture.FAILED;
        return List.of(
                "/",
                "/jobs",
                "/jobs?q=state:failed+nothing-has-this",
                job,
                job + "/chunks",
                job + "/chunks/" + chunk,
                job + "/retry",
                "/jobs/bulk?action=RESTART&q=state:stopped",
                "/queues",
                "/nodes",
                "/help",
                "/campaigns",
                "/imports");
    }

    @Test
    void every_screen_is_accessible_fits_and_speaks_portuguese() throws Exception {
        Page page = signedIn(key, "pt-BR");
        List<String> wrong = new ArrayList<>();
        for (String screen : screens()) {
            page.navigate(screen);
            String text = page.content();
            if (text.contains("??") || !text.contains("lang=\"pt-BR\"")) {
                wrong.add(screen + " has texts that are missing in pt-BR");
            }
            fits(page, screen, 390, 844, wrong);
            fits(page, screen, 1366, 768, wrong);
            for (String theme : List.of("light", "dark")) {
                page.evaluate(
                        "theme => document.documentElement.setAttribute('data-bs-theme', theme)",
                        theme);
                judge(new AxeBuilder(page), theme, screen, wrong);
            }
        }
        page.context().close();
        assertThat(wrong).isEmpty();
    }

    /** In the dark only colours can differ. */
    private static void judge(AxeBuilder axe, String theme, String screen, List<String> wrong) {
        AxeBuilder asked = theme.equals("dark") ? axe.withRules(List.of("color-contrast")) : axe;
        for (Rule rule : asked.analyze().getViolations()) {
            if (List.of("serious", "critical").contains(rule.getImpact())) {
                wrong.add(
                        "%s %s: %s %s"
                                .formatted(
                                        screen,
                                        theme,
                                        rule.getId(),
                                        rule.getNodes().stream()
                                                .limit(3)
                                                .map(node -> node.getHtml() + node.getAny())
                                                .toList()));
            }
        }
    }

    private static void fits(Page page, String screen, int width, int height, List<String> wrong) {
        page.setViewportSize(width, height);
        Object over =
                page.evaluate(
                        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (((Number) over).intValue() > 0) {
            wrong.add(
                    "%s at %d scrolls sideways by %s: %s"
                            .formatted(
                                    screen,
                                    width,
                                    over,
                                    page.evaluate(
                                            """
                                            () => [...document.querySelectorAll('main *, header *')]
                                              .filter(it => it.getBoundingClientRect().right > innerWidth + 1)
                                              .slice(0, 3).map(it => it.outerHTML.slice(0, 120))
                                            """)));
        }
    }

    @Test
    void who_may_only_read_is_refused_in_words_button_by_button() throws Exception {
        Page page = signedIn(ConsoleFixture.key("jobs:read,nodes:read,campaigns:read"), "en-US");
        int pressed = 0;
        for (String screen :
                List.of(
                        "/jobs",
                        "/jobs/" + ConsoleFixture.FAILED,
                        "/jobs/" + ConsoleFixture.FAILED + "/chunks/" + chunk,
                        "/nodes")) {
            page.navigate(screen);
            Locator buttons = page.locator("a[data-hx-target='#dialog']");
            assertThat(buttons.first()).isVisible();
            List<String> paths = new ArrayList<>();
            buttons.all().forEach(it -> paths.add(it.getAttribute("href")));
            for (String path : paths) {
                page.locator("a[data-hx-target='#dialog'][href='" + path + "']").first().click();
                assertThat(page.locator("dialog #refusal"))
                        .containsText(Pattern.compile("permission (jobs|nodes):operate"));
                assertThat(page.locator("dialog form")).hasCount(0);
                page.locator("dialog [data-close]").click();
                assertThat(page.locator("dialog")).not().isVisible();
                pressed++;
            }
        }
        assertThat(pressed).isGreaterThan(12);
        Object status =
                page.evaluate(
                        """
                        id => fetch('/jobs/' + id + '/abandon', {method: 'POST', headers: {'Content-Type':
                          'application/x-www-form-urlencoded'}, body: new URLSearchParams({_csrf:
                          document.querySelector('input[name=_csrf]').value})}).then(it => it.status)
                        """,
                        Long.toString(ConsoleFixture.TO_ABANDON));
        assertThat(status).isEqualTo(403);
        page.context().close();
    }

    @Test
    void an_action_asks_first_is_done_and_stands_in_the_history() {
        Page page = signedIn(key, "en-US");
        page.navigate("/jobs/" + ConsoleFixture.TO_ABANDON);
        page.locator("#actions a", new Page.LocatorOptions().setHasText("Abandon")).click();
        assertThat(page.locator("dialog #question")).containsText("It can never be restarted.");
        assertThat(page.locator("#curl"))
                .containsText("/api/v1/jobs/" + ConsoleFixture.TO_ABANDON + "/abandon'");
        page.locator("#reason").fill("Sent by another campaign");
        page.locator("dialog button.btn-danger").click();

        assertThat(page.locator("[data-state=ABANDONED]").first()).isVisible();
        assertThat(page.locator("#job")).containsText("Sent by another campaign");
        assertThat(page.locator("#actions a")).hasCount(0);
        page.context().close();
    }

    @Test
    void keys_lead_through_the_console_and_a_lost_connection_is_told() {
        Page page = signedIn(key, "en-US");
        page.keyboard().press("g");
        page.keyboard().press("j");
        page.waitForURL("**/jobs");
        page.keyboard().press("/");
        assertThat(page.locator("#q")).isFocused();
        page.locator("#q").pressSequentially("stat");
        assertThat(page.locator("#suggestions option[value='state:failed']")).hasCount(1);
        page.locator("#q").fill("state:failed timed");
        page.keyboard().press("Enter");
        page.waitForURL("**/jobs?q=*");
        page.locator("main h1").click();
        page.keyboard().press("?");
        page.waitForURL("**/help");

        page.navigate("/nodes");
        String time = page.locator("#nodes time").first().textContent();
        assertThat(time).as("in the zone of the browser").isNotEmpty();
        assertThat(page.locator("#nodes time").first())
                .hasAttribute("title", Pattern.compile(".* UTC"));
        page.context().setOffline(true);
        assertThat(page.locator("#age.is-lost")).containsText("the node does not answer");
        page.context().setOffline(false);
        assertThat(page.locator("#age.is-lost")).hasCount(0);
        assertThat(page.locator("#nodes")).isVisible();
        page.context().close();
    }

    @Test
    void pictures_for_the_docs() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("mailgenius.docs.write"), "writes docs/images");
        Page page = signedIn(key, "en-US");
        Map<String, String> pictures =
                Map.of(
                        "overview", "/",
                        "jobs", "/jobs",
                        "job", "/jobs/" + ConsoleFixture.FAILED,
                        "chunk", "/jobs/" + ConsoleFixture.FAILED + "/chunks/" + chunk,
                        "retry", "/jobs/" + ConsoleFixture.FAILED + "/retry",
                        "queues", "/queues",
                        "nodes", "/nodes");
        for (Map.Entry<String, String> picture : pictures.entrySet()) {
            page.navigate(picture.getValue());
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setFullPage(picture.getKey().equals("job"))
                            .setPath(IMAGES.resolve("console-" + picture.getKey() + ".png")));
        }
        page.context().close();
    }
}
