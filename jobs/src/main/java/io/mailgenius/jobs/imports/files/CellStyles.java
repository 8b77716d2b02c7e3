package io.mailgenius.jobs.imports.files;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The number formats of a spreadsheet's cells, by the number of their style. */
final class CellStyles {

    /** Spreadsheet programs do not write more. */
    private static final int MAX_STYLES = 1 << 16;

    private static final int MAX_FORMATS = 1 << 14;

    /** Programs that have longer formats than Excel do not have such. */
    private static final int MAX_CODE = 8 << 10;

    /** The styles of a spreadsheet that has none: all its numbers are plain numbers. */
    static final CellStyles NONE = new CellStyles(new NumberFormat[0]);

    private final NumberFormat[] formats;

    private CellStyles(NumberFormat[] formats) {
        this.formats = formats;
    }

    static CellStyles read(XmlPart xml) {
        Map<Integer, NumberFormat> own = new HashMap<>();
        NumberFormat[] formats = new NumberFormat[64];
        int size = 0;
        while (xml.nextStart()) {
            if (xml.name().equals("numFmt") && own.size() < MAX_FORMATS) {
                String code = xml.attribute("formatCode");
                if (code != null && code.length() > MAX_CODE) {
                    throw xml.damaged("has a number format that is longer than any");
                }
                if (code != null) {
                    own.put(
                            number(xml.attribute("numFmtId")),
                            FormatCode.read(XmlText.unescaped(code)));
                }
            } else if (xml.name().equals("cellXfs")) {
                int list = xml.depth();
                while (xml.nextStartWithin(list) && size < MAX_STYLES) {
                    if (xml.name().equals("xf") && xml.depth() == list + 1) {
                        if (size == formats.length) {
                            formats = Arrays.copyOf(formats, size * 2);
                        }
                        int id = number(xml.attribute("numFmtId"));
                        NumberFormat format = own.get(id);
                        formats[size++] = format == null ? NumberFormat.builtIn(id) : format;
                    }
                }
                break;
            }
        }
        return new CellStyles(Arrays.copyOf(formats, size));
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * @param style null or any text if the cell has none
     */
    NumberFormat of(@Nullable String style) {
        int n = style == null ? 0 : number(style);
        return n >= 0 && n < formats.length ? formats[n] : NumberFormat.GENERAL;
    }
}
