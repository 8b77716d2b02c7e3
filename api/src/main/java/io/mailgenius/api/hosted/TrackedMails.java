package io.mailgenius.api.hosted;

import io.mailgenius.api.problems.Problems;
import io.mailgenius.jobs.events.tracking.TrackingResponder;
import io.mailgenius.jobs.events.tracking.Visit;
import io.mailgenius.jobs.templates.links.WebAddress;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * The endpoints of tracked links and of the tracking pixel. The target of a redirect never comes
 * from the request. They bypass Spring MVC, which took two thirds of the time of a click.
 */
public final class TrackedMails extends EarlyEndpoint {

    public static final String CLICK = "/t/";
    public static final String OPEN = "/o/";

    private static final byte[] PIXEL =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    private static final byte[] TORN =
            "This link is incomplete. Open it again from the mail.\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NEAR =
            Pattern.compile(
                    "127\\..*|10\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*"
                            + "|0:0:0:0:0:0:0:1|::1|f[cd][0-9a-f]{2}:.*",
                    Pattern.CASE_INSENSITIVE);

    private final transient TrackingResponder trackingResponder;

    public TrackedMails(TrackingResponder trackingResponder, Problems problems) {
        super(problems, "GET", "HEAD");
        this.trackingResponder = trackingResponder;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String path = request.getServletPath();
        String token = TokenInLink.of(path.substring(Math.min(CLICK.length(), path.length())));
        if (path.startsWith(CLICK)) {
            click(token, request, response);
        } else {
            open(token, request, response);
        }
    }

    private void click(String token, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<String> url = trackingResponder.click(token, visit(request));
        if (url.isPresent()) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader(HttpHeaders.LOCATION, ascii(url.get()));
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("X-Robots-Tag", "noindex");
            response.setContentLength(0);
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            write("text/plain", TORN, response);
        }
    }

    private void open(String token, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean known = trackingResponder.open(token, visit(request));
        response.setStatus(known ? HttpServletResponse.SC_OK : HttpServletResponse.SC_NOT_FOUND);
        write("image/gif", PIXEL, response);
    }

    private static void write(String type, byte[] body, HttpServletResponse response)
            throws IOException {
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Forwards to the HTML error page, which Spring MVC renders. */
    @Override
    void refuse(Exception problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (Problems.wantsPage(request)) {
            request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, problem);
            response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        } else {
            super.refuse(problem, request, response);
        }
    }

    /** Headers allow ASCII only, but authors may write other characters. */
    private static String ascii(String written) {
        String url = WebAddress.read(written).orElse(written);
        StringBuilder ascii = new StringBuilder(url.length());
        for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F) {
                ascii.append((char) b);
            } else {
                ascii.append(String.format(Locale.ROOT, "%%%02X", b));
            }
        }
        return ascii.toString();
    }

    private static Visit visit(HttpServletRequest request) {
        return new Visit(
                Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), ""),
                address(request),
                "HEAD".equals(request.getMethod()));
    }

    /**
     * Behind a proxy in a private network, the last address of X-Forwarded-For. It can be forged,
     * but it is only used to recognise bots.
     */
    private static String address(HttpServletRequest request) {
        String peer = request.getRemoteAddr();
        String named = request.getHeader("X-Forwarded-For");
        boolean near = NEAR.matcher(peer).matches();
        return named == null || !near ? peer : named.substring(named.lastIndexOf(',') + 1).strip();
    }
}
