package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.ColumnStyle;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.Dialect;
import io.mailgenius.jobs.imports.rows.FileHead;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the text before its rows are read.
 *
 * @param styles of the columns, by number; null in imports from before they were stored
 * @param targets the target of each column; null in imports from before it was stored
 * @param warnings texts about the columns
 */
record TextLayout(
        char delimiter,
        @Nullable Boolean linePerRecord,
        List<String> header,
        @Nullable Long from,
        long dataLine,
        @Nullable Map<Integer, ColumnStyle> styles,
        @Nullable List<String> targets,
        @Nullable List<String> warnings) {

    /** Used until the file is prepared. */
    static final TextLayout UNKNOWN =
            new TextLayout(',', null, List.of(), null, 1, null, null, null);

    static TextLayout of(FileNormalizer.Taken file) {
        FileHead fileHead = file.opening();
        return new TextLayout(
                fileHead.dialect().delimiter(),
                fileHead.dialect().linePerRecord(),
                fileHead.names(),
                null,
                fileHead.dataLine(),
                file.styles(),
                file.mapping().targets(),
                file.warnings());
    }

    Header header(ImportOptions options) {
        Header read =
                targets == null
                        ? Header.read(header, options)
                        : Header.of(header, targets, options);
        return read.styled(styles == null ? Map.of() : styles);
    }

    List<String> warningsOrNone() {
        return warnings == null ? List.of() : warnings;
    }

    long dataFrom() {
        return from == null ? 0 : from;
    }

    Dialect dialect() {
        return new Dialect(delimiter, Boolean.TRUE.equals(linePerRecord));
    }
}
