package io.mailgenius.jobs.templates.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlainTextTest {

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("", ""),
                arguments("Hello  \n world", "Hello world"),
                arguments("<p>One</p><p>Two</p>", "One\n\nTwo"),
                arguments("<div>One</div><div>Two</div>", "One\nTwo"),
                arguments("One<br>Two<br/>Three", "One\nTwo\nThree"),
                arguments("<h1>Title</h1>\n  <p>Text</p>", "Title\n\nText"),
                arguments("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc"),
                arguments("<b>bo</b>ld <i>it</i>", "bold it"),
                arguments(
                        "<a href=\"https://x.test/?a=1&amp;b=2\">Shop</a>!",
                        "Shop <https://x.test/?a=1&b=2>!"),
                arguments("<a href='https://x.test'>https://x.test</a>", "https://x.test"),
                arguments(
                        "<a href=\"https://x.test\"><img src=\"a.png\" alt=\"Logo\"></a>",
                        "Logo <https://x.test>"),
                arguments("<a href=\"https://x.test\"></a>", "https://x.test"),
                arguments("<a name=\"top\">Top</a> <a href=\"#top\">up</a>", "Top up"),
                arguments("<head><title>T</title><style>p{}</style></head><p>x</p>", "x"),
                arguments("<STYLE>p > a{}</STYLE>x<script>if(a<b){}</script>y", "xy"),
                arguments("a<!-- <p>hidden</p> -->b", "ab"),
                arguments("<p title=\"a > b\">x</p>", "x"),
                arguments(
                        "&lt;b&gt; &amp;amp; &quot;q&quot; &#39;s&#39; &#8364; &#x20ac; &euro;",
                        "<b> &amp; \"q\" 's' € € €"),
                arguments("a & b &unknown; &;", "a & b &unknown; &;"),
                // all character references, also without a semicolon
                arguments(
                        "Promo&ccedil;&atilde;o &Uuml;ber &szlig; &hearts; &#150; &copy 2026 &frac12;",
                        "Promoção Über ß ♥ – © 2026 ½"),
                arguments(
                        "<a href='https://x.test/?a=1&copy=2&amp;b=3'>x</a>",
                        "x <https://x.test/?a=1&copy=2&b=3>"),
                // invisible characters
                arguments(
                        "<div style=\"display:none;max-height:0\">Preheader <div>in it</div></div><p>Hello</p>",
                        "Hello"),
                arguments("<DIV STYLE='DISPLAY : none'>Preheader</DIV>Hello", "Hello"),
                arguments("<span hidden>Preheader</span>Hello", "Hello"),
                arguments(
                        "<div style=\"max-height:0px;overflow:hidden\">Preheader</div>Hello",
                        "Hello"),
                arguments(
                        "<div style=\"font-size:0px\"><span style=\"font-size:13px\">Hello</span></div>",
                        "Hello"),
                arguments("<p style=\"visibility:hidden\">Gone<p>Hello", "Hello"),
                arguments("<img style=\"display:none\" alt=\"x\" src=y>Hello", "Hello"),
                arguments("<div style=\"display:none\">Not closed", "Not closed"),
                arguments("<div style=\"opacity:0.5;max-height:0.5em\">Hello</div>", "Hello"),
                arguments(
                        "Hi&zwnj;&nbsp;&zwnj;&nbsp;&#847;&#8199;&#65279;&#173;&shy;<p>Hello</p>",
                        "Hi\n\nHello"),
                arguments("&#847; &#847; &#847;Hello&nbsp;world", "Hello\u00a0world"),
                arguments("10&nbsp;&nbsp;&nbsp;%", "10 %"),
                arguments(
                        "\u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\udcbb",
                        "\u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\udcbb"),
                // alternative texts of pictures
                arguments("Our<img src=a alt=Logo>here", "Our Logo here"),
                arguments("<IMG SRC=a ALT='Caf&eacute; &quot;A&quot;'>", "Café \"A\""),
                arguments("<img data-alt=\"no\" src=\"alt=x\" alt = \"yes\">", "yes"),
                arguments("a<img src=x alt=\"\">b", "ab"),
                // ends of links
                arguments(
                        "See <a href=https://x.test/u/abc>this</a>.",
                        "See this <https://x.test/u/abc>."),
                arguments("(<a href='https://x.test'><img src=y></a>)", "(https://x.test )"),
                arguments("<a href='mailto:a@b.c'>a@b.c</a>", "a@b.c"),
                arguments("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
                arguments(
                        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                        "a b\nc"),
                arguments("<p>unclosed <a href=\"x", "unclosed"),
                arguments("<!-- open", ""),
                arguments("<style>open", ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void html_becomes_text(String html, String text) {
        assertThat(PlainText.of(html)).isEqualTo(text);
    }

    @Test
    @Timeout(10)
    void a_large_page_does_not_take_long() {
        for (String piece :
                new String[] {
                    "<a>",
                    "<a href=x ",
                    "<a href=\"",
                    "<",
                    "</",
                    "<!--",
                    "<style>",
                    "<p title=\"",
                    "&",
                    "&#",
                    "<img>",
                    "<script",
                    "<div hidden>",
                    "<p style=display:none>",
                    "<div style=\"display:none\">",
                    "<i hidden></i>",
                    "&nbsp;",
                    "&zwnj;"
                }) {
            String html = piece.repeat(512 * 1024 / piece.length());
            assertThat(PlainText.of(html)).as(piece).isNotNull();
            assertThat(PlainText.withoutTags(html)).as(piece).isNotNull();
        }
    }

    @Test
    void a_broken_page_does_not_raise_an_exception() {
        long seed = System.nanoTime();
        System.out.println("PlainTextTest seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "<",
            ">",
            "a",
            "/",
            "href=",
            "\"",
            "'",
            "&",
            ";",
            "#",
            "x",
            "1",
            " ",
            "\n",
            "<a ",
            "</a>",
            "<style>",
            "</style",
            "<!--",
            "-->",
            "<img alt=",
            "<li>",
            "<p>",
            "\ud83d"
        };
        for (int i = 0; i < 100_000; i++) {
            StringBuilder html = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                html.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(PlainText.of(html.toString())).as("seed %d", seed).isNotNull();
            assertThat(PlainText.withoutTags(html.toString())).as("seed %d", seed).isNotNull();
        }
    }
}
