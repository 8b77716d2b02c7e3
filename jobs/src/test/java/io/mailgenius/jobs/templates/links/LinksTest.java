package io.mailgenius.jobs.templates.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateVariables;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final TemplateCompiler COMPILER = new TemplateCompiler();
    private static final Utm UTM = new Utm("news", "email", "Spring Sale & more", null);

    private static final Map<String, Object> ADA =
            TemplateVariables.of(
                    Map.of(
                            "email",
                            "ada@example.com",
                            "attributes",
                            Map.of(
                                    "slug",
                                    "a&b",
                                    "words",
                                    "two words ü",
                                    "home",
                                    "https://evil.example/x")),
                    TemplateVariables.campaign(7, "Spring"),
                    new TemplateVariables.Footing(
                            "https://us.example/u/token", "https://us.example/p/token", null));

    /** Writes addresses that contain the arguments of the call. */
    private static final LinkWriter WRITER =
            new LinkWriter() {
                @Override
                public String link(Link link) {
                    return "T" + link.number();
                }

                @Override
                public String link(Link link, String url) {
                    return "T" + link.number() + "(" + url + ")";
                }

                @Override
                public String pixel() {
                    return "PIXEL";
                }
            };

    private static String rendered(String html, Utm utm, @Nullable LinkWriter writer) {
        List<Link> links = COMPILER.links(html, utm);
        return COMPILER.compile(
                        TemplateSource.html("s", html, "text"), new TrackedPage(links, utm, true))
                .render(ADA, writer)
                .html();
    }

    @Test
    void links_to_websites_are_tracked_and_nothing_else_changes() {
        String html =
                """
                <html><body><a href="https://shop.example/a?x=1&amp;y=2">a</a><a class=b href=http://b.example>b</a>
                <a href='{{ unsubscribe_url }}'>no more</a> <a href="mailto:x@example.com">m</a>
                <a href="tel:+1">t</a> <a href="#top">top</a> <a href="/relative">r</a>
                <img src="https://shop.example/p.png"><a href="https://shop.example/a?x=1&amp;y=2">again</a>
                {% raw %}<a href="https://raw.example/">raw</a>{% endraw %}</body></html>
                """;
        assertThat(COMPILER.links(html, Utm.NONE))
                .containsExactly(
                        new Link(1, "https://shop.example/a?x=1&y=2", false),
                        new Link(2, "http://b.example", false));
        assertThat(rendered(html, Utm.NONE, WRITER))
                .isEqualTo(
                        """
                        <html><body><a href="T1">a</a><a class=b href=T2>b</a>
                        <a href='https://us.example/u/token'>no more</a> <a href="mailto:x@example.com">m</a>
                        <a href="tel:+1">t</a> <a href="#top">top</a> <a href="/relative">r</a>
                        <img src="https://shop.example/p.png"><a href="T1">again</a>
                        <a href="https://raw.example/">raw</a><img src="PIXEL" width="1" height="1" alt="" style="border:0"></body></html>
                        """);
    }

    @Test
    void an_untracked_mail_is_unchanged() {
        String html =
                "<p><a href=\"https://shop.example/?a=1&amp;b={{ contact.attributes.slug }}\">x</a>"
                        + "<a href=\"https://shop.example/?q=1&amp;r=2\">y</a></p>";
        assertThat(rendered(html, Utm.NONE, null))
                .isEqualTo(
                        COMPILER.compile(TemplateSource.html("s", html, "text")).render(ADA).html())
                .contains("https://shop.example/?a=1&amp;b=a&amp;b", "?q=1&amp;r=2")
                .doesNotContain("<img");
    }

    @Test
    void an_address_with_liquid_is_tracked_if_its_host_is_literal() {
        String html =
                "<a href=\"https://shop.example/{{ contact.attributes.slug }}?q=1\">mine</a>"
                        + "<a href=\"{{ contact.attributes.home }}\">theirs</a>"
                        + "<a href=\"https://{{ contact.attributes.slug }}.example/\">theirs</a>"
                        + "{% for n in (1..2) %}<a href=\"https://shop.example/p/{{ n }}\">n</a>{% endfor %}";
        assertThat(COMPILER.links(html, Utm.NONE)).hasSize(2).allMatch(Link::perRecipient);
        assertThat(rendered(html, Utm.NONE, WRITER))
                .startsWith(
                        "<a href=\"T1(https://shop.example/a&amp;b?q=1)\">mine</a>"
                                + "<a href=\"https://evil.example/x\">theirs</a>"
                                + "<a href=\"https://a&amp;b.example/\">theirs</a>"
                                + "<a href=\"T2(https://shop.example/p/1)\">n</a>"
                                + "<a href=\"T2(https://shop.example/p/2)\">n</a>");
    }

    @Test
    void utm_parameters_are_added_once_before_the_fragment() {
        assertThat(UTM.added("https://a.example"))
                .isEqualTo(
                        "https://a.example?utm_source=news&utm_medium=email&utm_campaign=Spring+Sale+%26+more");
        assertThat(new Utm("news", null, null, null).added("https://a.example/?q#utm_source=no"))
                .isEqualTo("https://a.example/?q&utm_source=news#utm_source=no");
        assertThat(UTM.added("https://a.example/?UTM_Source=own&utm_mediums=1&utm_campaign"))
                .isEqualTo(
                        "https://a.example/?UTM_Source=own&utm_mediums=1&utm_campaign&utm_medium=email");
    }

    @Test
    void utm_parameters_are_in_links_of_every_kind_tracked_or_not() {
        Utm utm = new Utm("news", null, null, null);
        String html =
                "<a href=\"https://a.example/?b=1&amp;c=2\">a</a><a href=\"{{ contact.attributes.home }}\">b</a>"
                        + "<a href=\"mailto:x@example.com\">m</a>";
        assertThat(COMPILER.links(html, utm))
                .containsExactly(new Link(1, "https://a.example/?b=1&c=2&utm_source=news", false));
        assertThat(rendered(html, utm, WRITER))
                .contains("\"T1\"", "\"https://evil.example/x?utm_source=news\"", "\"mailto:x@");
        assertThat(rendered(html, utm, null))
                .contains("\"https://a.example/?b=1&amp;c=2&amp;utm_source=news\"");
        assertThat(
                        COMPILER.compile(
                                        TemplateSource.html("s", html, null),
                                        new TrackedPage(List.of(), utm, false))
                                .render(ADA)
                                .html())
                .contains("\"https://a.example/?b=1&amp;c=2&amp;utm_source=news\"")
                .doesNotContain("<img");
    }

    @Test
    void addresses_are_parsed_as_browsers_do() {
        String html =
                """
                <a href="https://shop.example/
                   spring sale?x=1">a</a><a href=" https://exämple.com/é ">b</a>
                <a href="https://shop.example/{{ contact.attributes.words }}/
                x?q={{ contact.attributes.words }}">c</a>
                """;
        Utm utm = new Utm("news", null, null, null);
        assertThat(COMPILER.links(html, utm))
                .extracting(Link::url)
                .startsWith(
                        "https://shop.example/%20%20%20spring%20sale?x=1&utm_source=news",
                        "https://xn--exmple-cua.com/é?utm_source=news")
                .hasSize(3);
        assertThat(rendered(html, utm, WRITER))
                .contains(
                        "\"T1\"",
                        "\"T2\"",
                        "\"T3(https://shop.example/two%20words%20ü/x?q=two%20words%20ü&amp;utm_source=news)\"");
        assertThat(rendered(html, utm, null))
                .contains("\"https://xn--exmple-cua.com/é?utm_source=news\"");
    }

    @Test
    void a_host_with_liquid_is_never_tracked() {
        for (String address :
                new String[] {
                    "https://{{ x }}",
                    "https://a.example{{ x }}",
                    "https://a.example@{{ x }}",
                    "https:/\n/{{ x }}",
                    "https://a.example:{{ x }}/",
                    "h{{ x }}"
                }) {
            assertThat(COMPILER.links("<a href=\"" + address + "\">x</a>", Utm.NONE))
                    .as(address)
                    .isEmpty();
        }
    }

    @Test
    void selectors_on_href_still_match() {
        String html =
                "<style>a[href^='https://shop'] { color: red }</style><a href=\"https://shop.example/\">a</a>";
        assertThat(rendered(html, Utm.NONE, WRITER)).contains("href=\"T1\"", "color:red");
    }
}
