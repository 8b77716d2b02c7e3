package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Who is missing and who was mailed twice must be right, or a run proves nothing. */
class MailsPerPersonTest {

    private final MailsPerPerson people = new MailsPerPerson(4);

    @Test
    void eachAddressIsCountedByItsNumber() {
        people.accept("a", batch("p0@example.com", "p1@example.com", "p3@example.com"));
        people.accept("b", batch("p1@example.com"));

        assertThat(people.missing(0, 4, 1)).isEqualTo(1);
        assertThat(people.doubled(0, 4, 1)).isEqualTo(1);
        assertThat(people.missing(0, 2, 1)).isZero();
        assertThat(people.strangers()).isZero();
    }

    @Test
    void aBatchThatComesAgainWithItsKeyIsNotMailedAgain() {
        people.accept("a", batch("p0@example.com"));
        people.accept("a", batch("p0@example.com"));

        assertThat(people.doubled(0, 4, 1)).isZero();
        assertThat(people.repeatedBatches()).isEqualTo(1);
    }

    @Test
    void whoeverIsNobodyIsAStranger() {
        people.accept("a", batch("p4@example.com", "q1@example.com", "p@example.com", "p1x@e.com"));

        assertThat(people.strangers()).isEqualTo(4);
        assertThat(people.missing(0, 4, 1)).isEqualTo(4);
    }

    @Test
    void aProviderThatCountsPeopleTakesTheKeyFromTheHead() throws Exception {
        try (CountingProvider provider = CountingProvider.start(people);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int time = 0; time < 2; time++) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(provider.url() + "/emails/batch"))
                                .header("Idempotency-Key", "the-same")
                                .POST(BodyPublishers.ofByteArray(batch("p2@example.com")))
                                .build();
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
        }
        assertThat(people.missing(2, 3, 1)).isZero();
        assertThat(people.doubled(2, 3, 1)).isZero();
    }

    private static byte[] batch(String... addresses) {
        StringBuilder body = new StringBuilder("[");
        for (String address : addresses) {
            body.append(body.length() > 1 ? "," : "")
                    .append(
                            "{\"from\":\"a@b.example\",\"to\":[\"%s\"],\"text\":\"\\\"to\\\":[\\\"p0@\"}"
                                    .formatted(address));
        }
        return body.append("]").toString().getBytes(UTF_8);
    }
}
