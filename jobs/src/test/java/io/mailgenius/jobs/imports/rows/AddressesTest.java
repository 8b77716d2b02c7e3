package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressesTest {

    private final CopyBuffer rows = new CopyBuffer(64);

    @Test
    void each_counts_once_however_many_there_are() {
        Addresses addresses = new Addresses();
        Random random = new Random(7);
        Set<String> seen = new HashSet<>();
        for (int n = 0; n < 20_000; n++) {
            String address = Integer.toString(random.nextInt(10_000), 36) + "@example.com";
            seen.add(address);
            add(addresses, address, n % 2 == 0 ? '\t' : '\n');
            assertThat(addresses.count()).isEqualTo(seen.size());
        }
        assertThat(seen).hasSizeGreaterThan(5_000);
    }

    @Test
    void those_of_one_place_are_told_apart() {
        Addresses oneplaced = new Addresses(0);
        add(oneplaced, "a@example.co", '\t');
        add(oneplaced, "a@example.coo", '\n');
        add(oneplaced, "b@example.coo", '\n');
        add(oneplaced, "b@example.co", '\t');
        add(oneplaced, "\"a b\"@example.co", '\t');
        add(oneplaced, "\"a c\"@example.co", '\t');
        assertThat(oneplaced.count()).isEqualTo(6);
        add(oneplaced, "a@example.coo", '\t');
        add(oneplaced, "b@example.co", '\n');
        assertThat(oneplaced.count()).isEqualTo(6);
    }

    private void add(Addresses addresses, String address, char end) {
        rows.number(1);
        rows.put('\t');
        int from = rows.length();
        rows.ascii(address);
        rows.put(end);
        addresses.add(rows.bytes(), from);
    }
}
