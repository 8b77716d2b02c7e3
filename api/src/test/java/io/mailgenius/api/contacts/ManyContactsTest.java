package io.mailgenius.api.contacts;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestApi.Ends.class)
class ManyContactsTest {

    private static final String KNOWN = "{\"email\":\"known@many.example.com\"%s}";

    private final TestApi api = TestApi.program();

    private HttpResponse<String> add(String draft) throws Exception {
        return api.postJson("/api/v1/contacts/add", "{\"contacts\":[" + draft + "]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"timeZone\":\"%s\"", ",\"attributes\":{\"plan\":\"%s\"}"})
    void a_draft_that_does_not_hold_is_refused_though_its_address_is_known(String field)
            throws Exception {
        add(KNOWN.formatted(""));

        HttpResponse<String> answer = add(KNOWN.formatted(field.formatted("x".repeat(70_000))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).path("detail").asString()).startsWith("contacts[0]: ");
    }

    @Test
    void one_that_holds_is_told_as_existing_and_changes_nothing() throws Exception {
        add(KNOWN.formatted(""));

        HttpResponse<String> answer = add(KNOWN.formatted(",\"city\":\"Berlin\""));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("created").isEmpty()).isTrue();
        assertThat(json(answer).path("existing").path(0).asString())
                .isEqualTo("known@many.example.com");
    }
}
