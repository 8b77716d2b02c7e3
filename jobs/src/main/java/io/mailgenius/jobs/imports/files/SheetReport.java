package io.mailgenius.jobs.imports.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a spreadsheet contains besides the text of its rows. Collected while it is read; empty for
 * other files.
 */
public final class SheetReport {

    private List<PreviewSheet> sheets = List.of();
    private @Nullable String sheet;
    private boolean named;
    private long errors;
    private @Nullable String firstError;
    private long uncalculated;
    private @Nullable String firstUncalculated;

    /**
     * @param named whether the options named the sheet
     */
    void reads(String name, boolean named, List<PreviewSheet> all) {
        this.sheet = name;
        this.named = named;
        this.sheets = all;
    }

    /** A cell shows an error. */
    void error(String cell, String error) {
        if (errors++ == 0) {
            firstError = error + " in " + cell;
        }
    }

    /** A cell has a formula without a value. */
    void uncalculated(String cell) {
        if (uncalculated++ == 0) {
            firstUncalculated = cell;
        }
    }

    /** All sheets, in their order. */
    public List<PreviewSheet> sheets() {
        return sheets;
    }

    /** The name of the sheet that was read. */
    @Nullable
    public String sheet() {
        return sheet;
    }

    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        long visible = sheets.stream().filter(one -> !one.hidden()).count();
        if (!named && visible > 1) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "Of %d sheets only \"%s\" is read: the option sheet names another one.",
                            visible,
                            sheet));
        }
        if (errors > 0) {
            warnings.add(
                    errors == 1
                            ? "1 cell has an error (%s) and counts as empty.".formatted(firstError)
                            : String.format(
                                    Locale.ROOT,
                                    "%,d cells have errors (the first is %s) and count as empty.",
                                    errors,
                                    firstError));
        }
        if (uncalculated > 0) {
            warnings.add(
                    uncalculated == 1
                            ? "1 cell has a formula without a value (%s) and counts as empty: open the file in a spreadsheet program and save it, which calculates it."
                                    .formatted(firstUncalculated)
                            : String.format(
                                    Locale.ROOT,
                                    "%,d cells have formulas without values (the first is %s) and count as empty: open the file in a spreadsheet program and save it, which calculates them.",
                                    uncalculated,
                                    firstUncalculated));
        }
        return warnings;
    }
}
