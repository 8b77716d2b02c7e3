package io.mailgenius.api.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The Content-Security-Policy of our pages. They have neither inline scripts nor inline styles, so
 * none is permitted, not even by a nonce, but for the style of a brand by its hash; and nothing
 * comes from elsewhere, so that a mail that is looked at calls nobody either.
 */
public final class BrowserPolicy {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'%s; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none';"
                    + " frame-ancestors 'none'; form-action 'self'%s";

    /** Of all pages that need no more. */
    public static final String PAGE = POLICY.formatted("", "");

    /**
     * Of a page that shows a mail in a sandboxed frame, which has the page's policy, and of Swagger
     * UI.
     */
    public static final String PAGE_WITH_INLINE_STYLES =
            POLICY.formatted(" 'unsafe-inline'; frame-src 'self'", "");

    private BrowserPolicy() {}

    /** Of a page with this one style in it, and no other. */
    public static String pageWithStyle(String style) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8));
            return POLICY.formatted(
                    " 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'", "");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** Of a page whose form leads to another site, because browsers apply it to redirects too. */
    public static String pageThatLeadsTo(URI target) {
        String origin =
                target.getScheme()
                        + "://"
                        + target.getHost()
                        + (target.getPort() < 0 ? "" : ":" + target.getPort());
        return POLICY.formatted("", " " + origin);
    }
}
