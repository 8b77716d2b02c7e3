package io.mailgenius.jobs.contacts.addresses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sanctionco.jmail.JMail;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}");

    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ada@example.com",
        "Ada.Lovelace+News@Example.COM, ada.lovelace+news@example.com",
        "'  ada@example.com ', ada@example.com",
        "'\u00a0ada@example.com\u200b', ada@example.com",
        "'\ufeffada@example.com', ada@example.com",
        "o'neill@example.ie, o'neill@example.ie",
        "ada@bücher.de, ada@xn--bcher-kva.de",
        "ADA@BÜCHER.DE, ada@xn--bcher-kva.de",
        "ada@例え.jp, ada@xn--r8jz45g.jp",
        "ada@sub.example.co.uk, ada@sub.example.co.uk",
        "ada@xn--80ak6aa92e.xn--p1ai, ada@xn--80ak6aa92e.xn--p1ai",
        "a@b.io, a@b.io",
        "_@example.com, _@example.com",
        "-a-@example.com, -a-@example.com",
        "r3---x@r3---x.example.com, r3---x@r3---x.example.com",
    })
    void an_address_is_normalised(String text, String expected) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new EmailAddress(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is empty",
        "'  ', it is empty",
        "ada, no @",
        "ada.example.com, no @",
        "@example.com, nothing before the @",
        "ada@, nothing after the @",
        "ada@example, domain has no dot",
        "ada@localhost, domain has no dot",
        "ada@example..com, two dots in a row",
        "ada..lovelace@example.com, two dots in a row",
        ".ada@example.com, starts with a dot",
        "ada.@example.com, dot before the @",
        "ada@.example.com, two dots in a row",
        "ada@example.c, one letter after the last dot",
        "ada lovelace@example.com, space in it",
        "ada@exam ple.com, space in it",
        "ada@byron@example.com, more than one @",
        "ada@[127.0.0.1], domain is an IP address",
        "ada@-example.com, a part of the domain starts with a hyphen",
        "ada@example-.com, a part of the domain ends with a hyphen",
        "ada@exa_mple.com, bad character in domain",
        "'ada,@example.com', bad character in it",
        "ada(x)@example.com, round bracket in it",
        "adä@example.com, letters before the @ that mail servers do not take",
        // U+212A, which becomes a k in lower case.
        "\u212aarl@example.com, letters before the @ that mail servers do not take",
        "a\\b@example.com, backslash outside of quotes",
        "a\\@b@example.com, backslash outside of quotes",
        "ada\\@example.com, backslash outside of quotes",
        "'\"ada@example.com', misplaced quotation mark",
        "\"\"@example.com, bad character before the @",
        "'@a,@b:ada@example.com', more than one @",
        "'ada@example.com, bob@example.com', space in it",
        "'ada@example.com;bob@example.com', bad character in domain",
        "'ada@example.com> <bob@example.com>', 'more than one address, or angle brackets that do not match'",
        "'<ada@example.com>, <bob@example.com>', 'more than one address, or angle brackets that do not match'",
        "ada@example.com>, 'more than one address, or angle brackets that do not match'",
        "<ada@example.com, angle bracket in it; give the address alone",
        "'Ada <>', it is empty",
        "'Ada <Ada>', no @",
        "mailto:, no @",
        "mailto:ada%00@example.com, control character in it",
        "mailto:ada%0d%0a@example.com, control character in it",
        "mailto:ad%ff@example.com, letters before the @ that mail servers do not take",
        "ada@xn--99999999999.example, bad Punycode in domain",
        "ada@xn--.example, bad Punycode in domain",
        "ada@xn--example.xn--a, bad Punycode in domain",
        // An A in the code of a small letter, and ASCII alone in it.
        "ada@xn--Bcher-Kvb.de, bad Punycode in domain",
        "ada@xn--abc-.de, bad Punycode in domain",
        "ada@ex\u00a7\ufffdmple.com, bad character in domain",
        "ada@a\u0308\u0627.com, bad character in domain",
        "ada@exam/ple.com, bad character in domain",
        "ada@ex\u2100mple.com, bad character in domain",
    })
    void what_is_no_address_is_told_why_in_words(String text, String reason) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new MalformedAddress(reason));
    }

    /** IDNA 2008: another domain than the one that IDNA 2003 would have made of it. */
    @ParameterizedTest
    @CsvSource({
        "straße.example, xn--strae-oqa.example",
        "STRAẞE.example, xn--strae-oqa.example",
        "xn--strae-oqa.example, xn--strae-oqa.example",
        "XN--STRAE-OQA.example, xn--strae-oqa.example",
        "strasse.example, strasse.example",
        "βόλος.com, xn--nxasmm1c.com",
        "βόλοσ.com, xn--nxasmq6b.com",
        "bu\u0308cher.de, xn--bcher-kva.de",
        "bücher。de, xn--bcher-kva.de",
        "ＥＸＡＭＰＬＥ.com, example.com",
        "İstanbul.com, xn--istanbul-o0e.com",
        // A joiner that Sinhala needs, and one that a Latin name does not have.
        "ශ්\u200dරී.com, xn--10cl1a0b660p.com",
    })
    void a_domain_is_the_one_that_dns_would_be_asked_for(String domain, String expected) {
        assertThat(EmailAddress.parse("ada@" + domain))
                .isEqualTo(new EmailAddress("ada@" + expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com",
                "<ada@example.com>",
                " < ada@example.com > ",
                "Ada <ada@example.com>",
                "Ada<ada@example.com>",
                "\"Lovelace, Ada <countess>\" <ada@example.com>",
                "O\"Neil <ada@example.com>",
                "ada@example.com <ada@example.com>",
                "ada@example.com <mailto:ada@example.com>",
                "Ädä 例 <ADA@example.com>",
                "mailto:ada@example.com",
                "MAILTO:Ada@Example.com?subject=Hello%20there&cc=x@example.com",
                "mailto:ada%40example.com",
                "<mailto:ada@example.com>",
                "ada@example.com,",
                "ada@example.com;",
                "ada@example.com.",
                "<ada@example.com>;",
                "Ada <ada@example.com>,",
                "(ada@example.com)",
                "[ada@example.com]",
                "\"ada@example.com\"",
                "'ada@example.com'",
                "“ada@example.com”",
                "„ada@example.com“",
                "«ada@example.com»",
                "'Ada <ada@example.com>'",
                "\u200b<\u00a0ada@example.com\ufeff>",
                "\"ada\"@example.com",
                "\"\\a\\d\\a\"@example.com",
            })
    void however_an_address_is_written_it_is_the_same(String text) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new EmailAddress("ada@example.com"));
    }

    @ParameterizedTest
    @CsvSource({
        "\"ada lovelace\"@example.com, \"ada lovelace\"@example.com",
        "\"ada\\ lovelace\"@example.com, \"ada lovelace\"@example.com",
        "\"a@b\"@example.com, \"a@b\"@example.com",
        "\"a..b\"@example.com, \"a..b\"@example.com",
        "\"a.b\"@example.com, a.b@example.com",
        "\"a\".b@example.com, a.b@example.com",
        "a.\"b c\"@example.com, \"a.b c\"@example.com",
        "\"\\\\\"@example.com, \"\\\\\"@example.com",
        "\"\\\"\"@example.com, \"\\\"\"@example.com",
        "\"\\0\"@example.com, 0@example.com",
        "\"\\N\"@example.com, n@example.com",
        "<\"a b\"@example.com>, \"a b\"@example.com",
        "%^{|}~/?@example.com, %^{|}~/?@example.com",
    })
    void a_quoted_name_has_no_more_quotes_than_it_needs(String text, String expected) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new EmailAddress(expected));
    }

    @Test
    void no_control_character_gets_in() {
        for (char c = 0; c < 0xA0; c++) {
            if (c >= ' ' && c < 0x7F) {
                continue;
            }
            for (String form :
                    new String[] {
                        "ad%sa@example.com",
                        "\"ad%sa\"@example.com",
                        "\"ad\\%sa\"@example.com",
                        "ada@exa%smple.com",
                        "A%sda <ada@example.com>",
                    }) {
                assertThat(EmailAddress.parse(form.formatted(c)))
                        .as("%s with U+%04X", form, (int) c)
                        .isEqualTo(new MalformedAddress("control character in it"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "news@example.com, news@example.com",
        "<News@example.com>, news@example.com",
        "mailto:news@example.com, news@example.com",
        "News <news@straße.example>, News <news@xn--strae-oqa.example>",
        "'  News  <mailto:news@example.com> ', News <news@example.com>",
        "'\"News, all\" <news@example.com>', '\"News, all\" <news@example.com>'",
        "'Grüße aus 例 <news@example.com>', 'Grüße aus 例 <news@example.com>'",
    })
    void a_sender_keeps_its_name(String text, String expected) {
        assertThat(EmailAddress.sender(text)).isEqualTo(expected);
    }

    @Test
    void a_sender_has_one_line() {
        assertThatThrownBy(() -> EmailAddress.sender("News\r\nBcc: x@y.com <news@example.com>"))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void a_text_of_brackets_costs_nothing() {
        for (String text :
                new String[] {
                    "<".repeat(900),
                    "(".repeat(400) + ")".repeat(400),
                    "mailto:".repeat(140),
                    "\"".repeat(900),
                    "%25".repeat(300),
                    "<a@b.com>".repeat(100)
                }) {
            assertThat(EmailAddress.parse(text)).isInstanceOf(MalformedAddress.class);
        }
    }

    @Test
    void lengths_end_where_the_standards_say() {
        String local = "a".repeat(64);
        String label = "b".repeat(63);
        String domain = label + "." + label + "." + label;

        assertThat(EmailAddress.parse(local + "@b.com")).isInstanceOf(EmailAddress.class);
        assertThat(EmailAddress.parse(local + "a@b.com"))
                .isEqualTo(new MalformedAddress("over 64 characters before the @"));
        assertThat(EmailAddress.parse("a@" + label + ".com")).isInstanceOf(EmailAddress.class);
        assertThat(EmailAddress.parse("a@" + label + "b.com"))
                .isEqualTo(
                        new MalformedAddress("over 63 characters between two dots of the domain"));
        // 58 + 1 + 191 + 4 = 254
        assertThat(EmailAddress.parse("a".repeat(58) + "@" + domain + ".com"))
                .isInstanceOf(EmailAddress.class);
        assertThat(EmailAddress.parse("a".repeat(59) + "@" + domain + ".com"))
                .isEqualTo(new MalformedAddress("it is longer than 254 characters"));
        assertThat(EmailAddress.parse("a@" + "b".repeat(100_000)))
                .isEqualTo(new MalformedAddress("it is longer than 254 characters"));
    }

    @Test
    void the_fast_path_and_jmail_agree_on_every_address_of_the_plain_shape() {
        long seed = System.nanoTime();
        System.out.println("EmailAddressTest seed " + seed);
        Random random = new Random(seed);
        int inShape = 0;
        int valid = 0;
        for (int i = 0; i < 300_000; i++) {
            String text = randomText(random);
            boolean shaped = SHAPE.matcher(text).matches();
            String plain = PlainAddressParser.read(text, 0, text.length());
            ParsedAddress any = GeneralAddressParser.read(text);
            if (plain != null) {
                assertThat(shaped).as("%s (seed %d)", text, seed).isTrue();
                assertThat(any).as("%s (seed %d)", text, seed).isEqualTo(new EmailAddress(plain));
                assertThat(JMail.strictValidator().isValid(text)).as(text).isTrue();
                valid++;
            } else if (shaped && !text.toLowerCase(Locale.ROOT).contains("xn--")) {
                assertThat(any).as("%s (seed %d)", text, seed).isInstanceOf(MalformedAddress.class);
                inShape++;
            }
        }
        assertThat(valid).isGreaterThan(10_000);
        assertThat(inShape).isGreaterThan(5_000);
    }

    /** Mostly near the border between what holds and what does not. */
    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        part(random, text, "abZ09..._+--", random.nextInt(12) == 0 ? 62 : 1, 6);
        text.append(random.nextInt(50) == 0 ? "" : "@");
        int labels = random.nextInt(3) + (random.nextInt(40) == 0 ? 4 : 0);
        for (int label = 0; label <= labels; label++) {
            part(random, text, "abcZ0n.---", random.nextInt(12) == 0 ? 61 : 1, 5);
            text.append('.');
        }
        part(
                random,
                text,
                random.nextInt(8) == 0 ? "a0-" : "aZ",
                random.nextInt(40) == 0 ? 62 : 1,
                4);
        return text.toString();
    }

    private static void part(Random random, StringBuilder text, String of, int least, int spread) {
        int length = least + random.nextInt(spread);
        for (int i = 0; i < length; i++) {
            boolean plain = random.nextInt(3) != 0;
            text.append(plain ? 'x' : of.charAt(random.nextInt(of.length())));
        }
    }

    @Test
    void random_characters_never_raise_anything() {
        long seed = System.nanoTime();
        System.out.println("EmailAddressTest seed " + seed);
        Random random = new Random(seed);
        String of = "a@.-\"\\()<>[]: \t\n\0éß例\ud83d\ude00\ud800,;_+";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(14);
            for (int c = 0; c < length; c++) {
                text.append(of.charAt(random.nextInt(of.length())));
            }
            switch (EmailAddress.parse(text.toString())) {
                case EmailAddress address ->
                        assertThat(EmailAddress.parse(address.value()))
                                .as("normalising twice changes nothing (seed %d)", seed)
                                .isEqualTo(address);
                case MalformedAddress malformed ->
                        assertThat(malformed.reason())
                                .as("%s (seed %d)", text, seed)
                                .matches("[A-Za-z0-9 @;,]+");
            }
        }
    }

    @Test
    void a_required_address_that_is_none_says_which_and_why() {
        assertThatThrownBy(() -> EmailAddress.required("ada@example"))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessage("\"ada@example\" is not an e-mail address: domain has no dot.");
        assertThatThrownBy(() -> EmailAddress.required(null)).isInstanceOf(Refusal.Invalid.class);
    }
}
