package io.mailgenius.jobs.templates.mjml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Sender;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateVariables;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MjmlTest {

    private static final TemplateCompiler COMPILER = new TemplateCompiler();

    private static final Map<String, Object> VARIABLES =
            TemplateVariables.of(
                    Map.of(
                            "email",
                            "ada@example.com",
                            "first_name",
                            "Ada <b>",
                            "attributes",
                            Map.of(
                                    "plan",
                                    "pro",
                                    "colour",
                                    "#336699",
                                    "vip",
                                    true,
                                    "items",
                                    List.of(
                                            Map.of("name", "Pen & ink", "price", 3),
                                            Map.of("name", "Paper", "price", 5)))),
                    TemplateVariables.campaign(3, "Spring"),
                    new TemplateVariables.Footing(
                            "https://x.test/u/1?a=b&c=d", "https://x.test/p/1", "1 Main St & Co"));

    /**
     * The content of the body, the texts that the mail must contain in this order, and those that
     * it must not contain.
     */
    static Stream<Arguments> samples() {
        return Stream.of(
                arguments(
                        "a text with a value",
                        column("<mj-text>Hello {{ contact.first_name }}!</mj-text>"),
                        List.of("font-family:Ubuntu", "Hello Ada &lt;b&gt;!"),
                        List.of("Ada <b>")),
                arguments(
                        "an address in an attribute, with quotation marks of its own",
                        column(
                                "<mj-button href=\"{{ unsubscribe_url }}&x={{ contact.attributes.plan | default: \"none\" }}\">Go</mj-button>"
                                        + "<mj-image src='https://x.test/{{ contact.attributes.plan }}.png' alt='{% if contact.attributes.vip %}A & B{% endif %}'/>"),
                        List.of(
                                "href=\"https://x.test/u/1?a=b&amp;c=d&x=pro\"",
                                "alt=\"A & B\"",
                                "src=\"https://x.test/pro.png\""),
                        List.of("{{", "{%")),
                arguments(
                        "a loop over the rows of a table",
                        column(
                                """
                                <mj-table>
                                  <tr><th>What</th></tr>
                                  {% for item in contact.attributes.items %}
                                  <tr><td>{{ item.name }}</td><td>{{ item.price | times: 2 }}</td></tr>
                                  {% endfor %}
                                </mj-table>"""),
                        List.of(
                                "<th>What</th>",
                                "<tr><td>Pen &amp; ink</td><td>6</td></tr>",
                                "<tr><td>Paper</td><td>10</td></tr>",
                                "</table>"),
                        List.of("{%")),
                arguments(
                        "a loop around sections, without an mj-raw",
                        "{% for item in contact.attributes.items %}"
                                + section(
                                        "<mj-column><mj-text>{{ item.name }}</mj-text></mj-column>")
                                + "{% endfor %}"
                                + column("<mj-text>End</mj-text>"),
                        List.of("Pen &amp; ink", "max-width:600px", "Paper", "End"),
                        List.of("{%", "mj-raw")),
                arguments(
                        "a condition around columns and one around what a column holds",
                        section(
                                "{% if contact.attributes.plan == 'free' %}<mj-column><mj-text>Free</mj-text></mj-column>{% else %}"
                                        + "<mj-column><mj-text>Paid</mj-text>{% unless contact.attributes.vip %}<mj-divider/>{% endunless %}</mj-column>{% endif %}"),
                        List.of("Paid"),
                        List.of("Free", "border-top:solid 4px")),
                arguments(
                        "an mj-raw with HTML and Liquid",
                        "<mj-raw>{% if contact.attributes.vip %}<div class=\"vip\">{{ contact.first_name | upcase }}</div>{% endif %}</mj-raw>",
                        List.of("<div class=\"vip\">ADA &lt;B&gt;</div>"),
                        List.of("{%")),
                arguments(
                        "a social element and a navigation bar",
                        section(
                                "<mj-column><mj-social>{% if contact.attributes.vip %}<mj-social-element name=\"x\" href=\"https://x.test/{{ campaign.id }}\">Us</mj-social-element>{% endif %}</mj-social></mj-column>"),
                        List.of("https://x.test/3", "Us"),
                        List.of("{%")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void mjml_keeps_liquid(
            String what, String body, List<String> inThisOrder, List<String> without) {
        String html = rendered("<mjml><mj-body>" + body + "</mj-body></mjml>");

        assertThat(html).startsWith("<!doctype html>").containsSubsequence(inThisOrder);
        assertThat(html.substring(html.indexOf("<body")))
                .doesNotContain(without.toArray(String[]::new));
    }

    @Test
    void variables_assigned_before_the_body_are_visible_in_the_body() {
        String html =
                rendered(
                        """
                        {% assign greeting = "Dear" %}
                        <mjml lang="en">
                          {% assign who = contact.first_name %}
                          <mj-head>
                            <mj-title>{{ greeting }}</mj-title>
                            <mj-preview>{{ who }} reads</mj-preview>
                            <mj-style>.note { color: {{ contact.attributes.colour }}; }</mj-style>
                          </mj-head>
                          <mj-body><mj-section><mj-column>
                            <mj-text>{{ greeting }} {{ who }}</mj-text>
                          </mj-column></mj-section></mj-body>
                        </mjml>
                        """);

        assertThat(html)
                .startsWith("<!doctype html>")
                .containsSubsequence(
                        "<html lang=\"en\"",
                        "<title>Dear</title>",
                        ".note { color: #336699; }",
                        "Ada &lt;b&gt; reads",
                        "Dear Ada &lt;b&gt;");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments(
                        "<p>Hello</p>",
                        "mjml, line 1, column 1: the source must begin with <mjml>."),
                arguments("<mjml></mjml>", "mjml, line 1, column 1: there is no <mj-body>."),
                arguments(
                        "<mjml>\n <mj-body>\n  <mj-foo>x</mj-foo></mj-body></mjml>",
                        "mjml, line 3, column 3: there is no element <mj-foo>."),
                arguments(
                        "<mjml><mj-body><mj-section>\n<mj-column><mj-text>x</mj-column></mj-section></mj-body></mjml>",
                        "mjml, line 2, column 12: <mj-text> is not closed."),
                arguments(
                        "<mjml><mj-body><mj-section>\n Hello</mj-section></mj-body></mjml>",
                        "mjml, line 2, column 2: <mj-section> shows no text; put it into an mj-text."),
                arguments(
                        "<mjml><mj-body><p>x</p></mj-body></mjml>",
                        "mjml, line 1, column 16: <p> is not allowed in <mj-body>; put it into an mj-text or mj-raw."),
                arguments(
                        "<mjml><mj-body><mj-include path=\"/etc/passwd\"/></mj-body></mjml>",
                        "mjml, line 1, column 16: mj-include is not supported; insert its content."),
                arguments(
                        "<mjml><mj-body>\n{{ x | nope }}</mj-body></mjml>",
                        "mjml, line 2, column 6: there is no filter \"nope\"."),
                arguments(
                        "<mjml><mj-body>{% for x in y %}</mj-body></mjml>",
                        "mjml, line 1, column 49: a tag is still open at the end of the template; an endif, endfor or similar is missing."),
                arguments(
                        page(column("<mj-button {% if x %}href=\"a\"{% endif %}>b</mj-button>")),
                        "mjml, line 1, column 50: in the tag of <mj-button> Liquid is only allowed in quoted attribute values."),
                arguments(
                        page(column("<mj-image src=\"a\" width=\"{{ w }}\"/>")),
                        "mjml, line 1, column 64: width must be a number and not Liquid, because MJML computes with it."),
                arguments(
                        page(column("<mj-image src=\"a\" width=\"wide\"/>")),
                        "mjml: it cannot be compiled (empty String). Widths, heights and paddings must be numbers with px or %."),
                arguments(
                        "<mjml><mj-head><mj-attributes>{% if x %}<mj-all padding=\"0\"/>{% endif %}</mj-attributes></mj-head><mj-body></mj-body></mjml>",
                        "mjml, line 1, column 31: \"{% if x %}\" would be dropped here; put it into an mj-text or mj-raw."),
                arguments(
                        page(
                                column(
                                        "<mj-text>"
                                                + "<div>".repeat(5_000)
                                                + "</div>".repeat(5_000)
                                                + "</mj-text>")),
                        "mjml, line 1, column 1028: elements are nested more than 200 levels deep."));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void mjml_that_would_drop_content_is_refused_with_its_position(String mjml, String message) {
        assertThatThrownBy(() -> COMPILER.html(TemplateSource.mjml(null, mjml, null)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage(message)
                .extracting(e -> ((Refusal) e).problem())
                .isEqualTo("template-does-not-parse");
    }

    @Test
    void many_lines_do_not_count_as_nesting() {
        assertThat(rendered(page(column("<mj-text>" + "a<br>".repeat(1_000) + "</mj-text>"))))
                .contains("a<br>a<br>");
    }

    @Test
    void text_that_looks_like_a_placeholder_is_kept() {
        assertThat(rendered(page(column("<mj-text>liqaz {{ contact.attributes.plan }}</mj-text>"))))
                .contains("liqaz pro");
    }

    @Test
    void an_unknown_attribute_is_a_warning_and_is_not_in_the_mail() {
        String mjml =
                "<mjml lang=\"en\"><mj-head><mj-attributes><mj-all any=\"x\"/><mj-text colour=\"red\"/></mj-attributes></mj-head><mj-body>"
                        + column(
                                "<mj-image scr=\"a\" src=\"b\" alt=\"\" css-class=\"c\"/><mj-button padding-top=\"1px\" hrefs=\"{{ contact.email }}\">x</mj-button>")
                        + "</mj-body></mjml>";
        Sender sender = new Sender("1 Main St", true);

        String html = COMPILER.html(TemplateSource.mjml(null, mjml, null));
        for (TemplateSource source :
                new TemplateSource[] {
                    TemplateSource.mjml("s", mjml, null), TemplateSource.html("s", html, null)
                }) {
            assertThat(COMPILER.inspect(source, sender))
                    .filteredOn(finding -> finding.code().equals("unknown-mjml-attribute"))
                    .extracting(Finding::where)
                    .containsExactly(
                            "mjml: \"colour of mj-text\"",
                            "mjml: \"scr of mj-image\"",
                            "mjml: \"hrefs of mj-button\"");
        }
        assertThat(rendered(mjml)).doesNotContain("unknown in MJML", "colour");
    }

    @Test
    void a_page_is_html_or_mjml() {
        assertThatThrownBy(() -> TemplateSource.of(null, page(""), "<p>x</p>", null))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage("The html is compiled from the mjml: give mjml or html, not both.");
    }

    private static String page(String body) {
        return "<mjml><mj-body>" + body + "</mj-body></mjml>";
    }

    private static String section(String content) {
        return "<mj-section>" + content + "</mj-section>";
    }

    private static String column(String content) {
        return section("<mj-column>" + content + "</mj-column>");
    }

    private static String rendered(String mjml) {
        return COMPILER.compile(TemplateSource.mjml(null, mjml, null)).render(VARIABLES).html();
    }
}
