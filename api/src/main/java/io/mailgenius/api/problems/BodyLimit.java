package io.mailgenius.api.problems;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits request bodies. It runs before anything else reads the request, because Spring filters
 * read forms and Tomcat writes multipart bodies to disk at the first access to a parameter.
 */
@Component
@Order(Filters.BODY_LIMIT)
final class BodyLimit extends OncePerRequestFilter {

    private final Problems problems;

    BodyLimit(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (BodyRule.of(request)) {
            case BodyRule.Unlimited _ -> chain.doFilter(request, response);
            case BodyRule.Unread _ -> chain.doFilter(new UnreadBody(request), response);
            case BodyRule.NoMultipart _ ->
                    problems.answer(
                            new ProblemFound(
                                    415,
                                    "media-type-not-supported",
                                    "The body is of the wrong type",
                                    "Multipart is taken by imports alone: send another media type.",
                                    null),
                            request,
                            response);
            case BodyRule.AtMost(int bytes) -> {
                if (request.getContentLengthLong() > bytes) {
                    problems.answer(new BodyTooLarge(), request, response);
                } else {
                    chain.doFilter(new Limited(request, bytes), response);
                }
            }
        }
    }

    /** Limits bodies without a Content-Length. */
    private static final class Limited extends HttpServletRequestWrapper {

        private final int most;

        Limited(HttpServletRequest request, int most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counted(super.getInputStream(), most);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Counted extends ServletInputStream {

        private final ServletInputStream in;
        private final int most;
        private long read;

        Counted(ServletInputStream in, int most) {
            this.in = in;
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            return next < 0 ? next : counted(1, next);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            return count < 0 ? count : counted(count, count);
        }

        private int counted(int more, int answer) throws IOException {
            read += more;
            if (read > most) {
                throw new BodyTooLarge();
            }
            return answer;
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
