package io.mailgenius.jobs.templates.styles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mailgenius.jobs.templates.CompiledTemplate;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StylesTest {

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments(
                        "a rule of an element",
                        "<style>p { color: red }</style><p>x</p>",
                        "<p style=\"color:red\">x</p>"),
                arguments(
                        "a rule that only a conditional comment uses",
                        "<style>.mso{color:red}p{margin:0}</style><!--[if mso]><td class=\"mso\"><p>x</p></td><![endif]--><p>y</p>",
                        "<style>.mso { color:red; }</style><!--[if mso]><td class=\"mso\"><p>x</p></td><![endif]--><p style=\"margin:0\">y</p>"),
                arguments(
                        "a class that a conditional comment uses too, in another place",
                        "<style>div > p.a{color:red}</style><!--[if (gte mso 9)|(IE)]><p class=\"a\">x</p><![endif]--><div><p class=\"a\">y</p></div>",
                        "<style>div>p.a { color:red !important; }</style><!--[if (gte mso 9)|(IE)]><p class=\"a\">x</p><![endif]--><div><p style=\"color:red\" class=\"a\">y</p></div>"),
                arguments(
                        "many rules, the last and the more specific win",
                        "<style>.a{color:red}p{color:blue;margin:0}.a{color:green}</style><p class=\"a\">x</p>",
                        "<p style=\"margin:0;color:green\" class=\"a\">x</p>"),
                arguments(
                        "an id over classes over elements",
                        "<style>#k{color:red}.a.b{color:blue}b.a{color:green}b{color:black}</style><b id=k class='a b'>",
                        "<b style=\"color:red\" id=k class='a b'>"),
                arguments(
                        "the element's own declarations are last",
                        "<style>p{color:red;margin:0}</style><p style=\"color:blue\">x</p>",
                        "<p style=\"color:red;margin:0;color:blue\">x</p>"),
                arguments(
                        "important declarations follow them",
                        "<style>p{color:red !important}</style><p style='color:blue;'>x</p>",
                        "<p style='color:blue;color:red'>x</p>"),
                arguments(
                        "a style without quotation marks, an empty one, one without a value",
                        "<style>p{color:red}</style><p style=margin:0>x</p><p style=\"\">y</p><p style>z</p>",
                        "<p style=\"color:red;margin:0\">x</p><p style=\"color:red\">y</p><p style=\"color:red\">z</p>"),
                arguments(
                        "quotation marks within",
                        "<style>p{font-family:\"Helvetica Neue\",Arial}</style><p>x</p><p style='margin:0'>y</p>",
                        "<p style=\"font-family:'Helvetica Neue',Arial\">x</p>"
                                + "<p style='font-family:\"Helvetica Neue\",Arial;margin:0'>y</p>"),
                arguments(
                        "a repeated declaration is a fallback",
                        "<style>p{background:red;background:linear-gradient(red,blue)}</style><p>x</p>",
                        "<p style=\"background:red;background:linear-gradient(red,blue)\">x</p>"),
                arguments(
                        "children, descendants, attributes, lists",
                        "<style>div > p, a[href], ul b{color:red}</style><div><p>x</p></div><a href=\"#x\">y</a><ul><li><b>z</b></ul>",
                        "<div><p style=\"color:red\">x</p></div><a style=\"color:red\" href=\"#x\">y</a><ul><li><b style=\"color:red\">z</b></ul>"),
                arguments(
                        "at-rules stay, and win over what was moved",
                        "<style>.c{width:600px}@media (max-width:600px){.c{width:100%}}</style><div class=\"c\">x</div>",
                        "<style>@media (max-width:600px) {\n .c { width:100% !important; }\n}</style><div style=\"width:600px\" class=\"c\">x</div>"),
                arguments(
                        "states stay, and win over what was moved",
                        "<style>a{color:red}a:hover{color:blue}</style><a>x</a>",
                        "<style>a:hover { color:blue !important; }</style><a style=\"color:red\">x</a>"),
                arguments(
                        "the place among siblings is not known before loops have run",
                        "<style>li + li{color:red}</style><li>a</li><li>b</li>",
                        "<style>li+li { color:red; }</style><li>a</li><li>b</li>"),
                arguments(
                        "rules that mean nothing here are for mail programs",
                        "<style>#outlook a{padding:0}p{margin:0}</style><p>x</p>",
                        "<style>#outlook a { padding:0; }</style><p style=\"margin:0\">x</p>"),
                arguments(
                        "a sheet that is to stay, one for a medium, one for all but Outlook",
                        "<style data-embed>p{color:red}</style><style media=\"print\">p{color:red}</style>"
                                + "<!--[if !mso]><!--> <style>p{color:red}</style><!--<![endif]--><p>x</p>",
                        "<style data-embed>p{color:red}</style><style media=\"print\">p{color:red}</style>"
                                + "<!--[if !mso]><!--> <style>p{color:red}</style><!--<![endif]--><p>x</p>"),
                arguments(
                        "a conditional comment is not read",
                        "<style>p{color:red}</style><!--[if mso]><p>x</p><style>p{margin:0}</style><![endif]--><p>y</p>",
                        "<!--[if mso]><p>x</p><style>p{margin:0}</style><![endif]--><p style=\"color:red\">y</p>"),
                arguments(
                        "a loop over rows of a table",
                        "<style>td{color:red}</style><table>{% for i in (1..3) %}<tr><td>{{ i }}</td></tr>{% endfor %}</table>",
                        "<table>{% for i in (1..3) %}<tr><td style=\"color:red\">{{ i }}</td></tr>{% endfor %}</table>"),
                arguments(
                        "conditions around tags that open and close apart",
                        "<style>.a{color:red}.b{color:blue}</style>{% if x %}<div class=\"a\">{% else %}<div class=\"b\">{% endif %}y</div>",
                        "{% if x %}<div style=\"color:red\" class=\"a\">{% else %}<div style=\"color:blue\" class=\"b\">{% endif %}y</div>"),
                arguments(
                        "a condition between attributes leaves the class to the sheet",
                        "<style>.a{color:red}p{margin:0}</style><p {% if x %}class=\"a\"{% endif %}>x</p><p>y</p>",
                        "<style>.a { color:red; }\np { margin:0; }</style><p {% if x %}class=\"a\"{% endif %}>x</p><p>y</p>"),
                arguments(
                        "a condition in a class too",
                        "<style>.a{color:red}</style><p class=\"{% if x %}a{% endif %}\">x</p>",
                        "<style>.a { color:red; }</style><p class=\"{% if x %}a{% endif %}\">x</p>"),
                arguments(
                        "a class that only the contact knows finds its rule in the sheet",
                        "<style>.a{color:red}</style><p class=\"{{ x }}\">x</p><p class=\"a\">y</p>",
                        "<style>.a { color:red !important; }</style><p class=\"{{ x }}\">x</p><p style=\"color:red\" class=\"a\">y</p>"),
                arguments(
                        "values in a sheet and in attributes",
                        "<style>a{color:{{ x | default: \"red\" }};margin:0}</style><a href={{ y }} style=\"width:{{ w }}px\">x</a>",
                        "<a href={{ y }} style=\"color:{{ x | default: \"red\" }};margin:0;width:{{ w }}px\">x</a>"),
                arguments(
                        "HTML that the contact brings finds its rules in the sheet",
                        "<style>p{color:red}</style><p>x</p>{{ x | raw }}",
                        "<style>p { color:red !important; }</style><p style=\"color:red\">x</p>{{ x | raw }}"),
                arguments(
                        "what is commented out stays",
                        "<style>p{color:red}</style>{% comment %}<p>{% endcomment %}{% raw %}<p>{{ x }}</p>{% endraw %}<p>y</p>",
                        "{% comment %}<p>{% endcomment %}{% raw %}<p>{{ x }}</p>{% endraw %}<p style=\"color:red\">y</p>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void rules_move_to_the_elements_that_they_match(String what, String html, String expected) {
        assertThat(Styles.inlined(html)).isEqualToNormalizingNewlines(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p>{{ x }}</p><TABLE>{% for i in (1..3) %}<tr><td>{{ i }}{% endfor %}</TABLE>",
                "<style>p{color:red</style><p>x</p>",
                "<style>p{color:red}{% if x %}p{color:blue}{% endif %}</style><p>x</p>",
                "{% if x %}<style>p{color:red}</style>{% endif %}<p>x</p>",
                "plain words < & > \r\n",
                ""
            })
    void a_page_without_styles_or_with_conditional_styles_is_unchanged(String html) {
        assertThat(Styles.inlined(html)).isEqualTo(html);
    }

    @Test
    void the_rest_of_the_page_is_unchanged() {
        String rest =
                "<!DOCTYPE html>\r\n<HTML><Body BGCOLOR=red>\u00e9 &nbsp;<P\n  class = 'k'>x<BR/>\t</p></Body></HTML>\n\n";

        assertThat(Styles.inlined("<style>.k{color:red}</style>" + rest))
                .isEqualTo(rest.replace("<P", "<P style=\"color:red\""));
    }

    @Test
    void styles_are_inlined_once_and_rendered_as_values_are() {
        CompiledTemplate template =
                new TemplateCompiler()
                        .compile(
                                TemplateSource.html(
                                        null,
                                        "<style>td{color:{{ c }}}</style><table>{% for i in list %}<tr><td>{{ i }}</td></tr>{% endfor %}</table>",
                                        null));

        assertThat(template.render(Map.of("c", "red", "list", List.of("<a>", "b"))).html())
                .isEqualTo(
                        "<table><tr><td style=\"color:red\">&lt;a&gt;</td></tr><tr><td style=\"color:red\">b</td></tr></table>");
        assertThat(template.render(Map.of("c", "x\"><script>", "list", List.of("a"))).html())
                .as("a value does not leave its attribute")
                .isEqualTo(
                        "<table><tr><td style=\"color:x&quot;&gt;&lt;script&gt;\">a</td></tr></table>");
    }

    @Test
    void mjml_inlines_only_styles_marked_inline() {
        String html =
                new TemplateCompiler()
                        .compile(
                                TemplateSource.mjml(
                                        null,
                                        """
                                        <mjml>
                                          <mj-head>
                                            <mj-style>.a { color: red }</mj-style>
                                            <mj-style inline="inline">.b { color: {{ c }} }</mj-style>
                                          </mj-head>
                                          <mj-body><mj-section><mj-column>
                                            <mj-text><i class="a b">x</i></mj-text>
                                          </mj-column></mj-section></mj-body>
                                        </mjml>
                                        """,
                                        null))
                        .render(Map.of("c", "blue"))
                        .html();

        assertThat(html)
                .contains("<i style=\"color:blue\" class=\"a b\">x</i>", ".a { color: red }")
                .contains("table, td { border-collapse:collapse;")
                .doesNotContain(".b {");
    }
}
