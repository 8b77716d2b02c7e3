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
 * Bodies other than uploads are read into memory, so there is an end to them; Tomcat itself sets
 * none. Uploads go to disk and have a limit of their own.
 */
@Component
@Order(-200)
final class BodyLimit extends OncePerRequestFilter {

    static final int BYTES = 16 * 1024 * 1024;

    /** Of an upload in pieces (tus). */
    private static final String PIECE = "application/offset+octet-stream";

    private final Problems problems;

    BodyLimit(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        if (type != null && (type.startsWith("multipart/") || type.startsWith(PIECE))) {
            chain.doFilter(request, response);
        } else if (request.getContentLengthLong() > BYTES) {
            problems.answer(new BodyTooLarge(), request, response);
        } else {
            chain.doFilter(new Limited(request), response);
        }
    }

    /** For bodies that do not say how long they are. */
    private static final class Limited extends HttpServletRequestWrapper {

        Limited(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counted(super.getInputStream());
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Counted extends ServletInputStream {

        private final ServletInputStream in;
        private long read;

        Counted(ServletInputStream in) {
            this.in = in;
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
            if (read > BYTES) {
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
