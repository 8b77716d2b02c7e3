package io.mailgenius.jobs.providers.sandbox;

import com.resend.core.exception.ResendException;
import com.resend.services.webhooks.Webhooks;
import com.resend.services.webhooks.model.VerifyWebhookOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes events as a customer of Resend would: verified with Resend's own library. */
final class Receiver implements WebhookReceiver {

    static final String SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtYS10ZXN0";

    private final Webhooks resend = new Webhooks("re_unused");
    final List<Event> events = new CopyOnWriteArrayList<>();

    /** Says what an event is answered with. */
    volatile Function<Event, Answer> answer = _ -> Answer.TAKEN;

    record Event(String id, JsonNode json) {
        String type() {
            return json.path("type").stringValue();
        }

        JsonNode data() {
            return json.path("data");
        }
    }

    @Override
    public Answer receive(String id, String timestamp, String signature, byte[] body) {
        String json = new String(body, StandardCharsets.UTF_8);
        try {
            resend.verify(
                    VerifyWebhookOptions.builder()
                            .payload(json)
                            .secret(SECRET)
                            .addHeader("svix-id", id)
                            .addHeader("svix-timestamp", timestamp)
                            .addHeader("svix-signature", signature)
                            .build());
        } catch (ResendException wrongSignature) {
            return Answer.REJECTED;
        }
        Event event = new Event(id, JsonMapper.shared().readTree(json));
        Answer answered = answer.apply(event);
        if (answered == Answer.TAKEN) {
            events.add(event);
        }
        return answered;
    }
}
