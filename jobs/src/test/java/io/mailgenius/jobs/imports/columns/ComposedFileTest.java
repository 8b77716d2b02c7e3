package io.mailgenius.jobs.imports.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.ContactFilter;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.imports.ImportFixture;
import io.mailgenius.jobs.imports.OptionsOfTests;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Texts are stored composed, whether they come by a file or through the API, and so are names. */
class ComposedFileTest {

    private static final String DECOMPOSED = "Jose\u0301";
    private static final String COMPOSED = "Jos\u00E9";

    private final ImportFixture importFixture = new ImportFixture();

    @AfterEach
    void close() {
        importFixture.close();
    }

    @Test
    void a_file_and_the_api_store_the_same() {
        importFixture.importText(
                "email,nome,Opinia\u0303o,\u1112\u1161\u11AB,alias\na@example.com,%1$s,o\u0301tima,\u212B,\"x \"\"%1$s\"\"\"\n"
                        .formatted(DECOMPOSED),
                OptionsOfTests.of("{'mapping': {'Opini\u00E3o': 'attributes.opinia\u0303o'}}"));
        assertThat(importFixture.contact("a@example.com", "first_name")).isEqualTo(COMPOSED);
        assertThat(importFixture.attributes("a@example.com"))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        "{\"opini\u00E3o\":\"\u00F3tima\",\"\uD55C\":\"\u00C5\",\"alias\":\"x \\\"Jos\u00E9\\\"\"}"));

        ContactView created =
                importFixture.doors.in(
                        () ->
                                contacts()
                                        .create(
                                                new ContactDraft(
                                                        "b@example.com",
                                                        DECOMPOSED,
                                                        null,
                                                        null,
                                                        null,
                                                        null,
                                                        null,
                                                        null,
                                                        Map.of(
                                                                "opinia\u0303o",
                                                                List.of("o\u0301tima")),
                                                        null)));
        assertThat(created.firstName()).isEqualTo(COMPOSED);
        assertThat(created.attributes()).isEqualTo(Map.of("opini\u00E3o", List.of("\u00F3tima")));

        ContactView patched =
                importFixture.doors.in(
                        () ->
                                contacts()
                                        .update(
                                                created.id(),
                                                (ObjectNode)
                                                        JsonMapper.shared()
                                                                .readTree(
                                                                        "{\"lastName\":\"Jose\u0301\",\"attributes\":{\"opinia\u0303o\":null,\"n\":1.50}}")));
        assertThat(patched.lastName()).isEqualTo(COMPOSED);
        assertThat(patched.attributes()).containsOnlyKeys("n");
    }

    @Test
    void a_search_finds_both_forms() {
        importFixture.importText(
                "email,nome\na@example.com,%s\n".formatted(DECOMPOSED), ImportOptions.DEFAULT);

        for (String part : new String[] {DECOMPOSED, COMPOSED, "jose\u0301"}) {
            assertThat(
                            importFixture
                                    .doors
                                    .in(
                                            () ->
                                                    contacts()
                                                            .page(
                                                                    new ContactFilter(
                                                                            null, part, null, null,
                                                                            null),
                                                                    0,
                                                                    10))
                                    .items())
                    .as(part)
                    .hasSize(1);
        }
    }

    @Test
    void what_is_composed_already_is_not_touched() {
        String text =
                "na\u00EFve \u65E5\u672C\u8A9E \uD83D\uDE00 \u0418\u0439 \u05E9\u05DC\u05D5\u05DD";
        importFixture.importText(
                "email,note\na@example.com,%s\n".formatted(text), ImportOptions.DEFAULT);

        assertThat(importFixture.attributes("a@example.com").path("note").asString())
                .isEqualTo(text);
    }

    private Contacts contacts() {
        return importFixture.doors.door(Contacts.class);
    }
}
