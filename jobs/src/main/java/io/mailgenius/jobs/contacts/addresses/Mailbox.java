package io.mailgenius.jobs.contacts.addresses;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address, or {@code Name <address>}, as people type it: the name may contain commas, dots and
 * the like without the quotes that a mail header needs (RFC 5322, 3.4).
 *
 * @param name the name to display, without quotes; empty if there is none
 */
public record Mailbox(String name, EmailAddress address) {

    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

    /** The characters of an atom besides letters and digits (RFC 5322, 3.2.3). */
    private static final String ATOM = "!#$%&'*+-/=?^_`{|}~";

    /**
     * @throws Refusal.Invalid {@code email-is-malformed}, with the reason as a text
     */
    public static Mailbox required(@Nullable String text) {
        String whole = text == null ? "" : text.strip();
        int bracket = whole.endsWith(">") ? whole.lastIndexOf('<') : -1;
        if (bracket < 0) {
            return new Mailbox("", EmailAddress.required(text));
        }
        String name = shown(whole.substring(0, bracket).strip());
        return new Mailbox(
                name, EmailAddress.required(whole.substring(bracket + 1, whole.length() - 1)));
    }

    /** Replaces control characters by blanks, because a line break would end the header. */
    private static String shown(String name) {
        String line = CONTROLS.matcher(name).replaceAll(" ").strip();
        if (isQuoted(line)) {
            return unquoted(line).strip();
        }
        if (line.indexOf('<') >= 0 || line.indexOf('>') >= 0) {
            throw malformed(line, "put quotes around a name with < or > in it");
        }
        return line;
    }

    private static Refusal malformed(String name, String reason) {
        return new Refusal.Invalid(
                "email-is-malformed",
                "The name \"%s\" cannot be used: %s.".formatted(name, reason));
    }

    /** Whether the first quote is closed by the last character and not earlier. */
    private static boolean isQuoted(String name) {
        if (name.length() < 2 || name.charAt(0) != '"') {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (name.charAt(i) == '\\') {
                i++;
            } else if (name.charAt(i) == '"') {
                return i == name.length() - 1;
            }
        }
        return false;
    }

    private static String unquoted(String name) {
        StringBuilder shown = new StringBuilder(name.length());
        for (int i = 1; i < name.length() - 1; i++) {
            char c = name.charAt(i);
            shown.append(c == '\\' ? name.charAt(++i) : c);
        }
        return shown.toString();
    }

    /** The form for a header: the name in quotes if it contains anything but atoms. */
    public String header() {
        if (name.isEmpty()) {
            return address.value();
        }
        return (isWords() ? name : quoted()) + " <" + address.value() + ">";
    }

    /** Applies {@link #header} to a text; a text that cannot be parsed stays as it is. */
    public static String header(String text) {
        try {
            return required(text).header();
        } catch (Refusal asItIs) {
            return text;
        }
    }

    private boolean isWords() {
        return name.chars()
                .allMatch(
                        c ->
                                c == ' '
                                        || c >= 0x80
                                        || Character.isLetterOrDigit(c)
                                        || ATOM.indexOf(c) >= 0);
    }

    private String quoted() {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
