package io.mailgenius.jobs.contacts.addresses;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address in the form in which it is stored and compared: without copied surroundings, in lower
 * case, the domain in ASCII, without unnecessary quotes. Texts that differ only in these respects
 * are the same address.
 *
 * <p>{@link PlainAddressParser} recognises the shape of nearly all imported addresses in one pass;
 * {@link GeneralAddressParser} handles all others.
 */
public final class EmailAddress implements ParsedAddress {

    /** The limit of a path in SMTP (RFC 5321, 4.5.3.1.3). */
    public static final int MAX_LENGTH = 254;

    private final String value;

    public EmailAddress(String value) {
        this.value = value;
    }

    public static ParsedAddress parse(@Nullable String text) {
        if (text == null) {
            return GeneralAddressParser.EMPTY;
        }
        int start = start(text);
        int end = end(text, start);
        String plain = PlainAddressParser.read(text, start, end);
        return plain != null
                ? new EmailAddress(plain)
                : GeneralAddressParser.read(text.substring(start, end));
    }

    static String trim(String text) {
        int start = start(text);
        return text.substring(start, end(text, start));
    }

    private static int start(String text) {
        int start = 0;
        while (start < text.length() && isBlank(text.charAt(start))) {
            start++;
        }
        return start;
    }

    private static int end(String text, int start) {
        int end = text.length();
        while (start < end && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /**
     * @throws Refusal.Invalid {@code email-is-malformed}, with the reason as a text
     */
    public static EmailAddress required(@Nullable String text) {
        return switch (parse(text)) {
            case EmailAddress address -> address;
            case MalformedAddress malformed ->
                    throw new Refusal.Invalid(
                            "email-is-malformed",
                            "\"%s\" is not an e-mail address: %s."
                                    .formatted(text == null ? "" : text, malformed.reason()));
        };
    }

    /**
     * Normalises a sender: an address, or {@code Name <address>} with the name unchanged.
     *
     * @throws Refusal.Invalid {@code email-is-malformed}, with the reason as a text
     */
    public static String sender(String text) {
        EmailAddress address = required(text);
        String trimmed = trim(text);
        int open = trimmed.lastIndexOf('<');
        String name = trimmed.endsWith(">") ? trim(trimmed.substring(0, open)) : "";
        return name.isEmpty() ? address.value() : name + " <" + address + ">";
    }

    /** Blanks that spreadsheets leave in cells, including no-break and invisible ones. */
    private static boolean isBlank(char c) {
        return c <= ' '
                || c >= 0x80
                        && (Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || Character.getType(c) == Character.FORMAT);
    }

    public static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    public String value() {
        return value;
    }

    public String domain() {
        return value.substring(value.lastIndexOf('@') + 1);
    }

    /** Whether the address belongs to a function instead of a person, such as {@code info@}. */
    public boolean isRole() {
        return AddressKinds.isRole(value);
    }

    /** Whether the address belongs to a service for temporary addresses. */
    public boolean isDisposable() {
        return AddressKinds.isDisposable(domain());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EmailAddress that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
