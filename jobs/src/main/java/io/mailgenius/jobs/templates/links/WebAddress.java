package io.mailgenius.jobs.templates.links;

import com.ibm.icu.text.IDNA;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses http and https addresses as the WHATWG URL standard does: surrounding white space and line
 * breaks are removed, a backslash becomes a slash, invalid characters are percent-encoded, and the
 * domain is converted to ASCII (IDNA, non-transitional). A valid address stays as it is written.
 */
public final class WebAddress {

    private static final Pattern PARTS =
            Pattern.compile("(?is)(https?):[/\\\\]{2,}([^/\\\\?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");
    private static final Pattern USUAL = Pattern.compile("(?i)https?://[^/\\\\].*");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?s)(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]]+)(?::(\\d{0,5}))?");
    private static final Pattern FORBIDDEN =
            Pattern.compile("[\\x00-\\x20#%/:<>?@\\[\\\\\\]^`{|}\\x7f]");

    private static final String OF_PATHS = "\"<>^`{}";
    private static final String OF_QUERIES = "\"<>'";
    private static final String OF_FRAGMENTS = "\"<>`";
    private static final String OF_NAMES = "\"<>^`{}|[];=";

    private static final int MAX_PORT = 65_535;

    private static final IDNA DOMAINS =
            IDNA.getUTS46Instance(
                    IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

    private WebAddress() {}

    /** Empty if it is no http or https address. */
    public static Optional<String> read(String written) {
        Matcher parts = PARTS.matcher(bare(written));
        if (!parts.matches()) {
            return Optional.empty();
        }
        String authority = parts.group(2);
        int begin = authority.lastIndexOf('@') + 1;
        String names = authority.substring(0, begin);
        Matcher server = HOST_AND_PORT.matcher(authority.substring(begin));
        if (!server.matches() || !isPort(server.group(2))) {
            return Optional.empty();
        }
        String port = server.group(2) == null ? "" : ":" + server.group(2);
        return host(server.group(1))
                .map(
                        host ->
                                parts.group(1)
                                        + "://"
                                        + encoded(names, OF_NAMES)
                                        + host
                                        + port
                                        + encoded(parts.group(3).replace('\\', '/'), OF_PATHS)
                                        + encoded(orEmpty(parts.group(4)), OF_QUERIES)
                                        + encoded(orEmpty(parts.group(5)), OF_FRAGMENTS));
    }

    /** Whether the text begins like an http or https address. */
    static boolean isHttpAddress(String written) {
        String bare = bare(written).toLowerCase(Locale.ROOT);
        return bare.startsWith("http:") || bare.startsWith("https:");
    }

    /** Whether the address was corrected, apart from white space around it. */
    public static boolean isCorrected(String written, String read) {
        return !read.equals(written.strip()) || !USUAL.matcher(read).matches();
    }

    /** Removes control characters and blanks around the address, and line breaks and tabs in it. */
    static String bare(String written) {
        int start = 0;
        int end = written.length();
        while (start < end && written.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && written.charAt(end - 1) <= ' ') {
            end--;
        }
        String bare = written.substring(start, end);
        return bare.indexOf('\n') < 0 && bare.indexOf('\r') < 0 && bare.indexOf('\t') < 0
                ? bare
                : bare.replaceAll("[\\n\\r\\t]", "");
    }

    private static boolean isPort(@Nullable String digits) {
        return digits == null || digits.isEmpty() || Integer.parseInt(digits) <= MAX_PORT;
    }

    private static Optional<String> host(String written) {
        if (written.startsWith("[")) {
            return Optional.of(written);
        }
        String decoded = percentDecoded(written);
        if (decoded.equals(written) && written.chars().allMatch(c -> c < 0x80)) {
            return FORBIDDEN.matcher(written).find() ? Optional.empty() : punycode(written);
        }
        return punycode(decoded).filter(host -> !FORBIDDEN.matcher(host).find());
    }

    private static String percentDecoded(String host) {
        return host.indexOf('%') < 0
                ? host
                : URLDecoder.decode(
                        host.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"),
                        StandardCharsets.UTF_8);
    }

    /** Returns an ASCII host as it is, unless its Punycode is invalid. */
    private static Optional<String> punycode(String host) {
        IDNA.Info problems = new IDNA.Info();
        String ascii = DOMAINS.nameToASCII(host, new StringBuilder(), problems).toString();
        boolean wrong =
                problems.getErrors().stream()
                        .anyMatch(
                                error ->
                                        switch (error) {
                                            case EMPTY_LABEL,
                                                    LABEL_TOO_LONG,
                                                    DOMAIN_NAME_TOO_LONG,
                                                    LEADING_HYPHEN,
                                                    TRAILING_HYPHEN,
                                                    HYPHEN_3_4 ->
                                                    false;
                                            default -> true;
                                        });
        if (wrong || ascii.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ascii.equalsIgnoreCase(host) ? host : ascii);
    }

    private static String orEmpty(@Nullable String part) {
        return part == null ? "" : part;
    }

    /** Encodes non-ASCII characters, because the header of a redirect may contain ASCII only. */
    private static boolean isKept(String part, int at) {
        char c = part.charAt(at);
        if (c < 0x7f) {
            return c > ' ';
        }
        return Character.isLetterOrDigit(c)
                || Character.isLetterOrDigit(part.codePointAt(at))
                || Character.isLowSurrogate(c)
                        && at > 0
                        && Character.isLetterOrDigit(part.codePointBefore(at + 1));
    }

    /** Leaves existing percent-encodings as they are. */
    private static String encoded(String part, String reserved) {
        StringBuilder encoded = null;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (isKept(part, i) && reserved.indexOf(c) < 0) {
                if (encoded != null) {
                    encoded.append(c);
                }
                continue;
            }
            if (encoded == null) {
                encoded = new StringBuilder(part.length() + 16).append(part, 0, i);
            }
            int point = part.codePointAt(i);
            i += Character.charCount(point) - 1;
            int whole = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
            for (byte b : Character.toString(whole).getBytes(StandardCharsets.UTF_8)) {
                encoded.append(String.format(Locale.ROOT, "%%%02X", b));
            }
        }
        return encoded == null ? part : encoded.toString();
    }
}
