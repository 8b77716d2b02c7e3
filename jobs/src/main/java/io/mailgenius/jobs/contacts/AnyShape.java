package io.mailgenius.jobs.contacts;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.FailureReason;
import com.sanctionco.jmail.JMail;
import java.net.IDN;
import java.util.Map;

/**
 * Addresses of any shape, by the rules of the mail RFCs as jmail knows them, without what no
 * mailbox is named by: IP domains, comments, a name before the address, line breaks within.
 */
final class AnyShape {

    static final MalformedAddress EMPTY = new MalformedAddress("it is empty");

    private static final FailureReason COMMENT = new FailureReason("COMMENT");

    private static final EmailValidator RULES =
            JMail.strictValidator()
                    .disallowQuotedIdentifiers()
                    .disallowObsoleteWhitespace()
                    .disallowSingleCharacterTopLevelDomains()
                    .requireAscii()
                    .withRule(email -> email.comments().isEmpty(), COMMENT);

    private static final Map<FailureReason, String> WORDS =
            Map.ofEntries(
                    Map.entry(FailureReason.ADDRESS_TOO_SHORT, "it is too short"),
                    Map.entry(FailureReason.ADDRESS_TOO_LONG, "it is longer than 254 characters"),
                    Map.entry(FailureReason.BEGINS_WITH_AT_SYMBOL, "nothing before the @"),
                    Map.entry(FailureReason.LOCAL_PART_MISSING, "nothing before the @"),
                    Map.entry(FailureReason.MISSING_AT_SYMBOL, "no @"),
                    Map.entry(FailureReason.MULTIPLE_AT_SYMBOLS, "more than one @"),
                    Map.entry(FailureReason.DOMAIN_MISSING, "nothing after the @"),
                    Map.entry(FailureReason.MISSING_TOP_LEVEL_DOMAIN, "domain has no dot"),
                    Map.entry(FailureReason.MISSING_FINAL_DOMAIN_PART, "domain ends with a dot"),
                    Map.entry(FailureReason.ENDS_WITH_DOT, "domain ends with a dot"),
                    Map.entry(FailureReason.MULTIPLE_DOT_SEPARATORS, "two dots in a row"),
                    Map.entry(FailureReason.STARTS_WITH_DOT, "starts with a dot"),
                    Map.entry(FailureReason.LOCAL_PART_ENDS_WITH_DOT, "dot before the @"),
                    Map.entry(FailureReason.LOCAL_PART_TOO_LONG, "over 64 characters before the @"),
                    Map.entry(FailureReason.DOMAIN_TOO_LONG, "domain is too long"),
                    Map.entry(
                            FailureReason.DOMAIN_PART_TOO_LONG,
                            "over 63 characters between two dots of the domain"),
                    Map.entry(
                            FailureReason.TOP_LEVEL_DOMAIN_TOO_LONG,
                            "over 63 characters after the last dot"),
                    Map.entry(
                            FailureReason.DOMAIN_PART_STARTS_WITH_DASH,
                            "a part of the domain starts with a hyphen"),
                    Map.entry(
                            FailureReason.DOMAIN_PART_ENDS_WITH_DASH,
                            "a part of the domain ends with a hyphen"),
                    Map.entry(FailureReason.INVALID_DOMAIN_CHARACTER, "bad character in domain"),
                    Map.entry(FailureReason.NUMERIC_TLD, "domain ends with a number"),
                    Map.entry(
                            FailureReason.SINGLE_CHARACTER_TOP_LEVEL_DOMAIN,
                            "one letter after the last dot"),
                    Map.entry(FailureReason.DISALLOWED_UNQUOTED_CHARACTER, "bad character in it"),
                    Map.entry(FailureReason.INVALID_QUOTE_LOCATION, "misplaced quotation mark"),
                    Map.entry(FailureReason.INVALID_WHITESPACE, "space in it"),
                    Map.entry(FailureReason.CONTAINS_OBSOLETE_WHITESPACE, "space in it"),
                    Map.entry(
                            FailureReason.CONTAINS_QUOTED_IDENTIFIER,
                            "a name before the address; give the address alone"),
                    Map.entry(
                            FailureReason.UNQUOTED_ANGLED_BRACKET,
                            "angle bracket in it; give the address alone"),
                    Map.entry(FailureReason.CONTAINS_IP_DOMAIN, "domain is an IP address"),
                    Map.entry(FailureReason.INVALID_IP_DOMAIN, "domain is an IP address"),
                    Map.entry(
                            FailureReason.NON_ASCII_ADDRESS,
                            "letters before the @ that mail servers do not take"),
                    Map.entry(FailureReason.INVALID_COMMENT, "round bracket in it"),
                    Map.entry(FailureReason.INVALID_COMMENT_LOCATION, "round bracket in it"),
                    Map.entry(COMMENT, "round bracket in it"));

    private AnyShape() {}

    static ParsedAddress read(String trimmed) {
        if (trimmed.isEmpty()) {
            return EMPTY;
        }
        if (trimmed.length() > 2 * EmailAddress.MAX_LENGTH) {
            return new MalformedAddress("it is longer than 254 characters");
        }
        int at = trimmed.lastIndexOf('@');
        if (at < 0) {
            return new MalformedAddress("no @");
        }
        String address = EmailAddress.lowerCase(trimmed);
        if (!isAscii(address)) {
            try {
                int domain = address.lastIndexOf('@') + 1;
                address =
                        address.substring(0, domain)
                                + EmailAddress.lowerCase(IDN.toASCII(address.substring(domain)));
            } catch (IllegalArgumentException e) {
                return new MalformedAddress("bad character in domain");
            }
        }
        var result = RULES.validate(address);
        if (result.isFailure()) {
            return new MalformedAddress(inWords(result.getFailureReason(), address));
        }
        return address.length() > EmailAddress.MAX_LENGTH
                ? new MalformedAddress("it is longer than 254 characters")
                : new EmailAddress(address);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String inWords(FailureReason reason, String address) {
        if (address.chars().anyMatch(Character::isWhitespace)) {
            return "space in it";
        }
        return WORDS.getOrDefault(
                reason, EmailAddress.lowerCase(reason.toString()).replace('_', ' '));
    }
}
