package io.mailgenius.api.webhooks;

import io.mailgenius.jobs.events.tracking.Tracking;
import io.mailgenius.jobs.events.tracking.Visit;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The links and the picture in tracked mails. Nothing in a request says where it is sent. */
@RestController
class TrackingController {

    private static final byte[] PIXEL =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private final Tracking tracking;

    TrackingController(Tracking tracking) {
        this.tracking = tracking;
    }

    @GetMapping("/t/{token}")
    @Operation(summary = "A tracked link: sends on to where it leads")
    ResponseEntity<String> click(@PathVariable String token, HttpServletRequest request) {
        Optional<String> url = tracking.click(token, visit(request));
        return url.map(
                        to ->
                                ResponseEntity.status(HttpStatus.FOUND)
                                        .header(HttpHeaders.LOCATION, ascii(to))
                                        .header("Referrer-Policy", "no-referrer")
                                        .header("X-Robots-Tag", "noindex")
                                        .cacheControl(CacheControl.noStore())
                                        .body(""))
                .orElseGet(
                        () ->
                                ResponseEntity.status(HttpStatus.NOT_FOUND)
                                        .cacheControl(CacheControl.noStore())
                                        .contentType(MediaType.TEXT_PLAIN)
                                        .body(
                                                "This link is not whole. Open it again from the mail.\n"));
    }

    @GetMapping("/o/{token}")
    @Operation(summary = "The picture that tells that a mail was opened")
    ResponseEntity<byte[]> open(@PathVariable String token, HttpServletRequest request) {
        boolean known = tracking.open(token, visit(request));
        return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.NOT_FOUND)
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.IMAGE_GIF)
                .body(PIXEL);
    }

    /** A header has no other letters; what an author wrote may. */
    private static String ascii(String url) {
        StringBuilder ascii = new StringBuilder(url.length());
        for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F) {
                ascii.append((char) b);
            } else {
                ascii.append("%%%02X".formatted(b));
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
     * Behind a proxy of our own network the last address that it names; others could name any, but
     * it only tells people from programs.
     */
    private static String address(HttpServletRequest request) {
        String peer = request.getRemoteAddr();
        String named = request.getHeader("X-Forwarded-For");
        boolean near =
                peer.matches("127\\..*|10\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*")
                        || peer.matches("(?i)0:0:0:0:0:0:0:1|::1|f[cd][0-9a-f]{2}:.*");
        return named == null || !near ? peer : named.substring(named.lastIndexOf(',') + 1).strip();
    }
}
