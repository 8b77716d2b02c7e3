package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule matches texts that look the same, in whichever Unicode form they were entered. */
class ComposedRuleTest {

    private static final Audience AUDIENCE = new Audience();
    private static final long ANA =
            AUDIENCE.contact(
                    "Ana",
                    Map.of(
                            "city", "S\u00E3o Paulo",
                            "attributes", "{\"opini\u00E3o\":\"\u00F3tima\"}"));

    @AfterAll
    static void close() {
        AUDIENCE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"field\":\"city\",\"op\":\"equals\",\"value\":\"Sa\u0303o Paulo\"}",
                "{\"field\":\"city\",\"op\":\"in\",\"value\":[\"Sa\u0303o Paulo\"]}",
                "{\"field\":\"city\",\"op\":\"startsWith\",\"value\":\"sa\u0303o\",\"ignoreCase\":true}",
                "{\"field\":\"city\",\"op\":\"contains\",\"value\":\"a\u0303\"}",
                "{\"field\":\"attributes.opinia\u0303o\",\"op\":\"equals\",\"value\":\"o\u0301tima\"}",
                "{\"field\":\"attributes.opinia\u0303o\",\"op\":\"exists\"}",
            })
    void texts_are_compared_in_normal_form_c(String rule) {
        assertThat(AUDIENCE.matching(Audience.json(rule))).containsExactly(ANA);
    }
}
