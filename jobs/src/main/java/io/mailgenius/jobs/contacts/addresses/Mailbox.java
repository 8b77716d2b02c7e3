package io.mailgenius.jobs.contacts.addresses;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address, or {@code Name <address>}, as people type it: a name may have commas, dots and the
 * like without the quotes that a mail's header needs around them (RFC 5322, 3.4).
 *
 * @param name as it is to be shown, without quotes; empty if there is none
 */
public record Mailbox(String name, EmailAddress address) {

    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

    /** Besides letters and digits, what an atom may consist of (RFC 5322, 3.2.3). */
    private static final String ATOM = "!#$%&'*+-/=?^_`{|}~";

    /**
     * @throws Refusal.Invalid {@code email-is-malformed}, with the reason in words
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

    /** A line break would end the header, so it is a blank, as every other control character is. */
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

    /** Whether its first quote is closed by its last character, and by none before. */
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

    /** As a header has it: the name in quotes if it holds anything but words. */
    public String header() {
        if (name.isEmpty()) {
            return address.value();
        }
        return (isWords() ? name : quoted()) + " <" + address.value() + ">";
    }

    /** What {@link #header} makes of a text; one that is none of ours stays as it is. */
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
