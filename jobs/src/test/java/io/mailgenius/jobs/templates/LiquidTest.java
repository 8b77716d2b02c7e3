package io.mailgenius.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LiquidTest {

    private static final TemplateCompiler COMPILER = new TemplateCompiler();

    private static final Map<String, Object> VARIABLES =
            TemplateVariables.of(
                    Map.of(
                            "email", "ada@example.com",
                            "first_name", "Ada",
                            "last_name", "<b>O'Neil & \"Co\"</b>",
                            "attributes",
                                    Map.of(
                                            "plan", "pro",
                                            "score", 7,
                                            "visits", "12",
                                            "price", 9.5,
                                            "vip", true,
                                            "empty", "",
                                            "since", "2026-03-09",
                                            "tags", List.of("<a>", "b"),
                                            "note", "one\n<two>",
                                            "key", "plan")),
                    TemplateVariables.campaign(3, "Spring"),
                    new TemplateVariables.Footing(
                            "https://x.test/u/1?a=b&c=d", "https://x.test/p/1", "1 Main St & Co"));

    static Stream<Arguments> cases() {
        return Stream.of(
                // variables
                arguments("{{ contact.first_name }}", "Ada"),
                arguments("{{ contact.attributes.plan }}", "pro"),
                arguments("{{ contact['first_name'] }}", "Ada"),
                arguments("{{ contact.attributes[contact.attributes.key] }}", "pro"),
                arguments("{{ campaign.name }} {{ campaign.id }}", "Spring 3"),
                arguments("[{{ contact.nothing }}][{{ nothing.at.all }}]", "[][]"),
                arguments("{{ contact.attributes.score }}", "7"),
                arguments("{{ contact.attributes.price }}", "9.5"),
                arguments("{{ contact.attributes.vip }}", "true"),
                arguments("{{ contact.attributes.tags.size }}", "2"),
                arguments("{{ contact.attributes.tags.last }}", "b"),
                // escaping
                arguments(
                        "{{ contact.last_name }}",
                        "&lt;b&gt;O&#39;Neil &amp; &quot;Co&quot;&lt;/b&gt;"),
                arguments("{{ contact.last_name | raw }}", "<b>O'Neil & \"Co\"</b>"),
                arguments(
                        "{{ contact.last_name | escape }}",
                        "&lt;b&gt;O&#39;Neil &amp; &quot;Co&quot;&lt;/b&gt;"),
                arguments("{{ 'a &amp; b' | escape_once }}", "a &amp; b"),
                arguments("{{ contact.last_name | size }}", "20"),
                arguments("{{ contact.last_name | truncate: 6, '' }}", "&lt;b&gt;O&#39;N"),
                arguments("{{ contact.last_name | upcase | slice: 0, 3 }}", "&lt;B&gt;"),
                arguments("{{ contact.last_name | raw | upcase | slice: 0, 3 }}", "&lt;B&gt;"),
                arguments("{{ contact.attributes.tags }}", "&lt;a&gt;b"),
                arguments("{{ contact.attributes.tags | join: '<' }}", "&lt;a&gt;&lt;b"),
                arguments(
                        "{{ contact.attributes.tags | json }}",
                        "[&quot;&lt;a&gt;&quot;,&quot;b&quot;]"),
                arguments(
                        "{{ contact.attributes.note | newline_to_br }}", "one<br />\n&lt;two&gt;"),
                arguments(
                        "{% cycle contact.last_name, 'x' %}",
                        "&lt;b&gt;O&#39;Neil &amp; &quot;Co&quot;&lt;/b&gt;"),
                arguments(
                        "{% for t in contact.attributes.tags %}{{ t }}{% endfor %}", "&lt;a&gt;b"),
                arguments(
                        "{% tablerow t in contact.attributes.tags %}{{ t }}{% endtablerow %}",
                        "<tr class=\"row1\">\n<td class=\"col1\">&lt;a&gt;</td><td class=\"col2\">b</td></tr>\n"),
                arguments("{% assign x = contact.attributes.tags[0] %}{{ x }}", "&lt;a&gt;"),
                arguments(
                        "{% assign x = contact.attributes.tags[0] | append: '!' %}{{ x }}",
                        "&lt;a&gt;!"),
                arguments(
                        "{% capture x %}<i>{{ contact.attributes.tags[0] }}</i>{% endcapture %}{{ x }}",
                        "<i>&lt;a&gt;</i>"),
                arguments("{% capture x %}<i>{% endcapture %}{{ x | upcase }}", "&lt;I&gt;"),
                arguments(
                        "{% capture x %}a{% endcapture %}{% if x == 'a' %}same{% endif %}", "same"),
                arguments(
                        "{% capture x %}a{% endcapture %}{% case x %}{% when 'a' %}same{% endcase %}",
                        "same"),
                arguments(
                        "{% capture x %}{{ contact.first_name }}{% endcapture %}{% assign x = contact.attributes.tags[0] %}{{ x }}",
                        "&lt;a&gt;"),
                arguments(
                        "<a href=\"{{ unsubscribe_url }}\">",
                        "<a href=\"https://x.test/u/1?a=b&amp;c=d\">"),
                arguments("{{ \"<b>\" }}", "&lt;b&gt;"),
                // filters
                arguments("{{ contact.nothing | default: 'you' }}", "you"),
                arguments("{{ contact.nothing | default: \"<you>\" }}", "&lt;you&gt;"),
                arguments("{{ contact.attributes.empty | default: \"you\" }}", "you"),
                arguments("{{ contact.first_name | default: 'you' | upcase }}", "ADA"),
                arguments("{{ contact.attributes.since | date: '%d.%m.%Y' }}", "09.03.2026"),
                arguments("{{ '2026-03-09T10:11:12Z' | date: '%H:%M' }}", "10:11"),
                arguments("{{ '2026-03-09T10:11:12+02:00' | date: '%H:%M %z' }}", "10:11 +0200"),
                arguments("{{ 'March 9, 2026' | date: '%Y-%m-%d' }}", "2026-03-09"),
                arguments("{{ 'no date' | date: '%Y' }}", "no date"),
                arguments("{{ contact.attributes.score | plus: 1 }}", "8"),
                arguments("{{ contact.attributes.visits | times: 2 }}", "24"),
                arguments("{{ contact.attributes.price | round }}", "10"),
                arguments("{{ 1.005 | round: 1 }}", "1.0"),
                arguments("{{ 'a-b' | split: '-' | reverse | join: '+' }}", "b+a"),
                arguments("{{ 'a b a' | replace: 'a', 'xx' }}", "xx b xx"),
                arguments("{{ 'ab' | replace: '', '-' }}", "-a-b-"),
                arguments(
                        "[{{ '  a ' | strip }}][{{ ' a ' | lstrip }}][{{ ' a ' | rstrip }}]",
                        "[a][a ][ a]"),
                arguments("{{ '<p>a</p><script>x()</script><!-- > -->b' | strip_html }}", "ab"),
                arguments("{{ 'a b' | url_encode }}", "a+b"),
                arguments("{{ 'ada' | capitalize }}", "Ada"),
                // tags
                arguments("{% if contact.attributes.plan == 'pro' %}a{% else %}b{% endif %}", "a"),
                arguments("{% if contact.attributes.visits > 9 %}many{% endif %}", "many"),
                arguments("{% if contact.attributes.nothing > 9 %}many{% endif %}", ""),
                arguments("{% if contact.attributes.tags contains 'b' %}yes{% endif %}", "yes"),
                arguments("{% unless contact.nothing %}none{% endunless %}", "none"),
                arguments(
                        "{% if contact.first_name != blank and contact.attributes.vip %}x{% endif %}",
                        "x"),
                arguments(
                        "{% case contact.attributes.plan %}{% when 'free', 'pro' %}1{% else %}2{% endcase %}",
                        "1"),
                arguments(
                        "{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}",
                        "1,2,3"),
                arguments(
                        "{% for i in (1..9) %}{% # comment %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
                        "12"),
                arguments("{% for i in contact.nothing %}x{% else %}none{% endfor %}", "none"),
                arguments(
                        "{% for i in (1..5) reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}",
                        "32"),
                arguments("{% for i in (3..1) %}{{ i }}{% endfor %}", ""),
                arguments(
                        "{% for i in (1..contact.attributes.score) %}{{ forloop.rindex }}{% endfor %}",
                        "7654321"),
                arguments("{% assign n = 2 | times: 3 %}{{ n }}", "6"),
                arguments("{% increment c %}{% increment c %}", "01"),
                arguments("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
                arguments("a{% comment %}{{ x }}{% if %}{% endcomment %}b", "ab"),
                arguments("a {%- if true -%} b {%- endif -%} c", "abc"),
                arguments("{% break %}", ""),
                arguments("plain", "plain"),
                arguments("", ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void liquid_renders_common_templates(String template, String expected) {
        assertThat(html(template)).isEqualTo(expected);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments("{{ x | nope }}", "html, line 1, column 6: there is no filter \"nope\"."),
                arguments("a\n b{% foo %}", "html, line 2, column 6: there is no tag \"foo\"."),
                arguments(
                        "{% include '/etc/passwd' %}",
                        "html, line 1, column 4: there is no tag \"include\"."),
                arguments(
                        "{% render 'x' %}", "html, line 1, column 4: there is no tag \"render\"."),
                arguments(
                        "{% if x %}abc",
                        "html, line 1, column 14: a tag is still open at the end of the template; an endif, endfor or similar is missing."),
                arguments(
                        "a\n\n  {{ x..y }}",
                        "html, line 3, column 3: \"{{ x..y }}\" cannot be read."),
                arguments(
                        "{{ contact first_name }}",
                        "html, line 1, column 1: \"{{ contact first_name }}\" cannot be read."),
                arguments("{{ x ", "html, line 1, column 1: this tag is not closed."),
                arguments("a {% if x ", "html, line 1, column 3: this tag is not closed."),
                arguments(
                        "{{ x | append: 'a }}",
                        "html, line 1, column 16: the quotation mark ' is not closed."),
                arguments("{{ x | }}", "html, line 1, column 8: a filter is missing here."),
                arguments("{{ x[1 }}", "html, line 1, column 8: \"]\" is missing here."),
                arguments(
                        "{% if %}a{% endif %}", "html, line 1, column 7: a value is missing here."),
                arguments(
                        "{% if a = b %}{% endif %}",
                        "html, line 1, column 9: \"=\" is not allowed here."),
                arguments(
                        "{% if not a %}{% endif %}",
                        "html, line 1, column 1: \"{% if not a %}\" cannot be read."),
                arguments(
                        "{% for x of y %}{% endfor %}",
                        "html, line 1, column 1: \"{% for x of y %}\" cannot be read."),
                arguments(
                        "a{% raw %}b",
                        "html, line 1, column 2: this tag is not closed; an endraw is missing."),
                arguments(
                        "{% comment %}b",
                        "html, line 1, column 1: this tag is not closed; an endcomment is missing."),
                arguments(
                        "{% liquid\n if x\n echo y %}{% endif %}",
                        "html, line 3, column 9: a tag is still open at the end of the template; an endif, endfor or similar is missing."),
                arguments(
                        "{% liquid\n echo 1\n foo %}",
                        "html, line 3, column 2: there is no tag \"foo\"."),
                arguments(
                        "{% # a\n b %}",
                        "html, line 1, column 1: each line of a comment like this begins with #."),
                arguments(
                        "{{ " + "a[".repeat(51) + "1" + "]".repeat(51) + " }}",
                        "html, line 1, column 104: brackets are nested more than 50 levels deep."),
                arguments(
                        "x{% endif %}",
                        "html, line 1, column 2: \"{% endif %}\" does not belong to an open tag."),
                arguments(
                        "{% else %}",
                        "html, line 1, column 1: \"{% else %}\" does not belong to an open tag."),
                arguments(
                        "{% if x %}a{% endfor %}",
                        "html, line 1, column 12: \"{% endfor %}\" does not belong to an open tag."),
                arguments(
                        "{% assign x %}",
                        "html, line 1, column 13: \"=\" is missing before \"%}\"."),
                arguments(
                        "{% if a > 1 && b %}x{% endif %}",
                        "html, line 1, column 13: \"&\" is not allowed here."),
                arguments(
                        "{% case x %}{% when %}{% endcase %}",
                        "html, line 1, column 21: a value is missing here."),
                arguments(
                        "{% if x %}".repeat(51) + "{% endif %}".repeat(51),
                        "html, line 1, column 501: tags are nested more than 50 levels deep."),
                arguments(
                        "{{ " + "(".repeat(3000) + " }}",
                        "html, line 1, column 1: this tag is not closed, or longer than 2,000 characters."),
                arguments(
                        "x".repeat(512 * 1024 + 1),
                        "The html has 524,289 characters; at most 524,288 are allowed."));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_syntax_error_has_a_position_and_a_cause(String template, String message) {
        assertThatThrownBy(() -> html(template))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage(message)
                .extracting(e -> ((Refusal) e).problem())
                .isEqualTo("template-does-not-parse");
    }

    @Test
    void deep_but_allowed_nesting_can_be_read() {
        assertThat(html("{% if true %}".repeat(50) + "x" + "{% endif %}".repeat(50)))
                .isEqualTo("x");
        assertThat(html("{% if " + "true and ".repeat(200) + "true %}x{% endif %}")).isEqualTo("x");
        assertThat(html("{{ contact.first_name" + " | append: ''".repeat(140) + " }}"))
                .isEqualTo("Ada");
    }

    @Test
    void the_variables_of_a_template_are_listed_and_the_unknown_among_them() {
        CompiledTemplate template =
                COMPILER.compile(
                        TemplateSource.html(
                                "Hi {{ contact.firstName }}",
                                """
                                {% assign plan = contact.attributes['plan'] %}{{ plan }}
                                {% for tag in contact.attributes.tags %}{{ tag.name }}{{ forloop.index }}{% endfor %}
                                {% if contact.city == name %}{% endif %}{{ contact.attributes[plan] }}
                                {{ x | default: contact.email }}
                                """,
                                "{{ unsubscribe_url }}"));

        assertThat(template.variables())
                .containsExactly(
                        "contact.attributes",
                        "contact.attributes.plan",
                        "contact.attributes.tags",
                        "contact.city",
                        "contact.email",
                        "contact.firstName",
                        "name",
                        "unsubscribe_url",
                        "x");
        assertThat(template.unknownVariables()).containsExactly("contact.firstName", "name", "x");
    }

    @Test
    void many_threads_render_one_template_and_each_gets_its_own_contact() throws Exception {
        CompiledTemplate template =
                COMPILER.compile(
                        TemplateSource.html(
                                "{{ contact.first_name }}",
                                "{% cycle 'a', 'b' %}{{ contact.attributes[contact.first_name] }}"
                                        + "{% for i in (1..3) %}{{ i }}{% endfor %}",
                                "{{ contact.attributes[contact.first_name] | upcase }}"));
        List<Callable<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            String name = "n" + thread;
            Map<String, Object> variables =
                    Map.of(
                            "contact",
                            Map.of("first_name", name, "attributes", Map.of(name, "v" + thread)));
            RenderedMail expected = new RenderedMail(name, "av" + thread + "123", "V" + thread);
            work.add(
                    () -> {
                        for (int i = 0; i < 20_000; i++) {
                            assertThat(template.render(variables)).isEqualTo(expected);
                        }
                        return null;
                    });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        }
    }

    private static String html(String template) {
        String text = template.isEmpty() ? "x" : null;
        return COMPILER.compile(TemplateSource.html(null, template, text)).render(VARIABLES).html();
    }
}
