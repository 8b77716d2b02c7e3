package io.mailgenius.api.problems;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** An exception for a problem response, for code where no exception exists to translate. */
public final class ProblemFound extends RuntimeException {

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;

    /**
     * @param retryAfter after how long the request may be repeated
     */
    public ProblemFound(
            int status,
            String problem,
            String title,
            String detail,
            @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.problem = Problem.of(status, problem, title, detail);
        this.retryAfter = retryAfter;
    }

    Problem problem() {
        return problem;
    }

    HttpHeaders headers() {
        HttpHeaders headers = new HttpHeaders();
        if (retryAfter != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return headers;
    }
}
