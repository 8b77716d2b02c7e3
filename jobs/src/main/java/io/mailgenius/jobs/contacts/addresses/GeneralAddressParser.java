package io.mailgenius.jobs.contacts.addresses;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.FailureReason;
import com.sanctionco.jmail.JMail;
import io.mailgenius.jobs.contacts.addresses.UnwrappedAddress.Bare;
import io.mailgenius.jobs.contacts.addresses.UnwrappedAddress.NotOne;
import java.util.Map;
import java.util.Optional;

/**
 * Parses addresses of any shape by the rules of the mail RFCs, with jmail, but rejects what no real
 * mailbox has: IP domains, comments, control characters. Copied surroundings are removed first.
 */
final class GeneralAddressParser {

    static final MalformedAddress EMPTY = new MalformedAddress("it is empty");

    private static final String CONTROL = "control character in it";
    private static final String TOO_LONG = "it is longer than 254 characters";

    /** The limit of a line of a mail (RFC 5322), which leaves room for a name. */
    private static final int MAX_WRAPPED = 998;

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
                    Map.entry(FailureReason.ADDRESS_TOO_LONG, TOO_LONG),
                    Map.entry(FailureReason.BEGINS_WITH_AT_SYMBOL, "nothing before the @"),
                    Map.entry(FailureReason.LOCAL_PART_MISSING, "nothing before the @"),
                    Map.entry(FailureReason.MISSING_AT_SYMBOL, "misplaced quotation mark"),
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
                    Map.entry(FailureReason.MISSING_BACKSLASH_ESCAPE, "misplaced quotation mark"),
                    Map.entry(FailureReason.CONTAINS_EXPLICIT_SOURCE_ROUTING, "more than one @"),
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

    private GeneralAddressParser() {}

    static ParsedAddress read(String trimmed) {
        if (trimmed.isEmpty()) {
            return EMPTY;
        }
        if (trimmed.length() > MAX_WRAPPED) {
            return new MalformedAddress(TOO_LONG);
        }
        if (hasControl(trimmed)) {
            return new MalformedAddress(CONTROL);
        }
        return switch (AddressWrapping.unwrap(trimmed)) {
            case Bare(String address) -> bare(address);
            case NotOne(String reason) -> new MalformedAddress(reason);
        };
    }

    private static ParsedAddress bare(String address) {
        if (address.isEmpty()) {
            return EMPTY;
        }
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return new MalformedAddress("no @");
        }
        if (address.length() > 2 * EmailAddress.MAX_LENGTH) {
            return new MalformedAddress(TOO_LONG);
        }
        // Checked again, because a link can contain encoded control characters.
        if (hasControl(address)) {
            return new MalformedAddress(CONTROL);
        }
        String local = address.substring(0, at);
        if (!DomainName.isAscii(local)) {
            return new MalformedAddress(inWords(FailureReason.NON_ASCII_ADDRESS, local));
        }
        String domain = address.substring(at + 1);
        return DomainName.ascii(domain)
                .map(ascii -> checked(EmailAddress.lowerCase(local), ascii))
                .orElseGet(() -> new MalformedAddress(badDomain(domain)));
    }

    private static ParsedAddress checked(String local, String domain) {
        if (local.indexOf('\\') >= 0 && local.indexOf('"') < 0) {
            return new MalformedAddress("backslash outside of quotes");
        }
        String address = local + "@" + domain;
        var result = RULES.validate(address);
        if (result.isFailure()) {
            return new MalformedAddress(inWords(result.getFailureReason(), address));
        }
        Optional<String> shortest = LocalPart.shortest(local);
        if (shortest.isEmpty()) {
            return new MalformedAddress("bad character before the @");
        }
        String normalised = shortest.get() + "@" + domain;
        return normalised.length() > EmailAddress.MAX_LENGTH
                ? new MalformedAddress(TOO_LONG)
                : new EmailAddress(normalised);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static String badDomain(String domain) {
        return DomainName.isAscii(domain) && domain.chars().noneMatch(Character::isWhitespace)
                ? "bad Punycode in domain"
                : inWords(FailureReason.INVALID_DOMAIN_CHARACTER, domain);
    }

    private static String inWords(FailureReason reason, String text) {
        if (text.chars().anyMatch(Character::isWhitespace)) {
            return "space in it";
        }
        return WORDS.getOrDefault(
                reason, EmailAddress.lowerCase(reason.toString()).replace('_', ' '));
    }
}
