package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.columns.ContactField;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Examines the first rows of a sheet, to find the sheet with the contacts. */
final class SheetSample {

    /** How many sheets are examined. */
    static final int SHEETS = 100;

    private static final int ROWS = 500;
    private static final int HEADER_ROWS = 50;
    private static final int CHARACTERS = 1 << 20;

    /** No address and no header is longer. */
    private static final int MAX_LENGTH = 400;

    private SheetSample() {}

    /** What a sheet contains, in ascending order of preference. */
    enum Content {
        NOTHING,
        ROWS,
        /** Such as the author's address on a cover sheet. */
        ADDRESS,
        /** A column with more than one address, or with a header for the address. */
        ADDRESSES
    }

    static Content of(SheetReader rows) {
        Content content = Content.NOTHING;
        Map<Integer, EmailAddress> found = new HashMap<>();
        Set<Integer> headed = new HashSet<>();
        long seen = 0;
        for (int read = 0; read < ROWS && seen < CHARACTERS && rows.next(); read++) {
            for (int n = 0; n < rows.width(); n++) {
                String value = rows.value(n);
                seen += 1 + value.length();
                if (value.isEmpty() || value.length() > MAX_LENGTH) {
                    continue;
                }
                if (content == Content.NOTHING) {
                    content = Content.ROWS;
                }
                if (value.indexOf('@') < 0) {
                    if (read < HEADER_ROWS && isHeader(value)) {
                        headed.add(n);
                    }
                } else if (EmailAddress.parse(value) instanceof EmailAddress address) {
                    EmailAddress before = found.putIfAbsent(n, address);
                    if (headed.contains(n) || before != null && !before.equals(address)) {
                        return Content.ADDRESSES;
                    }
                    content = Content.ADDRESS;
                }
            }
        }
        return content;
    }

    private static boolean isHeader(String value) {
        return ContactField.byHeader(value).equals(Optional.of(ContactField.EMAIL));
    }
}
