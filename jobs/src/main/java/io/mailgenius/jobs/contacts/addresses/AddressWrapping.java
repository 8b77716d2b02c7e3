package io.mailgenius.jobs.contacts.addresses;

import io.mailgenius.jobs.contacts.addresses.UnwrappedAddress.Bare;
import io.mailgenius.jobs.contacts.addresses.UnwrappedAddress.NotOne;
import java.nio.charset.StandardCharsets;
import org.springframework.util.StringUtils;

/**
 * Removes what mail programs, spreadsheets and web pages put around a copied address: {@code Name
 * <address>}, {@code mailto:}, brackets, quotes, and punctuation.
 */
final class AddressWrapping {

    private static final String SCHEME = "mailto:";
    private static final String PUNCTUATION = ",;:.!";

    /** Opening marks; {@code CLOSING} has the closing ones at the same indexes. */
    private static final String OPENING = "([{\"'`“„‘‚«‹";

    private static final String CLOSING = ")]}\"'`”“’‘»›";

    private AddressWrapping() {}

    static UnwrappedAddress unwrap(String text) {
        String left = text;
        while (true) {
            left = EmailAddress.trim(withoutPunctuation(left));
            if (left.endsWith(">")) {
                int open = left.lastIndexOf('<');
                if (open < 0 || hasAngleBracket(left.substring(0, open))) {
                    return new NotOne("more than one address, or angle brackets that do not match");
                }
                left = left.substring(open + 1, left.length() - 1);
            } else if (left.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                left = ofLink(left.substring(SCHEME.length()));
            } else if (isEnclosed(left)) {
                left = left.substring(1, left.length() - 1);
            } else {
                return new Bare(left);
            }
        }
    }

    /** Drops the question mark of a link and the subject and other fields after it (RFC 6068). */
    private static String ofLink(String link) {
        int question = link.indexOf('?');
        String address = question < 0 ? link : link.substring(0, question);
        try {
            return StringUtils.uriDecode(address, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return address;
        }
    }

    private static String withoutPunctuation(String text) {
        int end = text.length();
        while (end > 0 && PUNCTUATION.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean isEnclosed(String text) {
        if (text.length() < 2) {
            return false;
        }
        char last = text.charAt(text.length() - 1);
        for (int n = 0; n < OPENING.length(); n++) {
            if (OPENING.charAt(n) == text.charAt(0) && CLOSING.charAt(n) == last) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is an angle bracket outside of closed quotes, in which a name may have any. */
    private static boolean hasAngleBracket(String name) {
        boolean quoted = false;
        boolean found = false;
        for (int n = 0; n < name.length(); n++) {
            switch (name.charAt(n)) {
                case '\\' -> n++;
                case '"' -> quoted = !quoted;
                case '<', '>' -> found |= !quoted;
                default -> {}
            }
        }
        return quoted ? name.indexOf('<') >= 0 || name.indexOf('>') >= 0 : found;
    }
}
