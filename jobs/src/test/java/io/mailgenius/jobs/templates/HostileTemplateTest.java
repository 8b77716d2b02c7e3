package io.mailgenius.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.templates.styles.Styles;
import io.mailgenius.jobs.workspaces.Refusal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malicious or broken templates and contact data must not block a worker. */
@Timeout(20)
class HostileTemplateTest {

    private static final String GROWN =
            "{% assign x = '0123456789' %}{% for i in (1..12) %}{% assign x = x | append: x %}{% endfor %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in (1..2147483647) %}{% endfor %}",
                "{% for i in (1..10001) %}{% endfor %}",
                "{% for i in (1..200) %}{% for j in (1..200) %}{% endfor %}{% endfor %}",
                "{% for i in (1..9999) %}{% endfor %}{% for i in (1..2) %}{% endfor %}",
                "{% for i in (1..200) %}{% capture x %}{% for j in (1..200) %}{% endfor %}{% endcapture %}{% endfor %}",
            })
    void loops_are_limited_to_ten_thousand_iterations(String template) {
        assertRefused(template, "its loops have more than 10,000 iterations");
    }

    @Test
    void a_table_row_counts_as_a_loop() {
        assertRefused(
                "{% assign a = '"
                        + "x,".repeat(900)
                        + "' | split: ',' %}{% for i in (1..12) %}{% tablerow x in a %}{% endtablerow %}{% endfor %}",
                "its loops have more than 10,000 iterations");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // rendered piece by piece, and at once
                "{% for i in (1..9000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}",
                // composed in a variable
                "{% assign x = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}",
                "{% assign x = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}",
                "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..9) %}{% assign x = x | replace: 'a', 'aaaaaaaaaa' %}{% endfor %}",
                "{% assign x = 'a' %}{% for i in (1..40) %}{% assign x = x | replace: '', x %}{% endfor %}",
                "{% assign x = '&' %}{% for i in (1..40) %}{% assign x = x | url_encode | append: x %}{% endfor %}",
                // composed in a list
                "{% assign a = 'a,b' | split: ',' %}{% for i in (1..40) %}{% assign a = a | concat: a %}{% endfor %}",
                GROWN
                        + "{% assign a = x | split: 'z' %}{% for i in (1..40) %}{% assign a = a | concat: a %}{% endfor %}",
                GROWN
                        + "{% assign a = '1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0' | split: ',' %}{{ a | join: x }}",
            })
    void texts_and_lists_are_limited(String template) {
        assertRefused(template, "a text has more than 524,288 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% assign x = 9.5 %}{% for i in (1..60) %}{% assign x = x | times: x %}{% endfor %}",
                "{% assign x = 0.5 %}{% for i in (1..60) %}{% assign x = x | times: x %}{% endfor %}",
            })
    void numbers_are_limited(String template) {
        assertRefused(template, "a number has more than 400 digits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 1.5 | round: 999999999 }}",
                "{{ '2026-01-01' | date: '%999999999d' }}",
                "{{ 'now' | date: '%0999999999Y' }}",
                "{{ 1 | divided_by: 0 }}",
                "{{ 'x' | replace }}",
                "{{ 'x' | slice }}",
                "{{ 'x' | concat: 'y' }}",
            })
    void a_filter_with_invalid_arguments_is_refused(String template) {
        assertThatThrownBy(() -> render(template, Map.of()))
                .isInstanceOf(Refusal.Invalid.class)
                .extracting(e -> ((Refusal) e).problem())
                .isEqualTo("template-does-not-render");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e999999999", "1e-999999999", "999999999999999999999999", "0x1", "NaN"})
    void an_invalid_number_of_a_contact_costs_no_time(String value) {
        String template =
                "{{ contact.x | plus: 1 }}{{ contact.x | times: 2 }}{{ contact.x | round }}"
                        + "{% if contact.x > 5 %}{% endif %}{% if contact.x == 5 %}{% endif %}";
        try {
            render(template, Map.of("contact", Map.of("x", value)));
        } catch (Refusal.Invalid e) {
            assertThat(e.problem()).isEqualTo("template-does-not-render");
        }
    }

    @Test
    void the_time_limit_ends_what_no_other_limit_does() {
        // Few iterations and small texts, but each iteration is expensive.
        String template =
                GROWN
                        + "{% for i in (1..9900) %}{% assign y = x | upcase | downcase | reverse %}"
                        + "{% assign y = x | split: '9' | sort | uniq | join: ',' %}{% endfor %}";

        long start = cpuNanos();
        assertThatThrownBy(
                        () ->
                                new TemplateCompiler(
                                                new TemplateLimits(
                                                        10_000, 512 * 1024, Duration.ofMillis(200)))
                                        .compile(TemplateSource.html(null, template, "x"))
                                        .render(Map.of()))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage("The html cannot be rendered: it takes longer than 200 ms.");
        assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strip_html",
                "strip",
                "rstrip",
                "lstrip",
                "escape_once",
                "strip_newlines",
                "truncatewords: 3",
                "newline_to_br",
                "capitalize",
                "url_decode",
                "split: ' '"
            })
    void no_filter_takes_long_for_any_text(String filter) {
        for (String hostile :
                new String[] {
                    "<script".repeat(36_000),
                    "<!--".repeat(64_000),
                    " ".repeat(256_000) + "x",
                    "&a".repeat(128_000),
                    "<".repeat(256_000),
                    "\n".repeat(256_000) + "x",
                    "%".repeat(256_000)
                }) {
            long start = cpuNanos();
            try {
                render("{{ contact.x | " + filter + " }}", Map.of("contact", Map.of("x", hostile)));
            } catch (Refusal.Invalid e) {
                assertThat(e.problem()).isEqualTo("template-does-not-render");
            }
            assertThat(Duration.ofNanos(cpuNanos() - start))
                    .as("%s of %s…", filter, hostile.substring(0, 8))
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    static Stream<String> pagesThatAreMuchWork() {
        return Stream.of(
                "<style>" + ".a,b{color:red}".repeat(10_000) + "</style>" + "<b>".repeat(50_000),
                "<style>b{color:red}</style>" + "<b class={{x}}>".repeat(30_000),
                "<style>" + "b b b b b{color:red}".repeat(50) + "</style>" + "<b>".repeat(20_000),
                "<style>" + "b{color:red;".repeat(20_000) + "</style><b>",
                "<style>b{background:url(" + "(".repeat(200_000) + "}</style><b>",
                "<style>" + "/*".repeat(200_000) + "</style>",
                "<style>" + "@media x{".repeat(20_000) + "</style><b>",
                "<style>".repeat(50_000),
                "<style>b{color:red}</style>" + "<b style=".repeat(50_000),
                "<style>b{color:red}</style>" + "<b ".repeat(100_000),
                "<style>b{color:{{ x }}}</style>" + "{{x}}{%if x%}{%endif%}".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("pagesThatAreMuchWork")
    void inlining_styles_does_not_take_long(String page) {
        long start = cpuNanos();
        Styles.inlined(page);

        assertThat(Duration.ofNanos(cpuNanos() - start))
                .as(page.substring(0, 60))
                .isLessThan(Duration.ofSeconds(5));
    }

    static Stream<String> mjmlThatIsMuchWork() {
        return Stream.of(
                mjml("<mj-raw>" + "<b>".repeat(40_000) + "</mj-raw>"),
                mjml("<mj-section>".repeat(10_000)),
                mjml("<mj-section><mj-column></mj-column></mj-section>".repeat(2_500)),
                mjml("<mj-raw>" + "font-family:".repeat(46) + "x".repeat(129_000) + "</mj-raw>"),
                mjml("<mj-raw>" + "\"font-family:".repeat(46) + "x".repeat(129_000) + "</mj-raw>"),
                mjml("<mj-raw>" + "<!--[if mso]>".repeat(9_000) + "</mj-raw>"),
                mjml("{{ x }}".repeat(10_000)),
                "<mjml>" + "<mj-head>".repeat(13_000) + "<mj-body></mj-body></mjml>",
                "<".repeat(130_000));
    }

    private static String mjml(String body) {
        return "<mjml><mj-body>" + body + "</mj-body></mjml>";
    }

    @ParameterizedTest
    @MethodSource("mjmlThatIsMuchWork")
    void compiling_or_refusing_mjml_does_not_take_long(String source) {
        long start = cpuNanos();
        try {
            new TemplateCompiler().html(TemplateSource.mjml(null, source, null));
        } catch (Refusal.Invalid e) {
            assertThat(e.problem()).isEqualTo("template-does-not-parse");
        }

        assertThat(Duration.ofNanos(cpuNanos() - start))
                .as(source.substring(0, 60))
                .isLessThan(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "red\"><script>x()</script>",
                "red'><script>x()</script>",
                "red}</style><script>x()</script><style>",
                "red&quot;><script>",
                "red --><script>"
            })
    void a_value_in_a_style_attribute_cannot_leave_it(String value) {
        String html =
                render(
                        "<style>p{color:{{ x }}}@media print{p{color:{{ x }}}}</style><p>x</p><p style='color:{{ x }}'>y</p>",
                        Map.of("x", value));

        assertThat(Jsoup.parse(html).select("script, p[onload]")).isEmpty();
        assertThat(Jsoup.parse(html).select("p")).hasSize(2);
        assertThat(html).doesNotContain("<script").contains("style=\"color:red");
    }

    @Test
    void html_in_a_contacts_name_is_always_escaped() {
        Map<String, Object> mallory =
                Map.of(
                        "contact",
                        Map.of(
                                "first_name",
                                "<script>alert('x')</script>\r\nBcc: all@example.com"));
        RenderedMail mail =
                new TemplateCompiler()
                        .compile(
                                TemplateSource.html(
                                        "Hi {{ contact.first_name }}",
                                        "<p title=\"{{ contact.first_name }}\">{{ contact.first_name }}</p>",
                                        null))
                        .render(mallory);

        assertThat(mail.html()).doesNotContain("<script").contains("&lt;script&gt;");
        assertThat(mail.subject())
                .isEqualTo("Hi <script>alert('x')</script> Bcc: all@example.com")
                .as("not escaped, but one line");
        assertThat(mail.text()).isEqualTo("<script>alert('x')</script> Bcc: all@example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nb",
                "a\nb",
                "a\r\n\r\n b",
                "a\u2028b",
                "a\u0085b",
                "\n a b",
                "a\tb\0",
                "a \n b",
                "{{ 'a' }}\n{% if true %}\nb\n{% endif %}\n"
            })
    void a_subject_is_one_line(String subject) {
        assertThat(
                        new TemplateCompiler()
                                .compile(TemplateSource.html(subject, "x", null))
                                .render(Map.of())
                                .subject())
                .isEqualTo("a b");
    }

    @Test
    void a_template_cannot_access_files_or_classes() {
        assertThat(
                        render(
                                "{{ contact.class }}{{ contact.getClass }}{{ contact.email.bytes }}",
                                Map.of("contact", Map.of("email", "a@b.c"))))
                .isEmpty();
        for (String tag : new String[] {"include 'x'", "include_relative 'x'", "layout 'x'"}) {
            assertThatThrownBy(() -> render("{% " + tag + " %}", Map.of()))
                    .isInstanceOf(Refusal.Invalid.class);
        }
    }

    @Test
    void renderings_share_no_state() {
        CompiledTemplate template =
                new TemplateCompiler()
                        .compile(
                                TemplateSource.html(
                                        null,
                                        "{{ x }}{% assign x = contact.name %}{% increment n %}{% cycle 'a','b' %}",
                                        "x"));

        for (int i = 0; i < 3; i++) {
            assertThat(template.render(Map.of("contact", Map.of("name", "Ada"))).html())
                    .isEqualTo("0a");
        }
    }

    private static void assertRefused(String template, String problem) {
        assertThatThrownBy(() -> render(template, Map.of()))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage("The html cannot be rendered: " + problem + ".");
    }

    private static String render(String template, Map<String, Object> variables) {
        return new TemplateCompiler()
                .compile(TemplateSource.html(null, template, "x"))
                .render(variables)
                .html();
    }

    /** Of this thread, so that what else runs on the machine decides nothing. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
