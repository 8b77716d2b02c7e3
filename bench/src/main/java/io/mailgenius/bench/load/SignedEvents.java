package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Webhooks in the form of Resend. Each is computed from its number, so that nothing has to be
 * stored for a repetition. The time in the signature is that of each attempt.
 *
 * @param since the time of the first event
 * @param perSecond events per second since then; one in twenty is reported up to two hours late
 * @param from the number of events of an earlier run over the same database
 */
public record SignedEvents(
        long workspace, long campaigns, long contacts, Instant since, long perSecond, long from)
        implements NumberedRequests {

    private static final byte[] KEY = "a secret for benchmarks only, 32".getBytes(US_ASCII);

    /** In the form that a provider shows. */
    public static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);

    private static final List<String> AGENTS =
            List.of(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)");

    public String id(long number) {
        return "msg_bench_" + (from + number);
    }

    @Override
    public boolean settles(long number, int status, String location) {
        return status / 100 == 2;
    }

    @Override
    public byte[] request(long number, String host, Instant sent) {
        byte[] body = body(number).getBytes(UTF_8);
        String id = id(number);
        String timestamp = Long.toString(sent.getEpochSecond());
        byte[] head =
                String.format(
                                Locale.ROOT,
                                """
                POST /webhooks/resend HTTP/1.1\r
                Host: %s\r
                Content-Type: application/json\r
                User-Agent: Svix-Webhooks/1.62.0 (sender)\r
                svix-id: %s\r
                svix-timestamp: %s\r
                svix-signature: %s\r
                Content-Length: %d\r
                \r
                """,
                                host,
                                id,
                                timestamp,
                                signature(id, timestamp, body),
                                body.length)
                        .getBytes(US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private static String signature(String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String body(long number) {
        long dice = mixed(from + number);
        long contact = 1 + Long.remainderUnsigned(mixed(dice), contacts);
        long campaign = 1 + Long.remainderUnsigned(dice >>> 7, campaigns);
        long late = Long.remainderUnsigned(dice >>> 13, 20) == 0 ? (dice >>> 20) % 7_200_000 : 0;
        Instant at = since.plusNanos(number * 1_000_000_000 / perSecond).minusMillis(late);
        Kind kind = kind((int) Long.remainderUnsigned(dice, 200), dice, at);
        return String.format(
                Locale.ROOT,
                """
        {"type":"%s","created_at":"%s","data":{"created_at":"%s","email_id":"%s","from":"News <news@example.com>","to":["c%d@example.com"],"subject":"What is new this week","tags":{"workspace_id":"%d","campaign_id":"%d","contact_id":"%d"}%s}}""",
                kind.type,
                at,
                at,
                new UUID(dice, mixed(dice)),
                contact,
                workspace,
                campaign,
                contact,
                kind.more);
    }

    private record Kind(String type, String more) {}

    /** Of a thousand: 390 sent, 380 delivered, 160 opened, 50 clicked, 15 bounced, 5 complained. */
    private static Kind kind(int roll, long dice, Instant at) {
        if (roll < 78) {
            return new Kind("email.sent", "");
        } else if (roll < 154) {
            return new Kind("email.delivered", "");
        } else if (roll < 186) {
            return new Kind("email.opened", ",\"open\":{%s}".formatted(who(dice, at)));
        } else if (roll < 196) {
            return new Kind(
                    "email.clicked",
                    String.format(
                            Locale.ROOT,
                            ",\"click\":{\"link\":\"https://example.com/offer/%d\",%s}",
                            (dice >>> 40) % 5,
                            who(dice, at)));
        } else if (roll < 199) {
            return new Kind(
                    "email.bounced",
                    ",\"bounce\":{\"type\":\"%s\",\"subType\":\"General\",\"message\":\"550 5.1.1 no such user\"}"
                            .formatted(roll == 196 ? "Permanent" : "Transient"));
        }
        return new Kind("email.complained", "");
    }

    private static String who(long dice, Instant at) {
        return String.format(
                Locale.ROOT,
                "\"ipAddress\":\"203.0.113.%d\",\"timestamp\":\"%s\",\"userAgent\":\"%s\"",
                dice >>> 56,
                at,
                AGENTS.get((int) ((dice >>> 29) % AGENTS.size())));
    }

    /** SplitMix64, so that consecutive numbers have unrelated results. */
    private static long mixed(long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
