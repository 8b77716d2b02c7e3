package io.mailgenius.jobs.imports.values;

import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Optional;

/** The character between the whole part and the fraction of a number. */
public enum DecimalMark {
    POINT('.'),
    COMMA(',');

    final char mark;

    DecimalMark(char mark) {
        this.mark = mark;
    }

    /** Empty for languages that write neither. */
    static Optional<DecimalMark> of(Locale locale) {
        return switch (DecimalFormatSymbols.getInstance(locale).getDecimalSeparator()) {
            case '.' -> Optional.of(POINT);
            case ',' -> Optional.of(COMMA);
            default -> Optional.empty();
        };
    }
}
