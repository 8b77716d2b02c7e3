package io.mailgenius.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TemplatesTest {

    private static final LaunchFixture DOORS =
            new LaunchFixture(
                    Templates.class,
                    TemplateCompiler.class,
                    Contacts.class,
                    AccessChanges.class,
                    WorkspaceSettings.class);

    private final Templates templates = DOORS.door(Templates.class);

    @BeforeEach
    void empty() {
        DOORS.database.empty("template", "contact");
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void a_template_is_created_found_paged_and_deleted() {
        TemplateView welcome = create(" welcome ", "<p>Hi {{ contact.first_name }}</p>");

        assertThat(welcome.name()).isEqualTo("welcome");
        assertThat(welcome.version()).isOne();
        assertThat(DOORS.in(() -> templates.find(welcome.id()))).isEqualTo(welcome);
        create("goodbye", "x");
        assertThat(DOORS.in(() -> templates.page(0, 1)).items())
                .extracting(TemplateSummary::name)
                .containsExactly("welcome");
        DOORS.run(() -> templates.delete(welcome.id()));
        assertProblem("template-not-found", () -> DOORS.in(() -> templates.find(welcome.id())));
        assertProblem("template-not-found", () -> DOORS.run(() -> templates.delete(welcome.id())));
        assertThat(
                        DOORS.owner()
                                .sql("SELECT count(*) FROM template_version WHERE template_id = ?")
                                .param(welcome.id())
                                .query(Long.class)
                                .single())
                .isZero();
    }

    @Test
    void an_update_creates_a_version_and_keeps_the_old_one() {
        long id = create("welcome", "one").id();

        TemplateView second = update(id, "hello", "two");

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.name()).isEqualTo("hello");
        assertThat(DOORS.in(() -> templates.find(id)).html()).isEqualTo("two");
        assertThat(DOORS.in(() -> templates.find(id, 1)).html()).isEqualTo("one");
        assertProblem("template-not-found", () -> DOORS.in(() -> templates.find(id, 3)));
    }

    @Test
    void concurrent_updates_create_one_version_each() throws Exception {
        long id = create("welcome", "one").id();
        List<Callable<Integer>> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String html = "v" + i;
            changes.add(() -> update(id, "welcome", html).version());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(changes)) {
                done.get();
            }
        }

        assertThat(DOORS.in(() -> templates.find(id)).version()).isEqualTo(9);
        for (int version = 1; version <= 9; version++) {
            int number = version;
            assertThat(DOORS.in(() -> templates.find(id, number)).version()).isEqualTo(number);
        }
    }

    @Test
    void nothing_is_stored_that_does_not_parse() {
        long id = create("welcome", "one").id();

        assertProblem("template-does-not-parse", () -> create("broken", "{{ x"));
        assertProblem("template-does-not-parse", () -> update(id, "welcome", "{% if %}"));
        assertProblem("template-is-empty", () -> create("empty", " "));
        assertProblem("template-name-invalid", () -> create(" ", "x"));
        assertThat(DOORS.in(() -> templates.find(id)).version()).isOne();
        assertThat(DOORS.in(() -> templates.page(0, 10)).items()).hasSize(1);
    }

    @Test
    void mjml_is_compiled_once_and_stored_beside_its_html() {
        String mjml =
                """
                <mjml><mj-body><mj-section><mj-column>
                  <mj-text>Hi {{ contact.first_name }}</mj-text>
                </mj-column></mj-section></mj-body></mjml>
                """;
        TemplateView written =
                DOORS.in(
                        () ->
                                templates.create(
                                        new TemplateDraft(
                                                "welcome", TemplateSource.mjml("Hi", mjml, null))));

        assertThat(written.source()).isEqualTo(TemplateSource.mjml("Hi", mjml, null));
        assertThat(written.html())
                .startsWith("<!doctype html>")
                .contains("{{ contact.first_name }}");
        assertThat(DOORS.in(() -> templates.preview(written.id(), null)).mail().text())
                .isEqualTo("Hi Ada");
        assertThat(update(written.id(), "welcome", "<p>plain</p>").source())
                .isEqualTo(TemplateSource.html(null, "<p>plain</p>", null));
        assertThat(DOORS.in(() -> templates.find(written.id(), 1)).source().page()).isEqualTo(mjml);
    }

    @Test
    void a_duplicate_template_name_is_refused() {
        create("welcome", "x");
        long id = create("other", "x").id();

        assertProblem("template-exists", () -> create("welcome", "x"));
        assertProblem("template-exists", () -> update(id, "welcome", "x"));
    }

    @Test
    void a_preview_shows_the_mail_of_a_contact_or_of_a_sample() {
        long id =
                DOORS.in(
                                () ->
                                        templates.create(
                                                new TemplateDraft(
                                                        "welcome",
                                                        TemplateSource.html(
                                                                "Hi {{ contact.first_name }}",
                                                                "<p>{{ contact.attributes.plan | default: \"no plan\" }} {{ conact.email }}</p>",
                                                                null))))
                        .id();
        long bob =
                DOORS.in(
                                () ->
                                        DOORS.door(Contacts.class)
                                                .create(
                                                        new ContactDraft(
                                                                "bob@example.com",
                                                                "Bob",
                                                                null,
                                                                null,
                                                                null,
                                                                null,
                                                                null,
                                                                null,
                                                                Map.of("plan", "<pro>"),
                                                                null)))
                        .id();

        TemplatePreview sample = DOORS.in(() -> templates.preview(id, null));
        TemplatePreview ofBob = DOORS.in(() -> templates.preview(id, bob));

        assertThat(sample.mail())
                .isEqualTo(new RenderedMail("Hi Ada", "<p>no plan </p>", "no plan"));
        assertThat(ofBob.mail())
                .isEqualTo(new RenderedMail("Hi Bob", "<p>&lt;pro&gt; </p>", "<pro>"));
        assertThat(sample.unknownVariables()).containsExactly("conact.email");
        assertProblem("contact-not-found", () -> DOORS.in(() -> templates.preview(id, bob + 99)));
    }

    @Test
    void another_workspace_sees_no_template() {
        long id = create("welcome", "x").id();

        WorkspaceScope.run(
                DOORS.database.workspace("other"),
                () -> {
                    assertProblem("template-not-found", () -> templates.find(id));
                    assertProblem("template-not-found", () -> templates.delete(id));
                    assertThat(templates.page(0, 10).items()).isEmpty();
                });
    }

    private TemplateView create(String name, String html) {
        return DOORS.in(
                () ->
                        templates.create(
                                new TemplateDraft(name, TemplateSource.html(null, html, null))));
    }

    private TemplateView update(long id, String name, String html) {
        return DOORS.in(
                () ->
                        templates.update(
                                id,
                                new TemplateDraft(name, TemplateSource.html(null, html, null))));
    }

    private static void assertProblem(String problem, Runnable work) {
        assertThatThrownBy(work::run)
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::problem)
                .isEqualTo(problem);
    }
}
