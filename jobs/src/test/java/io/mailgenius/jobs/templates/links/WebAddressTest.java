package io.mailgenius.jobs.templates.links;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            textBlock =
                    """
                    `  https://a.example/x  ` → https://a.example/x
                    https://a.example/a b?c d#e f → https://a.example/a%20b?c%20d#e%20f
                    https://a.example/ä b/日?q=€ → https://a.example/ä%20b/日?q=%E2%82%AC
                    https://a.example/%20%zz → https://a.example/%20%zz
                    https:\\\\a.example\\b → https://a.example/b
                    https://ex%C3%A4mple.com/ → https://xn--exmple-cua.com/
                    https://exämple.com → https://xn--exmple-cua.com
                    https://EXÄMPLE.com → https://xn--exmple-cua.com
                    https://straße.example/ → https://xn--strae-oqa.example/
                    https://例え.テスト/ → https://xn--r8jz45g.xn--zckzah/
                    https://ａ.example/ → https://a.example/
                    https://u^:p@a.example:8080/ → https://u%5E:p@a.example:8080/
                    https://a.example/<b>"'`` → https://a.example/%3Cb%3E%22'%60%60
                    """)
    void an_address_is_parsed_as_browsers_do(String written, String read) {
        assertThat(WebAddress.read(written)).contains(read);
        assertThat(WebAddress.isCorrected(written, read)).isEqualTo(!written.strip().equals(read));
        assertThat(WebAddress.read(read)).as("read again").contains(read);
    }

    @Test
    void line_breaks_and_tabs_are_removed() {
        assertThat(WebAddress.read("\n ht\ntps://a.exa\r\n\tmple/x\n  y\n"))
                .contains("https://a.example/x%20%20y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example",
                "HTTPS://A.example/B",
                "https://a.example/?a=1&b=[x]|y{",
                "https://xn--exmple-cua.com/",
                "https://sub_domain.a-.example/%E4",
                "http://127.0.0.1:8080/x#y?z",
                "http://[::1]/",
                "https://a.example/ä/日/𝒜?q=ü#é",
                "https://user@a.example/"
            })
    void a_valid_address_is_unchanged(String address) {
        assertThat(WebAddress.read(address)).contains(address);
    }

    /** Each of them could be the last one before the host; trying them all would take hours. */
    @Test
    void the_host_begins_behind_the_last_at_sign() {
        assertThat(WebAddress.read("https://a@b@c.example/")).contains("https://a@b@c.example/");
        assertThat(WebAddress.read("https://" + "@".repeat(1_000_000) + "::")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https",
                "https:",
                "https://",
                "https:///",
                "http:/x",
                "mailto:a@b.c",
                "/x",
                "//x",
                "ftp://a.example",
                "https://a b.example/",
                "https://a<b.example/",
                "https://a%2Fb.example/",
                "https://a.example:99999/",
                "https://a.example:x/",
                "https://xn--a/",
                "https://[x]/",
                "javascript:alert(1)",
                "https://a%00b/"
            })
    void other_addresses_are_not_parsed(String written) {
        assertThat(WebAddress.read(written)).isEmpty();
    }
}
