package io.mailgenius.jobs.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sanctionco.jmail.JMail;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "ada@example.com., domain ends with a dot",
        "ada@.example.com, two dots in a row",
        "ada@example.c, one letter after the last dot",
        "ada lovelace@example.com, space in it",
        "ada@exam ple.com, space in it",
        "ada@byron@example.com, more than one @",
        "Ada <ada@example.com>, space in it",
        "Ada<ada@example.com>, a name before the address; give the address alone",
        "ada@[127.0.0.1], domain is an IP address",
        "ada@-example.com, a part of the domain starts with a hyphen",
        "ada@example-.com, a part of the domain ends with a hyphen",
        "ada@exa_mple.com, bad character in domain",
        "'ada,@example.com', bad character in it",
        "ada(x)@example.com, round bracket in it",
        "adä@example.com, letters before the @ that mail servers do not take",
    })
    void what_is_no_address_is_told_why_in_words(String text, String reason) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new MalformedAddress(reason));
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
            String plain = PlainShape.read(text, 0, text.length());
            ParsedAddress any = AnyShape.read(text);
            if (plain != null) {
                assertThat(shaped).as("%s (seed %d)", text, seed).isTrue();
                assertThat(any).as("%s (seed %d)", text, seed).isEqualTo(new EmailAddress(plain));
                assertThat(JMail.strictValidator().isValid(text)).as(text).isTrue();
                valid++;
            } else if (shaped) {
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
            part(random, text, "abcZ0.--", random.nextInt(12) == 0 ? 61 : 1, 5);
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
