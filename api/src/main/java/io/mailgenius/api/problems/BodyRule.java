package io.mailgenius.api.problems;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much of a body is read, by the path that it is sent to. */
sealed interface BodyRule {

    /** An upload, which goes to disk and has a limit of its own. */
    record Unlimited() implements BodyRule {}

    /** It is read into memory, so there is an end to it; Tomcat itself sets none. */
    record AtMost(int bytes) implements BodyRule {}

    /** Nothing in it is of interest, so nothing of it is read, and it may be of any kind. */
    record Unread() implements BodyRule {}

    /** Parts would be written to disk, and nothing here takes any. */
    record NoMultipart() implements BodyRule {}

    int API_BYTES = 16 * 1024 * 1024;

    /** Of what anybody may post without a key, and of the console's own forms. */
    int PUBLIC_BYTES = 64 * 1024;

    String API = "/api/";
    String MULTIPART = "multipart/";

    /** Of an upload in pieces (tus). */
    String PIECE = "application/offset+octet-stream";

    String UPLOADS = API + "v1/uploads/";

    /** One-click unsubscription (RFC 8058): mail providers send what they like. */
    String UNSUBSCRIBE = "/u/";

    /** Only with a key or a session, which {@code KeyFilter} asks for before it is read. */
    Set<String> TAKE_FILES = Set.of(API + "v1/imports", API + "v1/imports/preview", "/imports");

    static BodyRule of(HttpServletRequest request) {
        String path = request.getServletPath();
        if (path.startsWith(UNSUBSCRIBE)) {
            return new Unread();
        }
        String type = typeOf(request.getContentType());
        if (type.startsWith(MULTIPART)) {
            return request.getMethod().equals("POST") && TAKE_FILES.contains(path)
                    ? new Unlimited()
                    : new NoMultipart();
        }
        if (type.startsWith(PIECE) && path.startsWith(UPLOADS)) {
            return new Unlimited();
        }
        return new AtMost(path.startsWith(API) ? API_BYTES : PUBLIC_BYTES);
    }

    private static String typeOf(@Nullable String contentType) {
        return contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
    }
}
