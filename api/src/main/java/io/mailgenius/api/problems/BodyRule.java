package io.mailgenius.api.problems;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body limit of a path. */
sealed interface BodyRule {

    /** An upload, which is streamed to disk and has its own limit. */
    record Unlimited() implements BodyRule {}

    /** Bodies that are read into memory, which Tomcat does not limit. */
    record AtMost(int bytes) implements BodyRule {}

    /** The body is ignored: it is not read and may have any media type. */
    record Unread() implements BodyRule {}

    /** Multipart is rejected, because Tomcat would write its parts to disk. */
    record NoMultipart() implements BodyRule {}

    int API_BYTES = 16 * 1024 * 1024;

    /** The limit for unauthenticated requests and for the console's own forms. */
    int PUBLIC_BYTES = 64 * 1024;

    String API = "/api/";
    String MULTIPART = "multipart/";

    /** The media type of a tus upload. */
    String PIECE = "application/offset+octet-stream";

    String UPLOADS = API + "v1/uploads/";

    /** One-click unsubscription (RFC 8058); mail providers send arbitrary bodies. */
    String UNSUBSCRIBE = "/u/";

    /**
     * Paths that accept multipart; {@code KeyFilter} authenticates them before the body is read.
     */
    Set<String> TAKE_FILES = Set.of(API + "v1/imports", API + "v1/imports/preview", "/imports");

    Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    static BodyRule of(HttpServletRequest request) {
        String path = request.getServletPath();
        if (path.startsWith(UNSUBSCRIBE)) {
            return new Unread();
        }
        String type = typeOf(request.getContentType());
        if (type.startsWith(MULTIPART)) {
            return ofMultipart(request.getMethod(), path);
        }
        if (type.startsWith(PIECE) && path.startsWith(UPLOADS)) {
            return new Unlimited();
        }
        return new AtMost(path.startsWith(API) ? API_BYTES : PUBLIC_BYTES);
    }

    private static BodyRule ofMultipart(String method, String path) {
        boolean takesFiles = TAKE_FILES.contains(path);
        if (takesFiles && method.equals("POST")) {
            return new Unlimited();
        }
        boolean mayBeDeclared = METHODS.contains(method) && (!takesFiles || isListed(method, path));
        // A method that the path does not support is answered with 405, whatever the body is.
        return mayBeDeclared ? new NoMultipart() : new Unread();
    }

    private static boolean isListed(String method, String path) {
        return (method.equals("GET") || method.equals("HEAD")) && !path.endsWith("/preview");
    }

    private static String typeOf(@Nullable String contentType) {
        return contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
    }
}
