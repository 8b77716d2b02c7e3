package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.imports.OptionsOfTests;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a table begins in files that have more than a table, and by which delimiter. */
class FileHeadTest {

    private static final String ROWS = "Ana;ana@example.com;Santos\nBob;bob@example.com;Ulm\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Relatório de clientes\n",
                "Relatório de clientes\n\n",
                "Relatório de clientes;;\n;;\n",
                "Relatório; clientes, contatos, leads\nGerado em 01/02/2024, 10:30, por Ana, Bob, Eve\n",
                "\"Relatório; clientes\nde 2024\"\n\n",
                "\"Relatório de clientes\n",
                "Lista \"VIP\"; confidencial\n",
                "# exported by a tool\n# name, e-mail, city\n\n",
                "Período:;01/01/2024;31/01/2024\n",
                "Responsável:;ana@example.com\n",
                "E-mails\n",
                "Total:;2\nVersão:;1,5\n",
                "sep=;\nRelatório\n",
                "\uFEFFRelatório\n",
                "---\n",
            })
    void what_stands_before_the_header_is_passed_over(String preamble) {
        FileHead fileHead = opening(preamble + "Nome;E-mail;Cidade\n" + ROWS);

        assertThat(fileHead.header()).isTrue();
        assertThat(fileHead.dialect().delimiter()).isEqualTo(';');
        assertThat(fileHead.names()).containsExactly("Nome", "E-mail", "Cidade");
        assertThat(rest(preamble + "Nome;E-mail;Cidade\n" + ROWS, fileHead)).isEqualTo(ROWS);
        assertThat(fileHead.dataLine()).isEqualTo(preamble.lines().count() + 2);
        assertThat(fileHead.warnings()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Relatório de clientes\n",
                "Relatório de clientes;;\nGerado em;01/02/2024;\n",
                "# exported by a tool\n",
            })
    void a_header_whose_names_nobody_knows_is_found_behind_a_title(String preamble) {
        FileHead fileHead = opening(preamble + "Quem;Onde se lê;Praça\n" + ROWS);

        assertThat(fileHead.names()).containsExactly("Quem", "Onde se lê", "Praça");
    }

    @Test
    void the_options_tell_which_record_names_the_columns() {
        String file = "Loja;Contato;Ano\nx;y;2024\nQuem;Onde se lê;Praça\n" + ROWS;

        assertThat(opening(file).names()).containsExactly("Loja", "Contato", "Ano");
        assertThat(
                        FileHead.of(
                                        file.getBytes(StandardCharsets.UTF_8),
                                        true,
                                        false,
                                        OptionsOfTests.of("{'mapping': {'Onde se lê': 'email'}}"))
                                .names())
                .containsExactly("Quem", "Onde se lê", "Praça");
    }

    @Test
    void a_file_without_a_header_may_have_a_title() {
        FileHead fileHead = opening("Clientes\n\n" + ROWS);

        assertThat(fileHead.header()).isFalse();
        assertThat(fileHead.names()).containsExactly("column1", "email", "column3");
        assertThat(fileHead.dataLine()).isEqualTo(3);
        assertThat(fileHead.passedOver()).containsExactly(1L);
    }

    @Test
    void a_row_that_says_e_mail_is_no_header() {
        FileHead fileHead = opening("Quem;Como\nZoe;e-mail\nana@example.com;e-mail\n");

        assertThat(fileHead.names()).containsExactly("Quem", "Como");
        assertThat(opening("ana@example.com;Ana;sms\n;Bob;e-mail\n").header()).isFalse();
    }

    @Test
    void rows_before_the_first_address_stay_rows() {
        FileHead fileHead = opening("Quem;Onde\nZoe;\nBob;unknown\nana@example.com;Ulm\n");

        assertThat(fileHead.names()).containsExactly("Quem", "Onde");
        assertThat(fileHead.dataLine()).isEqualTo(2);
    }

    @Test
    void a_column_of_numbers_may_be_called_number_sign() {
        assertThat(opening("#;Nome;E-mail\n1;Ana;ana@example.com\n").names())
                .containsExactly("#", "Nome", "E-mail");
        assertThat(opening("#Nome;E-mail\nAna;ana@example.com\n").names())
                .containsExactly("Nome", "E-mail");
        assertThat(opening("# Nome;E-mail\nName;Email\nAna;ana@example.com\n").names())
                .containsExactly("Name", "Email");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF\uFEFFemail,city\n",
                "\uFEFF\"email\",city\n",
                "\"\uFEFFemail\",city\n",
                "\uFEFFsep=,\n\uFEFF\"email\",\"city\"\n",
                "sep=,\r\n\uFEFFemail,city\r\n",
                "\"sep=,\"\nemail,city\n",
                "sep=,,,\remail,city\r",
                "SEP=,\nemail,city\n",
                "\u00EF\u00BB\u00BFemail,city\n",
                "\u00A0email\u200B,\u2003city\u00A0\n",
                "email\u2060,\u200Dcity\u200E\n",
                "\" email \",\"\ncity\r\n\"\n",
                "email,city\t\n",
            })
    void marks_and_blanks_around_names_are_no_part_of_them(String header) {
        assertThat(opening(header + "ana@example.com,Ulm\n").names())
                .containsExactly("email", "city");
    }

    @Test
    void names_are_on_one_line_and_in_nfc_and_none_is_there_twice() {
        assertThat(
                        opening(
                                        "email;\"Data de\nnascimento\";Prac\u0327a;Pra\u00E7a;Note;Note;Note 2;;\n"
                                                + "ana@example.com\n")
                                .names())
                .containsExactly(
                        "email",
                        "Data de nascimento",
                        "Pra\u00E7a",
                        "Pra\u00E7a 2",
                        "Note",
                        "Note 3",
                        "Note 2",
                        "",
                        "");
    }

    @Test
    void the_delimiter_is_the_one_by_which_there_are_addresses() {
        String decimals = "quem;quanto\n" + "ana@example.com;1,5\n".repeat(90);
        assertThat(opening(decimals).dialect().delimiter()).isEqualTo(';');

        String ragged = "email;a;b;c\n" + "ana@example.com\nbob@example.com;1,5\n".repeat(40);
        assertThat(opening(ragged).dialect().delimiter()).isEqualTo(';');

        String bars = "Ulm|ana@example.com\nBonn|bob@example.com\n";
        assertThat(opening(bars).dialect().delimiter()).isEqualTo('|');

        String tabs = "Nome\tE-mail\tObs\nLima, Ana\tana@example.com\ta;b;c\n";
        assertThat(opening(tabs).dialect().delimiter()).isEqualTo('\t');

        String quoted = "\"a;b;c\",\"email\"\n\"1;2;3\",\"ana@example.com\"\n";
        assertThat(opening(quoted).dialect().delimiter()).isEqualTo(',');
    }

    @Test
    void a_header_with_nothing_but_empty_lines_behind_it_has_no_rows() {
        for (String end : List.of("", "\n\n", "  \n\t\n", "\r\n\u001A", "\u00A0\n")) {
            assertThat(refusal("email,city\n" + end)).isEqualTo("import-has-no-rows");
        }
        assertThat(refusal("Clientes\n\nemail,city\n")).isEqualTo("import-has-no-rows");
        assertThat(refusal("\n \n\uFEFF\n")).isEqualTo("import-is-empty");
    }

    private static FileHead opening(String file) {
        return FileHead.of(
                file.getBytes(StandardCharsets.UTF_8), true, false, ImportOptions.DEFAULT);
    }

    private static String rest(String file, FileHead fileHead) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        return new String(
                bytes,
                fileHead.dataFrom(),
                bytes.length - fileHead.dataFrom(),
                StandardCharsets.UTF_8);
    }

    private static String refusal(String file) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> opening(file));
        assertThat(refusal).as("refusal of <%s>", file).isNotNull();
        return refusal.problem();
    }
}
