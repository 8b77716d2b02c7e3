package io.mailgenius.jobs.imports.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the encodings of one byte a character a text is in. */
class WesternEncodingTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "José da Conceição, São Paulo",
                "JOÃO, SÃO PAULO, CONCEIÇÃO",
                "Jürgen Müller, Köln, Straße 5",
                "Ägidius Öz, ÜBERLINGEN",
                "François Lefèvre, à Orléans, où",
                "Peña, Málaga, ¿Qué?, España",
                "Endereço: Rua Água 10, 2º andar",
            })
    void each_encoding_is_told_by_the_words_that_it_makes(String text) throws IOException {
        for (String name : new String[] {"windows-1252", "x-MacRoman", "IBM850"}) {
            Charset charset = Charset.forName(name);
            assertThat(of(text.getBytes(charset))).as("%s in %s", text, name).isEqualTo(charset);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O’Brien’s children’s “cool” list – 2010–2012 … 5 €",
                "“cool”",
                "Children’s",
                "Håkon Bjørnsen, Århus, Malmö",
                "Aleš Tomaš Žižka",
                "price 5 £ ± 3 ¥",
                "lunedì, perché, città",
            })
    void marks_and_rare_letters_stay_those_of_windows(String text) throws IOException {
        assertThat(of(text.getBytes(WINDOWS))).isEqualTo(WINDOWS);
    }

    @ParameterizedTest
    @CsvSource({"São,x-MacRoman", "Köln und Jäger und Jürgen,x-MacRoman", "São,IBM850"})
    void a_single_word_may_be_enough(String text, String name) throws IOException {
        Charset charset = Charset.forName(name);
        assertThat(of(("x".repeat(200_000) + "\n" + text).getBytes(charset))).isEqualTo(charset);
    }

    private static Charset of(byte[] bytes) throws IOException {
        return WesternEncoding.of(new ByteArrayInputStream(bytes));
    }
}
