package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.imports.values.CellType;
import io.mailgenius.jobs.imports.values.DatePattern;
import io.mailgenius.jobs.imports.values.DayOrder;
import io.mailgenius.jobs.imports.values.DecimalMark;
import io.mailgenius.jobs.imports.values.ExportedValue;
import io.mailgenius.jobs.imports.values.WrittenDate;
import io.mailgenius.jobs.imports.values.WrittenNumber;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Writes the cell of an attribute as JSON, by the type of its column. */
final class AttributeWriter {

    private static final int SHOWN = 50;

    private final CopyBuffer copy;

    AttributeWriter(CopyBuffer copy) {
        this.copy = copy;
    }

    /** Returns the reason why the cell is rejected, or null. */
    @Nullable String write(CellType type, Cell cell) {
        return switch (type) {
            case CellType.Guessed(boolean pointIsDecimal) -> {
                copy.jsonGuessed(cell.bytes(), cell.from(), cell.to(), pointIsDecimal);
                yield null;
            }
            case CellType.Text _ -> {
                copy.json(cell.bytes(), cell.from(), cell.to());
                yield null;
            }
            case CellType.Number(DecimalMark mark) -> number(mark, cell);
            case CellType.Truth _ -> {
                Boolean truth = CellType.truth(cell.text());
                yield truth == null ? no(cell, "yes or no") : ascii(truth.toString());
            }
            case CellType.Date(DayOrder order) -> date(order, cell);
            case CellType.PatternedDate(DatePattern pattern) -> {
                String date = pattern.iso(cell.text());
                // Dates of spreadsheets have this form whatever the column's pattern is.
                if (date == null && cell.size() >= 10 && cell.bytes()[cell.from() + 4] == '-') {
                    date = exactDate(cell.text());
                }
                yield date == null
                        ? no(cell, "a date of the form " + pattern.pattern())
                        : json(date);
            }
            case CellType.Exported _ -> exported(cell);
        };
    }

    private @Nullable String number(@Nullable DecimalMark mark, Cell cell) {
        if (CopyBuffer.isPlainNumber(
                cell.bytes(), cell.from(), cell.to(), mark == DecimalMark.POINT)) {
            copy.raw(cell.bytes(), cell.from(), cell.to());
            return null;
        }
        return switch (WrittenNumber.of(cell.text())) {
            case WrittenNumber.Exact(BigDecimal value, _) -> ascii(value.toPlainString());
            case WrittenNumber.Ambiguous either ->
                    mark == null ? unclear(cell, either) : ascii(either.by(mark).toPlainString());
            case WrittenNumber.NoNumber _ -> no(cell, "a number");
        };
    }

    private static String unclear(Cell cell, WrittenNumber.Ambiguous either) {
        return "\"%s\" may be %s or %s, and no other cell of the column decides: give its locale in types, such as number:en-US or number:pt-BR"
                .formatted(
                        shown(cell),
                        either.withPoint().toPlainString(),
                        either.withComma().toPlainString());
    }

    private @Nullable String date(@Nullable DayOrder order, Cell cell) {
        return switch (WrittenDate.of(cell.text())) {
            case WrittenDate.Exact(String iso, _) -> json(iso);
            case WrittenDate.Ambiguous either ->
                    order == null ? unclear(cell, either) : json(either.by(order));
            case WrittenDate.NoDate _ -> no(cell, "a date of the form that is expected");
        };
    }

    private static String unclear(Cell cell, WrittenDate.Ambiguous either) {
        return "\"%s\" may be %s or %s, and no other cell of the column decides: give its locale or pattern in types, such as date:pt-BR or date:MM/dd/yyyy"
                .formatted(shown(cell), either.dayFirst(), either.monthFirst());
    }

    private static @Nullable String exactDate(String text) {
        return WrittenDate.of(text) instanceof WrittenDate.Exact(String iso, _) ? iso : null;
    }

    private @Nullable String exported(Cell cell) {
        String text = cell.text();
        if (!ExportText.isText(text)) {
            String json = ExportedValue.json(text);
            if (json != null) {
                copy.jsonValue(json);
                return null;
            }
        }
        return json(ExportText.readText(text));
    }

    private @Nullable String ascii(String text) {
        copy.ascii(text);
        return null;
    }

    private @Nullable String json(String text) {
        copy.json(text);
        return null;
    }

    private static String no(Cell cell, String wanted) {
        return "\"%s\" is not %s".formatted(shown(cell), wanted);
    }

    static String shown(Cell cell) {
        String text = cell.text();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
