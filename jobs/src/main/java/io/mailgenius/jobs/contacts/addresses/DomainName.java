package io.mailgenius.jobs.contacts.addresses;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.text.IDNA.Error;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Domain names as in DNS, by IDNA 2008: UTS #46 without the transitional mappings of IDNA 2003,
 * which would map {@code straße.example} to another owner's domain.
 */
public final class DomainName {

    private static final String ACE_PREFIX = "xn--";

    private static final IDNA UTS46 =
            IDNA.getUTS46Instance(
                    IDNA.NONTRANSITIONAL_TO_ASCII
                            | IDNA.NONTRANSITIONAL_TO_UNICODE
                            | IDNA.CHECK_BIDI
                            | IDNA.CHECK_CONTEXTJ);

    /** Errors by rules of DNS and not of IDNA, which callers check on the ASCII name. */
    private static final Set<Error> RULES_OF_DNS =
            EnumSet.of(
                    Error.EMPTY_LABEL,
                    Error.LABEL_TOO_LONG,
                    Error.DOMAIN_NAME_TOO_LONG,
                    Error.LEADING_HYPHEN,
                    Error.TRAILING_HYPHEN,
                    Error.HYPHEN_3_4);

    private DomainName() {}

    /**
     * The name in lower-case ASCII; empty if it has characters that are invalid in domains, or a
     * label with invalid Punycode.
     */
    public static Optional<String> ascii(String domain) {
        if (isAscii(domain)) {
            String lower = EmailAddress.lowerCase(domain);
            if (!lower.contains(ACE_PREFIX)) {
                return Optional.of(lower);
            }
        }
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = new StringBuilder();
        UTS46.nameToASCII(domain, ascii, info);
        return RULES_OF_DNS.containsAll(info.getErrors()) && isAscii(ascii)
                ? Optional.of(ascii.toString())
                : Optional.empty();
    }

    static boolean isAscii(CharSequence text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
