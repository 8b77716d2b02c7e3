package io.mailgenius.jobs.contacts.addresses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "news@example.com                     | news@example.com",
                "<news@example.com>                   | news@example.com",
                "Acme <news@example.com>              | Acme <news@example.com>",
                "Acme News <news@example.com>         | Acme News <news@example.com>",
                "Ação & Reação <news@example.com>     | Ação & Reação <news@example.com>",
                "Loja, Ltda <news@example.com>        | \"Loja, Ltda\" <news@example.com>",
                "Acme Inc. <news@example.com>         | \"Acme Inc.\" <news@example.com>",
                "Müller; Söhne <news@example.com>     | \"Müller; Söhne\" <news@example.com>",
                "Acme (Berlin) <news@example.com>     | \"Acme (Berlin)\" <news@example.com>",
                "News: today <news@example.com>       | \"News: today\" <news@example.com>",
                "[Acme] <news@example.com>            | \"[Acme]\" <news@example.com>",
                "ana@acme <news@example.com>          | \"ana@acme\" <news@example.com>",
                "Acme \\ Co <news@example.com>        | \"Acme \\\\ Co\" <news@example.com>",
                "Ana \"Bia\" Sá <news@example.com>    | \"Ana \\\"Bia\\\" Sá\" <news@example.com>",
                "\"Acme\" <news@example.com>          | Acme <news@example.com>",
                "\"Loja, Ltda\" <news@example.com>    | \"Loja, Ltda\" <news@example.com>",
                "\"A <b> c\" <news@example.com>       | \"A <b> c\" <news@example.com>",
                "\"Say \\\"hi\\\"\" <news@example.com> | \"Say \\\"hi\\\"\" <news@example.com>",
                "\"\" <news@example.com>              | news@example.com",
                "\"Half <news@example.com>            | \"\\\"Half\" <news@example.com>"
            })
    void a_name_is_quoted_where_a_header_needs_it_and_only_there(String typed, String header) {
        assertThat(Mailbox.required(typed).header()).isEqualTo(header);
        assertThat(Mailbox.header(header)).as("is read again as itself").isEqualTo(header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Acme",
                "Acme <>",
                "Acme <news@example.com",
                "A <b> <news@example.com>",
                "Acme <news>"
            })
    void what_no_header_can_hold_is_refused(String typed) {
        assertThatThrownBy(() -> Mailbox.required(typed)).isInstanceOf(Refusal.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Acme\r\nBcc: eve@example.com <news@example.com>",
                "Acme\nBcc: eve@example.com <news@example.com>",
                "Acme\u0000Bcc: eve@example.com <news@example.com>",
                "\"Acme\tBcc: eve@example.com\" <news@example.com>"
            })
    void a_name_cannot_begin_another_header(String typed) {
        assertThat(Mailbox.header(typed))
                .isEqualTo("\"Acme Bcc: eve@example.com\" <news@example.com>");
    }

    /** Whatever the name is, what is shown in the end is what was meant. */
    @RepeatedTest(200)
    void a_name_survives_its_header() {
        Random random = new Random();
        String signs = "aB9 ,;:.@\\\"()[]éß’&'+=!";
        StringBuilder name = new StringBuilder("x");
        for (int n = random.nextInt(12); n > 0; n--) {
            name.append(signs.charAt(random.nextInt(signs.length())));
        }
        Mailbox mailbox =
                new Mailbox(name.toString().strip(), EmailAddress.required("news@example.com"));
        assertThat(Mailbox.required(mailbox.header())).isEqualTo(mailbox);
    }
}
