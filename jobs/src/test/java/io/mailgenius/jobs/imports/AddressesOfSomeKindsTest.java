package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses of a role and throwaway ones: taken, flagged or rejected, as the import says. */
class AddressesOfSomeKindsTest {

    private static final String FILE =
            """
            email,city
            info+news@example.com,Ulm
            eva@guerrillamail.com,Bonn
            info@guerrillamail.com,Kiel
            eva@example.com,Rom
            """;

    private static ImportFixture importFixture;

    @BeforeAll
    static void open() {
        importFixture = new ImportFixture();
    }

    @AfterAll
    static void close() {
        importFixture.close();
    }

    @BeforeEach
    void empty() {
        importFixture.empty();
    }

    @Test
    void are_taken_like_others_unless_told() {
        Outcome outcome = importFixture.importText(FILE, ImportOptions.DEFAULT);
        assertThat(outcome.rows().created()).isEqualTo(4);
        assertThat(importFixture.contact("eva@guerrillamail.com", "attributes")).isEqualTo("{}");
    }

    @Test
    void are_flagged_in_an_attribute_which_others_have_not() {
        Outcome outcome =
                importFixture.importText(
                        FILE,
                        OptionsOfTests.of("{'addresses': {'role': 'FLAG', 'disposable': 'FLAG'}}"));
        assertThat(outcome.rows().created()).isEqualTo(4);
        assertThat(importFixture.contact("info+news@example.com", "attributes"))
                .isEqualTo("{\"address_kind\": \"role\"}");
        assertThat(importFixture.contact("info@guerrillamail.com", "attributes"))
                .isEqualTo("{\"address_kind\": \"disposable\"}");
        assertThat(importFixture.contact("eva@example.com", "attributes")).isEqualTo("{}");
    }

    @Test
    void are_flagged_beside_the_attributes_of_the_row() {
        importFixture.importText(
                "email,plan\ninfo@example.com,pro\n",
                OptionsOfTests.of("{'addresses': {'role': 'FLAG'}}"));
        assertThat(importFixture.contact("info@example.com", "attributes"))
                .isEqualTo("{\"plan\": \"pro\", \"address_kind\": \"role\"}");
    }

    @Test
    void are_rejected_with_their_line_and_why() {
        Outcome outcome =
                importFixture.importText(
                        FILE,
                        OptionsOfTests.of(
                                "{'addresses': {'role': 'REJECT', 'disposable': 'REJECT'}}"));
        assertThat(outcome.rows().created()).isEqualTo(1);
        assertThat(outcome.rejects().lines().skip(1))
                .containsExactly(
                        "2,email,the address is of a role,info+news@example.com,Ulm",
                        "3,email,the address is a throwaway one,eva@guerrillamail.com,Bonn",
                        "4,email,the address is of a role,info@guerrillamail.com,Kiel");
    }
}
