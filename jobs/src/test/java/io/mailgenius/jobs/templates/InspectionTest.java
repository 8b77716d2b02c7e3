package io.mailgenius.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {

    private static final String LEAVE = "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>";

    private static final Sender ACME = new Sender("Acme GmbH\n1 Main St", true);

    /** Subject, HTML, text, and the findings: severity, code and position. */
    static Stream<Arguments> mails() {
        return Stream.of(
                arguments("Hi", LEAVE, null, List.of()),
                arguments("Hi", LEAVE, "bye: {{ unsubscribe_url }}", List.of()),
                arguments("Hi", "", "bye: {{ unsubscribe_url }}", List.of()),
                arguments(
                        "Hi",
                        "<p>{{ unsubscribe_url }}</p>",
                        null,
                        List.of("ERROR unsubscribe-link-missing html")),
                arguments(
                        "Hi",
                        "{% if contact.attributes.old %}" + LEAVE + "{% endif %}x",
                        null,
                        List.of("ERROR unsubscribe-link-missing html")),
                arguments("Hi", LEAVE, "bye", List.of("ERROR unsubscribe-link-missing text")),
                arguments("Hi", "", "bye", List.of("ERROR unsubscribe-link-missing text")),
                arguments(
                        "{% if false %}x{% endif %}",
                        LEAVE, null, List.of("ERROR subject-empty subject")),
                arguments(
                        "{{ contact.attributes.offer }}",
                        LEAVE,
                        null,
                        List.of("WARNING subject-empty subject")),
                arguments(
                        "{{ contact.firstname }}",
                        LEAVE,
                        null,
                        List.of(
                                "ERROR subject-empty subject",
                                "WARNING unknown-variable contact.firstname")),
                arguments(
                        "Hi",
                        LEAVE + "{{ x | nope }}",
                        null,
                        List.of("ERROR template-does-not-parse template")),
                arguments(
                        "Hi",
                        LEAVE + "{% for i in (1..99999) %}{% endfor %}",
                        null,
                        List.of("ERROR template-does-not-render html")),
                arguments(
                        "Hi",
                        LEAVE + "<img src=\"a.png\"><img src=\"b.png\" alt=\"\">",
                        null,
                        List.of("WARNING image-without-alt html: \"a.png\"")),
                arguments(
                        "Hi",
                        LEAVE + "<a href=\"https://x.test/{{ contcat.id }}\">x</a>",
                        null,
                        List.of(
                                "WARNING unknown-variable contcat.id",
                                "WARNING broken-link html: \"https://x.test/{{ contcat.id }}\"")),
                arguments(
                        "Hi",
                        LEAVE + "<a href=\"{{ contact.attributes.url }}\">Shop</a>",
                        null,
                        List.of("WARNING broken-link html: \"Shop\"")),
                arguments(
                        "Hi",
                        LEAVE
                                + "{% for i in (1..9000) %}<a href=\"/{{ i | modulo: 3 }}\">x</a>{% endfor %}",
                        null,
                        List.of(
                                "WARNING broken-link html: \"/1\"",
                                "WARNING broken-link html: \"/2\"",
                                "WARNING broken-link html: \"/0\"",
                                "WARNING html-too-long html")),
                arguments(
                        "Hi",
                        LEAVE + "x".repeat(102 * 1024),
                        null,
                        List.of("WARNING html-too-long html")));
    }

    @ParameterizedTest
    @MethodSource("mails")
    void a_mail_is_checked_before_it_is_sent(
            String subject, String html, @Nullable String text, List<String> found) {
        List<Finding> findings =
                inspect(
                        subject,
                        html.isEmpty() ? html : html + "<p>{{ postal_address }}</p>",
                        text == null ? null : text + " {{ postal_address }}",
                        ACME);

        assertThat(findings)
                .extracting(it -> it.severity() + " " + it.code() + " " + it.where())
                .containsExactlyElementsOf(found);
        assertThat(findings).allSatisfy(it -> assertThat(it.words()).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.test/a b",
                "https://x.test/a&#10;b",
                "https://x.te\nst/",
                "https:\\\\x.test",
                "https://exämple.com/"
            })
    void an_address_that_browsers_correct_is_reported(String address) {
        assertThat(codes(address)).containsExactly("link-mended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "shop",
                "/shop",
                "www.x.test",
                "//x.test",
                "http://",
                "#",
                "ftp://x",
                "javascript:x",
                "http:/x"
            })
    void a_broken_link_is_reported(String address) {
        assertThat(codes(address)).containsExactly("broken-link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.test",
                "HTTP://x.test/a?b=c#d",
                "mailto:a@x.test",
                "tel:+49123",
                "#top",
                "https://{{ contact.city }}.test"
            })
    void an_absolute_link_is_not_reported(String address) {
        assertThat(codes(address)).isEmpty();
    }

    @Test
    void the_findings_of_each_code_are_limited() {
        assertThat(
                        inspect(
                                "Hi",
                                LEAVE
                                        + "{% for i in (1..99) %}<img src=\"{{ i }}\"><a href=\"{{ i }}\">x</a>{% endfor %}{{ postal_address }}",
                                null,
                                ACME))
                .hasSize(40);
    }

    private static List<String> codes(String address) {
        return inspect(
                        "Hi",
                        LEAVE + "<a href=\"" + address + "\">x</a>{{ postal_address }}",
                        null,
                        ACME)
                .stream()
                .map(Finding::code)
                .toList();
    }

    private static List<Finding> inspect(
            String subject, String html, @Nullable String text, Sender sender) {
        return new TemplateCompiler().inspect(TemplateSource.html(subject, html, text), sender);
    }

    /** The sender, HTML, text, and the findings. */
    static Stream<Arguments> senders() {
        Sender free = new Sender(null, false);
        Sender bound = new Sender(null, true);
        String way = " {{ unsubscribe_url }}";
        return Stream.of(
                arguments(free, LEAVE, null, List.of("WARNING postal-address-not-set workspace")),
                arguments(bound, LEAVE, null, List.of("ERROR postal-address-not-set workspace")),
                arguments(
                        bound,
                        LEAVE + "{{ postal_address }}",
                        null,
                        List.of("ERROR postal-address-not-set workspace")),
                arguments(ACME, LEAVE, null, List.of("ERROR postal-address-missing html")),
                arguments(ACME, LEAVE + "{{ postal_address }}", null, List.of()),
                arguments(
                        ACME,
                        LEAVE + "{{ postal_address | newline_to_br }}",
                        way,
                        List.of("ERROR postal-address-missing text")),
                arguments(
                        ACME, LEAVE + "<b>ACME</b> GmbH &middot; 1 Main&nbsp;St", null, List.of()),
                arguments(
                        ACME,
                        LEAVE + "<!-- {{ postal_address }} -->1 Main St",
                        null,
                        List.of("ERROR postal-address-missing html")),
                arguments(ACME, "", way, List.of("ERROR postal-address-missing text")),
                arguments(ACME, "", way + " Acme GmbH, 1 Main St", List.of()));
    }

    @ParameterizedTest
    @MethodSource("senders")
    void a_mail_must_contain_the_postal_address(
            Sender sender, String html, @Nullable String text, List<String> found) {
        assertThat(inspect("Hi", html, text, sender))
                .extracting(it -> it.severity() + " " + it.code() + " " + it.where())
                .containsExactlyElementsOf(found);
    }
}
