package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.delivery.Faults.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of mails that meets an answer.
 *
 * @param faults in the order of the requests; those that come after them are served
 * @param acceptedBefore its key has been used, for other mails
 * @param bad how many of the mails at the end are not acceptable
 * @param ends one for each mail
 * @param taken mails that the provider took meanwhile
 * @param keys what follows the chunk's own in the keys of the requests
 * @param waits between two requests, if it is the provider that says how long
 */
record SendCase(
        String name,
        List<Fault> faults,
        boolean acceptedBefore,
        int bad,
        List<End> ends,
        int taken,
        List<String> keys,
        @Nullable Duration waits) {

    private static final int MAILS = 4;
    private static final Duration SECOND = Duration.ofSeconds(1);

    enum End {
        SENT,
        SENT_WITHOUT_ID,
        FAILED,
        UNKNOWN,
        /** The chunk goes back to the ledger, and comes again. */
        HANDED_BACK,
        /** The campaign is paused. */
        HALTED;

        boolean isSent() {
            return this == SENT || this == SENT_WITHOUT_ID;
        }
    }

    static Stream<SendCase> all() {
        return Stream.of(accepted(), conflicts(), tooFast(), account(), mails(), lost())
                .flatMap(cases -> cases);
    }

    private static Stream<SendCase> accepted() {
        return Stream.of(
                of("2xx with an id per mail", End.SENT, MAILS, List.of("-0")),
                again("200 and no JSON", new Fault.Instead(200, "<html>Log in</html>")),
                again("200 and no ids", new Fault.Instead(200, "{\"data\":[]}")),
                again(
                        "200 with an id too few",
                        new Fault.Instead(200, "{\"data\":[{\"id\":\"a\"}]}")),
                again("200 and half of the JSON", new Fault.Truncated(60)),
                again("200 of a proxy, nothing taken", answer(200, "{}")));
    }

    private static Stream<SendCase> conflicts() {
        return Stream.of(
                new SendCase(
                        "409 invalid_idempotent_request",
                        List.of(),
                        true,
                        0,
                        Collections.nCopies(MAILS, End.SENT_WITHOUT_ID),
                        0,
                        List.of("-0"),
                        null),
                later("409 concurrent_idempotent_requests", SECOND),
                again("409 of another kind", error(409, "something_else")));
    }

    private static Stream<SendCase> tooFast() {
        return Stream.of(
                // Which OkHttp tries once more by itself.
                again("408 request_timeout", error(408, "request_timeout")),
                later("425 too_early", SECOND),
                later("503 service_unavailable", Duration.ofSeconds(3), "retry-after", "3"),
                later("429 rate_limit_exceeded", Duration.ofSeconds(2), "retry-after", "2"),
                later("429 rate_limit_exceeded", Duration.ofSeconds(4), "ratelimit-reset", "4"),
                of(
                        "429 rate_limit_exceeded for longer than anybody waits",
                        End.HANDED_BACK,
                        0,
                        List.of("-0"),
                        error(429, "rate_limit_exceeded", "retry-after", "30")),
                of(
                        "429 rate_limit_exceeded five times",
                        End.HANDED_BACK,
                        0,
                        Collections.nCopies(5, "-0"),
                        Collections.nCopies(5, error(429, "rate_limit_exceeded"))
                                .toArray(Fault[]::new)));
    }

    private static Stream<SendCase> account() {
        return Stream.of(
                        "429 daily_quota_exceeded",
                        "429 monthly_quota_exceeded",
                        "401 missing_api_key",
                        "401 restricted_api_key",
                        "402 payment_required",
                        "403 invalid_api_key",
                        "403 validation_error",
                        "404 not_found",
                        "405 method_not_allowed",
                        "407 proxy_wants_a_name",
                        "451 security_error",
                        "301 moved_permanently",
                        "307 temporary_redirect")
                .map(name -> of(name, End.HALTED, 0, List.of("-0"), error(name)));
    }

    private static Stream<SendCase> mails() {
        List<End> ends = new ArrayList<>(Collections.nCopies(MAILS - 1, End.SENT));
        ends.add(End.FAILED);
        return Stream.concat(
                Stream.of(
                        new SendCase(
                                "422 validation_error, for one of them",
                                List.of(),
                                false,
                                1,
                                ends,
                                MAILS - 1,
                                List.of("-0", "-0a", "-0b", "-0ba", "-0bb"),
                                null)),
                Stream.of(
                                "400 validation_error",
                                "400 invalid_idempotency_key",
                                "413 too_large",
                                "422 validation_error",
                                "422 missing_required_field")
                        .map(
                                name ->
                                        of(
                                                name + ", for the batch as a whole",
                                                End.SENT,
                                                MAILS,
                                                List.of("-0", "-0a", "-0b"),
                                                error(name))));
    }

    private static Stream<SendCase> lost() {
        return Stream.of(
                again("500 application_error", error(500, "application_error")),
                again("500 after it was taken", new Fault.Instead(500, "{}")),
                again("502 bad_gateway", error(502, "bad_gateway")),
                again("504 gateway_timeout", error(504, "gateway_timeout")),
                again("504 after it was taken", new Fault.Instead(504, "")),
                again("a connection that is cut", new Fault.Cut(false)),
                again("a connection that is cut after it was taken", new Fault.Cut(true)),
                again("no answer in time, though it was taken", new Fault.Slow()));
    }

    private static SendCase of(
            String name, End end, int taken, List<String> keys, Fault... faults) {
        return new SendCase(
                name,
                List.of(faults),
                false,
                0,
                Collections.nCopies(MAILS, end),
                taken,
                keys,
                null);
    }

    /** Whether it was taken or not: the same key settles it. */
    private static SendCase again(String name, Fault fault) {
        return of(name, End.SENT, MAILS, List.of("-0", "-0"), fault);
    }

    private static SendCase later(String name, Duration waits, String... headers) {
        return new SendCase(
                name,
                List.of(error(name, headers)),
                false,
                0,
                Collections.nCopies(MAILS, End.SENT),
                MAILS,
                List.of("-0", "-0"),
                waits);
    }

    private static Fault error(String statusAndName, String... headers) {
        String[] parts = statusAndName.split("[ ,]");
        return error(Integer.parseInt(parts[0]), parts[1], headers);
    }

    private static Fault error(int status, String name, String... headers) {
        return answer(
                status,
                "{\"statusCode\":%d,\"name\":\"%s\",\"message\":\"ordered\"}"
                        .formatted(status, name),
                headers);
    }

    private static Fault answer(int status, String body, String... headers) {
        return new Fault.Answer(status, body, List.of(headers));
    }

    @Override
    public String toString() {
        return name;
    }
}
