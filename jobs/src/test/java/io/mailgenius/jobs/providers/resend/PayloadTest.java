package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import com.resend.core.mapper.ResendMapper;
import com.resend.services.emails.model.CreateEmailOptions;
import com.resend.services.emails.model.Tag;
import io.mailgenius.jobs.providers.Mail;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.RequestBody;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private static final Mail PLAIN =
            new Mail(
                    "Zoë <zoe@acme.example>",
                    "ada@example.org",
                    "Grüße 🎈 \"quoted\" \\ \u2028",
                    "<p>Здравствуйте</p>\n\t",
                    null,
                    null,
                    Map.of(),
                    Map.of());

    private static final Mail FULL =
            new Mail(
                    "a@acme.example",
                    "b@example.org",
                    "s",
                    null,
                    "text",
                    "answers@acme.example",
                    Map.of("B", "2", "A", "1", "C", "3"),
                    Map.of("z", "26", "y", "25"));

    private final Payload payload = new Payload();

    @Test
    void writes_what_the_library_s_own_mapper_writes_in_an_order_that_never_changes()
            throws IOException {
        List<CreateEmailOptions> expected =
                List.of(
                        CreateEmailOptions.builder()
                                .from(PLAIN.from())
                                .to(PLAIN.to())
                                .subject(PLAIN.subject())
                                .html(PLAIN.html())
                                .build(),
                        CreateEmailOptions.builder()
                                .from(FULL.from())
                                .to(FULL.to())
                                .subject("s")
                                .text("text")
                                .replyTo(FULL.replyTo())
                                .headers(new TreeMap<>(FULL.headers()))
                                .tags(List.of(tag("y", "25"), tag("z", "26")))
                                .build());

        assertThat(written(payload.of(List.of(PLAIN, FULL))))
                .isEqualTo(new ResendMapper().writeValue(expected));
    }

    @Test
    void a_short_batch_after_a_long_one_carries_nothing_of_it() throws IOException {
        String first = written(payload.of(List.of(PLAIN)));

        assertThat(written(payload.of(List.of(FULL, PLAIN, FULL)))).contains("text");
        assertThat(written(payload.of(List.of(PLAIN)))).isEqualTo(first);
    }

    private static Tag tag(String name, String value) {
        return Tag.builder().name(name).value(value).build();
    }

    private static String written(RequestBody body) throws IOException {
        Buffer sink = new Buffer();
        body.writeTo(sink);
        assertThat(body.contentLength()).isEqualTo(sink.size());
        return sink.readUtf8();
    }
}
